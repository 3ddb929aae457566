"""Table Schema (frictionless, version 1) of a table of records: what each column holds, from the declarations alone.

Keys that begin with `laureat:` are ours: `laureat:derived` and `laureat:imported` say what an import takes.
"""

from __future__ import annotations

from typing import Any

from participation import lifecycle
from participation.opendata.columns import Column, Holds, columns
from participation.opendata.guards import guarded
from participation.records import Record
from participation.records.containers import PlaceField
from participation.records.figures import Date, Day, Integer, Money, When
from participation.records.texts import Choice, Code, Text, Url

DIALECT = "https://frictionlessdata.io/schemas/table-schema.json"
_PATTERNS = {
    Day: r"^\d{4}-\d{2}-\d{2}$",
    Date: r"^\d{4}(-\d{2}(-\d{2})?)?$",
    When: r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$",
}
_GUARD = len(guarded("=")) - 1  # characters that a guard adds


def table_schema(record_type: type[Record], languages: tuple[str, ...] = ("fr",)) -> dict[str, Any]:
    """The schema of the CSV file and of the first sheet of the workbook."""
    return {
        "$schema": DIALECT,
        "name": record_type.type_name,
        "title": record_type.title_words,
        "fields": [_described(record_type, column) for column in columns(record_type, languages)],
        "primaryKey": "id",
        "missingValues": [""],
    }


def _described(record_type: type[Record], column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "title": column.title, "type": str(column.holds)}
    field = column.declared
    if field is not None and field.help:
        found["description"] = field.help
    if column.holds is Holds.BOOLEAN:
        found |= {"trueValues": ["true"], "falseValues": ["false"]}
    if isinstance(field, Url):
        found["format"] = "uri"
    constraints = _constraints(record_type, column)
    if constraints:
        found["constraints"] = constraints
    if column.derived:
        found["laureat:derived"] = True
    if not column.imported:
        found["laureat:imported"] = False
    return found


def _constraints(record_type: type[Record], column: Column) -> dict[str, Any]:
    field = column.declared
    if column.name == "id":
        return {"required": True, "unique": True}
    if column.name == "state" and record_type.type_name in lifecycle.TABLES:
        return {"enum": list(lifecycle.TABLES[record_type.type_name])}
    if column.holds is Holds.NUMBER:
        return {"minimum": 0} if isinstance(field, Money) else _degrees(column.name)
    if isinstance(field, Integer):
        return {"minimum": field.least, "maximum": field.most}
    if isinstance(field, Choice):
        return {"enum": list(field.options)}
    if isinstance(field, PlaceField):
        return {"enum": [PlaceField.WHOLE]}
    for kind, pattern in _PATTERNS.items():
        if isinstance(field, kind):
            return {"pattern": pattern}
    if isinstance(field, Code):
        return {"pattern": f"^(?:{field.pattern.pattern})$", "maxLength": field.limit}
    return {"maxLength": field.limit + _GUARD} if isinstance(field, Text) else {}


def _degrees(name: str) -> dict[str, Any]:
    most = 180 if name.endswith("longitude") else 90
    return {"minimum": -most, "maximum": most}
