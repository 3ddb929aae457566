"""Every kind of page of the public site in a real browser: accessible, narrow, by keyboard, without script."""

from __future__ import annotations

import contextlib

import pytest

from tests.browser.kinds import KINDS

pytestmark = pytest.mark.browser

NARROWEST, NARROW, WIDE = 320, 375, 1280


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
def test_every_kind_of_page_meets_wcag_on_both_widths_and_in_both_schemes(visit, axe, address):
    found = {}
    for width, scheme in ((WIDE, "light"), (NARROW, "light"), (WIDE, "dark"), (NARROW, "dark")):
        if violations := axe(visit(address, width, scheme)):
            found[f"{width} {scheme}"] = violations
    assert found == {}


@pytest.mark.parametrize("width", [NARROWEST, NARROW, WIDE])
def test_no_page_scrolls_sideways(visit, width):
    wide = {}
    for kind, address in KINDS.items():
        page = visit(address, width)
        if (reach := page.evaluate("document.documentElement.scrollWidth")) > width:
            wide[kind] = (reach, page.evaluate(_TOO_WIDE, width))
    assert wide == {}


_TOO_WIDE = """width => [...document.querySelectorAll('main *')]
    .filter(e => e.getBoundingClientRect().right > width + 1).map(e => e.className || e.tagName).slice(0, 5)"""


_FOCUS = """() => {
    const focus = document.activeElement;
    if (!focus || focus === document.body) return null;
    const box = focus.getBoundingClientRect();
    return {out: box.width < 1 || box.right < 1, html: focus.outerHTML.slice(0, 90)};
}"""


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_what_can_be_pressed_is_large_enough_and_in_sight_when_it_has_the_focus(visit, width):
    faults = {}
    for kind in ("home", "projects", "project in works, late", "idea refused", "event", "agenda", "month"):
        page = visit(KINDS[kind], width)
        seen, lost = 0, []
        for _time in range(400):
            page.keyboard.press("Tab")
            focus = page.evaluate(_FOCUS)
            if focus is None:
                break
            seen += 1
            if focus["out"]:
                lost.append(focus["html"])
        reachable = page.locator("a[href], button, input, select, summary, [tabindex='0']").evaluate_all(
            "all => all.filter(e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})).length"
        )
        if lost or seen < reachable:
            faults[kind] = (seen, reachable, lost)
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
