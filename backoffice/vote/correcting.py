"""A rule that is frozen changes with a reason and a date only: the part of its form that asks for them.

What is frozen, and what a correction allows, is `Rule.settled_fingerprint`'s.
"""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.i18n import _
from backoffice.records.formdata import Pairs, to_raw
from participation.problems import Problem
from participation.records import Rule
from participation.records.base import Record, read_fields
from participation.records.fields import Plain, Refused
from participation.records.rule import Correction

PREFIX = "correction."
ASKED = ("date", "reason")


def read(before: Record, pairs: Pairs, data: dict[str, Plain]) -> list[Problem]:
    """Note the correction in the data of a frozen rule that changes; what is wrong with it."""
    if not isinstance(before, Rule) or not before.frozen.rule:
        return []
    changed = Rule(data, id=before.id).fingerprint()
    if changed in (before.fingerprint(), before.settled_fingerprint("rule")):
        return []
    row, problems = row_of(pairs)
    if not problems:
        data["corrections"] = [*before.data.get("corrections", []), row | {"rule": changed}]
    return problems


def row_of(pairs: Mapping[str, str]) -> tuple[dict[str, Plain], list[Problem]]:
    """Date and reason as typed; both are needed."""
    problems: list[Problem] = []

    def report(refused: Refused) -> None:
        problems.append(Problem(refused.message, field=f"{PREFIX}{refused.at}", hint=refused.hint))

    typed = {name: value for name, value in pairs.items() if name.startswith(PREFIX)}
    row = read_fields(Correction, to_raw(Correction, typed, PREFIX), report)
    words = {
        "date": _("Écrivez la date de la correction."),
        "reason": _("La règle est figée : écrivez la raison de la correction, elle paraîtra avec les résultats."),
    }
    told = {problem.field for problem in problems}
    problems += [
        Problem(words[name], field=f"{PREFIX}{name}")
        for name in ASKED
        if name not in row and f"{PREFIX}{name}" not in told
    ]
    return {name: row[name] for name in ASKED if name in row}, problems
