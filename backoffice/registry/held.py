"""Records that someone keeps out of the next publications, with who, since when and why."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select

from backoffice.registry.database import Registry
from backoffice.registry.schema import HeldRecord

LONGEST_ID = 100  # characters, as the column; a longer name is a path that is told otherwise
LONGEST_REASON = 500


def hold(registry: Registry, record_id: str, account_id: int, now: dt.datetime, reason: str = "") -> None:
    """Hold a record (or a file, by its path) back; holding it again changes only the reason."""
    with registry.begin() as transaction:
        known = transaction.get(HeldRecord, record_id)
        if known is None:
            known = HeldRecord(record_id=record_id[:LONGEST_ID], account_id=account_id, since=now)
            transaction.add(known)
        known.reason = reason.strip()[:LONGEST_REASON]


def release(registry: Registry, record_id: str) -> None:
    """Let it go with the next publication again."""
    with registry.begin() as transaction:
        transaction.execute(delete(HeldRecord).where(HeldRecord.record_id == record_id))


def held(registry: Registry) -> set[str]:
    """The ids of every record held back."""
    with registry.read() as transaction:
        return set(transaction.scalars(select(HeldRecord.record_id)))


def holds(registry: Registry) -> dict[str, HeldRecord]:
    """Id -> who holds it back, since when and why."""
    with registry.read() as transaction:
        return {one.record_id: one for one in transaction.scalars(select(HeldRecord))}
