"""A rule and a contest as JSON values and back: what a recount package holds, and what any other program may count by.

Amounts are whole hundredths; every key is there, so that a reader needs to know no default. What comes back was perhaps
written by somebody else: a value that is not of its kind raises ValueError, TypeError or KeyError, and nothing is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from participation.counting.model import (
    Candidate,
    Contest,
    CountRule,
    ExclusiveSet,
    HandDecision,
    Paper,
    RoundRule,
)
from participation.records.rule import (
    AMONG,
    BALLOTS,
    COMPLETIONS,
    FITS,
    GROUPS,
    METHODS,
    MONEYS,
    ORDERS,
    SATISFACTIONS,
    TIES,
    VOTERS,
)

Made = TypeVar("Made")
_KINDS = (Candidate, Contest, CountRule, ExclusiveSet, HandDecision, Paper, RoundRule)
_HINTS: Mapping[type, Mapping[str, Any]] = {kind: get_type_hints(kind) for kind in _KINDS}
_OPTIONS: Mapping[tuple[type, str], Mapping[str, str]] = {
    (Paper, "kind"): BALLOTS,
    (CountRule, "method"): METHODS,
    (CountRule, "order"): ORDERS,
    (CountRule, "satisfaction"): SATISFACTIONS,
    (CountRule, "completion"): COMPLETIONS,
    (CountRule, "threshold_on"): {"votes": "", "points": ""},
    (CountRule, "fit"): FITS,
    (CountRule, "ties"): TIES,
    (RoundRule, "by"): GROUPS,
    (RoundRule, "among"): AMONG,
    (RoundRule, "voters"): VOTERS,
    (RoundRule, "money"): MONEYS,
    (RoundRule, "fit"): {"": "", **FITS},
}


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
    return _sound(
        CountRule(
            **{
                **plain,
                "paper": _sound(Paper(**plain["paper"])),
                "rounds": tuple(map(_sound, rounds)),
                "exclusives": tuple(map(_sound, exclusives)),
                "ties": tuple(plain["ties"]),
                "decisions": tuple(_sound(HandDecision(**one)) for one in plain["decisions"]),
            }
        )
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
    return _sound(
        Contest(
            plain["budget"],
            {one["id"]: _sound(Candidate(**one)) for one in plain["projects"]},
            {(row["zone"], row["theme"]): row["amount"] for row in plain["envelopes"]},
            plain["currency"],
            tuple(plain["zones"]),
            tuple(plain["themes"]),
        )
    )


def _sound(made: Made) -> Made:
    """The value itself. Raises ValueError where a field is not of its declared type, or none of its options."""
    kind = type(made)
    for name, hint in _HINTS[kind].items():
        value, options = getattr(made, name), _OPTIONS.get((kind, name))
        if not _fits(value, hint):
            raise ValueError(f"{kind.__name__}.{name}")
        if options is not None and not options.keys() >= ({value} if isinstance(value, str) else set(value)):
            raise ValueError(f"{kind.__name__}.{name}")
    return made


def _fits(value: Any, hint: Any) -> bool:
    """True when a value is of a type as the model declares it; true is no number here."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return any(_fits(value, part) for part in parts)
    if origin is Mapping:
        return all(_fits(key, parts[0]) and _fits(one, parts[1]) for key, one in value.items())
    if origin is frozenset or (origin is tuple and parts[-1] is Ellipsis):
        return all(_fits(one, parts[0]) for one in value)
    if origin is tuple:
        return len(value) == len(parts) and all(map(_fits, value, parts))
    if hint is NoneType:
        return value is None
    return type(value) is hint


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
