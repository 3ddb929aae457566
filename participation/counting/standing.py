"""Where a count stands: who has won, what stands in the way of a project, how a group's projects rank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from participation.counting.groups import Group
from participation.counting.model import Contest, CountRule
from participation.counting.tally import Tally
from participation.counting.ties import TieBreaker, ranked
from participation.counting.trace import Tie


class Standing:
    """The winners so far (project -> what it got) and the clauses that keep others out."""

    def __init__(self, rule: CountRule, contest: Contest) -> None:
        self.rule = rule
        self.contest = contest
        self.paid: dict[str, int] = {}
        self.out = {one.project: ("hand_lose", one.reason) for one in rule.decisions if not one.wins}
        if rule.cost_cap is not None:
            for one in contest.candidates.values():
                if one.cost > rule.cost_cap:
                    self.out.setdefault(one.id, ("over_cap", ""))
        self._sets: dict[str, list[frozenset[str]]] = {}
        for exclusive in rule.exclusives:
            for project in exclusive.projects:
                self._sets.setdefault(project, []).append(exclusive.projects)
        self._owned: dict[str, list[str]] = {}
        for one in contest.candidates.values():
            if rule.one_win_per_owner and one.owner:
                self._owned.setdefault(one.owner, []).append(one.id)

    def rivals(self, project: str) -> Iterable[tuple[str, str]]:
        """(reason, project) for each project that cannot win besides this one."""
        for members in self._sets.get(project, ()):
            yield from (("exclusive", other) for other in sorted(members) if other != project)
        for other in self._owned.get(self.contest.candidates[project].owner, ()):
            if other != project:
                yield "owner", other

    def obstacle(self, project: str, winners: Mapping[str, int]) -> tuple[str, str]:
        """The clause that keeps a project out beside these winners and the winner in question; ("", "") for none."""
        for reason, other in self.rivals(project):
            if other in winners:
                return reason, other
        return "", ""

    def least(self, group: Group, counts: Tally) -> int:
        """The votes (or points) that a project needs in a group."""
        rule = self.rule
        least = rule.threshold if group.round.threshold is None else group.round.threshold
        share = -(-counts.voters * rule.threshold_share // 100)  # rounded up: 5 % of 101 ballots is 6
        return max(least, share)

    def reaches(self, project: str, group: Group, counts: Tally) -> bool:
        """True when the threshold of the group lets a project win."""
        got = counts.points if self.rule.threshold_on == "points" else counts.votes
        return got.get(project, 0) >= self.least(group, counts)

    def ranking(self, projects: Iterable[str], counts: Tally) -> list[tuple[str, Tie | None]]:
        """Projects in the order of the rule, each with the tie that it was in."""
        return ranked({project: self._score(project, counts) for project in projects}, self.ties(counts))

    def ties(self, counts: Tally) -> TieBreaker:
        """What decides between equal projects."""
        return TieBreaker(self.rule, self.contest.candidates, counts)

    def _score(self, project: str, counts: Tally) -> Any:
        if self.rule.order == "points":
            return counts.points.get(project, 0)
        votes = counts.votes.get(project, 0)
        if self.rule.order == "votes":
            return votes
        cost = self.contest.candidates[project].cost
        if not votes:
            return (0, Fraction(0))
        return (0, Fraction(votes, cost)) if cost else (1, Fraction(0))
