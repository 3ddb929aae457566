"""Passing a project on: the buttons that need a script are there only with one, and do what they say."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

ADDRESS = "/projets/2021-P001/"


def test_with_a_script_the_address_is_copied_and_said_to_be(page, demonstration_site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script("Object.defineProperty(navigator, 'share', { value: undefined })")
    page.goto(demonstration_site + ADDRESS)
    page.get_by_role("button", name="Partager").click()
    page.get_by_role("button", name="Adresse copiée").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == demonstration_site + ADDRESS


def test_the_print_button_prints(page, demonstration_site):
    page.add_init_script("window.print = function () { window.printed = true; }")
    page.goto(demonstration_site + ADDRESS)
    page.get_by_role("button", name="Imprimer").click()
    assert page.evaluate("window.printed") is True


def test_without_a_script_only_what_works_is_shown(browser, demonstration_site):
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(demonstration_site + ADDRESS)
        assert page.get_by_role("link", name="Envoyer par courriel").is_visible()
        assert page.locator("[data-share], [data-print]").evaluate_all("found => found.length") == 2
        assert page.get_by_role("button", name="Imprimer").count() == 0
    finally:
        context.close()
