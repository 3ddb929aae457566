"""The shell in a real browser: by keyboard, without script, in both schemes, on both widths."""

from __future__ import annotations

import contextlib

import pytest

from site_builder.shells import build_shells
from tests.site_builder.looks import small_look

pytestmark = pytest.mark.browser

CONTENT = (
    '<div class="lr"><h1>Les projets</h1><p class="lr-lead">Une place <a href=".">à l’ombre</a>.</p>'
    '<p><span class="lr-state is-work">En travaux</span> <a class="lr-button" href=".">Proposer</a></p></div>'
)
NARROW, WIDE = {"width": 375, "height": 700}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def site(tmp_path_factory, serve_folder):
    """The address of a small site: one page of depth 1."""
    look = small_look(town_files={"announce.md": b"Le vote est [ouvert](vote/)."})
    shell_set = build_shells(look, tmp_path_factory.mktemp("cache"))
    folder = tmp_path_factory.mktemp("site")
    for address, file in shell_set.assets.items():
        (folder / address).parent.mkdir(parents=True, exist_ok=True)
        (folder / address).write_bytes(file.read_bytes())
    (folder / "projets").mkdir()
    page = shell_set.shell(1, "projets/").pour("Les projets", b"", CONTENT.encode())
    (folder / "projets" / "index.html").write_bytes(page)
    with serve_folder(folder) as address:
        yield f"{address}/projets/"


@pytest.fixture
def visit(browser, site):
    """`visit(width, scheme, script=True)` opens the page in a browser of that kind."""
    with contextlib.ExitStack() as opened:

        def open_page(viewport, scheme, *, script=True):
            context = browser.new_context(viewport=viewport, color_scheme=scheme, java_script_enabled=script)
            opened.callback(context.close)
            page = context.new_page()
            page.goto(site)
            return page

        yield open_page


def press_until(page, key: str, selector: str, most: int = 20) -> list[str]:
    """Press a key until the focus is on the element; gives the elements met on the way."""
    met = []
    for _time in range(most):
        page.keyboard.press(key)
        met.append(page.locator(":focus").evaluate("e => e.outerHTML.slice(0, 80)"))
        if page.locator(f"{selector}:focus").count():
            return met
    pytest.fail(f"{selector} is out of reach: {met}")


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["375", "1280"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_shell_meets_wcag(visit, axe, viewport, scheme):
    page = visit(viewport, scheme)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_the_small_screen_menu_works_by_keyboard_without_script(visit):
    page = visit(NARROW, "light", script=False)
    press_until(page, "Tab", ".lr-menu summary")
    assert not page.locator(".lr-menu nav").is_visible()
    page.keyboard.press("Enter")
    assert page.locator(".lr-menu nav").is_visible()
    press_until(page, "Tab", ".lr-menu a[aria-current]")
    assert page.locator(":focus").inner_text() == "Projets"


def test_escape_closes_the_menu_and_gives_the_focus_back(visit):
    page = visit(NARROW, "light")
    press_until(page, "Tab", ".lr-menu summary")
    page.keyboard.press("Enter")
    press_until(page, "Tab", ".lr-menu a")
    page.keyboard.press("Escape")
    assert not page.locator(".lr-menu nav").is_visible()
    assert page.locator(".lr-menu summary:focus").count() == 1


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["375", "1280"])
def test_the_focus_only_meets_what_is_seen(visit, viewport):
    page = visit(viewport, "light")
    met = page.locator("a, button, input, summary, [tabindex='0']").evaluate_all(
        "all => all.filter(e => e.checkVisibility() && !e.closest('details:not([open]) > :not(summary)')"
        " && !e.matches('.md-skip'))"
        ".filter(e => { const box = e.getBoundingClientRect();"
        " return box.left < 0 || box.right > innerWidth || !box.width })"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert met == []


def test_the_first_stop_leads_to_the_content(visit):
    page = visit(WIDE, "light")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Aller au contenu"
    assert page.locator(":focus").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "à l’ombre"


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(18, 26, 25)")])
def test_without_script_the_scheme_is_that_of_the_visitors_system(visit, scheme, paper):
    page = visit(WIDE, scheme, script=False)
    assert background(page) == paper
    assert page.locator("[data-palette]").is_hidden()


def test_a_chosen_scheme_outweighs_the_system_and_is_kept(visit, site):
    page = visit(WIDE, "dark")
    switch = page.locator("[data-palette]")
    assert switch.get_attribute("aria-pressed") == "true"
    press_until(page, "Tab", "[data-palette]")
    page.keyboard.press("Enter")
    assert switch.get_attribute("aria-pressed") == "false"
    assert background(page) == "rgb(255, 255, 255)"
    page.goto(site)
    assert background(page) == "rgb(255, 255, 255)"


def test_paper_is_always_light_and_holds_only_the_content(visit):
    page = visit(WIDE, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert background(page) == "rgb(255, 255, 255)"
    assert not page.locator("header, footer, .lr-tabs, .lr-announce").evaluate_all(
        "all => all.some(e => e.checkVisibility())"
    )


def background(page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")
