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


# ------------------------------------------------------------------------------------------------ texts, fonts, sheet


def base_of(page: str) -> str:
    return re.search(r'name="_base" value="([^"]*)"', page)[1]


def write(browser, spot: str, text: str, base: str = "", act: str = "save", **more):
    return browser.post(f"/gestion/apparence/texte/{spot}", {"text": text, "_base": base, "_do": act, **more})


def test_a_text_of_a_page_is_written_looked_at_and_brought_back(boss, file_of):
    assert "Au-dessus des filtres." in boss.get("/gestion/apparence/texte/projets").text
    shown = write(boss, "projets", "## Bonjour\n\n<script>alert(1)</script>\n\nC’est **vous**.", act="look")
    assert ("<h2>Bonjour</h2>" in shown.text, "<strong>vous</strong>" in shown.text) == (True, True)
    assert "<script>alert" not in shown.text
    assert file_of("blocks/projets.md") is None
    assert write(boss, "projets", "La première.").status_code == 303
    page = boss.get("/gestion/apparence/texte/projets").text
    first = base_of(page)
    assert write(boss, "projets", "La seconde.", first).status_code == 303
    assert file_of("blocks/projets.md") == b"La seconde.\n"
    assert f'value="back:{first}"' in boss.get("/gestion/apparence/texte/projets").text
    assert write(boss, "projets", "", act=f"back:{first}").status_code == 303
    assert file_of("blocks/projets.md") == "La première.\n".encode()
    assert write(boss, "projets", "", act=f"back:{'0' * 40}").status_code == 404
    waiting = boss.get("/gestion/publier").text
    assert ("Listes de projets" in waiting, "Nouveau texte\u00a0: «\u00a0La première.\u00a0»" in waiting) == (
        True,
        True,
    )
    assert "Le texte «\u00a0Listes de projets\u00a0» du site change." in boss.get("/gestion/historique").text


def test_what_somebody_else_wrote_meanwhile_is_told_and_both_texts_are_there(boss, file_of):
    write(boss, "accueil", "La première.")
    answer = write(boss, "accueil", "La seconde.")
    assert (answer.status_code, "La première." in answer.text, "La seconde." in answer.text) == (409, True, True)
    assert write(boss, "accueil", "La seconde.", base_of(answer.text)).status_code == 303
    assert file_of("blocks/accueil.md") == b"La seconde.\n"


@pytest.mark.parametrize(
    ("spot", "text", "words"),
    [
        ("accueil", "x" * 21_000, "dépasse 20\u00a0ko"),
        ("footer", "x" * 21_000, "dépasse 20\u00a0ko"),
        ("style", "@import url(https://loin.example/x.css);", "Ligne 1\u00a0: La feuille de style appelle un fichier"),
        ("style", "a{", "accolade"),
    ],
)
def test_a_text_that_cannot_serve_is_refused_and_is_still_in_the_form(boss, file_of, spot, text, words):
    answer = write(boss, spot, text)
    assert (answer.status_code, words in answer.text, text in answer.text) == (422, True, True)
    assert file_of({"style": "style.css", "footer": "footer.md"}.get(spot, "blocks/accueil.md")) is None


def test_a_text_or_language_that_the_site_has_not_is_not_found(boss):
    pages = ("menu", "projets?lang=zz", "../logo")
    assert [boss.get(f"/gestion/apparence/texte/{one}").status_code for one in pages] == [404, 404, 404]


FONT = b"wOF2" + b"\x00\x01\x00\x00" + (60).to_bytes(4, "big") + bytes(48)
FONTS = "/gestion/apparence/polices"


def send_font(browser, content: bytes, name: str = "Ville Grasse.woff2"):
    sent = {"font": (io.BytesIO(content), name), "csrf_token": browser.token}
    return browser._seen(browser.client.post(f"{FONTS}/fichier", data=sent, content_type="multipart/form-data"))


def test_a_font_is_taken_in_used_and_put_away_and_the_rest_of_the_sheet_stays(boss, file_of):
    write(boss, "style", ".lr { color: red; }")
    assert send_font(boss, FONT).status_code == 303
    assert boss.post(FONTS, {"title": "ville-grasse", "text": "serif"}).status_code == 303
    sheet = file_of("style.css").decode()
    assert 'url("fonts/ville-grasse.woff2") format("woff2")' in sheet
    assert sheet.endswith("*/\n.lr { color: red; }\n")
    page = boss.get(FONTS).text
    assert ('value="ville-grasse" selected' in page, 'value="serif" selected' in page) == (True, True)
    assert boss.post(f"{FONTS}/fichier", {"drop": "ville-grasse"}).status_code == 409
    assert boss.post(FONTS, {"title": "", "text": ""}).status_code == 303
    assert file_of("style.css") == b".lr { color: red; }\n"
    assert boss.post(f"{FONTS}/fichier", {"drop": "ville-grasse"}).status_code == 303
    assert file_of("fonts/ville-grasse.woff2") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choisissez un fichier WOFF2."),
        (b"wOFF" + FONT[4:], "pas une police WOFF2"),
        (FONT[:-1], "pas une police"),
    ],
)
def test_a_file_that_is_no_font_is_refused(boss, file_of, content, words):
    answer = send_font(boss, content)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert file_of("fonts/ville-grasse.woff2") is None
