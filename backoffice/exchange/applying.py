"""An import that was confirmed: written as one commit, or refused because the content moved; and taken back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence

from backoffice.content import Content
from backoffice.exchange.planning import stamp
from backoffice.jobs.work import JobRefused, sentences
from backoffice.lists import bulk
from backoffice.registry.exchange_schema import ExchangeRow
from backoffice.registry.schema import Account
from participation.messages import mark as _
from participation.records import TYPES, Record
from participation.store.errors import Conflict, InvalidRecord, RecordExists, RecordNotFound
from participation.store.saving import Change, SavedMany
from participation.wording import number

IMPORT, UNDO = "import", "undo-import"  # trailers of the commits
MOST_NAMED = 20

Progress = Callable[[int], None]


def write(
    content: Content,
    rows: Sequence[ExchangeRow],
    name: str,
    reason: str,
    author: Account,
    when: dt.datetime,
    progress: Progress,
) -> SavedMany:
    """The rows of a dry run as one commit. Raises JobRefused when a record moved since: then nothing is written."""
    snapshot = content.snapshot()
    snapshot.read(path for row in rows if (path := snapshot.paths.get(row.record_id)))
    current = {(row.type_name, row.record_id): _current(content, row) for row in rows}
    if rows and all(_written(current[row.type_name, row.record_id], row) for row in rows):
        return SavedMany(content.store.history(rows[-1].record_id, limit=1)[0].commit)  # before its worker was killed
    moved = [row for row in rows if _stamp(current[row.type_name, row.record_id]) != row.base]
    if moved:
        raise _moved([row.title for row in moved])
    changes = []
    for row in rows:
        kind, base = TYPES[row.type_name], current[row.type_name, row.record_id]
        blob = base.blob if base is not None and not kind.collective else None
        changes.append(Change(kind, row.record_id, row.data, blob, fresh=base is None))
    try:
        return content.save_many(
            changes,
            author,
            when,
            subject=subject(name, reason, rows),
            lines=_lines(rows),
            action=IMPORT,
            progress=progress,
        )
    except (Conflict, RecordExists, RecordNotFound) as fault:  # somebody saved one of them in this very moment
        raise _moved([str(fault)]) from None
    except InvalidRecord as fault:
        raise JobRefused(fault.message, hint=fault.hint) from None


def _current(content: Content, row: ExchangeRow) -> Record | None:
    kind = TYPES[row.type_name]
    return content.record(f"{row.type_name}:{row.record_id}" if kind.collective else row.record_id)


def _written(record: Record | None, row: ExchangeRow) -> bool:
    """True when the record is what the row makes of it; the sequence of an event apart, which a save counts."""
    if record is None or row.data is None:
        return False
    wanted, now = ({**data, "sequence": 0} for data in (row.data, record.data))
    return wanted == now


def _stamp(record: Record | None) -> str:
    return stamp(record) if record is not None else ""


def _moved(titles: Sequence[str]) -> JobRefused:
    faults = [{"words": sentences(title)} for title in titles[:MOST_NAMED]]
    return JobRefused(
        _("Des fiches de cet import ont changé depuis la vérification\u00a0: rien n’a été écrit."),
        faults,
        hint=_("Vérifiez de nouveau\u00a0: vous verrez ce que l’import donne maintenant."),
    )


def subject(name: str, reason: str, rows: Sequence[ExchangeRow]) -> str:
    """The first line of the commit, in French like all of the history."""
    counts = Counter(row.kind for row in rows)
    done = f"{number(counts['new'])} fiches créées, {number(counts['changed'])} modifiées"
    why = reason.strip().rstrip(".")
    return f"{why}\u00a0: import de {name}, {done}" if why else f"Import de {name}\u00a0: {done}"


def _lines(rows: Sequence[ExchangeRow]) -> list[str]:
    """Types and numbers, for whoever reads the history."""
    found = []
    for type_name in dict.fromkeys(row.type_name for row in rows):
        counts = Counter(row.kind for row in rows if row.type_name == type_name)
        words = f"{TYPES[type_name].title_words}\u00a0: {number(counts['new'])} créées"
        found.append(f"{words}, {number(counts['changed'])} modifiées.")
    return found


def take_back(content: Content, revision: str, author: Account, when: dt.datetime, progress: Progress) -> bulk.Undoing:
    """Undo an import as one commit, but for what somebody changed since. Raises RevisionUnknown."""
    found = bulk.undoing(content, revision, (IMPORT,))
    if found.changes:
        content.save_many(
            found.changes,
            author,
            when,
            subject=bulk.undone(found),
            lines=(),
            action=UNDO,
            progress=progress,
        )
    return found
