"""What a record adds to the figures of its edition: how far it came, its money in cents, when it won and was delivered.

Worked out once, from the record alone, when its card is made; sums are asked of the index, in `tallies`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from participation.records.fields import Plain
from site_builder.stages import WON, stage_of

ADMISSIBLE, STUDIED, BALLOT, CHOSEN, DELIVERED = "admissible", "studied", "ballot", "chosen", "delivered"
"""How far an idea (the first three) or a project (the last three) came, whatever became of it afterwards."""

_STUDY = frozenset({"in_study", "feasible", "feasible_with_conditions", "infeasible"})
_CHOSEN = frozenset({"winner", "scoping", "design", "procurement", "agreement", "works", "delivered"})
_MONEY = {"voted": ("budget_voted", "cost"), "committed": ("budget_committed",), "paid": ("budget_paid",)}


class Measures(NamedTuple):
    """As the index holds them: amounts in cents or None, days as stored ("" when unknown)."""

    reached: str
    voted: int | None
    committed: int | None
    paid: int | None
    won: str
    done: str


class Sum(NamedTuple):
    """An amount in cents, and of how many records it is known."""

    cents: int = 0
    known: int = 0

    def plus(self, cents: int | None, known: int = 1) -> Sum:
        """With one more amount, or none."""
        return self if cents is None else Sum(self.cents + cents, self.known + known)


class Group(NamedTuple):
    """The records of an edition that share theme, zone, stage and how far they came ("" for none)."""

    theme: str
    zone: str
    stage: str
    reached: str
    records: int = 0
    voted: Sum = Sum()
    committed: Sum = Sum()
    paid: Sum = Sum()

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Group:
        """From a line of the index: names, number of records, then sum and number for each amount."""
        return cls(*row[:5], *(Sum(cents or 0, known) for cents, known in zip(row[5::2], row[6::2], strict=True)))


def gather(records: Iterable[tuple[str, str, str, Mapping[str, Any]]]) -> list[Group]:
    """The groups of records given as theme, zone, stage, and what their card keeps."""
    found: dict[tuple[str, str, str, str], Group] = {}
    for theme, zone, stage, more in records:
        names = (theme, zone, stage, more.get("reached", ""))
        group = found.get(names) or Group(*names)
        found[names] = Group(
            *names,
            group.records + 1,
            group.voted.plus(more.get("voted")),
            group.committed.plus(more.get("committed")),
            group.paid.plus(more.get("paid")),
        )
    return list(found.values())


def of_idea(shown: Mapping[str, Plain], state: str) -> dict[str, Any]:
    """What the card of an idea keeps. A state says which earlier ones it has passed, where they are not noted."""
    states = {state, *(row.get("state", "") for row in shown.get("status") or ())}
    if "on_ballot" in states or "project" in shown:
        return {"reached": BALLOT}
    if states & _STUDY:
        return {"reached": STUDIED}
    return {"reached": ADMISSIBLE} if "admissible" in states else {}


def of_project(shown: Mapping[str, Plain], state: str) -> dict[str, Any]:
    """What the card of a project keeps."""
    rows = shown.get("status") or ()
    stage = stage_of("project", state)
    won = stage in WON or any(row.get("state") in _CHOSEN for row in rows)
    delivered = stage == "delivered"
    found: dict[str, Any] = {"reached": DELIVERED if delivered else CHOSEN if won else BALLOT}
    if won:
        for name, fields in _MONEY.items():
            amount = next((shown[field] for field in fields if field in shown), None)
            if amount is not None:
                found[name] = int(Decimal(amount) * 100)
        if day := _day(rows, ("winner",)):
            found["won"] = day
    if delivered and (day := _day(rows, ("delivered", "inaugurated")) or _handed_over(shown)):
        found["done"] = day
    return found


def measures_of(more: Mapping[str, Any]) -> Measures:
    """The measures that a card keeps."""
    got = more.get
    return Measures(got("reached", ""), got("voted"), got("committed"), got("paid"), got("won", ""), got("done", ""))


def _day(rows: Iterable[Mapping[str, Plain]], states: tuple[str, ...]) -> str:
    """When one of these states was first reached."""
    return next((str(row["date"]) for row in rows if row.get("state") in states and "date" in row), "")


def _handed_over(shown: Mapping[str, Plain]) -> str:
    steps = shown.get("steps") or ()
    return next((str(one["actual_end"]) for one in steps if one.get("kind") == "delivery" and "actual_end" in one), "")
