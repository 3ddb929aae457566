"""Changing the state of an idea or a project from its form: what is offered, and the row that is added.

What may follow what is `participation.lifecycle`'s table; here are only the form's words and its checks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backoffice.embargo import HIDDEN
from backoffice.i18n import _
from backoffice.records.formdata import Pairs, to_raw
from backoffice.records.formview import FieldView, Finder, fields_of, place_errors
from backoffice.records.looks import Look, look_of_state
from participation import lifecycle
from participation.lifecycle import TABLES, State
from participation.messages import mark
from participation.problems import Problem
from participation.records.base import Record, read_fields
from participation.records.fields import Plain, Refused
from participation.records.parts import Status

PREFIX = "etat."  # names of the section: the form has fields called `note` and `state` of its own
ASKED = ("date", "role", "reason", "visible_from", "note")


@dataclass(frozen=True, slots=True)
class Step:
    """One state of the past, as the side of the page tells it."""

    look: Look
    words: str
    hidden: str


def offered(record: Record) -> list[State]:
    """The states that may come next; none for types without a life cycle, or while the present one is hidden."""
    return lifecycle.following(record) if record.type_name in TABLES and not record.withheld else []


def start_pairs(today: dt.date) -> Pairs:
    """What the section begins with: today, by the team."""
    return {f"{PREFIX}date": f"{today:%d/%m/%Y}", f"{PREFIX}role": "agent"}


def section(pairs: Pairs, errors: Sequence[Problem], find: Finder, languages: Sequence[str]) -> list[FieldView]:
    """The fields of the section, but for the choice of the state itself."""
    views = fields_of(Status, ASKED, pairs, PREFIX, find, languages)
    place_errors(views, errors)
    return views


def read(record: Record, pairs: Pairs, changed: Sequence[str]) -> tuple[dict[str, Plain] | None, list[Problem]]:
    """The row to add to the status history, None when no state was chosen; and what is wrong with it.

    `changed` names the fields of the same save, which an embargo holds back together with the state.
    """
    code = pairs.get(f"{PREFIX}state", "")
    if not code:
        return None, []
    problems: list[Problem] = []

    def report(refused: Refused) -> None:
        problems.append(Problem(refused.message, field=f"{PREFIX}{refused.at}", hint=refused.hint))

    raw = to_raw(Status, {name: value for name, value in pairs.items() if name.startswith(PREFIX)}, PREFIX)
    row = read_fields(Status, raw, report)
    state = next((state for state in offered(record) if state.code == code), None)
    if state is None:
        words = HIDDEN if record.withheld else mark("Cet état ne peut pas suivre l’état présent de la fiche.")
        problems.append(Problem(_(words), field=f"{PREFIX}state"))
        return None, problems
    if state.explains and not row.get("reason"):
        problems.append(
            Problem(
                _("Écrivez la raison de « %s » : elle est due au public.") % _(state.words), field=f"{PREFIX}reason"
            )
        )
    public = [name for name in changed if record.fields[name].public and name != "status"]
    if row.get("visible_from") and public:
        row["holds"] = public
    return {name: row[name] for name in Status.fields if name in row}, problems


def past(record: Record, language: str) -> list[Step]:
    """The states gone through, the latest first."""
    if record.type_name not in TABLES:
        return []
    rows: Sequence[Mapping[str, Any]] = record.data.get("status", [])
    steps = (
        [Step(Look("over", "lock", _("Résultat du vote")), "", _("caché jusqu’à l’annonce"))] if record.withheld else []
    )
    for row in reversed(rows):
        words = ", ".join(Status.fields[name].show(row[name], language, _) for name in ("date", "role") if name in row)
        hidden = row.get("visible_from")
        until = _("caché jusqu’au %s") % Status.fields["visible_from"].show(hidden, language, _) if hidden else ""
        steps.append(Step(look_of_state(record.type_name, str(row.get("state", ""))), words, until))
    return steps
