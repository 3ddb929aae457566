"""The jobs of a vote: freezing what opens today, checking and writing files of ballots, counting, simulating.

What each means is `backoffice.vote`'s and `participation.counting`'s; results are stored as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backoffice import town_time
from backoffice.content import Content
from backoffice.jobs.work import JobRefused, Result, Work, sentences
from backoffice.policy import Right, allowed
from backoffice.registry import accounts, ballot_imports
from backoffice.registry.schema import Account
from backoffice.telling import SERVICE
from backoffice.vote import freezing, intake, simulating
from backoffice.vote.election import Election
from participation.counting.grouping import PATH as GROUPS
from participation.counting.grouping import read_groups
from participation.counting.outcome import outcome_of
from participation.counting.reading import read_vote
from participation.messages import mark as _
from participation.records import PollingPlace, Rule
from participation.store.objects import hash_of
from participation.store.saving import Change


def freeze(work: Work) -> Result:
    """Freeze the rules of votes that are open and nobody has frozen yet; what has faults is left and told."""
    content = Content(work.settings)
    today = town_time.day_of(work.clock())
    done, faults = [], []
    for election, rule in freezing.due(content.snapshot(), today):
        try:
            kept = freezing.frozen(election, today)
        except freezing.CannotFreeze as refused:
            faults.append({"record_id": rule.id, "words": sentences(refused.message, refused.hint)})
            continue
        content.store.save(
            Rule, rule.id, {"frozen": kept}, base_blob=rule.blob, author=SERVICE, when=work.clock(), action="freeze"
        )
        done.append(rule.id)
    return {"records": done, "faults": faults}


def ballots(work: Work) -> Result:
    """Read a file of ballots; say what it would give, or write it."""
    one = ballot_imports.find(work.registry, int(work.job.payload["import"]))
    content = Content(work.settings)
    place = content.record(one.place_id) if one is not None else None
    election = Election.of(content.snapshot(), one.place_id.partition("-")[0]) if one is not None else None
    file = ballot_imports.file_of(work.registry, one.id) if one is not None else None
    if one is None or file is None or not isinstance(place, PollingPlace) or election is None:
        raise JobRefused(_("Ce fichier n’est plus là."), hint=_("Recommencez l’import."))
    if one.stage == "writing" and _is_there(content, one.report["files"]):  # killed just after the commit
        ballot_imports.change(work.registry, one.id, stage="done", content=None)
        return {}
    if place.tally.closed is not None:
        raise JobRefused(_("Ce lieu est déjà clos."), hint=_("Rouvrez-le d’abord, avec une raison."))
    found = intake.read(one, file, election, work.tell)
    work.tell(2, 3, _("Contrôle des bulletins"))
    told = intake.report(found, election)
    if work.job.payload.get("do") != "write":
        ballot_imports.change(work.registry, one.id, report=told, stage="checked")
        return {}
    author = _author(work, Right.COUNT)
    files = intake.files_for(found, election, place)
    day = town_time.day_of(work.clock()).isoformat()
    data = place.with_data({"tally": intake.tally_of(told, "totals" if one.kind == "totals" else "ballots", day)}).data
    change = Change(PollingPlace, place.id, data, place.blob)
    subject = _("Bulletins importés\u00a0: %(place)s (%(count)s bulletins)") % {
        "place": place.display_title,
        "count": told["found"],
    }
    told["files"] = {path: hash_of("blob", data) for path, data in files.items()}
    ballot_imports.change(work.registry, one.id, report=told, stage="writing")
    content.save_votes([change], files, author, work.clock(), subject=subject)
    ballot_imports.change(work.registry, one.id, stage="done", content=None)
    return {}


def _is_there(content: Content, files: Mapping[str, str]) -> bool:
    entries = content.snapshot().entries
    return all(entries.get(path) == blob for path, blob in files.items())


def count(work: Work) -> Result:
    """Count an edition's votes as they are saved now; the outcome as JSON, with the commit that it was counted at."""
    content = Content(work.settings)
    snapshot = content.snapshot()
    edition = str(work.job.payload["edition"])
    work.tell(0, 2, _("Lecture des bulletins"))
    vote = read_vote(snapshot, edition)
    work.tell(1, 2, _("Comptage"))
    places = [one for one in snapshot.of_type(PollingPlace) if one.edition == edition]
    apart = [path for path in snapshot.entries if (match := GROUPS.fullmatch(path)) and match["edition"] == edition]
    groups = read_groups(content for _path, content in snapshot.contents(apart))
    outcome = outcome_of(vote, places, dict(vote.record.public_data(vote.record.data)), groups)
    return {
        "outcome": outcome.plain(),
        "commit": snapshot.commit,
        "warnings": [sentence for problem in vote.problems for sentence in sentences(problem.message, problem.hint)],
        "open": [one.display_title for one in places if one.tally.closed is None],
    }


def simulate(work: Work) -> Result:
    """Count past ballots by another rule, and compare."""
    content = Content(work.settings)
    payload: dict[str, Any] = work.job.payload
    work.tell(0, 2, _("Comptage par les deux règles"))
    return simulating.simulated(content.snapshot(), str(payload["edition"]), payload["rule"])


def _author(work: Work, right: Right) -> Account:
    found = accounts.by_id(work.registry, work.job.account_id or 0)
    if found is None or not allowed(found, right):
        raise JobRefused(_("La personne qui a demandé ce travail n’en a plus le droit."))
    return found
