"""Generated content as bare repositories, written by `git fast-import`: one commit, or one with a long history."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from tests.benchmarks.content import records, shared_files, yaml

BEGINNING = 1_767_225_600  # 1 January 2026, UTC


def make(path: Path, count: int) -> None:
    """A bare repository of `count` records in one commit on `main`."""
    make_with_history(path, count, ())


def make_with_history(path: Path, count: int, edits: Iterable[int]) -> None:
    """The same, then one commit for each number in `edits`: it changes one line of the record of that number."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)], check=True)
    process = subprocess.Popen(["git", "-C", str(path), "fast-import", "--quiet"], stdin=subprocess.PIPE)
    stream = process.stdin
    assert stream is not None
    _commit(stream, 0, "Contenu d’essai")
    for name, text in shared_files().items():
        _file(stream, name, text)
    for record in records(count):
        _file(stream, record.path, yaml(record.data))
    edits = list(edits)
    by_number = dict(enumerate(records(count))) if edits else {}
    for turn, number in enumerate(edits, start=1):
        record = by_number[number]
        _commit(stream, turn, f"{record.id} : la note a changé")
        _file(stream, record.path, yaml({**record.data, "note": f"Relu {turn} fois."}))
    stream.close()
    if process.wait():
        raise RuntimeError("git fast-import failed")
    # What the worker keeps fresh in a real installation.
    command = ["git", "-C", str(path), "commit-graph", "write", "--reachable", "--changed-paths"]
    subprocess.run(command, check=True, capture_output=True)


def head(path: Path) -> str:
    """The commit of `main`."""
    command = ["git", "-C", str(path), "rev-parse", "refs/heads/main"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _commit(stream: IO[bytes], turn: int, subject: str) -> None:
    data = subject.encode()
    when = BEGINNING + turn * 60
    stream.write(b"commit refs/heads/main\n")
    stream.write(b"committer Banc d'essai <banc@laureat.invalid> %d +0000\ndata %d\n%s\n" % (when, len(data), data))


def _file(stream: IO[bytes], name: str, text: str) -> None:
    data = text.encode()
    stream.write(b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(data), data))
