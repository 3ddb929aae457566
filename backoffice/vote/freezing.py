"""Freezing: rule and ballot list as they are when the vote opens, by their fingerprints. Used by a page and a job."""

from __future__ import annotations

import datetime as dt

from backoffice.vote.election import Election
from participation.counting.contest import fingerprint
from participation.messages import mark as _
from participation.problems import LaureatError, errors
from participation.records import Edition, Rule
from participation.records.fields import Plain
from participation.store.snapshot import Snapshot


class CannotFreeze(LaureatError):
    """The rule or the ballot list has faults that would be frozen with it."""


def frozen(election: Election, today: dt.date) -> dict[str, Plain]:
    """The group `frozen` of a rule on that day. Raises CannotFreeze."""
    rule = election.record
    if rule is None:
        raise CannotFreeze(_("L’édition n’a pas encore de règle du vote."), hint=_("Partez d’un modèle."))
    faults = errors(election.problems)
    if faults:
        raise CannotFreeze(faults[0].message, hint=faults[0].file)
    if not election.contest.candidates:
        raise CannotFreeze(_("Aucun projet n’est encore soumis au vote."))
    return {"date": today.isoformat(), "rule": rule.fingerprint(), "projects": fingerprint(election.contest)}


def opening(edition: Edition, today: dt.date) -> bool:
    """True while the vote of an edition is open on that day."""
    for phase in edition.phases:
        if phase.phase == "vote" and phase.start is not None:
            end = phase.end or phase.start
            return phase.start.first() <= today <= end.last()
    return False


def due(snapshot: Snapshot, today: dt.date) -> list[tuple[Election, Rule]]:
    """The votes that are open and whose rule is not frozen yet."""
    found = []
    for edition in snapshot.of_type(Edition):
        election = Election(snapshot, edition)
        if opening(edition, today) and election.record is not None and not election.record.frozen.rule:
            found.append((election, election.record))
    return found
