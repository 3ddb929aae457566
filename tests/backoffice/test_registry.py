"""The registry: accounts, sessions that can be ended, growing delays, kept forms."""

from __future__ import annotations

import datetime as dt
import stat

import pytest

from backoffice.registry import Registry, accounts, attempts, held, kept, sessions
from backoffice.registry.accounts import AccountError
from backoffice.registry.database import RegistryError

NOW = dt.datetime(2025, 11, 24, 9, tzinfo=dt.UTC)
PASSWORD = "une phrase assez longue"


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


@pytest.fixture
def registry(tmp_path):
    opened = Registry(f"sqlite:///{tmp_path / 'registry.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def person(registry):
    return accounts.create(registry, "Nadia@Ville.example ", "Nadia K.", "editor", PASSWORD, NOW)


def test_the_file_of_the_registry_is_for_its_owner_only(registry, tmp_path):
    assert stat.S_IMODE((tmp_path / "registry.sqlite").stat().st_mode) == 0o600


def test_a_registry_of_another_version_is_not_touched(registry, tmp_path):
    from backoffice.registry.schema import Meta

    with registry.begin() as transaction:
        transaction.get_one(Meta, "version").value = "99"
    with pytest.raises(RegistryError, match="autre version"):
        Registry(registry.url)


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
