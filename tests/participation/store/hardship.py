"""A process that saves in bad circumstances, for `test_faults.py`; prints a JSON line for what was acknowledged.

Run as `python -m tests.participation.store.hardship WHAT REPOSITORY …`.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import signal
import sys
import time
from pathlib import Path

from participation.records import Project
from participation.store import open_store
from participation.store.errors import StoreError, StoreUnavailable
from tests.participation.store.conftest import later

NOBODY = 65534


def say(**words):
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def saves(repository, name, count):
    """Save `count` times, by turns a record of one's own and one's own field of a record that all share."""
    store = open_store(Path(repository))
    field = ("title", "summary", "budget_note", "money_goes_to")[int(name) % 4]
    for turn in range(int(count)):
        if turn % 2:
            saved = store.create(
                Project, f"2021-P{name}-{turn}", {"title": "x"}, author=f"agent-{name}", when=later(turn)
            )
        else:
            blob = store.snapshot().get("2021-P001").blob
            fields = {field: f"{name} au tour {turn}"}
            saved = store.save(Project, "2021-P001", fields, base_blob=blob, author=f"agent-{name}", when=later(turn))
        say(commit=saved.commit, changed=not saved.nothing_changed)


def kills(repository, rounds, seed, *, publishing="no"):
    """Kill a saving child without warning, `rounds` times, at random moments of its work."""
    dice = random.Random(int(seed))
    open_store(Path(repository)).snapshot().get("2021-P001")
    for number in range(int(rounds)):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.setsid()
            os.close(reading)
            _save_for_ever(repository, number, writing, publishing == "publishing")
        os.close(writing)
        acknowledged = os.read(reading, 41)  # it is well under way
        time.sleep(dice.random() * 0.06)
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if dice.random() < 0.7 else os.kill)(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while chunk := os.read(reading, 1 << 16):
            acknowledged += chunk
        os.close(reading)
        for line in acknowledged.decode().split("\n"):
            if len(line) == 40:
                say(commit=line)


def _save_for_ever(repository, number, writing, publishing):
    store = open_store(Path(repository))
    for turn in range(10_000):
        fields = {"title": f"Titre {number} {turn}", "description": "Un texte. " * (turn % 50)}
        saved = store.create(Project, f"2021-P{number}-{turn}", fields, author="agent-1", when=later(turn))
        commit = saved.commit
        if publishing:
            publication = store.publish(author="agent-2", when=later(turn))
            commit = commit if publication is None else publication.commit
        os.write(writing, f"{commit}\n".encode())
    os._exit(0)


def full(repository):
    """Save while no file may grow beyond some bytes, then again when it may."""
    store = open_store(Path(repository))
    noise = random.Random(1)
    text = " ".join(f"{noise.getrandbits(60):x}" for _ in range(1000))
    blob = store.snapshot().get("2021-P001").blob
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        store.save(Project, "2021-P001", {"description": text}, base_blob=blob, author="agent-1", when=later(1))
    except StoreUnavailable as refused:
        say(error=type(refused).__name__, message=refused.message, kept=refused.kept, hint=refused.hint)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    saved = store.save(Project, "2021-P001", {"description": text}, base_blob=blob, author="agent-1", when=later(2))
    say(commit=saved.commit)


def read_only(repository):
    """Save where nothing may be written, then where it may again; root becomes nobody meanwhile."""
    store = open_store(Path(repository))
    blob = store.snapshot().get("2021-P001").blob
    store.create(Project, "2021-P800", {"title": "x"}, author="agent-1", when=later(1))  # everything is imported now
    modes = {Path(folder): Path(folder).stat().st_mode for folder, _folders, _files in os.walk(repository)}
    for folder in modes:
        folder.chmod(0o555)
    if (child := os.fork()) == 0:
        if os.getuid() == 0:
            os.setuid(NOBODY)
        try:
            store.save(Project, "2021-P001", {"title": "y"}, base_blob=blob, author="agent-1", when=later(2))
        except StoreError as refused:
            say(
                error=type(refused).__name__,
                message=refused.message,
                title=store.snapshot().get("2021-P001").data["title"],
            )
        os._exit(0)
    os.waitpid(child, 0)
    for folder, mode in modes.items():
        folder.chmod(mode)
    saved = store.save(Project, "2021-P001", {"title": "y"}, base_blob=blob, author="agent-1", when=later(3))
    say(commit=saved.commit)


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    if what == "kills":
        kills(*arguments[:3], publishing=arguments[3])
    else:
        {"saves": saves, "full": full, "read_only": read_only}[what](*arguments)
