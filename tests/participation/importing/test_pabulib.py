"""Pabulib files: districts of one edition, proposers dropped, totals, broken files."""

from __future__ import annotations

import datetime as dt

import pytest

from participation.importing.applying import apply
from participation.importing.errors import ImportRefused
from participation.importing.pabulib import plan_pabulib, short_name, zone_id
from participation.importing.plan import Kind

WHEN = dt.datetime(2025, 11, 21, 10, 0, tzinfo=dt.UTC)
META = "META\nkey;value\nunit;Ville\ninstance;2024\nnum_projects;2\nnum_votes;50\nbudget;1000.0\ncurrency;EUR\n"
PROJECTS = (
    "PROJECTS\nproject_id;cost;votes;name;category;proposer;selected\n"
    '1;400.0;30;"Un banc; en bois";sport,nature;Amina B.;1\n2;700;20;Un arbre;nature;;0\n'
)
VOTES = "VOTES\nvoter_id;vote\n1;1,2\n"
DISTRICT = META.replace("unit;Ville\n", "unit;Ville\nsubunit;3 - Nord\n").replace("1000.0", "600")


def planned(store, *texts, edition="2024", **options):
    files = [(f"f{number}.pb", text.encode()) for number, text in enumerate(texts, 1)]
    return plan_pabulib(files, store.snapshot(), edition, **options)


def data(plan, id):
    return next(row.data for row in plan.rows if row.id == id)


def test_projects_and_totals_become_records(store, faults):
    plan = planned(store, META + PROJECTS + VOTES)
    assert data(plan, "2024-P1") == {
        "title": "Un banc; en bois",
        "theme": "sport",
        "votes": 30,
        "cost": "400",
        "status": [{"state": "winner", "role": "import"}],
        "origin": {"system": "pabulib", "id": "Ville/2024/1"},
    }
    assert data(plan, "2024-P2")["status"][0]["state"] == "not_selected"
    edition = data(plan, "2024")
    assert (edition["budget"], edition["currency"], edition["turnout"]) == ("1000", "EUR", {"voters": 50})
    apply(plan, store, author="import", when=WHEN)
    assert faults() == []
    assert planned(store, META + PROJECTS + VOTES).writes == []


def test_proposers_are_people_unless_told_otherwise(store):
    plan = planned(store, META + PROJECTS + VOTES)
    assert "owner" not in data(plan, "2024-P1")
    assert any("porteurs" in str(problem) for problem in plan.problems)
    plan = planned(store, META + PROJECTS + VOTES, proposers_are_organisations=True)
    assert data(plan, "2024-P1")["owner"] == {"organisation": "Amina B."}


def test_a_district_gives_zone_prefix_and_envelope(store):
    plan = planned(store, DISTRICT + PROJECTS + VOTES)
    assert data(plan, "2024-3-P1")["zone"] == "ville-3"
    assert data(plan, "2024")["envelopes"] == [{"zone": "ville-3", "amount": "600"}]
    assert data(plan, "ville-3")["title"] == "3 - Nord"


def test_the_file_of_the_town_and_those_of_its_districts_make_each_project_once(store):
    town = META + PROJECTS.replace("proposer", "district").replace("Amina B.", "3 - Nord").replace(";;0", ";3 - Nord;0")
    for files in ((town + VOTES, DISTRICT + PROJECTS + VOTES), (DISTRICT + PROJECTS + VOTES, town + VOTES)):
        plan = planned(store, *files)
        assert [row.id for row in plan.rows if row.type_name == "project"] == ["2024-3-P1", "2024-3-P2"]
        assert data(plan, "2024")["budget"] == "1000"


def test_two_different_projects_under_one_number_are_an_error(store):
    plan = planned(store, DISTRICT + PROJECTS, DISTRICT + PROJECTS.replace("Un arbre", "Un chêne"))
    assert [row.id for row in plan.of_kind(Kind.ERROR)] == ["2024-3-P2"]
    (problem,) = [problem for problem in plan.problems if "name" in str(problem)]
    assert (problem.file, problem.line) == ("f2.pb", 13)


@pytest.mark.parametrize(
    ("part", "prefix", "zone"),
    [
        ("10 - Jolimont / Soupetard", "10", "toulouse-10"),
        ("9 - Stare Miasto | large", "9-large", "toulouse-9"),
        ("Bogucice", "bogucice", "toulouse-bogucice"),
        ("Łódź Śródmieście", "lodz-srodmiescie", "toulouse-lodz-srodmiescie"),
        ("", "", "toulouse"),
    ],
)
def test_districts_have_short_names(part, prefix, zone):
    assert (short_name(part), zone_id("Toulouse", part.partition("|")[0])) == (prefix, zone)


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("", "vide", None),
        ("PROJECTS\nproject_id;cost\n", "META", None),
        ("bonjour\n", "META", 1),
        (META, "PROJECTS manque", None),
        (META + "PROJECTS\n", "PROJECTS est vide", None),
        (META + "PROJECTS\nproject_id;name\n1;x\n", "cost", 10),
        (META + "PROJECTS\nproject_id;cost;cost\n1;2;3\n", "même nom", 10),
        (META + META, "deux fois", 9),
        (META.replace("EUR", "euro") + PROJECTS, "monnaie", None),
    ],
)
def test_a_broken_file_is_refused_with_its_line(store, text, words, line):
    with pytest.raises(ImportRefused) as refusal:
        planned(store, text)
    (problem,) = refusal.value.problems
    assert words in str(problem)
    assert (problem.file, problem.line) == ("f1.pb", line)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("3;beaucoup;1;Trois;;;0", "nombre"),
        ("3;-5;1;Trois;;;0", "nombre"),
        ("3;nan;1;Trois;;;0", "nombre"),
        ("3;5;1;Trois", "4 valeurs pour 7"),
        (";5;1;Trois;;;0", "numéro"),
        ("3;5;1;Trois;;;oui", "0 ou 1"),
    ],
)
def test_a_project_in_error_stays_out_and_the_others_go_in(store, row, words):
    plan = planned(store, META + PROJECTS + row + "\n")
    assert len(plan.of_kind(Kind.ERROR)) == 1
    assert len(plan.of_kind(Kind.NEW, "project")) == 2
    (problem,) = [problem for problem in plan.problems if words in str(problem)]
    assert problem.line == 13


def test_files_in_different_currencies_do_not_make_one_edition(store):
    with pytest.raises(ImportRefused, match="monnaies"):
        planned(store, META + PROJECTS, DISTRICT.replace("EUR", "PLN") + PROJECTS)


def test_a_year_that_cannot_name_an_edition_is_refused(store):
    with pytest.raises(ImportRefused, match="édition"):
        planned(store, META + PROJECTS, edition="../x")
