"""Open data beside the releases of a site: of the same publication, listed only when they are there."""

from __future__ import annotations

import csv
import datetime as dt
import io

from site_builder.publish import make_data, publish, take_back
from site_builder.releases import Site
from tests.site_builder import publishing
from tests.site_builder.small_town import project
from tests.site_builder.test_open_data import links_of

NOW = publishing.NOW
LATER = NOW + dt.timedelta(days=30)


def go(town, place, when=NOW, **more):
    return publish(town.path, place, author="agent-7", when=when, processes=1, **more)


def titles(place):
    text = (place / "current/donnees/projets.csv").read_bytes().decode("utf-8-sig")
    return [row["title"] for row in csv.DictReader(io.StringIO(text, newline=""))]


def test_a_publication_does_not_wait_for_the_files_and_its_page_lists_none_before_they_are_there(town, place):
    town.commit()
    go(town, place)
    page = (place / "current/donnees/index.html").read_text()
    assert (links_of(page), "pas encore prêts" in page) == (set(), True)
    assert make_data(town.path, place, NOW)
    page = (place / "current/donnees/index.html").read_text()
    assert "projets.csv" in links_of(page)
    assert [name for name in links_of(page) if not (place / "current/donnees" / name).is_file()] == []


def test_files_tell_what_is_published_not_what_is_saved(town, place):
    town.commit()
    go(town, place)
    publishing.save(town.path, "Un verger")
    make_data(town.path, place, NOW)
    assert titles(place) == ["Un jardin"]
    go(town, place)
    assert titles(place) == ["Un jardin"]
    make_data(town.path, place, NOW)
    assert titles(place) == ["Un verger"]
    assert make_data(town.path, place, NOW) == []


def test_an_embargo_ends_in_the_files_when_it_has_ended_on_the_pages(town, place):
    status = [
        {"state": "winner", "date": "2026-01-10"},
        {"state": "works", "date": "2026-05-02", "visible_from": (NOW + dt.timedelta(days=5)).isoformat()},
    ]
    town.put("project", "2026-P002", project("Un banc", status=status))
    town.commit()
    go(town, place)
    make_data(town.path, place, LATER)
    text = place / "current/donnees/projets.csv"
    assert ",works," not in text.read_text("utf-8-sig").splitlines()[2]
    go(town, place, LATER)
    make_data(town.path, place, LATER)
    assert ",works," in text.read_text("utf-8-sig").splitlines()[2]


def test_a_publication_taken_back_takes_its_data_back(town, place):
    town.commit()
    go(town, place)
    publishing.save(town.path, "Un verger")
    go(town, place)
    make_data(town.path, place, NOW)
    take_back(town.path, place, None, author="agent-7", when=NOW)
    make_data(town.path, place, NOW)
    assert titles(place) == ["Un jardin"]


def test_a_site_that_never_published_has_no_files_to_make(town, place):
    town.commit()
    assert make_data(town.path, place, NOW) == []


def test_files_and_page_outlive_a_new_look_of_the_site(town, place):
    town.commit()
    go(town, place)
    make_data(town.path, place, NOW)
    town.put("instance", "instance", {"schema": 1, "title": "Un autre nom", "name": "Valmont"})
    town.commit()
    go(town, place)
    page = (place / "current/donnees/index.html").read_text()
    assert "Un autre nom" in page
    assert "projets.csv" in links_of(page)
    assert titles(place) == ["Un jardin"]


def test_a_site_of_an_earlier_version_gets_the_folder_linked(town, place):
    town.commit()
    go(town, place)
    (place / "current/donnees").unlink()
    make_data(town.path, place, NOW)
    assert titles(place) == ["Un jardin"]
    with Site.open(place) as site:
        assert "donnees" not in {page.address.split("/")[0] for page in site.pages()}
