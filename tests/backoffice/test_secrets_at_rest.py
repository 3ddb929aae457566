"""Second factors are sealed in the registry: a stolen copy gives none away, and keys can be changed."""

from __future__ import annotations

import pytest

from backoffice.registry import Registry, accounts, second_factor
from backoffice.registry.schema import Account, Meta
from backoffice.registry.sealing import unlock
from backoffice.registry.vault import NoSealingKey, Vault
from tests.backoffice.town import NOW

OLD, NEW = "1" * 64, "2" * 64
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def registry(tmp_path):
    opened = Registry(f"sqlite:///{tmp_path / 'registry.sqlite'}")
    accounts.invite(opened, "claire@ville.example", "Claire", "editor", NOW)
    yield opened
    opened.close()


def code() -> str:
    return second_factor.code_at(SECRET, int(NOW.timestamp()) // second_factor.STEP)


def opens(registry) -> bool:
    return second_factor.verify(registry, accounts.by_id(registry, 1), code(), NOW)


def test_a_secret_is_in_no_file_of_the_registry_and_its_codes_open(registry, tmp_path):
    unlock(registry, [OLD])
    second_factor.switch_on(registry, 1, SECRET, 0)
    assert [path for path in tmp_path.glob("registry.sqlite*") if SECRET.encode() in path.read_bytes()] == []
    assert opens(registry)


def test_what_an_earlier_version_stored_open_is_sealed_when_the_keys_are_known(registry, tmp_path):
    with registry.begin() as transaction:
        transaction.get_one(Account, 1).totp_secret = SECRET
        transaction.get_one(Meta, "version").value = "2"
    again = Registry(registry.url)
    unlock(again, [OLD])
    assert accounts.by_id(again, 1).totp_secret.startswith("v1:")
    assert opens(again)
    again.close()
    registry.close()
    assert [path for path in tmp_path.glob("registry.sqlite*") if SECRET.encode() in path.read_bytes()] == []


def test_a_key_is_changed_by_putting_another_before_it(registry):
    unlock(registry, [OLD])
    second_factor.switch_on(registry, 1, SECRET, 0)
    sealed = accounts.by_id(registry, 1).totp_secret
    unlock(registry, [OLD])
    assert accounts.by_id(registry, 1).totp_secret == sealed  # nothing to do
    unlock(registry, [NEW, OLD])
    assert accounts.by_id(registry, 1).totp_secret != sealed
    unlock(registry, [NEW])
    assert opens(registry)


def test_with_a_lost_key_codes_on_paper_still_open_and_nothing_is_overwritten(registry):
    unlock(registry, [OLD])
    paper = second_factor.switch_on(registry, 1, SECRET, 0)
    sealed = accounts.by_id(registry, 1).totp_secret
    unlock(registry, [NEW])
    assert not opens(registry)
    assert second_factor.verify(registry, accounts.by_id(registry, 1), paper[0], NOW)
    assert accounts.by_id(registry, 1).totp_secret == sealed
    unlock(registry, [NEW, OLD])
    assert opens(registry)


def test_without_a_key_no_secret_is_stored(registry):
    with pytest.raises(NoSealingKey):
        second_factor.switch_on(registry, 1, SECRET, 0)
    assert accounts.by_id(registry, 1).totp_secret == ""
    assert Vault(()).opened("v1:abc") == Vault([NEW]).opened("v1:abc") == ""
