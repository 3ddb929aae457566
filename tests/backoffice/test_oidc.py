"""Signing in through an identity provider: what opens a session, what is never believed, and how it ends."""

from __future__ import annotations

import dataclasses
import re
import socket
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import ECKey

from backoffice.app import create_app
from backoffice.oidc_settings import OidcSettings
from backoffice.registry import accounts, audit, identities, links, second_factor, sessions
from backoffice.services import KEY
from backoffice.settings import SettingError, Settings
from tests.backoffice.conftest import Browser
from tests.backoffice.faulty_provider import CLIENT, FaultyProvider

START, BACK, HOME = "/gestion/connexion/fournisseur", "/gestion/connexion/retour", "/gestion/"


@pytest.fixture
def provider(clock, serve_app):
    """A provider on loopback, whose account `claire` opens the editor's."""
    made = FaultyProvider(clock)
    with serve_app(made) as address:
        made.issuer = address
        yield made


@pytest.fixture
def settings(settings, provider):
    return dataclasses.replace(settings, oidc=provider.settings())


@pytest.fixture
def registry(app, provider, clock):
    registry = app.extensions[KEY].registry
    editor = accounts.find(registry, "editor@ville.example")
    assert identities.link(registry, editor.id, provider.issuer, "claire", clock())
    return registry


def go(browser, provider, subject="claire", start=START, **changes):
    """Leave for the provider, say yes there, come back with what it gave (or what `changes` makes of it)."""
    left = browser.get(start)
    assert left.status_code == 303, left.text
    brought = provider.consent(left.location, subject) | changes
    return browser.get(BACK, query_string={name: value for name, value in brought.items() if value is not None})


def told(browser, answer) -> str:
    """The words of the page that one is led to."""
    return browser.get(answer.location).text


@pytest.mark.parametrize("signed", [False, True])
def test_a_linked_identity_opens_a_session_like_a_password(registry, provider, browser_of, signed):
    provider.signed = signed
    browser = browser_of(None)
    assert "Se connecter avec ProConnect" in browser.get("/gestion/connexion").text
    back = go(browser, provider)
    assert back.location == HOME
    assert browser.get(HOME).status_code == 200
    assert len(sessions.open_sessions(registry, 2, provider.clock())) == 1
    [event] = audit.latest(registry, 5, kind="signed_in")
    assert (event.account_id, event.detail) == (2, {"purpose": "ProConnect"})
    browser.get("/gestion/compte")
    browser.post("/gestion/compte/sessions/1")
    assert browser.get(HOME).status_code == 303


def test_one_is_led_to_where_one_wanted_to_go_and_never_elsewhere(registry, provider, browser_of):
    assert go(browser_of(None), provider, start=f"{START}?next=/gestion/corbeille").location == "/gestion/corbeille"
    assert go(browser_of(None), provider, start=f"{START}?next=https://mechant.example/").location == HOME


def test_the_question_holds_no_secret_and_asks_for_proof(registry, provider, browser_of):
    left = browser_of(None).get(START).location
    asked = {name: values[0] for name, values in parse_qs(urlsplit(left).query).items()}
    assert asked["redirect_uri"] == f"http://localhost{BACK}"
    assert (asked["code_challenge_method"], asked["response_type"], asked["client_id"]) == ("S256", "code", CLIENT)
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32


OTHER = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
FAULTS = {
    "nonce": {"claims": {"nonce": "autre"}},
    "audience": {"claims": {"aud": "autre"}},
    "authorized party": {"claims": {"aud": [CLIENT, "autre"]}},
    "expired": {"claims": {"exp": 1_000_000_000}},
    "issued in the future": {"claims": {"iat": 4_000_000_000}},
    "issuer": {"claims": {"iss": "https://mechant.example"}},
    "signature": {"key": OTHER},
    "subject of userinfo": {"said": {"sub": "quelqu’un d’autre"}},
    "subject": {"claims": {"sub": ""}},
    "issuer of the discovery document": {"about": {"issuer": "https://mechant.example"}},
    "address token_endpoint": {"about": {"token_endpoint": "http://mechant.example/token"}},
}


@pytest.mark.parametrize(("reason", "signed"), [*((one, False) for one in FAULTS), ("subject of userinfo", True)])
def test_what_is_not_right_in_an_answer_opens_nothing(registry, provider, browser_of, reason, signed):
    for name, value in FAULTS[reason].items():
        setattr(provider, name, value)
    provider.signed = signed
    browser = browser_of(None)
    back = browser.get(START) if "discovery" in reason else go(browser, provider)
    assert back.location.startswith("/gestion/connexion?")
    assert "n’est pas sûre" in told(browser, back)
    assert browser.get(HOME).status_code == 303
    [event] = audit.latest(registry, 1)
    assert (event.kind, event.detail) == ("sign_in_failed", {"purpose": f"oidc: {reason}"})


@pytest.mark.parametrize(
    ("changes", "reason", "words"),
    [
        ({"state": "autre"}, "state", "n’est pas sûre"),
        ({"state": None}, "state", "n’est pas sûre"),
        ({"iss": "https://mechant.example"}, "issuer of the answer", "n’est pas sûre"),
        ({"iss": None}, "issuer of the answer", "n’est pas sûre"),
        ({"code": None}, "code", "n’est pas sûre"),
        ({"code": "inventé"}, "code refused", "n’est pas sûre"),
        ({"error": "access_denied"}, "error access_denied", "pas allé au bout"),
    ],
)
def test_an_answer_that_was_tampered_with_opens_nothing(registry, provider, browser_of, changes, reason, words):
    browser = browser_of(None)
    assert words in told(browser, go(browser, provider, **changes))
    assert browser.get(HOME).status_code == 303
    assert audit.latest(registry, 1)[0].detail == {"purpose": f"oidc: {reason}"}


def test_an_answer_opens_one_session_once(registry, provider, browser_of, app):
    browser = browser_of(None)
    left = browser.get(START)
    cookie = browser.client.get_cookie("laureat").value
    brought = provider.consent(left.location, "claire")
    assert browser.get(BACK, query_string=brought).location == HOME
    again = Browser(app)
    again.client.set_cookie("laureat", cookie)  # even by a browser that still knows the question
    assert "n’est pas sûre" in told(again, again.get(BACK, query_string=brought))
    stranger = Browser(app)
    assert "a expiré ou a déjà servi" in told(stranger, stranger.get(BACK, query_string=brought))


def test_an_answer_that_comes_too_late_opens_nothing(registry, provider, browser_of, clock):
    browser = browser_of(None)
    brought = provider.consent(browser.get(START).location, "claire")
    clock.forward(minutes=11)
    assert "a expiré" in told(browser, browser.get(BACK, query_string=brought))


def test_keys_that_the_provider_has_changed_are_asked_for_again(registry, provider, browser_of):
    assert go(browser_of(None), provider).location == HOME
    provider.key = provider.published = OTHER
    assert go(browser_of(None), provider).location == HOME
    assert provider.asked.count("/jwks") == 2
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_a_provider_that_does_not_answer_leaves_the_password(settings, clock, app, browser_of):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        silent = f"http://127.0.0.1:{free.getsockname()[1]}"
    oidc = OidcSettings(issuer=silent, client_id=CLIENT, client_secret="x")
    other = create_app(dataclasses.replace(settings, oidc=oidc), clock)
    try:
        browser = Browser(other)
        page = told(browser, browser.get(START))
        assert "ne répond pas" in page
        assert "votre mot de passe" in page
        assert browser.sign_in("editor").location == HOME
    finally:
        other.extensions[KEY].registry.close()


def test_an_identity_without_an_account_is_told_so(registry, provider, browser_of):
    browser = browser_of(None)
    assert "aucun compte n’est relié" in told(browser, go(browser, provider, "inconnu"))
    assert len(accounts.everyone(registry)) == 5


def test_an_account_that_was_switched_off_stays_shut(registry, provider, browser_of):
    accounts.set_active(registry, 2, active=False)
    browser = browser_of(None)
    assert "désactivé" in told(browser, go(browser, provider))


@pytest.mark.parametrize(
    ("said", "vouches", "opened"),
    [
        ({"given_name": "Nora", "usual_name": "Petit", "email_verified": True}, False, True),
        ({"given_name": "Nora", "usual_name": "Petit"}, True, True),
        ({}, False, False),  # nobody says that the address was verified
        ({"email_verified": False}, True, False),
        ({"email": "nora@ailleurs.example", "email_verified": True}, False, False),
        ({"email": "editor@ville.example", "email_verified": True}, False, False),  # is there, and not taken over
    ],
)
def test_a_domain_that_the_settings_allow_gets_a_readers_account(
    settings, clock, app, provider, browser_of, said, vouches, opened
):
    oidc = provider.settings(domains=("ville.example",), vouches=vouches)
    other = create_app(dataclasses.replace(settings, oidc=oidc), clock)
    registry = other.extensions[KEY].registry
    provider.said = said
    try:
        browser = Browser(other)
        back = go(browser, provider, "nora")
        assert (back.location == HOME) is opened
        made = accounts.find(registry, "nora@ville.example")
        assert (made is not None) is opened
        if opened:
            assert (made.role, made.name) == ("reader", "Nora Petit")
            assert go(Browser(other), provider, "nora").location == HOME
        assert len(accounts.everyone(registry)) == (6 if opened else 5)
    finally:
        registry.close()


def test_an_invitation_links_an_identity_in_place_of_a_password(registry, provider, browser_of, clock, app):
    made = accounts.invite(registry, "nora@ville.example", "Nora", "editor", clock())
    token = links.make(registry, made.id, links.INVITATION, clock())
    browser = browser_of(None)
    page = browser.get(f"/gestion/acces/{token}").text
    start = re.search(r'href="([^"]+invitation=[^"]+)"', page)[1]
    assert go(browser, provider, "nora", start).location == HOME
    assert links.whose(registry, token, clock()) is None
    assert go(Browser(app), provider, "nora").location == HOME
    assert "ProConnect" in browser_of("administrator").get("/gestion/comptes").text
    stranger = Browser(app)
    assert stranger.get(f"{START}?invitation={token}").location == f"/gestion/acces/{token}"
    assert identities.of(registry, made.id, provider.issuer).subject == "nora"


def test_one_links_ones_own_account_and_an_identity_opens_one_account_only(registry, provider, browser_of, app):
    reader = browser_of("reader")
    assert "un autre compte" in told(reader, go(reader, provider, "claire", "/gestion/compte/fournisseur"))
    page = told(reader, go(reader, provider, "rene", "/gestion/compte/fournisseur"))
    assert "Votre compte est relié" in page
    assert go(Browser(app), provider, "rene").location == HOME
    reader.get("/gestion/compte")
    reader.post("/gestion/compte/fournisseur/detacher")
    other = Browser(app)
    assert "aucun compte" in told(other, go(other, provider, "rene"))


def test_another_site_cannot_have_an_account_linked(registry, provider, browser_of):
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert browser_of("reader").get("/gestion/compte/fournisseur", headers=elsewhere).status_code == 403


def test_an_account_without_a_password_is_not_shut_out_by_its_own_hand(registry, provider, browser_of, clock):
    made = accounts.invite(registry, "nora@ville.example", "Nora", "editor", clock())
    identities.link(registry, made.id, provider.issuer, "nora", clock())
    nora = browser_of(None)
    go(nora, provider, "nora")
    nora.get("/gestion/compte")
    assert "plus d’entrée" in told(nora, nora.post("/gestion/compte/fournisseur/detacher"))
    boss = browser_of("administrator")
    boss.get(f"/gestion/comptes/{made.id}")
    assert boss.post(f"/gestion/comptes/{made.id}/identite").status_code == 303
    assert nora.get(HOME).status_code == 303
    assert identities.of(registry, made.id, provider.issuer) is None


@pytest.mark.parametrize(("acr", "asked"), [("double", False), ("simple", True), ("", True)])
def test_a_second_factor_is_not_asked_twice(settings, clock, app, registry, provider, acr, asked):
    oidc = provider.settings(acr=("double",))
    other = create_app(dataclasses.replace(settings, oidc=oidc), clock)
    second_factor.switch_on(other.extensions[KEY].registry, 2, second_factor.new_secret(), 0)
    provider.claims = {"acr": acr}
    try:
        browser = Browser(other)
        left = browser.get(START).location
        assert parse_qs(urlsplit(left).query)["acr_values"] == ["double"]
        back = browser.get(BACK, query_string=provider.consent(left, "claire"))
        assert ("/connexion/code" in back.location) is asked
        assert (browser.get(HOME).status_code == 303) is asked
    finally:
        other.extensions[KEY].registry.close()


def test_signing_out_ends_the_session_of_the_provider_too(registry, provider, browser_of):
    browser = browser_of(None)
    go(browser, provider)
    browser.get("/gestion/compte")
    out = browser.post("/gestion/deconnexion")
    page = browser.get(out.location).text
    [address] = set(re.findall(rf'(?:href|content)="(?:0; url=)?({re.escape(provider.issuer)}/end[^"]+)"', page))
    asked = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
    assert asked["post_logout_redirect_uri"] == ["http://localhost/gestion/connexion"]
    assert asked["id_token_hint"][0].count(".") == 2
    assert browser.get(HOME).status_code == 303


def test_what_the_provider_said_is_stored_sealed_and_goes_with_the_session(registry, provider, browser_of, tmp_path):
    browser = browser_of(None)
    go(browser, provider)
    [row] = sessions.open_sessions(registry, 2, provider.clock())
    assert row.id_token.startswith("v1:")
    browser.get("/gestion/compte")
    browser.post("/gestion/deconnexion")
    with registry.read() as transaction:
        assert transaction.get(type(row), row.id).id_token == ""


def test_without_a_provider_there_is_neither_button_nor_address(settings, clock, app):
    other = create_app(dataclasses.replace(settings, oidc=None), clock)
    try:
        browser = Browser(other)
        assert "ProConnect" not in browser.get("/gestion/connexion").text
        assert [browser.get(path).status_code for path in (START, BACK)] == [404, 303]
    finally:
        other.extensions[KEY].registry.close()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"LAUREAT_OIDC_ISSUER": "http://fournisseur.example"}, "https"),
        ({"LAUREAT_OIDC_CLIENT_ID": ""}, "CLIENT_ID"),
        ({"LAUREAT_OIDC_CLIENT_SECRET": ""}, "CLIENT_SECRET"),
        ({"LAUREAT_OIDC_SCOPES": "email"}, "openid"),
        ({"LAUREAT_OIDC_CLIENT_SECRET_FILE": "/nowhere/at/all"}, "SECRET_FILE"),
    ],
)
def test_a_provider_that_is_half_described_stops_the_start(tmp_path, changes, words):
    whole = {
        "LAUREAT_VAR": str(tmp_path),
        "LAUREAT_OIDC_ISSUER": "https://fournisseur.example",
        "LAUREAT_OIDC_CLIENT_ID": "laureat",
        "LAUREAT_OIDC_CLIENT_SECRET": "secret",
        "LAUREAT_OIDC_ACR": "eidas2 eidas3",
    }
    found = Settings.from_environment(whole).oidc
    assert (found.acr, found.name) == (("eidas2", "eidas3"), "ProConnect")
    with pytest.raises(SettingError, match=words):
        Settings.from_environment(whole | changes)
