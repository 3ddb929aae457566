"""Putting equal projects in order by the criteria of the rule, and saying which of them decided.

A draw whose seed is not known yet decides nothing, nor does what comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any

from participation.counting.draw import number
from participation.counting.model import Candidate, CountRule
from participation.counting.tally import Tally
from participation.counting.trace import Tie

Key = tuple[Any, ...]


class TieBreaker:
    """The criteria of a rule over a tally."""

    def __init__(self, rule: CountRule, candidates: Mapping[str, Candidate], counts: Tally) -> None:
        self._rule = rule
        self._counts = counts
        self._by_id = candidates
        unknown = not rule.seed and "draw" in rule.ties
        self._known = rule.ties.index("draw") if unknown else len(rule.ties)

    def key(self, project: str) -> Key:
        """One value for each criterion; smaller comes first. Its last is the identifier, which no rule named."""
        one = self._by_id[project]
        values: dict[str, Callable[[], Any]] = {
            "votes": lambda: -self._counts.votes.get(project, 0),
            "points": lambda: -self._counts.points.get(project, 0),
            "cheapest": lambda: one.cost,
            "dearest": lambda: -one.cost,
            "draw": lambda: number(self._rule.seed, project) if self._rule.seed else "",
            "id": lambda: project,
        }
        return (*(values[criterion]() for criterion in self._rule.ties), project)

    def ordered(self, tied: Iterable[str]) -> list[tuple[str, Tie | None]]:
        """Equal projects in order, each with the tie that it was in (None when it was alone)."""
        keys = {project: self.key(project) for project in tied}
        order = sorted(keys, key=keys.__getitem__)
        if len(order) == 1:
            return [(order[0], None)]
        told: list[tuple[str, Tie | None]] = []
        for place, project in enumerate(order):
            known = keys[project][: self._known]
            alike = tuple(other for other in order if keys[other][: self._known] == known)
            if len(alike) > 1:
                told.append((project, Tie(alike, "")))
            else:
                neighbour = order[place - 1] if place else order[1]
                told.append((project, Tie(tuple(order), self._decisive(keys[project], keys[neighbour]))))
        return told

    def _decisive(self, first: Key, second: Key) -> str:
        """The criterion that tells two projects apart."""
        return next(criterion for place, criterion in enumerate(self._rule.ties) if first[place] != second[place])


def ranked(score: dict[str, Any], ties: TieBreaker) -> list[tuple[str, Tie | None]]:
    """Projects by falling score, equal ones as the rule says."""
    falling = sorted(score, key=lambda project: score[project], reverse=True)
    return [
        pair for _value, equal in groupby(falling, key=lambda project: score[project]) for pair in ties.ordered(equal)
    ]
