"""Standard texts: written once in the settings, taken into a reason, shown ready for a letter."""

from __future__ import annotations

import pytest

from tests.backoffice.conftest import fields_of

TEXTS = {
    "standard_texts.1.title": "Refus : voirie privée",
    "standard_texts.1.use": "reason",
    "standard_texts.1.text": "Merci pour « {titre} » ({numéro}). La rue est privée.",
    "standard_texts.2.title": "Accusé de réception",
    "standard_texts.2.use": "letter",
    "standard_texts.2.text": "Nous avons reçu « {titre} », quartier {quartier}, {édition}, service {service}.",
}
PAGE = "/gestion/fiche/2026-0050"
TITLE = "Ouvrir le jardin de la tannerie Roux"


@pytest.fixture
def editor(browser_of):
    """An editor of a town that has two texts."""
    boss, page = browser_of("administrator"), "/gestion/fiche/instance"
    assert boss.post(page, fields_of(boss.get(page).text) | TEXTS).status_code == 303
    return browser_of("editor")


def test_a_standard_text_is_added_to_the_reason_with_the_words_of_the_record(editor):
    typed = fields_of(editor.get(PAGE).text) | {"etat.reason": "Bonjour.", "_text": "1", "_do": "text:etat.reason"}
    shown = fields_of(editor.post(PAGE, typed).text)
    assert shown["etat.reason"] == f"Bonjour.\n\nMerci pour « {TITLE} » (2026-0050). La rue est privée."


def test_asking_for_no_text_changes_nothing(editor):
    typed = fields_of(editor.get(PAGE).text) | {"etat.reason": "Bonjour.", "_text": "", "_do": "text:etat.reason"}
    assert fields_of(editor.post(PAGE, typed).text)["etat.reason"] == "Bonjour."


def test_a_letter_is_shown_ready_to_be_copied(editor):
    assert "/gestion/fiche/2026-0050/texte/2" in editor.get(PAGE).text
    page = editor.get("/gestion/fiche/2026-0050/texte/2").text
    assert f"Nous avons reçu « {TITLE} », quartier Les Tanneries, Édition 2026, service …." in page
    assert editor.get("/gestion/fiche/2026-0050/texte/1").status_code == 404


def test_a_town_without_texts_sees_nothing_of_them(browser_of):
    page = browser_of("editor").get(PAGE).text
    assert [words for words in ("Partir d’un texte type", "Lettres et messages") if words in page] == []
