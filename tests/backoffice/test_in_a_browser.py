"""The whole way in a real browser, with script and without: find, change, save, publish, see it live."""

from __future__ import annotations

import pytest

from tests.backoffice.conftest import PASSWORD
from tests.backoffice.visiting import found, sign_in

pytestmark = pytest.mark.browser

PAGES = (
    "",
    "liste/project",
    "liste/event?q=rien",
    "fiche/2024-P007",
    "fiche/2025-E014",
    "nouveau/idea",
    "fiche/2024-P007/historique",
    "recherche?q=alouettes",
    "publier",
    "historique",
    "corbeille",
    "compte",
    "comptes",
    "comptes/2",
    "compte/double-verification",
    "journal",
    "personnes",
    "personnes/nouvelle",
    "personnes/echeances",
    "aide/mise-en-forme",
    "absente",
)
WIDTHS = (1280, 375)


def test_a_project_is_found_changed_published_and_seen_live(visitor, office):
    page = visitor
    sign_in(page, office)
    page.get_by_role("link", name="Projets").first.click()
    page.get_by_label("Titre, texte ou numéro").fill("lavandieres")
    page.get_by_role("button", name="Filtrer").click()
    page.get_by_role("link", name="La place des Lavandières").click()

    page.get_by_role("radio", name="En travaux").check()
    page.get_by_label("Fin prévue").nth(1).fill("mars 2026")
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré.").wait_for()
    assert page.get_by_label("Fin prévue").nth(1).input_value() == "03/2026"
    assert page.get_by_text("En travaux").first.is_visible()

    page.get_by_role("link", name="Historique", exact=True).last.click()
    page.get_by_role("heading", name="Historique de « La place").wait_for()
    assert page.get_by_text("L’état passe de").is_visible()

    page.get_by_role("link", name="Relire et publier").click()
    page.get_by_role("button", name="Publier").click()
    page.get_by_role("heading", name="C’est en ligne").wait_for(timeout=60_000)
    page.get_by_role("link", name="Voir le site").click()
    page.goto(f"{office}/projets/2024-P007/")
    assert "En travaux" in page.inner_text("body")
    assert "Ne jamais publier" not in page.content()


def test_a_row_is_added_and_moved(visitor, office):
    page = visitor
    sign_in(page, office)
    page.goto(f"{office}/gestion/fiche/2024-P007")
    steps = page.locator("#f-steps")
    steps.get_by_text("Ajouter").click()
    page.locator("#f-steps-3-kind").select_option("review")
    steps.get_by_role("button", name="Encore une ligne").click()
    page.locator("#f-steps-3").get_by_role("button", name="Monter").click()
    page.locator("#f-steps-2-kind option[value=review]:checked").wait_for(state="attached")
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré.").wait_for()
    assert page.locator("#f-steps-2-kind").input_value() == "review"


def test_two_people_at_once_choose_field_by_field(browser, page, office):
    sign_in(page, office)
    page.goto(f"{office}/gestion/fiche/2026-0050")
    other = browser.new_context(locale="fr-FR")
    colleague = other.new_page()
    sign_in(colleague, office, "editor")
    colleague.goto(f"{office}/gestion/fiche/2026-0050")
    colleague.locator("#f-title").fill("Rouvrir le jardin Roux au public")
    colleague.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    other.close()
    page.locator("#f-title").fill("Ouvrir le jardin de la tannerie")
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    page.get_by_role("heading", name="Rien n’est perdu").wait_for()
    page.get_by_role("radio", name="Celle de Editor").check()
    page.get_by_role("button", name="Enregistrer ces choix").click()
    page.get_by_text("C’est enregistré.").wait_for()
    assert page.locator("#f-title").input_value() == "Rouvrir le jardin Roux au public"


def test_every_page_is_usable_by_everybody_at_both_widths(page, office, axe):
    faults = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{office}/gestion/connexion")
        faults[f"connexion {width}"] = found(page, axe)
    sign_in(page, office, "administrator")
    for address in PAGES:
        page.goto(f"{office}/gestion/{address}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            faults[f"{address} {width}"] = found(page, axe)
    assert {place: what for place, what in faults.items() if what} == {}


def test_pages_of_errors_conflict_and_result_are_usable_by_everybody(page, office, axe):
    faults = {}
    page.set_viewport_size({"width": 375, "height": 900})
    page.goto(f"{office}/gestion/connexion")
    page.get_by_role("button", name="Se connecter").click()
    faults["sign-in refused"] = found(page, axe)
    sign_in(page, office)
    page.goto(f"{office}/gestion/fiche/2024-P007")
    stale = page.locator('input[name="_base"]').first.input_value()
    page.get_by_label("Budget voté").fill("environ 30k")
    page.get_by_label("Titre").first.fill("Un autre titre")
    save(page)
    faults["form with errors"] = found(page, axe)
    assert page.title().startswith("Erreur")
    page.get_by_role("link", name="Budget voté").click()
    assert page.evaluate("location.hash") == "#f-budget_voted"
    page.get_by_label("Budget voté").fill("30 000 €")
    save(page)
    page.get_by_text("C’est enregistré.").wait_for()
    page.get_by_label("Titre").first.fill("Encore un titre")
    page.evaluate("base => { for (const field of document.getElementsByName('_base')) field.value = base; }", stale)
    save(page)
    faults["conflict"] = found(page, axe)
    page.goto(f"{office}/gestion/publier")
    faults["pending"] = found(page, axe)
    page.get_by_role("button", name="Publier").click()
    page.get_by_role("heading", name="C’est en ligne").wait_for(timeout=60_000)
    faults["published"] = found(page, axe)
    page.goto(f"{office}/gestion/publier")
    faults["publications"] = found(page, axe)
    assert {place: what for place, what in faults.items() if what} == {}


def test_the_office_works_by_keyboard_alone(page, office):
    page.goto(f"{office}/gestion/")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.id") != "f-login":
        page.keyboard.press("Tab")
    page.keyboard.type("editor@ville.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="À faire").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.goto(f"{office}/gestion/fiche/2026-0052")
    page.locator("#f-title").focus()
    page.keyboard.press("End")
    page.keyboard.type(" et un banc")
    page.keyboard.press("Enter")  # the first button of the form saves
    page.get_by_text("C’est enregistré.").wait_for()
    assert page.locator("#f-title").input_value() == "Un abri à l’arrêt Alouettes et un banc"


def save(page) -> None:
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
