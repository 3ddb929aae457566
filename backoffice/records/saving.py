"""From a form that was sent to the data of a record: reading, errors, and what is kept from before.

Writing itself is the store's; pages are the views'.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.i18n import _
from backoffice.records import states
from backoffice.records.formdata import APART, Pairs, form_fields, to_raw
from participation.messages import mark
from participation.problems import Problem
from participation.records.base import Record, read_fields
from participation.records.fields import Plain, Refused, Required
from participation.records.parts import Status


@dataclass(frozen=True, slots=True)
class Reading:
    """What a form says: the data to save, and the errors that forbid it (each names its field)."""

    data: dict[str, Plain]
    errors: list[Problem]


def read(before: Record, pairs: Pairs) -> Reading:
    """Read a form over the version of the record that it was made from (an empty one for a new record)."""
    kind = type(before)
    errors: list[Problem] = []

    def report(refused: Refused) -> None:
        errors.append(Problem(refused.message, field=refused.at, hint=refused.hint))

    typed = read_fields(kind, to_raw(kind, pairs), report)
    data = {name: plain for name, plain in before.data.items() if name in APART} | typed
    for name, declared in form_fields(kind).items():
        if declared.required is Required.SAVE and name not in data and not _told(errors, name):
            errors.append(Problem(mark("Ce champ est nécessaire pour enregistrer."), field=name))
    changed = [name for name in kind.fields if data.get(name) != before.data.get(name)]
    row, state_errors = states.read(before, pairs, changed)
    if row is not None:
        data["status"] = [*before.data.get("status", []), row]
    ordered = {name: data[name] for name in kind.fields if name in data}
    return Reading(ordered, errors + state_errors)


def series_of(before: Record, data: Mapping[str, Plain], asked: str, now: dt.datetime) -> tuple[str, list[Problem]]:
    """From which series a new record draws its number: the edition chosen, or the year of an event."""
    if before.blob:
        return before.id.partition("-")[0], []
    if before.type_name == "event":
        return str(data.get("start", ""))[:4] or str(now.year), []
    if not re.fullmatch(r"[A-Za-z0-9_]{1,40}", asked):
        return "", [Problem(mark("Choisissez l’édition."), field="_edition")]
    return asked, []


def summary(kind: type[Record], errors: list[Problem]) -> list[tuple[str, str]]:
    """Field and sentence of each error for the top of the page: the sentence names the field."""
    told = []
    for problem in errors:
        words = f"{_(problem.message)} {_(problem.hint)}".strip()
        label = label_of(kind, problem.field)
        told.append((problem.field, _("%(label)s\u00a0: %(value)s") % {"label": label, "value": words}))
    return told


def label_of(kind: type[Record], path: str) -> str:
    """The words for a dotted path: `Étapes 2, Fin prévue`."""
    if path.startswith(states.PREFIX):
        inner = Status.fields.get(path.removeprefix(states.PREFIX))
        return _(inner.label) if inner is not None else _("Changer l’état")
    words: list[str] = []
    fields = dict(kind.fields)
    for part in path.split("."):
        if part.isdecimal():
            words[-1:] = [f"{words[-1]} {part}" if words else part]
            continue
        declared = fields.get(part)
        if declared is None:
            break
        words.append(_(declared.label))
        fields = dict(getattr(getattr(declared, "part", None), "fields", {}))
    return ", ".join(words) or path


def _told(errors: list[Problem], name: str) -> bool:
    return any(problem.field.split(".")[0] == name for problem in errors)
