"""Help: the tour that is offered once, guides that are pages of the office, shortcuts that can be switched off."""

from __future__ import annotations

import re

import pytest

from backoffice.help.guides import FOR_AGENTS, all_guides
from site_builder.shipped import GUIDES
from tests.backoffice.visiting import sign_in


def test_the_tour_is_offered_until_it_is_closed_and_never_again(browser_of):
    reader = browser_of("reader")
    assert "Première visite ?" in reader.get("/gestion/").text
    assert reader.post("/gestion/aide/visite/fin").location.endswith("/gestion/")
    assert "Première visite ?" not in reader.get("/gestion/").text
    assert "Première visite ?" not in browser_of("reader").get("/gestion/").text  # signed in anew
    assert "Première visite ?" in reader.get("/gestion/?visite=1").text
    assert "Première visite ?" in browser_of("editor").get("/gestion/").text


def test_the_help_page_leads_to_every_guide_and_says_whom_to_ask(browser_of):
    reader = browser_of("reader")
    page = reader.get("/gestion/aide").text
    links = re.findall(r'href="(/gestion/aide/guides/[^"]+)"', page)
    assert links == [f"/gestion/aide/guides/{name}.md" for name in FOR_AGENTS]
    assert "administrator@ville.example" in page
    assert "editor@ville.example" not in page
    assert [reader.get(link).status_code for link in links] == [200] * len(links)


def test_guides_lead_only_to_each_other_and_are_all_there():
    assert [found.name for found in all_guides()] == list(FOR_AGENTS)
    for found in all_guides():
        inside = [link for link in re.findall(r'href="([^"]*)"', found.html) if "://" not in link and link[0] != "#"]
        assert [link for link in inside if not (GUIDES / link).is_file() or link[:-3] not in FOR_AGENTS] == []
        assert "!!!" not in found.html


def test_what_is_no_guide_for_agents_is_not_shown(browser_of):
    assert browser_of("reader").get("/gestion/aide/guides/deploy.md").status_code == 404
    assert browser_of(None).get("/gestion/aide/guides/write-a-record.md").status_code == 303


def test_shortcuts_of_one_key_are_switched_off_and_on_by_each_account(browser_of):
    reader = browser_of("reader")
    assert 'data-keys="on"' in reader.get("/gestion/aide").text
    reader.post("/gestion/aide/raccourcis", {"shortcuts": "off"})
    assert 'data-keys="off"' in reader.get("/gestion/liste/idea").text
    assert 'data-keys="on"' in browser_of("editor").get("/gestion/liste/idea").text
    reader.post("/gestion/aide/raccourcis", {"shortcuts": "on"})
    assert 'data-keys="on"' in reader.get("/gestion/liste/idea").text


@pytest.mark.browser
def test_the_tour_and_the_shortcuts_work_by_keyboard(app, serve_app, page, axe):
    with serve_app(app) as office:
        sign_in(page, office, "editor")
        page.get_by_role("link", name="Faire la visite").click()
        dialog = page.get_by_role("dialog", name="À faire")
        dialog.get_by_text("Étape 1 sur 7").wait_for()
        assert axe(page) == []
        page.keyboard.press("Enter")
        page.get_by_role("dialog", name="Les listes").wait_for()
        assert page.locator(".is-pointed").count() == 1
        with page.expect_response("**/aide/visite/fin"):
            page.keyboard.press("Escape")
        page.reload()
        assert page.get_by_text("Première visite ?").count() == 0

        page.keyboard.press("?")
        page.get_by_role("dialog", name="Raccourcis clavier").wait_for()
        assert axe(page) == []
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        page.keyboard.type("?/")
        assert page.input_value("#q") == "?/"

        page.goto(f"{office}/gestion/fiche/2024-P012")
        page.fill("#f-title", "Un skatepark et une rampe")
        page.keyboard.press("Control+s")
        page.get_by_text("C’est enregistré.").wait_for()
        for address in ("aide", "aide/visite", "aide/guides/write-a-record.md"):
            page.goto(f"{office}/gestion/{address}")
            for width in (1280, 375):
                page.set_viewport_size({"width": width, "height": 800})
                assert (address, width, axe(page)) == (address, width, [])
