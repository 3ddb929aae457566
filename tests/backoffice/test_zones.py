"""The zones by form: order, one outline, a file of outlines matched, saved as one change and taken back."""

from __future__ import annotations

import io
import json
import re

import pytest

from backoffice.services import KEY
from backoffice.zones import geojson, matching
from backoffice.zones.geojson import NotOutlines
from participation.records import Zone
from participation.store.errors import StoreBusy, StoreFull
from tests.backoffice.test_places import ZONES, square
from tests.backoffice.town import FILES, NOW, make_repository

BOW = {"type": "Polygon", "coordinates": [[[2.6, 47.4], [2.62, 47.42], [2.62, 47.4], [2.6, 47.42], [2.6, 47.4]]]}


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The small town with outlines, and a zone that nothing names."""
    extra = {"type": "Feature", "properties": {"id": "octroi", "title": "L’Octroi"}, "geometry": square(2.67, 47.4)}
    zones = {**ZONES, "features": [*ZONES["features"], extra]}
    path = tmp_path_factory.mktemp("zones") / "content.git"
    return make_repository(path, {**FILES, "zones.geojson": json.dumps(zones)})


@pytest.fixture
def zones(app):
    """The zones as they are now, by identifier and in order."""
    content = app.extensions[KEY].content
    return lambda: {zone.id: zone.data for zone in content.snapshot().of_type(Zone)}


def feature(name: str | None, geometry, **more) -> dict:
    return {"type": "Feature", "properties": {"NOM_QU": name, **more}, "geometry": geometry}


def collection(*features, **more) -> bytes:
    return json.dumps({"type": "FeatureCollection", **more, "features": features}).encode()


def send(browser, content: bytes):
    sent = {"file": (io.BytesIO(content), "quartiers.geojson"), "csrf_token": browser.token}
    return browser._seen(
        browser.client.post("/gestion/quartiers/fichier", data=sent, content_type="multipart/form-data")
    )


def carried(html: str, **more: str) -> dict[str, str]:
    """What the page of matches sends again."""
    hidden = dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', html))
    selects = {
        name: re.search(r'value="([^"]*)" selected', options)[1]
        for name, options in re.findall(r'<select id="to-\d+" name="([^"]+)">(.*?)</select>', html)
    }
    return {**hidden, **selects, "by": hidden.get("_by", ""), **more}


# ---------------------------------------------------------------------------------------------- list and order


def test_zones_are_listed_with_what_names_them_and_put_in_another_order(browser_of, zones):
    boss = browser_of("publisher")
    page = boss.get("/gestion/quartiers").text
    assert ("Les Tanneries" in page, "Modifier le contour" in page) == (True, True)
    assert boss.post("/gestion/quartiers/ordre", {"_do": "up:octroi"}).status_code == 303
    assert list(zones()) == ["tanneries", "octroi", "gare"]
    boss.post("/gestion/quartiers/ordre", {"_do": "up:tanneries"})
    assert list(zones()) == ["tanneries", "octroi", "gare"]
    assert "change de rang parmi les quartiers." in boss.get("/gestion/historique").text


def test_the_file_is_taken_away_as_it_is(browser_of):
    answer = browser_of("reader").get("/gestion/quartiers/quartiers.geojson")
    assert answer.mimetype == "application/geo+json"
    assert [one["properties"]["id"] for one in answer.json["features"]] == ["tanneries", "gare", "octroi"]


def test_a_zone_that_records_name_is_never_thrown_away(browser_of, zones):
    boss = browser_of("publisher")
    for confirm in ("", "1"):
        answer = boss.post("/gestion/fiche/zone:gare/corbeille", {"confirm": confirm})
        assert (answer.status_code, "2024-P012" in answer.text) == (409, True)
    assert "Confirmer la suppression" not in answer.text
    assert boss.post("/gestion/fiche/zone:octroi/corbeille").status_code == 303
    assert list(zones()) == ["tanneries", "gare"]


# ---------------------------------------------------------------------------------------------- one outline


def outline(browser, geometry, zone_id: str = "gare"):
    page = browser.get(f"/gestion/quartiers/{zone_id}/contour").text
    base = re.search(r'name="_base" value="([^"]*)"', page)[1]
    text = geometry if isinstance(geometry, str) else json.dumps(geometry)
    return browser.post(f"/gestion/quartiers/{zone_id}/contour", {"geometry": text, "_base": base})


def test_an_outline_is_saved_and_can_be_taken_back(app, browser_of, zones):
    boss, before = browser_of("publisher"), zones()["gare"]
    first = app.extensions[KEY].content.store.head()
    assert outline(boss, square(2.66, 47.41)).status_code == 303
    assert zones()["gare"] == before | {"geometry": square(2.66, 47.41)}
    boss.post(f"/gestion/fiche/zone:gare/version/{first}", {"field": "geometry"})
    assert zones()["gare"] == before


def test_an_empty_outline_is_no_outline(browser_of, zones):
    assert outline(browser_of("publisher"), "").status_code == 303
    assert "geometry" not in zones()["gare"]


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ("{", "Ces coordonnées ne sont pas du GeoJSON lisible."),
        ({"type": "LineString", "coordinates": [[2, 47], [2, 48]]}, "Le contour doit être un polygone"),
        (square(652_000, 6_862_000, 100), "Les coordonnées sont projetées"),
        (BOW, "Le contour se croise lui-même près de 47,4100\u202f; 2,6100."),
        ({"type": "Polygon", "coordinates": "x"}, "Le contour"),
        ({"type": "Polygon", "coordinates": [[[2, 47], [2, 48]]]}, "Le contour n’est pas fermé."),
    ],
)
def test_what_is_no_outline_is_told_and_kept_on_the_page(browser_of, zones, geometry, words):
    before = zones()
    answer = outline(browser_of("publisher"), geometry)
    assert answer.status_code == 422
    assert words in answer.text
    assert zones() == before


def test_two_people_who_draw_the_same_outline_are_told(browser_of, zones):
    one, two = browser_of("publisher"), browser_of("administrator")
    page = two.get("/gestion/quartiers/gare/contour").text
    base = re.search(r'name="_base" value="([^"]*)"', page)[1]
    outline(one, square(2.66, 47.41))
    mine = {"geometry": json.dumps(square(2.66, 47.42)), "_base": base}
    answer = two.post("/gestion/quartiers/gare/contour", mine)
    assert (answer.status_code, "Un collègue a changé ce contour" in answer.text) == (409, True)
    assert zones()["gare"]["geometry"] == square(2.66, 47.41)
    base = re.search(r'name="_base" value="([^"]*)"', answer.text)[1]
    assert two.post("/gestion/quartiers/gare/contour", mine | {"_base": base}).status_code == 303
    assert zones()["gare"]["geometry"] == square(2.66, 47.42)


def test_an_outline_drawn_in_a_session_that_has_ended_comes_back(browser_of, zones):
    boss = browser_of("publisher")
    page = boss.get("/gestion/quartiers/gare/contour").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    before, token = zones(), boss.token
    boss.post("/gestion/deconnexion")
    drawn = hidden | {"geometry": json.dumps(square(2.66, 47.45))}
    answer = boss.post("/gestion/quartiers/gare/contour", drawn, token=token)
    assert (answer.status_code, zones()) == (303, before)
    boss.sign_in("publisher")
    assert "47.45" in boss.get("/gestion/quartiers/gare/contour?reprendre=1").text


# ---------------------------------------------------------------------------------------------- a file


def test_a_file_is_matched_by_name_read_first_saved_as_one_change_and_taken_back(app, browser_of, zones):
    boss, before = browser_of("publisher"), zones()
    store = app.extensions[KEY].content.store
    head = store.head()
    boss.get("/gestion/quartiers/fichier")
    sent = collection(
        feature("LES TANNERIES", square(2.65, 47.41), code="12"),
        feature("La Gare", ZONES["features"][1]["geometry"], code="13"),
        feature("Val-Fleuri", square(2.68, 47.4), code="14"),
    )
    page = send(boss, sent).text
    assert "Nouveaux\u00a0: 1. Changés\u00a0: 1. Inchangés\u00a0: 1. À corriger\u00a0: 0." in page
    assert store.head() == head
    again = boss.post("/gestion/quartiers/fichier", carried(page, remove="1", _do="again")).text
    assert "Seront retirés\u00a0: L’Octroi." in again
    saved = boss.post("/gestion/quartiers/fichier", carried(page, remove="1", _do="apply"))
    assert saved.status_code == 303
    assert list(zones()) == ["tanneries", "gare", "val-fleuri"]
    assert zones()["tanneries"] == before["tanneries"] | {"geometry": square(2.65, 47.41)}
    assert store.head() not in [version.commit for version in store.history("gare")]

    board = boss.get(saved.location).text
    undo = re.search(r'action="(/gestion/lot/[0-9a-f]{40}/annuler)"', board)[1]
    assert boss.post(undo).status_code == 303
    assert zones() == before


def test_a_zone_missing_from_a_file_stays_while_records_name_it(browser_of, zones):
    boss = browser_of("publisher")
    boss.get("/gestion/quartiers/fichier")
    page = send(boss, collection(feature("Les Tanneries", square(2.65, 47.41)))).text
    again = boss.post("/gestion/quartiers/fichier", carried(page, remove="1", _do="apply"))
    assert again.status_code == 303
    assert list(zones()) == ["tanneries", "gare"]


def test_an_outline_goes_where_one_says(browser_of, zones):
    boss = browser_of("publisher")
    boss.get("/gestion/quartiers/fichier")
    page = send(boss, collection(feature("Q1", square(2.6, 47.4)), feature("Q2", square(2.61, 47.4)))).text
    chosen = {"to.1": "gare", "to.2": "-", "_do": "apply"}
    assert boss.post("/gestion/quartiers/fichier", carried(page) | chosen).status_code == 303
    assert zones()["gare"]["geometry"] == square(2.6, 47.4)
    assert list(zones()) == ["tanneries", "gare", "octroi"]


def test_two_outlines_for_one_zone_are_not_saved(browser_of, zones):
    boss, before = browser_of("publisher"), zones()
    boss.get("/gestion/quartiers/fichier")
    page = send(boss, collection(feature("La Gare", square(2.6, 47.4)), feature("la gare", square(2.61, 47.4)))).text
    assert "Deux contours sont pour le même quartier." in page
    boss.post("/gestion/quartiers/fichier", carried(page, _do="apply"))
    assert zones() == before


def test_a_zone_changed_since_the_page_was_shown_is_shown_again_before_anything_is_written(browser_of, zones):
    boss, other = browser_of("publisher"), browser_of("administrator")
    boss.get("/gestion/quartiers/fichier")
    page = send(
        boss, collection(feature("La Gare", square(2.65, 47.41)), feature("Val-Fleuri", square(2.7, 47.4)))
    ).text
    outline(other, square(2.66, 47.42))
    answer = boss.post("/gestion/quartiers/fichier", carried(page, _do="apply"))
    assert (answer.status_code, "Les quartiers ont changé pendant que vous relisiez" in answer.text) == (409, True)
    assert zones()["gare"]["geometry"] == square(2.66, 47.42)
    assert boss.post("/gestion/quartiers/fichier", carried(answer.text, _do="apply")).status_code == 303
    assert zones()["gare"]["geometry"] == square(2.65, 47.41)


def test_a_zone_made_in_the_very_moment_is_not_written_over(app, browser_of, zones, monkeypatch):
    boss, store = browser_of("publisher"), app.extensions[KEY].content.store
    boss.get("/gestion/quartiers/fichier")
    page = send(boss, collection(feature("Val-Fleuri", square(2.65, 47.41)))).text
    planned = matching.plan

    def plan_then_somebody_makes_it(*arguments):
        made = planned(*arguments)
        if "val-fleuri" not in zones():
            store.create(Zone, "val-fleuri", {"title": "Le leur"}, author="agent-9", when=NOW)
        return made

    monkeypatch.setattr(matching, "plan", plan_then_somebody_makes_it)
    answer = boss.post("/gestion/quartiers/fichier", carried(page, _do="apply"))
    assert (answer.status_code, zones()["val-fleuri"]) == (409, {"id": "val-fleuri", "title": "Le leur"})


@pytest.mark.parametrize(("failure", "words"), [(StoreFull("d"), "plus de place"), (StoreBusy("d"), "en cours")])
def test_a_disk_that_refuses_outlines_is_told_on_the_page_that_still_has_them(browser_of, monkeypatch, failure, words):
    boss = browser_of("publisher")
    boss.get("/gestion/quartiers/fichier")
    page = send(boss, collection(feature("Val-Fleuri", square(2.65, 47.41)))).text
    before = boss.get("/gestion/quartiers/gare/contour").text

    def refuse(*_arguments, **_more):
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr("participation.store.saving.commit", refuse)
        patch.setattr("participation.store.saving.commit_prepared", refuse)
        many = boss.post("/gestion/quartiers/fichier", carried(page, _do="apply"))
        base = re.search(r'name="_base" value="([^"]*)"', before)[1]
        drawn = {"geometry": json.dumps(square(2.66, 47.41)), "_base": base}
        one = boss.post("/gestion/quartiers/gare/contour", drawn)
    assert [(answer.status_code, words in answer.text) for answer in (many, one)] == [(503, True), (503, True)]
    assert ("Val-Fleuri" in many.text, "2.66" in one.text) == (True, True)
    assert boss.post("/gestion/quartiers/fichier", carried(many.text, _do="apply")).status_code == 303


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "n’est pas du GeoJSON lisible"),
        (b"[" * 100_000, "n’est pas du GeoJSON lisible"),
        (b'{"type": "Topology"}', "de type FeatureCollection est attendu"),
        (collection(), "ne contient aucun contour"),
        (collection(feature("A", square(652_000, 6_862_000, 100))), "Les coordonnées sont projetées"),
        (
            collection(
                feature("A", square(2, 47)), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
            ),
            "Les coordonnées sont projetées",
        ),
        (collection(*[feature(str(n), None) for n in range(501)]), "plus de 500 contours"),
    ],
)
def test_a_file_that_cannot_serve_is_refused_with_a_sentence(browser_of, content, words):
    boss = browser_of("publisher")
    boss.get("/gestion/quartiers/fichier")
    answer = send(boss, content)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(NotOutlines, match="dépasse 3\u00a0Mo"):
        geojson.read(b" " * (geojson.LARGEST + 1))


def test_a_crossing_outline_of_a_file_is_told_and_a_wrong_one_forbids_the_save():
    found = geojson.read(collection(feature("A", BOW), feature("B", {"type": "Point"}), feature("C", None)))
    assert [(bool(one.advice), bool(one.fault)) for one in found.features] == [
        (True, False),
        (False, True),
        (False, True),
    ]


def test_rings_left_open_by_a_tool_are_closed():
    ring = square(2, 47)["coordinates"][0]
    found = geojson.read(collection(feature("A", {"type": "MultiPolygon", "coordinates": [[ring[:-1]]]})))
    assert found.features[0].geometry == {"type": "MultiPolygon", "coordinates": [[ring]]}


@pytest.mark.parametrize(
    ("properties", "likely"),
    [
        ([{"code": "1", "NOM_QU": "A"}, {"code": "2", "NOM_QU": "B"}], "NOM_QU"),
        ([{"code": "1", "secteur": "A"}, {"code": "2", "secteur": "B"}], "secteur"),
        ([{"id": 1}, {"id": 2}], "id"),
        ([{}], ""),
    ],
)
def test_the_property_that_most_likely_names_outlines_is_proposed(properties, likely):
    features = [{"type": "Feature", "properties": one, "geometry": square(2, 47)} for one in properties]
    assert geojson.read(collection(*features)).likely == likely


def test_outlines_are_carried_from_page_to_page():
    found = geojson.read(collection(feature("A", square(2, 47)), feature("B", {"type": "Point"})))
    assert geojson.unpack(geojson.pack(found)) == found


@pytest.mark.parametrize("text", ["", "!", "eJw=", "eJyLjgUAARUAuQ=="])
def test_what_was_not_carried_well_is_asked_for_again(text):
    with pytest.raises(NotOutlines):
        geojson.unpack(text)
