"""What is counted and by which rule, as small immutable values: candidates, a contest, rounds, the rule.

Made from records by `contest.py` and `rules.py`; no record, no ballot and no arithmetic here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project on the ballot: its cost in hundredths, where it lies, who carries it (`owner` is an opaque key)."""

    id: str
    cost: int
    title: str = ""
    zone: str = ""
    theme: str = ""
    owner: str = ""
    owner_kind: str = ""


@dataclass(frozen=True, slots=True)
class Contest:
    """The projects of a vote and its money, in hundredths; `envelopes` goes from (zone, theme) to an amount."""

    budget: int
    candidates: Mapping[str, Candidate]
    envelopes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    currency: str = "EUR"
    zones: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """What a ballot may say. Zero or None stands for no limit; `budget` is in hundredths."""

    kind: str = "approval"
    minimum: int = 1
    maximum: int | None = None
    points_each: int | None = None
    points_least: int = 0
    points_most: int | None = None
    first_points: int | None = None
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class RoundRule:
    """One round: which projects in which groups, which ballots, which money, how many winners."""

    id: str = "all"
    title: Mapping[str, str] = field(default_factory=dict)
    by: str = "whole"
    among: str = "all"
    zones: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    owners: frozenset[str] = frozenset()
    voters: str = "all"
    money: str = "left"
    amount: int = 0
    share: int = 0
    winners: int | None = None
    counts_earlier: bool = False
    threshold: int | None = None
    fit: str = ""


@dataclass(frozen=True, slots=True)
class ExclusiveSet:
    """Projects of which one at most can win."""

    projects: frozenset[str]
    reason: str = ""
    void_ballots: bool = False


@dataclass(frozen=True, slots=True)
class HandDecision:
    """A project that wins (paid from what is left, or from outside) or is out, whatever its votes."""

    project: str
    wins: bool
    reason: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class CountRule:
    """The whole rule; amounts in hundredths, `ties` in the order in which they are asked."""

    paper: Paper = field(default_factory=Paper)
    method: str = "greedy"
    order: str = "votes"
    satisfaction: str = "cost"
    completion: str = "none"
    step: int = 100
    raise_to_the_end: bool = False
    comparison: bool = False
    threshold: int = 1
    threshold_on: str = "votes"
    threshold_share: int = 0
    cost_cap: int | None = None
    one_win_per_owner: bool = False
    exclusives: tuple[ExclusiveSet, ...] = ()
    fit: str = "skip"
    part_minimum: int = 1
    rounds: tuple[RoundRule, ...] = (RoundRule(),)
    ties: tuple[str, ...] = ("draw",)
    seed: str = ""
    decisions: tuple[HandDecision, ...] = ()

    @property
    def dimensions(self) -> frozenset[str]:
        """What ballots must tell besides their choices: `zone`, `youth`, where a round counts by it."""
        return frozenset(one.voters for one in self.rounds) - {"all"}
