"""The state of a site in SQLite: which page is live with which content, and what each release changed.

The tables may lie in a file of their own or beside those of the caller, so that the caller's rows and these change in
one transaction. No file of the site is touched here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

SCHEMA = """
CREATE TABLE IF NOT EXISTS site_release (
    id INTEGER PRIMARY KEY,
    tree INTEGER NOT NULL,           -- the tree it made live, named after the release that began it
    previous INTEGER,                -- the release that was live before
    status TEXT NOT NULL,            -- decided: files are on their way; live; undone
    kind TEXT NOT NULL, source_commit TEXT NOT NULL, at TEXT NOT NULL, author TEXT NOT NULL, summary TEXT NOT NULL,
    added INTEGER NOT NULL, changed INTEGER NOT NULL, removed INTEGER NOT NULL,
    dropped INTEGER NOT NULL DEFAULT 0  -- what it replaced is no longer kept
);
CREATE TABLE IF NOT EXISTS site_page (
    tree INTEGER NOT NULL, address TEXT NOT NULL,
    digest TEXT NOT NULL, size INTEGER NOT NULL, key TEXT NOT NULL,
    PRIMARY KEY (tree, address)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS site_change (
    release INTEGER NOT NULL, address TEXT NOT NULL,
    old_digest TEXT, old_size INTEGER, old_key TEXT,
    new_digest TEXT, new_size INTEGER, new_key TEXT,
    PRIMARY KEY (release, address)
) WITHOUT ROWID;
"""

DECIDED, LIVE, UNDONE = "decided", "live", "undone"


class Page(NamedTuple):
    """One file of the site: SHA-256 of its content in hexadecimal, size in bytes, key of what it was made from."""

    address: str
    digest: str
    size: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a release does to one address: `old` is None for a new page, `new` for one that vanishes."""

    address: str
    old: Page | None
    new: Page | None


@dataclass(frozen=True, slots=True)
class Release:
    """One publication as it went live. `at` is an ISO instant; the three figures count files."""

    id: int
    tree: int
    previous: int | None
    status: str
    kind: str
    source_commit: str
    at: str
    author: str
    summary: str
    added: int
    changed: int
    removed: int
    dropped: bool


_RELEASE = "id, tree, previous, status, kind, source_commit, at, author, summary, added, changed, removed, dropped"
_CHANGE = "address, old_digest, old_size, old_key, new_digest, new_size, new_key"


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, making the tables when they are missing; transactions are begun by hand.

    Write-ahead log, one fsync for each commit: a decided release survives a power cut.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        known = connection.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'site_%'").fetchone()[0]
        if known < 3:
            connection.executescript(SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _release(row: tuple[Any, ...]) -> Release:
    named = dict(zip(_RELEASE.split(", "), row, strict=True))
    return Release(**{**named, "dropped": bool(named["dropped"])})


def releases(connection: sqlite3.Connection) -> list[Release]:
    """All releases that went live, the newest first."""
    query = f"SELECT {_RELEASE} FROM site_release WHERE status = 'live' ORDER BY id DESC"  # noqa: S608 — a constant
    return [_release(row) for row in connection.execute(query)]


def release(connection: sqlite3.Connection, number: int) -> Release | None:
    row = connection.execute(f"SELECT {_RELEASE} FROM site_release WHERE id = ?", [number]).fetchone()  # noqa: S608 — constants
    return _release(row) if row else None


def current(connection: sqlite3.Connection) -> Release | None:
    """The release whose content is live, or is going live."""
    query = f"SELECT {_RELEASE} FROM site_release WHERE status != 'undone' ORDER BY id DESC LIMIT 1"  # noqa: S608 — constants
    row = connection.execute(query).fetchone()
    return _release(row) if row else None


def next_number(connection: sqlite3.Connection) -> int:
    """The number of the next release; that of an undone one is never given again."""
    return int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM site_release").fetchone()[0])


def page(connection: sqlite3.Connection, tree: int, address: str) -> Page | None:
    row = connection.execute(
        "SELECT address, digest, size, key FROM site_page WHERE tree = ? AND address = ?", [tree, address]
    ).fetchone()
    return Page(*row) if row else None


def pages(connection: sqlite3.Connection, tree: int, under: str = "") -> Iterator[Page]:
    """The pages of a tree whose address begins with `under`, by address."""
    query = "SELECT address, digest, size, key FROM site_page WHERE tree = ? AND address >= ?"
    values: list[object] = [tree, under]
    if under:
        query += " AND address < ?"
        values.append(under + "\U0010ffff")
    for row in connection.execute(query + " ORDER BY address", values):
        yield Page(*row)


def changes(connection: sqlite3.Connection, number: int) -> list[Change]:
    """What a release changed, by address. A release that began a tree has none: its tree is its change."""
    query = f"SELECT {_CHANGE} FROM site_change WHERE release = ? ORDER BY address"  # noqa: S608 — a constant
    return [
        Change(
            address,
            None if old_digest is None else Page(address, old_digest, old_size, old_key),
            None if new_digest is None else Page(address, new_digest, new_size, new_key),
        )
        for address, old_digest, old_size, old_key, new_digest, new_size, new_key in connection.execute(query, [number])
    ]


def _three(found: Page | None) -> tuple[str | None, int | None, str | None]:
    return (None, None, None) if found is None else (found.digest, found.size, found.key)


def decide(connection: sqlite3.Connection, made: Release, changed: Iterable[Change]) -> None:
    """Write the journal of a release and the manifest as it will be: the caller's commit is the decision."""
    changed = list(changed)
    marks = ", ".join("?" * 13)
    connection.execute(
        f"INSERT INTO site_release ({_RELEASE}) VALUES ({marks})",  # noqa: S608 — constants
        [getattr(made, name) for name in _RELEASE.split(", ")],
    )
    connection.executemany(
        f"INSERT INTO site_change (release, {_CHANGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 — constants
        ((made.id, change.address, *_three(change.old), *_three(change.new)) for change in changed),
    )
    set_pages(connection, made.tree, [change.new for change in changed if change.new])
    drop_pages(connection, made.tree, [change.address for change in changed if change.new is None])


def set_pages(connection: sqlite3.Connection, tree: int, found: Iterable[Page]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO site_page (tree, address, digest, size, key) VALUES (?, ?, ?, ?, ?)",
        ((tree, page.address, page.digest, page.size, page.key) for page in found),
    )


def drop_pages(connection: sqlite3.Connection, tree: int, addresses: Iterable[str]) -> None:
    connection.executemany(
        "DELETE FROM site_page WHERE tree = ? AND address = ?", ((tree, address) for address in addresses)
    )


def settle(connection: sqlite3.Connection, number: int, status: str) -> None:
    connection.execute("UPDATE site_release SET status = ? WHERE id = ?", [status, number])


def undecide(connection: sqlite3.Connection, made: Release, changed: Iterable[Change]) -> None:
    """Put the manifest back as it was before a release, which is marked undone. The caller holds a transaction."""
    changed = list(changed)
    if made.tree == made.id:
        connection.execute("DELETE FROM site_page WHERE tree = ?", [made.tree])
    set_pages(connection, made.tree, [change.old for change in changed if change.old])
    drop_pages(connection, made.tree, [change.address for change in changed if change.old is None])
    connection.execute("DELETE FROM site_change WHERE release = ?", [made.id])
    settle(connection, made.id, UNDONE)
