"""JSON Schema (draft 2020-12) of the published JSON: the public fields of a type, at every depth, and no other."""

from __future__ import annotations

from typing import Any

from participation.opendata.columns import columns
from participation.records import Record
from participation.records.base import Fielded
from participation.records.containers import Group, PlaceField, Rows
from participation.records.fields import Field
from participation.records.figures import Money

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(record_type: type[Record]) -> dict[str, Any]:
    """The schema of the whole file: a list of records."""
    record = _object(record_type)
    derived = {one.name: {"type": "string", "title": one.title} for one in columns(record_type) if one.derived}
    record["properties"] = {
        "id": {"type": "string"},
        **record["properties"],
        "derived": {"type": "object", "properties": derived, "additionalProperties": False},
    }
    record["required"] = ["id", "derived"]
    return {"$schema": _DIALECT, "title": record_type.title_words, "type": "array", "items": record}


def _object(kind: type[Fielded]) -> dict[str, Any]:
    properties = {
        name: _value(field) | {"title": field.label} | ({"description": field.help} if field.help else {})
        for name, field in kind.fields.items()
        if field.public
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _value(field: Field[Any]) -> dict[str, Any]:
    if isinstance(field, Money):
        return {"type": "number", "minimum": 0}
    if isinstance(field, Group):
        return _object(field.part)
    if isinstance(field, Rows):
        return {"type": "array", "items": _object(field.part)}
    if isinstance(field, PlaceField):
        degrees = {"longitude": {"type": "number"}, "latitude": {"type": "number"}}
        texts = {"name": {"type": "string"}, "address": {"type": "string"}}
        place = {"type": "object", "properties": {**texts, **degrees}, "additionalProperties": False}
        return {"anyOf": [{"const": PlaceField.WHOLE}, place]}
    return field.schema()
