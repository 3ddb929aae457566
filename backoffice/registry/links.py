"""One-time links by which someone invited, or who lost their password, chooses one. People hand them on; no mail.

An account has one good link at most; making another ends the one before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import delete, select

from backoffice.registry.database import Registry
from backoffice.registry.schema import AccessLink, Account

INVITATION, RESET = "invitation", "reset"
GOOD_FOR = {INVITATION: dt.timedelta(days=7), RESET: dt.timedelta(days=2)}


def make(registry: Registry, account_id: int, kind: str, now: dt.datetime) -> str:
    """Make the link of an account and return its token, which is stored nowhere else."""
    token = secrets.token_urlsafe(32)
    link = AccessLink(
        token_hash=_hash(token), account_id=account_id, kind=kind, created=now, expires=now + GOOD_FOR[kind]
    )
    with registry.begin() as transaction:
        transaction.execute(delete(AccessLink).where(AccessLink.account_id == account_id))
        transaction.add(link)
    return token


def whose(registry: Registry, token: str, now: dt.datetime) -> Account | None:
    """The active account that a link is good for; None for one that is unknown, used, replaced or too old."""
    join = select(Account).join(AccessLink, AccessLink.account_id == Account.id)
    query = join.where(AccessLink.token_hash == _hash(token), AccessLink.expires > now, Account.active)
    with registry.read() as transaction:
        return transaction.scalar(query)


def use(registry: Registry, token: str, now: dt.datetime) -> bool:
    """Take the link away; False when it was not good (any more): of two that use it at once, one gets True."""
    good = delete(AccessLink).where(AccessLink.token_hash == _hash(token), AccessLink.expires > now)
    with registry.begin() as transaction:
        return getattr(transaction.execute(good), "rowcount", 0) == 1


def waiting(registry: Registry, now: dt.datetime) -> dict[int, AccessLink]:
    """The good links by account, to say who was invited and has not come."""
    with registry.read() as transaction:
        found = transaction.scalars(select(AccessLink).where(AccessLink.expires > now))
        return {link.account_id: link for link in found}


def end(registry: Registry, account_id: int) -> None:
    """Take the link of an account away: it was switched off, or chose a password another way."""
    with registry.begin() as transaction:
        transaction.execute(delete(AccessLink).where(AccessLink.account_id == account_id))


def forget_old(registry: Registry, now: dt.datetime) -> None:
    """Drop links that are good no longer."""
    with registry.begin() as transaction:
        transaction.execute(delete(AccessLink).where(AccessLink.expires <= now))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
