"""The state of the remote in words: up to date since when, or what waits, and why. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from backoffice.i18n import _, ngettext
from backoffice.jobs import outbox
from backoffice.registry import facts
from backoffice.services import now, services
from participation import messages
from participation.problems import LaureatError


@dataclass(frozen=True, slots=True)
class State:
    """What people read of the remote; `detail` is for the expert alone."""

    well: bool
    words: str
    why: str = ""
    detail: str = ""
    waiting: int = 0
    following: dt.datetime | None = field(default=None)


def current() -> State | None:
    """The state of the remote now; None where this office works alone."""
    settings = services().settings
    if not settings.remote:
        return None
    fact = facts.read(services().registry, facts.REMOTE)
    try:
        waiting = outbox.left_to_send(settings)
    except LaureatError:  # the page itself will say what is wrong with the content
        waiting = 0
    following = _instant(fact, "next")
    if fact.get("failures"):
        why = " ".join(messages.told(one, _) for one in (*fact.get("words", ()), *fact.get("hint", ())))
        return State(False, _sentence(waiting), why, str(fact.get("detail", "")), waiting, following)
    well = _instant(fact, "well")
    if well is None:
        return State(True, _("Premier échange avec le dépôt distant à venir."), waiting=waiting)
    if waiting:
        return State(True, _sentence(waiting), waiting=waiting, following=following)
    return State(True, _("À jour avec le dépôt distant, %s.") % ago(well, now()), following=following)


def _sentence(waiting: int) -> str:
    if not waiting:
        return _("Le dépôt distant ne répond pas ; rien n’attend d’être envoyé.")
    return ngettext(
        "%(num)s enregistrement attend d’être envoyé au dépôt distant.",
        "%(num)s enregistrements attendent d’être envoyés au dépôt distant.",
        waiting,
    ) % {"num": waiting}


def ago(moment: dt.datetime, present: dt.datetime) -> str:
    """`il y a 2 min`; a moment that a clock set back has put into the future is told as now."""
    minutes = int((present - moment).total_seconds() // 60)
    if minutes < 1:
        return _("à l’instant")
    if minutes < 60:
        return _("il y a %s min") % minutes
    hours = minutes // 60
    return _("il y a %s h") % hours if hours < 48 else _("il y a %s jours") % (hours // 24)


def _instant(fact: dict[str, Any], name: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(fact[name]) if fact.get(name) else None
