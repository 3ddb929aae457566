"""E-mail addresses and telephone numbers in free texts: they may be a person's, and what Git has it keeps.

The fields made for an organisation's contacts are not looked at, and what stands in them may be repeated anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records.base import Record

_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_HIDDEN_EMAIL = re.compile(
    r"[\w.+-]{1,64}\s?(?:[(\[]\s?(?:at|arr?obase|chez)\s?[)\]]|\sarr?obase\s)\s?"
    r"[\w-]{1,63}\s?(?:\.|[(\[]?point[)\]]?)\s?\w{2,}",
    re.IGNORECASE,
)
# 01 23 45 67 89 in every French spelling, +33 and 0033, and numbers of other countries after a plus sign: ten digits
# at least, and no sum of money.
_PHONE = re.compile(
    r"(?<![\w/.=+-])(?:0|(?:\+|00)33[\s.-]?(?:\(0\)[\s.-]?)?)[1-9](?:[\s./-]?\d{2}){4}(?![\w/]|[.,-]\d)"
    r"|(?<![\w/=])\+(?!33)\d(?:[\s.()-]{0,2}\d){9,14}+(?!\w|\s?[€%]|\s?euro)"
)
_URL = re.compile(r"https?://\S+")
_STARTS_LIKE_A_PHONE = re.compile(r"0(?:033|[1-9][\s./-]?\d\d[\s./-]?\d\d)")
_HIDING = ("(at)", "[at]", "( at )", "[ at ]", "robase", "(chez)", "[chez]")


def contacts_in(text: str) -> list[str]:
    """The e-mail addresses and telephone numbers in a text, as written; those inside web addresses do not count."""
    if not _worth_a_look(text):
        return []
    text = _URL.sub(" ", text)
    kinds = (_EMAIL, _PHONE, _HIDDEN_EMAIL)
    return [match.group().strip() for kind in kinds for match in kind.finditer(text)]


def _worth_a_look(text: str) -> bool:
    """A quick look before the exact one: nearly all texts end here."""
    if "@" in text or "+" in text or _STARTS_LIKE_A_PHONE.search(text) is not None:
        return True
    return any(sign in text for sign in _HIDING)


def normal(contact: str) -> str:
    """The same contact always as the same text: `+33 1 23…`, `01.23…` and `0123…` are one."""
    if "@" in contact:
        return contact.lower()
    digits = re.sub(r"\(0\)|\D", "", contact)
    return re.sub(r"^(?:0033|33(?=\d{9}$))", "0", digits) or contact.lower()


def known_contacts(records: Iterable[Record]) -> frozenset[str]:
    """The contacts that the instance and its services make public themselves."""
    texts: list[str] = []
    for record in records:
        groups = [record.data, record.data.get("contact", {}), record.data.get("legal", {})]
        texts += [str(group[name]) for group in groups for name in _OFFICIAL if name in group]
    return frozenset(normal(contact) for text in texts for contact in contacts_in(text))


_OFFICIAL = ("email", "phone", "address", "publisher", "host")


def check_contacts(texts: Sequence[tuple[str, str]], known: Container[str]) -> Iterator[Problem]:
    """A warning for each free text that holds a contact which is not officially known."""
    if not _worth_a_look("\n\n\n\n".join([text for _path, text in texts])):
        return
    for path, text in texts:
        for contact in contacts_in(text):
            if normal(contact) not in known:
                kind = (
                    _("une adresse électronique")
                    if re.search(r"[^\d\s.()+/-]", contact)
                    else _("un numéro de téléphone")
                )
                yield Problem(
                    _("Ce texte contient %s.") % kind,
                    field=path,
                    hint=_("Retirez-le s’il est à une personne\u00a0: ce qui est enregistré reste dans l’historique."),
                    severity=Severity.WARNING,
                )
                break
