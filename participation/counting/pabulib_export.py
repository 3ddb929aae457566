"""A vote as a Pabulib file, for those who study votes or count them again with other programs.

What it holds of ballots is what they chose: no age, no sex, no time. Proposers are left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal

from participation.counting.ballots import Ballot
from participation.counting.model import Contest, CountRule
from participation.counting.tally import Tally
from participation.records import Edition, Instance
from participation.values import PartialDate

META = (
    "description country unit district subunit instance num_projects num_votes budget vote_type rule date_begin "
    "date_end min_length max_length min_sum_cost max_sum_cost min_points max_points min_sum_points max_sum_points "
    "default_score min_project_cost max_project_cost min_project_score_threshold neighborhoods subdistricts "
    "categories edition language currency fully_funded experimental comment acknowledgments"
).split()
"""Keys of META in the order of the format."""

PROJECTS = (
    "project_id cost votes score name category beneficiaries selected neighborhood subunit district description "
    "public_id latitude longitude"
).split()
WHOLE = frozenset({"neighborhood", "subunit", "district", "name", "description"})
"""Columns that the format wants filled in every row: left out when a project of the whole town has none."""
_TYPES = {"approval": "approval", "budget": "approval", "points": "cumulative", "ranking": "ordinal"}


def meta_of(instance: Instance, edition: Edition, rule: CountRule, contest: Contest) -> dict[str, str]:
    """META of an edition of our own, without what is counted from the ballots."""
    vote = next((phase for phase in edition.phases if phase.phase == "vote"), None)
    paper = rule.paper
    found: dict[str, object] = {
        "description": f"{instance.name} {edition.id}",
        "country": "France",
        "unit": instance.name,
        "instance": edition.id,
        "rule": "equalshares"
        if rule.method == "equal_shares"
        else "unknown"
        if len(rule.rounds) > 1
        else _greedy(rule),
        "date_begin": _date(vote.start if vote else None) or edition.id,
        "date_end": _date(vote.end if vote else None) or edition.id,
        "min_length": paper.minimum or None,
        "max_length": paper.maximum,
        "max_sum_cost": None if paper.budget is None else amount(paper.budget),
        "max_points": paper.points_each,
        "min_sum_points": paper.points_least or None,
        "max_sum_points": paper.points_most,
        "min_project_score_threshold": rule.threshold if rule.threshold > 1 else None,
        "language": "fr",
        "currency": contest.currency,
    }
    return {name: str(value) for name, value in found.items() if value is not None}


def _greedy(rule: CountRule) -> str:
    if rule.exclusives:
        return "greedy-exclusive"
    if rule.fit == "stop":
        return "greedy-no-skip"
    return "greedy-threshold" if rule.threshold > 1 else "greedy"


def _date(date: PartialDate | None) -> str:
    return "" if date is None else ".".join(reversed(str(date).split("-")))


def amount(hundredths: int) -> str:
    """`45000`, or `45000.50` where there are hundredths."""
    exact = Decimal(hundredths) / 100
    return f"{exact:.0f}" if hundredths % 100 == 0 else f"{exact:.2f}"


def write_pabulib(
    meta: Mapping[str, str],
    contest: Contest,
    kind: str,
    ballots: Iterable[tuple[str, Ballot]],
    counts: Tally,
    winners: Iterable[str] | None = None,
    columns: Mapping[str, Mapping[str, str]] | None = None,
) -> bytes:
    """The file: `ballots` are the valid ones with an identifier each, `columns` more about each project.

    Projects come by falling result, ballots as they are given; `winners` None leaves the column `selected` out.
    """
    rows = list(ballots)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    counted = {
        "num_projects": str(len(contest.candidates)),
        "num_votes": str(len(rows)),
        "budget": amount(contest.budget),
    }
    told = {"vote_type": _TYPES[kind]} | dict(meta) | counted
    writer.writerows([["META"], ["key", "value"]])
    writer.writerows([key, told[key]] for key in META if told.get(key))
    scored = kind in {"points", "ranking"}
    won = None if winners is None else set(winners)
    projects = []
    for one in contest.candidates.values():
        values = {"name": one.title, "category": one.theme, "district": one.zone} | dict(
            (columns or {}).get(one.id, {})
        )
        values |= {
            "project_id": one.id,
            "cost": amount(one.cost),
            "votes": str(counts.votes.get(one.id, 0)),
            "score": str(counts.points.get(one.id, 0)) if scored else "",
        }
        if won is not None:
            values["selected"] = str(int(one.id in won))
        projects.append(values)
    projects.sort(key=lambda values: (-int(values["score"] or values["votes"]), values["project_id"]))
    used = [name for name in PROJECTS if any(values.get(name) for values in projects)]
    used = [name for name in used if name not in WHOLE or all(values.get(name) for values in projects)]
    writer.writerows([["PROJECTS"], used])
    writer.writerows([values.get(name, "") for name in used] for values in projects)
    writer.writerows([["VOTES"], ["voter_id", "vote", *(["points"] if kind == "points" else [])]])
    for id, ballot in rows:
        if kind == "points":
            pairs = sorted(zip(ballot.points, ballot.choices, strict=True), key=lambda pair: (-pair[0], pair[1]))
            choices, points = [choice for _n, choice in pairs], [str(n) for n, _choice in pairs]
            writer.writerow([id, ",".join(choices), ",".join(points)])
        else:
            writer.writerow([id, ",".join(ballot.choices)])
    return text.getvalue().encode()
