"""Maps and pages of zones: what is marked, where it leads, what stands there in words, and what is left out."""

from __future__ import annotations

import json
import re

import pytest

from tests.site_builder.small_town import EDITION, INSTANCE, ZONES, event, project

PLACE = {"longitude": "2.05", "latitude": "47.05"}


def points(town, number: int) -> None:
    """Projects all over both zones."""
    for one in range(number):
        zone = "bief" if one % 3 else "halles"
        east = 2.11 + one % 9 / 110 if zone == "halles" else 2.01 + one % 9 / 110
        place = {"longitude": f"{east:.4f}", "latitude": f"{47.01 + one % 7 / 80:.4f}"}
        town.put("project", f"2026-P{one + 100}", project(f"Projet {one}", zone=zone, place=place))


def marks(page: str) -> list[str]:
    """What is said of each mark of the page's map."""
    found = re.findall(r'<g class="pin [^>]*>(?:<a href="[^"]*"|<g role="img") aria-label="([^"]*)"', page)
    return [one.replace("\u202f", " ") for one in found]


def test_a_place_is_marked_on_the_plan_with_its_zone_in_another_colour(town, sites):
    town.put("project", "2026-P001", project("Un jardin", place=PLACE | {"name": "Place d’Armes"}))
    sites.build(town.commit())
    page = sites.page("projets/2026-P001")
    asset = next(name for name in sites.files() if name.startswith("assets/plan."))
    assert f'<use class="zone" href="../../{asset}#plan"/>' in page
    assert f'<use class="zone is-here" href="../../{asset}#z0"/>' in page
    assert 'aria-label="Plan\u00a0: Place d’Armes, Le Bief"' in page
    assert 'class="pin is-work"' in page


def test_few_records_are_marked_one_by_one_and_lead_to_their_pages(town, sites):
    town.put("project", "2026-P001", project("Un jardin", place=PLACE))
    town.put(
        "project", "2026-P002", project("Un banc", "delivered", zone="halles", place=PLACE | {"longitude": "2.15"})
    )
    sites.build(town.commit())
    page = sites.page("projets")
    assert sorted(marks(page)) == ["Un banc, Livré", "Un jardin, En travaux"]
    assert '<a href="../projets/2026-P002/" aria-label="Un banc, Livré"><circle' in page
    assert '<a href="../quartiers/halles/" aria-label="Les Halles, 1 projet"><use' in page


@pytest.mark.parametrize("number", [61, 300])
def test_many_records_are_counted_by_zone(town, sites, number):
    points(town, number)
    sites.build(town.commit())
    in_halles = len(range(0, number, 3))
    wanted = [f"Le Bief, {number - in_halles + 1} projets", f"Les Halles, {in_halles} projets"]
    assert marks(sites.page("")) == wanted
    assert len(re.findall("<g class=.pin", sites.page("quartiers/bief"))) < 40


def test_a_town_without_outlines_or_points_shows_no_map_and_no_empty_box(town, sites):
    town.files["zones.geojson"] = re.sub(rb'"geometry": \{.*?\}\}', b'"geometry": null}', ZONES, flags=re.DOTALL)
    town.put("project", "2026-P001", project("Un jardin", place=PLACE))
    sites.build(town.commit())
    pages = ("", "projets", "projets/2026-P001", "quartiers", "quartiers/bief")
    assert [address for address in pages if "lr-map" in sites.page(address)] == []
    assert [name for name in sites.files() if name.startswith("assets/plan.")] == []
    assert "Le Bief" in sites.page("quartiers")


def test_zones_nobody_drew_lie_where_their_records_are(town, sites):
    features = [
        {"type": "Feature", "properties": {"id": f"z{n}", "title": f"Zone {n}"}, "geometry": None} for n in range(4)
    ]
    town.files["zones.geojson"] = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    for n in range(4):
        place = {"longitude": f"2.{n + 1}", "latitude": f"47.{n % 2 + 1}"}
        town.put("project", f"2026-P10{n}", project(f"Projet {n}", zone=f"z{n}", place=place))
    sites.build(town.commit())
    assert marks(sites.page("")) == [f"Zone {n}, 1 projet" for n in range(4)]


def test_a_town_without_zones_has_neither_their_pages_nor_their_menu(town, sites):
    del town.files["zones.geojson"]
    town.put("project", "2026-P001", project("Un jardin", place=PLACE))
    sites.build(town.commit())
    assert [name for name in sites.files() if name.startswith("quartiers/")] == []
    assert 'href="../quartiers/"' not in sites.page("projets")


def test_the_menu_names_zones_as_the_town_does(town, sites):
    town.put("instance", "instance", INSTANCE | {"zones_word": "Cantons", "zone_word": "Canton"})
    sites.build(town.commit())
    assert re.search(r'<a href="\.\./quartiers/"[^>]*>Cantons</a>', sites.page("projets"))
    assert "<h1>Cantons</h1>" in sites.page("quartiers")


def test_a_page_of_a_zone_gathers_projects_by_stage_ideas_events_and_money(town, sites):
    town.put("edition", "2026", EDITION | {"envelopes": [{"zone": "halles", "amount": "120000"}]})
    town.put("project", "2026-P002", project("Un banc", "delivered", zone="halles", budget_final="8000"))
    town.put("project", "2026-P003", project("Une scène", "abandoned", zone="halles", budget_voted="9000"))
    town.put("project", "2026-P004", project("Une halle", "works", zone="halles", budget_voted="40000"))
    town.put("event", "2026-E002", event("Visite de la halle", "2026-06-12", zone="halles"))
    sites.build(town.commit())
    page = sites.page("quartiers/halles")
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u202f", " ").replace("\u00a0", " ")
    assert "4 200 habitantes et habitants" in words
    wanted = ("Livrés (1) Un banc 8 000 €", "Abandonnés (1) Une scène", "Une halle", "Un jardin partagé")
    wanted += (
        "Visite de la halle",
        "Édition 2026 120 000 €",
        "projets lauréats 3",
        "pour ces projets, abandons exceptés 48 000 €",
    )
    assert [one for one in wanted if one not in words] == []
    assert "Visite du jardin" not in words


def test_publishing_one_change_does_not_draw_the_outlines_again(town, sites, monkeypatch):
    sites.build(town.commit())
    monkeypatch.setattr("site_builder.outlines.make_plan", lambda _zones: pytest.fail("drawn again"))
    town.put("project", "2026-P001", project("Un jardin déplacé", place=PLACE))
    assert sites.build(town.commit()).full is False
    assert "Un jardin déplacé, En travaux" in marks(sites.page(""))


def test_facts_for_filters_are_one_list_a_record_and_their_codes_are_told(town, sites):
    town.put("project", "2026-P001", project("Un jardin", place=PLACE, budget_voted="45000"))
    sites.build(town.commit())
    (row,) = json.loads(sites.files()["projets/filtres/2026.json"])
    told = json.loads(sites.files()["projets/filtres/filtres.json"])
    assert row[:2] + row[3:11] == [
        "2026-P001", "Un jardin", "bief", "nature", "works", 45000, "2026-03-02", 2_050_000, 47_050_000, "",
    ]  # fmt: skip
    assert told["files"] == [["2026", "2026.json"]]
    assert (told["zones"]["bief"], told["states"]["works"]) == (
        ["Le Bief", "quartiers/bief/"],
        ["En travaux", "works", "work"],
    )
