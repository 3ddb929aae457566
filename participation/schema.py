"""JSON Schema (draft 2020-12) of each kind of file, for text editors that know YAML; from the declarations alone.

They help while typing; what decides is `laureat check`, which also knows what they cannot say.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from participation.layout import COLLECTIVE_FILES, locate
from participation.lifecycle import TABLES
from participation.records import TYPES, Record, Zone
from participation.records.containers import part_schema

FOLDER = ".schema"
"""Where the files lie in a content repository."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_for(record_type: type[Record]) -> dict[str, Any]:
    """The schema of the file of one record, or of several where a file holds several."""
    schema = part_schema(record_type)
    table = TABLES.get(record_type.type_name)
    if table is not None:
        states = {"enum": list(table), "enumDescriptions": [state.words for state in table.values()]}
        schema["properties"]["status"]["items"]["properties"]["state"].update(states)
    if record_type is Zone:
        schema = _features(schema)
    elif record_type.collective:
        schema = {"type": "array", "items": schema}
    return {"$schema": _DIALECT, "title": record_type.title_words, **schema}


def _features(properties: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON FeatureCollection whose features have these properties; the outline lies beside them."""
    geometry = properties["properties"].pop("geometry")
    feature = {
        "type": "object",
        "required": ["type", "properties", "geometry"],
        "properties": {
            "type": {"const": "Feature"},
            "properties": properties,
            "geometry": {"anyOf": [{"type": "null"}, geometry]},
        },
    }
    return {
        "type": "object",
        "required": ["type", "features"],
        "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": feature}},
    }


def schema_files() -> dict[str, str]:
    """File name -> text of every schema."""
    return {
        f"{name}.schema.json": json.dumps(schema_for(record_type), ensure_ascii=False, indent=1) + "\n"
        for name, record_type in TYPES.items()
    }


def modeline(path: str) -> str:
    """The comment that tells a text editor which schema the YAML file at `path` follows; empty where none does."""
    place = locate(path)
    if place is None or (path in COLLECTIVE_FILES and not path.endswith(".yml")):
        return ""
    up = "../" * (len(PurePosixPath(path).parts) - 1)
    return f"# yaml-language-server: $schema={up}{FOLDER}/{place.type_name}.schema.json"
