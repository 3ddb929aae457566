"""A visitor counts a vote again in the browser, under the policy of the site: the same result, and nothing is sent."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT, missing

pytestmark = pytest.mark.browser
PAGE = "/editions/2024/resultats/recompter/"
SAID = "() => document.querySelector('[data-said]').textContent.length > 60"


@pytest.fixture
def recounting(page, deployed_site):
    """The page of the recount, opened; `asked` holds method and address of each request."""
    if not (ROOT / "themes" / "default" / "bundled" / "recompte.js").is_file():
        missing("set-up has made no bundle")
    page.asked = []
    page.on("request", lambda request: page.asked.append((request.method, request.url.removeprefix(deployed_site))))
    page.goto(deployed_site + PAGE)
    return page


def said(page):
    page.wait_for_function(SAID)
    return page.inner_text("[data-said]").replace("\u00a0", " ").replace("\u202f", " ")


def test_the_browser_finds_the_same_result_by_keyboard_and_sends_nothing(recounting, axe):
    recounting.focus("[data-start]")
    recounting.keyboard.press("Enter")
    words = said(recounting)
    assert "Le résultat est le même, étape par étape : 13 lauréats, 591 000 € attribués." in words
    assert "3 958 bulletins valables comptés" in words
    assert recounting.locator("[data-result] tbody tr").count() == 19
    assert (
        recounting.locator("[data-result] tbody tr").first.inner_text().split("\t")[0] == "Un skatepark sous le viaduc"
    )
    assert {method for method, _address in recounting.asked} == {"GET"}
    assert "/donnees/recompte-2024.zip" in {address for _method, address in recounting.asked}
    assert axe(recounting) == []


def test_a_package_of_the_visitor_s_own_is_counted_and_a_changed_one_is_told(recounting, demonstration, tmp_path):
    folder, _report = demonstration
    package = (folder / "donnees" / "recompte-2024.zip").read_bytes()
    changed = tmp_path / "modifie.zip"
    changed.write_bytes(package.replace(b"P003 P009", b"P003 P008", 1))
    recounting.set_input_files("[data-file]", changed)
    assert "Ces fichiers ne sont pas ceux du dossier d’origine : ballots-001.csv" in said(recounting)
    other = tmp_path / "autre.zip"
    other.write_bytes(b"PK")
    recounting.set_input_files("[data-file]", other)
    recounting.wait_for_function("() => document.querySelector('[data-said]').textContent.startsWith('Ce fichier')")


def test_without_a_script_the_page_says_the_command(browser, deployed_site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(deployed_site + PAGE)
    assert "laureat recount recompte-2024.zip" in page.inner_text("main")
    assert not page.is_visible("[data-recount]")
    context.close()
