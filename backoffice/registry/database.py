"""Opening the registry: transactions, creation of the tables, version. No queries of a subject; engines are apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session as Transaction

from backoffice.registry import migrations, schema
from backoffice.registry.engines import engine_for, sqlite_path
from backoffice.registry.vault import Vault
from participation.messages import mark as _
from participation.problems import LaureatError


class RegistryError(LaureatError):
    """The registry cannot be opened or is of a version that this program does not know."""


class Registry:
    """One registry; `with registry.begin() as transaction` commits at the end or leaves nothing."""

    def __init__(self, url: str, office: int = 0) -> None:
        """Open `url` (SQLAlchemy), make the tables where there are none. Raises RegistryError.

        `office` is the number of this back office where several share one content: its pseudonyms are its own.
        """
        self.url = url
        self.vault = Vault(())
        """Seals secrets; without keys, as a command opens the registry, it seals nothing. See `sealing.unlock`."""
        self.office = office
        self.engine = engine_for(url)
        try:
            self._prepare()
        except BaseException as failure:
            self.engine.dispose()
            if not isinstance(failure, OperationalError):
                raise
            raise RegistryError(
                _("Le registre des comptes ne s’ouvre pas."),
                hint=_("Vérifiez LAUREAT_REGISTRY et les droits du dossier\u00a0: %s") % failure.orig,
            ) from failure

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """A transaction: committed when the block ends, undone when it raises."""
        with Transaction(self.engine, expire_on_commit=False) as transaction, transaction.begin():
            yield transaction

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only reads, and so waits for nobody."""
        with Transaction(self.engine.execution_options(reads=True), expire_on_commit=False) as transaction:
            yield transaction

    def check(self) -> bool:
        """True when the registry answers."""
        try:
            with self.read() as transaction:
                return transaction.scalar(select(schema.Meta.value).limit(1)) is not None
        except SQLAlchemyError:
            return False

    def forget_traces(self) -> None:
        """After an erasure: no copy of what was erased waits in SQLite's log. Elsewhere the server sees to it."""
        if sqlite_path(self.url) is not None:
            with self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()  # type: ignore[union-attr]  # sqlite3's own

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()

    def _prepare(self) -> None:
        path = sqlite_path(self.url)
        if path is None:
            self._create()
            return
        # Web processes and worker start together: only one may make the tables.
        with FileLock(f"{path}.lock", timeout=30):
            self._create()
        path.chmod(0o600)

    def _create(self) -> None:
        schema.Table.metadata.create_all(self.engine)
        with self.begin() as transaction:
            version = transaction.get(schema.Meta, "version")
            if version is None:
                transaction.add(schema.Meta(name="version", value=str(schema.VERSION)))
            elif int(version.value) < schema.VERSION:
                version.value = str(migrations.upgrade(transaction.connection(), int(version.value)))
            elif int(version.value) > schema.VERSION:
                raise RegistryError(
                    _("Le registre des comptes est d’une autre version que ce programme."),
                    kept=_("Rien n’a été modifié."),
                    hint=f"Version lue : {version.value} ; version attendue : {schema.VERSION}.",
                )
