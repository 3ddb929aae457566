"""Every kind of page of the public site in a real browser: accessible, narrow, by keyboard, without script."""

from __future__ import annotations

import contextlib

import pytest

from tests.browser.focus import PRESSED, SHOWN
from tests.browser.kinds import KINDS

pytestmark = pytest.mark.browser

NARROW, WIDE = 375, 1280


@pytest.fixture(scope="module")
def visit(browser, demonstration_site):
    """`visit(address, width, scheme, script=True)`: the page, in a context kept for all visits of that kind."""
    with contextlib.ExitStack() as opened:
        pages = {}

        def open_page(address, width=WIDE, scheme="light", *, script=True):
            kind = (width, scheme, script)
            if kind not in pages:
                context = browser.new_context(
                    viewport={"width": width, "height": 900},
                    color_scheme=scheme,
                    java_script_enabled=script,
                    locale="fr-FR",
                    timezone_id="Europe/Paris",
                )
                opened.callback(context.close)
                pages[kind] = context.new_page()
            pages[kind].goto(f"{demonstration_site}/{address}")
            return pages[kind]

        yield open_page


@pytest.mark.parametrize("address", KINDS.values(), ids=KINDS.keys())
def test_every_kind_of_page_meets_wcag_and_fits_on_both_widths_and_in_both_schemes(visit, axe, address):
    """The narrowest width, 320 pixels, is test_at_hand's: it is that of a screen at 400 %."""
    found = {}
    for width in (WIDE, NARROW):
        page = visit(address, width)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            if violations := axe(page):
                found[f"{width} {scheme}"] = violations
        if (reach := page.evaluate("document.documentElement.scrollWidth")) > width:
            found[f"{width} sideways"] = (reach, page.evaluate(_TOO_WIDE, width))
    assert found == {}


_TOO_WIDE = """width => [...document.querySelectorAll('main *')]
    .filter(e => e.getBoundingClientRect().right > width + 1).map(e => e.className || e.tagName).slice(0, 5)"""


# Notes each element that gets the focus, until one gets it again: the page has been gone through.
_NOTE_FOCUS = """() => {
    window.stops = new Set(); window.lost = []; window.round = false;
    document.addEventListener('focusin', ({target}) => {
        if (window.stops.has(target)) window.round = true;
        if (window.round) return;
        window.stops.add(target);
        const box = target.getBoundingClientRect();
        if (box.width < 1 || box.right < 1) window.lost.push(target.outerHTML.slice(0, 90));
    });
}"""
_FOCUSED = "() => ({seen: window.stops.size, lost: window.lost, round: window.round})"


def test_what_can_be_pressed_is_large_enough_and_in_sight_when_it_has_the_focus(visit):
    """On a phone; on a wide screen test_at_hand looks at each stop."""
    faults = {}
    for kind in ("home", "projects", "project in works, late", "idea refused", "event", "agenda", "month"):
        page = visit(KINDS[kind], NARROW)
        page.evaluate(_NOTE_FOCUS)
        for _batch in range(20):
            for _time in range(20):
                page.keyboard.press("Tab")
            found = page.evaluate(_FOCUSED)
            if found["round"]:
                break
        reachable = page.locator(PRESSED).evaluate_all(SHOWN)
        if not found["round"] or found["lost"] or found["seen"] < reachable:
            faults[kind] = (found, reachable)
    assert faults == {}


@pytest.mark.parametrize("kind", ["home", "projects", "ideas", "agenda", "month"])
def test_lists_lead_on_without_script(visit, kind):
    page = visit(KINDS[kind], NARROW, script=False)
    first = page.locator("main h3 a, main .lr-events a").first
    words = first.inner_text()
    first.click()
    assert page.locator("h1").inner_text() == words


def test_a_catalogue_is_filtered_and_turned_without_script(visit):
    page = visit("idees/", WIDE, script=False)
    page.get_by_role("link", name="Page suivante").click()
    assert page.url.endswith("/idees/page/2/")
    page.get_by_role("link", name="Choisir un filtre").click()
    page.locator(".lr-facets").get_by_role("link", name="Réalisables").click()
    assert page.locator("h1").inner_text().replace("\u00a0", " ") == "Les idées : Réalisables"
    assert page.locator(".lr-facets [aria-current]").inner_text() == "Réalisables"
    page.get_by_role("link", name="Tout voir").click()
    assert page.url.endswith("/idees/")


def test_filters_are_folded_on_a_phone_and_open_without_script(visit):
    assert not visit("projets/", NARROW).get_by_role("link", name="Livrés").is_visible()
    assert visit("projets/", NARROW, script=False).get_by_role("link", name="Livrés").is_visible()


def test_a_project_prints_on_white_without_menus_or_buttons(visit):
    page = visit("projets/2024-P007/", WIDE, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("header.md-header, .lr-tabs, .lr-noprint").evaluate_all(
        "all => all.some(e => e.checkVisibility())"
    )
    page.emulate_media(media="screen", color_scheme="dark")


def test_an_idea_is_one_click_away_from_the_calendar_of_its_project(visit):
    page = visit("idees/2021-0003/")
    page.locator(".lr-notice a").first.click()
    assert "/projets/" in page.url
    assert page.locator("#etapes").count() == 1
