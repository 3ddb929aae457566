"""The public journal of changes: what each publication changed in a record, told over what was public then and after.

Everything comes from the chain of publications, so it can always be made again; what was read and said before is kept
in one file that can be thrown away. Between saves nothing is told, and content that is no chain of publications (a
folder, `main`) has no journal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgpack

from participation import journal
from participation.journal import Voice
from participation.layout import locate
from participation.messages import mark as _
from participation.records import TYPES
from participation.records.base import project
from participation.records.fields import Plain
from participation.store.git import GitRepo
from participation.store.objects import EMPTY_TREE
from participation.store.publications import Publication, publication_of
from participation.yamltext.reader import read_file
from site_builder.engine import Engine
from site_builder.shipped import THEME
from site_builder.throwaway import opened

TOLD = frozenset({"project"})
"""The types of records whose pages tell what changed."""
MOST = 50  # publications told of one record
_SILENT = frozenset({"origin"})  # public fields whose changes say nothing to a citizen
_TABLES = """
CREATE TABLE IF NOT EXISTS publication (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, moment TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS change (
    path TEXT NOT NULL, number INTEGER NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, PRIMARY KEY (path, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS said (name BLOB PRIMARY KEY, sentences BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS voice (name BLOB PRIMARY KEY) WITHOUT ROWID;
"""


class Told(NamedTuple):
    """What one publication changed in a record: its commit, its moment (ISO, UTC), the sentences."""

    publication: str
    moment: str
    sentences: tuple[str, ...]


class _Step(NamedTuple):
    """One change of a file by a publication; blobs, "" where there was no file; `before` is the moment before it."""

    publication: str
    moment: str
    before: str
    old: str
    new: str


class Chronicle:
    """The journals of one chain of publications, as of its link `head`; one per process, to be closed."""

    def __init__(self, repository: Path, head: str, file: Path, engine: Engine, theme: Path = THEME) -> None:
        self._repo = GitRepo(repository)
        self._head = head
        self._engine = engine
        self._theme = theme
        self._voice = Voice(engine.lang, engine.translate, self._name_of)
        self._listening = False
        self._connection = opened(file, _prepare)

    def close(self) -> None:
        """Let go of the file and of the repository."""
        self._connection.close()
        self._repo.close()

    # ------------------------------------------------------------------------------------------------ the chain

    def refresh(self) -> None:
        """Read the links of the chain that were not read before; forget those of a publication that never was."""
        known = dict(self._connection.execute("SELECT name, number FROM publication"))
        fresh: list[Publication] = []
        link: str | None = self._head
        while link is not None and link not in known:
            one = publication_of(self._repo.commit(link))
            fresh.append(one)
            link = one.previous
        number = known[link] if link is not None else -1
        self._connection.execute("BEGIN IMMEDIATE")
        for table in ("publication", "change"):
            self._connection.execute(f"DELETE FROM {table} WHERE number > ?", [number])  # noqa: S608  # constants
        before = self._repo.commit(link).tree if link is not None else ""
        for one in reversed(fresh):
            number += 1
            moment = one.when.astimezone(dt.UTC).isoformat()
            self._connection.execute("INSERT INTO publication VALUES (?, ?, ?)", [number, one.commit, moment])
            self._connection.executemany("INSERT INTO change VALUES (?, ?, ?, ?)", self._changes(before, one, number))
            before = one.tree
        self._connection.execute("COMMIT")

    def _changes(self, before: str, one: Publication, number: int) -> Iterator[tuple[str, int, str, str]]:
        for change in self._repo.diff(before or EMPTY_TREE, one.tree):
            place = locate(change.path)
            if place is not None and place.type_name in TOLD:
                yield change.path, number, change.old or "", change.new or ""

    def since(self, publication: str) -> set[str] | None:
        """The files that publications changed after that one; None when it is no link of this chain."""
        row = self._connection.execute("SELECT number FROM publication WHERE name = ?", [publication]).fetchone()
        if row is None:
            return None
        return {path for (path,) in self._connection.execute("SELECT path FROM change WHERE number > ?", row)}

    # ------------------------------------------------------------------------------------------------ telling

    def key(self, path: str) -> bytes:
        """What names the whole journal of a file, without telling it."""
        made = hashlib.blake2b(digest_size=12)
        for step in self._steps(path):
            made.update("\0".join(step).encode())
        return made.digest()

    def told(self, path: str) -> list[Told]:
        """What publications changed in the record of a file, latest first."""
        found = []
        for step in self._steps(path):
            sentences = self._said(path, step) if step.new else ()
            if sentences:
                found.append(Told(step.publication, step.moment, sentences))
        return found

    def _steps(self, path: str) -> list[_Step]:
        query = (
            "SELECT one.name, one.moment, coalesce(before.moment, ''), old, new FROM change"
            " JOIN publication one USING (number) LEFT JOIN publication before ON before.number = one.number - 1"
            " WHERE path = ? ORDER BY change.number DESC LIMIT ?"
        )
        return [_Step(*row) for row in self._connection.execute(query, [path, MOST])]

    def _said(self, path: str, step: _Step) -> tuple[str, ...]:
        if not step.old:
            return (self._engine.translate(_("Première publication de cette fiche.")),)
        self._listen()
        name = hashlib.blake2b("\0".join(step[1:]).encode(), digest_size=16).digest()
        row = self._connection.execute("SELECT sentences FROM said WHERE name = ?", [name]).fetchone()
        if row is not None:
            return tuple(msgpack.unpackb(row[0]))
        sentences = self._compared(path, step)
        self._connection.execute("INSERT OR IGNORE INTO said VALUES (?, ?)", [name, msgpack.packb(sentences)])
        return sentences

    def _listen(self) -> None:
        """Forget what was said in another language, by other code, or with other names of zones."""
        if self._listening:
            return
        self._listening = True
        voice = _voice_key(self._engine, self._theme)
        if self._connection.execute("SELECT name FROM voice").fetchall() != [(voice,)]:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("DELETE FROM said")
            self._connection.execute("DELETE FROM voice")
            self._connection.execute("INSERT INTO voice VALUES (?)", [voice])
            self._connection.execute("COMMIT")

    def _compared(self, path: str, step: _Step) -> tuple[str, ...]:
        """Sentences over the public projections at the two moments: what was never public is in neither."""
        before = self._shown(path, step.old, step.before)
        after = self._shown(path, step.new, step.moment)
        if after is None:
            return ()
        if before is None:
            return (self._engine.translate(_("La fiche est de nouveau publiée.")),)
        place = locate(path)
        record_type = TYPES[place.type_name if place is not None else "project"]
        return tuple(journal.sentences(record_type, before, after, self._voice))

    def _shown(self, path: str, blob: str, moment: str) -> dict[str, Plain] | None:
        records = read_file(self._repo.blob(blob), path, blob).records
        if not records:
            return None
        shown = project(type(records[0]), records[0].data, dt.datetime.fromisoformat(moment))
        return None if shown is None else {name: plain for name, plain in shown.items() if name not in _SILENT}

    def _name_of(self, type_name: str, id: str) -> str:
        """What a sentence calls something: by names that all pages share, never by the title of another record."""
        town = self._engine.town
        names = {"zone": town.zones, "theme": town.themes}.get(type_name, {})
        if type_name == "service":
            return town.services.get(id, {}).get("title", id)
        if type_name == "edition":
            return town.edition(id)
        return names.get(id) or self._engine.translate(_("n°\u00a0%s")) % id


def _voice_key(engine: Engine, theme: Path) -> bytes:
    """What sentences depend on besides the two versions: the code, the language, the names of zones and the like."""
    made = hashlib.blake2b(engine.lang.encode(), digest_size=16)
    domain = Path(journal.__file__).parent
    code = [domain / "journal.py", domain / "wording.py", domain / "lifecycle.py", *(domain / "records").glob("*.py")]
    for file in sorted([*code, *(theme / "messages").glob(f"{engine.lang}/LC_MESSAGES/*.mo")]):
        made.update(file.read_bytes())
    town = engine.town
    editions = {id: edition["title"] for id, edition in town.editions.items()}
    made.update(json.dumps([town.zones, town.themes, town.services, editions], sort_keys=True).encode())
    return made.digest()


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")  # what a power cut takes is read again
    connection.executescript(_TABLES)
