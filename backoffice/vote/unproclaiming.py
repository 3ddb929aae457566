"""The proclamation of a vote that stands, found in its history, and whether it can still be taken back as one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backoffice.content import Content
from backoffice.i18n import _
from backoffice.lists import bulk
from backoffice.vote.election import Election
from participation.records import Rule
from participation.store.writing import trailers_of

PROCLAIM, UNDO = "proclaim", "undo-proclaim"  # actions of the commits
MOST_TOLD = 10
_LOOKED_AT = 50  # changes of a rule, the latest first


@dataclass(frozen=True, slots=True)
class Proclaimed:
    """Who proclaimed and when; `refused` says why that is not taken back as one any more, "" while it may be."""

    revision: str
    when: dt.datetime
    author: str
    refused: str = ""


def last(content: Content, election: Election, now: dt.datetime) -> Proclaimed | None:
    """The proclamation that stands; None when there is none, or when it was taken back."""
    rule = election.record
    if rule is None or not rule.data.get("announced"):
        return None
    with content.store.repo() as repo:
        for one in repo.log(election.snapshot.commit, rule.path, limit=_LOOKED_AT):
            action = trailers_of(one.message).get("Action", [""])[0]
            if action == UNDO:
                return None
            if action == PROCLAIM:
                break
        else:
            return None
        whole = next(iter(repo.log(one.commit, limit=1)))
    entries = election.snapshot.entries
    moved = any(entries.get(change.path) != change.new for change in whole.changes)
    refused = _told(content, rule, now) or (_changed(content, one.commit) if moved else "")
    return Proclaimed(one.commit, one.when, one.author, refused)


def _told(content: Content, rule: Rule, now: dt.datetime) -> str:
    """Why results that everybody has read are not taken back."""
    if dt.datetime.fromisoformat(rule.data["announced"]) > now:
        return ""
    public = content.published()
    told = content.store.snapshot(public.commit).get(rule.id) if public is not None else None
    if told is None or not told.data.get("announced"):
        return ""
    return _("Les résultats sont déjà annoncés sur le site\u00a0: un projet qui change d’état le dit avec sa raison.")


def _changed(content: Content, revision: str) -> str:
    left = bulk.undoing(content, revision, (PROCLAIM,)).left
    if not left:
        return ""
    names = ", ".join(left[:MOST_TOLD]) + (" …" if len(left) > MOST_TOLD else "")
    return _("Ceci a changé depuis la proclamation\u00a0: %s. Corrigez ces fiches une à une.") % names
