"""Kept forms: what someone typed and has not saved, for that account only, for a month."""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import delete, select

from backoffice.registry.database import Registry
from backoffice.registry.schema import KeptForm

MOST = 50  # per account; the oldest go first

Pairs = list[tuple[str, str]]


def keep(
    registry: Registry, account_id: int, subject: str, title: str, pairs: Pairs, reason: str, now: dt.datetime
) -> int:
    """Keep the pairs of a form for its path `subject`, in place of what was kept there; return its number."""
    with registry.begin() as transaction:
        mine = select(KeptForm).where(KeptForm.account_id == account_id)
        same = transaction.scalars(mine.where(KeptForm.subject == subject)).first()
        text = json.dumps(pairs, ensure_ascii=False)
        if same is not None:
            same.title, same.pairs, same.reason, same.saved = title[:300], text, reason, now
            return same.id
        kept = KeptForm(
            account_id=account_id, subject=subject[:300], title=title[:300], pairs=text, reason=reason, saved=now
        )
        transaction.add(kept)
        transaction.flush()
        for old in transaction.scalars(mine.order_by(KeptForm.saved.desc(), KeptForm.id.desc()).offset(MOST)):
            transaction.delete(old)
        return kept.id


def offered(registry: Registry, account_id: int, subject: str) -> KeptForm | None:
    """What this account left unsaved on that path."""
    query = select(KeptForm).where(KeptForm.account_id == account_id, KeptForm.subject == subject)
    with registry.read() as transaction:
        return transaction.scalars(query).first()


def mine(registry: Registry, account_id: int) -> list[KeptForm]:
    """Everything this account left unsaved, newest first."""
    query = select(KeptForm).where(KeptForm.account_id == account_id).order_by(KeptForm.saved.desc())
    with registry.read() as transaction:
        return list(transaction.scalars(query))


def pairs_of(kept: KeptForm) -> Pairs:
    """The names and values as they were sent."""
    return [(str(name), str(value)) for name, value in json.loads(kept.pairs)]


def drop(registry: Registry, account_id: int, subject: str) -> None:
    """Forget what was kept there: it was saved, or thrown away by its author."""
    with registry.begin() as transaction:
        transaction.execute(delete(KeptForm).where(KeptForm.account_id == account_id, KeptForm.subject == subject))


def forget_old(registry: Registry, now: dt.datetime, days: int) -> None:
    """Drop what has waited longer than the time announced."""
    with registry.begin() as transaction:
        transaction.execute(delete(KeptForm).where(KeptForm.saved < now - dt.timedelta(days=days)))
