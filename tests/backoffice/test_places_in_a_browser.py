"""Maps of the office in a real browser: a place put by mouse and keyboard, an outline changed corner by corner."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backoffice.services import KEY
from participation.outlines import contains
from tests.backoffice.test_places import ZONES
from tests.backoffice.town import FILES, make_repository
from tests.backoffice.visiting import sign_in

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def _bundled():
    if not (ROOT / "backoffice" / "static" / "bundled" / "place.js").is_file():
        pytest.skip("the programs of the office are not bundled (make setup)")


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The small town with outlines, its public map without a background: no test asks another host."""
    path = tmp_path_factory.mktemp("maps") / "content.git"
    instance = FILES["instance.yml"] + "map:\n  tiles: none\n"
    return make_repository(path, {**FILES, "instance.yml": instance, "zones.geojson": json.dumps(ZONES)})


@pytest.fixture
def office(app, serve_app):
    with serve_app(app) as address:
        yield address


@pytest.fixture
def record(app):
    """A record as it is saved now."""
    return lambda key: app.extensions[KEY].content.record(key).data


def save(page) -> None:
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré.").wait_for()


def test_a_place_is_put_by_mouse_moved_by_keyboard_and_its_zone_taken(page, office, record, axe):
    page.set_viewport_size({"width": 375, "height": 900})
    sign_in(page, office, "editor")
    page.goto(f"{office}/gestion/fiche/2026-0050")
    place = page.locator("[data-place]")
    place.scroll_into_view_if_needed()
    page.locator(".map__place .lr-carte__zone").first.wait_for(state="attached")
    box = page.locator(".map__place").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.66, box["y"] + box["height"] * 0.5)
    place.get_by_text("Ce point est dans « La Gare ».").wait_for()
    before = page.get_by_label("Latitude").input_value()
    page.locator(".map__pin").focus()
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("Latitude").input_value() < before
    place.get_by_role("button", name="Choisir « La Gare »").click()
    assert page.locator("select[name=zone]").input_value() == "gare"
    assert axe(page) == []
    save(page)
    saved = record("2026-0050")
    point = (float(saved["place"]["longitude"]), float(saved["place"]["latitude"]))
    assert (saved["zone"], contains(ZONES["features"][1]["geometry"], *point)) == ("gare", True)
    page.get_by_label("Tout le territoire").check()
    assert page.get_by_label("Latitude").is_hidden()
    save(page)
    assert record("2026-0050")["place"] == "whole_territory"


def test_an_outline_is_changed_by_keyboard_and_a_gesture_is_taken_back(page, office, record, axe):
    sign_in(page, office)
    page.goto(f"{office}/gestion/quartiers")
    page.locator(".map__name").first.wait_for()
    assert axe(page) == []
    page.get_by_role("link", name="Modifier le contour : La Gare").click()
    text, first = page.locator("#f-geometry"), page.locator(".map__corner").first
    first.wait_for()
    whole = text.input_value()
    first.focus()
    page.keyboard.press("ArrowLeft")
    moved = text.input_value()
    assert moved != whole
    page.get_by_role("button", name="Ajouter un coin ici").first.press("Enter")
    page.get_by_text("5 coins").wait_for()
    page.keyboard.press("Delete")
    page.get_by_text("4 coins").wait_for()
    page.get_by_role("button", name="Annuler le dernier geste").click()
    page.get_by_text("5 coins").wait_for()
    assert axe(page) == []
    save(page)
    assert len(record("zone:gare")["geometry"]["coordinates"][0]) == 6


def test_a_new_outline_is_drawn_by_mouse(page, office, record):
    sign_in(page, office)
    page.goto(f"{office}/gestion/quartiers/gare/contour")
    page.get_by_role("button", name="Dessiner un nouveau contour").click()
    box = page.locator(".map__place").bounding_box()
    for x, y in ((0.7, 0.2), (0.9, 0.2), (0.9, 0.8)):
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    page.get_by_role("button", name="Terminer le contour").click()
    page.get_by_text("3 coins").wait_for()
    save(page)
    assert len(record("zone:gare")["geometry"]["coordinates"][0]) == 4
