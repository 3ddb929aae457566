"""Natural persons' data in files of others: which columns may hold them, and contacts taken out of free text.

A name of a column decides nothing alone: a mapping may say that it holds organisations.
"""

from __future__ import annotations

import re
import unicodedata

from participation.checks.contacts import contacts_in

_PERSONAL = frozenset(
    """
    prenom prenoms firstname forename lastname surname fullname patronyme civilite
    email emails mail mails mel courriel courriels telephone telephones tel phone phones mobile portable gsm fax
    auteur auteurs autrice autrices auteure auteures author authors username usernames pseudo pseudonyme login
    proposer proposers proposeur proposant proposante porteur porteurs porteuse porteuses deposant deposante
    demandeur demandeuse contact contacts attendee attendees participant participants voter voters votant votants
    naissance birth birthdate birthday age sexe sex gender iban rib
    """.split()
)
_ALONE = frozenset({"nom", "noms", "nom complet", "nom usuel", "nom de famille", "nom d usage", "nom et adresse"})


def folded(text: str) -> str:
    """Lower case without accents, marks as single spaces: how names of columns are compared."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    bare = "".join(c for c in unicodedata.normalize("NFKD", spaced) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold()))


def may_name_people(column: str) -> bool:
    """True for a column whose name says author, e-mail or first name."""
    words = folded(column)
    if words in _ALONE or "e mail" in words:
        return True
    return any(word in _PERSONAL for word in words.split())


def without_contacts(text: str) -> str:
    """The text with e-mail addresses and telephone numbers taken out; where they stood stays visible."""
    if "mailto:" in text:
        text = text.replace("mailto:", "")
    for contact in contacts_in(text):
        text = text.replace(contact, "(…)")
    return text
