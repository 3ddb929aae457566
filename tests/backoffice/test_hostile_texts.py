"""What an attacker types into any text of any type is shown as text on every page of the office, previews included."""

from __future__ import annotations

import html
import json
import re

import pytest

from participation.records import TYPES
from tests.hostile import HOSTILE, alive, poisoned
from tests.site_builder.small_town import SmallTown, furnish
from tests.site_builder.test_hostile_texts import IDS

OWN_PAGE = [one for one in IDS if one not in ("instance", "edition")]
OF_THE_OFFICE = {
    "zone": "zone:zone-7",
    "service": "service:service-7",
    "polling_place": "2026-bureau-7",
    "rule": "2026-rule",
}
EVERY = IDS | OF_THE_OFFICE


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A town whose every record is hostile."""
    town = furnish(SmallTown(tmp_path_factory.mktemp("hostile") / "content.git"))
    for type_name, id in IDS.items():
        data = poisoned(TYPES[type_name])
        if type_name == "idea":
            data["status"][0]["state"] = "feasible"
        if type_name == "event":
            del data["recurrence"]
        town.put(type_name, id, data)
    place, rule, digest = poisoned(TYPES["polling_place"]), poisoned(TYPES["rule"]), "0" * 64
    place["tally"]["scan"] = digest
    rule["clauses"][0]["key"] = "method"
    for part in (rule["frozen"], rule["corrections"][0]):
        part |= {"rule": digest, "projects": digest}
    town.put("polling_place", EVERY["polling_place"], place)
    town.put("rule", EVERY["rule"], rule)
    zone = poisoned(TYPES["zone"]) | {"id": "zone-7"}
    features = [{"type": "Feature", "properties": zone, "geometry": None}]
    town.files["zones.geojson"] = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    town.files["services.yml"] = json.dumps([poisoned(TYPES["service"]) | {"id": "service-7"}]).encode()
    town.commit()
    return town.path


@pytest.fixture
def boss(browser_of):
    return browser_of("administrator")


def frames(page: str) -> str:
    """A page with what its frames hold, which is markup inside an attribute."""
    return page + "".join(html.unescape(inner) for inner in re.findall(r'srcdoc="([^"]*)"', page))


@pytest.mark.parametrize("text", [HOSTILE, f"<p {HOSTILE}", "<a href='javascript:x'>", "<svg onload=x>", "<img src=x>"])
def test_the_reader_of_these_tests_sees_what_is_alive(text):
    assert alive(text) != []


@pytest.mark.parametrize("type_name", EVERY)
def test_a_hostile_record_is_text_on_its_form_and_in_its_history(boss, type_name):
    record = f"/gestion/fiche/{EVERY[type_name]}"
    pages = [boss.get(record), boss.get(f"{record}/historique")]
    assert [answer.status_code for answer in pages] == [200, 200]
    assert [found for answer in pages if (found := alive(answer.text))] == []
    assert "&lt;script&gt;alert(1)" in pages[0].text


def test_hostile_records_are_text_in_lists_searches_and_on_the_pages_of_publishing(boss):
    addresses = [f"liste/{one}" for one in ("idea", "project", "event", "article", "page", "edition")]
    addresses += ["", "historique", "historique/tout", "publier", "corbeille", "journal", "recherche?q=script"]
    pages = {one: boss.get(f"/gestion/{one}") for one in addresses}
    found = {one: alive(answer.text) for one, answer in pages.items() if answer.status_code == 200}
    assert {one: what for one, what in found.items() if what} == {}
    assert len(found) >= 10


def test_hostile_zones_services_places_and_rules_are_text_where_one_works_with_them(boss):
    addresses = [f"liste/{one}" for one in ("polling_place", "zone", "service")]
    addresses += ["quartiers", "quartiers/zone-7/contour", "quartiers/fichier", "importer", "exporter"]
    addresses += [f"vote/2026{one}" for one in ("", "/regle", "/lieux", "/bulletins", "/depouillement", "/simulateur")]
    addresses += ["vote/lieu/2026-bureau-7", "vote/lieu/2026-bureau-7/saisie/1", "personnes", "apparence", "medias"]
    pages = {one: boss.get(f"/gestion/{one}") for one in addresses}
    assert {one: answer.status_code for one, answer in pages.items() if answer.status_code not in (200, 303)} == {}
    assert {one: found for one, answer in pages.items() if (found := alive(answer.text))} == {}


@pytest.mark.parametrize("type_name", OWN_PAGE)
def test_a_preview_of_a_hostile_record_runs_nothing(boss, type_name):
    answer = boss.get(f"/gestion/apercu/{IDS[type_name]}")
    assert answer.status_code == 200
    assert [one for one in alive(frames(answer.text)) if "srcdoc" not in one] == []
    policy = answer.headers["Content-Security-Policy"]
    assert ("script-src" in policy, "default-src 'none'" in policy) == (False, True)
    assert all("allow-scripts" not in one for one in re.findall(r'sandbox="([^"]*)"', answer.text))
