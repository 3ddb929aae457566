"""The count: ballots judged, rounds one after the other, decisions taken by hand, every step told.

`count(rule, contest, box)` is the whole of it. How a group is counted is in `greedy.py` and `equal.py`, what each may
spend in `groups.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from participation.counting.ballots import Box, Judged, judge
from participation.counting.equal import shared
from participation.counting.greedy import Field, greedy
from participation.counting.groups import Group, Purse
from participation.counting.model import Contest, CountRule
from participation.counting.standing import Standing
from participation.counting.tally import Tally, tally
from participation.counting.trace import WINNING, GroupSum, Result, Step, Tie
from participation.messages import mark as _
from participation.problems import LaureatError


class TotalsTooCoarse(LaureatError):
    """The rule asks single ballots what they say, and some places report their totals only."""

    def __init__(self) -> None:
        super().__init__(
            _("Des lieux n’ont donné que leurs totaux\u00a0: cette règle a besoin de chaque bulletin."),
            hint=_("Saisissez leurs bulletins un par un, ou comptez tous les bulletins dans l’ordre des voix."),
        )


def count(rule: CountRule, contest: Contest, box: Box) -> Result:
    """Count the ballots by the rule. Raises TotalsTooCoarse; everything else is told in the result."""
    judged = judge(box, rule, contest)
    if judged.totals and (rule.method != "greedy" or any(one.voters != "all" for one in rule.rounds)):
        raise TotalsTooCoarse
    everybody = tally(judged, rule)
    return _Count(rule, contest, judged, everybody).run()


class _Count:
    """One count while it runs."""

    def __init__(self, rule: CountRule, contest: Contest, judged: Judged, everybody: Tally) -> None:
        self.rule, self.contest, self.judged, self.everybody = rule, contest, judged, everybody
        self.standing = Standing(rule, contest)
        self.purse = Purse(rule, contest)
        self.steps: list[Step] = []
        self.sums: list[GroupSum] = []
        self.undecided: list[Tie] = []

    def run(self) -> Result:
        for project, (reason, why) in sorted(self.standing.out.items()):
            if project in self.contest.candidates:
                self.steps.append(self._outside(project, reason, why))
        for place, (_rule, groups) in enumerate(self.purse.rounds):
            for number, group in enumerate(groups):
                self._group(group, self.purse.allowance(place, number, self.standing.paid))
        self._hand_winners()
        told = {step.project for step in self.steps}
        self.steps += [self._outside(id, "no_round") for id in sorted(self.contest.candidates) if id not in told]
        return Result(
            tuple(self.steps),
            tuple(self.sums),
            {id: self.everybody.votes.get(id, 0) for id in sorted(self.contest.candidates)},
            {id: self.everybody.points.get(id, 0) for id in sorted(self.contest.candidates)},
            self.everybody.voters,
            self.judged.void,
            self.contest.budget,
            tuple(dict.fromkeys(self.undecided)),
            settled(self.steps),
        )

    def _group(self, group: Group, allowance: int) -> None:
        accepts = group.accepts()
        counts = self.everybody if accepts is None else tally(self.judged, self.rule, accepts)
        seats = group.round.winners
        if seats is not None and group.round.counts_earlier:
            seats = max(seats - sum(project in self.standing.paid for project in group.projects), 0)
        taken = self.standing.paid.keys() | self.standing.out.keys() | self._hand_wins()
        field = Field(group, tuple(id for id in group.projects if id not in taken), counts, allowance, seats)
        voters, raised, note = counts.voters, 0, ""
        if self.rule.method == "equal_shares":
            found = shared(self.standing, field, self.judged)
            steps, voters, raised, note = found.steps, found.voters, found.raised, found.note
        else:
            steps = greedy(self.standing, field)
        winners = {step.project: step.paid for step in steps if step.reason in WINNING}
        self.standing.paid |= winners
        spent = sum(winners.values())
        self.purse.spend(group.round.id, spent)
        self.steps += steps
        self.sums.append(GroupSum(group.round.id, group.key, allowance, spent, voters, raised, note))
        self.undecided += self._undecided(group, steps)

    def _undecided(self, group: Group, steps: Iterable[Step]) -> Iterable[Tie]:
        """Ties that no criterion decided, where another order might give another result."""
        settled = {step.project: step for step in steps}
        for step in steps:
            if step.tie is not None and not step.tie.by:
                tied = [settled[project] for project in step.tie.projects if project in settled]
                if _differ(tied) or self._stopped_one(group, tied) or (step.share and self._share_ballots(tied)):
                    yield step.tie

    def _stopped_one(self, group: Group, tied: Iterable[Step]) -> bool:
        """True when one of these might have been paid, had another not stopped the group before it."""
        names = {step.project for step in tied}
        part = (group.round.fit or self.rule.fit) == "part"
        return any(
            step.reason == "stopped" and step.other in names and (part or step.cost <= step.left) for step in tied
        )

    def _share_ballots(self, tied: Iterable[Step]) -> bool:
        """True when a ballot pays for two of these by equal shares: who comes first changes what it has left."""
        names = {step.project for step in tied if step.cost}
        return any(len(names.intersection(ballot.choices)) > 1 for ballot in self.judged.valid)

    def _hand_wins(self) -> set[str]:
        return {one.project for one in self.rule.decisions if one.wins}

    def _hand_winners(self) -> None:
        """Projects that win by a decision, paid from what all rounds have left or from another budget."""
        for one in self.rule.decisions:
            if not one.wins or one.project not in self.contest.candidates or one.project in self.standing.paid:
                continue
            cost = self.contest.candidates[one.project].cost
            if one.outside:
                self.steps.append(self._outside(one.project, "hand_win", "outside", paid=cost))
            elif cost > self.purse.left:
                self.steps.append(self._outside(one.project, "money"))
                continue
            else:
                self.steps.append(self._outside(one.project, "hand_win", paid=cost))
                self.purse.spend("", cost)
            self.standing.paid[one.project] = cost

    def _outside(self, project: str, reason: str, note: str = "", paid: int = 0) -> Step:
        """A step that belongs to no round."""
        votes, points = self.everybody.votes.get(project, 0), self.everybody.points.get(project, 0)
        cost = self.contest.candidates[project].cost
        return Step("", "", project, reason, 0, votes, points, cost, self.purse.left, paid, note=note)


def _differ(tied: Iterable[Step]) -> bool:
    """True when some of these won and others did not, or some in part only."""
    return len({step.reason if step.reason in WINNING else "" for step in tied}) > 1


def settled(steps: Iterable[Step]) -> dict[str, Step]:
    """For each project the step that settled it: the one at which it won, else the last."""
    found: dict[str, Step] = {}
    for step in steps:
        if step.project not in found or found[step.project].reason not in WINNING:
            found[step.project] = step
    return found
