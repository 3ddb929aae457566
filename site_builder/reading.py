"""Files of content to cards: from the cache where their blob is known, else read, checked and projected."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from participation.layout import locate
from participation.library import files_of
from participation.problems import Problem, Severity
from participation.records import Record
from participation.records.fields import Plain
from participation.yamltext.reader import read_file
from site_builder.cards import Card, make_card
from site_builder.engine import Engine
from site_builder.fragments import Fragments
from site_builder.index import Entry
from site_builder.pictures.making import is_picture
from site_builder.pictures.studio import FOLDER
from site_builder.sources import Source
from site_builder.town import SHARED_TYPES
from site_builder.views import events, records
from site_builder.zones import PATH as ZONES_FILE
from site_builder.zones import read_zones

CATALOGUE_TYPES = frozenset({"project", "idea"})


@dataclass
class Cards:
    """What reading gave: entries for the index, the public projections just made (by identifier), the problems."""

    entries: list[Entry] = field(default_factory=list)
    shown: dict[str, dict[str, Plain]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    due: str = ""
    """The next instant (ISO, UTC) at which an embargo of one of these records ends; "" when none waits."""


def read_shared(
    source: Source, entries: Mapping[str, str], cache: Path | None = None
) -> tuple[list[Record], list[Problem], dict[str, Any]]:
    """The records that all pages share (instance, zones, services, editions, pages), what is wrong, the town's plan."""
    wanted = {path: blob for path, blob in entries.items() if is_shared(path)}
    found, problems, plan = read_zones(source, wanted, cache)
    wanted.pop(ZONES_FILE, None)
    for path, content in source.files(wanted):
        reading = read_file(content, path, wanted[path])
        found += reading.records
        problems += reading.problems
    return found, problems, plan


def is_shared(path: str) -> bool:
    """True when a change of this file may show on any page."""
    location = locate(path)
    return location is not None and location.type_name in SHARED_TYPES


def is_record(path: str) -> bool:
    """True for the file of a record with a page of its own that other pages only link to."""
    location = locate(path)
    return location is not None and location.type_name not in SHARED_TYPES


def read_cards(
    source: Source, wanted: Mapping[str, str], engine: Engine, now: dt.datetime, fragments: Fragments | None
) -> Cards:
    """The cards of these files (path -> blob). A faulty record gives no card, only its problems."""
    result = Cards()
    missing = dict(wanted)
    if fragments is not None:
        paths: dict[str, list[str]] = {}
        for path, blob in wanted.items():
            paths.setdefault(blob, []).append(path)
        for blob, entry, problems in fragments.entries(paths):
            # Two files with the same bytes are two records: only the one that was cached is known.
            if entry.card.path in paths[blob] and _same_pictures(engine, entry.card) and same_label(engine, entry.card):
                del missing[entry.card.path]
                result.entries.append(entry)
                result.problems += problems
    fresh: list[tuple[Entry, list[Problem]]] = []
    for path, content in source.files(missing):
        reading = read_file(content, path, missing[path])
        result.problems += reading.problems
        if not reading.faulty and reading.records:
            if due := next_embargo(reading.records[0], now):
                result.due = min(filter(None, (result.due, due)))
            made = card_of(reading.records[0], now, engine)
            if made is not None:
                card, unseen = made[0], list[Problem]()
                if b"media/" in content or "photos" in made[1] or "scenarios" in made[1]:
                    card, unseen = with_pictures(engine, card, reading.records[0])
                    result.problems += unseen
                entry = entry_of(engine, card)
                result.entries.append(entry)
                result.shown[card.id] = made[1]
                if not due:
                    fresh.append((entry, [*reading.problems, *unseen]))
    if fragments is not None and fresh:
        fragments.keep_entries(fresh)
    return result


def card_of(record: Record, now: dt.datetime, engine: Engine) -> tuple[Card, dict[str, Plain]] | None:
    """The card and projection of a record at `now`, or None when it may not show."""
    return make_card(
        record.type_name, record.id, record.path, record.blob, record.data, now, engine.lang, engine.people
    )


def pictures_of(record: Record) -> list[tuple[str, str]]:
    """What a record shows or leads to below `media/`: the dotted path of the field, the file."""
    return list(files_of(record))


def shared_pictures(engine: Engine, shared: Iterable[Record]) -> tuple[str, list[Problem]]:
    """What names the pictures that may stand on any page, and what is wrong with them."""
    marks: list[str] = []
    problems: list[Problem] = []
    for record in shared:
        pictures = pictures_of(record)
        problems += unshown(engine, record.path, pictures)
        marks.append(engine.album.marks(name for _field, name in pictures))
    return hashlib.blake2b("\n".join(marks).encode(), digest_size=8).hexdigest(), problems


def unshown(engine: Engine, path: str, pictures: list[tuple[str, str]]) -> list[Problem]:
    """What is wrong with the pictures of a record; its pages go without them."""
    faults = ((field, engine.album.fault(name)) for field, name in pictures if is_picture(name))
    return [
        Problem(fault.words, file=path, field=field, hint=fault.hint, severity=Severity.WARNING)
        for field, fault in faults
        if fault is not None
    ]


def with_pictures(engine: Engine, card: Card, record: Record) -> tuple[Card, list[Problem]]:
    """A card that knows the pictures of its pages, and what is wrong with them.

    They stand among its references as `media/…`: a picture that changes finds the records to make again.
    """
    pictures = [(field, name) for field, name in pictures_of(record) if is_picture(name)]
    refs = tuple(dict.fromkeys([*card.refs, *(f"{FOLDER}{name}" for _field, name in pictures)]))
    if card.image and engine.album.find(card.image) is None:
        card = card._replace(image="", image_alt="")
    card = card._replace(refs=refs, more={**card.more, "pictures": _marks(engine, refs)} if pictures else card.more)
    return card, unshown(engine, card.path, pictures)


def _marks(engine: Engine, refs: tuple[str, ...]) -> str:
    return engine.album.marks(ref.removeprefix(FOLDER) for ref in refs if ref.startswith(FOLDER))


def _same_pictures(engine: Engine, card: Card) -> bool:
    """True when the pictures of a card read before are what they were."""
    known = card.more.get("pictures")
    return known is None or known == _marks(engine, card.refs)


def same_label(engine: Engine, card: Card) -> bool:
    """True when whoever carries a record read before is named as they were."""
    person = card.more.get("person")
    return person is None or card.more.get("label") == engine.people.get(person)


def entry_of(engine: Engine, card: Card) -> Entry:
    """A card with the text that stands for it in lists: a row of a catalogue, an event of a feed."""
    if card.type in CATALOGUE_TYPES:
        row = records.row(engine, card)
    elif card.type == "event":
        row = events.vevents(engine, card)
    else:
        row = ""
    return Entry.of(card, row)


def faulty_paths(problems: list[Problem]) -> set[str]:
    """The files that hold an error."""
    return {problem.file for problem in problems if problem.severity is Severity.ERROR}


def next_embargo(record: Record, now: dt.datetime) -> str:
    """When more of a record may be told (ISO, UTC), or "": its card is right only until then, so it is never cached."""
    rows = [record.data, *(record.data.get("status") or ())]
    moments = [dt.datetime.fromisoformat(row["visible_from"]) for row in rows if "visible_from" in row]
    later = [moment for moment in moments if moment > now]
    return min(later).astimezone(dt.UTC).isoformat() if later else ""
