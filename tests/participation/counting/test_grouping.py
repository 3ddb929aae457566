"""Voters told as groups: none so small that somebody is recognised in it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.counting.ballots import Ballot, approval, with_points
from participation.counting.grouping import OTHERS, grouped, write_groups
from participation.counting.typed import NotTyped, ballot_of, typed_again

NUMBERS = {"3": "2026-P003", "12": "2026-P012"}


def test_small_groups_are_put_together():
    assert grouped({"18-25": 40, "26-40": 60, "90+": 4, "80-89": 8}, 10) == {"18-25": 40, "26-40": 60, OTHERS: 12}


def test_the_smallest_of_the_others_joins_a_rest_that_is_still_too_small():
    assert grouped({"femme": 40, "homme": 60, "autre": 4}, 10) == {"homme": 60, OTHERS: 44}


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 50)), st.integers(1, 30))
def test_nobody_is_lost_and_no_group_is_small_unless_all_are(counts, least):
    found = grouped({name: n for name, n in counts.items() if name != OTHERS}, least)
    total = sum(n for name, n in counts.items() if name != OTHERS)
    assert sum(found.values()) == total
    assert total < least or all(number >= least for number in found.values())


def test_the_tables_are_one_file():
    content = write_groups({"âge": Counter({"18": 12, "90": 1, "40": 11})}, 10)
    assert content.decode() == "dimension,value,count\nâge,18,12\nâge,…,12\n"


@pytest.mark.parametrize(
    ("typed", "kind", "ballot"),
    [
        ("3 12", "approval", approval(["2026-P003", "2026-P012"])),
        ("012, 3", "approval", approval(["2026-P003", "2026-P012"])),
        ("3 3", "approval", approval(["2026-P003", "2026-P003"])),
        ("99", "approval", approval(["2026-99"])),
        ("12 > 3", "ranking", Ballot(("2026-P012", "2026-P003"))),
        ("12:3 3=1", "points", with_points([("2026-P003", 1), ("2026-P012", 3)])),
    ],
)
def test_what_is_typed_is_a_ballot(typed, kind, ballot):
    found = ballot_of(typed, NUMBERS, "2026", kind)
    assert found == ballot
    again = typed_again(found, {project: number for number, project in NUMBERS.items()})
    assert ballot_of(again, NUMBERS, "2026", kind) == ballot


@pytest.mark.parametrize(("typed", "kind"), [("3 & 12", "approval"), ("3:1", "approval"), ("3", "points")])
def test_what_is_no_ballot_is_refused_with_a_sentence(typed, kind):
    with pytest.raises(NotTyped, match=r"\w+ \w+"):
        ballot_of(typed, NUMBERS, "2026", kind)
