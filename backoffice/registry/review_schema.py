"""The tables of reviewing and of forms that are open. Columns only, as in `schema`."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.registry.schema import Table


class Review(Table):
    """What someone said of one change: the file at `path` going from blob `before` to blob `after` ("": absent)."""

    __tablename__ = "reviews"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    path: Mapped[str] = mapped_column(String(300))
    record_id: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(300))
    before: Mapped[str] = mapped_column(String(64))
    after: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(20))  # approved, returned
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    pseudonym: Mapped[str] = mapped_column(String(40))  # as it goes into the publication's trailers
    authors: Mapped[str] = mapped_column(Text)  # pseudonyms of those who made the change, with spaces around each
    remark: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]
    __table_args__ = (Index("reviews_by_path", "path", "at"),)


class OpenForm(Table):
    """A form that someone has open: noted when it is shown, and by a light call while it stays so."""

    __tablename__ = "open_forms"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    since: Mapped[dt.datetime]
    seen: Mapped[dt.datetime]
