"""The place of a record in its form: coordinates as typed, the zone of the point, the address looked up."""

from __future__ import annotations

import contextlib
import json
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from backoffice.places import geocoder
from backoffice.places.geocoder import AddressesUnavailable, Found, look_up
from backoffice.services import KEY
from tests.backoffice.conftest import fields_of
from tests.backoffice.town import FILES, make_repository
from tests.serving import running


def square(west: float, south: float, side: float = 0.01) -> dict:
    east, north = round(west + side, 6), round(south + side, 6)
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


ZONES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"id": "tanneries", "title": "Les Tanneries"},
            "geometry": square(2.65, 47.4),
        },
        {"type": "Feature", "properties": {"id": "gare", "title": "La Gare"}, "geometry": square(2.66, 47.4)},
    ],
}


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The small town with outlines."""
    path = tmp_path_factory.mktemp("places") / "content.git"
    return make_repository(path, {**FILES, "zones.geojson": json.dumps(ZONES)})


@pytest.fixture
def content(app):
    return app.extensions[KEY].content


class Addresses(BaseHTTPRequestHandler):
    """A stand-in for the service of addresses: it answers as `server.answer` says."""

    def do_GET(self):
        self.server.asked.append(parse_qs(urlsplit(self.path).query))
        status, body = self.server.answer
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:9/ailleurs")
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_words):
        """Nothing: pytest shows what matters."""


def answering(*features) -> tuple[int, bytes]:
    return 200, json.dumps({"type": "FeatureCollection", "features": features}).encode()


RUE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [2.6655, 47.4051]},
    "properties": {"label": "14 Rue du Bief 18000 Saint-Aubin-des-Ponts", "score": 0.97},
}


@pytest.fixture
def addresses():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Addresses)
    server.asked, server.answer = [], answering(RUE)
    with running(server) as address:
        server.address = f"{address}/search/"
        yield server


@pytest.fixture
def geocoded(browser_of, addresses):
    """An editor of a town that names the stand-in as its service of addresses."""
    boss = browser_of("administrator")
    typed = fields_of(boss.get("/gestion/fiche/instance").text) | {"map.geocoder": addresses.address}
    assert boss.post("/gestion/fiche/instance", typed).status_code == 303
    return browser_of("editor")


def press(browser, act: str, **typed: str):
    page = "/gestion/fiche/2026-0050"
    return browser.post(page, fields_of(browser.get(page).text) | typed | {"_do": act})


# ---------------------------------------------------------------------------------------------- points and zones


def test_a_point_typed_as_one_text_is_saved_as_two_coordinates(browser_of, content):
    editor = browser_of("editor")
    assert press(editor, "save", **{"place.latitude": "47,405 ; 2,655"}).status_code == 303
    place = content.record("2026-0050").data["place"]
    assert place == {"address": "14, rue du Bief", "longitude": "2.655", "latitude": "47.405"}


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [
        ("47.405", "2.655", "Ce point est dans «\u00a0Les Tanneries\u00a0»."),
        ("47,405", "2,665", "Ce point est dans «\u00a0La Gare\u00a0»."),
        ("48.9", "2.35", "Ce point est hors du territoire. Vérifiez-le."),
    ],
)
def test_a_form_says_where_a_point_lies(browser_of, latitude, longitude, words):
    typed = {"place.latitude": latitude, "place.longitude": longitude}
    assert words in press(browser_of("editor"), "zone:place", **typed).text


def test_the_zone_of_the_point_is_proposed_and_taken_only_when_asked(browser_of):
    editor = browser_of("editor")
    typed = {"place.latitude": "47.405", "place.longitude": "2.665", "title": "Tapé avant"}
    shown = press(editor, "add:photos", **typed).text
    assert 'value="zone:place"' in shown
    assert fields_of(shown)["zone"] == "tanneries"
    taken = press(editor, "zone:place", **typed).text
    assert (fields_of(taken)["zone"], fields_of(taken)["title"]) == ("gare", "Tapé avant")
    assert 'value="zone:place"' not in taken


def test_the_map_of_the_form_asks_for_outlines_and_zones_of_points(browser_of):
    reader = browser_of("reader")
    plan = reader.get("/gestion/lieux/plan.json").json
    assert (set(plan["borders"]), plan["titles"]["gare"]) == ({"tanneries", "gare"}, "La Gare")
    where = reader.get("/gestion/lieux/quartier.json?latitude=47.405&longitude=2.665&chosen=").json
    assert where == {
        "zone": "gare",
        "words": "Ce point est dans «\u00a0La Gare\u00a0».",
        "warning": False,
        "proposed": "La Gare",
    }
    assert reader.get("/gestion/lieux/quartier.json?latitude=x").json["words"] == ""


def test_a_page_with_a_map_may_show_the_pictures_of_its_background_and_no_other_page_may(browser_of):
    reader = browser_of("reader")
    policies = [
        reader.get(f"/gestion/{page}").headers["Content-Security-Policy"] for page in ("fiche/2026-0050", "liste/idea")
    ]
    assert ["https://data.geopf.fr" in policy for policy in policies] == [True, False]


# ---------------------------------------------------------------------------------------------- addresses


def test_without_a_service_of_addresses_no_search_is_offered(browser_of):
    editor = browser_of("editor")
    assert "Chercher cette adresse" not in editor.get("/gestion/fiche/2026-0050").text
    assert "La recherche d’adresses n’est pas réglée." in press(editor, "locate:place").text


def test_an_address_is_looked_up_when_asked_and_chosen_among_the_matches(geocoded, addresses):
    assert "Chercher cette adresse" in geocoded.get("/gestion/fiche/2026-0050").text
    assert addresses.asked == []
    shown = press(geocoded, "locate:place", title="Tapé avant").text
    assert addresses.asked == [{"q": ["14, rue du Bief"], "limit": ["5"], "lon": ["2.660"], "lat": ["47.405"]}]
    assert fields_of(shown)["title"] == "Tapé avant"
    choice = "point:place:2.665500:47.405100:14 Rue du Bief 18000 Saint-Aubin-des-Ponts"
    assert f'value="{choice}"' in shown
    chosen = fields_of(press(geocoded, choice).text)
    assert (chosen["place.longitude"], chosen["place.latitude"]) == ("2.665500", "47.405100")
    assert chosen["place.address"] == "14, rue du Bief"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (answering(), "Aucune adresse ne correspond à «\u00a014, rue du Bief\u00a0»."),
        ((500, b""), "Le service d’adresses refuse de répondre (500)."),
        ((302, b""), "Le service d’adresses refuse de répondre (302)."),
        ((200, b"<html>"), "Le service d’adresses a répondu autre chose que des adresses."),
        ((200, b'{"features": [{}]}'), "Le service d’adresses a répondu autre chose que des adresses."),
        ((200, b" " * 300_000), "Le service d’adresses a répondu autre chose que des adresses."),
    ],
)
def test_a_service_of_addresses_that_fails_is_told_and_nothing_typed_is_lost(geocoded, addresses, answer, words):
    addresses.answer = answer
    shown = press(geocoded, "locate:place", title="Tapé avant")
    assert (shown.status_code, fields_of(shown.text)["title"]) == (200, "Tapé avant")
    assert words in shown.text


def test_too_short_an_address_is_not_sent(geocoded, addresses):
    words = "Écrivez d’abord une adresse, d’au moins trois lettres."
    assert words in press(geocoded, "locate:place", **{"place.address": "14"}).text
    assert addresses.asked == []


def test_a_service_that_never_answers_is_left_after_a_while(monkeypatch):
    monkeypatch.setattr(geocoder, "PATIENCE", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(AddressesUnavailable, match="à temps"):
        look_up(f"http://127.0.0.1:{silent.getsockname()[1]}/search", "rue du Bief", None)


def test_a_service_that_is_not_there_is_told():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(AddressesUnavailable, match="ne répond pas"):
        look_up(f"http://127.0.0.1:{port}/search", "rue du Bief", None)


def test_a_match_is_a_label_and_its_degrees(addresses):
    found = look_up(addresses.address, "rue du Bief", None)
    assert found == [Found("14 Rue du Bief 18000 Saint-Aubin-des-Ponts", "2.665500", "47.405100")]
