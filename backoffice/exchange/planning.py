"""The dry run of an import: the plan of its file as rows of the registry, cut to what its author may change.

The worker calls it; nothing is written into the content.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from backoffice import numbering, policy, town_time
from backoffice.content import Content
from backoffice.exchange import choices as chosen
from backoffice.exchange.choices import Choices, Ground
from backoffice.exchange.looking import EVENTS, PABULIB, reading_of
from backoffice.policy import Right
from backoffice.registry.exchange_schema import Exchange
from backoffice.registry.schema import Account
from participation.importing.differences import differences
from participation.importing.events import plan_events
from participation.importing.matched import DATED, MADE, Numbering, mapping_of
from participation.importing.pabulib import plan_pabulib
from participation.importing.people import folded
from participation.importing.plan import Kind, Plan, Row
from participation.importing.table import plan_table
from participation.messages import mark as _
from participation.messages import stored
from participation.problems import Problem, Severity
from participation.records import TYPES, Record
from participation.store.errors import RevisionUnknown
from participation.store.objects import is_hash
from participation.store.snapshot import Snapshot

Progress = Callable[[int, int], None]


class Held(Content):
    """The content as one piece of work sees it from beginning to end: a snapshot looked up once."""

    @cached_property
    def _held(self) -> Snapshot:
        return self.seen(self.store.snapshot())

    def snapshot(self) -> Snapshot:
        """The same one, whatever is saved meanwhile."""
        return self._held


LONGEST_VALUE = 600  # characters of a value in the dry run


@dataclass(frozen=True, slots=True)
class Asked:
    """An import whose dry run is asked for."""

    exchange: Exchange
    choices: Choices
    author: Account
    content: bytes


def plan(store: Content, asked: Asked, now: dt.datetime, progress: Progress) -> Plan:
    """The plan of the file compared with the content as it is, cut to the author's limits. Raises ImportRefused."""
    snapshot = store.snapshot()
    trashed = {one.record.id: one.record for one in store.store.trashed()}
    exchange, choices = asked.exchange, asked.choices
    if exchange.kind == EVENTS:
        made = plan_events(
            asked.content,
            exchange.name,
            snapshot,
            kind=choices.event_kind,
            edition=choices.edition,
            system=choices.calendar,
            trashed=trashed,
        )
    elif exchange.kind == PABULIB:
        made = plan_pabulib(
            [(exchange.name, asked.content)],
            snapshot,
            choices.edition,
            proposers_are_organisations=choices.owners,
            trashed=trashed,
        )
    else:
        ground = chosen.ground(exchange.type_name, snapshot)
        reading = reading_of(choices, guarded=chosen.exported(choices))
        matching = chosen.matching_of(ground, choices)
        numbers = _numbering(ground, snapshot, set(trashed))
        mapping = mapping_of(ground.record_type, ground.targets, matching, numbers, reading, exchange.name)
        today = town_time.day_of(now)
        made = plan_table(
            asked.content,
            exchange.name,
            mapping,
            snapshot,
            today,
            trashed=trashed,
            older=lambda record, blob: _older(store, record, blob),
            progress=progress,
        )
    return _cut(made, asked.author)


def _older(store: Content, record: Record, blob: str) -> Record | None:
    try:
        return store.version(record, blob) if is_hash(blob) else None
    except RevisionUnknown:
        return None


def _numbering(ground: Ground, snapshot: Snapshot, trashed: set[str]) -> Numbering:
    """Numbers go on from those of all records, those in the trash included; a title is known within its series."""
    type_name = ground.record_type.type_name
    taken = [*snapshot.paths, *trashed]
    known: dict[tuple[str, str], str] = {}
    for record in snapshot.of_type(ground.record_type) if type_name in MADE else ():
        dated = record.data.get(DATED.get(type_name, ""), "")
        series = str(dated)[:4] if type_name in DATED else record.id.partition("-")[0]
        known.setdefault((series, folded(record.display_title)), record.id)
    office = snapshot.instance.series or 0
    return Numbering(
        exists=lambda record_id: snapshot.get(record_id) is not None,
        known=known,
        next_of=lambda series: numbering.next_id(type_name, series, taken, office),
    )


# ---------------------------------------------------------------------------------------------------- limits


def _cut(made: Plan, author: Account) -> Plan:
    """The plan without what its author may not change: such a row is an error, and tells nothing of the record."""
    refused = {row.id for row in made.rows if row.type_name == "edition" and not _may_settle(row, author)}
    told = [
        row for row in made.rows if row.line is not None or row.kind is not Kind.UNCHANGED
    ]  # of the file, not around
    rows = tuple(_limited(row, author, refused) for row in told)
    return Plan(made.source, rows, () if policy.limited(author) and _tells_others(made) else made.notes)


def _tells_others(made: Plan) -> bool:
    """True when a note of the plan is about a record, whose title a limited account may not be told."""
    return any(note.field in {row.id for row in made.rows} for note in made.notes if note.field)


def _may_settle(row: Row, author: Account) -> bool:
    return row.kind not in (Kind.NEW, Kind.CHANGED) or policy.may_edit(author, row.type_name)


def _limited(row: Row, author: Account, editions: set[str]) -> Row:
    if not _may_settle(row, author):
        return _refused(
            row, row.title, _("Votre rôle ne permet pas de changer ceci\u00a0: demandez-le à l’administration.")
        )
    if row.type_name in ("idea", "project") and row.id.partition("-")[0] in editions:
        return _refused(row, row.title, _("L’édition de cette ligne n’existe pas encore, et votre rôle n’en crée pas."))
    seen = row.base is None or policy.allowed(author, Right.EDIT, row.base.data)
    if seen and (row.data is None or policy.allowed(author, Right.EDIT, row.data)):
        return row
    words = _("Votre compte est limité à certaines fiches\u202f; celle-ci n’en est pas, ou n’en serait plus.")
    return _refused(row, row.title if seen else row.id, words)


def _refused(row: Row, title: str, words: str) -> Row:
    problem = Problem(words, row.file, row.line, severity=Severity.ERROR)
    return replace(row, kind=Kind.ERROR, title=title, data=None, changes=(), problems=(problem,))


# ---------------------------------------------------------------------------------------------------- rows


def rows(made: Plan, snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """The rows of a plan as the registry keeps them."""
    titles: dict[tuple[str, str], str] = {}

    def name_of(type_name: str, record_id: str) -> str:
        key = (type_name, record_id)
        if key not in titles:
            titles[key] = _title(snapshot, made, type_name, record_id)
        return titles[key]

    for row in made.rows:
        writes = row.kind in (Kind.NEW, Kind.CHANGED)
        yield {
            "kind": row.kind.value,
            "type_name": row.type_name,
            "record_id": row.id[:100],
            "title": row.title[:300],
            "line": row.line,
            "told": {"changes": _changes(row, name_of), "problems": [_problem(one) for one in row.problems]},
            "data": row.data if writes else None,
            "base": stamp(row.base) if row.base is not None else "",
        }


def _title(snapshot: Snapshot, made: Plan, type_name: str, record_id: str) -> str:
    kind = TYPES.get(type_name)
    if kind is not None and kind.collective:
        records = [record for record in snapshot.of_type(kind) if record.id == record_id]
    else:
        records = [record for record in [snapshot.get(record_id)] if record is not None and kind is not None]
    planned = (row.title for row in made.rows if row.type_name == type_name and row.id == record_id)
    return records[0].display_title if records else next(planned, record_id)


def _changes(row: Row, name_of: Callable[[str, str], str]) -> list[list[str]]:
    """Words of the field, before and after: of a new record too, field by field."""
    found = row.changes
    if row.kind is Kind.NEW and row.data is not None:
        found = tuple(differences(TYPES[row.type_name], {}, row.data, name_of))
    return [[one.label, one.before[:LONGEST_VALUE], one.after[:LONGEST_VALUE]] for one in found]


def _problem(one: Problem) -> dict[str, Any]:
    return {
        "error": one.severity is Severity.ERROR,
        "where": stored(one.field),
        "words": stored(one.message),
        "hint": stored(one.hint),
    }


def notes(made: Plan) -> list[dict[str, Any]]:
    """What was noticed about the file as a whole."""
    return [{**_problem(one), "line": one.line} for one in made.notes[:200]]


def stamp(record: Record) -> str:
    """What a record was when the dry run looked at it: its file, or itself where the file is shared."""
    if not record.collective:
        return record.blob
    return hashlib.sha256(json.dumps(record.data, sort_keys=True).encode()).hexdigest()[:40]
