"""Records to what a count works on: an edition and its projects to a contest, a rule record to a rule."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal

from participation.counting.model import Candidate, Contest, CountRule, ExclusiveSet, HandDecision, Paper, RoundRule
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import Edition, Project, Rule
from participation.records.parts import Owner
from participation.records.rule import BallotRule, Round


def hundredths(amount: Decimal | None) -> int:
    """An amount of money as a whole number of hundredths; 0 for none."""
    return int((amount or Decimal(0)) * 100)


def contest_of(edition: Edition, projects: Iterable[Project]) -> tuple[Contest, list[Problem]]:
    """The contest of an edition, and what keeps it from being counted: projects without a cost, no budget.

    Zones and themes come in the order of the edition's envelopes, the others after them by identifier.
    """
    problems: list[Problem] = []
    candidates: dict[str, Candidate] = {}
    for project in sorted(projects, key=lambda one: one.id):
        if project.cost is None:
            words = _("Sans coût mis au vote, ce projet ne peut pas être compté.")
            problems.append(Problem(words, project.path, field="cost"))
            continue
        candidates[project.id] = Candidate(
            project.id,
            hundredths(project.cost),
            project.display_title,
            project.zone,
            project.theme,
            owner_key(project.owner),
            project.owner.kind,
        )
    envelopes: dict[tuple[str, str], int] = {}
    for row in edition.envelopes:
        place = (row.zone, row.theme)
        envelopes[place] = envelopes.get(place, 0) + hundredths(row.amount)
    budget = hundredths(edition.budget) or sum(envelopes.values())
    if not budget:
        problems.append(Problem(_("L’édition n’a ni budget ni enveloppe."), edition.path, field="budget"))
    if sum(envelopes.values()) > budget:
        words = _("Les enveloppes dépassent ensemble le budget de l’édition.")
        problems.append(Problem(words, edition.path, field="envelopes", severity=Severity.WARNING))
    zones = dict.fromkeys(zone for zone, _theme in envelopes if zone)
    themes = dict.fromkeys(theme for _zone, theme in envelopes if theme)
    zones |= dict.fromkeys(sorted({one.zone for one in candidates.values() if one.zone}))
    themes |= dict.fromkeys(sorted({one.theme for one in candidates.values() if one.theme}))
    return Contest(budget, candidates, envelopes, edition.currency, tuple(zones), tuple(themes)), problems


def fingerprint(contest: Contest) -> str:
    """SHA-256, in hexadecimal, of the ballot list: budget, envelopes, each project with its cost, place and owner."""
    kept = {
        "budget": contest.budget,
        "currency": contest.currency,
        "envelopes": [[*place, amount] for place, amount in sorted(contest.envelopes.items())],
        "projects": [
            [one.id, one.cost, one.zone, one.theme, one.owner, one.owner_kind]
            for _id, one in sorted(contest.candidates.items())
        ],
    }
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def owner_key(owner: Owner) -> str:
    """What tells owners apart: the opaque number of a person, else the name of an organisation, else ""."""
    if owner.person:
        return f"person {owner.person}"
    return f"organisation {' '.join(owner.organisation.casefold().split())}" if owner.organisation else ""


def rule_of(record: Rule) -> CountRule:
    """The rule that a record declares; what it does not say has the defaults of its declaration."""
    return CountRule(
        paper=_paper(record.ballot),
        method=record.method,
        order=record.order,
        satisfaction=record.satisfaction,
        completion=record.completion,
        step=hundredths(record.step),
        raise_to_the_end=record.raise_to_the_end,
        comparison=record.comparison,
        threshold=_whole(record.threshold),
        threshold_on=record.threshold_on,
        threshold_share=_whole(record.threshold_share),
        cost_cap=None if record.cost_cap is None else hundredths(record.cost_cap),
        one_win_per_owner=record.one_win_per_owner,
        exclusives=tuple(
            ExclusiveSet(frozenset(row.projects), row.reason, row.void_ballots) for row in record.exclusives
        ),
        fit=record.fit,
        part_minimum=_whole(record.part_minimum),
        rounds=tuple(_round(row) for row in record.rounds) or (RoundRule(),),
        ties=tuple(record.ties) or ("draw",),
        seed=record.seed,
        decisions=tuple(
            HandDecision(row.project, row.decision == "win", row.reason, row.outside) for row in record.decisions
        ),
    )


def _paper(ballot: BallotRule) -> Paper:
    return Paper(
        ballot.kind,
        _whole(ballot.minimum),
        ballot.maximum,
        ballot.points_each,
        _whole(ballot.points_least),
        ballot.points_most,
        ballot.first_points,
        None if ballot.budget is None else hundredths(ballot.budget),
    )


def _round(row: Round) -> RoundRule:
    title = row.data.get("title", {})
    return RoundRule(
        row.id,
        title if isinstance(title, dict) else {"fr": title},
        row.by,
        row.among,
        tuple(row.zones),
        tuple(row.themes),
        frozenset(row.owners),
        row.voters,
        row.money,
        hundredths(row.amount),
        _whole(row.share),
        row.winners,
        row.counts_earlier,
        row.threshold,
        row.fit,
    )


def _whole(number: int | None) -> int:
    return number or 0
