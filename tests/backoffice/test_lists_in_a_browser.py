"""Lists and forms in a real browser, with script and without: tick, change together, undo; rows, days, titles."""

from __future__ import annotations

import pytest

from tests.backoffice.visiting import found, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def office(app, serve_app):
    """The office on loopback."""
    with serve_app(app) as address:
        yield f"{address}/gestion"


def test_two_projects_are_ticked_changed_together_and_taken_back(visitor, office):
    page = visitor
    sign_in(page, office)
    page.goto(f"{office}/liste/project")
    for title in ("La place des Lavandières", "Un skatepark"):
        page.get_by_role("checkbox", name=f"Choisir {title}").check()
    page.get_by_role("button", name="Changer plusieurs fiches").click()
    page.get_by_label("Service responsable").select_option("voirie")
    page.get_by_role("button", name="Voir ce que cela donne").click()
    assert page.get_by_text("Le service passe de").is_visible()
    page.get_by_role("button", name="Enregistrer pour 2 projets").click()
    page.get_by_text("2 fiches sont changées.").wait_for()
    page.get_by_role("button", name="Annuler ce changement").click()
    page.get_by_text("2 fiches sont revenues.").wait_for()


def test_a_view_is_kept_with_its_columns_and_opened_again(visitor, office):
    page = visitor
    sign_in(page, office)
    page.goto(f"{office}/liste/project?zone=gare")
    page.locator("summary", has_text="Colonnes").click()
    page.get_by_role("checkbox", name="Budget voté").check()
    page.get_by_role("button", name="Montrer ces colonnes").click()
    assert page.get_by_role("columnheader", name="Budget voté").is_visible()
    page.locator("summary", has_text="Garder cette vue").click()
    page.get_by_label("Nom de la vue").fill("À La Gare")
    page.get_by_role("button", name="Garder", exact=True).click()
    page.get_by_text("est gardée.").wait_for()
    page.goto(f"{office}/liste/project")
    page.get_by_role("link", name="À La Gare").click()
    assert page.get_by_role("columnheader", name="Budget voté").is_visible()
    assert page.get_by_role("rowheader").count() == 1


def test_a_row_is_removed_put_back_and_the_rest_of_the_form_stays_typed(visitor, office):
    page = visitor
    sign_in(page, office)
    page.goto(f"{office}/fiche/2024-P007")
    page.locator("#f-title").fill("La place à l’ombre")
    page.locator("#f-steps-1").get_by_role("button", name="Retirer").click()
    page.get_by_role("button", name="La remettre").wait_for()
    assert page.locator("#f-steps-1-kind").input_value() == "works"
    page.get_by_role("button", name="La remettre").click()
    page.locator("#f-steps-2-kind").wait_for()
    assert page.locator("#f-steps-1-kind").input_value() == "design"
    assert page.locator("#f-title").input_value() == "La place à l’ombre"
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré.").wait_for()


def test_an_edition_is_set_up_with_amounts_as_people_type_them(visitor, office):
    page = visitor
    sign_in(page, office)
    page.goto(f"{office}/fiche/2026")
    page.get_by_label("Budget de l’édition").fill("450 000 €")
    page.get_by_label("Coût maximal d’un projet").fill("45000,00")
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré.").wait_for()
    assert page.get_by_label("Budget de l’édition").input_value() == "450\u202f000"
    assert page.get_by_label("Coût maximal d’un projet").input_value() == "45\u202f000"


def test_all_of_a_page_is_ticked_at_once_with_script(page, office):
    sign_in(page, office)
    page.goto(f"{office}/liste/project")
    page.get_by_role("checkbox", name="Choisir", exact=True).check()
    assert page.get_by_text("2 choisies").is_visible()


def test_a_record_is_found_by_its_title_and_a_day_by_the_calendar_with_script(page, office):
    sign_in(page, office)
    page.goto(f"{office}/fiche/2025-E014")
    page.locator("#f-projects-search").type("lavand")
    page.get_by_role("button", name="La place des Lavandières").click()
    assert page.locator("#f-projects").input_value() == "2024-P012\n2024-P007"
    assert page.locator(".picker button").count() == page.locator("input[data-date]").count() > 0
    calendar = page.locator("#f-start + .picker input")
    calendar.evaluate("field => { field.value = '2025-12-24'; field.dispatchEvent(new Event('change')); }")
    assert page.locator("#f-start").input_value() == "24/12/2025 18:30"


PAGES = (
    "liste/project?col=state&col=due&col=votes&col=budget_voted&col=zone",
    "liste/zone",
    "fiche/instance",
    "fiche/2026",
    "fiche/service:voirie",
    "nouveau/article",
    "nouveau/page",
)


def test_lists_and_forms_of_every_type_are_usable_by_everybody_at_both_widths(page, office, axe):
    sign_in(page, office, "administrator")
    faults = {}
    for path in PAGES:
        page.goto(f"{office}/{path}")
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            faults[f"{path} {width}"] = found(page, axe)
    assert {place: what for place, what in faults.items() if what} == {}
