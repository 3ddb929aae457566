"""Between a form and plain data: names and values as a browser sends them, and the raw nested text they mean.

A name is the dotted path of its field, rows counted from 1 (`steps.2.planned_start`), as problems name it too.
What is valid is decided by the declarations (`participation.records`), never here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from participation.records.base import Fielded
from participation.records.containers import MOST_ROWS, Group, PlaceField, Rows, Texts
from participation.records.fields import Field, Plain
from participation.records.texts import Flag, Text

Pairs = dict[str, str]

_ROW = re.compile(r"([^.]+)\.(\d{1,4})\.")

# Not in the form: states have a section of their own, as has the vote; the others belong to importers and calendars.
APART = frozenset(
    {"id", "status", "origin", "uid", "sequence", "geometry", "schema", "frozen", "corrections", "tally", "reopened"}
)


def form_fields(kind: type[Fielded]) -> dict[str, Field[Any]]:
    """The fields of a record that its form shows."""
    return {name: field for name, field in kind.fields.items() if name not in APART}


def from_data(kind: type[Fielded], data: Mapping[str, Plain], prefix: str = "") -> Pairs:
    """The pairs that a form starts from: every value in the words in which it is edited."""
    pairs: Pairs = {}
    for name, field in form_fields(kind).items() if not prefix else kind.fields.items():
        plain = data.get(name)
        if plain is not None:
            pairs.update(_pairs_of(field, plain, prefix + name))
    return pairs


def to_raw(kind: type[Fielded], pairs: Pairs, prefix: str = "") -> dict[str, Plain]:
    """The raw nested text of a whole form, in the shape that `participation.records.base.read_fields` checks."""
    raw: dict[str, Plain] = {}
    for name, field in form_fields(kind).items() if not prefix else kind.fields.items():
        value = _raw_of(field, pairs, prefix + name)
        if value not in ("", None, [], {}):
            raw[name] = value
    return raw


def last_values(sent: Iterable[tuple[str, str]]) -> Pairs:
    """One value for each name, the last: a checked box comes after the hidden value of an unchecked one.

    Rows left empty at the end of a list are no rows: the page always offers one.
    """
    pairs = {name: value.replace("\r\n", "\n") for name, value in sent if not name.startswith("_")}
    filled: dict[str, int] = {}
    for name, value in pairs.items():
        if (row := _ROW.match(name)) and value.strip():
            filled[row[1]] = max(filled.get(row[1], 0), int(row[2]))
    return {
        name: value
        for name, value in pairs.items()
        if not (row := _ROW.match(name)) or int(row[2]) <= filled.get(row[1], 0)
    }


def count_rows(pairs: Pairs, path: str) -> int:
    """How many rows the form holds for that field, empty ones included."""
    start = len(path) + 1
    numbers = (name[start:].split(".", 1)[0] for name in pairs if name.startswith(f"{path}."))
    return min(max((int(number) for number in numbers if number.isdecimal()), default=0), MOST_ROWS)


def rearrange(pairs: Pairs, act: str) -> tuple[Pairs, str]:
    """Carry out `add:steps`, `up:steps:2`, `down:steps:2` or `remove:steps:2`; also give the name to put the eye on."""
    verb, _colon, rest = act.partition(":")
    path, _colon, number = rest.partition(":")
    count = count_rows(pairs, path)
    order: list[int] = list(range(1, count + 1))
    here = int(number) if number.isdecimal() else 0
    if verb == "add":
        return pairs, f"{path}.{count + 1}"
    if not 1 <= here <= count:
        return pairs, ""
    if verb == "remove":
        order.remove(here)
        return _reorder(pairs, path, order), f"{path}.{min(here, len(order)) or 1}"
    other = here + (-1 if verb == "up" else 1)
    if verb not in ("up", "down") or not 1 <= other <= count:
        return pairs, ""
    order[here - 1], order[other - 1] = other, here
    return _reorder(pairs, path, order), f"{path}.{other}"


def removed_by(pairs: Pairs, act: str) -> str:
    """The row that `remove:steps:2` takes away, as text that a form can carry along; "" for any other act."""
    verb, _colon, rest = act.partition(":")
    path, _colon, number = rest.partition(":")
    row = {name: value for name, value in pairs.items() if name.startswith(f"{path}.{number}.")}
    return json.dumps([path, number, row], ensure_ascii=False) if verb == "remove" and row else ""


def put_back(pairs: Pairs, removed: str) -> tuple[Pairs, str]:
    """The pairs with a removed row back in its place; also the name to put the eye on."""
    try:
        path, number, row = json.loads(removed)
        here = int(number)
    except (ValueError, TypeError):
        return pairs, ""
    if not isinstance(path, str) or not isinstance(row, dict) or not 1 <= here <= MOST_ROWS:
        return pairs, ""
    count = count_rows(pairs, path)
    order = [one if one < here else one + 1 for one in range(1, count + 1)]
    moved: Pairs = {}
    for name, value in pairs.items():
        place, _dot, rest = name[len(path) + 1 :].partition(".")
        inside = name.startswith(f"{path}.") and place.isdecimal() and 1 <= int(place) <= count
        moved[f"{path}.{order[int(place) - 1]}.{rest}" if inside else name] = value
    back = {str(name): str(value) for name, value in row.items() if str(name).startswith(f"{path}.{here}.")}
    return moved | back, f"{path}.{here}"


def _reorder(pairs: Pairs, path: str, order: list[int]) -> Pairs:
    """The same pairs with the rows of `path` in that order; rows not named are dropped."""
    place = {old: new for new, old in enumerate(order, 1)}
    changed: Pairs = {}
    for name, value in pairs.items():
        if not name.startswith(f"{path}."):
            changed[name] = value
            continue
        number, _dot, rest = name[len(path) + 1 :].partition(".")
        if number.isdecimal() and int(number) in place:
            changed[f"{path}.{place[int(number)]}.{rest}"] = value
    return changed


def _pairs_of(field: Field[Any], plain: Plain, path: str) -> Pairs:
    if isinstance(field, Group):
        return from_data(field.part, plain, f"{path}.")
    if isinstance(field, Rows):
        pairs: Pairs = {}
        for number, row in enumerate(plain, 1):
            pairs.update(from_data(field.part, row, f"{path}.{number}."))
        return pairs
    if isinstance(field, PlaceField):
        if plain == PlaceField.WHOLE:
            return {f"{path}.whole": "1"}
        return {f"{path}.{key}": str(plain[key]) for key in PlaceField.KEYS if key in plain}
    if isinstance(field, Texts):
        return {path: "\n".join(field.item.edit(entry) for entry in plain)}
    if isinstance(field, Text) and isinstance(plain, Mapping):
        return {f"{path}.{lang}": str(text) for lang, text in plain.items()}
    return {path: field.edit(plain)}


def _raw_of(field: Field[Any], pairs: Pairs, path: str) -> Plain:
    if isinstance(field, Group):
        return to_raw(field.part, pairs, f"{path}.")
    if isinstance(field, Rows):
        # Empty rows stay where they are, so that a problem's row number is the row on the page.
        rows = [to_raw(field.part, pairs, f"{path}.{number}.") for number in range(1, count_rows(pairs, path) + 1)]
        return rows if any(rows) else []
    if isinstance(field, PlaceField):
        if pairs.get(f"{path}.whole"):
            return PlaceField.WHOLE
        typed = {key: pairs.get(f"{path}.{key}", "").strip() for key in PlaceField.KEYS}
        return {key: text for key, text in typed.items() if text}
    if isinstance(field, Texts):
        return [line.strip() for line in pairs.get(path, "").split("\n") if line.strip()]
    if isinstance(field, Text) and field.translatable and path not in pairs:
        start = len(path) + 1
        found = {name[start:]: text for name, text in pairs.items() if name.startswith(f"{path}.")}
        return {lang: text for lang, text in found.items() if text.strip()}
    text = pairs.get(path, "")
    return text if isinstance(field, Flag) or text.strip() else ""
