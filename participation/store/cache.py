"""What reading a file gave, kept by blob in one SQLite file, so that nothing is parsed twice.

Only a cache: missing, damaged, read-only or made by another version, it is thrown away or done without. Values are
msgpack of plain data, never pickle. The key is the file's blob and the type it was read as; the place of a record is
not part of it, so the same text in two places is read once.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgpack

from participation.problems import Problem, Severity
from participation.records import TYPES
from participation.yamltext.reader import Reading

NAME = "laureat-cache.sqlite"
_FORMAT = "1"
_BLOCK = 900  # keys in one question: below SQLite's oldest limit
_ALL_AT = 2_000  # wanted keys from which reading the whole table costs less than asking for each


@cache
def version() -> str:
    """Changes with every change of what reading means: the declarations and the reader themselves."""
    package = Path(__file__).parent.parent
    files = sorted([*package.glob("*.py"), *package.glob("records/*.py"), *package.glob("yamltext/*.py")])
    digest = hashlib.sha256(_FORMAT.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def key_of(type_name: str, blob: str) -> bytes:
    """The key of a file's blob read as a type."""
    return bytes.fromhex(blob) + type_name.encode()


def encode(reading: Reading) -> bytes:
    """A reading as bytes, without the place of its file."""
    records = [(record.id, record.data) for record in reading.records]
    problems = [(p.message, p.line, p.field, p.hint, p.severity.value) for p in reading.problems]
    packed: bytes = msgpack.packb((records, problems))
    return packed


def decode(payload: bytes, type_name: str, record_id: str, path: str, blob: str) -> Reading:
    """The reading again, at its place; ValueError when the bytes are none."""
    try:
        records, problems = msgpack.unpackb(payload)
        record_type = TYPES[type_name]
        return Reading(
            [record_type(data, id=record_id or inner, path=path, blob=blob) for inner, data in records],
            [
                Problem(message, path, line, field, hint, Severity(severity))
                for message, line, field, hint, severity in problems
            ],
        )
    except (ValueError, TypeError, msgpack.UnpackException) as damaged:
        raise ValueError(path) from damaged


class ReadingCache:
    """The file at `path`, or nothing at all when `path` is None; opened and closed per use."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The payloads that are known among `keys`."""
        if not keys:
            return {}
        found: dict[bytes, bytes] = {}
        with self._connection() as connection:
            if connection is None:
                return {}
            if len(keys) >= _ALL_AT:
                wanted = set(keys)
                rows: Iterable[Any] = connection.execute("SELECT key, payload FROM reading")
                return {key: payload for key, payload in rows if key in wanted}
            for start in range(0, len(keys), _BLOCK):
                block = keys[start : start + _BLOCK]
                marks = ",".join("?" * len(block))
                found.update(connection.execute(f"SELECT key, payload FROM reading WHERE key IN ({marks})", block))  # noqa: S608  # question marks only
        return found

    def put(self, payloads: Mapping[bytes, bytes]) -> None:
        """Keep these payloads."""
        if not payloads:
            return
        with self._connection() as connection:
            if connection is not None:
                connection.executemany("INSERT OR REPLACE INTO reading VALUES (?, ?)", payloads.items())

    def keep_only(self, keys: Iterable[bytes]) -> int:
        """Forget everything else; how many rows went."""
        gone = 0
        with self._connection() as connection:
            if connection is not None:
                connection.execute("CREATE TEMP TABLE kept (key BLOB PRIMARY KEY)")
                connection.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((key,) for key in keys))
                gone = connection.execute("DELETE FROM reading WHERE key NOT IN (SELECT key FROM kept)").rowcount
        return gone

    def check(self) -> str:
        """Empty when the file is sound or not there, else what SQLite says of it."""
        if self.path is None or not self.path.exists():
            return ""
        try:
            with contextlib.closing(sqlite3.connect(self.path, timeout=5)) as connection:
                answer = str(connection.execute("PRAGMA quick_check").fetchone()[0])
        except sqlite3.Error as error:
            return str(error)
        return "" if answer == "ok" else answer

    def throw_away(self) -> None:
        """Remove the file; the next reading makes it anew."""
        if self.path is not None:
            for end in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    self.path.with_name(self.path.name + end).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection | None]:
        """A transaction on the file, or None when it cannot be had; a damaged file is made anew the next time."""
        connection = self._open()
        if connection is None:
            yield None
            return
        try:
            with connection:
                yield connection
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):
                connection.close()
                self.throw_away()
        finally:
            connection.close()

    def _open(self) -> sqlite3.Connection | None:
        if self.path is None:
            return None
        for _attempt in range(2):
            connection = None
            try:
                connection = sqlite3.connect(self.path, timeout=2)
                connection.execute("PRAGMA synchronous=NORMAL")
                self._prepare(connection)
            except sqlite3.OperationalError:  # read-only, locked, full: done without
                if connection is not None:
                    connection.close()
                return None
            except sqlite3.DatabaseError:  # damaged, or no database at all
                if connection is not None:
                    connection.close()
                self.throw_away()
            else:
                return connection
        return None

    @staticmethod
    def _prepare(connection: sqlite3.Connection) -> None:
        try:
            row = connection.execute("SELECT value FROM version").fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            row = None
        if row is not None and row[0] == version():
            return
        connection.execute("PRAGMA journal_mode=WAL")
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DROP TABLE IF EXISTS reading")
            connection.execute("DROP TABLE IF EXISTS version")
            connection.execute("CREATE TABLE reading (key BLOB PRIMARY KEY, payload BLOB NOT NULL)")
            connection.execute("CREATE TABLE version (value TEXT NOT NULL)")
            connection.execute("INSERT INTO version VALUES (?)", (version(),))
