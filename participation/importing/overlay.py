"""What a source says, laid over what a record holds: only what the source speaks of changes.

Groups are laid over key by key, rows that have a key row by row, texts language by language; None removes; a status is
appended, never rewritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from participation.importing.paths import Translations
from participation.records.base import Fielded
from participation.records.containers import Group, PlaceField, Rows
from participation.records.fields import Field, Plain
from participation.records.texts import Choice, Text

Data = Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Reached:
    """The state that a source gives a record, with its date and public reason where the source has them."""

    state: str
    date: str = ""
    reason: str = ""
    role: str = "import"


def overlay(
    kind: type[Fielded], existing: Data, given: Data, whole: frozenset[str] = frozenset(), language: str = "fr"
) -> dict[str, Plain]:
    """`existing` with the values of `given`; the fields named in `whole` are replaced as they are.

    A text that names no language is in `language`: of a text in several it replaces that one.
    """
    result = dict(existing)
    for name, said in given.items():
        value = said if name in whole else _laid(kind.fields[name], existing.get(name), said, language)
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return {name: result[name] for name in kind.fields if name in result}


def _laid(field: Field[Any], before: Plain, value: Plain | None, language: str) -> Plain | None:
    """One value over another; None when nothing is left."""
    if isinstance(field, Group) and value is not None:
        return overlay(field.part, before or {}, value, language=language) or None
    if isinstance(field, Text) and (
        isinstance(value, Translations) or (isinstance(value, str) and isinstance(before, Mapping))
    ):
        return _texts(before, value, language)
    if isinstance(field, Text) and value is None and isinstance(before, Mapping):
        return _texts(before, Translations({"": None}), language)  # other languages are not spoken of
    if isinstance(field, PlaceField) and isinstance(value, Mapping):
        return _place(before, value)
    if isinstance(field, Rows) and field.key and value is not None:
        return _rows(field, before or [], value, language) or None
    return value


def _texts(before: Plain, given: Plain, language: str) -> Plain | None:
    """A text with some of its languages replaced; one that is in the main language alone needs no name for it."""
    was = before if isinstance(before, Mapping) else {language: before} if before else {}
    said = given if isinstance(given, Translations) else {"": given}
    told = {**was, **{name or language: text for name, text in said.items()}}
    texts = {name: text for name, text in told.items() if text is not None}
    if not isinstance(before, Mapping) and [*texts] == [language]:
        return texts[language]
    return texts or None


def _place(before: Plain, given: Data) -> Plain | None:
    kept = {**before, **given} if isinstance(before, Mapping) else dict(given)
    for name in ("longitude", "latitude"):  # 2.350 is the same degree when a spreadsheet program wrote 2.35
        if isinstance(before, Mapping) and before.get(name) and given.get(name):
            kept[name] = before[name] if float(before[name]) == float(given[name]) else given[name]
    place = {name: value for name, value in kept.items() if value is not None}
    if place:
        return place
    return before if isinstance(before, str) else None  # nothing said about an address leaves "whole territory"


def _rows(field: Rows[Any], before: list[Data], given: list[Data], language: str) -> list[Plain]:
    """Rows are told apart by their key; of several with the same key the first is meant, the others stay."""
    rows: dict[Any, dict[str, Plain]] = {}
    for place, row in enumerate(before):
        key = row.get(field.key)
        rows[(key, place) if key in rows else key] = dict(row)
    for row in given:
        key = row[field.key]
        told = {name: value for name, value in row.items() if value is not None}
        if key in rows:
            rows[key] = overlay(field.part, rows[key], row, language=language)
        elif len(told) > 1:
            rows[key] = overlay(field.part, {}, told, language=language)
    kept = [row for row in rows.values() if len(row) > 1 or row in before]
    options = field.part.fields[field.key]
    if isinstance(options, Choice):
        order = [*options.options]
        known = [str(row.get(field.key, "")) for row in before]
        if "" not in known and known == sorted(known, key=order.index):  # steps stay in their natural order
            kept.sort(key=lambda row: order.index(row[field.key]))
    return kept


def with_state(status: list[dict[str, Plain]], reached: Reached) -> list[dict[str, Plain]]:
    """The history with one more row, when the source tells something new.

    What a source said at its last import, and says again, is no news: a state that people gave since stays. Nor is the
    state that the public was last told before one with an embargo.
    """
    told = [row.get("state") for row in status if row.get("role") == "import"]
    if reached.role == "import" and told and told[-1] == reached.state:
        return status
    if status and status[-1].get("state") == reached.state:
        return status
    if status and "visible_from" in status[-1]:
        public = [row.get("state") for row in status if "visible_from" not in row]
        if public and public[-1] == reached.state:
            return status
    row = {"state": reached.state, "date": reached.date, "role": reached.role, "reason": reached.reason}
    return [*status, {name: value for name, value in row.items() if value}]
