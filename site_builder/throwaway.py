"""SQLite files that can be thrown away at any time: opened, and made anew when they are damaged or foreign.

A file that is busy, on a full disk or out of reach is not damaged: somebody may be using it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

_NOT_DAMAGED = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    }
)


def opened(path: Path, prepare: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    """The file at `path` with its folder, once `prepare` has set it up; a damaged one is deleted and made anew.

    Raises sqlite3.DatabaseError when the file cannot be used, or cannot be made anew.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _prepared(path, prepare)
    except sqlite3.DatabaseError as fault:
        if fault.sqlite_errorcode & 0xFF in _NOT_DAMAGED:  # the code without what details it
            raise
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)
    return _prepared(path, prepare)


def _prepared(path: Path, prepare: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        prepare(connection)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
