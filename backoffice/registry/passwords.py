"""What a password may be: long enough, and none of those that everybody tries first. No hash is made here.

No rule asks for capitals, digits or signs, and none expires: long and not known is what helps
(NIST SP 800-63B, CNIL 2022).
"""

from __future__ import annotations

import string
from functools import lru_cache
from pathlib import Path

from participation.messages import mark as _

MIN_PASSWORD = 12
MAX_PASSWORD = 200  # argon2 reads it all: a megabyte would keep a process busy

LIST = Path(__file__).with_name("common-passwords.txt")
ENDS = string.digits + string.punctuation + " "
SIGNS = str.maketrans("013457@$€!", "oieastasei")
FEWEST_LETTERS = 5  # fewer different characters in the whole password make it a pattern


def refusal(password: str, *own: str) -> str:
    """Why this password is refused, as a French sentence; "" when it is good. `own`: the account's address and name."""
    if len(password) < MIN_PASSWORD:
        return _("Le mot de passe est trop court : 12 caractères au moins.")
    if len(password) > MAX_PASSWORD:
        return _("Le mot de passe est trop long : 200 caractères au plus.")
    if is_common(password):
        return _("Ce mot de passe est l’un de ceux que l’on essaie d’abord. Choisissez une courte phrase à vous.")
    if _is_own(password, own):
        return _("Ce mot de passe reprend votre nom ou votre adresse. Choisissez une courte phrase à vous.")
    return ""


def is_common(password: str) -> bool:
    """True for a known password, also with digits and signs around it, letters replaced, or written twice."""
    lowered = password.casefold()
    if len(set(lowered)) < FEWEST_LETTERS:
        return True
    bare = lowered.strip(ENDS)
    forms = {lowered, bare, lowered.translate(SIGNS), bare.translate(SIGNS), lowered.translate(SIGNS).strip(ENDS)}
    forms |= {form[: len(form) // 2] for form in forms if form[: len(form) // 2] * 2 == form}
    return not bare or not forms.isdisjoint(known())


def _is_own(password: str, own: tuple[str, ...]) -> bool:
    bare = password.casefold().strip(ENDS)
    words = {word for text in own for word in (text.casefold(), text.casefold().partition("@")[0])}
    return bare in {word.strip(ENDS) for word in words if word}


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """The list of common ones, read at the first new password of a process."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("# "))
