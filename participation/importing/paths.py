"""Dotted paths to the fields of a record, as mappings write them: `title`, `place.address`, `steps.works.actual_start`.

A path finds its field's declaration, checks a text with it, and puts the value into nested data. In a list of rows the
second part is the row's key; after a translatable text it is a language: `title.en`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from participation.messages import mark as _
from participation.records import TYPES, Record
from participation.records.containers import Group, PlaceField, Rows
from participation.records.fields import Field, Plain, Refused
from participation.records.texts import Choice, Text

_LANGUAGE = re.compile(r"[a-z]{2}")


class Translations(dict[str, Plain]):
    """Some languages of a text, to lay over those it has; the key "" stands for the main one."""


@dataclass(frozen=True, slots=True)
class FieldPath:
    """A path and the declaration it leads to; `steps` are the names from the record down."""

    steps: tuple[str, ...]
    top: Field[Any]
    leaf: Field[Any]

    def __str__(self) -> str:
        return ".".join(self.steps)

    @property
    def label(self) -> str:
        """The words of the field, with those of the group it stands in."""
        if self.leaf is not self.top:
            return f"{self.top.label} › {self.leaf.label}"
        return self.leaf.label if len(self.steps) == 1 else f"{self.leaf.label} ({self.steps[1]})"

    def beside(self, name: str) -> FieldPath:
        """The path of another field of the same group or row; ValueError when there is none."""
        return find(self.top, (*self.steps[:-1], name))

    def check(self, text: str) -> Plain:
        """The canonical value of a text; raises Refused."""
        if isinstance(self.top, PlaceField) and self.steps[-1] in ("longitude", "latitude"):
            return _degrees(self.steps[-1], text)
        return self.leaf.parse(text)

    def get(self, data: Mapping[str, Plain]) -> Plain | None:
        """The value in a record's data; None when there is none."""
        inner = data.get(self.steps[0])
        if len(self.steps) == 1 or inner is None:
            return inner
        if isinstance(self.top, Rows):
            key, name = self.steps[1:]
            return next((row.get(name) for row in inner if row.get(self.top.key) == key), None)
        return inner.get(self.steps[1]) if isinstance(inner, Mapping) else None

    def put(self, data: dict[str, Plain], value: Plain | None) -> None:
        """Set the value in nested data; None asks to remove what an earlier import gave."""
        name = self.steps[0]
        inner = data.get(name)
        if len(self.steps) == 1:
            if isinstance(inner, Translations):
                inner[""] = value
            else:
                data[name] = value
            return
        if isinstance(self.top, Text):
            if not isinstance(inner, Translations):
                inner = data[name] = Translations({} if inner is None else {"": inner})
            inner[self.steps[1]] = value
            return
        if isinstance(self.top, Rows):
            rows = data.setdefault(name, [])
            row = next((row for row in rows if row[self.top.key] == self.steps[1]), None)
            if row is None:
                row = {self.top.key: self.steps[1]}
                rows.append(row)
            row[self.steps[2]] = value
        elif not isinstance(inner, str):  # the whole territory has no address
            data.setdefault(name, {})[self.steps[1]] = value


def resolve(record_type: type[Record], path: str) -> FieldPath:
    """The field that a path names; ValueError with words when there is none."""
    steps = tuple(path.split("."))
    top = record_type.fields.get(steps[0])
    if top is None:
        raise ValueError(_("«\u00a0%s\u00a0» n’est pas un champ de ce type de fiche.") % steps[0][:60])
    return find(top, steps)


def find(top: Field[Any], steps: tuple[str, ...]) -> FieldPath:
    """The declaration below a top field; ValueError with words when the steps lead nowhere."""
    leaf: Field[Any] | None = None
    if len(steps) == 1 and not isinstance(top, Group | Rows):
        leaf = top
    elif len(steps) == 2 and isinstance(top, Group):
        leaf = top.part.fields.get(steps[1])
    elif len(steps) == 2 and isinstance(top, Text) and top.translatable and _LANGUAGE.fullmatch(steps[1]):
        leaf = top
    elif len(steps) == 2 and isinstance(top, PlaceField) and steps[1] in PlaceField.KEYS:
        leaf = Text(top.label)
    elif len(steps) == 3 and isinstance(top, Rows) and top.key:
        key = top.part.fields[top.key]
        if isinstance(key, Choice) and steps[1] not in key.options:
            raise ValueError(_("«\u00a0%s\u00a0» n’existe pas\u00a0: %s.") % (steps[1][:40], ", ".join(key.options)))
        leaf = top.part.fields.get(steps[2])
    if leaf is None:
        raise ValueError(_("Le chemin «\u00a0%s\u00a0» ne mène à aucun champ.") % ".".join(steps)[:80])
    return FieldPath(steps, top, leaf)


def _degrees(name: str, text: str) -> str:
    other = "latitude" if name == "longitude" else "longitude"
    refusals: list[Refused] = []
    read = PlaceField("").read({name: text, other: "0"}, refusals.append)
    if refusals:
        raise refusals[0]
    return str(read[name])  # type: ignore[index]  # both coordinates were given, so there is a place


def record_type(name: str) -> type[Record] | None:
    """The record type of that name, when records of it can be imported."""
    return TYPES.get(name) if name != "instance" else None
