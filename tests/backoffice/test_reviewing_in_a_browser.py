"""Reviewing, publishing later, history and presence in a real browser: with script and without, at both widths."""

from __future__ import annotations

import pytest

from participation.records import Instance, Project
from participation.store import open_store
from tests.backoffice.conftest import PASSWORD
from tests.backoffice.town import NOW
from tests.backoffice.visiting import found, sign_in

pytestmark = pytest.mark.browser

WIDTHS = (1280, 375)


@pytest.fixture
def second_person(settings):
    """A town that asks for a second person."""
    store = open_store(settings.content)
    blob = store.snapshot().entries["instance.yml"]
    store.save(Instance, "instance", {"second_person": True}, base_blob=blob, author="agent-0", when=NOW)


@pytest.fixture
def office(second_person, office):
    """The office of that town, its worker beside it."""
    return office


@pytest.fixture(params=["with script", "without script"])
def context(request, browser):
    made = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", java_script_enabled=request.param == "with script"
    )
    yield made
    made.close()


def approve_everything(page, office: str) -> None:
    page.goto(f"{office}/gestion/publier")
    page.get_by_role("button", name="Approuver les fiches cochées").click()
    page.locator(".notice.is-done").get_by_text("approuvée").wait_for()


def test_two_people_change_approve_and_publish(browser, context, office):
    author = context.new_page()
    sign_in(author, office, "publisher")
    approve_everything(author, office)
    author.get_by_role("button", name="Publier").first.click()
    author.get_by_role("heading", name="C’est en ligne").wait_for(timeout=60_000)
    author.goto(f"{office}/gestion/fiche/2024-P007")
    author.locator("#f-title").fill("La place à relire")
    author.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    author.get_by_text("C’est enregistré.").wait_for()
    author.goto(f"{office}/gestion/publier")
    author.get_by_text("une autre personne doit la relire").wait_for()

    other = browser.new_context(locale="fr-FR")
    second = other.new_page()
    sign_in(second, office, "editor")
    second.goto(f"{office}/gestion/publier")
    second.get_by_text("Avant et après").first.click()
    second.get_by_role("button", name="Renvoyer à leurs auteurs").click()
    second.get_by_text("Écrivez la remarque").wait_for()
    approve_everything(second, office)
    other.close()

    author.goto(f"{office}/gestion/publier")
    author.get_by_text("Relu par Editor").wait_for()
    author.get_by_role("button", name="Publier 1 fiche").click()
    author.get_by_role("heading", name="C’est en ligne").wait_for(timeout=60_000)
    author.get_by_role("link", name="Ce qui a changé").click()
    author.get_by_text("relu par Editor").wait_for()


def test_whoever_opens_a_form_second_is_told_and_whoever_was_first_learns_it(browser, context, office):
    first = context.new_page()
    sign_in(first, office, "publisher")
    first.goto(f"{office}/gestion/fiche/2026-0050")
    other = browser.new_context(locale="fr-FR")
    second = other.new_page()
    sign_in(second, office, "editor")
    second.goto(f"{office}/gestion/fiche/2026-0050")
    second.get_by_text("Publisher a aussi cette fiche ouverte").wait_for()
    other.close()


def test_a_form_open_for_a_day_comes_back_after_signing_in_again(context, office, clock):
    page = context.new_page()
    sign_in(page, office, "editor")
    page.goto(f"{office}/gestion/fiche/2026-0052")
    page.locator("#f-title").fill("Écrit hier soir")
    clock.forward(hours=24)
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    page.fill("#f-login", "editor@ville.example")
    page.fill("#f-password", PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_text("Voici ce que vous aviez saisi").wait_for()
    assert page.locator("#f-title").input_value() == "Écrit hier soir"
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré.").wait_for()


def test_pages_of_review_and_history_are_usable_by_everybody_at_both_widths(page, office, axe, app):
    sign_in(page, office, "publisher")
    approve_everything(page, office)
    page.get_by_role("button", name="Publier").first.click()
    page.get_by_role("heading", name="C’est en ligne").wait_for(timeout=60_000)
    store = open_store(app.extensions["laureat"].settings.content)
    for record_id, budget in (("2024-P007", "99000"), ("2024-P012", "52000")):
        known = store.snapshot().get(record_id)
        store.save(Project, record_id, {"budget_voted": budget}, base_blob=known.blob, author="agent-0", when=NOW)
    approve_everything(page, office)
    page.goto(f"{office}/gestion/publier")
    page.get_by_text("Mettre de côté").first.click()
    page.get_by_label("Pourquoi").first.fill("Attendons le conseil municipal.")
    page.locator("details.aside").get_by_role("button", name="Mettre de côté").first.click()
    page.get_by_text("Attendons le conseil municipal.").wait_for()
    page.get_by_text("Publier plus tard").click()
    page.get_by_label("Jour et heure").fill("26/11/2027 9:00")
    page.get_by_role("button", name="Prévoir cette publication").click()
    page.get_by_role("heading", name="Publications prévues").wait_for()
    oldest = store.history("2024-P012")[-1].commit
    newest = store.history("2024-P012")[0].commit
    addresses = {
        "review": "publier",
        "publication": f"publier/publication/{store.published().commit}",
        "everything": "historique",
        "record": "fiche/2024-P012/historique",
        "fields": "fiche/2024-P012/champs",
        "version": f"fiche/2024-P012/version/{oldest}",
        "compare": f"fiche/2024-P012/comparer?a={oldest}&b={newest}",
    }
    faults = {}
    for name, address in addresses.items():
        page.goto(f"{office}/gestion/{address}")
        page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            faults[f"{name} {width}"] = found(page, axe)
    assert {place: what for place, what in faults.items() if what} == {}
