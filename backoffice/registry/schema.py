"""The tables of the registry. Columns only; what is done with them lives in the module of each subject.

Instants are stored as aware UTC (`Instant`), identifiers of people are opaque numbers.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

VERSION = 3  # `migrations` leads an older registry here


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
    # What a contributor is limited to: the id of a service, the ids of zones with spaces between them.
    service: Mapped[str] = mapped_column(String(64), default="")
    zones: Mapped[str] = mapped_column(Text, default="")
    totp_secret: Mapped[str] = mapped_column(Text, default="", repr=False)  # sealed; "" without second factor
    totp_counter: Mapped[int] = mapped_column(default=0)  # the last one used: a code opens once


class AccessLink(Table):
    """A one-time link by which an account gets a password. Only the hash of its token is kept."""

    __tablename__ = "access_links"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, repr=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # invitation, reset
    created: Mapped[dt.datetime]
    expires: Mapped[dt.datetime]


class RecoveryCode(Table):
    """A code that replaces the telephone once. Hashed: 79 random bits need no slow hash."""

    __tablename__ = "recovery_codes"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), repr=False)


class AuditEvent(Table):
    """Who did what besides changing content: signing in, exporting, reading people, changing roles.

    `subject` and `detail` hold identifiers and figures, never what somebody typed nor a person's name.
    """

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    detail: Mapped[dict[str, Any]]
    subject: Mapped[str] = mapped_column(String(100), default="", index=True)
    address: Mapped[str] = mapped_column(String(60), default="")


class Person(Table):
    """An owner of ideas or a contact. Records name `id` only; erasing the row is the erasure."""

    __tablename__ = "people"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)  # p- and ten letters or digits
    name: Mapped[str] = mapped_column(String(200), repr=False)
    retain_until: Mapped[dt.date]
    created: Mapped[dt.datetime]
    updated: Mapped[dt.datetime]
    email: Mapped[str] = mapped_column(String(200), default="", repr=False)
    phone: Mapped[str] = mapped_column(String(60), default="", repr=False)
    address: Mapped[str] = mapped_column(String(300), default="", repr=False)
    public_label: Mapped[str] = mapped_column(String(80), default="")
    consent_on: Mapped[dt.date | None] = mapped_column(default=None)
    consent_text: Mapped[str] = mapped_column(Text, default="")
    minor: Mapped[bool] = mapped_column(default=False)
    guardian: Mapped[str] = mapped_column(String(200), default="", repr=False)
    guardian_contact: Mapped[str] = mapped_column(String(200), default="", repr=False)
    note: Mapped[str] = mapped_column(Text, default="", repr=False)


class ErasedPerson(Table):
    """The number of a person who was erased, so that it is told as such and never given again."""

    __tablename__ = "erased_people"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[dt.datetime]


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
    id_token: Mapped[str] = mapped_column(Text, default="", repr=False)  # sealed; of the identity provider, for its end
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


class SavedView(Table):
    """A view of a list that someone keeps: `asked` is the query of its address. A shared one is offered to all."""

    __tablename__ = "saved_views"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    type_name: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    asked: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool]
    created: Mapped[dt.datetime]
    __table_args__ = (Index("views_by_list", "type_name", "account_id"),)


class ToldOwner(Table):
    """A decision that the owner of an idea or a project was told of, by letter, telephone or otherwise."""

    __tablename__ = "told_owners"
    record_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)  # place in the record's states, from 0
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    told: Mapped[dt.datetime]


class HeldRecord(Table):
    """A record that someone keeps out of the next publications."""

    __tablename__ = "held_records"
    record_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    since: Mapped[dt.datetime]
    reason: Mapped[str] = mapped_column(Text, default="")


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
