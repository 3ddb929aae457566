"""The tables of the registry. Columns only; what is done with them lives in the module of each subject.

Instants are stored as aware UTC (`Instant`), identifiers of people are opaque numbers.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

VERSION = 1


class Instant(TypeDecorator[dt.datetime]):
    """An aware instant, UTC in the database: SQLite keeps no zone and would compare texts of two zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse naive instants and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant of the registry needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Give back aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of every table."""

    type_annotation_map = {dt.datetime: Instant, dict[str, Any]: JSON}  # noqa: RUF012 -- SQLAlchemy's own name


class Meta(Table):
    """Facts of the registry itself, such as the version of its tables."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Account(Table):
    """Someone who may sign in. `pseudonym` (`agent-17`) is all that ever reaches the content's history."""

    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    pseudonym: Mapped[str] = mapped_column(String(40), unique=True)
    login: Mapped[str] = mapped_column(String(200), unique=True)  # e-mail address, lower case
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(40))
    password: Mapped[str] = mapped_column(String(300), repr=False)  # argon2id hash
    created: Mapped[dt.datetime]
    language: Mapped[str] = mapped_column(String(10), default="")  # "" follows the browser
    active: Mapped[bool] = mapped_column(default=True)


class Session(Table):
    """One browser signed in. Only the hash of its token is kept; an ended one still names its account."""

    __tablename__ = "sessions"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, repr=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created: Mapped[dt.datetime]
    seen: Mapped[dt.datetime]
    expires: Mapped[dt.datetime]
    address: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(300))
    ended: Mapped[dt.datetime | None] = mapped_column(default=None)


class Attempt(Table):
    """A failed sign-in, for the delay before the next one. Logins are hashed: they may be anybody's."""

    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    login_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[dt.datetime] = mapped_column(index=True)


class KeptForm(Table):
    """What someone typed and has not saved: the pairs of the form as they were sent."""

    __tablename__ = "kept_forms"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(String(300))  # the path of the form that it can be offered on again
    title: Mapped[str] = mapped_column(String(300))
    pairs: Mapped[str] = mapped_column(Text)  # JSON list of [name, value]
    reason: Mapped[str] = mapped_column(String(40))
    saved: Mapped[dt.datetime]
    __table_args__ = (Index("kept_by_subject", "account_id", "subject"),)


class HeldRecord(Table):
    """A record that someone keeps out of the next publications."""

    __tablename__ = "held_records"
    record_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    since: Mapped[dt.datetime]


class Job(Table):
    """A piece of work for the worker: waiting, running, done or failed."""

    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    created: Mapped[dt.datetime]
    due: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    lease_until: Mapped[dt.datetime | None] = mapped_column(default=None)
    lease_token: Mapped[str] = mapped_column(String(200), default="")  # host:process:random
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(String(300), default="")
    started: Mapped[dt.datetime | None] = mapped_column(default=None)
    finished: Mapped[dt.datetime | None] = mapped_column(default=None)
    result: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    error: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index("jobs_by_state", "state", "due"),)
