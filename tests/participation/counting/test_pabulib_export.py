"""Votes as Pabulib files: read back equal, accepted by the public checker, without what tells who voted."""

from __future__ import annotations

import contextlib
import io
from dataclasses import replace
from itertools import chain

import pytest

from participation.counting.ballots import Box, approval, judge
from participation.counting.count import count
from participation.counting.model import Paper
from participation.counting.pabulib import read_vote
from participation.counting.pabulib_export import meta_of, write_pabulib
from participation.counting.reading import read_vote as read_edition
from participation.counting.tally import tally
from participation.store import open_content
from tests.conftest import ROOT

REFUSED = {"Worldwide_Mechanical_Turk_Threshold_3.pb", "Worldwide_Mechanical_Turk_Utilities_3.pb"}
LEFT_OUT = {"proposer", "proposers"}


def checked(contents):
    """What the public checker says of each file: its errors."""
    checker = pytest.importorskip("pabulib.checker")
    with contextlib.redirect_stdout(io.StringIO()):
        found = checker.Checker().process_files([content.decode() for content in contents])
    return [found[number]["results"]["errors"] for number in range(1, len(contents) + 1)]


def exported(vote):
    rule = replace(vote.rule, paper=Paper(vote.rule.paper.kind, 0, first_points=vote.rule.paper.maximum))
    judged = judge(vote.box, rule, vote.contest)
    assert judged.void == {}
    ballots = chain.from_iterable([ballot] * times for ballot, times in vote.box.ballots.items())
    columns = {
        project.values["project_id"]: {name: text for name, text in project.values.items() if name not in LEFT_OUT}
        for project in vote.file.projects
    }
    numbered = ((str(number), ballot) for number, ballot in enumerate(ballots))
    return write_pabulib(vote.file.meta, vote.contest, rule.paper.kind, numbered, tally(judged, rule), None, columns)


def test_every_real_file_reads_back_equal(expected, votes):
    for name in expected:
        vote = votes(name)
        again = read_vote(exported(vote), name)
        assert again.contest == vote.contest
        assert again.box == vote.box
        assert again.rule == vote.rule
        assert {id: n for id, (n, _points) in again.said.items()} == {id: n for id, (n, _points) in vote.said.items()}


def test_every_valid_real_file_is_valid_again(expected, votes):
    # All 59 pass; those with 1,000 ballots and more are left out here, because the checker takes minutes for them.
    names = [name for name in expected if name not in REFUSED and int(expected[name]["meta"]["num_votes"]) < 1000]
    assert len(names) > 30
    errors = checked([exported(votes(name)) for name in names])
    assert {name: found for name, found in zip(names, errors, strict=True) if found} == {}


def test_nothing_tells_who_voted(votes):
    lines = exported(votes("Poland_Zabrze_2020_Biskupice.pb")).decode().split("VOTES\n")[1].splitlines()
    assert lines[0] == "voter_id;vote"
    assert "proposer" not in exported(votes("France_Toulouse_2019.pb")).decode()


def test_an_edition_of_our_own_is_a_valid_file():
    snapshot = open_content(ROOT / "content").snapshot()
    vote = read_edition(snapshot, "2024")
    box = Box({approval(["2024-P003", "2024-P011"]): 130, approval(["2024-P014", "2024-P019"]): 101})
    result = count(vote.rule, vote.contest, box)
    meta = meta_of(snapshot.instance, vote.edition, vote.rule, vote.contest)
    ballots = chain.from_iterable([ballot] * times for ballot, times in box.ballots.items())
    numbered = ((str(number), ballot) for number, ballot in enumerate(ballots))
    counts = tally(judge(box, vote.rule, vote.contest), vote.rule)
    content = write_pabulib(meta, vote.contest, "approval", numbered, counts, result.winners)
    assert checked([content]) == [{}]
    again = read_vote(content, "2024.pb")
    assert again.box == box
    assert again.contest.budget == vote.contest.budget
