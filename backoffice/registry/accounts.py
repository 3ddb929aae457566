"""Accounts: making, finding, passwords. Who may do what is in `backoffice.policy`, sessions beside this module."""

from __future__ import annotations

import datetime as dt
import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backoffice.registry import passwords
from backoffice.registry.database import Registry
from backoffice.registry.passwords import MAX_PASSWORD
from backoffice.registry.schema import Account
from participation.messages import mark as _
from participation.problems import LaureatError

MAX_LOGIN = 200

_HASHER = PasswordHasher()


class AccountError(LaureatError):
    """An account cannot be made or changed as asked."""


def create(
    registry: Registry, login: str, name: str, role: str, password: str, now: dt.datetime, language: str = ""
) -> Account:
    """Make an account with the next pseudonym (`agent-1`, `agent-2`, ...). Raises AccountError."""
    _check_password(password, login, name)
    return _create(registry, login, name, role, _HASHER.hash(password), now, language)


def invite(registry: Registry, login: str, name: str, role: str, now: dt.datetime) -> Account:
    """Make an account that has no password yet: its invitation (`links`) gives it one. Raises AccountError."""
    return _create(registry, login, name, role, "", now)


def _create(
    registry: Registry, login: str, name: str, role: str, hashed: str, now: dt.datetime, language: str = ""
) -> Account:
    login = clean_login(login)
    if not login or len(login) > MAX_LOGIN or any(character.isspace() for character in login):
        raise AccountError(_("Cette adresse électronique n’est pas utilisable."))
    try:
        with registry.begin() as transaction:
            # Accounts are switched off and never deleted, so that a pseudonym never names two people.
            number = (transaction.scalar(select(func.max(Account.id))) or 0) + 1
            account = Account(
                pseudonym=f"agent-{registry.office}-{number}" if registry.office else f"agent-{number}",
                login=login,
                name=name.strip() or login,
                role=role,
                password=hashed,
                created=now,
                language=language,
            )
            transaction.add(account)
        return account
    except IntegrityError as taken:
        raise AccountError(
            _("Un compte existe déjà pour cette adresse."), hint=_("Réinitialisez son mot de passe.")
        ) from taken


def everyone(registry: Registry) -> list[Account]:
    """Every account, oldest first."""
    with registry.read() as transaction:
        return list(transaction.scalars(select(Account).order_by(Account.id)))


def find(registry: Registry, login: str) -> Account | None:
    """The account of that e-mail address."""
    with registry.read() as transaction:
        return transaction.scalar(select(Account).where(Account.login == clean_login(login)))


def by_id(registry: Registry, account_id: int) -> Account | None:
    """The account of that number."""
    with registry.read() as transaction:
        return transaction.get(Account, account_id)


def names(registry: Registry) -> dict[str, str]:
    """Display name by pseudonym, to say in the office who `agent-17` is."""
    with registry.read() as transaction:
        rows = transaction.execute(select(Account.pseudonym, Account.name))
        return {pseudonym: name for pseudonym, name in rows}  # noqa: C416 -- a result has keys(), so dict() misreads it


def verify(registry: Registry, login: str, password: str) -> Account | None:
    """The active account that this login and password open, or None. Takes as long for an unknown login."""
    account = find(registry, login) if len(login) <= MAX_LOGIN else None
    hashed = account.password if account is not None and account.password else _nobodys_hash()
    try:
        _HASHER.verify(hashed, password[:MAX_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    if account is None or not account.active or len(password) > MAX_PASSWORD:
        return None
    if _HASHER.check_needs_rehash(hashed):
        _store_password(registry, account.id, password)
    return account


def set_password(registry: Registry, account_id: int, password: str) -> None:
    """Change a password. Raises AccountError when it is too short or known to everybody."""
    account = by_id(registry, account_id)
    _check_password(password, account.login if account else "", account.name if account else "")
    _store_password(registry, account_id, password)


def refused_password(account: Account, password: str) -> str:
    """Why this account may not have that password, as a French sentence; "" when it may."""
    return passwords.refusal(password, account.login, account.name)


def set_role(registry: Registry, account_id: int, role: str) -> None:
    """Change what an account may do."""
    with registry.begin() as transaction:
        transaction.get_one(Account, account_id).role = role


def set_limits(registry: Registry, account_id: int, service: str, zones: list[str]) -> None:
    """Say which service and zones a contributor is limited to; other roles do not look at it."""
    with registry.begin() as transaction:
        account = transaction.get_one(Account, account_id)
        account.service, account.zones = service[:64], " ".join(zones)


def set_language(registry: Registry, account_id: int, language: str) -> None:
    """Change the language of an account's office; "" follows the browser."""
    with registry.begin() as transaction:
        transaction.get_one(Account, account_id).language = language


def set_active(registry: Registry, account_id: int, active: bool) -> None:
    """Switch an account on or off."""
    with registry.begin() as transaction:
        transaction.get_one(Account, account_id).active = active


def new_password() -> str:
    """A password that can be read over the telephone: four groups of four, about 77 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def clean_login(login: str) -> str:
    """Logins are compared without case nor spaces around."""
    return login.strip().lower()


def _store_password(registry: Registry, account_id: int, password: str) -> None:
    hashed = _HASHER.hash(password)
    with registry.begin() as transaction:
        transaction.get_one(Account, account_id).password = hashed


def _check_password(password: str, *own: str) -> None:
    if why := passwords.refusal(password, *own):
        raise AccountError(why)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_hex(16))
