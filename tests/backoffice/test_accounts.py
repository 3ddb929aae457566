"""Accounts: invitation and lost passwords by link, roles and limits, second factor, sessions, log."""

from __future__ import annotations

import re
import subprocess
from urllib.parse import urlsplit

import pytest

from backoffice.registry import accounts, audit, second_factor
from backoffice.services import KEY
from tests.backoffice.conftest import PASSWORD, ROLES, fields_of

HOME = "/gestion/"
NEW = "quatre tilleuls au bord du bief"
EDITOR, BOSS = 2, 4
CLAIRE = {"name": "Claire M.", "login": "claire@ville.example", "role": "publisher"}


@pytest.fixture
def registry(app):
    return app.extensions[KEY].registry


def link_in(answer) -> str:
    """The address of the one-time link that a page shows."""
    address = re.search(r'id="f-link" value="([^"]+)"', answer.text)[1]
    return urlsplit(address).path


def kinds(registry, **asked) -> list[str]:
    return [event.kind for event in audit.latest(registry, 50, **asked)]


def switch_on(browser) -> tuple[str, list[str]]:
    """Switch the second factor on as a person does; gives the secret and the codes on paper."""
    page = browser.get("/gestion/compte/double-verification")
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)[1].replace(" ", "")
    browser.secret = secret
    shown = browser.post("/gestion/compte/double-verification", {"code": code(browser, secret)})
    return secret, re.findall(r"<code>([a-z0-9-]{19})</code>", shown.text)


def code(browser, secret: str) -> str:
    moment = browser.client.application.extensions[KEY].clock()
    return second_factor.code_at(secret, int(moment.timestamp()) // 30)


# ---------------------------------------------------------------------------------------------- invitations


def test_who_is_invited_chooses_a_password_by_a_link_that_serves_once(browser_of, registry):
    boss = browser_of("administrator")
    link = link_in(boss.post("/gestion/comptes", CLAIRE))
    claire = browser_of(None)
    assert "claire@ville.example" in claire.get(link).text
    assert claire.post(link, {"new": NEW}).status_code == 303
    assert claire.sign_in("claire", NEW).status_code == 303
    assert claire.get(link).status_code == 404
    assert kinds(registry)[:4] == ["signed_in", "link_used", "link_made", "account_made"]


def test_a_link_is_shown_once_and_stored_nowhere(browser_of, tmp_path, registry):
    boss = browser_of("administrator")
    token = link_in(boss.post("/gestion/comptes", CLAIRE)).rpartition("/")[2]
    assert token not in boss.get("/gestion/comptes").text
    assert "Invitation en attente" in boss.get("/gestion/comptes").text
    registry.close()
    assert all(token.encode() not in path.read_bytes() for path in tmp_path.glob("registry.sqlite*"))


def test_a_link_that_is_too_old_unknown_or_used_gets_the_same_page(browser_of, clock):
    boss, claire = browser_of("administrator"), browser_of(None)
    link = link_in(boss.post("/gestion/comptes", CLAIRE))
    clock.forward(days=8)
    pages = {claire.get(address).text for address in (link, "/gestion/acces/nimporte", f"{link}x")}
    assert len(pages) == 1
    assert "plus bon" in pages.pop()


def test_the_page_of_a_link_tells_no_other_page_its_address(browser_of):
    link = link_in(browser_of("administrator").post("/gestion/comptes", CLAIRE))
    assert browser_of(None).get(link).headers["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize(
    ("new", "words"),
    [("", "Écrivez un mot de passe"), ("court", "trop court"), ("motdepasse2026!", "essaie d’abord")],
)
def test_a_password_that_cannot_be_is_refused_and_the_link_stays_good(browser_of, new, words):
    link = link_in(browser_of("administrator").post("/gestion/comptes", CLAIRE))
    claire = browser_of(None)
    claire.get(link)
    answer = claire.post(link, {"new": new})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert claire.post(link, {"new": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (CLAIRE | {"name": ""}, "Écrivez le nom"),
        (CLAIRE | {"login": "editor@ville.example"}, "existe déjà"),
        (CLAIRE | {"role": "wizard"}, "Choisissez un rôle"),
        (CLAIRE | {"role": "contributor"}, "au moins un quartier"),
        (CLAIRE | {"role": "contributor", "zones": "ailleurs"}, "n’existe plus"),
    ],
)
def test_an_invitation_that_cannot_be_says_why(browser_of, pairs, words):
    answer = browser_of("administrator").post("/gestion/comptes", pairs)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_lost_password_is_chosen_anew_by_link_and_the_account_is_out_everywhere(browser_of):
    editor, boss = browser_of("editor"), browser_of("administrator")
    link = link_in(boss.post(f"/gestion/comptes/{EDITOR}/lien"))
    assert editor.get(HOME).status_code == 200
    someone = browser_of(None)
    someone.get(link)
    someone.post(link, {"new": NEW})
    assert editor.get(HOME).status_code == 303
    assert browser_of(None).sign_in("editor").status_code == 422
    assert browser_of(None).sign_in("editor", NEW).status_code == 303


# ---------------------------------------------------------------------------------------------- roles, limits


def test_a_role_that_changes_counts_at_once_and_is_in_the_log(browser_of, registry):
    editor, boss = browser_of("editor"), browser_of("administrator")
    boss.post(f"/gestion/comptes/{EDITOR}", {"role": "reader"})
    assert editor.get("/gestion/nouveau/idea").status_code == 403
    [event] = audit.latest(registry, 5, kind="role_changed")
    assert (event.account_id, event.subject) == (BOSS, "agent-2")
    assert (event.detail["before"], event.detail["after"]) == ("editor", "reader")


def test_limits_are_kept_for_a_contributor_and_dropped_with_the_role(browser_of, registry):
    boss = browser_of("administrator")
    boss.post(f"/gestion/comptes/{EDITOR}", {"role": "contributor", "service": "voirie", "zones": "gare"})
    person = accounts.by_id(registry, EDITOR)
    assert (person.role, person.service, person.zones) == ("contributor", "voirie", "gare")
    assert "Voirie, La Gare" in boss.get("/gestion/comptes").text
    boss.post(f"/gestion/comptes/{EDITOR}", {"role": "editor", "service": "voirie", "zones": "gare"})
    assert accounts.by_id(registry, EDITOR).service == ""


def test_an_account_that_is_switched_off_is_out_at_once_and_its_link_too(browser_of):
    editor, boss, someone = browser_of("editor"), browser_of("administrator"), browser_of(None)
    link = link_in(boss.post(f"/gestion/comptes/{EDITOR}/lien"))
    boss.post(f"/gestion/comptes/{EDITOR}/etat", {"active": "0"})
    assert editor.get(HOME).status_code == 303
    assert someone.sign_in("editor").status_code == 422
    assert someone.get(link).status_code == 404
    boss.post(f"/gestion/comptes/{EDITOR}/etat", {"active": "1"})
    assert browser_of(None).sign_in("editor").status_code == 303


@pytest.mark.parametrize("act", ["", "/etat", "/lien", "/sessions", "/double-verification"])
def test_an_administrator_cannot_lock_themselves_out(browser_of, act):
    boss = browser_of("administrator")
    pairs = {"role": "reader", "active": "0"}
    assert boss.post(f"/gestion/comptes/{BOSS}{act}", pairs).status_code == 404
    assert boss.get("/gestion/comptes").status_code == 200


def test_a_contributor_finds_only_its_own_records_wherever_records_are_told(browser_of, settings):
    """Lists, search, today, history, trash, exports: the zone "gare" is theirs, "tanneries" is not."""
    editor, contributor = browser_of("editor"), browser_of("contributor")
    for record_id, title in (("2026-0050", "Ouvrir le jardin secret"), ("2026-0052", "Un abri repeint")):
        pairs = fields_of(editor.get(f"/gestion/fiche/{record_id}").text) | {"title": title}
        assert editor.post(f"/gestion/fiche/{record_id}", pairs).status_code == 303
    pages = {
        path: contributor.get(f"/gestion/{path}").text
        for path in ("liste/idea", "liste/project", "recherche?q=e", "", "historique", "liste/idea/export?format=csv")
    }
    assert [path for path, text in pages.items() if "jardin" in text or "Lavandières" in text] == []
    assert "Un abri repeint" in pages["liste/idea"]
    assert "Un abri repeint" in pages[""]
    assert "skatepark" in pages["liste/project"]
    editor.post("/gestion/fiche/2026-0050/corbeille", {"confirm": "1"})
    assert "jardin" not in contributor.get("/gestion/corbeille").text
    assert contributor.post("/gestion/corbeille/2026-0050").status_code == 404


def test_a_contributor_saves_its_own_records_and_cannot_give_them_away(browser_of):
    contributor = browser_of("contributor")
    page = "/gestion/fiche/2026-0052"
    pairs = fields_of(contributor.get(page).text)
    assert contributor.post(page, pairs | {"title": "Un abri et un banc"}).status_code == 303
    pairs = fields_of(contributor.get(page).text)
    refused = contributor.post(page, pairs | {"zone": "tanneries"})
    assert refused.status_code == 422
    assert "Votre compte est limité" in refused.text
    assert 'href="#f-zone"' in refused.text


def test_a_contributor_creates_records_in_its_limits_only(browser_of):
    contributor = browser_of("contributor")
    pairs = fields_of(contributor.get("/gestion/nouveau/idea").text) | {"title": "Un préau", "_edition": "2026"}
    assert contributor.post("/gestion/nouveau/idea", pairs | {"zone": "tanneries"}).status_code == 422
    assert contributor.post("/gestion/nouveau/idea", pairs | {"zone": "gare"}).status_code == 303


def test_a_kept_form_is_not_offered_once_its_record_is_beyond_the_limits(browser_of, registry):
    contributor = browser_of("contributor")
    page = "/gestion/fiche/2026-0052"
    pairs = fields_of(contributor.get(page).text) | {"cost": "environ 30k"}
    assert contributor.post(page, pairs).status_code == 422  # refused and kept
    accounts.set_limits(registry, ROLES.index("contributor") + 1, "", ["tanneries"])
    assert contributor.get(f"{page}?reprendre=1").status_code == 404


# ---------------------------------------------------------------------------------------------- second factor


def test_with_a_second_factor_the_password_alone_opens_nothing(browser_of, clock, registry):
    secret, papers = switch_on(browser_of("editor"))
    assert len(papers) == 10
    clock.forward(seconds=60)
    browser = browser_of(None)
    asked = browser.sign_in("editor", next="/gestion/corbeille")
    assert "/gestion/connexion/code" in asked.location
    assert browser.get(HOME).status_code == 303
    browser.get(asked.location)
    opened = browser.post("/gestion/connexion/code", {"code": code(browser, secret), "next": "/gestion/corbeille"})
    assert opened.location == "/gestion/corbeille"
    assert browser.get(HOME).status_code == 200
    assert "factor_on" in kinds(registry)


def test_a_code_opens_once(browser_of, clock):
    secret, _papers = switch_on(browser_of("editor"))
    first, second = browser_of(None), browser_of(None)
    for browser, wanted in ((first, 422), (second, 422)):  # the code that switched it on has served
        browser.sign_in("editor")
        browser.get("/gestion/connexion/code")
        assert browser.post("/gestion/connexion/code", {"code": code(browser, secret)}).status_code == wanted
    clock.forward(seconds=30)
    assert first.post("/gestion/connexion/code", {"code": code(first, secret)}).status_code == 303
    assert second.post("/gestion/connexion/code", {"code": code(second, secret)}).status_code == 422


def test_a_code_on_paper_opens_once(browser_of):
    _secret, papers = switch_on(browser_of("editor"))
    statuses = []
    for _ in range(2):
        browser = browser_of(None)
        browser.sign_in("editor")
        browser.get("/gestion/connexion/code")
        statuses.append(browser.post("/gestion/connexion/code", {"code": papers[0]}).status_code)
    assert statuses == [303, 422]


def test_codes_have_a_delay_of_their_own_that_the_password_does_not_wipe_out(browser_of):
    switch_on(browser_of("editor"))
    browser = browser_of(None)
    texts = []
    for _ in range(6):
        browser.sign_in("editor")
        browser.get("/gestion/connexion/code")
        texts.append(browser.post("/gestion/connexion/code", {"code": "000000"}).text)
    assert ["Trop d’essais" in text for text in texts] == [False, False, False, False, True, True]


def test_the_code_is_awaited_for_ten_minutes_only(browser_of, clock):
    secret, _papers = switch_on(browser_of("editor"))
    browser = browser_of(None)
    browser.sign_in("editor")
    browser.get("/gestion/connexion/code")
    clock.forward(minutes=11)
    answer = browser.post("/gestion/connexion/code", {"code": code(browser, secret)})
    assert answer.location.startswith("/gestion/connexion?")
    assert browser.get(HOME).status_code == 303


def test_nobody_reaches_the_code_without_a_password(browser_of):
    assert browser_of(None).get("/gestion/connexion/code").location.startswith("/gestion/connexion?")


def test_the_factor_is_switched_off_with_the_password_only(browser_of, registry):
    editor = browser_of("editor")
    switch_on(editor)
    editor.post("/gestion/compte/double-verification/arret", {"current": "faux"})
    assert accounts.by_id(registry, EDITOR).totp_secret
    editor.post("/gestion/compte/double-verification/arret", {"current": PASSWORD})
    assert accounts.by_id(registry, EDITOR).totp_secret == ""
    assert second_factor.codes_left(registry, EDITOR) == 0


def test_an_administrator_takes_the_factor_of_who_lost_telephone_and_codes(browser_of, registry):
    editor, boss = browser_of("editor"), browser_of("administrator")
    switch_on(editor)
    boss.post(f"/gestion/comptes/{EDITOR}/double-verification")
    assert editor.get(HOME).status_code == 303
    assert browser_of(None).sign_in("editor").location == HOME


def test_a_wrong_first_code_switches_nothing_on(browser_of, registry):
    editor = browser_of("editor")
    editor.get("/gestion/compte/double-verification")
    assert editor.post("/gestion/compte/double-verification", {"code": "000000"}).status_code == 422
    assert accounts.by_id(registry, EDITOR).totp_secret == ""


# ---------------------------------------------------------------------------------------------- sessions, log


def test_one_device_is_signed_out_by_its_account_or_by_an_administrator(browser_of, registry):
    here, there = browser_of("editor"), browser_of("editor")
    number = re.search(r"/gestion/compte/sessions/(\d+)", here.get("/gestion/compte").text)[1]
    here.post(f"/gestion/compte/sessions/{number}")
    assert (here.get(HOME).status_code, there.get(HOME).status_code) == (200, 303)
    browser_of("administrator").post(f"/gestion/comptes/{EDITOR}/sessions")
    assert here.get(HOME).status_code == 303


def test_nobody_ends_the_session_of_a_colleague(browser_of):
    reader, editor = browser_of("reader"), browser_of("editor")
    for number in range(1, 6):
        reader.post(f"/gestion/compte/sessions/{number}")
    assert editor.get(HOME).status_code == 200


def test_the_log_tells_sign_ins_and_refusals_but_never_what_was_typed(browser_of, registry):
    browser = browser_of(None)
    browser.sign_in("editor", "un mot de passe faux")
    browser.sign_in("mon-mot-de-passe-dans-la-mauvaise-case", "x")
    page = browser_of("administrator").get("/gestion/journal").text
    assert page.count("Connexion refusée") == 3  # two events, one choice of the filter
    assert "mauvaise-case" not in page
    assert [event.account_id for event in audit.latest(registry, 9, kind="sign_in_failed")] == [None, EDITOR]


def test_the_log_is_filtered_and_downloaded_and_its_download_is_in_it(browser_of, registry):
    browser_of("editor")
    boss = browser_of("administrator")
    table = boss.get("/gestion/journal.csv?kind=signed_in&compte=2")
    assert len(table.text.splitlines()) == 2
    assert "Editor" in table.text
    assert kinds(registry, kind="exported") == ["exported"]


def test_a_name_that_looks_like_a_formula_is_no_formula_in_the_download(browser_of):
    boss = browser_of("administrator")
    boss.post("/gestion/comptes", CLAIRE | {"name": "=HYPERLINK(1)"})
    assert ";=" not in boss.get("/gestion/journal.csv").text
    assert "'=HYPERLINK(1)" in boss.get("/gestion/journal.csv").text


def test_git_never_learns_who_an_agent_is(browser_of, settings):
    editor = browser_of("editor")
    pairs = fields_of(editor.get("/gestion/fiche/2024-P012").text) | {"title": "Un skatepark et un banc"}
    assert editor.post("/gestion/fiche/2024-P012", pairs).status_code == 303
    log = subprocess.run(
        ["git", "-C", str(settings.content), "log", "-1", "--format=%an %ae %cn %ce %B"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert log.startswith("agent-2 ")
    assert "Editor" not in log
    assert "ville.example" not in log
