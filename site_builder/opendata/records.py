"""The public projections of a content's records, in parts that are read again only when a file of them changed.

A part is a folder of the content. Its projections are kept under the hash of its files, with the moments between which
they are right: from the last embargo that has ended until the next that will.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgpack

from participation.layout import locate
from participation.lifecycle import TABLES
from participation.opendata.columns import PUBLISHED
from participation.records import Record
from participation.records.fields import Plain
from participation.yamltext.reader import read_file
from site_builder.cards import make_card
from site_builder.sources import Source

_VERSION = 2  # of what a part holds: raise it when the meaning of a projection changes


class Datum(NamedTuple):
    """One public record: address on the site, edition ("" for none), state it shows, projection, who carries it.

    `person` is an opaque id or "": never published, the label that goes with it may be.
    """

    id: str
    address: str
    edition: str
    state: str
    shown: dict[str, Plain]
    person: str = ""


class Part(NamedTuple):
    """The public records of one type in one folder; `digest` changes when anything of them does."""

    type_name: str
    digest: str
    records: list[Datum]


def read_parts(source: Source, entries: Mapping[str, str], cache: Path, now: dt.datetime, lang: str) -> list[Part]:
    """The published types of a content (path -> blob) at `now`. What is kept in `cache` and no longer used goes."""
    cache.mkdir(parents=True, exist_ok=True)
    found, used = [], set()
    for (type_name, _folder), files in sorted(_folders(entries).items()):
        made = hashlib.blake2b(f"{_VERSION} {lang}".encode(), digest_size=16)
        made.update("\n".join(f"{path} {blob}" for path, blob in sorted(files.items())).encode())
        kept = cache / f"{type_name}-{made.hexdigest()}.msgpack"
        used.add(kept)
        part = _kept(type_name, kept, now)
        if part is None:
            records, since, until = _read(source, files, now, lang)
            packed = msgpack.packb([since, until, records])
            new = kept.with_suffix(".new")
            new.write_bytes(packed)
            new.replace(kept)
            part = _part(type_name, records)
        found.append(part)
    for file in set(cache.iterdir()) - used:
        file.unlink()
    return found


def _folders(entries: Mapping[str, str]) -> dict[tuple[str, str], dict[str, str]]:
    folders: dict[tuple[str, str], dict[str, str]] = {}
    for path, blob in entries.items():
        location = locate(path)
        if location is not None and location.type_name in PUBLISHED:
            folders.setdefault((location.type_name, str(PurePosixPath(path).parent)), {})[path] = blob
    return folders


def _kept(type_name: str, file: Path, now: dt.datetime) -> Part | None:
    with suppress(OSError, ValueError, msgpack.UnpackException):
        since, until, records = msgpack.unpackb(file.read_bytes())
        moment = _instant(now)
        if since <= moment and (not until or moment < until):  # earlier, too: publications are taken back
            return _part(type_name, [Datum(*fields) for fields in records])
    return None


def _part(type_name: str, records: list[Datum]) -> Part:
    return Part(type_name, hashlib.blake2b(msgpack.packb(records), digest_size=16).hexdigest(), records)


def _instant(moment: dt.datetime) -> str:
    """Instants as text that sorts as they do."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _embargoes(record: Record) -> Iterator[str]:
    for row in (record.data, *(record.data.get("status") or ())):
        if "visible_from" in row:
            yield _instant(dt.datetime.fromisoformat(row["visible_from"]))


def _read(source: Source, files: Mapping[str, str], now: dt.datetime, lang: str) -> tuple[list[Datum], str, str]:
    """The records that have a page, by the same cards as the pages; since when and until when this is right."""
    found: list[Datum] = []
    moments: list[str] = []
    for path, content in source.files(files):
        reading = read_file(content, path, files[path])
        if reading.faulty or not reading.records:
            continue
        record = reading.records[0]
        moments += _embargoes(record)
        made = make_card(record.type_name, record.id, path, files[path], record.data, now, lang)
        if made is not None:
            card, shown = made
            edition = card.edition if record.type_name in TABLES else str(shown.get("edition", ""))
            person = card.more.get("person", "")
            found.append(Datum(card.id, card.address, edition, card.state, shown, person))
    present = _instant(now)
    since = max((moment for moment in moments if moment <= present), default="")
    return found, since, min((moment for moment in moments if moment > present), default="")


def in_order(records: list[Datum]) -> Iterator[Datum]:
    """By edition, then by identifier."""
    yield from sorted(records, key=lambda one: (one.edition, one.id))
