"""Count night in a real browser: lines typed without waiting, and the same page without script."""

from __future__ import annotations

import pytest

from backoffice.registry import tallies
from backoffice.services import KEY
from tests.backoffice.visiting import sign_in

pytestmark = pytest.mark.browser
PLACE = "gestion/vote/lieu/2026-V001"


@pytest.fixture(params=["with script", "without script"])
def page_of(request, browser):
    context = browser.new_context(locale="fr-FR", java_script_enabled=request.param == "with script")
    yield context.new_page(), request.param == "with script"
    context.close()


def test_a_box_is_entered_from_the_keyboard(app, page_of, serve_app, axe):
    (page, scripted), registry = page_of, app.extensions[KEY].registry
    with serve_app(app) as office:
        sign_in(page, office, "editor")
        page.goto(f"{office}/{PLACE}")
        page.get_by_role("button", name="Commencer la saisie").click()
        for line in ("1 2", "3", "1 1", "2 5"):
            page.locator("#f-typed").fill(line)
            page.locator("#f-typed").press("Enter")
        page.locator(".last li").nth(3).wait_for()
        page.get_by_role("button", name="Retirer la dernière ligne").click()
        page.get_by_text("La dernière ligne est retirée.").wait_for()
        page.get_by_role("button", name="Blanc").click()
        page.get_by_text("Bulletin blanc").first.wait_for()
        page.locator("#f-found").fill("4")
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer les chiffres").click()
        page.get_by_text("Le compte est juste").first.wait_for()
        assert not scripted or axe(page) == []
        page.get_by_role("button", name="Ma saisie est terminée").click()
        page.get_by_text("Votre saisie est terminée.").wait_for()
        assert not scripted or axe(page) == []
    found = tallies.entry(registry, "2026-V001", 1)
    assert found.finished is not None
    assert found.figures["valid"] == 2
    assert (found.figures["void.repeated"], found.figures["void.blank"]) == (1, 1)
