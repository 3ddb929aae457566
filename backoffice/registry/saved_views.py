"""Views of lists that people keep: a name for a search, its filters, order and columns. Own and shared."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select

from backoffice.registry.database import Registry
from backoffice.registry.schema import SavedView

MOST = 60  # per account


def keep(
    registry: Registry, account_id: int, type_name: str, name: str, asked: str, *, shared: bool, now: dt.datetime
) -> SavedView | None:
    """Keep a view; one of the same name on the same list is replaced. None when there are too many already."""
    with registry.begin() as transaction:
        mine = select(SavedView).where(SavedView.account_id == account_id)
        same = transaction.scalars(mine.where(SavedView.type_name == type_name, SavedView.name == name)).first()
        if same is not None:
            same.asked, same.shared = asked, shared
            return same
        if len(transaction.scalars(mine).all()) >= MOST:
            return None
        view = SavedView(account_id=account_id, type_name=type_name, name=name, asked=asked, shared=shared, created=now)
        transaction.add(view)
        transaction.flush()
        return view


def for_list(registry: Registry, account_id: int, type_name: str) -> list[SavedView]:
    """The views that this account may use on that list: its own, then those that others share."""
    query = select(SavedView).where(
        SavedView.type_name == type_name, or_(SavedView.account_id == account_id, SavedView.shared.is_(True))
    )
    with registry.read() as transaction:
        found = list(transaction.scalars(query))
    return sorted(found, key=lambda view: (view.account_id != account_id, view.name.casefold(), view.id))


def find(registry: Registry, view_id: int, account_id: int) -> SavedView | None:
    """A view by its number, when this account may use it."""
    with registry.read() as transaction:
        view = transaction.get(SavedView, view_id)
    return view if view is not None and (view.shared or view.account_id == account_id) else None


def drop(registry: Registry, view_id: int) -> None:
    """Forget a view."""
    with registry.begin() as transaction:
        view = transaction.get(SavedView, view_id)
        if view is not None:
            transaction.delete(view)
