"""What a count says of itself: one step for each project in each round, in order, and the result made of them.

Plain values that turn into JSON as they are; sentences are made of them by `words.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

REASONS = {
    "won": "it won",
    "won_part": "it won, with the part of its cost that was left",
    "hand_win": "it won by a decision taken by hand",
    "hand_lose": "it is out by a decision taken by hand",
    "over_cap": "it costs more than the rule allows",
    "threshold": "its votes are under the threshold",
    "exclusive": "a project that excludes it has won",
    "owner": "another project of its owner has won",
    "winners": "its group has all its winners",
    "money": "it cost more than what was left",
    "stopped": "the round had stopped at a project that cost too much",
    "support": "its supporters had not enough left of their shares",
    "no_round": "no round of the rule is about it",
}
WINNING = frozenset({"won", "won_part", "hand_win"})


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that were equal, and what decided: a criterion of the rule, or "" when none did."""

    projects: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one round did with one project. Money is in hundredths.

    `rank` counts from 1 within the group (0: not ranked); `left` is what the group had before this step; `paid` what
    the project got; `needed` the threshold that it missed; `other` the project that stood in its way. `share` is, for
    equal shares, the most that one ballot paid for it, as an exact fraction of a hundredth; `available` what the
    supporters of a project have left together when the group is counted.
    """

    round: str
    group: str
    project: str
    reason: str
    rank: int = 0
    votes: int = 0
    points: int = 0
    cost: int = 0
    left: int = 0
    paid: int = 0
    other: str = ""
    tie: Tie | None = None
    share: str = ""
    available: int = 0
    needed: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class GroupSum:
    """The money and the ballots of one group of one round: what it could spend, and what it spent.

    `voters` is the number of ballots counted (of those among which its money was shared, for equal shares), `steps` how
    often shares were raised; `note` is `greedy_preferred` where the order of votes counts instead of equal shares.
    """

    round: str
    group: str
    allowance: int
    spent: int
    voters: int
    steps: int = 0
    note: str = ""


@dataclass(frozen=True)
class Result:
    """A whole count. `decided` gives for each project the step that settled it, in the order of the trace.

    `undecided` are ties between a project that won and one that did not, which the rule leaves to a draw not yet held:
    the count is provisional while there are any.
    """

    steps: tuple[Step, ...]
    groups: tuple[GroupSum, ...]
    votes: Mapping[str, int]
    points: Mapping[str, int]
    voters: int
    void: Mapping[str, int]
    budget: int
    undecided: tuple[Tie, ...] = ()
    decided: Mapping[str, Step] = field(default_factory=dict)

    @property
    def winners(self) -> tuple[str, ...]:
        """The projects that won, in the order in which they did."""
        return tuple(step.project for step in self.winning_steps())

    @property
    def spent(self) -> int:
        """What the winners get from the budget, in hundredths."""
        return sum(step.paid for step in self.steps if step.reason in WINNING and step.note != "outside")

    @property
    def left(self) -> int:
        """What nobody got."""
        return self.budget - self.spent

    def winning_steps(self) -> Iterator[Step]:
        """The steps at which a project won."""
        return (step for step in self.steps if step.reason in WINNING)

    def plain(self) -> dict[str, Any]:
        """The result as JSON values; keys in a fixed order, projects in text order."""
        return {
            "budget": self.budget,
            "spent": self.spent,
            "left": self.left,
            "voters": self.voters,
            "void": dict(self.void),
            "votes": dict(sorted(self.votes.items())),
            "points": dict(sorted(self.points.items())),
            "winners": list(self.winners),
            "undecided": [asdict(tie) for tie in self.undecided],
            "groups": [asdict(group) for group in self.groups],
            "steps": [_without_defaults(step) for step in self.steps],
        }


def _without_defaults(step: Step) -> dict[str, Any]:
    return {name: value for name, value in asdict(step).items() if value not in ("", None)}
