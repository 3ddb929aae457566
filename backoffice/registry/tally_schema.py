"""The tables of count night. Columns only, as in `schema`; what a place held once it is closed is in the content."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.registry.schema import Table


class TallyEntry(Table):
    """One of the two entries of what a box held: whose it is, and the figures so far, kept with every line."""

    __tablename__ = "tally_entries"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    place_id: Mapped[str] = mapped_column(String(100), index=True)
    number: Mapped[int]  # 1 or 2
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    pseudonym: Mapped[str] = mapped_column(String(40))
    mode: Mapped[str] = mapped_column(String(10))  # ballots, totals
    figures: Mapped[dict[str, Any]]  # dotted name -> number
    started: Mapped[dt.datetime]
    saved: Mapped[dt.datetime]
    lines: Mapped[int] = mapped_column(default=0)
    finished: Mapped[dt.datetime | None] = mapped_column(default=None)
    __table_args__ = (UniqueConstraint("place_id", "number"),)


class TallyTypist(Table):
    """Somebody who typed in an entry: whoever does the other one must be nobody of these."""

    __tablename__ = "tally_typists"
    entry_id: Mapped[int] = mapped_column(ForeignKey("tally_entries.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)


class TallyLine(Table):
    """One thing that was typed and Enter: a ballot, or a total with what it was before."""

    __tablename__ = "tally_lines"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("tally_entries.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))  # made by the page: what is sent twice counts once
    what: Mapped[dict[str, Any]]
    __table_args__ = (UniqueConstraint("entry_id", "key"),)


class TallySettled(Table):
    """How a difference between the two entries was settled, by whom and why."""

    __tablename__ = "tally_settled"
    place_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    kept: Mapped[str] = mapped_column(Text)  # what holds, as it would be typed
    reason: Mapped[str] = mapped_column(String(300))
    pseudonym: Mapped[str] = mapped_column(String(40))
    at: Mapped[dt.datetime]


class TallyScan(Table):
    """The picture of a signed sheet: it holds names and signatures, so it never leaves the registry."""

    __tablename__ = "tally_scans"
    place_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    at: Mapped[dt.datetime]


class BallotImport(Table):
    """A file of ballots on its way into the content. Its bytes are dropped once it is in, or given up."""

    __tablename__ = "ballot_imports"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    place_id: Mapped[str] = mapped_column(String(100), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # ballots, totals, pabulib
    name: Mapped[str] = mapped_column(String(200))
    created: Mapped[dt.datetime]
    options: Mapped[dict[str, Any]]  # what each column is, as the form sent it
    report: Mapped[dict[str, Any]]
    stage: Mapped[str] = mapped_column(String(20), default="columns")  # columns, checked, writing, done, undone
    job_id: Mapped[int | None] = mapped_column(default=None)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, repr=False)
