"""Sums over the records of an edition, asked of the index and never of cards: how far they came, money, places, delays.

The index groups them once for each edition; everything here is added up from those few groups.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from participation.values import PartialDate
from site_builder.index import Index
from site_builder.measures import BALLOT, CHOSEN, DELIVERED, STUDIED, Group, Sum
from site_builder.stages import WON

UNDECIDED = ("on_ballot", "reserve", "not_selected")
"""The stages of projects that a vote has not chosen, or not yet."""


class ThemeMoney(NamedTuple):
    """The money of the chosen projects of one theme ("" for none)."""

    theme: str
    projects: int = 0
    voted: Sum = Sum()
    committed: Sum = Sum()
    paid: Sum = Sum()


class Delay(NamedTuple):
    """The median number of days from the vote to the delivery, and for how many delivered projects it is known."""

    days: int
    known: int
    delivered: int


@dataclass(frozen=True, slots=True)
class Course:
    """What became of what people proposed in an edition; None where nobody can count it.

    `listed` are the ideas that have a page: fewer than those received when some were never taken over.
    """

    received: int | None
    admissible: int | None
    studied: int | None
    ballot: int | None
    chosen: int | None
    delivered: int | None
    listed: int
    projects: int

    @property
    def steps(self) -> tuple[int | None, ...]:
        """The figures in their order."""
        return self.received, self.admissible, self.studied, self.ballot, self.chosen, self.delivered


def course(index: Index, edition: str, shown: Mapping[str, Any]) -> Course:
    """How far ideas and projects of an edition came; what its record declares (turnout) outweighs what is counted."""
    declared = shown.get("turnout", {})
    ideas, projects = _reached(index, "idea", edition), _reached(index, "project", edition)
    listed, pages = sum(ideas.values()), sum(projects.values())
    received = declared.get("ideas") or listed or None
    # Pages of some of the ideas tell nothing of the others.
    all_here = listed > 0 and listed >= (received or 0)
    admissible = listed - ideas.get("", 0) if all_here else None
    studied = ideas.get(STUDIED, 0) + ideas.get(BALLOT, 0) if all_here else None
    chosen = projects.get(CHOSEN, 0) + projects.get(DELIVERED, 0)
    # Where only the chosen ones were taken over, nobody knows how many there were to choose from.
    stages = index.counts("project", "stage", edition)
    ballot = pages if any(stages.get(stage) for stage in UNDECIDED) else None
    decided = chosen > 0 or bool(stages.get("reserve") or stages.get("not_selected"))
    return Course(
        received,
        declared.get("admissible", admissible),
        declared.get("studied", studied),
        declared.get("projects", ballot),
        chosen if decided else None,
        projects.get(DELIVERED, 0) if decided else None,
        listed,
        pages,
    )


def money(index: Index, edition: str) -> list[ThemeMoney]:
    """The money of the chosen projects by theme; a project that became part of another one is left out."""
    found: dict[str, ThemeMoney] = {}
    for group in _groups(index, "project", edition):
        if group.reached in (CHOSEN, DELIVERED) and group.stage != "merged":
            theme = found.get(group.theme) or ThemeMoney(group.theme)
            found[group.theme] = ThemeMoney(
                group.theme,
                theme.projects + group.records,
                theme.voted.plus(*group.voted),
                theme.committed.plus(*group.committed),
                theme.paid.plus(*group.paid),
            )
    return list(found.values())


def total(rows: list[ThemeMoney]) -> ThemeMoney:
    """All themes together."""
    every = ThemeMoney("")
    for row in rows:
        every = ThemeMoney(
            "",
            every.projects + row.projects,
            every.voted.plus(*row.voted),
            every.committed.plus(*row.committed),
            every.paid.plus(*row.paid),
        )
    return every


def zone_stages(index: Index, edition: str) -> dict[str, dict[str, int]]:
    """Zone ("" for none) -> stage -> number of chosen projects of an edition."""
    found: dict[str, dict[str, int]] = {}
    for group in _groups(index, "project", edition):
        if group.stage in WON:
            of_zone = found.setdefault(group.zone, {})
            of_zone[group.stage] = of_zone.get(group.stage, 0) + group.records
    return found


def delay(index: Index, edition: str, shown: Mapping[str, Any]) -> Delay | None:
    """How long people waited for what they chose. A year alone is no date to count from."""
    asked = ("delay", edition)
    if asked not in index.memo:  # the page of each later edition compares itself with this one
        index.memo[asked] = _delay(index, edition, shown)
    found: Delay | None = index.memo[asked]
    return found


def _delay(index: Index, edition: str, shown: Mapping[str, Any]) -> Delay | None:
    vote = _vote_day(shown)
    waits = index.waits(edition)
    periods = [(won if _exact(won) else vote, done) for won, done in waits]
    days = [_days(start, end) for start, end in periods if _exact(start) and _exact(end)]
    return Delay(round(statistics.median(days)), len(days), len(waits)) if days else None


def _groups(index: Index, type_name: str, edition: str) -> list[Group]:
    asked = ("groups", type_name, edition)
    if asked not in index.memo:  # every chart asks
        index.memo[asked] = index.groups(type_name, edition)
    found: list[Group] = index.memo[asked]
    return found


def _reached(index: Index, type_name: str, edition: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in _groups(index, type_name, edition):
        found[group.reached] = found.get(group.reached, 0) + group.records
    return found


def _exact(plain: str) -> bool:
    return len(plain) >= len("2024-05")


def _days(start: str, end: str) -> int:
    return (PartialDate.parse(end[:10]).first() - PartialDate.parse(start[:10]).first()).days


def _vote_day(shown: Mapping[str, Any]) -> str:
    """The day of the results, or the last of the vote, by the phases of an edition."""
    rows = {row["phase"]: row for row in shown.get("phases", ()) if "phase" in row}
    return str(rows.get("results", {}).get("start") or rows.get("vote", {}).get("end") or "")
