"""What the office does with files: the store's functions, with the limits of accounts and the small pictures of lists.

Every write of a file passes here, whichever page it came from.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from weakref import WeakKeyDictionary

from backoffice import limits, policy, town_time
from backoffice.content import Content
from backoffice.media import intake
from backoffice.media.intake import Refused, Taken
from backoffice.media.shelf import Item, Shelf
from backoffice.policy import Right
from backoffice.registry.schema import Account
from participation.library import MEDIA
from participation.messages import mark as _
from participation.problems import Problem
from participation.records.fields import Plain
from participation.store import media
from participation.store.errors import InvalidRecord, MediaNotFound
from participation.store.media import Added, NewFile, TrashedFile

SMALL = "thumbnails"  # below the site's cache: all of it can be thrown away
_guard = threading.Lock()
_shelves: WeakKeyDictionary[Content, Shelf] = WeakKeyDictionary()


def shelf(content: Content) -> Shelf:
    """The files of the present content, made from those of the request before."""
    snapshot = content.snapshot()
    with _guard:
        known = _shelves.get(content)
        if known is None or known.commit != snapshot.commit:
            known = _shelves[content] = Shelf.of(snapshot, known)
        return known


def readable(content: Content, key: str) -> bool:
    """True when whoever asks may read the record of that key."""
    if limits.viewer() is None:
        return True
    record = content.record(key)
    return record is not None and limits.sees(record.data)


def item_of(content: Content, path: str) -> Item:
    """One file that whoever asks may see. Raises MediaNotFound."""
    found = shelf(content)
    item = found.items.get(path)
    if item is None or not found.visible(path, lambda key: readable(content, key)):
        raise MediaNotFound(path)
    return item


def may_change(content: Content, account: Account, path: str) -> bool:
    """True when the account may change the file: whoever has limits, only what none but their own records use."""
    if not policy.allowed(account, Right.EDIT):
        return False
    if not policy.limited(account):
        return True
    uses = shelf(content).uses.get(path, ())
    records = (content.record(use.key) for use in uses)
    return all(record is not None and policy.allowed(account, Right.EDIT, record.data) for record in records)


def add(content: Content, files: Sequence[Taken], author: Account, when: dt.datetime) -> list[Added]:
    """Keep these files, in one commit; those that are there already are told so."""
    day, known = town_time.day_of(when), shelf(content)
    again = {one.source: item for one in files if (item := known.like(one.source)) is not None}
    fresh = [one for one in files if one.source not in again]
    new = [
        NewFile(
            f"{day.year}/{one.name}",
            one.content,
            {
                name: value
                for name, value in {**one.facts, "added": day.isoformat(), "source": one.source}.items()
                if value
            },
        )
        for one in fresh
    ]
    done = media.add(content.store, new, author=author.pseudonym, when=when) if new else []
    content.moved()
    for one, added in zip(fresh, done, strict=True):
        if one.small:
            _keep_small(content, added.blob, one.small)
    by_source = {one.source: added for one, added in zip(fresh, done, strict=True)}
    return [by_source.get(one.source) or _as_added(again[one.source]) for one in files]


def replace(content: Content, path: str, base: str, one: Taken, author: Account, when: dt.datetime) -> None:
    """Put other bytes in a file's place."""
    _demand(content, author, path)
    blob = media.replace(
        content.store, path, one.content, base_blob=base, source=one.source, author=author.pseudonym, when=when
    )
    content.moved()
    if one.small:
        _keep_small(content, blob, one.small)


def describe(
    content: Content, path: str, fields: Mapping[str, Plain | None], base: str, author: Account, when: dt.datetime
) -> bool:
    """Save what is known of a file."""
    _demand(content, author, path)
    changed = media.describe(content.store, path, fields, base_blob=base or None, author=author.pseudonym, when=when)
    content.moved()
    return changed


def trash(content: Content, path: str, author: Account, when: dt.datetime, *, even_if_used: bool) -> None:
    """Put a file into the trash."""
    _demand(content, author, path)
    media.trash(content.store, path, author=author.pseudonym, when=when, force=even_if_used)
    content.moved()


def trashed(content: Content) -> list[TrashedFile]:
    """The files of the trash, for those whose rights end nowhere."""
    return media.trashed(content.store) if limits.viewer() is None else []


def undelete(content: Content, path: str, author: Account, when: dt.datetime) -> str:
    """Take a file out of the trash; where it lies now."""
    if policy.limited(author):
        raise MediaNotFound(path)
    place = media.undelete(content.store, path, author=author.pseudonym, when=when)
    content.moved()
    return place


def bytes_of(content: Content, item: Item) -> bytes:
    """The file as it is kept."""
    return next(iter(content.snapshot().contents([f"{MEDIA}{item.path}"])))[1]


def small(content: Content, item: Item) -> bytes | None:
    """A picture of at most 480 points across, made once; None for one that cannot be drawn."""
    place = _place(content, item.blob)
    with suppress(OSError):
        return place.read_bytes()
    try:
        _told, (_whole, made) = intake.drawn(bytes_of(content, item), "JPEG")
    except Refused:
        return None
    _keep_small(content, item.blob, made)
    return made


def _as_added(item: Item) -> Added:
    return Added(item.path, item.blob, known=True)


def _demand(content: Content, author: Account, path: str) -> None:
    if not may_change(content, author, path):
        words = _("Ce fichier est utilisé par des fiches qui ne sont pas les vôtres.")
        raise InvalidRecord(path, [Problem(words, field="file")])


def _place(content: Content, blob: str) -> Path:
    return content.site / "cache" / SMALL / blob[:2] / f"{blob}.jpg"


def _keep_small(content: Content, blob: str, data: bytes) -> None:
    """Keep a small picture; a disk that refuses costs only the time to draw it again."""
    place = _place(content, blob)
    draft = place.with_name(f"{place.name}.{os.getpid()}.{threading.get_ident()}")
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(place)
