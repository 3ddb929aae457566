"""Equal shares as a method of a rule: clauses, ties, completion of what is left, comparison with the order of votes.

Completions have the names of equalshares.net: `add1` gives every ballot one unit of money more, again and again, until
the winners would cost too much or (unless the rule says to go on) no project fits any more; `utilitarian` spends the
rest in the order of votes; `add1u` does one and then the other. `add1` begins with the exact share, budget / ballots,
as pabutools does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from participation.counting.ballots import Judged, points_of
from participation.counting.greedy import Field, greedy
from participation.counting.raising import stretches
from participation.counting.shares import Electorate, Outcome, Supporters, equal_shares
from participation.counting.standing import Standing
from participation.counting.trace import WINNING, Step, Tie

Gives = tuple[str, ...] | tuple[tuple[str, int], ...]
"""The projects that a ballot supports, with its points where they differ."""


@dataclass(frozen=True)
class Shared:
    """The steps of a group, among how many ballots its money was shared, how often shares were raised.

    `note` is `greedy_preferred` where the order of votes counts instead.
    """

    steps: list[Step]
    voters: int
    raised: int = 0
    note: str = ""


class _Supports:
    """The ballots of a group, grouped by what they say, and who supports which project."""

    def __init__(self, standing: Standing, field: Field, judged: Judged, projects: Iterable[str]) -> None:
        accepts = field.group.accepts()
        members = set(field.group.projects)
        whole = field.group.round.by == "whole"
        alike = standing.rule.paper.kind in {"approval", "budget"}
        found: dict[Gives, int] = {}
        for ballot, times in judged.valid.items():
            if accepts is not None and not accepts(ballot):
                continue
            gives: Gives
            if not alike:
                gives = tuple(
                    sorted(pair for pair in points_of(ballot, standing.rule) if pair[0] in members and pair[1])
                )
            elif members.issuperset(ballot.choices):
                gives = ballot.choices
            else:
                gives = tuple(choice for choice in ballot.choices if choice in members)
            if whole or gives:
                found[gives] = found.get(gives, 0) + times
        self.gives = list(found)
        self.sizes = list(found.values())
        self.voters = sum(self.sizes)
        self._alike = alike
        self.supporters = self._supporters(standing, set(projects))

    def _supporters(self, standing: Standing, projects: set[str]) -> dict[str, Supporters]:
        groups: dict[str, list[int]] = {project: [] for project in sorted(projects)}
        gains: dict[str, list[int]] = {project: [] for project in groups}
        for number, gives in enumerate(self.gives):
            for one in gives:
                project, gain = (one, 1) if isinstance(one, str) else one
                if project in groups:
                    groups[project].append(number)
                    if not self._alike:
                        gains[project].append(gain)
        by_cost = standing.rule.satisfaction == "cost"
        several = {number for number, size in enumerate(self.sizes) if size > 1}
        made = {}
        for project, members in groups.items():
            unit = standing.contest.candidates[project].cost or 1 if by_cost else 1
            more = [number for number in members if number in several]
            apart = gains[project]
            if len(set(apart)) <= 1:
                made[project] = Supporters(members, more, unit * (apart[0] if apart else 1))
            else:
                made[project] = Supporters(members, more, gains=[gain * unit for gain in apart])
        return made

    def prefer(self, first: Mapping[str, int], second: Mapping[str, int]) -> int:
        """How many ballots more gain by the first winners than by the second; each maps a winner to its gain."""
        balance = 0
        for gives, times in zip(self.gives, self.sizes, strict=True):
            gain = 0
            for one in gives:
                project, points = (one, 1) if isinstance(one, str) else one
                gain += points * (first.get(project, 0) - second.get(project, 0))
            balance += times * ((gain > 0) - (gain < 0))
        return balance


def shared(standing: Standing, field: Field, judged: Judged) -> Shared:
    """The steps of one group by equal shares."""
    rule = standing.rule
    able = [
        project
        for project in field.projects
        if standing.reaches(project, field.group, field.counts) and not standing.obstacle(project, standing.paid)[0]
    ]
    supports = _Supports(standing, field, judged, able)
    if not supports.voters:
        return Shared(_told(standing, field, Outcome((), {})), 0)
    outcome, raised = _completed(standing, field, supports)
    steps = _told(standing, field, outcome)
    won = [step for step in steps if step.reason in WINNING]
    if rule.completion in {"utilitarian", "add1u"}:
        steps = won + greedy(standing, field, won=won, note="utilitarian")
    if rule.comparison:
        other = greedy(standing, field)
        if supports.prefer(_gains(standing, other), _gains(standing, steps)) > 0:
            return Shared(other, supports.voters, raised, "greedy_preferred")
    return Shared(steps, supports.voters, raised)


def _gains(standing: Standing, steps: Iterable[Step]) -> dict[str, int]:
    by_cost = standing.rule.satisfaction == "cost"
    return {step.project: step.cost if by_cost else 1 for step in steps if step.reason in WINNING}


def _completed(standing: Standing, field: Field, supports: _Supports) -> tuple[Outcome, int]:
    """The outcome of equal shares, raised step by step where the rule says so, and how often it was raised."""
    rule = standing.rule
    costs = {project: standing.contest.candidates[project].cost for project in supports.supporters}
    breaker = standing.ties(field.counts)

    def choose(equal: Iterable[str]) -> tuple[str, Tie | None]:
        return breaker.ordered(equal)[0]

    def bar(project: str) -> Iterable[str]:
        return (other for _reason, other in standing.rivals(project))

    electorate = Electorate(costs, supports.supporters, supports.sizes, choose, bar, field.seats)
    share, raised = Fraction(field.allowance, supports.voters), 0
    if rule.completion in {"add1", "add1u"} and rule.step > 0:
        raised = _raised(standing, field, electorate, share)
    return equal_shares(electorate, share + raised * rule.step), raised


def _raised(standing: Standing, field: Field, electorate: Electorate, share: Fraction) -> int:
    """How often shares are raised: while a project may still win and the winners do not cost too much."""
    supported = {project for project, who in electorate.supporters.items() if who.groups}
    raised = 0
    for raised, winners in stretches(electorate, share, standing.rule.step):
        if sum(electorate.costs[project] for project in winners) > field.allowance:
            return raised - 1
        if not _more_can_win(winners, supported, electorate.costs, field, standing):
            break
    return raised


def _more_can_win(
    won: Iterable[str], supported: set[str], costs: Mapping[str, int], field: Field, standing: Standing
) -> bool:
    """True while a project may still win that fits into what is left (whatever it costs, where the rule goes on)."""
    winners = dict.fromkeys(won, 0)
    if field.seats is not None and len(winners) >= field.seats:
        return False
    left = field.allowance - sum(costs[project] for project in winners)
    return any(
        (costs[project] <= left or standing.rule.raise_to_the_end) and not standing.obstacle(project, winners)[0]
        for project in supported - winners.keys()
    )


def _told(standing: Standing, field: Field, outcome: Outcome) -> list[Step]:
    group, counts = field.group, field.counts
    left = field.allowance
    winners = dict(standing.paid)
    steps: list[Step] = []

    def step(project: str, reason: str, paid: int = 0, other: str = "", tie: Tie | None = None) -> Step:
        cost = standing.contest.candidates[project].cost
        votes, points = counts.votes.get(project, 0), counts.points.get(project, 0)
        return Step(
            group.round.id, group.key, project, reason, len(steps) + 1, votes, points, cost, left, paid, other, tie
        )

    for one in outcome.bought:
        cost = standing.contest.candidates[one.project].cost
        steps.append(replace(step(one.project, "won", cost, tie=one.tie), share=str(one.price)))
        winners[one.project] = cost
        left -= cost
    full = field.seats is not None and len(outcome.bought) >= field.seats
    rest = [project for project in field.projects if project not in winners]
    for project, _tie in standing.ranking(rest, counts):
        reason, other = standing.obstacle(project, winners)
        if not standing.reaches(project, group, counts):
            reason, other = "threshold", ""
        elif not reason:
            reason = "winners" if full else "support"
        together = int(outcome.available.get(project, Fraction(0)))
        told = replace(step(project, reason, other=other), available=together if reason == "support" else 0)
        steps.append(replace(told, needed=standing.least(group, counts)) if reason == "threshold" else told)
    return steps
