"""A rule and a contest as JSON values and back: what a recount package holds, and what any other program may count by.

Amounts are whole hundredths; every key is there, so that a reader needs to know no default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from participation.counting.model import (
    Candidate,
    Contest,
    CountRule,
    ExclusiveSet,
    HandDecision,
    Paper,
    RoundRule,
)


def plain_rule(rule: CountRule) -> dict[str, Any]:
    """A rule as JSON values."""
    found = asdict(rule)
    for one in found["exclusives"]:
        one["projects"] = sorted(one["projects"])
    for one in found["rounds"]:
        one["owners"] = sorted(one["owners"])
        one["title"] = dict(one["title"])
    return found


def rule_from_plain(plain: Mapping[str, Any]) -> CountRule:
    """What `plain_rule` wrote."""
    rounds = (
        RoundRule(
            **{
                **one,
                "zones": tuple(one["zones"]),
                "themes": tuple(one["themes"]),
                "owners": frozenset(one["owners"]),
            }
        )
        for one in plain["rounds"]
    )
    exclusives = (ExclusiveSet(**{**one, "projects": frozenset(one["projects"])}) for one in plain["exclusives"])
    return CountRule(
        **{
            **plain,
            "paper": Paper(**plain["paper"]),
            "rounds": tuple(rounds),
            "exclusives": tuple(exclusives),
            "ties": tuple(plain["ties"]),
            "decisions": tuple(HandDecision(**one) for one in plain["decisions"]),
        }
    )


def plain_contest(contest: Contest) -> dict[str, Any]:
    """A contest as JSON values; projects by identifier."""
    return {
        "currency": contest.currency,
        "budget": contest.budget,
        "envelopes": [
            {"zone": zone, "theme": theme, "amount": amount}
            for (zone, theme), amount in sorted(contest.envelopes.items())
        ],
        "zones": list(contest.zones),
        "themes": list(contest.themes),
        "projects": [asdict(one) for _id, one in sorted(contest.candidates.items())],
    }


def contest_from_plain(plain: Mapping[str, Any]) -> Contest:
    """What `plain_contest` wrote."""
    return Contest(
        plain["budget"],
        {one["id"]: Candidate(**one) for one in plain["projects"]},
        {(row["zone"], row["theme"]): row["amount"] for row in plain["envelopes"]},
        plain["currency"],
        tuple(plain["zones"]),
        tuple(plain["themes"]),
    )


def without_people(contest: Contest, rule: CountRule) -> Contest:
    """The contest with owners only as far as the rule asks for them, and then as numbers that name nobody."""
    numbers: dict[str, str] = {}
    by_kind = any(one.owners for one in rule.rounds)
    candidates = {}
    for id, one in sorted(contest.candidates.items()):
        owner = ""
        if rule.one_win_per_owner and one.owner:
            owner = numbers.setdefault(one.owner, f"owner {len(numbers) + 1}")
        candidates[id] = replace(one, owner=owner, owner_kind=one.owner_kind if by_kind else "")
    return replace(contest, candidates=candidates)
