"""Shares raised step by step: who wins at each step, without counting every step.

A richer share with the same winners so far leaves no ballot poorer and makes no project dearer (a project that costs
each supporter less leaves each of them more). So two counts, one at the first and one at the last step of a stretch,
enclose all steps between them: where one project is the best at both whatever its price between, it is so at every
step. Where that is not sure the stretch is cut in two, down to one step, which is then counted exactly if need be.

Two projects that no ballot with money left supports both, and that do not exclude each other, give the same result in
either order: which of them comes first need not be sure.

What a ballot has left is rounded down in the poorer count and up in the richer one: they enclose the exact values, and
numbers stay short.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush

from participation.counting.shares import Electorate, equal_shares

PARTS = 2**32  # of a hundredth: fine enough that projects of different prices are told apart, short enough to be quick

Priced = tuple[Fraction, str]
"""What a unit of gain of a project costs, in parts, and the project."""
Entry = tuple[int, str]
"""A project in a heap, under a whole number that its price is never less than: faster to compare than a fraction."""


def stretches(electorate: Electorate, share: Fraction, step: int) -> Iterator[tuple[int, Collection[str]]]:
    """From the share on, raised 0, 1, 2, ... times by `step`: (first time, winners) for each stretch, without end.

    Two stretches may have the same winners: who wins changes at the first of a stretch only.
    """
    search = _Stretches(electorate, share, step)
    yield from search.whole(0, 0)
    first, width = 1, 2
    while True:
        yield from search.whole(first, first + width - 1)
        first, width = first + width, 2 * width


class _Fund:
    """What each group of equal ballots has left, in parts: at least that if rounded `up`, else at most."""

    def __init__(self, electorate: Electorate, share: Fraction, *, up: bool) -> None:
        self._electorate = electorate
        self._up = up
        self.left = [self._rounded(share * PARTS)] * len(electorate.sizes)

    def _rounded(self, parts: Fraction) -> int:
        return -_whole(-parts) if self._up else _whole(parts)

    def price(self, project: str) -> Fraction | None:
        """What a unit of gain costs now, in parts; None when the supporters cannot pay together."""
        who, sizes = self._electorate.supporters[project], self._electorate.sizes
        need = self._electorate.costs[project] * PARTS
        left, times = map(self.left.__getitem__, who.groups), map(sizes.__getitem__, who.groups)
        if who.gains is not None:
            return _price_by_gain(list(zip(left, who.gains, times, strict=True)), need)
        held = list(zip(left, times, strict=True))
        payers = sum(number for _value, number in held)
        while payers:
            most = (need - 1) // payers
            poor = [pair for pair in held if pair[0] <= most]
            if not poor:
                return Fraction(need, payers * who.gain)
            held = [pair for pair in held if pair[0] > most]
            for value, number in poor:
                need -= value * number
                payers -= number
        return None

    def pay(self, project: str, price: Fraction) -> None:
        """Take `price` for a unit of gain from the supporters of a project, or all that they have."""
        who, left = self._electorate.supporters[project], self.left
        if who.gains is None:
            each = -self._rounded(-price * who.gain)
            for group in who.groups:
                value = left[group]
                left[group] = value - each if value > each else 0
            return
        asked = {gain: -self._rounded(-price * gain) for gain in set(who.gains)}
        for group, gain in zip(who.groups, who.gains, strict=True):
            left[group] = max(left[group] - asked[gain], 0)

    def replay(self, taken: Iterable[str]) -> None:
        """Pay for projects that were taken with less, so that they can be paid with this."""
        for project in taken:
            price = self.price(project)
            if price is None:
                raise AssertionError(f"{project} was paid with less")
            self.pay(project, price)


def _price_by_gain(held: list[tuple[int, int, int]], need: int) -> Fraction | None:
    """The price where ballots gain differently; `held` is what a group has left, its gain and its ballots."""
    units = sum(gain * number for _value, gain, number in held)
    while units:
        poor = [one for one in held if one[0] * units < need * one[1]]
        if not poor:
            return Fraction(need, units)
        held = [one for one in held if one[0] * units >= need * one[1]]
        for value, gain, number in poor:
            need -= value * number
            units -= gain * number
    return None


@dataclass
class _Rich:
    """The count at the last step of a stretch: what is taken, in order, and a heap of what is not.

    The first `free` of the projects taken cost nothing; `barred` are those that one taken excludes.
    """

    fund: _Fund
    taken: list[str]
    free: int
    barred: set[str]
    heap: list[Entry]

    @property
    def paid(self) -> Sequence[str]:
        """What was taken and cost something."""
        return self.taken[self.free :]

    def cheapest(self) -> list[Priced]:
        """Projects out of the heap with their prices now, cheapest first: nothing left in it costs as little."""
        looked: list[Priced] = []
        best: int | None = None
        while self.heap and (best is None or self.heap[0][0] <= best):
            if (found := self._next()) is not None:
                looked.append(found)
                best = _whole(found[0]) if best is None else min(best, _whole(found[0]))
        return sorted(looked)

    def up_to(self, most: Fraction) -> Iterator[Priced]:
        """More of them, as long as one may cost `most` or less."""
        limit = _whole(most)
        while self.heap and self.heap[0][0] <= limit:
            if (found := self._next()) is not None:
                yield found

    def _next(self) -> Priced | None:
        """The first out of the heap; None when it is excluded or its supporters can never pay it."""
        _least, project = heappop(self.heap)
        price = None if project in self.barred else self.fund.price(project)
        return None if price is None else (price, project)

    def put_back(self, looked: Iterable[Priced]) -> None:
        """Into the heap again."""
        for price, project in looked:
            heappush(self.heap, (_whole(price), project))


class _Stretches:
    """The search for stretches of steps with the same winners."""

    def __init__(self, electorate: Electorate, share: Fraction, step: int) -> None:
        self._electorate = electorate
        self._share = share
        self._step = step
        self._groups = {project: frozenset(who.groups) for project, who in electorate.supporters.items()}

    def whole(self, first: int, last: int) -> Iterator[tuple[int, Collection[str]]]:
        """The stretches from one step to another, counted from the beginning."""
        free, barred, heap = self._electorate.begin()
        entries = [(_whole(price * PARTS), project) for price, project in heap]
        heapify(entries)
        taken = [one.project for one in free]
        rich = _Rich(self._fund(last, (), up=True), taken, len(taken), barred, entries)
        yield from self._between(first, last, self._fund(first, (), up=False), rich)

    def _at(self, raised: int) -> Fraction:
        return self._share + raised * self._step

    def _fund(self, raised: int, paid: Sequence[str], *, up: bool) -> _Fund:
        fund = _Fund(self._electorate, self._at(raised), up=up)
        fund.replay(paid)
        return fund

    def _between(self, first: int, last: int, poor: _Fund, rich: _Rich) -> Iterator[tuple[int, Collection[str]]]:
        """Go on as long as all steps from first to last take the same project, then cut; `poor` is at the first."""
        while not self._electorate.full(rich.taken):
            looked = rich.cheapest()
            if not looked:
                break
            price = looked[0][0]
            project = self._electorate.choose([other for its, other in looked if its == price])[0]
            most = poor.price(project)
            if most is None or not self._sure(project, most, looked, rich):
                rich.put_back(looked)
                yield from self._cut(first, last, rich)
                return
            rich.put_back(one for one in looked if one[1] != project)
            rich.fund.pay(project, price)
            poor.pay(project, most)
            rich.taken.append(project)
            rich.barred.update(self._electorate.bar(project))
        yield first, rich.taken

    def _cut(self, first: int, last: int, rich: _Rich) -> Iterator[tuple[int, Collection[str]]]:
        """Both halves of a stretch: what was sure of the whole is sure of each. A single step is counted."""
        if first == last:
            exact = equal_shares(self._electorate, self._at(first))
            yield first, [one.project for one in exact.bought]
            return
        middle = (first + last) // 2
        paid = rich.paid
        fund = self._fund(middle, paid, up=True)
        half = _Rich(fund, list(rich.taken), rich.free, set(rich.barred), list(rich.heap))
        yield from self._between(first, middle, self._fund(first, paid, up=False), half)
        yield from self._between(middle + 1, last, self._fund(middle + 1, paid, up=False), rich)

    def _sure(self, project: str, most: Fraction, looked: list[Priced], rich: _Rich) -> bool:
        """True when a project that costs `most` at most comes before all that touch it; adds to `looked`."""
        if any(self._may_come_first(other, project, most, rich.fund) for other in looked):
            return False
        for other in rich.up_to(most):
            looked.append(other)
            if self._may_come_first(other, project, most, rich.fund):
                return False
        return True

    def _may_come_first(self, one: Priced, project: str, most: Fraction, rich: _Fund) -> bool:
        """True when another project, at its price or more, may be taken before this one and that may matter."""
        price, other = one
        if other == project or price > most:
            return False
        if price == most and self._electorate.choose(sorted((project, other)))[0] == project:
            return False
        if self._electorate.most is not None or other in self._electorate.bar(project):
            return True
        return any(rich.left[group] for group in self._groups[project] & self._groups[other])


def _whole(parts: Fraction) -> int:
    """The whole number at this or under it."""
    return parts.numerator // parts.denominator
