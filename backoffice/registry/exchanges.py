"""Imports and exports under way: beginning one, what was chosen, the rows of its dry run, forgetting it.

Each belongs to one account. What is in a file, and what becomes of it, is `backoffice.exchange`'s.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update
from sqlalchemy.orm import load_only

from backoffice.registry.database import Registry
from backoffice.registry.exchange_schema import ColumnMatching, Exchange, ExchangeFile, ExchangeRow
from backoffice.registry.schema import Job

KEPT = dt.timedelta(days=7)
MOST = 10  # begun by one account; the oldest go first, but for those that the worker works on
MATCHINGS_KEPT = dt.timedelta(days=730)


def begin(
    registry: Registry,
    account_id: int,
    kind: str,
    type_name: str,
    name: str,
    data: bytes,
    now: dt.datetime,
    **more: Any,
) -> Exchange:
    """Begin an exchange with its file; the oldest of that account go when there are too many."""
    made = Exchange(
        account_id=account_id, kind=kind, type_name=type_name, name=name[:200], created=now, touched=now, **more
    )
    with registry.begin() as transaction:
        transaction.add(made)
        transaction.flush()
        if data:
            transaction.add(ExchangeFile(exchange_id=made.id, data=data))
        mine = select(Exchange.id).where(Exchange.account_id == account_id, ~_under_way())
        mine = mine.order_by(Exchange.id.desc()).offset(MOST)
        _drop(transaction, transaction.scalars(mine).all())
    return made


def find(registry: Registry, exchange_id: int, account_id: int) -> Exchange | None:
    """The exchange of that number, when it is this account's."""
    with registry.read() as transaction:
        found = transaction.get(Exchange, exchange_id)
    return found if found is not None and found.account_id == account_id else None


def mine(registry: Registry, account_id: int) -> list[Exchange]:
    """What this account has begun, newest first: what a list shows of each, and not what was found in its file."""
    shown = load_only(Exchange.id, Exchange.kind, Exchange.name, Exchange.stage, Exchange.touched, raiseload=True)
    query = select(Exchange).where(Exchange.account_id == account_id).order_by(Exchange.id.desc()).options(shown)
    with registry.read() as transaction:
        return list(transaction.scalars(query))


def change(registry: Registry, exchange_id: int, now: dt.datetime, **values: Any) -> None:
    """Note what was chosen, found or done."""
    with registry.begin() as transaction:
        transaction.execute(update(Exchange).where(Exchange.id == exchange_id).values(touched=now, **values))


def drop(registry: Registry, exchange_id: int) -> None:
    """Forget an exchange, its file and its rows."""
    with registry.begin() as transaction:
        _drop(transaction, [exchange_id])


def forget_old(registry: Registry, now: dt.datetime) -> None:
    """Forget what nobody touched for some days, and matchings that nobody used for years."""
    with registry.begin() as transaction:
        old = select(Exchange.id).where(Exchange.touched < now - KEPT, ~_under_way())
        _drop(transaction, transaction.scalars(old).all())
        transaction.execute(delete(ColumnMatching).where(ColumnMatching.used < now - MATCHINGS_KEPT))


def _under_way() -> ColumnElement[bool]:
    """The worker has something of it still to do."""
    return exists().where(Job.id == Exchange.job_id, Job.finished.is_(None))


def _drop(transaction: Any, ids: Sequence[int]) -> None:
    for table, column in (
        (ExchangeRow, ExchangeRow.exchange_id),
        (ExchangeFile, ExchangeFile.exchange_id),
        (Exchange, Exchange.id),
    ):
        if ids:
            transaction.execute(delete(table).where(column.in_(ids)))


# ---------------------------------------------------------------------------------------------------- the file


def file_of(registry: Registry, exchange_id: int) -> bytes | None:
    """The bytes of its file; None once they were deleted."""
    with registry.read() as transaction:
        return transaction.scalar(select(ExchangeFile.data).where(ExchangeFile.exchange_id == exchange_id))


def put_file(registry: Registry, exchange_id: int, data: bytes) -> None:
    """Keep a file that was made, in place of what was there."""
    with registry.begin() as transaction:
        transaction.execute(delete(ExchangeFile).where(ExchangeFile.exchange_id == exchange_id))
        transaction.add(ExchangeFile(exchange_id=exchange_id, data=data))


def drop_file(registry: Registry, exchange_id: int) -> None:
    """Delete the bytes of its file: they have served."""
    with registry.begin() as transaction:
        transaction.execute(delete(ExchangeFile).where(ExchangeFile.exchange_id == exchange_id))


# ---------------------------------------------------------------------------------------------------- the rows


def put_rows(registry: Registry, exchange_id: int, rows: Iterable[dict[str, Any]]) -> None:
    """The rows of a dry run, in place of those of the one before."""
    listed = [{"exchange_id": exchange_id, "number": number, **row} for number, row in enumerate(rows)]
    with registry.begin() as transaction:
        transaction.execute(delete(ExchangeRow).where(ExchangeRow.exchange_id == exchange_id))
        if listed:
            transaction.execute(insert(ExchangeRow), listed)


def rows(
    registry: Registry, exchange_id: int, kinds: Sequence[str], *, offset: int = 0, limit: int | None = None
) -> list[ExchangeRow]:
    """Rows of these kinds, in the order of the plan."""
    query = (
        select(ExchangeRow)
        .where(ExchangeRow.exchange_id == exchange_id, ExchangeRow.kind.in_(kinds))
        .order_by(ExchangeRow.number)
        .offset(offset)
        .limit(limit)
    )
    with registry.read() as transaction:
        return list(transaction.scalars(query))


def counts(registry: Registry, exchange_id: int) -> dict[str, int]:
    """How many rows of each kind."""
    query = (
        select(ExchangeRow.kind, func.count()).where(ExchangeRow.exchange_id == exchange_id).group_by(ExchangeRow.kind)
    )
    with registry.read() as transaction:
        return {str(kind): int(count) for kind, count in transaction.execute(query)}


# ---------------------------------------------------------------------------------------------------- matchings


def matching_key(type_name: str, headers: Iterable[str]) -> str:
    """What tables of a type with the same headers share, whatever their order."""
    return hashlib.sha256("\n".join([type_name, *sorted(headers)]).encode()).hexdigest()


def remembered(registry: Registry, key: str) -> dict[str, Any]:
    """What was chosen last for such a table; empty when nothing was."""
    with registry.read() as transaction:
        found = transaction.get(ColumnMatching, key)
    return dict(json.loads(found.choices)) if found is not None else {}


def remember(registry: Registry, key: str, choices: dict[str, Any], now: dt.datetime) -> None:
    """Keep what was chosen, for the next such table of anybody."""
    text = json.dumps(choices, ensure_ascii=False)
    with registry.begin() as transaction:
        found = transaction.get(ColumnMatching, key)
        if found is None:
            transaction.add(ColumnMatching(key=key, choices=text, used=now))
        else:
            found.choices, found.used = text, now
