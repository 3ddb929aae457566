"""The store at 10,000 files and 10,000 commits: a save, a record's history, the snapshot after a restart."""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from participation.records import TYPES
from participation.store import open_store
from participation.store.store import Store
from tests.benchmarks import repository
from tests.benchmarks.content import id_of, records
from tests.benchmarks.measure import LOAD, median, paired
from tests.benchmarks.report import Line, seconds

WATCHED = 4_200  # the record whose history is asked for
VERSIONS = 40
WHEN = dt.datetime(2026, 6, 1, 9, 0, tzinfo=dt.UTC)
SNAPSHOT = """
import sys, time
from pathlib import Path
from participation.store import open_store
began = time.perf_counter()
count = sum(1 for _record in open_store(Path(sys.argv[1]), Path(sys.argv[2])).snapshot())
print(time.perf_counter() - began, count)
"""


def measure(folder: Path, files: int, commits: int, rounds: int) -> Iterator[Line]:
    """The lines of the table; `rounds` counted runs of each, side by side."""
    folder.mkdir()
    content = folder / "content.git"
    repository.make_with_history(content, files, edits(files, commits))
    store = open_store(content)
    size = f"{files:,} files and {commits:,} commits".replace(",", " ")
    yield _save(store, content, size, rounds)
    yield _history(store, content, size, rounds)
    yield _snapshot(content, folder, files, min(rounds, 3))


def edits(files: int, commits: int) -> list[int]:
    """Which record each commit changes: any of them, and now and then the one that is watched."""
    chance = random.Random(11)
    found = [chance.randrange(files) for _commit in range(commits)]
    for turn in range(0, commits, max(1, commits // VERSIONS)):
        found[turn] = WATCHED % files
    return found


def _save(store: Store, content: Path, size: str, rounds: int) -> Line:
    """A save through the store against the same commit made by bare plumbing."""
    number = 77
    record_id = id_of(number)
    path = next(record.path for record in records(number + 1) if record.id == record_id)
    ours, theirs = [], []
    for turn in range(rounds + 1):
        record = store.snapshot().get(record_id)
        assert record is not None

        fields = {"note": f"Relu {turn} fois par le banc d’essai."}
        save = partial(
            store.save, TYPES["project"], record.id, fields, base_blob=record.blob, author="agent-1", when=WHEN
        )
        text = _git(content, "show", f"refs/heads/main:{path}")
        mine, its = _timed(save), _timed(partial(_plumbing, content, path, f"{text}\n# {turn}\n"))
        if turn:  # the first one loads modules and caches
            ours.append(mine)
            theirs.append(its)
    return Line(
        f"Save at {size}", seconds(median(ours)), f"plumbing {seconds(median(theirs))}", paired(ours, theirs), 2
    )


def _plumbing(content: Path, path: str, text: str) -> None:
    """The same commit by six git commands and an index of its own."""
    index = content / "bench-index"
    environment = {**os.environ, "GIT_INDEX_FILE": str(index)}
    for kind in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{kind}_NAME": "agent-1", f"GIT_{kind}_EMAIL": "agent-1@laureat.invalid"}
    parent = _git(content, "rev-parse", "refs/heads/main")
    blob = _git(content, "hash-object", "-w", "--stdin", given=text)
    _git(content, "read-tree", parent, environment=environment)
    _git(content, "update-index", "--cacheinfo", f"100644,{blob},{path}", environment=environment)
    tree = _git(content, "write-tree", environment=environment)
    commit = _git(content, "commit-tree", tree, "-p", parent, "-m", "Banc d’essai", environment=environment)
    _git(content, "update-ref", "refs/heads/main", commit, parent)


def _history(store: Store, content: Path, size: str, rounds: int) -> Line:
    """A record's versions against `git log` with changed-path filters."""
    record_id = id_of(WATCHED)
    path = next(record.path for record in records(WATCHED + 1) if record.id == record_id)
    ours, theirs = [], []
    for turn in range(rounds + 1):
        mine = _timed(lambda: store.history(record_id))
        its = _timed(lambda: _git(content, "log", "--format=%H %an %at %s", "refs/heads/main", "--", path))
        if turn:
            ours.append(mine)
            theirs.append(its)
    versions = len(store.history(record_id))
    return Line(
        f"History of a record ({versions} versions) at {size}",
        seconds(median(ours)),
        f"git log {seconds(median(theirs))}",
        paired(ours, theirs),
        2,
    )


def _snapshot(content: Path, folder: Path, files: int, rounds: int) -> Line:
    """All records after a restart, from the cache against from the files; each in a process of its own."""
    cache = folder / "restart"
    cache.mkdir()
    cached, parsed = [], []
    for _turn in range(rounds):
        for entry in cache.glob("*"):
            entry.unlink()
        parsed.append(_restart(content, cache))
        cached.append(_restart(content, cache))
    return Line(
        f"Snapshot of {files:_} records after a restart, from the cache".replace("_", " "),
        seconds(median(cached)),
        f"parsing {seconds(median(parsed))}",
        paired(cached, parsed),
        0.3,
    )


def _restart(content: Path, cache: Path) -> float:
    LOAD.note()
    command = [sys.executable, "-c", SNAPSHOT, str(content), str(cache)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[0])


def _timed(work: Callable[[], object]) -> float:
    LOAD.note()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _git(content: Path, *arguments: str, given: str | None = None, environment: dict[str, str] | None = None) -> str:
    command = ["git", "-C", str(content), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, input=given, env=environment)
    return done.stdout.strip()
