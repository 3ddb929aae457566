"""Running git: one clean environment, time-outs, and its refusals turned into the store's own errors.

Nothing here knows of records or branches. The hot path (read objects, write objects, move a reference) runs through
here and not through GitPython, whose import alone takes as long as a whole publication may: see `git.py`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from participation.store.errors import (
    NotAContentRepository,
    ReferenceMoved,
    RevisionUnknown,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
)

# An acknowledged save must survive a power cut, so objects and references are flushed; hooks of a repository never
# run; nothing is repacked behind our back; every move of a reference leaves a line that `laureat doctor` can read.
CONFIG = (
    "core.hooksPath=/dev/null",
    "core.fsync=committed,loose-object,reference",
    "core.logAllRefUpdates=always",
    "core.quotePath=false",
    "gc.auto=0",
    "maintenance.auto=false",
)
READ_TIMEOUT = 60.0  # seconds without an answer; also for a whole short command
_BATCH = 400  # requests in flight: 400 x 41 bytes fit a pipe of 64 kB, so neither side can block the other


class LockLeft(StoreBusy):
    """git found a lock file: somebody else's, or one left by a process that was killed."""


@cache
def program() -> str:
    """The full path of git."""
    found = shutil.which("git")
    if found is None:
        raise StoreDamaged("git is not installed")
    return found


@cache
def environment() -> dict[str, str]:
    """The whole environment of every git process: nobody's settings, no prompt, messages in English."""
    return {
        "PATH": os.pathsep.join((str(Path(program()).parent), os.defpath)),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
    }


def command(git_dir: Path, arguments: Sequence[str]) -> list[str]:
    """The argument list of a git command on that bare repository."""
    settings = [part for setting in CONFIG for part in ("-c", setting)]
    return [program(), f"--git-dir={git_dir}", *settings, *arguments]


def run(git_dir: Path, arguments: Sequence[str], *, data: bytes | None = None, timeout: float = READ_TIMEOUT) -> bytes:
    """Run one git command to its end; its output, or the store's error for its refusal."""
    try:
        done = subprocess.run(
            command(git_dir, arguments),
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            env=environment(),
            cwd=git_dir,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise StoreBusy(f"git {arguments[0]}: {late}") from late
    except OSError as refused:
        raise of_os_error(refused, str(git_dir)) from refused
    if done.returncode:
        raise failure(done.returncode, done.stderr.decode("utf-8", "replace"), str(git_dir))
    return done.stdout


def failure(status: int, words: str, place: str) -> StoreError:
    """The store's error for git's exit status and complaint."""
    detail = f"git exit {status}: {words.strip()}"
    if status == -signal.SIGXFSZ or any(
        text in words for text in ("No space left", "File too large", "Disk quota exceeded", "signal 25")
    ):
        return StoreFull(detail)
    if "Read-only file system" in words or "Permission denied" in words or "insufficient permission" in words:
        return StoreReadOnly(detail)
    if ".lock': File exists" in words:
        return LockLeft(detail)
    if "but expected" in words or "reference already exists" in words or "unable to resolve reference" in words:
        return ReferenceMoved(detail)
    if any(text in words for text in ("bad object", "unknown revision", "bad revision")):
        return RevisionUnknown(words.strip())
    if "not a git repository" in words:
        return NotAContentRepository(place)
    return StoreDamaged(detail)


def of_os_error(error: OSError, place: str) -> StoreError:
    """The store's error for the system's refusal to open, write or start something."""
    detail = f"{place}: {error}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreFull(detail)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StoreReadOnly(detail)
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return NotAContentRepository(place)
    return StoreDamaged(detail)


class ObjectReader:
    """One `git cat-file --batch` kept open while a repository is in use; `close` ends it."""

    def __init__(self, git_dir: Path) -> None:
        self._place = str(git_dir)
        try:
            self._process = subprocess.Popen(
                command(git_dir, ["cat-file", "--batch"]),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(),
                cwd=git_dir,
            )
        except OSError as refused:
            raise of_os_error(refused, self._place) from refused
        if self._process.stdin is None or self._process.stdout is None:
            raise StoreDamaged("cat-file without pipes")
        self._into = self._process.stdin.fileno()
        self._from = self._process.stdout.fileno()
        self._poll = select.poll()
        self._poll.register(self._from, select.POLLIN | select.POLLHUP)
        self._buffer = bytearray()

    def read(self, names: Iterable[str]) -> Iterator[tuple[str, str, bytes] | None]:
        """For each full hash or `refs/…` name, in order: (hash, kind, body), or None where there is none.

        The answers of a block of requests are read before the next block is asked for; leaving the iteration half-way
        skips what is still to come of the block.
        """
        block: list[str] = []
        for name in names:
            block.append(name)
            if len(block) == _BATCH:
                yield from self._answers(block)
                block = []
        if block:
            yield from self._answers(block)

    def _answers(self, block: list[str]) -> Iterator[tuple[str, str, bytes] | None]:
        try:
            os.write(self._into, "".join(f"{name}\n" for name in block).encode())
        except OSError:
            self._give_up()
        left = len(block)
        try:
            while left:
                left -= 1
                yield self._answer()
        finally:
            while left:
                left -= 1
                self._answer()

    def _answer(self) -> tuple[str, str, bytes] | None:
        while (stop := self._buffer.find(b"\n")) < 0:
            self._fill()
        header = self._buffer[:stop].decode("utf-8", "replace")
        del self._buffer[: stop + 1]
        if header.endswith((" missing", " ambiguous")):
            return None
        object_hash, kind, size = header.split(" ")
        wanted = int(size) + 1
        while len(self._buffer) < wanted:
            self._fill()
        body = bytes(memoryview(self._buffer)[: wanted - 1])
        del self._buffer[:wanted]
        return object_hash, kind, body

    def _fill(self) -> None:
        if not self._poll.poll(READ_TIMEOUT * 1000):
            self.close()
            raise StoreBusy("git cat-file does not answer")
        chunk = os.read(self._from, 1 << 20)
        if not chunk:
            self._give_up()
        self._buffer += chunk

    def _give_up(self) -> None:
        """cat-file has ended before its time: say why."""
        words = self._process.stderr.read().decode("utf-8", "replace") if self._process.stderr else ""
        status = self._process.wait()
        self.close()
        raise failure(status, words, self._place)

    def close(self) -> None:
        """End the process; nothing is left behind, whatever state it is in."""
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
