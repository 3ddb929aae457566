"""Two people on one record: three versions of its plain data become one, or a question for each field.

Pure functions. A value that only one side changed is taken from that side; what both changed alike is taken once.
Groups are merged field by field, rows that have a key row by row, lists of texts entry by entry; everything else, a
long text included, is one value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from participation.records.containers import Group, Rows, Texts
from participation.records.fields import Field, Plain
from participation.store.errors import FieldConflict

Declarations = Mapping[str, Field[Any]]


class _Side(Enum):
    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged plain data, and the fields that both sides changed differently (their side stands in `data`).

    In a conflict's `mine` and `theirs`, everything that does not clash is already merged: whichever is chosen,
    no change of one side alone is lost.
    """

    data: dict[str, Plain]
    conflicts: list[FieldConflict]


def three_way(
    fields: Declarations, base: Mapping[str, Plain], mine: Mapping[str, Plain], theirs: Mapping[str, Plain]
) -> Merged:
    """Merge two versions of a record's data that both come from `base`."""
    data: dict[str, Plain] = {}
    conflicts: list[FieldConflict] = []
    for name, field in fields.items():
        versions = base.get(name), mine.get(name), theirs.get(name)
        clashes: list[str] = []
        value = _merge(field, *versions, _Side.THEIRS, clashes)
        if clashes:
            conflicts.append(FieldConflict(name, versions[0], _merge(field, *versions, _Side.MINE, []), value))
        if value is not None:
            data[name] = value
    return Merged(data, conflicts)


def _merge(
    field: Field[Any] | None, base: Plain, mine: Plain, theirs: Plain, side: _Side, clashes: list[str]
) -> Plain | None:
    """One value merged; a clash is noted and `side` wins it. None is "not there"."""
    if theirs in (mine, base):
        return mine
    if mine == base:
        return theirs
    if isinstance(field, Group) and mine is not None and theirs is not None:
        return _merge_group(field.part.fields, base or {}, mine, theirs, side, clashes) or None
    if isinstance(field, Rows) and field.key:
        was, ours, others = (_by_key(field.key, version) for version in (base, mine, theirs))
        if was is not None and ours is not None and others is not None:
            return _merge_keyed(field, was, ours, others, side, clashes) or None
    if isinstance(field, Texts):
        was, ours, others = ({str(entry): entry for entry in version or ()} for version in (base, mine, theirs))
        return _merge_keyed(None, was, ours, others, side, clashes) or None
    clashes.append("value")
    return mine if side is _Side.MINE else theirs


def _merge_group(
    fields: Declarations,
    base: Mapping[str, Plain],
    mine: Mapping[str, Plain],
    theirs: Mapping[str, Plain],
    side: _Side,
    clashes: list[str],
) -> dict[str, Plain]:
    merged = {
        name: _merge(field, base.get(name), mine.get(name), theirs.get(name), side, clashes)
        for name, field in fields.items()
    }
    return {name: value for name, value in merged.items() if value is not None}


def _by_key(key: str, rows: Sequence[Mapping[str, Plain]] | None) -> dict[str, Plain] | None:
    """Rows by the value of their key field; None when it does not tell them apart."""
    found: dict[str, Plain] = {}
    for row in rows or ():
        name = row.get(key)
        if not isinstance(name, str) or name in found:
            return None
        found[name] = row
    return found


def _merge_keyed(
    field: Rows[Any] | None,
    base: Mapping[str, Plain],
    mine: Mapping[str, Plain],
    theirs: Mapping[str, Plain],
    side: _Side,
    clashes: list[str],
) -> list[Plain]:
    """Entries told apart by a key: added and removed one by one, in the order of the side that reordered them."""
    merged: dict[str, Plain] = {}
    for key in dict.fromkeys([*base, *theirs, *mine]):
        before, ours, others = base.get(key), mine.get(key), theirs.get(key)
        if field is not None and ours is not None and others is not None and ours != others:
            value: Plain = _merge_group(field.part.fields, before or {}, ours, others, side, clashes)
        else:
            value = _merge(None, before, ours, others, side, clashes)
        if value:
            merged[key] = value
    order = _order([*base], [*mine], [*theirs])
    if order is None:
        clashes.append("order")
        order = _threaded(*(([*mine], [*theirs]) if side is _Side.MINE else ([*theirs], [*mine])))
    return [merged[key] for key in order if key in merged]


def _order(base: list[str], mine: list[str], theirs: list[str]) -> list[str] | None:
    """The merged order of all keys; None when both sides reordered what they share, differently."""
    shared = set(base) & set(mine) & set(theirs)
    was, ours, others = ([key for key in keys if key in shared] for keys in (base, mine, theirs))
    if ours in (was, others):
        return _threaded(theirs, mine)
    return _threaded(mine, theirs) if others == was else None


def _threaded(leading: list[str], other: list[str]) -> list[str]:
    """The leading order, with what only the other has put behind what it followed there."""
    order = list(leading)
    previous: str | None = None
    for key in other:
        if key not in order:
            order.insert(0 if previous is None else order.index(previous) + 1, key)
        previous = key
    return order
