"""How a class of fields becomes a record: declaration, checking of raw data, publicness.

No field kinds and no record types here; nothing reads files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records.fields import Field, Plain, Refused, Required


class Fielded:
    """Holds plain data described by the class's `fields` (name -> declaration, in declared order)."""

    fields: ClassVar[dict[str, Field[Any]]] = {}
    positions: ClassVar[dict[str, int]] = {}
    needed: ClassVar[tuple[Field[Any], ...]] = ()

    def __init__(self, data: Mapping[str, Plain]) -> None:
        self.data: Mapping[str, Plain] = data

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = {name: field for name, field in vars(cls).items() if isinstance(field, Field)}
        cls.fields = {**cls.fields, **own}
        cls.positions = {name: place for place, name in enumerate(cls.fields)}
        cls.needed = tuple(field for field in cls.fields.values() if field.required)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fielded) and type(other) is type(self) and self.data == other.data

    __hash__ = None  # type: ignore[assignment]  # plain data is mutable, so no hash

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.data!r})"

    @classmethod
    def public_data(cls, data: Mapping[str, Plain]) -> dict[str, Plain]:
        """Only the values of fields declared public, at every depth."""
        found = {
            name: field.public_value(data[name]) for name, field in cls.fields.items() if field.public and name in data
        }
        return {name: value for name, value in found.items() if value not in ({}, [])}


class Record(Fielded):
    """One record: a project, an event, an edition. `path` and `blob` say where it was read, when it was."""

    type_name: ClassVar[str] = ""
    title_words: ClassVar[str] = ""  # "Projet", for lists and messages
    collective: ClassVar[bool] = False  # several in one file (zones, services)
    withheld: bool = False  # a copy for somebody who may not read all of it yet

    def __init__(self, data: Mapping[str, Plain], *, id: str = "", path: str = "", blob: str = "") -> None:
        super().__init__(data)
        self.id = id or str(data.get("id", ""))
        self.path = path
        self.blob = blob

    @property
    def display_title(self) -> str:
        """The title, or honest words where there is none."""
        title = self.fields["title"].show(self.data["title"]) if self.data.get("title") else ""
        return title or _("Sans titre (n°\u00a0%s)") % self.id

    def with_data(self, changes: Mapping[str, Plain | None]) -> Self:
        """A copy with some values replaced (None removes one); keys stay in declared order."""
        merged = {**self.data, **changes}
        data = {name: merged[name] for name in self.fields if merged.get(name) is not None}
        return type(self)(data, id=self.id, path=self.path, blob=self.blob)

    def public(self, now: dt.datetime) -> dict[str, Plain] | None:
        """The public projection at `now`: public fields past their embargo; None when nothing may show yet."""
        return project(type(self), self.data, now)

    @classmethod
    def settled(cls, _before: Mapping[str, Plain], after: dict[str, Plain]) -> dict[str, Plain]:
        """What a save writes when `before` becomes `after`: a type whose changes have a consequence says it here."""
        return after

    def missing(self, level: Required) -> Iterator[Field[Any]]:
        """The fields without a value whose declared need is exactly `level`."""
        for name, field in self.fields.items():
            if field.required is level and name not in self.data:
                yield field


def project(record_type: type[Record], data: Mapping[str, Plain], now: dt.datetime) -> dict[str, Plain] | None:
    """The public projection of plain data (design, section 5): embargoed states go, with the fields they hold back."""
    told = past_embargoes(data, now)
    return None if told is None else record_type.public_data(told)


def past_embargoes(data: Mapping[str, Plain], now: dt.datetime) -> Mapping[str, Plain] | None:
    """The data without what may not be told yet, fields that are never public included; None when nothing may."""
    until = data.get("visible_from")
    if until is not None and dt.datetime.fromisoformat(until) > now:
        return None
    status = data.get("status")
    if status:
        held = [row for row in status if _embargoed(row, now)]
        if held:
            hidden = {name for row in held for name in row.get("holds", ())}
            kept = [row for row in status if row not in held]
            if not kept:
                return None
            data = {name: plain for name, plain in data.items() if name not in hidden} | {"status": kept}
    return data


def _embargoed(row: Mapping[str, Plain], now: dt.datetime) -> bool:
    until = row.get("visible_from")
    return until is not None and dt.datetime.fromisoformat(until) > now


def read_fields(
    kind: type[Fielded],
    raw: Mapping[str, Plain],
    report: Callable[[Refused], None],
) -> dict[str, Plain]:
    """Check raw nested text against the declarations; what is usable comes back in declared order.

    Each refusal carries the dotted path of its field (`steps.2.planned_start`, rows counted from 1).
    """
    fields = kind.fields
    data: dict[str, Plain] = {}
    for name, value in raw.items():
        field = fields.get(name)
        if field is None:
            report(
                Refused(
                    _("La clé «\u00a0%s\u00a0» est inconnue.") % name[:60],
                    _("Elle est gardée dans le fichier et jamais publiée."),
                    at=name[:60],
                    warning=True,
                )
            )
            continue
        if field.scalar and isinstance(value, str):  # most values: no closure, no second call
            if value and not value.isspace():
                try:
                    plain = field.parse(value)
                except Refused as refused:
                    refused.at = f"{name}.{refused.at}" if refused.at else name
                    report(refused)
                else:
                    if plain != "":  # nothing but spaces
                        data[name] = plain
            continue
        # What was canonical already is read again by imports: zero and "no" are values.
        plain = None if value in (None, "", [], {}) else field.read(value, nested(report, name))
        if plain is not None:
            data[name] = plain
    positions = kind.positions
    places = [positions[name] for name in data]
    if places == sorted(places):
        return data
    return {name: data[name] for name in fields if name in data}


def nested(report: Callable[[Refused], None], step: str) -> Callable[[Refused], None]:
    """A report that puts `step` before the path of each refusal."""

    def inner(refused: Refused) -> None:
        refused.at = f"{step}.{refused.at}" if refused.at else step
        report(refused)

    return inner


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking a record gave: its usable plain data and every problem found, none with a file yet."""

    data: dict[str, Plain]
    problems: list[Problem]


def check_raw(record_type: type[Record], raw: Mapping[str, Plain]) -> Checked:
    """Check raw nested text of a whole record; unknown keys are warnings, missing needs follow their declaration."""
    problems: list[Problem] = []

    def report(refused: Refused) -> None:
        severity = Severity.WARNING if refused.warning else Severity.ERROR
        problems.append(Problem(refused.message, field=refused.at, hint=refused.hint, severity=severity))

    data = read_fields(record_type, raw, report)
    for field in record_type.needed:
        name = field.name
        if name not in data and not any(problem.field == name for problem in problems):
            advised = field.required is Required.ADVISED
            problems.append(
                Problem(
                    _("«\u00a0%s\u00a0» manque.") % field.label,
                    field=name,
                    hint="" if advised else _("La fiche attend cette information pour être publiée."),
                    severity=Severity.WARNING if advised else Severity.ERROR,
                )
            )
    return Checked(data, problems)
