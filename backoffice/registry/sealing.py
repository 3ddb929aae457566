"""Giving a registry the keys of its installation: what lies open in it, or under a former key, is sealed anew."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from backoffice.registry.database import Registry
from backoffice.registry.schema import Account, Session
from backoffice.registry.vault import Vault

SEALED = (Account.totp_secret, Session.id_token)


def unlock(registry: Registry, keys: Sequence[str]) -> None:
    """Seal with the first of these keys from now on, open with any; what is not under the first one is brought there.

    What none of the keys opens stays as it is: a key that was lost may be found again.
    """
    registry.vault = Vault(keys)
    for column in SEALED:
        owner = column.class_
        with registry.read() as transaction:
            rows = transaction.execute(select(owner.id, column).where(column != "")).all()
        stale = [(row_id, sealed) for row_id, sealed in rows if not registry.vault.fresh(sealed)]
        anew = [(row_id, sealed, text) for row_id, sealed in stale if (text := registry.vault.opened(sealed))]
        for row_id, sealed, text in anew:
            same = update(owner).where(owner.id == row_id, column == sealed)
            with registry.begin() as transaction:
                transaction.execute(same.values({column.key: registry.vault.seal(text)}))
        if anew:
            registry.forget_traces()
