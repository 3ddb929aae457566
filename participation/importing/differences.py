"""What differs between two versions of a record, field by field, with both values in words.

The journal tells a history in sentences; a plan that asks for consent shows every value, those of new steps included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from participation import lifecycle
from participation.records.base import Fielded
from participation.records.containers import Group, Rows
from participation.records.fields import Field, Plain
from participation.records.parts import Status
from participation.records.texts import Ref

NameOf = Callable[[str, str], str]  # (type, identifier) -> title


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs: its dotted path, its label, and both values in words (empty: there is none)."""

    path: str
    label: str
    before: str
    after: str


def differences(
    kind: type[Fielded],
    before: Mapping[str, Plain],
    after: Mapping[str, Plain],
    name_of: NameOf,
    path: str = "",
    label: str = "",
) -> Iterator[FieldChange]:
    """Every field that differs, in declared order; groups and keyed rows are told field by field."""
    for name, field in kind.fields.items():
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        at, words = f"{path}{name}", f"{label}{field.label}"
        if isinstance(field, Group):
            yield from differences(field.part, old or {}, new or {}, name_of, f"{at}.", f"{words} › ")
        elif isinstance(field, Rows):
            yield from _rows(kind, field, old or [], new or [], name_of, at, words)
        else:
            yield FieldChange(at, words, _shown(field, old, name_of), _shown(field, new, name_of))


def _shown(field: Field[Any], plain: Plain | None, name_of: NameOf) -> str:
    if plain is None:
        return ""
    return name_of(field.to, str(plain)) if isinstance(field, Ref) else field.show(plain)


def _rows(
    kind: type[Fielded],
    field: Rows[Any],
    old: Sequence[Mapping[str, Plain]],
    new: Sequence[Mapping[str, Plain]],
    name_of: NameOf,
    at: str,
    label: str,
) -> Iterator[FieldChange]:
    if issubclass(field.part, Status):
        yield FieldChange(at, label, _state(kind, old), _state(kind, new))
        return
    if not field.key:
        gone = [row for row in old if row not in new]
        come = [row for row in new if row not in old]
        yield FieldChange(at, label, field.show(gone) if gone else "", field.show(come) if come else "")
        return
    key_field = field.part.fields[field.key]
    was = {row.get(field.key): row for row in old}
    becomes = {row.get(field.key): row for row in new}
    if was == becomes:  # only their order
        yield FieldChange(at, label, field.show(old), field.show(new))
    for key in dict.fromkeys([*was, *becomes]):
        words = f"{label} › {key_field.show(key)} › " if key is not None else f"{label} › "
        inside = f"{at}.{key}."
        for change in differences(field.part, was.get(key, {}), becomes.get(key, {}), name_of, inside, words):
            if change.path != f"{inside}{field.key}":
                yield change


def _state(kind: type[Fielded], status: Sequence[Mapping[str, Plain]]) -> str:
    """The words of the state that a history ends in, with its date."""
    if not status:
        return ""
    row = status[-1]
    known = lifecycle.TABLES.get(getattr(kind, "type_name", ""), {}).get(str(row.get("state")))
    words = known.words if known is not None else str(row.get("state"))
    return f"{words} ({Status.fields['date'].show(row['date'])})" if "date" in row else words
