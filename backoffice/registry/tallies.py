"""What is entered on count night: entries, their lines, settled differences, scans. Each call is one transaction.

A line and the figures that follow from it are written together or not at all, so that a process killed at any moment
leaves sums that are those of the lines. What a line means is decided by `backoffice.vote`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from backoffice.registry.database import Registry
from backoffice.registry.schema import Account
from backoffice.registry.tally_schema import TallyEntry, TallyLine, TallyScan, TallySettled, TallyTypist

KEPT = dt.timedelta(days=365)

Figures = dict[str, int]
Apply = Callable[[Figures, Mapping[str, Any], int], None]  # figures, line, +1 or -1


def entries(registry: Registry, place_ids: Collection[str]) -> dict[str, dict[int, TallyEntry]]:
    """Place -> number (1, 2) -> entry, for those places."""
    found: dict[str, dict[int, TallyEntry]] = {one: {} for one in place_ids}
    with registry.read() as transaction:
        for entry in transaction.scalars(select(TallyEntry).where(TallyEntry.place_id.in_(place_ids))):
            found[entry.place_id][entry.number] = entry
    return found


def entry(registry: Registry, place_id: str, number: int) -> TallyEntry | None:
    """One entry of a place."""
    return entries(registry, [place_id])[place_id].get(number)


def start(
    registry: Registry, place_id: str, number: int, mode: str, account: Account, now: dt.datetime
) -> TallyEntry | None:
    """Begin an entry; None when somebody was quicker."""
    made = TallyEntry(
        place_id=place_id,
        number=number,
        account_id=account.id,
        pseudonym=account.pseudonym,
        mode=mode,
        figures={},
        started=now,
        saved=now,
    )
    try:
        with registry.begin() as transaction:
            transaction.add(made)
            transaction.flush()
            transaction.add(TallyTypist(entry_id=made.id, account_id=account.id))
    except IntegrityError:
        return None
    return made


def take_over(registry: Registry, entry_id: int, account: Account, now: dt.datetime) -> None:
    """Somebody else goes on with an entry."""
    with registry.begin() as transaction:
        found = transaction.get_one(TallyEntry, entry_id, with_for_update=True)
        found.account_id, found.pseudonym, found.saved = account.id, account.pseudonym, now
        transaction.merge(TallyTypist(entry_id=entry_id, account_id=account.id))


def typed_by(registry: Registry, entry_id: int, account: Account) -> bool:
    """Whether somebody typed in an entry, even if another person went on with it."""
    with registry.read() as transaction:
        return transaction.get(TallyTypist, (entry_id, account.id)) is not None


def add(registry: Registry, entry_id: int, key: str, what: dict[str, Any], apply: Apply, now: dt.datetime) -> bool:
    """Add a line, with what it does to the figures; False when it was there already, or the entry is finished."""
    with registry.begin() as transaction:
        found = transaction.get_one(TallyEntry, entry_id, with_for_update=True)
        same = select(TallyLine.id).where(TallyLine.entry_id == entry_id, TallyLine.key == key)
        if found.finished is not None or transaction.scalars(same).first() is not None:
            return False
        figures = dict(found.figures)
        apply(figures, what, 1)
        transaction.add(TallyLine(entry_id=entry_id, key=key, what=what))
        found.figures, found.saved, found.lines = figures, now, found.lines + 1
    return True


def undo(registry: Registry, entry_id: int, apply: Apply, now: dt.datetime) -> dict[str, Any] | None:
    """Take the last line back and give it; None when there is none."""
    with registry.begin() as transaction:
        found = transaction.get_one(TallyEntry, entry_id, with_for_update=True)
        newest = select(TallyLine).where(TallyLine.entry_id == entry_id).order_by(TallyLine.id.desc()).limit(1)
        line = transaction.scalars(newest).first()
        if line is None or found.finished is not None:
            return None
        figures = dict(found.figures)
        apply(figures, line.what, -1)
        found.figures, found.saved, found.lines = figures, now, found.lines - 1
        transaction.delete(line)
        return line.what


def put(registry: Registry, entry_id: int, figures: Mapping[str, int | None], now: dt.datetime) -> None:
    """Write figures that were typed as such; None empties one."""
    with registry.begin() as transaction:
        found = transaction.get_one(TallyEntry, entry_id, with_for_update=True)
        if found.finished is None:
            merged = found.figures | dict(figures)
            found.figures = {name: value for name, value in merged.items() if value is not None}
            found.saved = now


def finish(registry: Registry, entry_id: int, now: dt.datetime | None) -> None:
    """Say that an entry is complete; None opens it again."""
    with registry.begin() as transaction:
        transaction.get_one(TallyEntry, entry_id, with_for_update=True).finished = now


def last(registry: Registry, entry_id: int, number: int) -> list[TallyLine]:
    """The newest lines, the last one first."""
    newest = select(TallyLine).where(TallyLine.entry_id == entry_id).order_by(TallyLine.id.desc()).limit(number)
    with registry.read() as transaction:
        return list(transaction.scalars(newest))


def everything(registry: Registry, entry_id: int) -> list[TallyLine]:
    """Every line, in the order in which it was typed."""
    with registry.read() as transaction:
        return list(transaction.scalars(select(TallyLine).where(TallyLine.entry_id == entry_id).order_by(TallyLine.id)))


def reopen(registry: Registry, place_id: str) -> None:
    """Both entries of a place may be changed again; settled differences are asked about again."""
    with registry.begin() as transaction:
        for found in transaction.scalars(select(TallyEntry).where(TallyEntry.place_id == place_id)):
            found.finished = None
        transaction.execute(delete(TallySettled).where(TallySettled.place_id == place_id))


def settle(
    registry: Registry, place_id: str, key: str, kept: str, reason: str, account: Account, now: dt.datetime
) -> None:
    """Note what holds of a difference, in place of what was noted before."""
    with registry.begin() as transaction:
        transaction.merge(
            TallySettled(
                place_id=place_id, key=key, kept=kept, reason=reason[:300], pseudonym=account.pseudonym, at=now
            )
        )


def settled(registry: Registry, place_id: str) -> dict[str, TallySettled]:
    """Difference -> how it was settled."""
    with registry.read() as transaction:
        found = transaction.scalars(select(TallySettled).where(TallySettled.place_id == place_id))
        return {one.key: one for one in found}


def attach(registry: Registry, place_id: str, sha256: str, kind: str, content: bytes, now: dt.datetime) -> None:
    """Keep the picture of a signed sheet, in place of an earlier one."""
    with registry.begin() as transaction:
        transaction.merge(TallyScan(place_id=place_id, sha256=sha256, kind=kind, content=content, at=now))


def scan(registry: Registry, place_id: str) -> TallyScan | None:
    """The picture of the signed sheet of a place."""
    with registry.read() as transaction:
        return transaction.get(TallyScan, place_id)


def forget_old(registry: Registry, now: dt.datetime) -> None:
    """Drop entries that nobody touched for a year: what they gave is in the content."""
    old = select(TallyEntry.id).where(TallyEntry.saved < now - KEPT)
    with registry.begin() as transaction:
        transaction.execute(delete(TallyLine).where(TallyLine.entry_id.in_(old)))
        transaction.execute(delete(TallyTypist).where(TallyTypist.entry_id.in_(old)))
        transaction.execute(delete(TallyEntry).where(TallyEntry.saved < now - KEPT))
        transaction.execute(delete(TallySettled).where(TallySettled.at < now - KEPT))
        transaction.execute(delete(TallyScan).where(TallyScan.at < now - KEPT))
