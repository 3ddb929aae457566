"""Secrets at rest: texts that the registry keeps sealed with a key made from the secret of the installation.

A stolen copy of the registry then gives no second factor away. The key of an installation may be followed by those of
before: what they sealed can still be read, and is sealed anew with the first when the registry is opened.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from participation.messages import mark as _
from participation.problems import LaureatError

MARK = "v1:"
_PURPOSE = b"laureat registry, secrets at rest, 1"  # another use of the same secret gets another key


class NoSealingKey(LaureatError):
    """A secret cannot be kept: the registry was opened without the secret of the installation."""

    def __init__(self) -> None:
        super().__init__(_("Ce secret ne peut pas être gardé\u00a0: la clé de l’installation n’est pas connue ici."))


class Vault:
    """Seals texts with the first of some keys, and opens what any of them has sealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        made = [Fernet(_derived(key)) for key in keys]
        self._newest = made[0] if made else None
        self._any = MultiFernet(made) if made else None

    def seal(self, text: str) -> str:
        """The text as it is stored; "" stays "". Raises NoSealingKey."""
        if not text:
            return ""
        if self._newest is None:
            raise NoSealingKey
        return MARK + self._newest.encrypt(text.encode()).decode()

    def opened(self, sealed: str) -> str:
        """What was sealed; "" for what none of the keys opens. What was stored before there was a seal is itself."""
        if not sealed.startswith(MARK):
            return sealed
        if self._any is None:
            return ""
        try:
            return self._any.decrypt(sealed.removeprefix(MARK).encode()).decode()
        except InvalidToken:
            return ""

    def fresh(self, sealed: str) -> bool:
        """True when the newest key has sealed it, or there is nothing to seal."""
        if not sealed or self._newest is None:
            return True
        if not sealed.startswith(MARK):
            return False
        try:
            self._newest.decrypt(sealed.removeprefix(MARK).encode())
        except InvalidToken:
            return False
        return True


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(key.encode()))
