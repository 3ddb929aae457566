"""What must never happen, provoked: lost saves, damaged repositories, silence about a full disk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from participation.records import Project
from participation.store import open_store, writing
from participation.store.errors import ReferenceMoved, StoreBusy
from participation.store.git import MAIN, GitRepo
from participation.store.lock import NAME, locked
from tests.participation.store.conftest import TOWN, WHEN, make_town

ROOT = Path(__file__).resolve().parents[3]
KILLS = int(os.environ.get("LAUREAT_KILLS", "25"))  # rounds; the 100 are run by hand


def start(*arguments):
    command = [sys.executable, "-m", "tests.participation.store.hardship", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def said(process):
    out, err = process.communicate(timeout=250)
    assert process.returncode == 0, err.decode()
    return [json.loads(line) for line in out.decode().splitlines()]


def test_four_processes_of_twenty_five_saves_make_a_hundred_reachable_commits(store):
    first = store.head()
    processes = [start("saves", store.path, number, 25) for number in range(4)]
    lines = [line for process in processes for line in said(process)]
    assert len(lines) == 100
    assert all(line["changed"] for line in lines)
    with store.repo() as repo:
        new = repo.reachable(store.head(), [first])
        assert len(new) == 100
        assert set(new) == {line["commit"] for line in lines}
        assert repo.fsck() == ""
    shared = store.snapshot().get("2021-P001").data
    assert [shared[name] for name in ("title", "summary", "budget_note", "money_goes_to")] == [
        f"{number} au tour 24" for number in range(4)
    ]


@pytest.mark.parametrize("publishing", ["saving", "publishing"])
def test_every_acknowledged_save_survives_being_killed_at_any_moment(store, publishing):
    rounds = KILLS if publishing == "saving" else max(KILLS // 3, 5)
    acknowledged = {line["commit"] for line in said(start("kills", store.path, rounds, 20240512, publishing))}
    assert len(acknowledged) >= rounds
    saved = store.create(Project, "2021-P900", {"title": "Après"}, author="agent-1", when=WHEN)
    published = store.publish(author="agent-2", when=WHEN)
    with store.repo() as repo:
        assert repo.fsck() == ""
        reachable = {*repo.reachable(store.head()), *repo.reachable(published.commit)}
    assert saved.commit in reachable
    assert acknowledged <= reachable


@pytest.mark.parametrize("name", ["index.lock", NAME, "HEAD.lock", "refs/heads/main.lock", "packed-refs.lock"])
def test_a_lock_file_left_by_somebody_killed_does_not_stop_a_save(store, save, name):
    file = store.path / name
    file.touch()
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert save("2021-P001", title="Le jardin").commit == store.head()


def test_a_lock_file_that_somebody_holds_is_waited_for_and_then_said(store, save, monkeypatch):
    monkeypatch.setattr(writing, "_STALE", 0.1)
    file = store.path / "refs/heads/main.lock"
    file.touch()
    os.utime(file, (4_000_000_000, 4_000_000_000))
    head = store.head()
    with pytest.raises(StoreBusy, match="Un autre enregistrement est en cours") as busy:
        save("2021-P001", title="Le jardin")
    assert "conservée" in busy.value.kept
    assert store.head() == head
    file.unlink()
    assert save("2021-P001", title="Le jardin").commit == store.head()


def test_the_store_is_busy_while_another_process_holds_it(store):
    code = (
        "import sys, time, pathlib\nfrom participation.store.lock import locked\n"
        "with locked(pathlib.Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(store.path)], cwd=ROOT, stdout=subprocess.PIPE)
    holder.stdout.readline()
    with pytest.raises(StoreBusy), locked(store.path, patience=0.1):
        pass
    holder.kill()
    holder.communicate()
    with locked(store.path, patience=0.1):
        pass


def test_a_save_that_loses_the_race_with_a_push_by_hand_starts_over(store, save, monkeypatch):
    lost = []
    original = GitRepo.compare_and_swap

    def push_first(repo, reference, new, old, why=""):
        if not lost:
            lost.append(new)
            tree, objects = repo.build(repo.commit(old).tree, {"pages/a.yml": b"title: A\n"})
            pushed = repo.write_commit(tree, objects, [old], "À la main", "agent-9", WHEN)
            original(repo, reference, pushed, old)
        original(repo, reference, new, old, why)

    monkeypatch.setattr(GitRepo, "compare_and_swap", push_first)
    saved = save("2021-P001", title="Le jardin")
    assert saved.commit == store.head() != lost[0]
    assert store.snapshot().get("a").data["title"] == "A"
    assert store.snapshot().get("2021-P001").data["title"] == "Le jardin"


def test_a_branch_that_keeps_moving_is_said(store, save, monkeypatch):
    def never(*_args):
        raise ReferenceMoved(MAIN)

    monkeypatch.setattr(GitRepo, "compare_and_swap", never)
    head = store.head()
    with pytest.raises(StoreBusy):
        save("2021-P001", title="Le jardin")
    assert store.head() == head


def test_a_full_disk_is_said_and_the_save_works_once_there_is_room(store):
    refused, saved = said(start("full", store.path))
    assert refused["error"] == "StoreFull"
    assert refused["message"] == "Il n’y a plus de place sur le disque."
    assert "conservée" in refused["kept"]
    assert saved["commit"] == store.head()
    with store.repo() as repo:
        assert repo.fsck() == ""


def test_a_read_only_repository_is_said_still_read_and_works_once_writable():
    folder = Path(tempfile.mkdtemp())  # outside pytest's folder, which only its owner may enter
    try:
        folder.chmod(0o755)
        store = open_store(make_town(folder / "town.git", TOWN))
        refused, saved = said(start("read_only", store.path))
        assert (refused["error"], refused["title"]) == ("StoreReadOnly", "Un jardin")
        assert refused["message"] == "Les contenus sont en lecture seule."
        assert saved["commit"] == store.head()
    finally:
        shutil.rmtree(folder)
