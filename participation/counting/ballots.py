"""Ballots as values, grouped where they say the same; and the one judgement of which are void, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from participation.counting.model import Contest, CountRule
from participation.records.polling import VOID


class Ballot(NamedTuple):
    """What one ballot says: its choices (in order of preference for a ranking) and their points.

    `zone` and `youth` are there only when the rule counts by them. `void` is the reason given at the polling place.
    Two ballots that say the same are equal: choices of an approval ballot are sorted.
    """

    choices: tuple[str, ...]
    points: tuple[int, ...] = ()
    zone: str = ""
    youth: bool = False
    void: str = ""


def approval(choices: Iterable[str], *, zone: str = "", youth: bool = False, void: str = "") -> Ballot:
    """A ballot whose choices are all equal."""
    return Ballot(tuple(sorted(choices)), (), zone, youth, void)


def with_points(points: Iterable[tuple[str, int]], *, zone: str = "", youth: bool = False, void: str = "") -> Ballot:
    """A ballot that gives points; their order says nothing."""
    pairs = sorted(points)
    return Ballot(tuple(choice for choice, _n in pairs), tuple(n for _choice, n in pairs), zone, youth, void)


@dataclass(frozen=True)
class Totals:
    """What a place that was counted by hand reports: votes and points by project, ballots, void ones by reason."""

    votes: Mapping[str, int] = field(default_factory=dict)
    points: Mapping[str, int] = field(default_factory=dict)
    valid: int = 0
    void: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Box:
    """All that was cast: how many ballots say what, and the totals of places without single ballots."""

    ballots: Mapping[Ballot, int] = field(default_factory=dict)
    totals: tuple[Totals, ...] = ()

    def __add__(self, other: Box) -> Box:
        return Box(Counter(self.ballots) + Counter(other.ballots), self.totals + other.totals)


@dataclass(frozen=True)
class Judged:
    """The ballots that count, grouped, and the number of void ones by reason."""

    valid: Mapping[Ballot, int]
    void: Mapping[str, int]
    totals: tuple[Totals, ...] = ()

    @property
    def voters(self) -> int:
        """How many ballots count, those of totals included."""
        return sum(self.valid.values()) + sum(total.valid for total in self.totals)


def judge(box: Box, rule: CountRule, contest: Contest) -> Judged:
    """Tell valid ballots from void ones. Every ballot is in one or the other."""
    valid: dict[Ballot, int] = {}
    void: Counter[str] = Counter()
    for ballot, times in box.ballots.items():
        if reason := fault(ballot, rule, contest):
            void[reason] += times
        else:
            valid[ballot] = times
    for total in box.totals:
        void.update(total.void)
    return Judged(valid, {code: void[code] for code in VOID if void[code]}, box.totals)


def fault(ballot: Ballot, rule: CountRule, contest: Contest) -> str:
    """Why a ballot is void (a code of `VOID`), or "" when it counts."""
    paper = rule.paper
    choices = ballot.choices
    if ballot.void:
        return ballot.void if ballot.void in VOID else "other"
    if not choices:
        return "blank"
    if not contest.candidates.keys() >= set(choices):
        return "unknown"
    if len(set(choices)) != len(choices):
        return "repeated"
    if any(one.void_ballots and len(one.projects.intersection(choices)) > 1 for one in rule.exclusives):
        return "exclusive"
    if paper.maximum is not None and len(choices) > paper.maximum:
        return "too_many"
    if len(choices) < paper.minimum:
        return "too_few"
    if paper.kind == "points" and _ill_spread(ballot, rule):
        return "points"
    if paper.kind == "budget":
        limit = contest.budget if paper.budget is None else paper.budget
        if sum(contest.candidates[choice].cost for choice in choices) > limit:
            return "over_budget"
    return ""


def _ill_spread(ballot: Ballot, rule: CountRule) -> bool:
    paper, total = rule.paper, sum(ballot.points)
    return (
        len(ballot.points) != len(ballot.choices)
        or min(ballot.points) < 1
        or (paper.points_each is not None and max(ballot.points) > paper.points_each)
        or (paper.points_most is not None and total > paper.points_most)
        or total < paper.points_least
    )


def recognisable(box: Box, least: int) -> dict[tuple[str, bool], int]:
    """Places and ages (zone, youth) with fewer than `least` ballots: published, these may tell who chose what."""
    sizes: Counter[tuple[str, bool]] = Counter()
    for ballot, times in box.ballots.items():
        sizes[ballot.zone, ballot.youth] += times
    return {group: size for group, size in sorted(sizes.items()) if size < least}


def points_of(ballot: Ballot, rule: CountRule) -> Iterator[tuple[str, int]]:
    """The points that a ballot gives to each of its choices: as written, by rank, or one each."""
    if rule.paper.kind == "points":
        yield from zip(ballot.choices, ballot.points, strict=True)
    elif rule.paper.kind == "ranking":
        first = rule.paper.first_points or rule.paper.maximum or len(ballot.choices)
        for rank, choice in enumerate(ballot.choices):
            yield choice, max(first - rank, 0)
    else:
        for choice in ballot.choices:
            yield choice, 1
