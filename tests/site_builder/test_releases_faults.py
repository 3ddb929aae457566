"""What readers meet when a publisher is killed, when the disk is full, and when it may not be written.

LAUREAT_KILLS=100 kills more often than every run of the tests can wait for.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from site_builder.releases import Site
from site_builder.releases.errors import (
    PublicationUnsettled,
    SiteDamaged,
    SiteDiskFull,
    SiteReadOnly,
    SiteUnavailable,
)
from tests.site_builder import publisher

KILLS = int(os.environ.get("LAUREAT_KILLS", "25"))
NOBODY = 65534


class Reader(threading.Thread):
    """Reads pages without a pause, and remembers every one that is torn or missing."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.faults: list[str] = []
        self.read = 0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            for address in publisher.PAGES:
                try:
                    text = (self.folder / "current" / address).read_bytes()
                except OSError as fault:
                    self.faults.append(str(fault))
                    continue
                version = int(text.split(b"\n", 1)[0])
                if text != publisher.content(version):
                    self.faults.append(f"{address} is torn")
                self.read += 1


def test_a_publisher_killed_at_any_moment_leaves_whole_pages_and_one_version(tmp_path):
    folder = tmp_path / "site"
    publisher.publish(folder, 1)
    moments = random.Random(2026)
    reader = Reader(folder)
    reader.start()
    try:
        versions = []
        for _kill in range(KILLS):
            process = subprocess.Popen(
                [sys.executable, publisher.__file__, str(folder), "forever"], stdout=subprocess.PIPE
            )
            with process:
                process.stdout.readline()
                time.sleep(moments.uniform(0, 0.12))
                process.kill()
                started = [int(line) for line in process.stdout.read().split()]
            versions.append(publisher.version_after_recovery(folder))
            assert not started or versions[-1] in {started[-1] - 1, started[-1]}
    finally:
        reader.stopped.set()
        reader.join()
    assert reader.faults == []
    assert reader.read > KILLS
    assert versions == sorted(versions)


def test_a_crash_at_each_step_is_finished_or_undone_at_the_next_start(tmp_path):
    done = subprocess.run(
        [sys.executable, publisher.__file__, str(tmp_path / "site"), "crash-at-each"],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.stderr == ""
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(steps) >= 120
    assert {step["after"] - step["before"] for step in steps} == {0, 1}


@contextmanager
def file_size_limited_to(size: int):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_and_the_live_site_is_as_it_was(tmp_path):
    folder = tmp_path / "site"
    publisher.publish(folder, 1)
    with file_size_limited_to(8_000), pytest.raises(SiteUnavailable) as caught:
        publisher.publish(folder, 2)
    assert "est resté tel qu’il était" in str(caught.value)
    assert publisher.version_after_recovery(folder) == 1
    publisher.publish(folder, 2)
    assert publisher.version_after_recovery(folder) == 2


def test_a_page_that_does_not_fit_on_the_disk_is_told_as_a_full_disk(tmp_path):
    with Site.open(tmp_path / "site") as site, site.release("c", "publication") as release:
        with file_size_limited_to(8_000), pytest.raises(SiteDiskFull):
            release.put("index.html", b"x" * 10_000)
        assert release.put("index.html", b"x" * 10_000)


@contextmanager
def small_disk():
    """A file system of one megabyte of its own; only root may mount one."""
    place = Path(tempfile.mkdtemp())
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        place.rmdir()
        pytest.skip("only root can mount a small file system")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
        place.rmdir()


@pytest.mark.parametrize("room", [0, 40_000, 100_000, 140_000, 180_000, 220_000])
def test_a_disk_that_fills_up_at_any_moment_leaves_one_version(room):
    with small_disk() as disk:
        publisher.publish(disk / "site", 1)
        free = shutil.disk_usage(disk).free
        (disk / "ballast").write_bytes(b"x" * max(free - room, 0))
        with pytest.raises(SiteUnavailable):
            publisher.publish(disk / "site", 2)
        text = {(disk / "site/current" / address).read_bytes() for address in publisher.PAGES}
        assert text == {publisher.content(1)}
        (disk / "ballast").unlink()
        publisher.publish(disk / "site", 2)
        assert publisher.version_after_recovery(disk / "site") == 2


@contextmanager
def as_somebody_without_rights():
    """Root may write everywhere: be nobody meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder():
    """A folder that nobody can reach and write."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    yield folder
    for place in [folder, *folder.rglob("*")]:
        if place.is_dir() and not place.is_symlink():
            place.chmod(0o755)
    shutil.rmtree(folder)


def test_a_site_that_may_not_be_written_is_told(open_folder):
    with as_somebody_without_rights():
        publisher.publish(open_folder / "site", 1)
        for place in [open_folder / "site", *(open_folder / "site").iterdir()]:
            if not place.is_symlink():
                place.chmod(0o555 if place.is_dir() else 0o444)
        with pytest.raises(SiteReadOnly, match="lecture seule"):
            publisher.publish(open_folder / "site", 2)


def test_a_release_that_the_disk_stops_half_way_is_put_back(open_folder):
    with as_somebody_without_rights():
        publisher.publish(open_folder / "site", 1)
        stubborn = open_folder / "site/current/projets/5"
        stubborn.chmod(0o555)
        with pytest.raises(SiteReadOnly, match="est resté tel"):
            publisher.publish(open_folder / "site", 2)
        assert publisher.version_after_recovery(open_folder / "site") == 1
        stubborn.chmod(0o755)
        publisher.publish(open_folder / "site", 2)
        assert publisher.version_after_recovery(open_folder / "site") == 2


def test_a_release_that_cannot_even_be_put_back_is_settled_at_the_next_start(open_folder, monkeypatch):
    with as_somebody_without_rights():
        publisher.publish(open_folder / "site", 1)
        stubborn = open_folder / "site/current/projets/5"
        stubborn.chmod(0o555)

        def refuse(*_values):
            raise sqlite3.OperationalError("disk I/O error")

        with monkeypatch.context() as patched:
            patched.setattr("site_builder.releases.state.undecide", refuse)
            with pytest.raises(PublicationUnsettled, match="prochaine publication"):
                publisher.publish(open_folder / "site", 2)
        stubborn.chmod(0o755)
        assert publisher.version_after_recovery(open_folder / "site") == 2


def test_a_decided_release_whose_staged_pages_are_gone_is_undone(tmp_path):
    folder = tmp_path / "site"
    publisher.publish(folder, 1)
    child = subprocess.run(
        [sys.executable, "-c", DIE_WHEN_DECIDED, str(folder)], cwd=Path(publisher.__file__).parent, check=False
    )
    assert child.returncode == 9
    staged = next(path for path in (folder / "staging").rglob("*") if path.is_file())
    staged.write_bytes(b"torn")
    assert publisher.version_after_recovery(folder) == 1


DIE_WHEN_DECIDED = """
import os, sys, pathlib, publisher
from site_builder.releases.site import Site
Site.carry_out = lambda *_values: os._exit(9)
publisher.publish(pathlib.Path(sys.argv[1]), 2)
"""


def test_a_damaged_state_is_told(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/state.sqlite").write_bytes(b"no database at all" * 1000)
    with pytest.raises(SiteDamaged):
        Site.open(tmp_path / "site")
