"""Files of ballots on their way into the content: begun, matched, checked, written, undone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import defer

from backoffice.registry.database import Registry
from backoffice.registry.tally_schema import BallotImport

KEPT = dt.timedelta(days=7)  # of a file that nobody went on with: it may tell who voted
_BARE = defer(BallotImport.content, raiseload=True)  # up to 40 MB, which few pages need


def begin(
    registry: Registry, account_id: int, place_id: str, kind: str, name: str, content: bytes, now: dt.datetime
) -> BallotImport:
    """Keep a file until it is in the content or given up."""
    made = BallotImport(
        account_id=account_id,
        place_id=place_id,
        kind=kind,
        name=name[:200],
        created=now,
        options={},
        report={},
        content=content,
    )
    with registry.begin() as transaction:
        transaction.add(made)
    return made


def find(registry: Registry, import_id: int) -> BallotImport | None:
    """The import of that number, without its file."""
    query = select(BallotImport).where(BallotImport.id == import_id).options(_BARE)
    with registry.read() as transaction:
        return transaction.scalar(query)


def file_of(registry: Registry, import_id: int) -> bytes | None:
    """The bytes of its file; None once they were dropped."""
    with registry.read() as transaction:
        return transaction.scalar(select(BallotImport.content).where(BallotImport.id == import_id))


def of_edition(registry: Registry, edition: str) -> list[BallotImport]:
    """The imports of an edition's places, newest first, without their files."""
    query = (
        select(BallotImport)
        .where(BallotImport.place_id.startswith(f"{edition}-", autoescape=True))
        .order_by(BallotImport.id.desc())
        .options(_BARE)
    )
    with registry.read() as transaction:
        return list(transaction.scalars(query))


def change(registry: Registry, import_id: int, **values: Any) -> None:
    """Note what was chosen, found or done."""
    with registry.begin() as transaction:
        transaction.execute(update(BallotImport).where(BallotImport.id == import_id).values(**values))


def drop(registry: Registry, import_id: int) -> None:
    """Give an import up, with its file."""
    with registry.begin() as transaction:
        transaction.execute(delete(BallotImport).where(BallotImport.id == import_id))


def forget_old(registry: Registry, now: dt.datetime) -> None:
    """Drop files that nobody went on with."""
    with registry.begin() as transaction:
        waiting = BallotImport.stage.in_(("columns", "checked", "writing"))
        transaction.execute(delete(BallotImport).where(BallotImport.created < now - KEPT, waiting))
