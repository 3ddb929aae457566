"""The groups of a round: which projects each holds, which ballots count in it, and the money it may spend.

Money that a later round or group has for itself is kept for it: nothing that comes before may spend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from participation.counting.ballots import Ballot
from participation.counting.model import Candidate, Contest, CountRule, RoundRule


@dataclass(frozen=True, slots=True)
class Group:
    """Some projects that are counted together; `own` is the money that is theirs alone, None where they have none."""

    round: RoundRule
    key: str
    projects: tuple[str, ...]
    own: int | None = None

    def accepts(self) -> Callable[[Ballot], bool] | None:
        """Which ballots count here; None for all."""
        if self.round.voters == "zone":
            return lambda ballot: ballot.zone == self.key
        if self.round.voters == "youth":
            return lambda ballot: ballot.youth
        return None


def groups_of(rule: RoundRule, contest: Contest) -> list[Group]:
    """The groups of a round, in the order in which they are counted; those without a project too."""
    projects = [one for one in contest.candidates.values() if _takes(rule, one)]
    if rule.by == "whole":
        members = {"": [one.id for one in projects]}
    else:
        order = (rule.zones or contest.zones) if rule.by == "zone" else (rule.themes or contest.themes)
        members = {key: [] for key in order}
        for one in projects:
            key = one.zone if rule.by == "zone" else one.theme
            if key and key in members:
                members[key].append(one.id)
    groups = [Group(rule, key, tuple(sorted(ids)), _own(rule, key, contest)) for key, ids in members.items()]
    return [group for group in groups if rule.money != "envelopes" or group.own is not None]


def _takes(rule: RoundRule, one: Candidate) -> bool:
    return (
        (rule.among != "zoned" or one.zone != "")
        and (rule.among != "unzoned" or one.zone == "")
        and (not rule.zones or one.zone in rule.zones)
        and (not rule.themes or one.theme in rule.themes)
        and (not rule.owners or one.owner_kind in rule.owners)
    )


def _own(rule: RoundRule, key: str, contest: Contest) -> int | None:
    if rule.money == "each":
        return rule.amount
    if rule.money == "envelopes":
        place = {"whole": ("", ""), "zone": (key, ""), "theme": ("", key)}[rule.by]
        return contest.envelopes.get(place)
    return None


class Purse:
    """All the money, and who may spend how much of it when. `paid` tells what the winners so far got."""

    def __init__(self, rule: CountRule, contest: Contest) -> None:
        self.left = contest.budget
        self.rounds = [(one, groups_of(one, contest)) for one in rule.rounds]
        self._budget = contest.budget
        self._spent: dict[str, int] = {}

    def spend(self, round_id: str, amount: int) -> None:
        """Take what a group of a round has spent."""
        self.left -= amount
        self._spent[round_id] = self._spent.get(round_id, 0) + amount

    def allowance(self, place: int, number: int, paid: Mapping[str, int]) -> int:
        """What group `number` of round `place` (both from 0) may spend now."""
        rule, groups = self.rounds[place]
        group = groups[number]
        kept = sum(self._claim(later, paid) for later in range(place + 1, len(self.rounds)))
        kept += sum(_rest(one, paid) for one in groups[number + 1 :])
        limits = [self.left - kept]
        if group.own is not None:
            limits.append(_rest(group, paid))
        if (whole := self._whole(rule)) is not None:
            limits.append(whole - self._spent.get(rule.id, 0) - _earlier(rule, groups, paid, self._spent))
        return max(min(limits), 0)

    def _whole(self, rule: RoundRule) -> int | None:
        if rule.money == "amount":
            return rule.amount
        return self._budget * rule.share // 100 if rule.money == "share" else None

    def _claim(self, place: int, paid: Mapping[str, int]) -> int:
        """What a round that has not begun has for itself."""
        rule, groups = self.rounds[place]
        if (whole := self._whole(rule)) is not None:
            return max(whole - _earlier(rule, groups, paid, {}), 0)
        return sum(_rest(group, paid) for group in groups)


def _rest(group: Group, paid: Mapping[str, int]) -> int:
    if group.own is None:
        return 0
    return max(group.own - (sum(_paid_in(group, paid)) if group.round.counts_earlier else 0), 0)


def _earlier(rule: RoundRule, groups: list[Group], paid: Mapping[str, int], spent: Mapping[str, int]) -> int:
    """What winners of earlier rounds that fall into this one have cost; its own winners are in `spent` already."""
    if not rule.counts_earlier:
        return 0
    return sum(amount for group in groups for amount in _paid_in(group, paid)) - spent.get(rule.id, 0)


def _paid_in(group: Group, paid: Mapping[str, int]) -> Iterator[int]:
    return (paid[project] for project in group.projects if project in paid)
