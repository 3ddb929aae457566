"""The audit log: what people did besides changing content. Written by `backoffice.audit`, kept a year."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from sqlalchemy import Select, delete, func, select

from backoffice.registry.database import Registry
from backoffice.registry.schema import AuditEvent

Rows = TypeVar("Rows", bound=Select[Any])

KEPT = dt.timedelta(days=365)  # CNIL: between six months and one year for logs of access


def note(
    registry: Registry,
    now: dt.datetime,
    kind: str,
    account_id: int | None,
    subject: str = "",
    address: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Write one event. `subject` and `detail` hold identifiers and figures, never a name nor what was typed."""
    event = AuditEvent(
        at=now, kind=kind, account_id=account_id, subject=subject[:100], address=address[:60], detail=detail or {}
    )
    with registry.begin() as transaction:
        transaction.add(event)


def latest(
    registry: Registry, limit: int, skip: int = 0, *, kind: str = "", account_id: int | None = None, subject: str = ""
) -> list[AuditEvent]:
    """Events, the latest first; of one kind, of one account, about one subject where asked."""
    query = _narrowed(select(AuditEvent), kind, account_id, subject)
    query = query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(limit).offset(skip)
    with registry.read() as transaction:
        return list(transaction.scalars(query))


def count(registry: Registry, *, kind: str = "", account_id: int | None = None) -> int:
    """How many events there are of one kind, of one account."""
    with registry.read() as transaction:
        return transaction.scalar(_narrowed(select(func.count(AuditEvent.id)), kind, account_id, "")) or 0


def _narrowed(query: Rows, kind: str, account_id: int | None, subject: str) -> Rows:
    if kind:
        query = query.where(AuditEvent.kind == kind)
    if account_id is not None:
        query = query.where(AuditEvent.account_id == account_id)
    return query.where(AuditEvent.subject == subject) if subject else query


def forget_old(registry: Registry, now: dt.datetime) -> None:
    """Drop what is older than a year."""
    with registry.begin() as transaction:
        transaction.execute(delete(AuditEvent).where(AuditEvent.at < now - KEPT))
