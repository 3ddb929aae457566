"""On a page in one language, every word that is only in the other one says so: WCAG 3.1.2, on every kind of page."""

from __future__ import annotations

import json

import pytest

from tests.site_builder.marked import unmarked, voices
from tests.site_builder.small_town import EDITION, INSTANCE, article, event, idea, project
from tests.site_builder.test_results import CHOICES, COSTS, RULE, ballots

FRENCH = {
    "zone": ("Le Bief", "Les Halles"),
    "theme": ("Nature en ville", "Sport pour tous"),
    "edition": ("Édition 2026",),
    "place": ("Vieux lavoir", "3 rue Basse"),
    "service": ("Espaces verts",),
    "owner": ("Amicale du quai",),
    "contact": ("Mission participation", "1 place Haute"),
    "envelope": ("Part commune",),
}
TITLES = ("Un jardin neuf", "Une idée neuve", "Visite neuve", "Nouvelle neuve", "Page neuve")
ENGLISH = ("Only English project", "Only English news", "Only English theme")


@pytest.fixture
def bilingual(town):
    """Two languages, hardly anything in the second; a vote with its results."""
    place = {"name": "Vieux lavoir", "address": "3 rue Basse", "latitude": "47.05", "longitude": "2.05"}
    contact = {"name": "Mission participation", "address": "1 place Haute", "email": "a@valmont.example"}
    instance = {"languages": ["fr", "en"], "title": {"fr": "Budget", "en": "Budget"}, "contact": contact}
    town.put("instance", "instance", INSTANCE | instance)
    themes = [{"id": "nature", "title": "Nature en ville"}, {"id": "sport", "title": "Sport pour tous"}]
    themes.append({"id": "english", "title": {"en": "Only English theme"}})
    envelopes = [{"zone": "bief", "amount": "1000"}, {"label": "Part commune", "amount": "2000"}]
    town.put("edition", "2026", EDITION | {"themes": themes, "envelopes": envelopes})
    town.files["services.yml"] = b"- id: verts\n  title: Espaces verts\n"
    owner = {"kind": "association", "organisation": "Amicale du quai"}
    town.put("project", "2026-P006", project("Un jardin neuf", place=place, service="verts", owner=owner, cost="9000"))
    only = {"title": {"en": "Only English project"}, "description": {"en": "All."}}
    town.put("project", "2026-P007", project("", theme="english", zone="halles") | only)
    town.put("idea", "2026-0001", idea("Une idée neuve", place=place, owner=owner))
    town.put("event", "2026-E001", event("Visite neuve", "2026-06-03", place=place, zone="halles"))
    waiting = [{"state": "on_ballot", "date": "2026-04-01"}]
    for number, (id, cost) in enumerate(COSTS.items()):
        zone, theme = ("bief", "nature") if number % 2 else ("halles", "sport")
        one = project(f"Projet {number + 1}", "on_ballot", cost=cost, status=waiting, zone=zone, theme=theme)
        town.put("project", id, one)
    town.put("rule", "2026-rule", RULE)
    town.files["editions/2026/votes/ballots-mairie.csv"] = ballots([*CHOICES, []])
    town.put("article", "2026-A001", article("Nouvelle neuve", "2026-05-04"))
    town.put("article", "2026-A002", article({"en": "Only English news"}, "2026-05-05", body={"en": "x"}))
    town.put("page", "mode-d-emploi", {"title": "Page neuve", "body": "On vote.", "in_footer": True})
    return town


def test_every_kind_of_page_marks_what_is_only_in_the_other_language(bilingual, sites):
    sites.build(bilingual.commit())
    french = [*(words for group in FRENCH.values() for words in group), *TITLES]
    said: set[str] = set()
    faults = {}
    for name, data in sites.files().items():
        if name.endswith(".html"):
            english = name.startswith("en/")
            words, lang = (french, "fr") if english else (ENGLISH, "en")
            if found := unmarked(data.decode(), lang, words):
                faults[name] = found
            said |= {one for one in words if any(one in text for _lang, _place, text in voices(data.decode()))}
    assert faults == {}
    assert said == {*french, *ENGLISH}  # the town says all of it somewhere


def test_what_filters_in_the_browser_show_tells_its_language_too(bilingual, sites):
    sites.build(bilingual.commit())
    english = json.loads(sites.files()["en/projets/filtres/filtres.json"])
    french = json.loads(sites.files()["projets/filtres/filtres.json"])
    names = {"bief": "fr", "halles": "fr"}
    assert english["foreign"] == {"editions": {"2026": "fr"}, "themes": {"nature": "fr", "sport": "fr"}, "zones": names}
    assert french["foreign"] == {"editions": {}, "themes": {"english": "en"}, "zones": {}}


def test_a_map_names_its_zones_in_their_language(bilingual, sites):
    sites.build(bilingual.commit())
    assert ' lang="fr">Les Halles</text>' in sites.page("en/quartiers")
    assert ">Les Halles</text>" in sites.page("quartiers")
    assert 'lang="fr">Les Halles' not in sites.page("quartiers")
