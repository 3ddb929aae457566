"""Other ways to use the site: at 400 % zoom, by keyboard alone, without scripts, with motion reduced, on paper."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import pytest

from tests.browser.focus import PRESSED, SHOWN
from tests.browser.kinds import KINDS

pytestmark = pytest.mark.browser

ZOOMED = {"width": 320, "height": 256}  # a window of 1280 by 1024 at 400 %
WIDE = {"width": 1280, "height": 900}
INSTEAD = {"Le mois en grille"}  # on a phone the list of the same month stands in its place


@pytest.fixture(scope="module")
def visit(browser, deployed_site):
    """`visit(address, viewport, script=True, …)`: the page, in a context kept for all visits of that kind."""
    with contextlib.ExitStack() as opened:
        pages = {}

        def open_page(address, viewport=WIDE, *, script=True, **more):
            kind = (viewport["width"], script, tuple(more.items()))
            if kind not in pages:
                context = browser.new_context(viewport=viewport, java_script_enabled=script, locale="fr-FR", **more)
                opened.callback(context.close)
                pages[kind] = context.new_page()
            pages[kind].goto(f"{deployed_site}/{address}")
            return pages[kind]

        yield open_page


@pytest.fixture(scope="module")
def seen(visit):
    """Kind -> what there is to see of that page, wide and at 400 %: each is opened once, at 400 %, then made wide."""
    found = {}
    for kind, address in KINDS.items():
        page = visit(address, ZOOMED)
        cut_off, reach = page.evaluate(_CUT_OFF), page.evaluate("document.documentElement.scrollWidth")
        near = set(page.evaluate(_NAMED))
        page.set_viewport_size(WIDE)
        wide = set(page.evaluate(_NAMED))
        page.emulate_media(reduced_motion="reduce")
        found[kind] = Seen(cut_off, reach, sorted(wide - near - INSTEAD), page.evaluate(_MOVING)[:3])
        page.emulate_media(reduced_motion="no-preference")
        page.set_viewport_size(ZOOMED)
    return found


@dataclass(frozen=True)
class Seen:
    """What is wrong with a page: parts cut off, pixels across, words lost when it is narrow, parts that move."""

    cut_off: list[str]
    reach: int
    lost: list[str]
    moving: list[str]


def test_at_400_percent_nothing_scrolls_sideways_or_is_cut_off(seen):
    wide = {kind: page.reach for kind, page in seen.items() if page.reach > ZOOMED["width"]}
    assert (wide, {kind: page.cut_off for kind, page in seen.items() if page.cut_off}) == ({}, {})


def test_at_400_percent_every_heading_link_and_field_of_the_content_is_still_there(seen):
    assert {kind: page.lost for kind, page in seen.items() if page.lost} == {}


def test_with_motion_reduced_nothing_moves_by_itself(seen):
    assert {kind: page.moving for kind, page in seen.items() if page.moving} == {}


_MOVING = """() => [...document.querySelectorAll('*')].filter(e => {
    const style = getComputedStyle(e), longest = value => Math.max(...value.split(',').map(parseFloat));
    return e.checkVisibility() && (longest(style.transitionDuration) > 0.01
        || (style.animationName !== 'none' && longest(style.animationDuration) > 0.01)
        || style.scrollBehavior === 'smooth');
}).map(e => e.outerHTML.slice(0, 90))"""


# What holds more than it shows, and neither scrolls nor is hidden on purpose (for screen readers only).
_CUT_OFF = """() => [...document.querySelectorAll('main *, header *')].filter(e => {
    const style = getComputedStyle(e), text = e.textContent.trim();
    return text && e.checkVisibility() && e.clientWidth > 2 && style.overflowX !== 'visible'
        && !['auto', 'scroll'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1;
}).map(e => e.outerHTML.slice(0, 90))"""


# Words of headings, links and buttons that are shown, or can be by opening what is folded. Marks of drawn maps and the
# lines of a month's grid have their table or list beside them.
_NAMED = """() => [...document.querySelectorAll('main :is(h1, h2, h3, h4, a[href], button)')]
    .filter(e => !e.closest('svg, .lr-month') && (e.checkVisibility() || e.closest('details:not([open])')))
    .map(e => e.textContent.replace(/\\s+/g, ' ').trim()).filter(words => words)"""


def test_at_400_percent_what_stays_in_place_leaves_room_to_read(visit):
    page = visit("projets/2024-P007/", ZOOMED)
    page.evaluate("window.scrollTo(0, 1200)")
    fixed = page.evaluate(_STAYING)
    assert fixed <= ZOOMED["height"] / 3


_STAYING = """() => [...document.querySelectorAll('body *')]
    .filter(e => ['fixed', 'sticky'].includes(getComputedStyle(e).position) && e.checkVisibility())
    .map(e => e.getBoundingClientRect()).filter(box => box.bottom > 0 && box.top < innerHeight && box.width > 100)
    .reduce((sum, box) => Math.max(sum, Math.min(box.bottom, innerHeight) - Math.max(box.top, 0)), 0)"""


@pytest.mark.parametrize(
    "kind", ["home", "projects", "project in works, late", "idea refused", "event", "agenda", "month", "search"]
)
def test_each_stop_of_the_tab_key_is_seen_and_follows_the_order_of_the_page(visit, kind):
    page = visit(KINDS[kind])
    unseen, out, places = [], [], []
    for _time in range(300):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None or stop["place"] in places:  # the end, or round again
            break
        if not stop["seen"]:
            unseen.append(stop["html"])
        if stop["out"]:
            out.append(stop["html"])
        places.append(stop["place"])
    reachable = page.locator(PRESSED).evaluate_all(SHOWN)
    assert len(places) >= max(reachable, 10)
    assert (unseen, out) == ([], [])
    assert places == sorted(places)


# Where the focus is in the order of the document, and whether anything to be seen changes when it goes away.
_STOP = """() => {
    const e = document.activeElement;
    if (e === document.body) return null;
    const looks = ['outlineStyle', 'outlineWidth', 'boxShadow', 'stroke', 'strokeWidth', 'backgroundColor', 'clipPath'];
    const look = () => [e.parentElement, e, ...e.querySelectorAll('*')]
        .map(one => looks.map(name => getComputedStyle(one)[name]).join()).join();
    const focused = look();
    e.blur();
    const seen = look() !== focused;
    e.focus();
    const box = e.getBoundingClientRect();
    return {out: box.width < 1 || box.right < 1, place: [...document.querySelectorAll('*')].indexOf(e), seen,
        html: e.outerHTML.slice(0, 90)};
}"""


def test_the_first_stop_of_every_kind_of_page_leads_past_the_menus(visit):
    astray = []
    for kind, address in KINDS.items():
        page = visit(address)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement.closest('main, footer') !== null"):
            astray.append(kind)
    assert astray == []


@pytest.mark.parametrize("viewport", [ZOOMED, WIDE], ids=["zoomed", "wide"])
def test_the_search_of_the_header_works_by_keyboard_alone(visit, viewport):
    page = visit("idees/", viewport)
    for _time in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('[role=search], .lr-header [href*=recherche]') !== null"):
            break
    if page.evaluate("document.activeElement.tagName") == "INPUT":
        page.keyboard.type("jardin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/**")
    assert page.locator("h1").inner_text() == "Rechercher"


def test_without_scripts_every_kind_of_page_says_the_same_and_shows_no_dead_button(visit):
    faults = {}
    for kind, address in KINDS.items():
        page = visit(address, script=False)
        dead = page.locator("button:visible:not(form button)").all_inner_texts()
        headings = page.locator("main :is(h1, h2)").evaluate_all("all => all.filter(e => e.checkVisibility()).length")
        links = page.locator("main a:visible, footer a:visible").count()
        if dead or not headings or not links:
            faults[kind] = (dead, headings, links)
    assert faults == {}


def test_without_scripts_whatever_is_folded_can_be_opened(visit):
    page = visit("editions/2024/", script=False)
    folded = page.locator("main details:not([open]) > summary")
    for number in range(folded.count()):
        summary = folded.nth(0)
        summary.click()
        assert page.locator("main details[open]").count() > number


def test_a_project_on_paper_tells_where_it_stands_and_where_to_read_on(visit):
    page = visit("projets/2024-P007/")
    page.emulate_media(media="print")
    words = page.evaluate("document.querySelector('main').innerText")
    title = page.locator("h1").inner_text()
    shown = [title, "Le budget", "Les étapes, prévues et réelles", "Qui s’en occupe"]
    assert [one for one in shown if one.replace("\u00a0", " ") not in words.replace("\u00a0", " ")] == []
    assert page.locator("img[src*='partage/'], .lr-qr, svg.lr-code").evaluate_all(
        "all => all.some(e => e.checkVisibility())"
    )
    page.emulate_media(media="screen")
    assert len(page.pdf(format="A4")) > 10_000
