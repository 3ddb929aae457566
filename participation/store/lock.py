"""The one lock of a repository: held around check, write and move of the branch, between threads and processes.

The kernel's lock on an open file (`flock`), so a process that is killed releases it and a left-over file is harmless.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from participation.store.errors import StoreBusy
from participation.store.process import of_os_error

NAME = "laureat.lock"
PATIENCE = 20.0  # seconds: twenty people saving at once take less than one
_PAUSE = 0.004

_threads: dict[Path, threading.Lock] = {}
_threads_guard = threading.Lock()


@contextlib.contextmanager
def locked(folder: Path, patience: float = PATIENCE) -> Iterator[int]:
    """Hold the lock of the repository in `folder`; StoreBusy when others hold it for longer than `patience` seconds.

    Gives the open lock file, whose time stamp `touch` sets by the clock of that disk.
    """
    deadline = time.monotonic() + patience
    with _threads_guard:
        thread_lock = _threads.setdefault(folder.resolve(), threading.Lock())
    if not thread_lock.acquire(timeout=patience):
        raise StoreBusy("lock held by another thread")
    try:
        descriptor = _open(folder)
        try:
            _wait(descriptor, deadline)
            yield descriptor
        finally:
            os.close(descriptor)  # releases the lock
    finally:
        thread_lock.release()


def _open(folder: Path) -> int:
    try:
        return os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as refused:
        raise of_os_error(refused, str(folder)) from refused


def _wait(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StoreBusy("lock held by another process") from None
            time.sleep(_PAUSE)
        else:
            return


def touch(descriptor: int) -> float:
    """The time now by the clock of the repository's own disk, in seconds: ages of files there compare with it."""
    os.utime(descriptor)
    return os.fstat(descriptor).st_mtime
