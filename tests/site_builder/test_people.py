"""The label of whoever carries an idea: shown with consent, the same bytes however built, taken out everywhere."""

from __future__ import annotations

import csv
import gzip
import io

import pytest

from participation.opendata.columns import columns
from participation.opendata.way_back import mapping
from participation.records import Idea
from site_builder.publish import index_search, make_data, publish, take_back
from site_builder.withdrawal import Withdrawn, withdraw
from tests.site_builder import publishing
from tests.site_builder.small_town import idea, project

NOW = publishing.NOW
AMINA, LABEL = "p-amina00001", "Amina B. & l’équipe"
IDEA, PROJECT, LIST = "idees/2026-0001", "projets/2026-P001", "idees"
SHOWN = "Amina B. &amp; l’équipe"
CARRIED = {"kind": "inhabitant", "person": AMINA}


@pytest.fixture
def named(town):
    """A town whose first idea and project are carried by somebody."""
    town.put("idea", "2026-0001", idea("Un jardin partagé", project="2026-P001", owner=CARRIED))
    town.put("project", "2026-P001", project("Un jardin", ideas=["2026-0001"], owner=CARRIED))
    return town


def go(town, place, people):
    return publish(town.path, place, author="agent-7", when=NOW, processes=1, people=lambda: people)


def everything(folder) -> dict[str, bytes]:
    """Every file of a site's folder, compressed ones opened: path -> bytes."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found[path.relative_to(folder).as_posix()] = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    return found


def telling(folder) -> list[str]:
    """The files of a site's folder in which the label stands, however it is written."""
    forms = [LABEL.encode(), SHOWN.encode(), b"Amina B."]
    return sorted(path for path, data in everything(folder).items() if any(form in data for form in forms))


def test_a_page_names_whoever_agreed_and_tells_a_kind_of_person_otherwise(named, sites):
    source = named.commit()
    sites.build(source, people={AMINA: LABEL})
    assert [SHOWN in sites.page(address) for address in (IDEA, PROJECT, LIST)] == [True, True, True]
    sites.build(source, "b")
    assert ["habitante" in sites.page(address, "b") for address in (IDEA, PROJECT, LIST)] == [True, True, True]
    assert [path for path, data in sites.files("b").items() if b"Amina" in data or AMINA.encode() in data] == []
    assert [path for path, data in sites.files("a").items() if AMINA.encode() in data] == []


def test_an_organisation_goes_before_a_person(named, sites):
    owner = {**CARRIED, "organisation": "Les Amis du bief"}
    named.put("idea", "2026-0001", idea("Un jardin partagé", owner=owner))
    sites.build(named.commit(), people={AMINA: LABEL})
    assert ("Les Amis du bief" in sites.page(IDEA), SHOWN in sites.page(IDEA)) == (True, False)


def test_a_name_held_back_by_an_embargo_waits_with_its_field(named, sites):
    held = {"state": "feasible", "date": "2026-05-18", "visible_from": "2026-06-01T12:00:00+02:00", "holds": ["owner"]}
    status = [{"state": "admissible", "date": "2026-02-01"}, held]
    named.put("idea", "2026-0001", idea("Un jardin partagé", owner=CARRIED, status=status))
    named.put("project", "2026-P001", project("Un jardin"))
    sites.build(named.commit(), people={AMINA: LABEL})
    assert [path for path, data in sites.files().items() if b"Amina" in data] == []


@pytest.mark.parametrize("people", [{AMINA: "Amina Benkacem"}, {}, {AMINA: LABEL, "p-someoneelse": "Un autre"}])
def test_a_label_that_changes_makes_the_pages_that_show_it_and_no_others(named, sites, people):
    source = named.commit()
    sites.build(source, people={AMINA: LABEL})
    report = sites.build(source, people=people)
    sites.build(source, "whole", people=people)
    assert sites.files("a") == sites.files("whole")
    assert (report.full, report.changed > 0) == (False, people.get(AMINA) != LABEL)


def test_a_full_build_from_the_cache_names_people_as_of_today(named, sites):
    source = named.commit()
    sites.build(source, cache="one", people={AMINA: LABEL})
    sites.build(source, "b", cache="one", people={}, full=True)
    sites.build(source, "clean", people={})
    assert sites.files("b") == sites.files("clean")


def test_open_data_tell_the_label_in_a_column_that_is_marked_and_never_imported(named, place):
    named.commit()
    go(named, place, {AMINA: LABEL})
    make_data(named.path, place, NOW, people=lambda: {AMINA: LABEL})
    text = (place / "current/donnees/idees.csv").read_bytes().decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert row["owner.label"] == LABEL
    [column] = [one for one in columns(Idea) if one.name == "owner.label"]
    assert (column.derived, column.imported, "donnée personnelle" in column.title) == (True, False, True)
    assert "owner.label" in mapping(Idea).partition("drop:")[2]
    assert make_data(named.path, place, NOW, people=lambda: {AMINA: LABEL}) == []
    assert "idees.csv" in make_data(named.path, place, NOW)


def test_what_is_withdrawn_is_in_no_file_of_the_site_any_more(named, place):
    named.commit()
    people = {AMINA: LABEL}
    go(named, place, people)
    make_data(named.path, place, NOW, people=lambda: people)
    index_search(place)
    publishing.save(named.path, "Un verger")  # the pages of before are kept, with the label
    go(named, place, people)
    assert [path.split("/")[0] for path in telling(place)].count("kept") > 0
    done = withdraw(named.path, place, [LABEL], when=NOW, processes=1)
    assert done.changed > 0
    assert done.forgotten > 0
    assert done.still == ()
    assert telling(place) == []
    assert "habitante" in (place / "current" / IDEA / "index.html").read_text()
    take_back(named.path, place, None, author="agent-7", when=NOW)
    assert telling(place) == []
    assert withdraw(named.path, place, [LABEL], when=NOW, processes=1).forgotten == 0


def test_words_that_somebody_typed_into_a_text_are_told_with_their_page(named, place):
    named.put("idea", "2026-0001", idea(f"L’idée de {LABEL}", owner=CARRIED))
    named.commit()
    go(named, place, {AMINA: LABEL})
    done = withdraw(named.path, place, [LABEL], when=NOW, processes=1)
    assert f"{IDEA}/index.html" in done.still


def test_a_site_that_was_never_published_has_nothing_to_forget(named, place):
    named.commit()
    assert withdraw(named.path, place, [LABEL], when=NOW) == Withdrawn(0, 0, ())
