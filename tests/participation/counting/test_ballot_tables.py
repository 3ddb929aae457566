"""Ballots of other tools: every column used or dropped by name, nothing that tells who voted."""

from __future__ import annotations

import pytest

from participation.counting.ballot_tables import BallotColumns, TotalColumns, read_ballot_table, read_total_table
from participation.counting.ballots import Ballot, Totals, approval, with_points
from participation.importing.errors import ImportRefused

ALL = frozenset({"zone", "youth"})


def read(text, columns, kind="approval", dimensions=ALL):
    return dict(read_ballot_table(text.encode(), "votes.csv", columns, kind, dimensions).ballots)


def test_one_column_with_all_choices():
    text = "choix;canton\nP1,P2;dax\nP2 | P1;dax\n;\n"
    columns = BallotColumns(choices="choix", zone="canton")
    assert read(text, columns) == {approval(["P1", "P2"], zone="dax"): 2}


def test_choices_by_number_or_title_are_translated_and_unknown_ones_kept():
    columns = BallotColumns(choices="choix", aliases={"12": "2024-P012"})
    assert read("choix\n12\n99\n", columns) == {approval(["2024-P012"]): 1, approval(["99"]): 1}


def test_one_column_for_each_project():
    columns = BallotColumns(projects={"Un banc": "P1", "Un arbre": "P2"}, youth="jeune")
    text = "Un banc,Un arbre,jeune\nx,,oui\n1,oui,non\n"
    assert read(text, columns) == {approval(["P1"], youth=True): 1, approval(["P1", "P2"]): 1}


def test_points_and_ranks():
    wide = BallotColumns(projects={"a": "P1", "b": "P2"})
    assert read("a,b\n3,2\n", wide, "points") == {with_points([("P1", 3), ("P2", 2)]): 1}
    assert read("a,b\n2,1\n", wide, "ranking") == {Ballot(("P2", "P1")): 1}
    long = BallotColumns(choices="c", points="p")
    assert read("c,p\nP2 P1,1 3\n", long, "points") == {with_points([("P1", 3), ("P2", 1)]): 1}
    assert read("c\nP2 P1\n", BallotColumns(choices="c"), "ranking") == {Ballot(("P2", "P1")): 1}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Prénom", "peut dire qui a voté"),
        ("Adresse e-mail", "peut dire qui a voté"),
        ("âge", "peut dire qui a voté"),
        ("sexe", "peut dire qui a voté"),
        ("Date du vote", "peut dire qui a voté"),
        ("ip", "peut dire qui a voté"),
        ("remarque", "ni employée ni laissée de côté"),
    ],
)
def test_a_column_that_nobody_decided_about_refuses_the_file(header, words):
    text = f"choix,{header}\nP1,x\n"
    with pytest.raises(ImportRefused) as refusal:
        read(text, BallotColumns(choices="choix"))
    (problem,) = refusal.value.problems
    assert words in str(problem)
    assert (problem.file, problem.line) == ("votes.csv", 1)
    assert read(text, BallotColumns(choices="choix", dropped=frozenset({header}))) == {approval(["P1"]): 1}


def test_a_dimension_that_the_rule_does_not_use_does_not_come_in():
    with pytest.raises(ImportRefused, match="ne compte pas par"):
        read("choix,canton\nP1,dax\n", BallotColumns(choices="choix", zone="canton"), dimensions=frozenset())


@pytest.mark.parametrize(
    ("text", "columns", "kind", "words"),
    [
        ("choix\nP1\n", BallotColumns(choices="vote", dropped=frozenset({"choix"})), "approval", "manque"),
        ("a\npeut-être\n", BallotColumns(projects={"a": "P1"}), "approval", "ni oui ni non"),
        ("c,p\nP1 P2,3\n", BallotColumns(choices="c", points="p"), "points", "autant de points"),
        ("c,p\nP1,beaucoup\n", BallotColumns(choices="c", points="p"), "points", "pas un nombre"),
        ("a,b\n1,1\n", BallotColumns(projects={"a": "P1", "b": "P2"}), "ranking", "le même rang"),
    ],
)
def test_a_line_that_cannot_be_read_is_told(text, columns, kind, words):
    with pytest.raises(ImportRefused, match=words):
        read(text, columns, kind)


def test_totals_by_place():
    columns = TotalColumns("projet", "voix", place="lieu")
    text = "projet,voix,lieu\nP1,12,mairie\nP2,3,mairie\nP1,4,école\n"
    found = read_total_table(text.encode(), "t.csv", columns, frozenset({"P1", "P2"}), {"mairie": 13, "école": 4})
    assert found == {"mairie": Totals({"P1": 12, "P2": 3}, {}, 13, {}), "école": Totals({"P1": 4}, {}, 4, {})}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("projet,voix,nom\nP1,12,Amina\n", "qui a voté"),
        ("projet,voix\nP9,12\n", "pas au vote"),
        ("projet,voix\nP1,1\nP1,2\n", "deux fois"),
    ],
)
def test_totals_that_cannot_be_read_are_told(text, words):
    with pytest.raises(ImportRefused, match=words):
        read_total_table(text.encode(), "t.csv", TotalColumns("projet", "voix"), frozenset({"P1"}), {"": 1})


def test_totals_need_the_number_of_valid_ballots():
    with pytest.raises(ImportRefused, match="bulletins valables"):
        read_total_table(b"projet,voix\nP1,1\n", "t.csv", TotalColumns("projet", "voix"), frozenset({"P1"}), {})
