"""The table of what a person must choose after two machines changed the same thing. Columns only, as in `schema`."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.registry.schema import Table


class TwoVersions(Table):
    """One question: blobs of the file before, here and there ("": absent), and the commit that united the two sides."""

    __tablename__ = "two_versions"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    commit: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # as participation.store.remote_merge.Kind says
    path: Mapped[str] = mapped_column(String(300))
    record_id: Mapped[str] = mapped_column(String(100))
    type_name: Mapped[str] = mapped_column(String(40))
    base: Mapped[str] = mapped_column(String(64))
    ours: Mapped[str] = mapped_column(String(64))
    theirs: Mapped[str] = mapped_column(String(64))
    fields: Mapped[str] = mapped_column(Text)  # names with spaces between them
    at: Mapped[dt.datetime]
    settled: Mapped[dt.datetime | None] = mapped_column(default=None)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), default=None)
    __table_args__ = (Index("two_versions_open", "settled", "id"),)
