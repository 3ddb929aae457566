"""The other language in a real browser: the switch, and every kind of page in English."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

NARROW, WIDE = 375, 1280
PAGES = {
    "home": "en/",
    "projects": "en/projets/",
    "project translated": "en/projets/2024-P007/",
    "project in French": "en/projets/2024-P006/",
    "idea translated": "en/idees/2027-0004/",
    "idea in French": "en/idees/2027-0006/",
    "event": "en/agenda/2026-E014/",
    "agenda": "en/agenda/",
    "edition": "en/editions/2027/",
    "edition in French": "en/editions/2021/",
    "article": "en/actualites/2026-A003/",
    "page": "en/contact/",
    "zone": "en/quartiers/les-tanneries/",
    "search": "en/recherche/",
    "open data": "en/donnees/",
}


@pytest.fixture
def visit(browser, demonstration_site):
    """`visit(address, width, scheme)`: the page, in a context of its own."""
    opened = []

    def open_page(address, width=WIDE, scheme="light", *, script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        opened.append(context)
        page = context.new_page()
        page.goto(f"{demonstration_site}/{address}")
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize(
    ("here", "there"),
    [("", "en/"), ("projets/2024-P007/", "en/projets/2024-P007/"), ("idees/page/2/", "en/idees/page/2/")],
)
def test_the_switch_leads_to_the_same_page_and_back_by_keyboard_without_script(
    visit, demonstration_site, here, there, width
):
    page = visit(here, width, script=False)
    switch = page.get_by_role("link", name="English", exact=True)
    assert switch.get_attribute("lang") == "en"
    switch.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demonstration_site}/{there}")
    assert page.locator("html").get_attribute("lang") == "en"
    back = page.get_by_role("link", name="Français", exact=True)
    assert back.get_attribute("lang") == "fr"
    back.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demonstration_site}/{here}")


def test_pages_in_english_meet_wcag_and_fit(visit, axe):
    """Words and their language differ from the pages in French, whose colours and widths are all looked at."""
    found, wide = {}, []
    for name, address in PAGES.items():
        page = visit(address, NARROW)
        found[name] = axe(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert wide == []


def test_pictures_scripts_and_styles_of_pages_in_english_are_found(visit):
    missing = []
    page = visit("en/")
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    for address in (
        "en/",
        "en/projets/",
        "en/projets/2024-P007/",
        "en/quartiers/",
        "en/recherche/",
        "en/editions/2024/",
    ):
        page.goto(f"{page.url.partition('/en/')[0]}/{address}")
        page.wait_for_load_state("networkidle")
    assert missing == []


def test_filters_in_english_show_pictures_of_the_root(visit):
    page = visit("en/projets/")
    page.get_by_role("checkbox").first.check()
    page.wait_for_function("location.search.length > 0")
    # The list may be made once more while it is looked at: only the page itself finds a row that stands.
    page.wait_for_function(
        "() => { const image = document.querySelector('#liste li img'); image?.scrollIntoView();"
        " return image !== null && image.naturalWidth > 0 }"
    )
    assert page.locator("#liste li h3 a").first.get_attribute("href").startswith("../projets/")
    assert page.locator("#liste li h3 a[lang=fr]").count() > 0
    assert page.locator("#liste li h3 a:not([lang])").count() > 0
