"""The method of equal shares over grouped ballots, in whole numbers.

Every ballot begins with the same share of the money. Again and again the project is taken whose supporters pay least
for each unit of what they gain, when they share its cost as equally as their remaining shares allow; it ends when no
project's supporters can pay. Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive
Utilities" (NeurIPS 2021), section 3; what a ballot gains is the project's cost, or one for each project.

Shares are whole numbers over one common denominator that grows as it must, so that every comparison is exact. Ballots
that have the same left are one *purse*: a round looks at purses, not at ballots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import gcd

from participation.counting.trace import Tie

Choose = Callable[[Sequence[str]], tuple[str, Tie | None]]
Bar = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class Supporters:
    """Who gains from a project: groups of equal ballots and, where ballots gain differently, what each gains.

    `gain` is what every supporter gains when `gains` is None; `several` are those groups that are more than one ballot.
    """

    groups: Sequence[int]
    several: Sequence[int] = ()
    gain: int = 1
    gains: Sequence[int] | None = None


@dataclass(frozen=True)
class Bought:
    """A project taken: the most that one ballot paid (in hundredths), and the tie it was in."""

    project: str
    price: Fraction
    tie: Tie | None = None


@dataclass(frozen=True)
class Outcome:
    """What was taken in order, and what the supporters of each other project have left in the end (in hundredths)."""

    bought: tuple[Bought, ...]
    available: Mapping[str, Fraction]


class Purses:
    """What each group of equal ballots has left: `values` over `unit`, one value for all groups of one purse."""

    def __init__(self, sizes: Sequence[int], share: Fraction) -> None:
        self.sizes = sizes
        self.of = [0] * len(sizes)
        self.values = [share.numerator]
        self.unit = share.denominator
        self._packed = 1

    def held(self, who: Supporters) -> dict[int, int]:
        """How many ballots of these supporters have which purse: each group counted once, then what it is more."""
        found = Counter(map(self.of.__getitem__, who.groups))
        of, sizes = self.of, self.sizes
        for group in who.several:
            found[of[group]] += sizes[group] - 1
        return found

    def held_by_gain(self, groups: Sequence[int], gains: Sequence[int]) -> dict[tuple[int, int], int]:
        """The same, apart for each gain."""
        found: dict[tuple[int, int], int] = {}
        for group, gain in zip(groups, gains, strict=True):
            key = (self.of[group], gain)
            found[key] = found.get(key, 0) + self.sizes[group]
        return found

    def pay(self, groups: Sequence[int], gains: Sequence[int] | None, each: Fraction) -> None:
        """Take `each` for a unit of gain (one unit where `gains` is None) from these groups, or all that they have."""
        factor = each.denominator // gcd(each.denominator, self.unit)
        if factor > 1:
            self.unit *= factor
            self.values = [value * factor for value in self.values]
        price = each.numerator * (self.unit // each.denominator)
        after: dict[tuple[int, int], int] = {}
        known: dict[int, int] = {}
        of, values = self.of, self.values
        for place, group in enumerate(groups):
            key = (of[group], 1 if gains is None else gains[place])
            purse = after.get(key)
            if purse is None:
                value = max(values[key[0]] - price * key[1], 0)
                purse = known.get(value)
                if purse is None:
                    purse = known[value] = len(values)
                    values.append(value)
                after[key] = purse
            of[group] = purse
        if len(values) > 2 * self._packed + 64:
            self._pack()

    def _pack(self) -> None:
        """Forget purses that nobody has any more and make equal ones one."""
        places: dict[int, int] = {}
        new = {purse: places.setdefault(self.values[purse], len(places)) for purse in set(self.of)}
        self.values = list(places)
        self.of = [new[purse] for purse in self.of]
        self._packed = len(self.values)


@dataclass(frozen=True)
class Electorate:
    """All that the method works on but the share: `sizes` is the number of ballots of each group.

    `choose` decides between equal projects, always by the same order; `bar` names those that a winner excludes, `most`
    is the number of projects at which it stops. Costs are in hundredths.
    """

    costs: Mapping[str, int]
    supporters: Mapping[str, Supporters]
    sizes: Sequence[int]
    choose: Choose
    bar: Bar = lambda _project: ()
    most: int | None = None

    def full(self, taken: Sized) -> bool:
        """True when no project may be taken any more."""
        return self.most is not None and len(taken) >= self.most

    def begin(self) -> tuple[list[Bought], set[str], list[tuple[Fraction, str]]]:
        """Projects without cost, which are taken first, whom they exclude, and a heap of the others by first price."""
        free: list[Bought] = []
        barred: set[str] = set()
        waiting = {project for project, who in self.supporters.items() if who.groups}
        while not self.full(free) and (equal := {one for one in waiting - barred if not self.costs[one]}):
            chosen, tie = self.choose(sorted(equal))
            free.append(Bought(chosen, Fraction(0), tie))
            waiting.remove(chosen)
            barred.update(self.bar(chosen))
        heap = [
            (_first_price(self.costs[project], self.supporters[project], self.sizes), project) for project in waiting
        ]
        heapify(heap)
        return free, barred, heap


def equal_shares(electorate: Electorate, share: Fraction) -> Outcome:
    """Run the method; every ballot begins with `share` (in hundredths)."""
    costs, supporters = electorate.costs, electorate.supporters
    purses = Purses(electorate.sizes, share)
    bought, barred, heap = electorate.begin()
    while heap and not electorate.full(bought):
        best: Fraction | None = None
        equal: list[str] = []
        looked: list[tuple[Fraction, str]] = []
        while heap and (best is None or heap[0][0] <= best):  # what it cost before is never more than what it costs now
            _before, project = heappop(heap)
            if project in barred:
                continue
            price = _price(costs[project], supporters[project], purses)
            if price is None:  # its supporters can never pay again
                continue
            looked.append((price, project))
            if best is None or price < best:
                best, equal = price, [project]
            elif price == best:
                equal.append(project)
        if best is None:
            break
        chosen, tie = electorate.choose(sorted(equal)) if len(equal) > 1 else (equal[0], None)
        for entry in looked:
            if entry[1] != chosen:
                heappush(heap, entry)
        who = supporters[chosen]
        purses.pay(who.groups, who.gains, best * who.gain if who.gains is None else best)
        most_paid = best * (who.gain if who.gains is None else max(who.gains))
        bought.append(Bought(chosen, most_paid, tie))
        barred.update(electorate.bar(chosen))
    taken = {one.project for one in bought}
    available = {id: _together(who, purses) for id, who in supporters.items() if id not in taken}
    return Outcome(tuple(bought), available)


def _first_price(cost: int, who: Supporters, sizes: Sequence[int]) -> Fraction:
    """What a unit of gain costs when every supporter can pay: never more than what it will cost."""
    if who.gains is None:
        return Fraction(cost, who.gain * sum(sizes[group] for group in who.groups))
    return Fraction(cost, sum(gain * sizes[group] for group, gain in zip(who.groups, who.gains, strict=True)))


def _price(cost: int, who: Supporters, purses: Purses) -> Fraction | None:
    """What a unit of gain costs now; None when the supporters cannot pay together.

    Those who have less than what it would be pay all they have, and the others share the rest: again, until all who
    are left can pay.
    """
    values = purses.values
    need = cost * purses.unit
    if who.gains is None:
        rich = [(values[purse], times) for purse, times in purses.held(who).items()]
        if sum(value * times for value, times in rich) < need:
            return None
        payers = sum(times for _value, times in rich)
        while True:
            most = (need - 1) // payers  # value * payers < need, without a multiplication for each purse
            poor = [pair for pair in rich if pair[0] <= most]
            if not poor:
                return Fraction(need, payers * who.gain * purses.unit)
            need -= sum(value * times for value, times in poor)
            payers -= sum(times for _value, times in poor)
            rich = [pair for pair in rich if pair[0] > most]
    held = [(values[purse], gain, times) for (purse, gain), times in purses.held_by_gain(who.groups, who.gains).items()]
    if sum(value * times for value, _gain, times in held) < need:
        return None
    units = sum(gain * times for _value, gain, times in held)
    while True:
        poorer = [one for one in held if one[0] * units < need * one[1]]
        if not poorer:
            return Fraction(need, units * purses.unit)
        held = [one for one in held if one[0] * units >= need * one[1]]
        need -= sum(value * times for value, _gain, times in poorer)
        units -= sum(gain * times for _value, gain, times in poorer)


def _together(who: Supporters, purses: Purses) -> Fraction:
    values = purses.values
    return Fraction(sum(values[purse] * times for purse, times in purses.held(who).items()), purses.unit)
