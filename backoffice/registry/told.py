"""Which owners were told of which decision: the record and the row of its states. Who they are is not known here."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from backoffice.registry.database import Registry
from backoffice.registry.schema import ToldOwner


def told(registry: Registry) -> frozenset[tuple[str, int]]:
    """Record and row of every decision that its owner was told of."""
    with registry.read() as transaction:
        found = transaction.execute(select(ToldOwner.record_id, ToldOwner.row)).all()
    return frozenset((record_id, row) for record_id, row in found)


def tell(registry: Registry, record_id: str, row: int, account_id: int, now: dt.datetime) -> None:
    """Note that the owner was told of the decision that is row `row` of the record's states."""
    with registry.begin() as transaction:
        if transaction.get(ToldOwner, (record_id, row)) is None:
            transaction.add(ToldOwner(record_id=record_id, row=row, account_id=account_id, told=now))
