"""Making the files to share: which there are, which are out of date. A run may stop anywhere; the next goes on.

What a file was made of is noted beside the site's index, after the file is in place: killed in between, it is made
once more.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from html import escape
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from participation.messages import mark as _
from participation.problems import LaureatError
from site_builder.cards import Card, text
from site_builder.engine import Engine
from site_builder.opendata.inventory import replace
from site_builder.sharing import card, code, names
from site_builder.sharing.card import Words
from site_builder.throwaway import opened
from site_builder.town import phase_now

LEDGER = "partage.sqlite"
_TO_COME = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 160" font-family="sans-serif" font-size="15"'
    ' text-anchor="middle"><rect width="160" height="160" fill="#fff"/>'
    '<text x="80" y="76">{}</text><text x="80" y="98">{}</text></svg>\n'
)


class SharingFailed(LaureatError):
    """The disk refused the pictures and codes to share; `fault` is what it said."""

    def __init__(self, fault: Exception) -> None:
        super().__init__(
            _("Les images à partager n’ont pas pu être écrites\u00a0: %s.") % fault,
            kept=_("Le site est en ligne\u202f; seules ces images manquent ou sont anciennes."),
            hint=_("Elles seront refaites à la prochaine publication."),
        )


class Wanted(NamedTuple):
    """One file: its name below `partage/`, what it is made of, how."""

    name: str
    key: str
    make: Callable[[], bytes]


class Shared(NamedTuple):
    """What a run did: the names of the files made, and whether all are there now."""

    made: list[str]
    complete: bool


def update(
    parts: Iterable[tuple[Engine, Iterable[Card]]],
    folder: Path,
    ledger: Path,
    going_on: Callable[[], bool] = lambda: True,
) -> Shared:
    """Bring `folder` to what these projects and ideas, the editions and the site say now, in each language.

    `parts` are what renders each of them with its cards, the main language first. `ledger` notes what the files of
    this folder were made of. Asked before each file, `going_on` may end the run. A site without a public address
    shares nothing. Raises SharingFailed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{ledger}.lock"), closing(opened(ledger, _prepare)) as connection:
            return _update([one for part in parts for one in wanted(*part)], folder, connection, going_on)
    except (OSError, sqlite3.Error) as fault:
        raise SharingFailed(fault) from fault


def wanted(engine: Engine, records: Iterable[Card]) -> Iterator[Wanted]:
    """Every file there should be in a language: the site first, then editions, then records as they come."""
    town = engine.town
    language = town.folder
    if not town.url:
        return
    yield from of_site(engine)
    for id, shown in town.editions.items():
        title = text(shown.get("title", ""), engine.lang)
        state = town.words["phase"].get(phase_now(shown, town.day), "")
        yield _card(names.card_of_edition(id, language), _words(engine, title, state))
    for one in records:
        place = town.zone(one.zone) if one.zone else town.words["whole"] if one.more.get("whole") else ""
        said = " · ".join(part for part in (place, town.edition(one.edition) if one.edition else "") if part)
        yield _card(names.card_of(one.id, language), _words(engine, one.title, town.words[one.type][one.state], said))
        if one.type == "project":
            yield _code(names.code_of(one.id, language), f"{town.url}/{one.address}")


def of_site(engine: Engine) -> Iterator[Wanted]:
    """The picture of the site as a whole, and what is shown until a code is made."""
    town = engine.town
    summary = town.summary or (f"{town.title} – {town.name}" if town.name else town.title)
    yield _card(names.home(town.folder), _words(engine, summary, place=town.url.partition("://")[2]))
    words = [escape(engine.translate(one)) for one in (_("Code QR"), _("en préparation"))]
    yield Wanted(_name(names.code_to_come(town.folder)), _key("to come", words), _TO_COME.format(*words).encode)


def _words(engine: Engine, title: str, state: str = "", place: str = "") -> Words:
    town = engine.town
    site = f"{town.title} – {town.name}" if town.name and town.name != town.title else town.title
    return Words(title, site, state, place, **town.colours)


def _card(address: str, words: Words) -> Wanted:
    return Wanted(_name(address), _key("card", card.VERSION, words), lambda: card.draw(words))


def _code(address: str, leads_to: str) -> Wanted:
    return Wanted(_name(address), _key("code", code.VERSION, leads_to), lambda: code.draw(leads_to))


def _name(address: str) -> str:
    return address.rpartition("/")[2]


def _key(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _update(files: list[Wanted], folder: Path, ledger: sqlite3.Connection, going_on: Callable[[], bool]) -> Shared:
    every = {file.name for file in folder.iterdir()}
    there = {name for name in every if not (folder / name).is_symlink()}  # a link only stands in
    known = dict(ledger.execute("SELECT name, key FROM made"))
    done: list[str] = []
    for one in files:
        if one.name in there and known.get(one.name) == one.key:
            continue
        if not going_on():
            return Shared(done, complete=False)
        replace(folder / one.name, one.make())
        ledger.execute("INSERT OR REPLACE INTO made VALUES (?, ?)", (one.name, one.key))
        done.append(one.name)
    kept = {one.name for one in files}
    for name in every - kept:
        (folder / name).unlink()
    ledger.executemany("DELETE FROM made WHERE name = ?", [(name,) for name in known.keys() - kept])
    return Shared(done, complete=True)


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # what a power cut takes is made again
    connection.execute("CREATE TABLE IF NOT EXISTS made (name TEXT PRIMARY KEY, key TEXT NOT NULL)")
