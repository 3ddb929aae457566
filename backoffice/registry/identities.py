"""Who an account is at an identity provider: the pair of issuer and subject, linked once and told by nobody else."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import ForeignKey, UniqueConstraint

from backoffice.registry.database import Registry
from backoffice.registry.schema import Account, Table


class Identity(Table):
    """An account known by a provider under a name that never changes there."""

    __tablename__ = "identities"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(300), repr=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    linked: Mapped[dt.datetime]
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("issuer", "account_id"))


def whose(registry: Registry, issuer: str, subject: str) -> Account | None:
    """The account that this identity opens, active or not."""
    join = select(Account).join(Identity, Identity.account_id == Account.id)
    with registry.read() as transaction:
        return transaction.scalar(join.where(Identity.issuer == issuer, Identity.subject == subject))


def of(registry: Registry, account_id: int, issuer: str) -> Identity | None:
    """How the provider knows that account."""
    query = select(Identity).where(Identity.account_id == account_id, Identity.issuer == issuer)
    with registry.read() as transaction:
        return transaction.scalar(query)


def linked_accounts(registry: Registry) -> frozenset[int]:
    """The accounts that a provider opens."""
    with registry.read() as transaction:
        return frozenset(transaction.scalars(select(Identity.account_id)))


def link(registry: Registry, account_id: int, issuer: str, subject: str, now: dt.datetime) -> bool:
    """Let this identity open that account; False when either has another partner already."""
    try:
        with registry.begin() as transaction:
            transaction.add(Identity(issuer=issuer, subject=subject, account_id=account_id, linked=now))
    except IntegrityError:
        known = whose(registry, issuer, subject)
        return known is not None and known.id == account_id
    return True


def unlink(registry: Registry, account_id: int) -> None:
    """Let no provider open that account any more."""
    with registry.begin() as transaction:
        transaction.execute(delete(Identity).where(Identity.account_id == account_id))
