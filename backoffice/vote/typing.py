"""One line as it was typed on count night: a ballot, or a total of a project."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from backoffice.i18n import _
from backoffice.registry.tally_schema import TallyEntry
from backoffice.vote import sheet
from backoffice.vote.election import Election
from participation.counting.ballots import Ballot, fault
from participation.counting.typed import NotTyped, ballot_of
from participation.records.polling import VOID


class TypedWrong(ValueError):
    """What was typed says nothing that can be counted; nothing was."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent: the text, the reason of a void ballot, the pile it comes from."""

    text: str
    void: str = ""
    zone: str = ""
    youth: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What is kept, and the sentence that says it back."""

    what: dict[str, Any]
    words: str


def read_line(election: Election, entry: TallyEntry, sent: Typed) -> Line:
    """Read a line. Raises TypedWrong."""
    return _ballot(election, sent) if entry.mode == "ballots" else _total(election, entry, sent)


BLANK = frozenset({"b", "blanc"})


def _ballot(election: Election, sent: Typed) -> Line:
    if sent.text.strip().casefold() in BLANK and sent.text.strip().upper() not in sheet.numbers(election):
        sent = replace(sent, text="", void="blank")
    dimensions = election.rule.dimensions
    zone = sent.zone if "zone" in dimensions and sent.zone in election.names else ""
    youth = sent.youth and "youth" in dimensions
    if sent.void:
        if sent.void not in VOID:
            raise TypedWrong(_("Cette raison n’existe pas."))
        ballot = Ballot((), (), zone, youth, sent.void)
        return Line(sheet.plain_of(ballot), _("Bulletin nul : %s.") % _(VOID[sent.void]))
    if not sent.text.strip():
        raise TypedWrong(_("Tapez les numéros du bulletin, ou choisissez « Blanc »."))
    kind = election.rule.paper.kind
    try:
        ballot = ballot_of(sent.text, sheet.numbers(election), election.id, kind, zone=zone, youth=youth)
    except NotTyped as refused:
        raise TypedWrong(_(refused.args[0])) from refused
    reason = fault(ballot, election.rule, election.contest)
    words = sheet.ballot_words(election, ballot)
    if reason:
        told = _("Bulletin %(words)s compté comme nul : %(reason)s. Si c’est une faute de frappe, retirez-le.")
        return Line(sheet.plain_of(ballot), told % {"words": words, "reason": _(VOID[reason])})
    return Line(sheet.plain_of(ballot), _("Bulletin %s.") % words)


def _total(election: Election, entry: TallyEntry, sent: Typed) -> Line:
    """`12` adds a vote to number 12, `12 61` writes its total."""
    if sent.void:
        name = f"void.{sent.void}" if sent.void in VOID else ""
        number = [sent.text.strip()] if sent.text.strip() else []
    else:
        parts = sent.text.replace("=", " ").split()
        if not 1 <= len(parts) <= 2:
            raise TypedWrong(_("Tapez un numéro de projet, ou un numéro et son total : 12 61."))
        project = sheet.numbers(election).get(parts[0].upper().lstrip("0") or "0")
        if project is None:
            raise TypedWrong(_("Le n° %s n’est pas au vote : rien n’est compté.") % parts[0][:20])
        name, number = f"votes.{project}", parts[1:]
    if not name:
        raise TypedWrong(_("Cette raison n’existe pas."))
    before = entry.figures.get(name)
    if number and not (number[0].isdecimal() and int(number[0]) <= sheet.LARGEST):
        raise TypedWrong(_("« %s » n’est pas un nombre.") % number[0][:20])
    after = int(number[0]) if number else (before or 0) + 1
    words = _("%(what)s : %(total)s.") % {"what": sheet.label(election, name), "total": after}
    return Line({"name": name, "before": before, "after": after}, words)
