"""The results of a vote on the site: nothing before the announcement, then the same as the count, and nothing twice."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import json

import jsonschema
import pytest

from participation.counting.ballot_files import write_ballots
from participation.counting.ballots import approval
from participation.counting.package import read_package, recount
from participation.counting.reading import read_vote
from participation.store.content import Repository
from site_builder.build import Options, engine_of
from site_builder.opendata import making
from site_builder.results import files as result_files
from site_builder.results import reading
from site_builder.targets import FolderTarget
from tests.site_builder.small_town import EDITION, NOW, project

ANNOUNCED = (NOW - dt.timedelta(hours=1)).isoformat("T", "seconds")
MARKER = "7919"
"""A number of votes that no page has for another reason."""
RULE = {
    "title": "Règle de 2026",
    "clauses": [{"key": "fit", "article": "Article 3", "quote": "On passe au suivant."}],
    "ballot": {"kind": "approval", "maximum": 2},
    "threshold": 2,
    "exclusives": [{"projects": ["2026-P003", "2026-P004"], "reason": "Même place"}],
    "ties": ["cheapest", "id"],
    "corrections": [{"date": "2026-05-12", "reason": "Une faute de frappe."}],
    "announced": ANNOUNCED,
}
COSTS = {"2026-P001": "100000", "2026-P002": "150000", "2026-P003": "40000", "2026-P004": "30000", "2026-P005": "90000"}
CHOICES = (
    [["2026-P001", "2026-P003"]] * 30 + [["2026-P002"]] * 20 + [["2026-P003", "2026-P004"]] * 9 + [["2026-P005"]] * 5
)


def ballots(choices, first=0):
    ids = [f"{first + number:012x}" for number in range(len(choices))]
    (content,) = write_ballots(map(approval, choices), ids, "2026")
    return content


@pytest.fixture
def voted(town):
    """A vote of 64 ballots over five projects, announced an hour ago."""
    for number, (id, cost) in enumerate(COSTS.items()):
        waiting = [{"state": "on_ballot", "date": "2026-04-01"}]
        town.put("project", id, project(f"Projet {number + 1}", "on_ballot", cost=cost, status=waiting))
    town.put("rule", "2026-rule", RULE)
    town.files["editions/2026/votes/ballots-mairie.csv"] = ballots([*CHOICES, []])
    return town


def plain(page):
    return page.replace("\u00a0", " ").replace("\u202f", " ")


def derive(sites, source, name="a", now=NOW):
    """Make the files of open data beside the pages, as the worker does."""
    cache = sites.folder / f"cache-{name}"
    target = FolderTarget(sites.site(name), cache / "states")
    try:
        engine, entries = engine_of(source, target, Options(now=now, cache=cache, processes=1))
        making.update(source, entries, engine, target.data_folder(), cache, now, target.data_folder)
    finally:
        target.close()


def test_the_page_says_who_won_and_why_each_project_won_or_lost(voted, sites):
    sites.build(voted.commit())
    page = plain(sites.page("editions/2026/resultats"))
    assert "64 bulletins ont départagé 5 projets pour 300 000 €. 3 projets sont lauréats" in page
    assert "Retenu avec 30 voix, au rang 2 : il coûte 100 000 € et il restait 260 000 €." in page
    assert "Non retenu malgré 9 voix : il ne peut pas exister avec « Projet 3 », lauréat." in page
    assert "il coûte 90 000 € et il restait 10 000 € (Article 3)." in page
    assert "L’enveloppe s’arrête ici : 290 000 € attribués, il reste 10 000 €." in page
    assert "Une faute de frappe." in page
    assert "Bulletin blanc" in page
    assert "Ceci n’est pas le résultat." in page


def test_the_pages_of_edition_and_projects_lead_there(voted, sites):
    sites.build(voted.commit())
    assert 'href="../../editions/2026/resultats/"' in sites.page("editions/2026")
    page = plain(sites.page("projets/2026-P004"))
    assert 'href="../../editions/2026/resultats/#p-2026-P004">4e, 9 voix</a>' in page.replace("<sup>", "").replace(
        "</sup>", ""
    )
    assert "Non retenu malgré 9 voix" in page
    assert "editions/2026/resultats/" in (sites.site() / "plan-du-site/pages.xml").read_text()


def test_the_result_is_that_of_the_command(voted, sites):
    source = voted.commit()
    sites.build(source)
    derive(sites, source)
    told = json.loads((sites.site() / "donnees/resultats-2026.json").read_text())
    vote = read_vote(Repository(voted.path).snapshot(), "2026")
    package = read_package((sites.site() / "donnees/recompte-2026.zip").read_bytes())
    again = recount(package)
    assert told["result"] == json.loads(json.dumps(again.result.plain()))
    assert again.difference == ""
    assert package.box == vote.box
    assert [one["id"] for one in told["projects"] if one["won"]] == ["2026-P003", "2026-P001", "2026-P002"]


def leaks(sites, name="a"):
    """The files of a site that tell something of the vote."""
    said = [f"{MARKER}".encode(), b"resultats", b"recompte-", "lauréats</h".encode(), b"Retenu avec"]
    found = {}
    for address, data in sites.files(name).items():
        if address.endswith((".css", ".js")):
            continue
        if any(words in data for words in said) or "resultat" in address or "recompt" in address:
            found[address] = [words for words in said if words in data]
    return found


@pytest.fixture
def embargoed(voted):
    """The same vote with a decision that only the results tell, announced an hour from now."""
    decision = {"project": "2026-P005", "decision": "lose", "reason": f"Parcelle {MARKER} vendue."}
    voted.put(
        "rule", "2026-rule", {**RULE, "announced": (NOW + dt.timedelta(hours=1)).isoformat(), "decisions": [decision]}
    )
    return voted


def test_nothing_of_the_vote_is_in_any_file_before_the_announcement(embargoed, sites):
    source = embargoed.commit()
    report = sites.build(source)
    derive(sites, source)
    assert leaks(sites) == {}
    assert report.problems == []


def test_the_moment_of_the_announcement_makes_the_site_again_by_itself(embargoed, sites):
    source = embargoed.commit()
    sites.build(source)
    assert sites.build(source, now=NOW + dt.timedelta(minutes=59)).nothing_to_do
    later = NOW + dt.timedelta(minutes=61)
    assert not sites.build(source, now=later).nothing_to_do
    assert MARKER in sites.page("editions/2026/resultats")
    derive(sites, source, now=later)
    assert (sites.site() / "donnees/resultats-2026.csv").is_file()
    sites.build(source, "fresh", now=later)
    derive(sites, source, "fresh", now=later)
    mine, fresh = sites.files(), sites.files("fresh")
    assert {
        name for name in mine if mine[name] != fresh.get(name) and name.startswith(("editions", "projets"))
    } == set()


def test_a_result_taken_back_leaves_the_site(voted, sites):
    source = voted.commit()
    sites.build(source)
    derive(sites, source)
    voted.put("rule", "2026-rule", {name: value for name, value in RULE.items() if name != "announced"})
    source = voted.commit()
    sites.build(source)
    derive(sites, source)
    assert leaks(sites) == {}


def test_an_edit_that_changes_no_vote_is_built_without_a_count(voted, sites, monkeypatch):
    sites.build(voted.commit())
    counted = []
    monkeypatch.setattr(reading, "outcome_of", lambda *_all: counted.append(1))
    waiting = [{"state": "on_ballot", "date": "2026-04-01"}]
    voted.put("project", "2026-P003", project("Un autre titre", cost="40000", status=waiting))
    report = sites.build(voted.commit())
    assert (report.full, counted) == (False, [])
    assert "Un autre titre" in sites.page("editions/2026/resultats")
    assert "« Un autre titre », lauréat" in plain(sites.page("projets/2026-P004"))


def test_an_incremental_build_of_an_edited_title_gives_the_bytes_of_a_full_one(voted, sites):
    sites.build(voted.commit())
    waiting = [{"state": "on_ballot", "date": "2026-04-01"}]
    voted.put("project", "2026-P003", project("Un autre titre", cost="40000", status=waiting))
    source = voted.commit()
    sites.build(source)
    sites.build(source, "fresh")
    assert {name for name, data in sites.files().items() if sites.files("fresh").get(name) != data} == set()


def test_a_cost_that_changes_counts_again_and_shows_everywhere(voted, sites):
    sites.build(voted.commit())
    waiting = [{"state": "on_ballot", "date": "2026-04-01"}]
    voted.put("project", "2026-P002", project("Projet 2", cost="170000", status=waiting))
    source = voted.commit()
    outcomes = sites.folder / "cache-a" / "resultats"
    killed, at_work = outcomes / "0.99999999.new", outcomes / "0.1.new"  # no process has the first number
    killed.touch()
    at_work.touch()
    assert sites.build(source).full
    assert (killed.exists(), at_work.exists()) == (False, True)
    sites.build(source, "fresh")
    assert {name for name, data in sites.files().items() if sites.files("fresh").get(name) != data} == set()
    assert "Trop cher pour ce qui restait" in sites.page("projets/2026-P002")


def test_a_vote_that_cannot_be_counted_is_told_and_shows_nothing(voted, sites):
    voted.files["editions/2026/votes/ballots-mairie.csv"] = b"ballot,choices,age\n"
    report = sites.build(voted.commit())
    assert any("ballots-mairie.csv" in problem.file for problem in report.problems)
    assert leaks(sites) == {}


def test_ballots_in_another_order_give_the_same_files(voted, sites):
    source = voted.commit()
    sites.build(source)
    derive(sites, source)
    del voted.files["editions/2026/votes/ballots-mairie.csv"]
    every = [*CHOICES, []]
    voted.files["editions/2026/votes/ballots-a.csv"] = ballots(every[:40])
    voted.files["editions/2026/votes/ballots-b.csv"] = ballots(every[40:], first=40)
    source = voted.commit()
    sites.build(source, "b")
    derive(sites, source, "b")
    names = [
        "resultats-2026.csv",
        "resultats-2026.json",
        "resultats-2026.pb",
        "resultats-2026.pdf",
        "recompte-2026.zip",
    ]
    for name in names:
        assert (sites.site() / "donnees" / name).read_bytes() == (sites.site("b") / "donnees" / name).read_bytes(), name


def test_the_files_are_what_their_formats_ask_for(voted, sites):
    source = voted.commit()
    sites.build(source)
    derive(sites, source)
    folder = sites.site() / "donnees"
    jsonschema.validate(json.loads((folder / "resultats-2026.json").read_text()), result_files.SCHEMA)
    assert json.loads((folder / "resultats.json-schema.json").read_text()) == result_files.SCHEMA
    rows = list(
        csv.DictReader(io.StringIO((folder / "resultats-2026.csv").read_bytes().decode("utf-8-sig"), newline=""))
    )
    assert [(row["id"], row["won"], row["paid"]) for row in rows][:2] == [
        ("2026-P003", "true", "40000"),
        ("2026-P001", "true", "100000"),
    ]
    catalogue = (folder / "catalogue.jsonld").read_text()
    assert "donnees/resultats-2026.pdf" in catalogue
    assert "donnees/recompte-2026.zip" in catalogue
    page = (folder / "index.html").read_text()
    assert 'href="recompte-2026.zip"' in page
    assert valid_pabulib(folder / "resultats-2026.pb")
    pdf = (folder / "resultats-2026.pdf").read_bytes()
    assert (pdf[:5], b"/Lang (fr)" in pdf) == (b"%PDF-", True)


def valid_pabulib(file):
    """What the public checker of the format says of a file."""
    checker = pytest.importorskip("pabulib.checker")
    with contextlib.redirect_stdout(io.StringIO()):
        found = checker.Checker().process_files([file.read_text()])
    return found[1]["results"]["errors"] == {}


def test_the_home_page_leads_there_while_results_are_announced(voted, sites):
    voted.put("edition", "2026", {**EDITION, "phases": [{"phase": "results", "start": "2026-05-01"}]})
    sites.build(voted.commit())
    assert 'href="editions/2026/resultats/"' in sites.page("")


def test_small_groups_are_not_told_apart(voted, sites):
    places = {"V001": ("Mairie", 61), "V002": ("École", 4)}
    for short, (title, found) in places.items():
        tally = {"found": found, "valid": found - (short == "V001")}
        voted.put("polling_place", f"2026-{short}", {"title": title, "tally": tally})
    groups = b"dimension,value,count\nage,16-25,12\nage,26-64,40\nage,65+,12\n"
    voted.files["editions/2026/votes/groups-mairie.csv"] = groups
    voted.files["editions/2026/votes/groups-ecole.csv"] = b"dimension,value,count\nage,16-25,3\nage,12-15,4\n"
    sites.build(voted.commit())
    page = plain(sites.page("editions/2026/resultats"))
    assert "Participation : age" in page
    assert [words in page for words in (">16-25<", ">26-64<", ">12-15<", ">autres<")] == [True, True, False, True]
    assert "moins de 10" in page
    assert ">61<" in page
    assert '<td class="lr-n">4</td>' not in page
