"""The forms of an import, read: what was sent becomes choices, or sentences on what to mend. No answer is made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backoffice.exchange import choices as chosen
from backoffice.exchange.choices import NEW, Choices, Column, Ground, Unknown
from backoffice.i18n import _
from participation.importing.matched import DATED, MADE, NUMBER, OURS
from participation.importing.people import may_name_people
from participation.importing.table import NAMES
from participation.importing.targets import ID, VERSION

Sent = Mapping[str, str]
Errors = list[tuple[str, str]]  # name of the field, sentence


def read_columns(sent: Sent, columns: Sequence[Column], ground: Ground, before: Choices) -> tuple[Choices, Errors]:
    """What feeds what, and how rows are told apart."""
    found = Choices.of(before.kept())
    found.columns, found.organisations = {}, []
    for place, column in enumerate(columns):
        target = sent.get(f"c{place}", "")
        if column.header and target in ground.by_name:
            found.columns[column.header] = target
        if column.header and sent.get(f"o{place}") == "1":
            found.organisations.append(column.header)
    if chosen.exported(found):
        found.organisations = list(found.columns)
    found.identity = sent.get("identity", "") if sent.get("identity") in (OURS, NUMBER) else OURS
    found.edition = sent.get("edition", "") if sent.get("edition", "") in ground.titles["edition"] else ""
    found.empties, found.lenient = sent.get("empties") == "1", sent.get("lenient") == "1"
    found.nothing = sent.get("nothing", "")[:500]
    return found, _errors(found, columns, ground)


def _errors(found: Choices, columns: Sequence[Column], ground: Ground) -> Errors:
    errors: Errors = []
    headers = {column.header: f"c{place}" for place, column in enumerate(columns)}
    taken: dict[str, str] = {}
    for header, target in found.columns.items():
        label = ground.by_name[target].label(_)
        if target in taken:
            words = _("« %(first)s » et « %(second)s » remplissent le même champ : %(field)s.")
            errors.append((headers[header], words % {"first": taken[target], "second": header, "field": label}))
        taken.setdefault(target, header)
        if header not in found.organisations and needs_word(header, target):
            words = _("« %s » peut nommer des personnes : laissez-la de côté, ou dites qu’elle n’en nomme aucune.")
            errors.append((headers[header], words % header))
    if not set(taken) - {ID, VERSION}:
        errors.append(
            (headers[columns[0].header] if columns else "c0", _("Dites au moins ce que remplit une colonne."))
        )
    errors += _identity_errors(found, taken, ground)
    return errors


def needs_word(header: str, target: str) -> bool:
    """True for a column that enters only when a person has said that it names nobody."""
    return bool(target) and (may_name_people(header) or target in NAMES)


def _identity_errors(found: Choices, taken: Mapping[str, str], ground: Ground) -> Errors:
    type_name = ground.record_type.type_name
    if ID not in taken and "title" not in taken:
        return [
            ("identity", _("Il faut une colonne de numéros ou de titres : elle dit de quelle fiche parle la ligne."))
        ]
    made = type_name in MADE and (ID not in taken or found.identity == NUMBER)
    if not made:
        return []
    if type_name in DATED and DATED[type_name] not in taken:
        return [("identity", _("Sans numéros à vous, il faut la colonne de la date : elle donne l’année du numéro."))]
    if type_name not in DATED and "edition" not in taken and not found.edition:
        return [("edition", _("Choisissez l’édition de ces fiches, ou la colonne qui la donne."))]
    return []


def read_pabulib(sent: Sent, editions: Mapping[str, str], before: Choices) -> tuple[Choices, Errors]:
    """The edition that the projects of a vote's file belong to, and whether those who proposed them may be named."""
    found = Choices.of(before.kept())
    found.edition = sent.get("edition", "") if sent.get("edition", "") in editions else ""
    found.owners = sent.get("owners") == "1"
    return found, [] if found.edition else [("edition", _("Choisissez l’édition de ces projets."))]


def read_words(sent: Sent, asked: Sequence[Unknown], before: Choices) -> tuple[Choices, Errors]:
    """What the unknown words mean: a value, nothing, or something to create. A word without an answer is an error."""
    found = Choices.of(before.kept())
    found.words = {header: dict(words) for header, words in before.words.items()}
    errors: Errors = []
    for place, one in enumerate(asked):
        known = {code for code, _words in one.options}
        for number, word in enumerate(one.words):
            name = f"w{place}-{number}"
            answer = sent.get(name, "?")
            if answer not in known and answer != "" and not (answer == NEW and one.creates):
                errors.append((name, _("Dites ce que veut dire « %s ».") % word))
            else:
                found.words.setdefault(one.header, {})[word] = answer
    return found, errors


def answers(asked: Sequence[Unknown], choices: Choices) -> dict[str, str]:
    """What the page of words starts from: earlier answers, else the value whose words are nearly the same."""
    found = {}
    for place, one in enumerate(asked):
        for number, word in enumerate(one.words):
            earlier = choices.words.get(one.header, {}).get(word)
            found[f"w{place}-{number}"] = earlier if earlier is not None else chosen.likely(one, word) or "?"
    return found
