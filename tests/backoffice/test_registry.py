"""The registry: accounts, sessions that can be ended, growing delays, kept forms."""

from __future__ import annotations

import datetime as dt
import stat

import pytest

from backoffice.registry import Registry, accounts, attempts, audit, held, kept, links, second_factor, sessions
from backoffice.registry.accounts import AccountError
from backoffice.registry.database import RegistryError
from backoffice.registry.sealing import unlock

NOW = dt.datetime(2025, 11, 24, 9, tzinfo=dt.UTC)
PASSWORD = "une phrase assez longue"


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


@pytest.fixture
def registry(registry_url):
    opened = Registry(registry_url)
    unlock(opened, ["0" * 64])
    yield opened
    opened.close()


@pytest.fixture
def person(registry):
    return accounts.create(registry, "Nadia@Ville.example ", "Nadia K.", "editor", PASSWORD, NOW)


in_a_file = pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)


@in_a_file
def test_the_file_of_the_registry_is_for_its_owner_only(registry, tmp_path):
    assert stat.S_IMODE((tmp_path / "registry.sqlite").stat().st_mode) == 0o600


def test_a_registry_of_another_version_is_not_touched(registry, tmp_path):
    from backoffice.registry.schema import Meta

    with registry.begin() as transaction:
        transaction.get_one(Meta, "version").value = "99"
    with pytest.raises(RegistryError, match="autre version"):
        Registry(registry.url)


FIRST_VERSION = """
CREATE TABLE meta (name VARCHAR(40) NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE accounts (
    id INTEGER NOT NULL PRIMARY KEY, pseudonym VARCHAR(40) NOT NULL UNIQUE, login VARCHAR(200) NOT NULL UNIQUE,
    name VARCHAR(200) NOT NULL, role VARCHAR(40) NOT NULL, password VARCHAR(300) NOT NULL, created DATETIME NOT NULL,
    language VARCHAR(10) NOT NULL, active BOOLEAN NOT NULL
);
INSERT INTO meta VALUES ('version', '1');
INSERT INTO accounts VALUES
    (3, 'agent-3', 'nadia@ville.example', 'Nadia K.', 'editor', 'x', '2025-11-24 09:00:00.000000', 'fr', 1);
"""


def test_a_registry_of_the_first_version_is_opened_and_brought_to_this_one(tmp_path):
    import sqlite3

    from backoffice.registry import schema

    path = tmp_path / "old.sqlite"
    old = sqlite3.connect(path)
    old.executescript(FIRST_VERSION)
    old.close()
    for _ in range(2):
        registry = Registry(f"sqlite:///{path}")
        [person] = accounts.everyone(registry)
        assert (person.login, person.service, person.zones, person.totp_secret) == ("nadia@ville.example", "", "", "")
        accounts.set_limits(registry, person.id, "", [])
        with registry.read() as transaction:
            assert transaction.get_one(schema.Meta, "version").value == str(schema.VERSION)
        registry.close()


@in_a_file
def test_a_registry_made_now_has_the_columns_of_one_that_was_brought_here(registry, tmp_path):
    import sqlite3

    path = tmp_path / "old.sqlite"
    old = sqlite3.connect(path)
    old.executescript(FIRST_VERSION)
    old.close()
    Registry(f"sqlite:///{path}").close()
    columns = []
    for file in (path, tmp_path / "registry.sqlite"):
        opened = sqlite3.connect(file)
        columns.append({row[1:4] for row in opened.execute("PRAGMA table_info(accounts)")})
        opened.close()
    assert columns[0] == columns[1]


def test_each_account_gets_the_next_pseudonym_and_a_clean_login(registry, person):
    other = accounts.create(registry, "claire@ville.example", "", "reader", PASSWORD, NOW)
    assert (person.pseudonym, person.login) == ("agent-1", "nadia@ville.example")
    assert (other.pseudonym, other.name) == ("agent-2", "claire@ville.example")


def test_the_password_is_kept_as_an_argon2id_hash_only(registry, person):
    assert person.password.startswith("$argon2id$")
    assert PASSWORD not in person.password


@pytest.mark.parametrize(
    ("login", "password", "words"),
    [
        ("nadia@ville.example", PASSWORD, "existe déjà"),
        ("", PASSWORD, "pas utilisable"),
        ("deux mots@ville.example", PASSWORD, "pas utilisable"),
        ("autre@ville.example", "court", "trop court"),
        ("autre@ville.example", "x" * 201, "trop long"),
        ("autre@ville.example", "MotDePasse2026!", "essaie d’abord"),
        ("autre@ville.example", "M0tdepa$$e-2026", "essaie d’abord"),
        ("autre@ville.example", "azertyazerty", "essaie d’abord"),
        ("autre@ville.example", "azertyuiop12", "essaie d’abord"),
        ("autre@ville.example", "1234567890123", "essaie d’abord"),
        ("autre@ville.example", "aaaabbbbaaaa", "essaie d’abord"),
        ("nadia.kaci.roux@ville.example", "Nadia.Kaci.Roux!", "votre adresse"),
    ],
)
def test_an_account_that_cannot_be_is_refused(registry, person, login, password, words):
    with pytest.raises(AccountError, match=words):
        accounts.create(registry, login, "", "editor", password, NOW)


def test_a_good_pair_opens_and_a_wrong_one_does_not(registry, person):
    assert accounts.verify(registry, "NADIA@ville.example", PASSWORD).id == person.id
    assert accounts.verify(registry, "nadia@ville.example", "autre chose") is None
    assert accounts.verify(registry, "personne@ville.example", PASSWORD) is None


def test_an_account_that_is_switched_off_opens_nothing(registry, person):
    token = sessions.start(registry, person, NOW, 12, "127.0.0.1", "")
    accounts.set_active(registry, person.id, active=False)
    assert accounts.verify(registry, person.login, PASSWORD) is None
    assert sessions.account_of(registry, token, NOW, 12) is None


def test_a_session_ends_after_its_hours_and_each_visit_puts_the_end_off(registry, person):
    token = sessions.start(registry, person, NOW, 1, "127.0.0.1", "Firefox")
    assert sessions.account_of(registry, token, NOW + minutes(50), 1)[0].id == person.id
    assert sessions.account_of(registry, token, NOW + minutes(100), 1) is not None
    assert sessions.account_of(registry, token, NOW + minutes(200), 1) is None


def test_a_session_that_was_ended_opens_nothing_but_still_tells_whose_it_was(registry, person):
    token = sessions.start(registry, person, NOW, 12, "127.0.0.1", "")
    sessions.end(registry, token, NOW)
    assert sessions.account_of(registry, token, NOW, 12) is None
    assert sessions.former_account(registry, token).id == person.id


def test_the_other_sessions_of_an_account_can_be_ended_together(registry, person):
    mine, other = (sessions.start(registry, person, NOW, 12, "127.0.0.1", "") for _ in range(2))
    here = sessions.account_of(registry, mine, NOW, 12)[1]
    sessions.end_all(registry, person.id, NOW, but=here.id)
    assert sessions.account_of(registry, mine, NOW, 12) is not None
    assert sessions.account_of(registry, other, NOW, 12) is None
    assert [one.id for one in sessions.open_sessions(registry, person.id, NOW)] == [here.id]


@in_a_file
def test_the_token_of_a_session_is_stored_nowhere(registry, person, tmp_path):
    token = sessions.start(registry, person, NOW, 12, "127.0.0.1", "")
    registry.close()
    assert all(token.encode() not in path.read_bytes() for path in tmp_path.iterdir())


def test_the_delay_after_failures_grows_and_then_fades(registry):
    waits = []
    for _ in range(8):
        attempts.failed(registry, "nadia@ville.example", "192.0.2.1", NOW)
        waits.append(attempts.wait(registry, "Nadia@ville.example", "192.0.2.9", NOW))
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32]
    assert attempts.wait(registry, "nadia@ville.example", "192.0.2.9", NOW + minutes(1)) == 0
    assert attempts.wait(registry, "karim@ville.example", "192.0.2.9", NOW) == 0


def test_failures_of_a_clock_that_was_set_back_are_not_waited_for(registry):
    for _ in range(9):
        attempts.failed(registry, "nadia@ville.example", "10.0.0.1", NOW)
    assert attempts.wait(registry, "nadia@ville.example", "10.0.0.1", NOW - minutes(45)) == 0


def test_one_address_that_tries_many_logins_waits_too(registry):
    for number in range(25):
        attempts.failed(registry, f"n{number}@ville.example", "192.0.2.1", NOW)
    assert attempts.wait(registry, "autre@ville.example", "192.0.2.1", NOW) == 64
    assert attempts.wait(registry, "autre@ville.example", "192.0.2.2", NOW) == 0


def test_a_good_sign_in_forgets_the_failures_of_that_login(registry):
    for _ in range(6):
        attempts.failed(registry, "nadia@ville.example", "192.0.2.1", NOW)
    attempts.succeeded(registry, "nadia@ville.example")
    assert attempts.wait(registry, "nadia@ville.example", "192.0.2.1", NOW) == 0


def test_a_kept_form_gives_back_what_was_typed_to_its_author_only(registry, person):
    other = accounts.create(registry, "claire@ville.example", "", "editor", PASSWORD, NOW)
    pairs = [("title", "Un « préau »"), ("need", "Ligne 1\nLigne 2"), ("empty", "")]
    kept.keep(registry, person.id, "/gestion/fiche/2026-0044", "Un préau", pairs, "session", NOW)
    mine = kept.offered(registry, person.id, "/gestion/fiche/2026-0044")
    assert kept.pairs_of(mine) == pairs
    assert kept.offered(registry, other.id, "/gestion/fiche/2026-0044") is None


def test_the_last_form_of_a_page_takes_the_place_of_the_one_before(registry, person):
    for title in ("un", "deux"):
        kept.keep(registry, person.id, "/gestion/fiche/1", title, [("title", title)], "session", NOW)
    assert [one.title for one in kept.mine(registry, person.id)] == ["deux"]


def test_kept_forms_are_forgotten_after_their_days(registry, person):
    kept.keep(registry, person.id, "/gestion/fiche/1", "", [("title", "x")], "session", NOW)
    kept.forget_old(registry, NOW + dt.timedelta(days=29), 30)
    assert len(kept.mine(registry, person.id)) == 1
    kept.forget_old(registry, NOW + dt.timedelta(days=31), 30)
    assert kept.mine(registry, person.id) == []


def test_a_record_held_back_twice_is_released_once(registry, person):
    for _ in range(2):
        held.hold(registry, "2026-0044", person.id, NOW)
    assert held.held(registry) == {"2026-0044"}
    held.release(registry, "2026-0044")
    assert held.held(registry) == set()


def test_who_is_invited_has_no_password_that_opens(registry):
    made = accounts.invite(registry, "claire@ville.example", "Claire M.", "editor", NOW)
    assert made.password == ""
    assert accounts.verify(registry, made.login, "") is None


def test_a_link_opens_once_and_only_in_its_time(registry, person):
    token = links.make(registry, person.id, links.INVITATION, NOW)
    assert links.whose(registry, token, NOW + minutes(60)).id == person.id
    assert links.whose(registry, token, NOW + dt.timedelta(days=8)) is None
    assert links.whose(registry, token[:-1], NOW) is None
    assert [links.use(registry, token, NOW) for _ in range(2)] == [True, False]
    assert links.whose(registry, token, NOW) is None


def test_a_new_link_ends_the_one_before(registry, person):
    first, second = (links.make(registry, person.id, links.RESET, NOW) for _ in range(2))
    assert links.whose(registry, first, NOW) is None
    assert links.whose(registry, second, NOW).id == person.id


def test_the_link_of_a_closed_account_opens_nothing(registry, person):
    token = links.make(registry, person.id, links.RESET, NOW)
    accounts.set_active(registry, person.id, active=False)
    assert links.whose(registry, token, NOW) is None


# RFC 6238, appendix B: the secret of SHA-1 and its codes of eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_rfc(seconds, code):
    assert second_factor.code_at(RFC_SECRET, seconds // 30, digits=8) == code


def test_a_code_opens_once_and_near_its_time_only(registry, person):
    step = int(NOW.timestamp()) // 30
    second_factor.switch_on(registry, person.id, RFC_SECRET, step - 5)
    account = accounts.find(registry, person.login)
    code = second_factor.code_at(RFC_SECRET, step)
    assert not second_factor.verify(registry, account, code, NOW + minutes(2))
    assert [second_factor.verify(registry, account, code, NOW) for _ in range(2)] == [True, False]
    assert not second_factor.verify(registry, account, second_factor.code_at(RFC_SECRET, step - 1), NOW)
    assert second_factor.verify(registry, account, second_factor.code_at(RFC_SECRET, step + 1), NOW)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "é" * 6])
def test_what_is_no_code_opens_nothing(registry, person, code):
    second_factor.switch_on(registry, person.id, RFC_SECRET, 0)
    assert not second_factor.verify(registry, accounts.find(registry, person.login), code, NOW)


def test_a_code_on_paper_opens_once_however_it_is_typed(registry, person):
    codes = second_factor.switch_on(registry, person.id, RFC_SECRET, 0)
    account = accounts.find(registry, person.login)
    typed = codes[0].upper().replace("-", " ")
    assert [second_factor.verify(registry, account, typed, NOW) for _ in range(2)] == [True, False]
    assert second_factor.codes_left(registry, person.id) == second_factor.RECOVERY_CODES - 1


def test_an_event_of_the_audit_log_is_found_by_kind_account_and_subject_and_forgotten_after_a_year(registry, person):
    audit.note(registry, NOW, "signed_in", person.id, address="192.0.2.1")
    audit.note(registry, NOW, "person_read", person.id, "p-abcdef")
    audit.note(registry, NOW, "sign_in_failed", None)
    assert [one.kind for one in audit.latest(registry, 10)] == ["sign_in_failed", "person_read", "signed_in"]
    assert [one.subject for one in audit.latest(registry, 10, kind="person_read")] == ["p-abcdef"]
    assert len(audit.latest(registry, 10, account_id=person.id)) == 2
    assert len(audit.latest(registry, 10, subject="p-abcdef")) == 1
    audit.forget_old(registry, NOW + dt.timedelta(days=366))
    assert audit.latest(registry, 10) == []


def test_one_session_is_ended_by_its_account_only(registry, person):
    other = accounts.create(registry, "claire@ville.example", "", "reader", PASSWORD, NOW)
    token = sessions.start(registry, person, NOW, 12, "127.0.0.1", "")
    here = sessions.account_of(registry, token, NOW, 12)[1]
    sessions.end_one(registry, other.id, here.id, NOW)
    assert sessions.account_of(registry, token, NOW, 12) is not None
    sessions.end_one(registry, person.id, here.id, NOW)
    assert sessions.account_of(registry, token, NOW, 12) is None
