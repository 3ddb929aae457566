"""Two results of the same vote side by side: which winners change, what is left, who is served."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from participation.counting.ballots import Box, judge
from participation.counting.model import Contest, CountRule
from participation.counting.trace import Result


@dataclass(frozen=True)
class Comparison:
    """What a second rule changes; pairs are (first, second). Money is in hundredths.

    `served` is the number of valid ballots that chose at least one winner, of `ballots` that are known one by one.
    """

    kept: tuple[str, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    left: tuple[int, int]
    by_zone: Mapping[str, tuple[int, int]]
    by_theme: Mapping[str, tuple[int, int]]
    served: tuple[int, int]
    ballots: int


def compare(rule: CountRule, contest: Contest, box: Box, first: Result, second: Result) -> Comparison:
    """Compare two counts of one box; ballots are judged by `rule`, the one under which they were cast."""
    before, after = set(first.winners), set(second.winners)
    valid = judge(box, rule, contest).valid

    def served(winners: Collection[str]) -> int:
        chosen = frozenset(winners)
        return sum(times for ballot, times in valid.items() if not chosen.isdisjoint(ballot.choices))

    return Comparison(
        tuple(sorted(before & after)),
        tuple(sorted(before - after)),
        tuple(sorted(after - before)),
        (first.left, second.left),
        _pairs(contest, before, after, "zone"),
        _pairs(contest, before, after, "theme"),
        (served(before), served(after)),
        sum(valid.values()),
    )


def _pairs(contest: Contest, before: set[str], after: set[str], what: str) -> dict[str, tuple[int, int]]:
    keys = sorted({getattr(one, what) for one in contest.candidates.values()})
    return {
        key: (
            sum(getattr(contest.candidates[id], what) == key for id in before),
            sum(getattr(contest.candidates[id], what) == key for id in after),
        )
        for key in keys
    }
