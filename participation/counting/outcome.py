"""The outcome of a vote as results show it: the count, what another usual rule would have given, where people voted.

Counting is heavy and its inputs do not change any more once the result is announced: an outcome turns into JSON and
back, so that it is counted once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from participation.counting.ballots import judge
from participation.counting.comparing import compare
from participation.counting.count import count, settled
from participation.counting.model import Contest, CountRule
from participation.counting.plain import contest_from_plain, plain_contest, plain_rule, rule_from_plain
from participation.counting.reading import Vote
from participation.counting.trace import GroupSum, Result, Step, Tie
from participation.records import PollingPlace


@dataclass(frozen=True, slots=True)
class Other:
    """What another usual rule would have given from the same ballots; money in hundredths."""

    method: str
    winners: tuple[str, ...]
    left: int
    served: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where ballots were cast; None for what is not known."""

    title: str
    channel: str
    zone: str
    found: int | None
    valid: int | None
    void: int | None
    signed: int | None
    population: int | None


@dataclass(frozen=True)
class Outcome:
    """All that results tell. `contest` has the titles of the projects in the main language and no owner.

    `record` is the public data of the rule. `served` is the number of ballots with at least one winner, among the
    `ballots` that are known one by one; `by_zone` counts valid ballots where the rule counts by zone; `groups` are
    those of voters (dimension, value, ballots) that a table told apart from the ballots; `recorded` is true where the
    votes come from the projects' own records.
    """

    edition: str
    rule: CountRule
    record: Mapping[str, Any]
    contest: Contest
    result: Result
    served: int
    ballots: int
    others: tuple[Other, ...]
    by_zone: Mapping[str, int]
    places: tuple[Place, ...]
    groups: Mapping[str, Mapping[str, int]]
    recorded: bool

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "edition": self.edition,
            "rule": plain_rule(self.rule),
            "record": dict(self.record),
            "contest": plain_contest(self.contest),
            "result": self.result.plain(),
            "served": self.served,
            "ballots": self.ballots,
            "others": [asdict(one) for one in self.others],
            "by_zone": dict(self.by_zone),
            "places": [asdict(one) for one in self.places],
            "groups": {name: dict(counts) for name, counts in self.groups.items()},
            "recorded": self.recorded,
        }


def outcome_from_plain(plain: Mapping[str, Any]) -> Outcome:
    """What `Outcome.plain` gave."""
    return Outcome(
        plain["edition"],
        rule_from_plain(plain["rule"]),
        plain["record"],
        contest_from_plain(plain["contest"]),
        _result(plain["result"]),
        plain["served"],
        plain["ballots"],
        tuple(Other(one["method"], tuple(one["winners"]), one["left"], one["served"]) for one in plain["others"]),
        plain["by_zone"],
        tuple(Place(**one) for one in plain["places"]),
        plain["groups"],
        plain["recorded"],
    )


def outcome_of(
    vote: Vote,
    places: Iterable[PollingPlace],
    record: Mapping[str, Any],
    groups: Mapping[str, Mapping[str, int]],
) -> Outcome:
    """Count a vote, and by the other usual rule too. Raises TotalsTooCoarse."""
    result = count(vote.rule, vote.contest, vote.box)
    valid = judge(vote.box, vote.rule, vote.contest).valid
    by_zone: Counter[str] = Counter()
    if "zone" in vote.rule.dimensions:
        for ballot, times in valid.items():
            by_zone[ballot.zone] += times
    others, served = [], _served(vote, result)
    if valid and not vote.box.totals:
        rule = _other_rule(vote.rule)
        other = count(rule, vote.contest, vote.box)
        found = compare(vote.rule, vote.contest, vote.box, result, other)
        others.append(Other(rule.method, other.winners, other.left, found.served[1]))
    return Outcome(
        vote.edition.id,
        vote.rule,
        record,
        replace(
            vote.contest,
            candidates={id: replace(one, owner="", owner_kind="") for id, one in vote.contest.candidates.items()},
        ),
        result,
        served,
        sum(valid.values()),
        tuple(others),
        dict(sorted(by_zone.items())),
        tuple(_place(one) for one in places),
        groups,
        not vote.files,
    )


def _served(vote: Vote, result: Result) -> int:
    return compare(vote.rule, vote.contest, vote.box, result, result).served[0]


def _other_rule(rule: CountRule) -> CountRule:
    """The same rule by the other method: every clause stays but the order in which winners are found."""
    if rule.method == "equal_shares":
        return replace(rule, method="greedy")
    return replace(rule, method="equal_shares", satisfaction="cost", completion="utilitarian", comparison=False)


def _place(one: PollingPlace) -> Place:
    tally = one.tally
    closed = bool(tally.data)
    return Place(
        one.display_title,
        one.channel,
        one.zone,
        tally.found if closed else None,
        tally.valid if closed else None,
        sum(row.number or 0 for row in tally.void) if closed else None,
        tally.signed if closed else None,
        one.population,
    )


def _result(plain: Mapping[str, Any]) -> Result:
    empty = {"round": "", "group": ""}
    steps = tuple(Step(**{**empty, **one, "tie": _tie(one.get("tie"))}) for one in plain["steps"])
    return Result(
        steps,
        tuple(GroupSum(**one) for one in plain["groups"]),
        plain["votes"],
        plain["points"],
        plain["voters"],
        plain["void"],
        plain["budget"],
        tuple(tie for one in plain["undecided"] if (tie := _tie(one)) is not None),
        settled(steps),
    )


def _tie(plain: Mapping[str, Any] | None) -> Tie | None:
    return None if plain is None else Tie(tuple(plain["projects"]), plain["by"])
