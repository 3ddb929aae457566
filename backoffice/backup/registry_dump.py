"""The registry as lines of JSON, and back: the same file for SQLite and PostgreSQL, so that one may follow the other.

Read in one transaction that sees one moment, written in one transaction: all of it or nothing.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, TextIO

from sqlalchemy import Column, Date, Integer, LargeBinary, delete, func, insert, select, text
from sqlalchemy import Table as CoreTable

from backoffice.registry import Registry
from backoffice.registry.schema import Instant, Meta, Table
from participation.messages import mark as _
from participation.problems import LaureatError

_BLOCK = 500  # rows at once


class RegistryNotEmpty(LaureatError):
    """A registry is restored into an empty one only: nothing that is there is ever overwritten."""

    def __init__(self) -> None:
        super().__init__(
            _("Le registre où reprendre la sauvegarde n’est pas vide."),
            kept=_("Rien n’y a été changé."),
            hint=_("Donnez une base de données neuve."),
        )


class DumpDamaged(LaureatError):
    """The lines are not those of a registry of this version."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(
            _("Le registre de la sauvegarde est abîmé ou d’une autre version."),
            kept=_("Rien n’en a été repris."),
            hint=_("Prenez une autre sauvegarde, ou la version de Lauréat qui l’a faite."),
        )
        self.detail = detail


def write(registry: Registry, out: TextIO) -> dict[str, int]:
    """Write every table; rows by table."""
    engine = registry.engine.execution_options(reads=True)
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    counts: dict[str, int] = {}
    with engine.connect() as connection, connection.begin():
        for table in Table.metadata.sorted_tables:
            columns = list(table.columns)
            out.write(json.dumps({"table": table.name, "columns": [column.name for column in columns]}) + "\n")
            rows = connection.execution_options(yield_per=_BLOCK).execute(
                select(table).order_by(*table.primary_key.columns)
            )
            counts[table.name] = 0
            for row in rows:
                out.write(json.dumps([_plain(value) for value in row], ensure_ascii=False) + "\n")
                counts[table.name] += 1
    return counts


def read(registry: Registry, lines: TextIO, expected: dict[str, int]) -> int:
    """Fill an empty registry with what `write` wrote, and counted as `expected`; how many rows.

    Raises RegistryNotEmpty, or DumpDamaged when it is not all there.
    """
    counts: dict[str, int] = {}
    with registry.begin() as transaction:
        tables = Table.metadata.tables
        for table in tables.values():
            if table.name != Meta.__tablename__ and transaction.scalar(select(func.count()).select_from(table)):
                raise RegistryNotEmpty
        transaction.execute(delete(Meta))
        for name, columns, rows in _blocks(lines):
            table = tables[name]
            counts[name] = counts.get(name, 0) + len(rows)
            if rows:
                transaction.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
        if {name: count for name, count in counts.items() if count} != {n: c for n, c in expected.items() if c}:
            raise DumpDamaged("rows are missing")
        if registry.engine.dialect.name == "postgresql":
            for table in tables.values():
                _count_on(transaction, table)
    return sum(counts.values())


def _blocks(lines: TextIO) -> Iterator[tuple[str, list[str], list[list[Any]]]]:
    """Table, names of its columns and some of its rows, again and again."""
    name = ""
    columns: list[str] = []
    rows: list[list[Any]] = []
    types: list[Column[Any]] = []
    try:
        for line in lines:
            value = json.loads(line)
            if isinstance(value, dict):
                if name:
                    yield name, columns, rows
                name, columns, rows = str(value["table"]), [str(one) for one in value["columns"]], []
                known = Table.metadata.tables[name].columns
                types = [known[column] for column in columns]
                if len(columns) != len(known):
                    raise DumpDamaged(name)
                continue
            rows.append([_typed(column, one) for column, one in zip(types, value, strict=True)])
            if len(rows) >= _BLOCK:
                yield name, columns, rows
                rows = []
    except (ValueError, KeyError, TypeError) as wrong:
        raise DumpDamaged(str(wrong)) from wrong
    if name:
        yield name, columns, rows


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Instant):
        return dt.datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return dt.date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(column.type, LargeBinary) else value


def _count_on(transaction: Any, table: CoreTable) -> None:
    """PostgreSQL counts identifiers apart from the rows: it goes on after the highest one."""
    for column in table.primary_key.columns:
        if isinstance(column.type, Integer) and len(table.primary_key.columns) == 1 and not column.foreign_keys:
            highest = transaction.scalar(select(func.max(column)))
            sequence = transaction.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if highest and sequence:
                transaction.execute(text("SELECT setval(:name, :highest)"), {"name": sequence, "highest": highest})
