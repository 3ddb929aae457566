"""Ballot files of a content: what is written reads back equal, tells nothing of voters, and faults have their line."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.counting.ballot_files import MOST_LINES, random_ids, read_votes, write_ballots, write_totals
from participation.counting.ballots import VOID, Ballot, Totals, approval, with_points

PROJECTS = ["2024-P001", "2024-P002", "2024-P012"]
PATH = "editions/2024/votes/ballots-mairie.csv"
TOTALS = "editions/2024/votes/totals.csv"


def ids(number):
    counter = itertools.count(7)
    return random_ids(number, lambda size: (next(counter) * 7919 % 256**5).to_bytes(size, "big"))


def read(content, path=PATH, kind="approval"):
    return read_votes({path: content if isinstance(content, bytes) else content.encode()}, "2024", kind, PROJECTS)


def test_a_ballot_file_looks_like_this():
    ballots = [approval(["2024-P012", "2024-P001"], zone="dax"), approval([], void="illegible")]
    (content,) = write_ballots(ballots, ["ffffffffffff", "04be19c2a7f0"], "2024")
    assert content.decode() == "ballot,choices,zone,void\n04be19c2a7f0,,,illegible\nffffffffffff,P001 P012,dax,\n"


CHOICES = st.lists(st.sampled_from([*PROJECTS, "2024-P999"]), max_size=4)
MORE = {"zone": st.sampled_from(["", "dax-1"]), "youth": st.booleans(), "void": st.sampled_from(["", *VOID])}


@settings(max_examples=60, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["approval", "points", "ranking"]))
def test_what_is_written_reads_back_equal(data, kind):
    ballots = []
    for choices in data.draw(st.lists(CHOICES, max_size=8)):
        more = data.draw(st.fixed_dictionaries(MORE))
        if kind == "ranking":
            ballots.append(Ballot(tuple(choices), (), **more))
        elif kind == "points":
            ballots.append(with_points(((choice, data.draw(st.integers(0, 9))) for choice in choices), **more))
        else:
            ballots.append(approval(choices, **more))
    (content,) = write_ballots(ballots, ids(len(ballots)), "2024", kind)
    box, problems = read(content, kind=kind)
    assert problems == []
    assert sorted(itertools.chain.from_iterable([one] * n for one, n in box.ballots.items())) == sorted(ballots)


def test_lines_are_in_the_order_of_random_numbers_and_a_file_has_its_limit():
    many = [approval(["2024-P001"])] * (MOST_LINES + 5)
    first, second = write_ballots(many, ids(len(many)), "2024")
    lines = [line.split(",")[0] for file in (first, second) for line in file.decode().splitlines()[1:]]
    assert lines == sorted(set(lines))
    assert (len(first.splitlines()), len(second.splitlines())) == (MOST_LINES + 1, 6)


def test_totals_read_back_equal():
    places = {
        "ecole": Totals({"2024-P001": 3}, {}, 4, {"blank": 1}),
        "mairie": Totals({"2024-P001": 12, "2024-P012": 0}, {"2024-P001": 30}, 13, {}),
    }
    box, problems = read(write_totals(places, "2024"), TOTALS)
    assert problems == []
    assert box.totals == tuple(places.values())


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("ballot,choices,age\n04be19c2a7f0,P001,34\n", "pas d’autre colonne", 1),
        ("choices\nP001\n", "pas d’autre colonne", 1),
        ("ballot,choices\n7,P001\n", "n’est pas un numéro", 2),
        ("ballot,choices\n04be19c2a7f0,P001\n04be19c2a7f0,P002\n", "deux fois", 3),
        ("ballot,choices\n14be19c2a7f0,P001\n04be19c2a7f0,P002\n", "l’ordre de leurs numéros", 3),
        ("ballot,choices,void\n04be19c2a7f0,,mauvais\n", "raison de nullité", 2),
        ("ballot,choices\n04be19c2a7f0\n", "1 valeurs pour 2", 2),
        ('ballot,choices\n04be19c2a7f0,"P001\n', "CSV", None),
    ],
)
def test_a_fault_of_a_ballot_file_has_its_line(text, words, line):
    _box, problems = read(text)
    assert words in str(problems[0])
    assert (problems[0].file, problems[0].line) == (PATH, line)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("mairie,project,P999,3,", "n’est pas au vote"),
        ("mairie,project,P001,beaucoup,", "pas lisible"),
        ("mairie,void,fâché,1,", "raison de nullité"),
        ("mairie,project,P001,3,\nmairie,project,P001,4,", "deux fois"),
    ],
)
def test_a_fault_of_totals_has_its_line(row, words):
    _box, problems = read(f"place,kind,key,count,points\nmairie,valid,,5,\n{row}\n", TOTALS)
    assert words in str(problems[0])
    assert problems[0].line == 3 + row.count("\n")


def test_points_that_do_not_fit_their_choices_are_told():
    _box, problems = read("ballot,choices,points\n04be19c2a7f0,P001 P002,3\n", kind="points")
    assert "ne vont pas avec les choix" in str(problems[0])


def test_a_file_elsewhere_is_no_ballot_file():
    _box, problems = read("ballot,choices\n", "editions/2021/votes/ballots.csv")
    assert "pas à la place" in str(problems[0])
