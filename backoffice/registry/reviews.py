"""What second persons said of changes: approved, or sent back with a remark. What counts is `publish.reviewing`'s."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from backoffice.registry.database import Registry
from backoffice.registry.review_schema import Review
from backoffice.registry.schema import Account

APPROVED, RETURNED = "approved", "returned"
LONGEST_REMARK = 2_000
KEPT = dt.timedelta(days=365)
_BLOCK = 400  # paths in one question to the database


@dataclass(frozen=True, slots=True)
class Item:
    """One change that is judged: blobs of its file ("": absent), pseudonyms of its authors."""

    path: str
    record_id: str
    title: str
    before: str
    after: str
    authors: Collection[str]


def give(
    registry: Registry, items: Sequence[Item], account: Account, verdict: str, remark: str, now: dt.datetime
) -> None:
    """Note one verdict on each of these changes."""
    with registry.begin() as transaction:
        for item in items:
            transaction.add(
                Review(
                    path=item.path,
                    record_id=item.record_id[:100],
                    title=item.title[:300],
                    before=item.before,
                    after=item.after,
                    verdict=verdict,
                    account_id=account.id,
                    pseudonym=account.pseudonym,
                    authors=f" {' '.join(item.authors)} ",
                    remark=remark.strip()[:LONGEST_REMARK],
                    at=now,
                )
            )


def latest(registry: Registry, paths: Sequence[str]) -> dict[tuple[str, str, str], Review]:
    """(path, before, after) -> what was said last of that change."""
    found: dict[tuple[str, str, str], Review] = {}
    with registry.read() as transaction:
        for start in range(0, len(paths), _BLOCK):
            asked = select(Review).where(Review.path.in_(paths[start : start + _BLOCK])).order_by(Review.id)
            found.update({(one.path, one.before, one.after): one for one in transaction.scalars(asked)})
    return found


def returned_to(registry: Registry, pseudonym: str) -> list[Review]:
    """Everything that was ever sent back to that author, the latest first."""
    mine = Review.authors.contains(f" {pseudonym} ", autoescape=True)
    query = select(Review).where(Review.verdict == RETURNED, mine).order_by(Review.id.desc())
    with registry.read() as transaction:
        return list(transaction.scalars(query))


def void_approvals(registry: Registry) -> None:
    """Nothing approved before counts any more: an earlier publication was put back, for a reason."""
    with registry.begin() as transaction:
        transaction.execute(delete(Review).where(Review.verdict == APPROVED))


def forget_old(registry: Registry, now: dt.datetime) -> None:
    """Drop what was said long ago; the trailers of the publications stay."""
    with registry.begin() as transaction:
        transaction.execute(delete(Review).where(Review.at < now - KEPT))
