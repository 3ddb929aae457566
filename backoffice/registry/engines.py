"""The two databases that a registry may lie in, brought to one behaviour: a write transaction waits for the other ones.

SQLite by default; PostgreSQL by URL (`postgresql://user@host/name`, through psycopg 3). Nothing of a subject is here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url

BUSY_MILLISECONDS = 15_000
# Any number that no other program of the same database takes: held for the length of a write transaction.
_WRITING = 4_820_240_511


def parsed(url: str) -> URL:
    """The URL with the driver that is installed: `postgresql://` alone would ask for another one."""
    found = make_url(url)
    return found.set(drivername="postgresql+psycopg") if found.drivername in ("postgresql", "postgres") else found


def sqlite_path(url: str) -> Path | None:
    """The file of a registry in SQLite; None for any other."""
    found = parsed(url)
    if found.get_backend_name() != "sqlite" or found.database in (None, "", ":memory:"):
        return None
    return Path(str(found.database))


def engine_for(url: str) -> Engine:
    """The engine of a registry, with its rules for connections and transactions."""
    if parsed(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    return _postgresql(url)


def _postgresql(url: str) -> Engine:
    from psycopg.types.string import StrDumper  # noqa: PLC0415  # most installations have no PostgreSQL

    class WithoutNul(StrDumper):
        """PostgreSQL's texts hold every character but this one, which only attackers type."""

        def dump(self, text: str) -> Any:
            return super().dump(text.replace("\x00", "\ufffd"))

    engine = create_engine(parsed(url), pool_pre_ping=True, pool_recycle=1800)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.adapters.register_dumper(str, WithoutNul)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {BUSY_MILLISECONDS}")
            cursor.execute("SET idle_in_transaction_session_timeout = '5min'")
            cursor.execute("SET TIME ZONE 'UTC'")
        connection.autocommit = False

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # As SQLite has it: what was read in a write transaction is still so when it is written.
        if not connection.get_execution_options().get("reads", False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING})")

    return engine


def _sqlite(url: str) -> Engine:
    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_MILLISECONDS / 1000})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's late one
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten, not only forgotten
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # IMMEDIATE: a reader that later writes would fail with "database is locked" without waiting.
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine
