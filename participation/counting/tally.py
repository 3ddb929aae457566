"""Votes and points of each project over a set of ballots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from participation.counting.ballots import Ballot, Judged, points_of
from participation.counting.model import CountRule


@dataclass(frozen=True)
class Tally:
    """Votes (ballots that name it) and points by project; `voters` is the number of ballots counted."""

    votes: Mapping[str, int]
    points: Mapping[str, int]
    voters: int


def tally(judged: Judged, rule: CountRule, among: Callable[[Ballot], bool] | None = None) -> Tally:
    """Add up the valid ballots, those that `among` accepts when it is given; totals have no ballots to choose from."""
    votes: Counter[str] = Counter()
    points: Counter[str] = Counter()
    voters = 0
    equal = rule.paper.kind in {"approval", "budget"}  # a choice is worth one point
    for ballot, times in judged.valid.items():
        if among is not None and not among(ballot):
            continue
        voters += times
        for choice in ballot.choices:
            votes[choice] += times
        if not equal:
            for choice, given in points_of(ballot, rule):
                points[choice] += given * times
    if among is None:
        for total in judged.totals:
            votes.update(total.votes)
            points.update(total.points)
            voters += total.valid
    return Tally(votes, votes if equal else points, voters)
