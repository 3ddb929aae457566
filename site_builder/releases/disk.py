"""Bytes to the disk and names in folders: writing, flushing, keeping, deleting. Knows nothing of releases.

Paths are strings here: a release may walk through 50,000 of them, and a `Path` costs more than the system call.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

ONE_BY_ONE = 64  # up to so many, single fsyncs are cheaper than flushing what others are writing too


def write(path: str, data: bytes) -> None:
    """Write a new file, or over a staged one; its folders are made when they are missing."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    except FileNotFoundError:
        make_folder(parent(path))
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)


def make_folder(path: str) -> None:
    """Make a folder and those above it; nothing happens when it is there."""
    try:
        os.mkdir(path)
    except FileExistsError:
        if not os.path.isdir(path):
            raise
    except FileNotFoundError:
        make_folder(parent(path))
        make_folder(path)


def flush(paths: Iterable[str]) -> None:
    """Have files or folders on the disk before the next step; a path that has gone meanwhile is passed over."""
    for path in paths:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def flush_all(folder: Path) -> None:
    """Have everything written to the file system of `folder` on the disk: one call for thousands of files."""
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "syncfs"):  # not Linux
        os.sync()
        return
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if library.syncfs(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(handle)


def flush_batch(paths: list[str], folder: Path) -> None:
    """Flush a few paths one by one, many at once; all lie on the file system of `folder`."""
    if len(paths) <= ONE_BY_ONE:
        flush(paths)
    else:
        flush_all(folder)


def rename(path: str, name: str) -> None:
    """Give a file another name, over whatever had it."""
    os.rename(path, name)


def parent(path: str) -> str:
    return os.path.dirname(path)


def second_name(path: str, name: str) -> None:
    """Give a file a second name, which outlives the first; a copy where the file system has no hard links.

    Raises FileExistsError when the second name is taken.
    """
    try:
        os.link(path, name)
    except PermissionError:  # what Linux answers where links do not exist, or to a file of somebody else
        if os.path.lexists(name):
            raise FileExistsError(name) from None
        shutil.copyfile(path, name + "~")
        Path(name + "~").replace(name)


def remove_empty(folder: str, top: str) -> None:
    """Remove `folder` and those above it, up to and without `top`, as long as they are empty."""
    with contextlib.suppress(OSError):
        while folder != top:
            os.rmdir(folder)
            folder = parent(folder)


def delete_tree(folder: Path) -> None:
    """Delete a folder and all it holds; nothing happens when there is none."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def unlink(path: str) -> None:
    """Remove a file; nothing happens when there is none."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
