"""The second factor: codes of six digits that a telephone computes (TOTP, RFC 6238), and codes on paper for its loss.

The algorithm is a dozen lines over `hmac`, tested with the vectors of the RFC: a library (pyotp) would be one
dependency more to trust and would still leave to us what matters, that a code opens once.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from urllib.parse import quote

from sqlalchemy import delete, func, select, update

from backoffice.registry.accounts import new_password
from backoffice.registry.database import Registry
from backoffice.registry.schema import Account, RecoveryCode

STEP = 30  # seconds
DIGITS = 6
DRIFT = 1  # steps that a telephone's clock may be away, both ways
RECOVERY_CODES = 10


def new_secret() -> str:
    """160 random bits in base32, as applications for codes read them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, counter: int, digits: int = DIGITS) -> str:
    """The code of a step (RFC 4226, with SHA-1 as every application expects)."""
    mac = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(secret: str, code: str, now: dt.datetime) -> int | None:
    """The step that a typed code belongs to, near `now`; None for a wrong code."""
    typed = "".join(code.split())
    present = int(now.timestamp()) // STEP
    for counter in range(present - DRIFT, present + DRIFT + 1):
        if typed.isascii() and hmac.compare_digest(code_at(secret, counter), typed):
            return counter
    return None


def address(secret: str, login: str, issuer: str) -> str:
    """The `otpauth` address that a QR code carries."""
    label = quote(f"{issuer}:{login}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP}"


def switch_on(registry: Registry, account_id: int, secret: str, step: int) -> list[str]:
    """Ask that account for codes from now on; `step` was just used to prove that it works. Gives codes for paper.

    The secret is stored sealed. Raises NoSealingKey.
    """
    with registry.begin() as transaction:
        account = transaction.get_one(Account, account_id)
        account.totp_secret, account.totp_counter = registry.vault.seal(secret), step
    return new_recovery_codes(registry, account_id)


def switch_off(registry: Registry, account_id: int) -> None:
    """Ask that account for its password alone."""
    with registry.begin() as transaction:
        account = transaction.get_one(Account, account_id)
        account.totp_secret, account.totp_counter = "", 0
        transaction.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def new_recovery_codes(registry: Registry, account_id: int) -> list[str]:
    """Ten codes in place of those before; each opens once."""
    codes = [new_password() for _ in range(RECOVERY_CODES)]
    with registry.begin() as transaction:
        transaction.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
        transaction.add_all(RecoveryCode(account_id=account_id, code_hash=_hash(code)) for code in codes)
    return codes


def codes_left(registry: Registry, account_id: int) -> int:
    """How many codes on paper are still good."""
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    with registry.read() as transaction:
        return transaction.scalar(query) or 0


def verify(registry: Registry, account: Account, code: str, now: dt.datetime) -> bool:
    """True for a code that opens, which then opens no more: of the telephone, or one on paper."""
    secret = registry.vault.opened(account.totp_secret)
    step = step_of(secret, code, now) if secret else None
    if step is None:
        return _use_recovery_code(registry, account.id, code)
    newer = update(Account).where(Account.id == account.id, Account.totp_counter < step).values(totp_counter=step)
    with registry.begin() as transaction:
        return getattr(transaction.execute(newer), "rowcount", 0) == 1


def _use_recovery_code(registry: Registry, account_id: int, code: str) -> bool:
    mine = delete(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.code_hash == _hash(code))
    with registry.begin() as transaction:
        return getattr(transaction.execute(mine), "rowcount", 0) > 0


def _hash(code: str) -> str:
    plain = "".join(character for character in code.lower() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
