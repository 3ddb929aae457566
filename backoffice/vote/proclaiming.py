"""From a count to the projects: who becomes a winner, who waits, who is not selected, each with its sentence.

Nothing is saved here: the plan is shown first, then saved as one change by whoever read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from backoffice.vote.election import Election
from participation import wording
from participation.counting.outcome import Outcome
from participation.counting.trace import WINNING
from participation.counting.words import Voice, sentence
from participation.lifecycle import state_code
from participation.records import Project, Rule
from participation.records.fields import Plain
from participation.store.saving import Change

WAITING = frozenset({"money", "winners", "stopped", "support"})  # who would have won with more money or more places
HELD = ("votes", "points", "rank", "budget_voted")


@dataclass(frozen=True, slots=True)
class Step:
    """What one project becomes, and why."""

    project: Project
    state: str
    reason: str
    votes: int
    rank: int
    paid: str
    refused: str = ""


def plan(election: Election, outcome: Outcome, reserve: int) -> list[Step]:
    """What every project of the ballot becomes; the first `reserve` of those who just missed it wait."""
    result = outcome.result
    voice = Voice(outcome.contest, outcome.rule, election.names)
    order = outcome.rule.order if outcome.rule.order != "value" else "votes"
    scores = result.points if order == "points" else result.votes
    ranked = sorted(election.contest.candidates, key=lambda one: (-scores.get(one, 0), one))
    ranks = {one: 1 + sum(scores[other] > scores[one] for other in ranked) for one in ranked}
    waiting = [
        one
        for one in ranked
        if one in result.decided and result.decided[one].reason in WAITING and one not in result.winners
    ][:reserve]
    steps = []
    by_id = {one.id: one for one in election.projects}
    for id in [*result.winners, *waiting, *(one for one in ranked if one not in (*result.winners, *waiting))]:
        step = result.decided.get(id)
        if step is None or id not in by_id:
            continue
        won = step.reason in WINNING
        state = "winner" if won else "reserve" if id in waiting else "not_selected"
        paid = str(Decimal(step.paid) / 100) if won else ""
        steps.append(Step(by_id[id], state, sentence(step, voice), result.votes.get(id, 0), ranks[id], paid))
    return steps


def changes(
    election: Election, steps: Sequence[Step], outcome: Outcome, day: str, visible_from: str, announced: str
) -> tuple[list[Change], list[Project]]:
    """What to save, and the projects that are no longer on the ballot, which stay as they are."""
    found: list[Change] = []
    moved: list[Project] = []
    for one in steps:
        project = one.project
        if state_code("project", project.data.get("status")) != "on_ballot":
            moved.append(project)
            continue
        values: dict[str, Plain] = {"votes": one.votes, "rank": one.rank}
        if outcome.rule.paper.kind in ("points", "ranking"):
            values["points"] = outcome.result.points.get(project.id, 0)
        if one.paid:
            values["budget_voted"] = one.paid
        row: dict[str, Plain] = {"state": one.state, "date": day, "role": "vote", "reason": one.reason}
        if visible_from:
            row |= {"visible_from": visible_from, "holds": [name for name in HELD if name in values]}
        values["status"] = [*project.data.get("status", []), row]
        found.append(Change(Project, project.id, project.with_data(values).data, project.blob))
    rule = election.record
    if rule is not None and found:  # results show from that moment on, and never without one
        found.append(Change(Rule, rule.id, rule.with_data({"announced": announced}).data, rule.blob))
    return found, moved


def money(outcome: Outcome, hundredths: int, lang: str) -> str:
    """An amount in the currency of the vote."""
    return wording.money(Decimal(hundredths) / 100, lang, outcome.contest.currency)
