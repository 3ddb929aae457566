"""The one path by which content changes: under the lock, commits on top of the branch, compare-and-swap, again if lost.

What the changes are is for `saving.py`, `removal.py` and `publications.py`; here is how they become commits that are
reachable from the branch before anybody is told so.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from participation.store.content import Repository
from participation.store.errors import ReferenceMoved, StoreBusy
from participation.store.git import MAIN, GitRepo, signature
from participation.store.lock import locked, touch
from participation.store.objects import hash_of
from participation.store.process import LockLeft

LONGEST_SUBJECT = 200  # characters
FREE_ATTEMPTS = 3  # without the lock; then everybody waits for the changes that were met again and again
_ATTEMPTS = 8
_STALE = 3.0  # seconds: git holds a reference for milliseconds, and we hold the repository
_LOCK_FILE = re.compile(r"'([^']+\.lock)': File exists")


@dataclass(frozen=True, slots=True)
class Step:
    """One commit: files (bytes, the hash of a blob that is there, or None to remove) and its message."""

    files: Mapping[str, bytes | str | None]
    message: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What the changes stand on: the repository in use, its newest commit and that commit's tree."""

    repo: GitRepo
    head: str
    tree: str


@dataclass(frozen=True, slots=True)
class Trailers:
    """What a commit says of itself after its sentences."""

    action: str
    records: Sequence[str] = ()
    reviewed_by: str | None = None
    more: Sequence[tuple[str, str]] = field(default=())


_MOST_RECORDS = 50  # named in one message


def message(subject: str, lines: Sequence[str], trailers: Trailers) -> str:
    """A commit message: the journal's sentence, all sentences when there are more, then the trailers."""
    subject = " ".join(subject.split("\n"))
    body = [" ".join(line.split("\n")) for line in lines]
    short = subject if len(subject) <= LONGEST_SUBJECT else subject[: LONGEST_SUBJECT - 1].rstrip() + "…"
    if body == [subject] and short == subject:
        body = []
    last = [f"Record: {record}" for record in trailers.records[:_MOST_RECORDS]]
    if len(trailers.records) > _MOST_RECORDS:
        last.append(f"Records: {len(trailers.records)}")
    last += [f"Action: {trailers.action}", *(f"{name}: {value}" for name, value in trailers.more)]
    if trailers.reviewed_by is not None:
        last.append(f"Reviewed-by: {signature(trailers.reviewed_by)}")
    return "\n\n".join(part for part in (short, "\n".join(body), "\n".join(last)) if part) + "\n"


def trailers_of(text: str) -> dict[str, list[str]]:
    """The trailers of a commit message: the `Name: value` lines of its last paragraph."""
    found: dict[str, list[str]] = {}
    for line in text.rstrip("\n").rpartition("\n\n")[2].split("\n"):
        if match := re.fullmatch(r"([A-Z][A-Za-z-]*): (.+)", line):
            found.setdefault(match[1], []).append(match[2])
    return found


def commit(store: Repository, author: str, when: dt.datetime, prepare: Callable[[Ground], Sequence[Step]]) -> str:
    """Let `prepare` look at the newest content and commit its steps, one on top of the other; the newest commit.

    `prepare` runs again when somebody else moved the branch meanwhile. No step, or steps that change no file, make no
    commit. Raises what `prepare` raises, or the store's errors; then nothing has changed.
    """
    signature(author)
    with locked(store.path) as lock:
        for _attempt in range(_ATTEMPTS):
            with store.repo() as repo:
                head = store.head_of(repo)
                tree = repo.commit(head).tree
                newest = _written(repo, head, tree, prepare(Ground(repo, head, tree)), author, when)
                if newest == head:
                    return head
                try:
                    move(repo, MAIN, newest, head, lock)
                except ReferenceMoved:
                    continue  # somebody pushed by hand: look again
                return newest
    raise StoreBusy("the branch kept moving")


def commit_prepared(
    store: Repository,
    author: str,
    when: dt.datetime,
    prepare: Callable[[Ground], Sequence[Step]],
    concerned: Callable[[Sequence[str]], bool],
) -> str:
    """As `commit`, for changes that take long to prepare: nobody waits meanwhile, the lock is held for milliseconds.

    What others saved while `prepare` worked is kept: where `concerned` says that those paths have to do with the steps,
    they are prepared again; else only the folders are put together anew.
    """
    signature(author)
    for _attempt in range(FREE_ATTEMPTS):
        with store.repo() as repo:
            head = store.head_of(repo)
            tree = repo.commit(head).tree
            steps = prepare(Ground(repo, head, tree))
            newest = _written(repo, head, tree, steps, author, when)
            if newest == head:
                return head
            kept = [_kept(step) for step in steps]
        with locked(store.path) as lock, store.repo() as repo:
            now = store.head_of(repo)
            if now != head:
                ground = repo.commit(now).tree
                if concerned([change.path for change in repo.diff(tree, ground)]):
                    continue
                newest = _written(repo, now, ground, kept, author, when)
            if newest == now:
                return now
            try:
                move(repo, MAIN, newest, now, lock)
            except ReferenceMoved:
                continue
            return newest
    return commit(store, author, when, prepare)


def _kept(step: Step) -> Step:
    """The step with its files named by the hashes of blobs, which are in the repository by now."""
    files = {path: hash_of("blob", file) if isinstance(file, bytes) else file for path, file in step.files.items()}
    return Step(files, step.message)


def _written(repo: GitRepo, head: str, tree: str, steps: Sequence[Step], author: str, when: dt.datetime) -> str:
    for step in steps:
        below, new = repo.build(tree, step.files)
        if below != tree:
            head = repo.write_commit(below, new, [head], step.message, author, when)
            tree = below
    return head


def move(repo: GitRepo, reference: str, new: str, old: str | None, lock: int) -> None:
    """Compare-and-swap under our lock; a lock file of git's that nobody has touched for seconds is cleared away.

    Such a file is left when a process is killed in the middle of moving a reference. We hold the repository's lock, so
    it can only be somebody's push by hand, which holds it for milliseconds, or nobody's.
    """
    deadline = time.monotonic() + 3 * _STALE
    while True:
        try:
            repo.compare_and_swap(reference, new, old)
        except LockLeft as left:
            file = _left_file(repo.path, left.detail)
            if file is None or time.monotonic() > deadline:
                raise
            if not _cleared(file, touch(lock)):
                time.sleep(0.05)
        else:
            return


def _left_file(folder: Path, detail: str) -> Path | None:
    match = _LOCK_FILE.search(detail)
    file = Path(match[1]) if match else None
    return file if file is not None and file.resolve().is_relative_to(folder.resolve()) else None


def _cleared(file: Path, now: float) -> bool:
    try:
        if now - file.stat().st_mtime > _STALE:
            file.unlink()
            return True
    except FileNotFoundError:
        return True
    return False
