"""The mapping by which a published table is imported again, as `laureat import table` reads it.

Made from the same columns as the table, so that what was published and is read again changes nothing.
"""

from __future__ import annotations

import json

from participation import lifecycle
from participation.opendata.columns import Column, columns
from participation.records import Record

_NAMES = ("owner.organisation", "organiser")  # columns of organisations: no table has one of people


def mapping(record_type: type[Record], languages: tuple[str, ...] = ("fr",)) -> str:
    """The text of a mapping (docs/guides/import.md) for the CSV or XLSX table of a type."""
    found = columns(record_type, languages)
    name = record_type.type_name
    left = {"id", "state"} if name in lifecycle.TABLES else {"id"}  # the state is the last of a history
    lines = [
        "# Reprend un tableau des données ouvertes, après correction dans un tableur.",
        "# Les colonnes que cette correspondance laisse de côté se déduisent des autres, ou sont des listes.",
        "",
        f"type: {name}",
        'id: "{id}"',
        "",
        "file:",
        "  encoding: utf-8",
        '  separator: ","',
        "  guarded: true",
        "",
        "fields:",
        *(_line(column) for column in found if column.imported and column.name not in left),
    ]
    if name in lifecycle.TABLES:
        lines += ["  status:", "    column: state", "    values:"]
        lines += [f"      {code}: {code}" for code in lifecycle.TABLES[name]]
    lines += ["", "drop:", *(f"  - {_quoted(column.name)}" for column in found if not column.imported), ""]
    return "\n".join(lines)


def _line(column: Column) -> str:
    name = _quoted(column.name)
    return f"  {name}: " + (f"{{column: {name}, organisations: true}}" if column.name in _NAMES else name)


def _quoted(name: str) -> str:
    return name if name.replace(".", "").replace("_", "").isalnum() else json.dumps(name)
