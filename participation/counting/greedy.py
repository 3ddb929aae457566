"""Winners in the order of votes: each project in turn, as long as it fits into what is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from participation.counting.groups import Group
from participation.counting.standing import Standing
from participation.counting.tally import Tally
from participation.counting.trace import WINNING, Step


@dataclass(frozen=True, slots=True)
class Field:
    """One group at the moment when it is counted: its projects still in the race, its votes, money and seats."""

    group: Group
    projects: tuple[str, ...]
    counts: Tally
    allowance: int
    seats: int | None


def greedy(standing: Standing, field: Field, *, won: Iterable[Step] = (), note: str = "") -> list[Step]:
    """The steps of a group; `won` are winners of the group found before by another method, whose money is spent."""
    rule, group, counts = standing.rule, field.group, field.counts
    before = list(won)
    winners = standing.paid | {step.project: step.paid for step in before}
    left = field.allowance - sum(step.paid for step in before)
    seats = None if field.seats is None else field.seats - len(before)
    fit = group.round.fit or rule.fit
    stopped_by = ""
    steps: list[Step] = []
    rest = [project for project in field.projects if project not in winners]
    for place, (project, tie) in enumerate(standing.ranking(rest, counts), len(before) + 1):
        cost = standing.contest.candidates[project].cost
        reason, other = "won", ""
        paid = cost
        if not standing.reaches(project, group, counts):
            reason = "threshold"
        elif obstacle := standing.obstacle(project, winners)[0]:
            reason, other = obstacle, standing.obstacle(project, winners)[1]
        elif seats is not None and seats <= 0:
            reason = "winners"
        elif stopped_by:
            reason, other = "stopped", stopped_by
        elif cost > left:
            reason = "money"
            if fit != "skip":
                stopped_by = project
            if fit == "part" and left > 0 and left * 100 >= cost * rule.part_minimum:
                reason, paid = "won_part", left
        if reason not in WINNING:
            paid = 0
        steps.append(
            Step(
                group.round.id,
                group.key,
                project,
                reason,
                place,
                counts.votes.get(project, 0),
                counts.points.get(project, 0),
                cost,
                left,
                paid,
                other,
                tie,
                needed=standing.least(group, counts) if reason == "threshold" else 0,
                note=note,
            )
        )
        if reason in WINNING:
            winners[project] = paid
            left -= paid
            seats = None if seats is None else seats - 1
    return steps
