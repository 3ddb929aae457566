"""The office in English: sentences are found in the catalogue, with or without their values."""

from __future__ import annotations

import io

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from backoffice import i18n

CATALOGUE = """
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);"

msgid "Étape"
msgstr "Step"

msgid "Date"
msgstr "Date"

msgid "%(label)s : %(value)s"
msgstr "%(label)s: %(value)s"

msgid "« %s » n’est pas un nombre."
msgstr "“%s” is not a number."

msgid "« %s » n’est pas un nombre entier."
msgstr "“%s” is not a whole number."

msgid "Ce texte contient %s."
msgstr "This text contains %s."

msgid "un numéro de téléphone"
msgstr "a telephone number"

msgid "%(after)s ne peut pas suivre %(before)s."
msgstr "%(before)s cannot be followed by %(after)s."

msgid "Rendez-vous"
msgid_plural "Rendez-vous"
msgstr[0] "Event"
msgstr[1] "Events"
"""


@pytest.fixture
def english(tmp_path, monkeypatch):
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "laureat.mo").open("wb") as file:
        write_mo(file, read_po(io.StringIO(CATALOGUE)))
    monkeypatch.setattr(i18n, "CATALOGUES", tmp_path)
    i18n.translations.cache_clear()
    yield i18n.translations("en")
    i18n.translations.cache_clear()


SENTENCES = [
    ("Étape", "Step"),
    ("Date", "Date"),
    ("Rendez-vous", "Event"),
    ("« 45O » n’est pas un nombre.", "“45O” is not a number."),
    ("« 4,5 » n’est pas un nombre entier.", "“4,5” is not a whole number."),
    ("Ce texte contient un numéro de téléphone.", "This text contains a telephone number."),
    ("Livré ne peut pas suivre Brouillon.", "Brouillon cannot be followed by Livré."),
    ("Le mot du maire : trop long", "Le mot du maire : trop long"),
    ("Une phrase d’ailleurs.", "Une phrase d’ailleurs."),
]


@pytest.mark.parametrize(("french", "expected"), SENTENCES)
def test_a_sentence_is_translated_even_when_its_values_are_filled_in(english, french, expected):
    assert english.gettext(french) == expected


def test_a_heading_follows_the_number_of_what_it_announces(english):
    assert [english.ngettext("Rendez-vous", "Rendez-vous", count) for count in (1, 3)] == ["Event", "Events"]


def test_a_language_without_a_compiled_catalogue_is_shown_in_french(english):
    assert i18n.translations("de").gettext("Étape") == "Étape"
