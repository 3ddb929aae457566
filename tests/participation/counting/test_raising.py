"""Shares raised in stretches give at every step what counting that step alone gives."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from participation.counting.raising import stretches
from participation.counting.shares import Electorate, Supporters, equal_shares

STEPS = 25
GROUPS = 8


@st.composite
def electorates(draw):
    """Up to seven projects of close prices, groups of one to four ballots, some projects that exclude each other."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=GROUPS))
    ids = [f"P{number}" for number in range(draw(st.integers(1, 7)))]
    costs = {id: draw(st.sampled_from((0, 600, 900, 1000)) | st.integers(1, 3000)) for id in ids}
    supporters = {id: draw(gains(costs[id], sizes)) for id in ids}
    rivals = draw(st.sets(st.sampled_from(ids), max_size=2))
    return Electorate(
        costs,
        supporters,
        sizes,
        lambda equal: (min(equal), None),
        lambda project: rivals - {project} if project in rivals else (),
        draw(st.none() | st.integers(1, 4)),
    )


@st.composite
def gains(draw, cost, sizes):
    """Who gains from a project: all the same (one, or its cost), or each its points."""
    groups = draw(st.lists(st.integers(0, len(sizes) - 1), unique=True).map(sorted))
    if draw(st.booleans()):
        several = [group for group in groups if sizes[group] > 1]
        return Supporters(groups, several, draw(st.sampled_from((1, cost or 1))))
    return Supporters(groups, gains=[draw(st.integers(1, 5)) for _group in groups])


def won(electorate, share):
    return sorted(one.project for one in equal_shares(electorate, share).bought)


@settings(max_examples=60, deadline=None)
@given(electorate=electorates(), share=st.fractions(0, 300, max_denominator=7), step=st.sampled_from((1, 13, 100)))
def test_every_step_of_a_stretch_has_the_winners_that_it_has_alone(electorate, share, step):
    found, last = [], []
    for first, winners in stretches(electorate, share, step):
        found += [last] * (min(first, STEPS) - len(found))
        if first >= STEPS:
            break
        last = sorted(winners)
    assert found == [won(electorate, share + raised * step) for raised in range(STEPS)]


def test_ten_thousand_steps_are_few_stretches():
    costs = {"A": 1000, "B": 2_000_000}
    supporters = {"A": Supporters([0, 1]), "B": Supporters([1, 2])}
    electorate = Electorate(costs, supporters, [1, 1, 1], lambda equal: (min(equal), None))
    told = []
    for first, winners in stretches(electorate, Fraction(1), 100):
        told.append(first)
        if "B" in winners:
            break
    assert first == 10_003  # twice (1 + 100 n), less the 500 that one of the two paid for A, reaches 2,000,000
    assert len(told) < 60
