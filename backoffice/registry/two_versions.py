"""Questions after two machines changed the same thing: kept until a person has chosen, then for a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select

from backoffice.registry.database import Registry
from backoffice.registry.remote_schema import TwoVersions
from participation.store.remote_merge import Clash

KEPT = dt.timedelta(days=365)


def keep(registry: Registry, commit: str, clashes: Sequence[Clash], now: dt.datetime) -> None:
    """Keep the questions of the commit that unites, in place of those kept for it before."""
    rows = [
        TwoVersions(
            commit=commit,
            kind=one.kind.value,
            path=one.path[:300],
            record_id=one.record_id[:100],
            type_name=one.type_name,
            base=one.base or "",
            ours=one.ours or "",
            theirs=one.theirs or "",
            fields=" ".join(one.fields),
            at=now,
        )
        for one in clashes
    ]
    with registry.begin() as transaction:
        transaction.execute(delete(TwoVersions).where(TwoVersions.commit == commit))
        transaction.add_all(rows)


def waiting(registry: Registry) -> list[TwoVersions]:
    """The questions without an answer, oldest first."""
    with registry.read() as transaction:
        return list(
            transaction.scalars(select(TwoVersions).where(TwoVersions.settled.is_(None)).order_by(TwoVersions.id))
        )


def find(registry: Registry, number: int) -> TwoVersions | None:
    """The question of that number."""
    with registry.read() as transaction:
        return transaction.get(TwoVersions, number)


def settle(registry: Registry, number: int, account_id: int | None, now: dt.datetime) -> None:
    """Somebody has chosen."""
    with registry.begin() as transaction:
        row = transaction.get_one(TwoVersions, number)
        row.settled, row.account_id = now, account_id


def drop(registry: Registry, commits: Collection[str]) -> None:
    """Forget the questions of commits that never came into the content."""
    with registry.begin() as transaction:
        transaction.execute(delete(TwoVersions).where(TwoVersions.commit.in_(sorted(commits))))


def forget_old(registry: Registry, now: dt.datetime) -> None:
    """Drop what was settled long ago; both versions stay in the history of the content."""
    with registry.begin() as transaction:
        transaction.execute(delete(TwoVersions).where(TwoVersions.settled < now - KEPT))
