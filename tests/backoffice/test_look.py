"""The look by form: a logo judged as the site judges it, announcements, colours with their contrast."""

from __future__ import annotations

import io
import re

import pytest

from backoffice.services import KEY
from participation.store import theming
from tests.backoffice.conftest import fields_of

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'
OTHER = LOGO.replace(b"circle", b"ellipse")


@pytest.fixture
def file_of(app):
    """What a file of `theme/` holds now."""
    return lambda name: theming.read(app.extensions[KEY].content.store, name).content


@pytest.fixture
def boss(browser_of):
    made = browser_of("administrator")
    made.get("/gestion/apparence")
    return made


def send(browser, content: bytes):
    sent = {"logo": (io.BytesIO(content), "logo.svg"), "csrf_token": browser.token, "_do": "save"}
    return browser._seen(browser.client.post("/gestion/apparence/logo", data=sent, content_type="multipart/form-data"))


def test_a_logo_is_taken_replaced_taken_back_and_removed(boss, file_of):
    assert send(boss, LOGO).status_code == 303
    assert send(boss, OTHER).status_code == 303
    assert file_of("logo.svg") == OTHER
    boss.post("/gestion/apparence/logo", {"_do": "back"})
    assert file_of("logo.svg") == LOGO
    boss.post("/gestion/apparence/logo", {"_do": "drop"})
    assert file_of("logo.svg") is None
    assert "Le logo de la collectivité change." in boss.get("/gestion/historique").text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choisissez un fichier SVG."),
        (b"GIF89a", "n’est pas un fichier SVG lisible"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "n’est pas admis"),
        (LOGO + b" " * 110_000, "dépasse 100\u00a0ko"),
    ],
)
def test_a_logo_that_cannot_serve_is_refused_with_a_sentence(boss, file_of, content, words):
    answer = send(boss, content)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert file_of("logo.svg") is None


def test_an_announcement_is_written_changed_and_taken_away(boss, file_of):
    base = r'name="lang" value="fr"><input type="hidden" name="_base" value="([^"]*)"'
    for text, kept in (("Le **vote** est ouvert.", b"Le **vote** est ouvert.\n"), ("", None)):
        blob = re.search(base, boss.get("/gestion/apparence").text)[1]
        sent = {"lang": "fr", "_base": blob, "text": text}
        assert boss.post("/gestion/apparence/annonce", sent).status_code == 303
        assert file_of("announce.md") == kept


def test_two_people_who_write_the_announcement_are_told(boss, file_of):
    boss.post("/gestion/apparence/annonce", {"lang": "fr", "_base": "", "text": "La première."})
    answer = boss.post("/gestion/apparence/annonce", {"lang": "fr", "_base": "", "text": "La seconde."})
    assert (answer.status_code, "La sienne\u00a0: La première." in answer.text) == (409, True)
    assert file_of("announce.md") == "La première.\n".encode()


def test_colours_on_which_text_is_hard_to_read_are_told_in_the_form(boss):
    page = "/gestion/fiche/instance"
    boss.post(page, fields_of(boss.get(page).text) | {"look.brand": "#ffcc00"})
    assert "La couleur #ffcc00 se lit mal" in boss.get(page).text
