"""Records held back from publication by someone. What that does to a publication is the store's business."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select

from backoffice.registry.database import Registry
from backoffice.registry.schema import HeldRecord


def hold(registry: Registry, record_id: str, account_id: int, now: dt.datetime) -> None:
    """Hold a record back; holding it twice changes nothing."""
    with registry.begin() as transaction:
        if transaction.get(HeldRecord, record_id) is None:
            transaction.add(HeldRecord(record_id=record_id[:100], account_id=account_id, since=now))


def release(registry: Registry, record_id: str) -> None:
    """Let it go with the next publication again."""
    with registry.begin() as transaction:
        transaction.execute(delete(HeldRecord).where(HeldRecord.record_id == record_id))


def held(registry: Registry) -> set[str]:
    """The ids of every record held back."""
    with registry.read() as transaction:
        return set(transaction.scalars(select(HeldRecord.record_id)))
