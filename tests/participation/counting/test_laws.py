"""What holds for every vote: no order of ballots, no money beyond the envelope, no harm by a vote; and pabutools."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.counting.ballots import Box, approval, with_points
from participation.counting.count import count
from participation.counting.groups import groups_of
from participation.counting.model import (
    Candidate,
    Contest,
    CountRule,
    ExclusiveSet,
    HandDecision,
    Paper,
    RoundRule,
)
from participation.counting.trace import REASONS, WINNING

IDS = [f"P{number}" for number in range(1, 8)]
ZONES = ("est", "nord", "sud")
CODES = st.sampled_from(IDS)


@st.composite
def contests(draw, least_cost=0):
    ids = draw(st.lists(CODES, min_size=1, max_size=len(IDS), unique=True))
    candidates = {
        id: Candidate(
            id,
            draw(st.integers(least_cost, 60)) * 100,
            id,
            draw(st.sampled_from(("", *ZONES))),
            draw(st.sampled_from(("", "nature"))),
            draw(st.sampled_from(("", "club", "ecole"))),
            draw(st.sampled_from(("", "youth"))),
        )
        for id in sorted(ids)
    }
    envelopes = draw(
        st.dictionaries(st.tuples(st.sampled_from(("", *ZONES)), st.just("")), st.integers(0, 9000), max_size=3)
    )
    return Contest(draw(st.integers(0, 150)) * 100, candidates, envelopes, zones=ZONES, themes=("nature",))


@st.composite
def boxes(draw, contest, zones=True):
    choices = st.lists(st.sampled_from(sorted(contest.candidates)), unique=True, max_size=4)
    ballots = draw(st.lists(st.tuples(choices, st.sampled_from(ZONES), st.booleans()), max_size=12))
    found = {}
    for chosen, zone, youth in ballots:
        ballot = approval(chosen, zone=zone, youth=youth) if zones else approval(chosen)
        found[ballot] = found.get(ballot, 0) + 1
    return Box(found)


@st.composite
def round_rules(draw, id):
    by = draw(st.sampled_from(("whole", "zone", "theme")))
    return RoundRule(
        id,
        by=by,
        among=draw(st.sampled_from(("all", "zoned", "unzoned"))),
        owners=draw(st.sampled_from((frozenset(), frozenset({"youth"})))),
        voters=draw(st.sampled_from(("all", "youth", "zone") if by == "zone" else ("all", "youth"))),
        money=draw(st.sampled_from(("left", "amount", "each", "share", "envelopes"))),
        amount=draw(st.integers(0, 8000)),
        share=draw(st.integers(1, 100)),
        winners=draw(st.none() | st.integers(1, 3)),
        counts_earlier=draw(st.booleans()),
        threshold=draw(st.none() | st.integers(0, 3)),
        fit=draw(st.sampled_from(("", "skip", "stop", "part"))),
    )


@st.composite
def rules(draw, contest):
    ids = sorted(contest.candidates)
    some = st.lists(st.sampled_from(ids), unique=True, max_size=3).map(frozenset)
    decided = draw(st.dictionaries(st.sampled_from(ids), st.tuples(st.booleans(), st.booleans()), max_size=2))
    return CountRule(
        paper=Paper(maximum=draw(st.none() | st.integers(1, 4)), minimum=draw(st.integers(0, 2))),
        method=draw(st.sampled_from(("greedy", "equal_shares"))),
        order=draw(st.sampled_from(("votes", "points", "value"))),
        satisfaction=draw(st.sampled_from(("cost", "count"))),
        completion=draw(st.sampled_from(("none", "utilitarian", "add1", "add1u"))),
        comparison=draw(st.booleans()),
        threshold=draw(st.integers(0, 2)),
        threshold_share=draw(st.integers(0, 20)),
        cost_cap=draw(st.none() | st.integers(1000, 6000)),
        one_win_per_owner=draw(st.booleans()),
        exclusives=tuple(ExclusiveSet(one, "", draw(st.booleans())) for one in draw(st.lists(some, max_size=2))),
        fit=draw(st.sampled_from(("skip", "stop", "part"))),
        part_minimum=draw(st.sampled_from((1, 50, 100))),
        rounds=tuple(draw(round_rules(f"r{n}")) for n in range(draw(st.integers(1, 3)))),
        ties=draw(st.sampled_from((("draw",), ("cheapest", "draw"), ("id",), ("dearest", "votes", "id")))),
        seed=draw(st.sampled_from(("", "loto"))),
        decisions=tuple(HandDecision(id, wins, "", outside) for id, (wins, outside) in decided.items()),
    )


@st.composite
def votes(draw):
    contest = draw(contests())
    return draw(rules(contest)), contest, draw(boxes(contest))


@settings(max_examples=80, deadline=None)
@given(vote=votes(), data=st.data())
def test_the_order_of_ballots_and_of_projects_is_nothing(vote, data):
    rule, contest, box = vote
    ballots = data.draw(st.permutations(list(box.ballots.items())))
    projects = data.draw(st.permutations(list(contest.candidates.items())))
    again = count(rule, replace(contest, candidates=dict(projects)), Box(dict(ballots)))
    assert again.plain() == count(rule, contest, box).plain()


@settings(max_examples=150, deadline=None)
@given(vote=votes())
def test_nobody_spends_what_is_not_there_and_every_clause_holds(vote):
    rule, contest, box = vote
    result = count(rule, contest, box)
    assert result.left >= 0
    assert sum(box.ballots.values()) == result.voters + sum(result.void.values())
    assert result.decided.keys() == contest.candidates.keys()
    assert {step.reason for step in result.steps} <= set(REASONS)
    assert all(one.spent <= one.allowance <= contest.budget for one in result.groups)
    assert all(0 <= step.paid <= step.cost for step in result.steps)
    assert len(set(result.winners)) == len(result.winners)
    by_vote = [id for id in result.winners if result.decided[id].reason != "hand_win"]
    for exclusive in rule.exclusives:
        assert len(exclusive.projects.intersection(by_vote)) <= 1
    if rule.one_win_per_owner:
        owners = [owner for id in by_vote if (owner := contest.candidates[id].owner)]
        assert len(set(owners)) == len(owners)
    if rule.cost_cap is not None:
        assert all(contest.candidates[id].cost <= rule.cost_cap for id in by_vote)
    for one in rule.rounds:
        for group in groups_of(one, contest):
            won = [s for s in result.steps if s.round == one.id and s.group == group.key and s.reason in WINNING]
            assert one.winners is None or len(won) <= one.winners
            assert group.own is None or sum(s.paid for s in won) <= group.own


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_one_vote_more_never_harms_a_project_in_the_order_of_votes(data):
    contest = data.draw(contests())
    box = data.draw(boxes(contest))
    rule = CountRule(paper=Paper(minimum=0), fit=data.draw(st.sampled_from(("skip", "stop"))), ties=("id",))
    project = data.draw(st.sampled_from(sorted(contest.candidates)))
    before = count(rule, contest, box)
    after = count(rule, contest, box + Box({approval([project]): 1}))
    assert project not in before.winners or project in after.winners


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_money_for_all_means_that_all_win(data):
    contest = data.draw(contests())
    contest = replace(contest, budget=sum(one.cost for one in contest.candidates.values()))
    rule = CountRule(threshold=0, fit=data.draw(st.sampled_from(("skip", "stop", "part"))), ties=("id",))
    assert set(count(rule, contest, data.draw(boxes(contest))).winners) == set(contest.candidates)


def pabutools_of(contest, ballots):
    election = pytest.importorskip("pabutools.election")
    instance = election.Instance(budget_limit=contest.budget)
    projects = {id: election.Project(id, one.cost) for id, one in contest.candidates.items()}
    for project in projects.values():
        instance.add(project)
    profile = election.ApprovalProfile(
        [election.ApprovalBallot([projects[id] for id in ballot]) for ballot in ballots], instance=instance
    )
    return instance, profile


def both(contest, box):
    ballots = [ballot.choices for ballot, times in box.ballots.items() for _again in range(times)]
    instance, profile = pabutools_of(contest, ballots)
    return instance, profile, CountRule(paper=Paper(minimum=0), threshold=0, ties=("id",))


@settings(max_examples=80, deadline=None)
@given(data=st.data(), satisfaction=st.sampled_from(("cost", "count")), completion=st.sampled_from(("none", "add1")))
def test_pabutools_gives_the_same_equal_shares(data, satisfaction, completion):
    rules_module = pytest.importorskip("pabutools.rules")
    election = pytest.importorskip("pabutools.election")
    contest = data.draw(contests(least_cost=1))
    drawn = data.draw(boxes(contest, zones=False))
    box = Box({ballot: times for ballot, times in drawn.ballots.items() if ballot.choices})
    instance, profile, rule = both(contest, box)
    theirs = rules_module.method_of_equal_shares(
        instance,
        profile,
        sat_class={"cost": election.Cost_Sat, "count": election.Cardinality_Sat}[satisfaction],
        voter_budget_increment=100 if completion == "add1" else None,
    )
    rule = replace(rule, method="equal_shares", satisfaction=satisfaction, completion=completion)
    assert set(count(rule, contest, box).winners) == {project.name for project in theirs}


@settings(max_examples=80, deadline=None)
@given(data=st.data(), order=st.sampled_from(("votes", "value")))
def test_pabutools_gives_the_same_order_of_votes(data, order):
    rules_module = pytest.importorskip("pabutools.rules")
    election = pytest.importorskip("pabutools.election")
    contest = data.draw(contests(least_cost=1))
    drawn = data.draw(boxes(contest, zones=False))
    box = Box({ballot: times for ballot, times in drawn.ballots.items() if ballot.choices})
    instance, profile, rule = both(contest, box)
    theirs = rules_module.greedy_utilitarian_welfare(
        instance, profile, sat_class={"votes": election.Cost_Sat, "value": election.Cardinality_Sat}[order]
    )
    assert set(count(replace(rule, order=order), contest, box).winners) == {project.name for project in theirs}


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_equal_shares_of_points_pay_exactly_what_the_winners_cost(data):
    contest = data.draw(contests(least_cost=1))
    gives = st.dictionaries(st.sampled_from(sorted(contest.candidates)), st.integers(1, 5), min_size=1, max_size=4)
    drawn = data.draw(st.lists(gives, min_size=1, max_size=8))
    box = Box()
    for one in drawn:
        box += Box({with_points(one.items()): 1})
    rule = CountRule(paper=Paper("points"), method="equal_shares", satisfaction="count", ties=("id",), order="points")
    result = count(rule, contest, box)
    assert result.spent <= contest.budget
    for step in result.winning_steps():
        supporters = sum(step.project in one for one in drawn)
        assert Fraction(step.share) * supporters >= step.cost
