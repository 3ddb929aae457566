"""A site in two languages with its releases: published, searched, listed and taken back as one."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from site_builder.publish import index_search, make_data, publish, take_back
from tests.site_builder import publishing
from tests.site_builder.small_town import INSTANCE

NOW = publishing.NOW
ENGLISH = "en/projets/2026-P001/index.html"


@pytest.fixture
def bilingual(town):
    town.put("instance", "instance", INSTANCE | {"languages": ["fr", "en"]})
    town.commit()
    return town


def go(town, place, when=NOW, **more):
    return publish(town.path, place, author="agent-7", when=when, processes=1, **more)


def live(place, address):
    return (place / "current" / address).read_text()


def test_both_languages_are_published_and_taken_back_together(bilingual, place):
    go(bilingual, place)
    publishing.save(bilingual.path, "Un verger")
    go(bilingual, place, NOW + dt.timedelta(minutes=1))
    assert "Un verger" in live(place, "projets/2026-P001/index.html")
    assert '<span lang="fr">Un verger</span>' in live(place, ENGLISH)
    assert "What changed on this page, and when." in live(place, ENGLISH)
    take_back(bilingual.path, place, None, author="agent-7", when=NOW + dt.timedelta(minutes=2))
    assert '<span lang="fr">Un jardin</span>' in live(place, ENGLISH)
    publishing.save(bilingual.path, "Une vigne")
    done = go(bilingual, place, NOW + dt.timedelta(minutes=3))
    assert done.changed
    assert '<span lang="fr">Une vigne</span>' in live(place, ENGLISH)


def test_each_language_is_searched_in_an_index_of_its_own(bilingual, place):
    go(bilingual, place)
    made = index_search(place)
    assert sorted(made) == ["en-2026", "fr-2026"]
    groups = json.loads(live(place, "recherche/index/groupes.json"))["groups"]
    assert {(group["language"], group["pages"]) for group in groups} == {("en", 5), ("fr", 5)}
    assert index_search(place) == []


def test_open_data_is_listed_in_each_language_and_made_once(bilingual, place):
    go(bilingual, place)
    assert "Open data" in live(place, "en/donnees/index.html")
    make_data(bilingual.path, place, NOW)
    page = live(place, "en/donnees/index.html")
    assert 'href="../../donnees/projets.csv"' in page
    assert sorted(path.name for path in (place / "current/en/donnees").iterdir()) == ["index.html"]


def test_a_language_that_goes_leaves_nothing_behind(bilingual, place):
    go(bilingual, place)
    bilingual.put("instance", "instance", INSTANCE)
    bilingual.commit()
    go(bilingual, place, NOW + dt.timedelta(minutes=1))
    assert not (place / "current/en").exists()
    assert index_search(place) == ["fr-2026"] or index_search(place) == []
