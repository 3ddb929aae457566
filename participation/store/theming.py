"""The files of `theme/` that a town changes by form: its logo, its words at named spots, its fonts and stylesheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from participation.store.content import Repository
from participation.store.slots import file_at
from participation.store.writing import Ground, Step, Trailers, commit, message

FOLDER = "theme"


@dataclass(frozen=True, slots=True)
class TownFile:
    """A file as it is now, and the one that was there before it (None: there was none)."""

    content: bytes | None
    blob: str
    before: bytes | None


def read(store: Repository, name: str) -> TownFile:
    """A file of `theme/`; its content is None where the town has none."""
    path = f"{FOLDER}/{name}"
    with store.repo() as repo:
        head = store.head_of(repo)
        blob, content = file_at(repo, repo.commit(head).tree, path)
        last = next(iter(repo.log(head, path, limit=1)), None)
        old = next((one.old for one in last.changes if one.path == path), None) if last is not None else None
        return TownFile(content, blob or "", repo.blob(old) if old else None)


@dataclass(frozen=True, slots=True)
class Past:
    """A version of a file: `blob` is None where it was taken away."""

    blob: str | None
    when: dt.datetime
    author: str


def past(store: Repository, name: str, most: int = 20) -> list[Past]:
    """The versions that a file of `theme/` has had, the present one first."""
    path = f"{FOLDER}/{name}"
    with store.repo() as repo:
        entries = repo.log(store.head_of(repo), path, limit=most)
        changed = [(entry, one) for entry in entries for one in entry.changes if one.path == path]
        return [Past(one.new, entry.when, entry.author) for entry, one in changed]


def put(store: Repository, name: str, content: bytes | None, *, author: str, when: dt.datetime, subject: str) -> str:
    """Write a file of `theme/`, or remove it (None); the newest commit. What it may hold is the caller's to judge."""
    path = f"{FOLDER}/{name}"

    def prepare(ground: Ground) -> Sequence[Step]:
        _blob, now = file_at(ground.repo, ground.tree, path)
        return [] if now == content else [Step({path: content}, message(subject, [], Trailers("theme")))]

    return commit(store, author, when, prepare)
