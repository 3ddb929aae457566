"""The index of what is public: one row per record in SQLite, asked by lists, counts and links.

It lies beside the site's manifest and changes with it. Only cards are here: no text that is not public, no HTML but
the rows of lists.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgpack

from site_builder.addresses import CATALOGUES
from site_builder.cards import Card, thaw
from site_builder.facts import facts_of
from site_builder.measures import Group, measures_of
from site_builder.stages import stage_of
from site_builder.throwaway import opened

_AT_ONCE = 500  # records asked for by name at once
FACETS = ("edition", "theme", "zone", "stage")
_VERSION = 6  # of the tables: raise it when they change, and older index files are made anew

_TABLES = """
CREATE TABLE IF NOT EXISTS record (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, path TEXT NOT NULL,
    edition TEXT NOT NULL, theme TEXT NOT NULL, zone TEXT NOT NULL, stage TEXT NOT NULL,
    place TEXT NOT NULL,            -- where it stands in its edition
    day TEXT NOT NULL, last_day TEXT NOT NULL,
    longitude INTEGER, latitude INTEGER,  -- in millionths of a degree: sums are exact in any order
    digest BLOB NOT NULL,           -- of the row: tells whether a list has changed
    card BLOB NOT NULL, row TEXT NOT NULL,
    facts TEXT NOT NULL,            -- for filters in the browser
    reached TEXT NOT NULL, voted INTEGER, committed INTEGER, paid INTEGER,  -- see measures; amounts in cents
    won TEXT NOT NULL, done TEXT NOT NULL,
    moved INTEGER NOT NULL          -- whether its page had other addresses before
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reference (
    source TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (target, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS built (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
# Made after the rows of a full build: sorting once is cheaper than keeping sorted.
_INDEXES = """
CREATE UNIQUE INDEX IF NOT EXISTS record_path ON record (path, id);
CREATE INDEX IF NOT EXISTS record_list ON record
    (type, edition DESC, place, id, digest, zone, stage, longitude, latitude);
CREATE INDEX IF NOT EXISTS record_theme ON record
    (type, theme, edition DESC, place, id, digest, zone, stage, longitude, latitude);
CREATE INDEX IF NOT EXISTS record_zone ON record
    (type, zone, edition DESC, place, id, digest, stage, longitude, latitude);
CREATE INDEX IF NOT EXISTS record_stage ON record
    (type, stage, edition DESC, place, id, digest, zone, longitude, latitude);
CREATE INDEX IF NOT EXISTS record_day ON record (type, day, id);
CREATE INDEX IF NOT EXISTS record_moved ON record (id) WHERE moved;
CREATE INDEX IF NOT EXISTS record_measure ON record
    (type, edition, theme, zone, stage, reached, voted, committed, paid, won, done);
"""


def open_index(path: Path) -> sqlite3.Connection:
    """The index's file; one that cannot be read is made anew."""

    def prepare(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA page_size = 16384")  # rows fit: half the time to fill, half the size
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()

    return opened(path, prepare)


class Entry(NamedTuple):
    """A card, also as the bytes it is kept in; its row of HTML for lists, that row's digest, its facts for filters."""

    card: Card
    packed: bytes
    row: str
    digest: bytes
    facts: str

    @classmethod
    def of(cls, card: Card, row: str) -> Entry:
        """The entry of a card just made."""
        digest = hashlib.blake2b(row.encode(), digest_size=12).digest()
        return cls(card, msgpack.packb(tuple(card)), row, digest, facts_of(card) if card.type in CATALOGUES else "")


class Member(NamedTuple):
    """One record of a list, in order: enough to know whether the list has changed."""

    id: str
    digest: bytes


class ZoneSum(NamedTuple):
    """How many records of a list a zone has, how many of them have a point, and the middle of those points."""

    records: int
    points: int
    longitude: float
    latitude: float


class Index:
    """Questions about the public records of one site; a full build asks `HeldIndex`, which has them in memory."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._counts: dict[tuple[str, str, str], dict[str, int]] = {}
        self.memo: dict[object, Any] = {}
        """What was worked out from all records; forgotten when one changes."""

    def prepare(self) -> None:
        """Make the tables where they are missing."""
        if self.connection.execute("PRAGMA user_version").fetchone() != (_VERSION,):
            for table in ("record", "reference", "built"):
                self.connection.execute(f"DROP TABLE IF EXISTS {table}")
            self.connection.execute(f"PRAGMA user_version = {_VERSION}")
        self.connection.executescript(_TABLES)

    def finish(self) -> None:
        """Make the indexes that questions need."""
        for statement in _INDEXES.split(";"):
            self.connection.execute(statement)

    # ------------------------------------------------------------------------------------------------ changing

    def clear(self) -> None:
        """Forget every record, and the indexes with them."""
        for name in ("path", "list", "theme", "zone", "stage", "day", "moved", "measure"):
            self.connection.execute(f"DROP INDEX IF EXISTS record_{name}")
        self.connection.execute("DELETE FROM record")
        self.connection.execute("DELETE FROM reference")
        self._changed()

    def _changed(self) -> None:
        self._counts.clear()
        self.memo.clear()

    def put(self, entries: Iterable[Entry]) -> None:
        """Add or replace records."""
        self._changed()
        rows, links = [], []
        for entry in entries:
            card = entry.card
            rows.append(
                (
                    card.id,
                    card.type,
                    card.path,
                    card.edition,
                    card.theme,
                    card.zone,
                    stage_of(card.type, card.state),
                    card.order,
                    card.day,
                    card.last_day,
                    micro(card.longitude),
                    micro(card.latitude),
                    entry.digest,
                    entry.packed,
                    entry.row,
                    entry.facts,
                    *measures_of(card.more),
                    "old" in card.more,
                )
            )
            links += [(card.id, target) for target in card.refs]
        sources = [(row[0],) for row in rows]
        if self.connection.execute("SELECT 1 FROM record LIMIT 1").fetchone():
            self.connection.executemany("DELETE FROM reference WHERE source = ?", sources)
        marks = ", ".join("?" * 23)
        self.connection.executemany(f"INSERT OR REPLACE INTO record VALUES ({marks})", rows)  # noqa: S608  # question marks only
        self.connection.executemany("INSERT OR IGNORE INTO reference VALUES (?, ?)", links)

    def drop(self, ids: Iterable[str]) -> None:
        """Remove records."""
        self._changed()
        rows = [(id,) for id in ids]
        self.connection.executemany("DELETE FROM record WHERE id = ?", rows)
        self.connection.executemany("DELETE FROM reference WHERE source = ?", rows)

    def remember(self, values: Mapping[str, str]) -> None:
        """Note what the site was built from."""
        self.connection.executemany("INSERT OR REPLACE INTO built VALUES (?, ?)", list(values.items()))

    def remembered(self) -> dict[str, str]:
        """What the site was built from; empty before the first build."""
        return dict(self.connection.execute("SELECT name, value FROM built"))

    # ------------------------------------------------------------------------------------------------ asking

    def card(self, id: str) -> Card | None:
        """The card of a record, or None when it is not public."""
        row = self.connection.execute("SELECT card FROM record WHERE id = ?", [id]).fetchone()
        return unpack(row[0]) if row else None

    def at_path(self, path: str) -> list[str]:
        """The identifiers of the records that were read from a file."""
        return [row[0] for row in self.connection.execute("SELECT id FROM record WHERE path = ?", [path])]

    def backlinks(self, id: str) -> list[Card]:
        """The cards of the records that name this one, by identifier."""
        query = "SELECT source FROM reference WHERE target = ? ORDER BY source"
        found = [row[0] for row in self.connection.execute(query, [id])]
        return [card for source in found if (card := self.card(source)) is not None]

    def members(self, type_name: str, facet: str = "", value: str = "") -> list[Member]:
        """The records of a list in its order: latest edition first, then as they stand in their edition."""
        where, values = _where(type_name, facet, value)
        query = f"SELECT id, digest FROM record WHERE {where} ORDER BY edition DESC, place, id"  # noqa: S608  # constants
        return [Member(*row) for row in self.connection.execute(query, values)]

    def rows(self, ids: Iterable[str]) -> list[str]:
        """The rows of HTML of these records, in their order."""
        wanted = list(ids)
        found: dict[str, str] = {}
        for first in range(0, len(wanted), _AT_ONCE):
            part = wanted[first : first + _AT_ONCE]
            marks = ",".join("?" * len(part))
            found |= dict(self.connection.execute(f"SELECT id, row FROM record WHERE id IN ({marks})", part))  # noqa: S608  # question marks only
        return [found[id] for id in wanted]

    def cards(self, type_name: str, facet: str = "", value: str = "", limit: int = -1) -> list[Card]:
        """The cards of a list in its order."""
        where, values = _where(type_name, facet, value)
        query = f"WHERE {where} ORDER BY edition DESC, place, id LIMIT ?"
        return list(self._found(query, [*values, limit]))

    def located(self, type_name: str, facet: str = "", value: str = "", stages: Sequence[str] = ()) -> list[Card]:
        """The cards of a list that have a point, in its order; of these stages only, when some are named."""
        where, values = _where(type_name, facet, value, stages)
        return list(self._found(f"WHERE {where} AND longitude IS NOT NULL ORDER BY edition DESC, place, id", values))

    def zone_sums(
        self, type_name: str, facet: str = "", value: str = "", stages: Sequence[str] = ()
    ) -> dict[str, ZoneSum]:
        """Zone ("" for none) -> how many records of a list, and where on average they are."""
        asked = ("zone sums", type_name, facet, value, tuple(stages))
        if asked not in self.memo:  # the key and the page of a list both ask
            where, values = _where(type_name, facet, value, stages)
            columns = "zone, count(*), count(longitude), sum(longitude), sum(latitude)"
            query = f"SELECT {columns} FROM record WHERE {where} GROUP BY zone ORDER BY zone"  # noqa: S608  # constants
            self.memo[asked] = {
                zone: zone_sum(count, points, east or 0, north or 0)
                for zone, count, points, east, north in self.connection.execute(query, values)
            }
        found: dict[str, ZoneSum] = self.memo[asked]
        return found

    def facts(self, type_name: str, edition: str) -> list[str]:
        """What filters in the browser know of the records of an edition, in the order of lists."""
        query = "SELECT facts FROM record WHERE type = ? AND edition = ? ORDER BY place, id"
        return [row[0] for row in self.connection.execute(query, [type_name, edition])]

    def zone_stages(self, type_name: str) -> dict[str, dict[str, int]]:
        """Zone -> stage -> number of records."""
        found: dict[str, dict[str, int]] = {}
        query = "SELECT zone, stage, count(*) FROM record WHERE type = ? AND zone != '' GROUP BY zone, stage"
        for zone, stage, count in self.connection.execute(query, [type_name]):
            found.setdefault(zone, {})[stage] = count
        return found

    def counts(self, type_name: str, facet: str, edition: str = "") -> dict[str, int]:
        """Value of a facet -> number of records, empty values left out."""
        asked = (type_name, facet, edition)
        if asked not in self._counts:
            query = f"SELECT {_facet(facet)}, count(*) FROM record WHERE type = ?"  # noqa: S608  # a constant name
            values = [type_name]
            if edition:
                query += " AND edition = ?"
                values.append(edition)
            rows = self.connection.execute(f"{query} GROUP BY 1", values)
            self._counts[asked] = {value: count for value, count in rows if value}
        return self._counts[asked]

    def moved(self) -> list[Card]:
        """The cards of records whose page had other addresses before, by identifier."""
        return list(self._found("WHERE moved ORDER BY id", []))

    def groups(self, type_name: str, edition: str) -> list[Group]:
        """The records of an edition by theme, zone, stage and how far they came, with the sums of their money."""
        sums = ", ".join(f"sum({name}), count({name})" for name in ("voted", "committed", "paid"))
        names = "theme, zone, stage, reached"
        query = f"SELECT {names}, count(*), {sums} FROM record WHERE type = ? AND edition = ? GROUP BY {names}"  # noqa: S608  # constants
        return [Group.of(row) for row in self.connection.execute(query, [type_name, edition])]

    def waits(self, edition: str) -> list[tuple[str, str]]:
        """When each delivered project of an edition was chosen and when it was delivered, as stored."""
        query = "SELECT won, done FROM record WHERE type = 'project' AND edition = ? AND stage = 'delivered'"
        return list(self.connection.execute(query, [edition]))

    def count(self, type_name: str) -> int:
        """How many records of a type are public."""
        return int(self.connection.execute("SELECT count(*) FROM record WHERE type = ?", [type_name]).fetchone()[0])

    def between(self, type_name: str, first: str, last: str) -> Iterator[Card]:
        """The cards whose days touch the period from `first` to `last` (ISO days, both included), by date."""
        query = "WHERE type = ? AND day <= ? AND last_day >= ? AND day != '' ORDER BY day, id"
        return self._found(query, [type_name, last + "~", first])

    def latest(self, type_name: str, limit: int = -1) -> list[Card]:
        """The cards of a type, latest day first."""
        return list(self._found("WHERE type = ? ORDER BY day DESC, id DESC LIMIT ?", [type_name, limit]))

    def _found(self, query: str, values: Sequence[object]) -> Iterator[Card]:
        for row in self.connection.execute(f"SELECT card FROM record {query}", values):  # noqa: S608  # constants
            yield unpack(row[0])

    def addresses(self, type_name: str, edition: str) -> list[str]:
        """The identifiers of a type in an edition, in order: what a site map lists."""
        query = "SELECT id FROM record WHERE type = ? AND edition = ? ORDER BY id"
        return [row[0] for row in self.connection.execute(query, [type_name, edition])]


def micro(degrees: float | None) -> int | None:
    """Degrees in millionths."""
    return None if degrees is None else round(degrees * 1_000_000)


def unpack(packed: bytes) -> Card:
    """The card that an entry was packed from."""
    return thaw(msgpack.unpackb(packed))


def zone_sum(count: int, points: int, east: int, north: int) -> ZoneSum:
    """`east` and `north` are sums of millionths of a degree."""
    return ZoneSum(count, points, east / 1e6 / (points or 1), north / 1e6 / (points or 1))


def _facet(name: str) -> str:
    if name not in FACETS and name != "type":
        raise ValueError(name)
    return name


def _where(type_name: str, facet: str, value: str, stages: Sequence[str] = ()) -> tuple[str, list[str]]:
    where, values = "type = ?", [type_name]
    if facet:
        where, values = f"{where} AND {_facet(facet)} = ?", [*values, value]
    if stages:
        where, values = f"{where} AND stage IN ({','.join('?' * len(stages))})", [*values, *stages]
    return where, values
