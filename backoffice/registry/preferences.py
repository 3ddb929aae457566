"""What each account prefers: small choices that last. Which ones there are is their users' business."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.registry.database import Registry
from backoffice.registry.schema import Table


class Preference(Table):
    """One choice of an account that was made once and lasts: the tour is over, shortcuts are off."""

    __tablename__ = "preferences"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(40))


def of_account(registry: Registry, account_id: int) -> dict[str, str]:
    """Name -> value of everything this account has chosen."""
    with registry.read() as transaction:
        found = transaction.scalars(select(Preference).where(Preference.account_id == account_id))
        return {one.name: one.value for one in found}


def choose(registry: Registry, account_id: int, name: str, value: str) -> None:
    """Remember a choice in place of the one before."""
    with registry.begin() as transaction:
        known = transaction.get(Preference, (account_id, name))
        if known is None:
            transaction.add(Preference(account_id=account_id, name=name, value=value))
        else:
            known.value = value
