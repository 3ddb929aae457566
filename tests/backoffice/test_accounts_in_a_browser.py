"""Accounts and people in a real browser, with script and without; axe on every page of theirs at both widths."""

from __future__ import annotations

import pytest

from backoffice.registry import second_factor
from tests.backoffice.visiting import found, knock, sign_in

pytestmark = pytest.mark.browser

WIDTHS = (1280, 375)
NEW = "quatre tilleuls au bord du bief"


@pytest.fixture
def office(app, serve_app):
    """The office on loopback; nothing here is published."""
    with serve_app(app) as address:
        yield address


@pytest.fixture(params=["with script", "without script"])
def visitors(request, browser):
    """`visitors()` opens the page of one more person, in a browser that runs scripts, then in one that does not."""
    contexts = []

    def open_page():
        contexts.append(browser.new_context(locale="fr-FR", java_script_enabled=request.param == "with script"))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


def code(clock, secret: str) -> str:
    return second_factor.code_at(secret, int(clock().timestamp()) // second_factor.STEP)


def test_someone_is_invited_chooses_a_password_and_a_second_factor(visitors, office, clock):
    boss, claire = visitors(), visitors()
    sign_in(boss, office, "administrator")
    boss.get_by_role("link", name="Comptes").click()
    boss.get_by_label("Nom affiché").fill("Claire M.")
    boss.get_by_label("Adresse électronique").fill("claire@ville.example")
    boss.get_by_role("radio", name="Contribution").check()
    boss.get_by_role("checkbox", name="La Gare").check()
    boss.get_by_role("button", name="Créer le lien d’invitation").click()
    link = boss.get_by_label("Lien à usage unique").input_value()

    claire.goto(link)
    claire.get_by_label("Nouveau mot de passe").fill("motdepasse2026")
    claire.get_by_role("button", name="Choisir ce mot de passe").click()
    claire.get_by_role("link", name="l’un de ceux que l’on essaie d’abord").wait_for()
    claire.get_by_label("Nouveau mot de passe").fill(NEW)
    claire.get_by_role("button", name="Choisir ce mot de passe").click()
    claire.get_by_text("Votre mot de passe est choisi").wait_for()
    knock(claire, office, "claire", NEW)
    claire.get_by_role("heading", name="À faire").wait_for()
    assert claire.get_by_role("link", name="Relire et publier").count() == 0

    claire.goto(f"{office}/gestion/compte")
    claire.get_by_role("link", name="Activer la double vérification").click()
    secret = claire.locator("code").inner_text().replace(" ", "")
    claire.get_by_label("Code à six chiffres").fill(code(clock, secret))
    claire.get_by_role("button", name="Activer").click()
    claire.get_by_role("heading", name="Codes de secours").wait_for()
    assert claire.locator("ul.lines code").count() == 10

    clock.forward(seconds=60)
    again = visitors()
    knock(again, office, "claire", NEW)
    again.get_by_label("Code de votre téléphone").fill(code(clock, secret))
    again.get_by_role("button", name="Se connecter").click()
    again.get_by_role("heading", name="À faire").wait_for()

    boss.goto(f"{office}/gestion/journal")
    assert boss.get_by_role("cell", name="Claire M.").count() >= 3


def test_a_person_is_noted_linked_and_erased(visitors, office):
    page = visitors()
    sign_in(page, office, "publisher")
    page.get_by_role("link", name="Personnes").click()
    page.get_by_role("link", name="Nouvelle personne").click()
    page.get_by_label("Nom", exact=True).fill("Amina Benkacem")
    page.get_by_label("Téléphone").fill("06 12 34 56 78")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("La fiche est créée.").wait_for()
    page.get_by_label("Lier à une idée ou à un projet").fill("2026-0050")
    page.get_by_role("button", name="Lier", exact=True).click()
    page.get_by_role("link", name="Ouvrir le jardin de la tannerie Roux").wait_for()
    page.get_by_role("link", name="Effacer…").click()
    page.get_by_role("button", name="Effacer pour toujours").click()
    page.get_by_text("La personne est effacée.").wait_for()
    assert page.get_by_text("Amina").count() == 0


def test_pages_of_accounts_and_people_are_usable_by_everybody(page, office, axe, browser_of):
    publisher = browser_of("publisher")
    publisher.get("/gestion/personnes/nouvelle")
    person = {"name": "Amina Benkacem", "minor": "1", "guardian": "Leïla Benkacem", "retain_until": "2025-11-24"}
    made = publisher.post("/gestion/personnes/nouvelle", person).location
    sign_in(page, office, "administrator")
    addresses = [
        f"/gestion/{one}" for one in ("comptes", "comptes/2", "journal", "compte", "compte/double-verification")
    ]
    addresses += ["/gestion/personnes", "/gestion/personnes/nouvelle", "/gestion/personnes/echeances"]
    addresses += [made, f"{made}/corriger", f"{made}/effacer", "/gestion/acces/nimporte"]
    faults = {}
    for address in addresses:
        page.goto(f"{office}{address}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            faults[f"{address} {width}"] = found(page, axe)
    page.goto(f"{office}/gestion/comptes/2")
    page.get_by_role("button", name="Lien pour changer de mot de passe").click()
    faults["link"] = found(page, axe)
    page.goto(page.get_by_label("Lien à usage unique").input_value())
    faults["choose"] = found(page, axe)
    page.get_by_role("button", name="Choisir ce mot de passe").click()
    faults["refused"] = found(page, axe)
    page.goto(f"{office}/gestion/personnes/nouvelle")
    page.get_by_role("button", name="Enregistrer").click()
    faults["person refused"] = found(page, axe)
    assert {place: what for place, what in faults.items() if what} == {}
