"""The tables of imports and exports under way: the file, what was chosen, the rows of the dry run. Columns only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.registry.schema import Table


class Exchange(Table):
    """An import or export that someone has begun; it survives a sign-out, and is forgotten after some days."""

    __tablename__ = "exchanges"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # table, events, export
    type_name: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))  # of the file
    stage: Mapped[str] = mapped_column(String(20))
    created: Mapped[dt.datetime]
    touched: Mapped[dt.datetime]
    job_id: Mapped[int | None] = mapped_column(default=None)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)  # what the person chose
    found: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)  # what was read in the file
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default_factory=dict)  # counts, notes, commit
    head: Mapped[str] = mapped_column(String(64), default="")  # the commit that the dry run compared with


class ExchangeFile(Table):
    """The bytes of an exchange's file: apart, because they are read by the worker only."""

    __tablename__ = "exchange_files"
    exchange_id: Mapped[int] = mapped_column(ForeignKey("exchanges.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary, repr=False)


class ExchangeRow(Table):
    """One record of a dry run, or of an import that was made."""

    __tablename__ = "exchange_rows"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    exchange_id: Mapped[int] = mapped_column(ForeignKey("exchanges.id", ondelete="CASCADE"))
    number: Mapped[int]  # its place in the plan
    kind: Mapped[str] = mapped_column(String(20))
    type_name: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(300))
    line: Mapped[int | None]
    told: Mapped[dict[str, Any]] = mapped_column(JSON)  # {"changes": [...], "problems": [...]}
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    base: Mapped[str] = mapped_column(
        String(64)
    )  # what stood there: a file's blob, or the digest of a shared one's record
    __table_args__ = (Index("exchange_rows_by_kind", "exchange_id", "kind", "number"),)


class ColumnMatching(Table):
    """How the columns of tables with these headers were matched last, for the whole town."""

    __tablename__ = "column_matchings"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # digest of the type and the headers
    choices: Mapped[str] = mapped_column(Text)  # JSON
    used: Mapped[dt.datetime]
