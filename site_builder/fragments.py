"""What was made before and may be used again: cards and rows by blob, articles by key.

Both processes of a build have it open. All of it can be thrown away at any time; a damaged file is made anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgpack

from participation.problems import Problem, Severity
from site_builder.engine import Ready
from site_builder.index import Entry, unpack
from site_builder.throwaway import opened

_TABLES = """
CREATE TABLE IF NOT EXISTS card (blob TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS article (number INTEGER PRIMARY KEY, key BLOB NOT NULL, value BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS article_key ON article (key);
CREATE TABLE IF NOT EXISTS salt (value TEXT PRIMARY KEY);
"""
_MOST = 400  # blobs asked for at once
_KEPT = 60_000  # articles; the oldest go first


class Fragments:
    """The cache as one process has it open; `salt` names what all fragments depend on, and a new salt empties it."""

    def __init__(self, path: Path, salt: str) -> None:
        def prepare(connection: sqlite3.Connection) -> None:
            connection.execute("PRAGMA page_size = 16384")  # most articles fit into one
            connection.execute("PRAGMA mmap_size = 1073741824")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")  # what a power cut takes is made again
            connection.executescript(_TABLES)
            connection.execute("BEGIN IMMEDIATE")
            if connection.execute("SELECT value FROM salt").fetchone() != (salt,):
                for table in ("card", "article", "salt"):
                    connection.execute(f"DELETE FROM {table}")  # noqa: S608  # constants
                connection.execute("INSERT INTO salt VALUES (?)", [salt])
            connection.execute("COMMIT")

        self._connection = opened(path, prepare)

    def close(self) -> None:
        """Forget the oldest articles, close the file."""
        self._connection.execute("DELETE FROM article WHERE number <= (SELECT max(number) - ? FROM article)", [_KEPT])
        self._connection.close()

    def entries(self, blobs: Iterable[str]) -> Iterator[tuple[str, Entry, list[Problem]]]:
        """The known ones of these blobs, with the problems that were found when they were read."""
        for blob, value in self._known("card", "blob", list(blobs)):
            packed, row, digest, facts, problems = msgpack.unpackb(value)
            entry = Entry(unpack(packed), packed, row, digest, facts)
            yield blob, entry, [_problem(*fields) for fields in problems]

    def keep_entries(self, entries: Iterable[tuple[Entry, list[Problem]]]) -> None:
        """Remember cards and rows."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(
            "INSERT OR REPLACE INTO card VALUES (?, ?)",
            (
                (
                    entry.card.blob,
                    msgpack.packb(
                        (
                            *entry[1:],
                            [(p.message, p.file, p.line, p.field, p.hint, str(p.severity)) for p in problems],
                        )
                    ),
                )
                for entry, problems in entries
            ),
        )
        self._connection.execute("COMMIT")

    def articles(self, keys: Iterable[bytes]) -> dict[bytes, Ready]:
        """The articles made before from the same things."""
        return {key: Ready._make(msgpack.unpackb(value)) for key, value in self._known("article", "key", list(keys))}

    def _known(self, table: str, column: str, wanted: list[Any]) -> Iterator[tuple[Any, bytes]]:
        """The rows of a table that are wanted, a few hundred to a question."""
        for first in range(0, len(wanted), _MOST):
            part = wanted[first : first + _MOST]
            marks = ",".join("?" * len(part))
            query = f"SELECT {column}, value FROM {table} WHERE {column} IN ({marks})"  # noqa: S608  # constants, marks
            yield from self._connection.execute(query, part)

    def keep_articles(self, articles: Iterable[tuple[bytes, Ready]]) -> None:
        """Remember articles by their keys."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(
            "INSERT OR IGNORE INTO article (key, value) VALUES (?, ?)",
            ((key, msgpack.packb(one)) for key, one in articles),
        )
        self._connection.execute("COMMIT")


def _problem(message: str, file: str, line: int | None, field: str, hint: str, severity: str) -> Problem:
    return Problem(message, file, line, field, hint, Severity(severity))
