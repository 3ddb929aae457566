"""Signing in, staying in, going out: tokens, cookies, delays, and where one is led afterwards."""

from __future__ import annotations

import re

import pytest

from tests.backoffice.conftest import PASSWORD, Browser

HOME = "/gestion/"


def test_a_good_pair_opens_the_office(browser_of):
    browser = browser_of(None)
    assert browser.sign_in("editor").status_code == 303
    assert "À faire" in browser.get(HOME).text


@pytest.mark.parametrize(("login", "password"), [("editor", "faux"), ("personne", PASSWORD), ("", ""), ("editor", "")])
def test_a_wrong_pair_is_refused_in_words_that_do_not_say_which_is_wrong(browser_of, login, password):
    browser = browser_of(None)
    answer = browser.sign_in(login, password)
    assert answer.status_code == 422
    assert "<title>Erreur" in answer.text
    assert browser.get(HOME).status_code == 303
    if login and password:
        assert "Cette adresse et ce mot de passe ne vont pas ensemble." in answer.text


def test_what_was_typed_is_still_there_but_never_the_password(browser_of):
    answer = browser_of(None).sign_in("editor", "un mot de passe faux")
    assert 'value="editor@ville.example"' in answer.text
    assert "un mot de passe faux" not in answer.text


def test_after_a_few_failures_one_has_to_wait_longer_and_longer(browser_of, clock):
    browser = browser_of(None)
    answers = [browser.sign_in("editor", "faux").text for _ in range(5)]
    assert ["Trop d’essais" in text for text in answers] == [False, False, False, False, True]
    assert browser.sign_in("editor").status_code == 422
    clock.forward(seconds=3)
    assert browser.sign_in("editor").status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser_of):
    cookie = browser_of(None).sign_in("editor").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_cookie_of_before_the_sign_in_opens_nothing_afterwards(app, browser_of):
    browser = browser_of(None)
    browser.get("/gestion/connexion")
    planted = browser.client.get_cookie("laureat").value
    browser.sign_in("editor")
    other = Browser(app)
    other.client.set_cookie("laureat", planted)
    assert other.get(HOME).status_code == 303


def test_signing_out_ends_the_session_on_the_server_too(app, browser_of):
    browser = browser_of("editor")
    stolen = browser.client.get_cookie("laureat").value
    browser.post("/gestion/deconnexion")
    other = Browser(app)
    other.client.set_cookie("laureat", stolen)
    assert other.get(HOME).status_code == 303
    assert browser.get(HOME).status_code == 303


def test_a_session_ends_after_its_hours(browser_of, clock):
    browser = browser_of("editor")
    clock.forward(hours=11)
    assert browser.get(HOME).status_code == 200
    clock.forward(hours=13)
    assert browser.get(HOME).status_code == 303


def test_one_is_led_to_where_one_was_going(browser_of):
    browser = browser_of(None)
    asked = browser.get("/gestion/liste/project?zone=gare")
    target = re.search(r'name="next" value="([^"]+)"', browser.get(asked.location).text)[1]
    assert target == "/gestion/liste/project?zone=gare"
    assert browser.sign_in("editor", next=target).location == target


@pytest.mark.parametrize(
    "target",
    [
        "https://mechant.example/",
        "//mechant.example/",
        "/gestion//mechant.example",
        "/\\mechant.example",
        "/gestion/\\mechant.example",
        "javascript:alert(1)",
        "/ailleurs",
        "/gestion/\r\nSet-Cookie: x=y",
        "",
    ],
)
def test_one_is_never_led_to_another_site(browser_of, target):
    assert browser_of(None).sign_in("editor", next=target).location == HOME


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://mechant.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_form_sent_by_another_site_is_refused(browser_of, headers):
    browser = browser_of("editor")
    answer = browser.post("/gestion/deconnexion", headers=headers)
    assert answer.status_code == 403
    assert browser.get(HOME).status_code == 200


@pytest.mark.parametrize("token", ["", "faux", "IjEyMyI.x.y"])
def test_a_form_without_a_good_token_does_nothing(browser_of, token):
    browser = browser_of("administrator")
    assert browser.post("/gestion/comptes/2", {"role": "reader"}, token=token).status_code == 400
    assert browser.post("/gestion/deconnexion", token=token).status_code == 400
    assert browser.get(HOME).status_code == 200


def test_a_sign_in_page_that_has_expired_asks_once_more(browser_of):
    browser = browser_of(None)
    browser.get("/gestion/connexion")
    pairs = {"login": "editor@ville.example", "password": PASSWORD}
    answer = browser.post("/gestion/connexion", pairs, token="faux")
    assert answer.status_code == 422
    assert "La page avait expiré" in answer.text
    assert browser.get(HOME).status_code == 303


def test_every_form_that_posts_carries_a_token(browser_of):
    browser = browser_of("administrator")
    for path in (
        "",
        "fiche/2024-P007",
        "nouveau/idea",
        "publier",
        "compte",
        "comptes",
        "comptes/2",
        "compte/double-verification",
        "corbeille",
    ):
        text = browser.get(f"/gestion/{path}").text
        forms = re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL)
        assert [form for form in forms if 'name="csrf_token"' not in form] == [], path


def test_one_changes_ones_password_and_the_other_devices_are_signed_out(browser_of):
    here, elsewhere = browser_of("editor"), browser_of("editor")
    new = "une autre phrase assez longue"
    wrong = here.post("/gestion/compte/mot-de-passe", {"current": "faux", "new": new})
    short = here.post("/gestion/compte/mot-de-passe", {"current": PASSWORD, "new": "court"})
    assert (wrong.status_code, short.status_code) == (422, 422)
    assert here.post("/gestion/compte/mot-de-passe", {"current": PASSWORD, "new": new}).status_code == 303
    assert here.get(HOME).status_code == 200
    assert elsewhere.get(HOME).status_code == 303
    assert browser_of(None).sign_in("editor", new).status_code == 303


def test_the_language_of_the_account_goes_before_that_of_the_browser(browser_of):
    browser = browser_of("reader")
    english = {"Accept-Language": "en"}
    assert '<html lang="en">' in browser.get(HOME, headers=english).text
    browser.post("/gestion/compte/langue", {"language": "fr"})
    assert '<html lang="fr">' in browser.get(HOME, headers=english).text
