"""Who else has a form open: with and without a script, for as long as it is likely, never to oneself."""

from __future__ import annotations

from tests.backoffice.conftest import fields_of

PAGE = "/gestion/fiche/2024-P007"
CALL = f"{PAGE}/presence"


def test_whoever_opens_a_form_is_told_who_else_has_it_open(browser_of):
    editor, publisher = browser_of("editor"), browser_of("publisher")
    assert "a aussi cette fiche ouverte" not in editor.get(PAGE).text
    assert "a aussi cette fiche ouverte" not in editor.get(PAGE).text
    assert "Editor a aussi cette fiche ouverte" in publisher.get(PAGE).text
    assert "a aussi cette fiche ouverte" not in publisher.get("/gestion/fiche/2024-P012").text


def test_a_form_that_was_shown_long_ago_is_no_longer_said_to_be_open(browser_of, clock):
    browser_of("editor").get(PAGE)
    publisher = browser_of("publisher")
    clock.forward(minutes=30)
    assert "a aussi cette fiche ouverte" not in publisher.get(PAGE).text


def test_a_call_keeps_it_open_and_tells_who_came(browser_of, clock):
    editor, publisher = browser_of("editor"), browser_of("publisher")
    editor.get(PAGE)
    assert editor.post(CALL).json == {"words": ""}
    for _minute in range(4):
        clock.forward(minutes=10)
        editor.post(CALL)
    assert "Editor a aussi cette fiche ouverte" in publisher.get(PAGE).text
    assert "Publisher a aussi" in editor.post(CALL).json["words"]


def test_a_form_that_was_closed_is_told_to_nobody(browser_of):
    editor, publisher = browser_of("editor"), browser_of("publisher")
    editor.get(PAGE)
    editor.post(CALL, {"close": "1"})
    assert "a aussi cette fiche ouverte" not in publisher.get(PAGE).text


def test_whoever_may_only_read_has_no_form_open(browser_of):
    reader, publisher = browser_of("reader"), browser_of("publisher")
    reader.get(PAGE)
    assert reader.post(CALL).status_code == 403
    assert "a aussi cette fiche ouverte" not in publisher.get(PAGE).text


def test_a_form_open_for_a_day_loses_no_text_when_its_session_has_ended(browser_of, clock, app):
    editor = browser_of("editor")
    typed = fields_of(editor.get(PAGE).text) | {"title": "Écrit hier soir"}
    clock.forward(hours=24)
    answer = editor.post(PAGE, typed)
    assert (answer.status_code, "/gestion/connexion" in answer.location) == (303, True)
    target = {"next": "/gestion/fiche/2024-P007?reprendre=1"}
    again = editor.sign_in("editor", **target)
    assert again.location == "/gestion/fiche/2024-P007?reprendre=1"
    page = editor.get(again.location).text
    assert "Écrit hier soir" in page
    assert "C’est enregistré" in editor.get(editor.post(PAGE, fields_of(page)).location).text


def test_a_form_whose_token_is_of_another_time_comes_back_with_its_text(browser_of):
    editor = browser_of("editor")
    typed = fields_of(editor.get(PAGE).text) | {"title": "Avec un vieux jeton"}
    answer = editor.post(PAGE, typed, token="vieux")
    assert answer.status_code == 303
    assert "Avec un vieux jeton" in editor.get(answer.location).text


def test_what_was_merged_without_a_question_is_told_with_whose_change_it_is(browser_of):
    editor, publisher = browser_of("editor"), browser_of("publisher")
    mine, theirs = fields_of(editor.get(PAGE).text), fields_of(publisher.get(PAGE).text)
    publisher.post(PAGE, theirs | {"title": "Le titre de l’autre", "votes": "500"})
    page = editor.post(PAGE, mine | {"title": "Mon titre", "budget_voted": "99000"}).text
    assert "Réunis sans question" in page
    rows = page[page.index("Réunis sans question") :]
    assert rows.index("Budget voté") < rows.index(">vous<")
    assert ("<ins>500</ins>" in rows, "Publisher" in rows, "Mon titre" in rows) == (True, True, False)
