"""The detailed map in a real browser: nothing before consent, by keyboard, in step with the list, withdrawn again."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser.detailed_map import BUNDLED, build_town, many_records, served_under_its_policy, tile_server
from tests.conftest import missing

pytestmark = pytest.mark.browser

NARROW, WIDE = 375, 1280
LIST, PROJECT, ZONE, PRIVACY = "projets/", "projets/2024-P007/", "quartiers/les-tanneries/", "donnees-personnelles/"
PLACES = (LIST, "projets/etat/livres/", PROJECT, ZONE, "idees/2027-0011/", "agenda/2026-E001/")
SHOW, STOP = "Afficher la carte détaillée", "Ne plus charger la carte détaillée"


class Town:
    """The site under its policy, the host of its tiles, and what that host was asked for."""

    def __init__(self, address, tiles, asked):
        self.address, self.tiles, self.asked = address, tiles, asked


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    if not BUNDLED.is_file():
        missing("the map's program is not made: make setup")
    with tile_server() as (tiles, asked):
        site = build_town(tmp_path_factory.mktemp("town"), f"{tiles}/{{z}}/{{x}}/{{y}}.png")
        with served_under_its_policy(site) as address:
            yield Town(address, tiles, asked)


@pytest.fixture
def visitor(browser):
    """`visitor(...)`: a page in a context of its own. A fault of a script or of the policy fails the test."""
    contexts, faults = [], []

    def open_page(width=WIDE, scheme="light", *, script=True, motion="reduce"):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            reduced_motion=motion,
            locale="fr-FR",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def asked_of(page) -> list[str]:
    """Every address that the page asks for from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    return found


def show(page, address) -> None:
    """Open a page and agree to the map."""
    page.goto(address)
    page.get_by_role("button", name=SHOW).click()
    page.locator(".lr-carte__map .leaflet-tile-loaded").first.wait_for()


def until(page, expression: str) -> None:
    """Wait for an expression to be true; Playwright's own waiting needs an `eval` that the policy forbids."""
    for _time in range(2400):  # a minute
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    pytest.fail(f"never true: {expression}")


def counted(page) -> int:
    """The number of records that the bar under the map tells."""
    return int(re.sub(r"\D", "", page.locator(".lr-carte__bar > span").inner_text()))


def names(page) -> list[str]:
    return page.locator(".lr-carte__map button").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")


def on_the_map(page) -> int:
    """How many records the names of all marks add up to."""
    numbers = [re.search(r"(\d+) (?:projets|idées)$", name) for name in names(page)]
    return sum(int(one[1]) if one else 1 for one in numbers)


def test_before_consent_no_page_asks_another_host_nor_for_the_map(visitor, town):
    page = visitor()
    asked = asked_of(page)
    for address in (*PLACES, PRIVACY, ""):
        page.goto(f"{town.address}/{address}", wait_until="networkidle")
    assert [url for url in asked if not url.startswith(town.address)] == []
    assert [url for url in asked if re.search(r"carte\.[0-9a-f]{8}|zones\.[0-9a-f]{8}", url)] == []
    assert page.context.cookies() == []


@pytest.mark.parametrize("address", PLACES)
def test_after_consent_only_the_towns_tiles_are_asked_for_elsewhere(visitor, town, address):
    page = visitor()
    page.goto(f"{town.address}/{address}")
    assert "127.0.0.1 (Fonds d’essai)" in page.locator("[data-carte] p").first.inner_text()
    asked = asked_of(page)
    page.get_by_role("button", name=SHOW).click()
    page.locator(".lr-carte__map .leaflet-tile-loaded").first.wait_for()
    elsewhere = [url for url in asked if not url.startswith(town.address)]
    assert elsewhere
    assert [url for url in elsewhere if not re.fullmatch(rf"{town.tiles}/\d+/\d+/\d+\.png", url)] == []
    assert page.locator(".lr-map > svg").is_visible() is False
    assert page.evaluate("document.activeElement.className").startswith("lr-carte__map")


def test_the_choice_is_remembered_and_withdrawn_where_it_was_given(visitor, town):
    page = visitor()
    show(page, f"{town.address}/{LIST}")
    page.goto(f"{town.address}/{PROJECT}")
    page.locator("[data-carte]").scroll_into_view_if_needed()
    page.locator(".lr-carte__map .leaflet-tile-loaded").first.wait_for()
    page.get_by_role("button", name=STOP).click()
    assert page.locator(".lr-carte__map").count() == 0
    assert page.locator(".lr-map > svg").is_visible()
    assert page.evaluate("document.activeElement.textContent") == SHOW
    asked = asked_of(page)
    page.goto(f"{town.address}/{LIST}", wait_until="networkidle")
    page.locator("[data-carte]").scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    assert [url for url in asked if not url.startswith(town.address)] == []
    assert page.evaluate("localStorage.getItem('laureat-carte')") is None


def test_the_choice_is_told_and_withdrawn_on_the_page_of_personal_data(visitor, town):
    page = visitor()
    page.goto(f"{town.address}/{PRIVACY}")
    assert "Vous n’avez rien accepté" in page.locator("[data-fond] [role=status]").inner_text()
    assert page.get_by_role("button", name=STOP).count() == 0
    show(page, f"{town.address}/{LIST}")
    page.goto(f"{town.address}/{PRIVACY}")
    assert "Vous avez accepté" in page.locator("[data-fond] [role=status]").inner_text()
    page.get_by_role("button", name=STOP).click()
    assert "Vous n’avez rien accepté" in page.locator("[data-fond] [role=status]").inner_text()
    page.goto(f"{town.address}/{LIST}")
    assert page.get_by_role("button", name=SHOW).is_visible()


def test_a_consent_given_for_another_provider_is_not_taken_for_this_one(visitor, town):
    page = visitor()
    page.goto(f"{town.address}/{PRIVACY}")
    page.evaluate("localStorage.setItem('laureat-carte', 'https://tiles.example')")
    asked = asked_of(page)
    page.goto(f"{town.address}/{PROJECT}", wait_until="networkidle")
    page.locator("[data-carte]").scroll_into_view_if_needed()
    assert page.get_by_role("button", name=SHOW).is_visible()
    assert [url for url in asked if not url.startswith(town.address)] == []


def test_list_and_map_are_in_step(visitor, town):
    page = visitor()
    show(page, f"{town.address}/{LIST}")
    everything = counted(page)
    assert on_the_map(page) == everything
    page.locator(".lr-facets label").filter(has_text="Livrés").first.click()
    until(page, "document.querySelector('.lr-chips').hidden === false")
    delivered = page.evaluate(_LOCATED_AND_DELIVERED)
    until(page, f"parseInt(document.querySelector('.lr-carte__bar > span').textContent.split(':')[1]) === {delivered}")
    page.get_by_role("button", name="Revenir à toute la carte").click()
    assert (on_the_map(page), counted(page)) == (delivered, delivered)
    page.get_by_role("button", name="Effacer les choix").click()
    until(page, "document.querySelector('.lr-chips').hidden === true")
    assert counted(page) == everything


_LOCATED_AND_DELIVERED = """async () => {
    const known = await (await fetch('filtres/filtres.json')).json();
    const read = async ([, file]) => (await fetch('filtres/' + file)).json();
    const rows = (await Promise.all(known.files.map(read))).flat();
    return rows.filter(row => row[8] !== null && known.states[row[5]][1] === 'delivered').length;
}"""


def test_a_list_filtered_by_its_address_is_filtered_on_the_map(visitor, town):
    page = visitor()
    page.goto(f"{town.address}/projets/?etat=suspended")
    until(page, "document.querySelector('.lr-chips') && document.querySelector('.lr-chips').hidden === false")
    page.get_by_role("button", name=SHOW).click()
    page.locator(".lr-carte__map .leaflet-tile-loaded").first.wait_for()
    titles = page.locator("#liste h3").all_inner_texts()
    assert sorted(names(page)) == sorted(f"{title}, Suspendu" for title in titles)


def test_a_point_leads_to_its_row_and_to_its_page(visitor, town):
    page = visitor()
    show(page, f"{town.address}/{LIST}")
    point = page.locator(".lr-point:not(.is-many)").first
    title = point.get_attribute("aria-label").rpartition(", ")[0]
    point.click()
    card = page.get_by_role("dialog", name=title)
    card.get_by_role("button", name="Voir dans la liste").click()
    page.wait_for_function("title => document.activeElement.textContent === title", arg=title)
    assert page.evaluate("document.activeElement.closest('#liste') !== null")
    point.click()
    card.get_by_role("link", name=title).click()
    assert page.locator("h1").inner_text() == title


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_by_keyboard_a_group_opens_into_its_parts_and_a_card_closes_with_escape(visitor, town, motion):
    page = visitor(motion=motion)
    show(page, f"{town.address}/{LIST}")
    for _step in range(12):  # from the map itself to its first group, and on until a single point has the focus
        mark = page.locator(".lr-carte__map button:focus")
        if mark.count() and "is-many" not in mark.get_attribute("class"):
            break
        if mark.count():
            before = mark.get_attribute("aria-label")
            page.keyboard.press("Enter")
            until(page, f"document.activeElement.getAttribute('aria-label') !== {json.dumps(before)}")
            assert page.locator(".lr-carte__map :focus").count() == 1
        else:
            page.keyboard.press("Tab")
    title = page.locator(".lr-point:focus").get_attribute("aria-label").rpartition(", ")[0]
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name=title).wait_for()
    assert page.evaluate("document.activeElement.textContent") == title
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    assert page.locator(".lr-point:focus").get_attribute("aria-label").startswith(title)


def test_the_focus_passes_through_the_map_and_out_again(visitor, town):
    page = visitor()
    show(page, f"{town.address}/{LIST}")
    met = []
    for _step in range(60):
        page.keyboard.press("Tab")
        met.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.textContent")
        )
        if met[-1] == STOP:
            break
    assert met[-1] == STOP
    assert set(names(page)) <= set(met)
    page.locator(".lr-carte__map").focus()
    for _step in range(4):
        page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "Passer la carte"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == STOP


def test_a_group_is_named_by_its_zone_and_number(visitor, town):
    page = visitor(NARROW)
    show(page, f"{town.address}/idees/")
    groups = page.locator(".lr-point.is-many").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    assert groups
    assert [name for name in groups if not re.fullmatch(r"(?:.+, )?\d+ idées", name)] == []


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "light"), (WIDE, "dark"), (NARROW, "dark")])
def test_pages_with_the_map_meet_wcag(visitor, axe, town, width, scheme):
    page = visitor(width, scheme)
    found = {}
    for address in (LIST, PROJECT, ZONE):
        page.goto(f"{town.address}/{address}")
        page.evaluate("document.querySelector('[data-carte] [data-on]').click()")
        page.locator(".lr-carte__map .leaflet-tile-loaded").first.wait_for()
        if address == LIST:
            page.locator(".lr-point:not(.is-many)").first.click()
            page.get_by_role("dialog").wait_for()
        found[address] = axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name=STOP).click()
    page.goto(f"{town.address}/{PRIVACY}")
    found[PRIVACY] = axe(page)
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_ten_thousand_points_are_a_few_marks(visitor, tmp_path):
    if not BUNDLED.is_file():
        missing("the map's program is not made: make setup")
    with tile_server() as (tiles, _asked):
        site = build_town(tmp_path, f"{tiles}/{{z}}/{{x}}/{{y}}.png")
        many_records(site, 10_000)
        with served_under_its_policy(site) as address:
            page = visitor()
            show(page, f"{address}/{LIST}")
            assert counted(page) > 9_999
            assert 2 < len(names(page)) < 200
            page.locator(".lr-point.is-many").first.click()
            until(page, "document.querySelectorAll('.lr-point').length > 1")
            assert len(names(page)) < 200


def test_where_the_tiles_do_not_answer_the_points_stay_and_that_is_said(browser, town):
    context = browser.new_context()
    try:
        page = context.new_page()
        page.route(f"{town.tiles}/**", lambda route: route.abort())
        page.goto(f"{town.address}/{LIST}")
        page.get_by_role("button", name=SHOW).click()
        page.get_by_text("Le fond de carte ne répond pas.").wait_for()
        assert len(names(page)) > 3
    finally:
        context.close()


def test_without_script_the_drawn_map_stands_and_no_button_is_shown(visitor, town):
    page = visitor(script=False)
    for address in (LIST, PROJECT, ZONE):
        page.goto(f"{town.address}/{address}")
        assert page.locator(".lr-map > svg").is_visible()
        assert page.get_by_role("button", name=SHOW).count() == 0
