"""One walk through a record's data, by its declarations: what it refers to, which files it names, what it says.

Nothing is judged here. The walk follows the data, not the declarations: records are many and mostly short.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from participation.records.base import Fielded, Record
from participation.records.containers import Group, PlaceField, Refs, Rows, Texts
from participation.records.fields import Plain
from participation.records.texts import Code, Media, Ref, Text, Url


class Reference(NamedTuple):
    """A reference to a record of type `to`, written at the dotted `path` of a field with that label."""

    path: str
    label: str
    to: str
    id: str


class Survey(NamedTuple):
    """What a record refers to, the files under `media/` that it names, its free texts; each with its dotted path."""

    references: list[Reference]
    files: list[tuple[str, str]]
    texts: list[tuple[str, str]]


class _Step(NamedTuple):
    kind: str  # ref, refs, file, text, texts, place, group, rows
    label: str = ""
    to: str = ""
    part: type[Fielded] | None = None


def survey(record: Record) -> Survey:
    """Walk through one record."""
    found = Survey([], [], [])
    _walk(type(record), record.data, "", found)
    return found


def _walk(kind: type[Fielded], data: Mapping[str, Plain], prefix: str, found: Survey) -> None:
    steps = _steps(kind)
    for name, plain in data.items():
        step = steps.get(name)
        if step is None:
            continue
        what = step.kind
        if what == "text":
            if isinstance(plain, str):
                found.texts.append((prefix + name, plain))
            else:
                found.texts.extend((f"{prefix}{name}.{lang}", text) for lang, text in plain.items())
        elif what == "ref":
            found.references.append(Reference(prefix + name, step.label, step.to, plain))
        elif what == "rows" and step.part is not None:
            for number, row in enumerate(plain, 1):
                _walk(step.part, row, f"{prefix}{name}.{number}.", found)
        elif what == "group" and step.part is not None:
            _walk(step.part, plain, f"{prefix}{name}.", found)
        elif what == "file":
            found.files.append((prefix + name, plain))
        elif what == "refs":
            found.references.extend(
                Reference(f"{prefix}{name}.{number}", step.label, step.to, id) for number, id in enumerate(plain, 1)
            )
        elif what == "texts":
            found.texts.extend((f"{prefix}{name}.{number}", text) for number, text in enumerate(plain, 1))
        elif isinstance(plain, Mapping):  # a place that is not the whole territory
            found.texts.extend((f"{prefix}{name}.{key}", plain[key]) for key in ("name", "address") if key in plain)


_KNOWN: dict[type[Fielded], dict[str, _Step]] = {}


def _steps(kind: type[Fielded]) -> dict[str, _Step]:
    """How to walk through each field of a class; worked out once."""
    if kind in _KNOWN:
        return _KNOWN[kind]
    steps: dict[str, _Step] = {}
    for name, field in kind.fields.items():
        if isinstance(field, Ref):
            steps[name] = _Step("ref", field.label, field.to)
        elif isinstance(field, Refs):
            steps[name] = _Step("refs", field.label, field.to)
        elif isinstance(field, Media):
            steps[name] = _Step("file")
        elif isinstance(field, Group):
            steps[name] = _Step("group", part=field.part)
        elif isinstance(field, Rows):
            steps[name] = _Step("rows", part=field.part)
        elif isinstance(field, PlaceField):
            steps[name] = _Step("place")
        elif isinstance(field, Texts) and type(field.item) is Text:
            steps[name] = _Step("texts")
        elif isinstance(field, Text) and not isinstance(field, Code | Url) and not field.contacts:
            steps[name] = _Step("text")
    return _KNOWN.setdefault(kind, steps)
