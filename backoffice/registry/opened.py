"""Who has a record's form open: noted when the form is shown, and by a light call while it stays open."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select

from backoffice.registry.database import Registry
from backoffice.registry.review_schema import OpenForm
from backoffice.registry.schema import Account

# Without script a form says nothing after it was shown; with script it calls every half minute.
FRESH = dt.timedelta(minutes=20)


def note(registry: Registry, account_id: int, record_id: str, now: dt.datetime) -> None:
    """This account has the form of that record open."""
    with registry.begin() as transaction:
        known = transaction.get(OpenForm, (account_id, record_id[:100]))
        if known is None or known.seen < now - FRESH:
            if known is not None:
                transaction.delete(known)
                transaction.flush()
            transaction.add(OpenForm(account_id=account_id, record_id=record_id[:100], since=now, seen=now))
        else:
            known.seen = now


def close(registry: Registry, account_id: int, record_id: str) -> None:
    """It was saved or left."""
    with registry.begin() as transaction:
        mine = delete(OpenForm).where(OpenForm.account_id == account_id, OpenForm.record_id == record_id[:100])
        transaction.execute(mine)


def others(registry: Registry, account_id: int, record_id: str, now: dt.datetime) -> list[tuple[str, dt.datetime]]:
    """Name and moment of opening of everybody else who has that form open, the first one first."""
    query = (
        select(Account.name, OpenForm.since)
        .join(Account, Account.id == OpenForm.account_id)
        .where(OpenForm.record_id == record_id[:100], OpenForm.account_id != account_id, OpenForm.seen >= now - FRESH)
        .order_by(OpenForm.since)
    )
    with registry.read() as transaction:
        return [(name, since) for name, since in transaction.execute(query)]


def forget_old(registry: Registry, now: dt.datetime) -> None:
    """Drop what nobody looks at any more."""
    with registry.begin() as transaction:
        transaction.execute(delete(OpenForm).where(OpenForm.seen < now - FRESH))
