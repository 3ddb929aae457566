"""Photos in a real browser, with script and without: dropped, described, chosen for a record, on every kind of page."""

from __future__ import annotations

import pytest

from backoffice.services import KEY
from participation.store import media
from tests.backoffice.media.files import DRAWING, PAPER, photo
from tests.backoffice.test_in_a_browser import WIDTHS
from tests.backoffice.test_lists_in_a_browser import office
from tests.backoffice.town import NOW
from tests.backoffice.visiting import found, sign_in

pytestmark = pytest.mark.browser

__all__ = ["office"]  # a fixture


def test_a_photo_is_chosen_from_ones_own_computer_described_and_saved_with_the_record(visitor, office, app):
    page = visitor
    sign_in(page, office)
    page.goto(f"{office}/fiche/2024-P007")
    page.locator("#f-summary").fill("Pas encore enregistré")
    page.locator("#f-photos summary").click()
    page.locator("#f-photos").get_by_role("button", name="Choisir un fichier").click()
    sent = {"name": "Fontaine d’été.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(900, 600))}
    choice = page.get_by_label("Choisir un fichier sur mon ordinateur")
    choice.wait_for()
    alone = page.locator("dialog").count() == 0  # the dialog closes by itself when the file is there
    choice.set_input_files(sent)
    if alone:  # without script: a page, and back
        page.get_by_role("button", name="Ajouter ce fichier").click()
        page.get_by_role("link", name="Utiliser dans ma fiche").click()
    page.locator("#f-photos-1-file").wait_for()
    page.wait_for_function("() => document.querySelector('#f-photos-1-file').value !== ''")
    assert page.locator("#f-photos-1-file").input_value() == "2025/fontaine-d-ete.jpg"
    assert page.locator("#f-summary").input_value() == "Pas encore enregistré"
    page.locator("#f-photos-1-alt").fill("Une fontaine")
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré.").wait_for()
    saved = app.extensions[KEY].content.store.snapshot().get("2024-P007").data
    assert saved["photos"] == [{"file": "2025/fontaine-d-ete.jpg", "alt": "Une fontaine"}]
    assert saved["summary"] == "Pas encore enregistré"


def test_several_files_are_added_each_told_apart_and_described(visitor, office, app):
    page = visitor
    sign_in(page, office)
    page.goto(f"{office}/medias/ajouter")
    files = [("place.jpg", photo(size=(400, 300))), ("virus.jpg", b"MZ"), ("plan.svg", DRAWING)]
    sent = [{"name": name, "mimeType": "image/jpeg", "buffer": data} for name, data in files]
    page.get_by_label("Choisir des fichiers sur mon ordinateur").set_input_files(sent)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    page.get_by_text("Ce fichier n’est ni une photo").wait_for()
    heading = page.get_by_role("heading", name="Décrire les fichiers")
    go = page.get_by_role("link", name="Décrire les fichiers ajoutés")
    heading.or_(go).first.wait_for()
    if go.count():
        go.click()
    heading.wait_for()
    page.get_by_role("group", name="place").get_by_label("Texte de remplacement").fill("Une place au soleil")
    page.get_by_role("group", name="place").get_by_role(
        "radio", name="Des personnes sont reconnaissables, leur accord manque"
    ).check()
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré.").wait_for()
    assert page.locator(".shelf").get_by_text("Accord manquant").is_visible()


def test_every_page_of_files_is_usable_by_everybody_at_both_widths(page, office, app, axe):
    store = app.extensions[KEY].content.store
    files = [media.NewFile(f"2025/photo-{number}.png", photo("PNG", (40, 30 + number)), {}) for number in range(4)]
    files += [media.NewFile("2025/plan.svg", DRAWING, {"title": "Plan", "alt": "Un banc", "people": "asked"})]
    files += [media.NewFile("2025/compte-rendu.pdf", PAPER, {})]
    media.add(store, files, author="agent-9", when=NOW)
    media.trash(store, "2025/photo-3.png", author="agent-9", when=NOW)
    sign_in(page, office, "administrator")
    pages = (
        "medias",
        "medias?q=rien",
        "medias/ajouter",
        "medias/choisir?page=/gestion/fiche/2024-P007&champ=photos.1.file",
    )
    pages += ("medias/fichier/2025/plan.svg", "medias/fichier/2025/compte-rendu.pdf", "corbeille")
    pages += (
        "medias/decrire?f=2025/plan.svg&f=2025/photo-1.png",
        "fiche/2024-P007?champ=photos.1.file&fichier=2025/plan.svg",
    )
    faults = {}
    for address in pages:
        page.goto(f"{office}/{address}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            faults[f"{address} {width}"] = found(page, axe)
    page.locator("#f-photos-1").get_by_role("button", name="Choisir un fichier").click()
    page.locator("dialog").wait_for()
    faults["dialog"] = found(page, axe)
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.id === 'f-photos-1-file'")
    assert {place: what for place, what in faults.items() if what} == {}
