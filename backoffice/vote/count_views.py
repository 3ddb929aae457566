"""Views of the count before the announcement, and of its proclamation: asked, read, then one reviewed change."""

from __future__ import annotations

import datetime as dt
import hashlib

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import telling, town_time
from backoffice.i18n import _, language, ngettext
from backoffice.jobs import queue
from backoffice.jobs.kinds import COUNT
from backoffice.lists import bulk
from backoffice.progress import watched
from backoffice.records.looks import look_of_state
from backoffice.registry.schema import Job
from backoffice.services import account, now, services
from backoffice.vote import proclaiming, unproclaiming
from backoffice.vote.election import Election
from backoffice.vote.rule_views import election_or_404
from participation.counting.outcome import Outcome, outcome_from_plain
from participation.counting.words import Voice, sentence
from participation.lifecycle import state_code
from participation.messages import mark, told
from participation.records.fields import Refused
from participation.records.polling import VOID
from participation.records.rule import Rule
from participation.store.errors import Conflict
from participation.store.snapshot import Snapshot

bp = Blueprint("votecount", __name__)

Answer = str | tuple[str, int] | Response


def ground_of(snapshot: Snapshot, edition: str) -> str:
    """What a count stands on: every file of the edition but its ideas."""
    start = f"editions/{edition}/"
    found = (
        f"{path} {blob}" for path, blob in snapshot.entries.items() if path.startswith(start) and "/ideas/" not in path
    )
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


@bp.get("/vote/<edition_id>/depouillement")
def show(edition_id: str) -> str:
    """The last count, with a sentence for each project; how far one under way is."""
    election = election_or_404(edition_id)
    job = _last(edition_id)
    if job is not None and not queue.over(job):
        return render_template("vote/count_progress.html", election=election, job=job)
    outcome = _outcome(job)
    kept = (job.result or {}) if job is not None else {}
    failed = (
        []
        if job is None or job.state != queue.FAILED
        else [
            *(told(one, _) for one in kept.get("words", [])),
            *(" ".join(told(one, _) for one in fault.get("words", [])) for fault in kept.get("faults", [])),
        ]
    )
    stale = bool(job and outcome and job.payload.get("ground") != ground_of(election.snapshot, edition_id))
    return render_template(
        "vote/count.html",
        election=election,
        job=job,
        outcome=outcome,
        failed=failed,
        warnings=[told(one, _) for one in kept.get("warnings", [])],
        open_places=kept.get("open", []),
        stale=stale,
        lines=_lines(election, outcome) if outcome is not None else [],
        void=[(_(VOID[code]), number) for code, number in outcome.result.void.items()] if outcome is not None else [],
        amounts=[
            proclaiming.money(outcome, one, language())
            for one in (outcome.result.budget, outcome.result.spent, outcome.result.left)
        ]
        if outcome is not None
        else [],
        ties=[
            [outcome.contest.candidates[one].title or one for one in tie.projects] for tie in outcome.result.undecided
        ]
        if outcome is not None
        else [],
        proclaimed=unproclaiming.last(services().content, election, now()),
        person=telling.person,
    )


def _lines(election: Election, outcome: Outcome) -> list[tuple[str, str, bool, int, str]]:
    """Number, title, won, votes and why, winners first."""
    voice = Voice(outcome.contest, outcome.rule, election.names, language(), _)
    result = outcome.result
    won = list(result.winners)
    others = sorted(result.decided.keys() - set(won), key=lambda one: (-result.votes.get(one, 0), one))
    return [
        (one, voice.title(one), one in result.winners, result.votes.get(one, 0), sentence(result.decided[one], voice))
        for one in [*won, *others]
    ]


@bp.post("/vote/<edition_id>/depouillement")
def ask(edition_id: str) -> Response:
    """Have the votes counted as they are saved now."""
    election = election_or_404(edition_id)
    job = _last(edition_id)
    if job is None or queue.over(job):
        payload = {"edition": election.id, "ground": ground_of(election.snapshot, edition_id)}
        queue.ask(services().registry, COUNT, payload, now(), account().id)
    return redirect(url_for("votecount.show", edition_id=edition_id), 303)


@bp.get("/vote/<edition_id>/depouillement/etat")
def state(edition_id: str) -> Response:
    """How far the worker is, for the script of the page."""
    return watched(_last(edition_id))


@bp.get("/vote/<edition_id>/proclamation")
def proclaim(edition_id: str) -> Answer:
    """What the proclamation would change, to be read before."""
    return _proclamation(edition_id)


@bp.post("/vote/<edition_id>/proclamation")
def proclaimed(edition_id: str) -> Answer:
    """Save the states of all projects as one change; or show what another reserve or another moment gives."""
    election = election_or_404(edition_id)
    job = _last(edition_id)
    outcome = _outcome(job)
    moment, wrong = _moment()
    if request.form.get("_do") != "apply" or wrong or outcome is None or job is None:
        return _proclamation(edition_id, wrong), 422 if wrong else 200
    if job.payload.get("ground") != ground_of(election.snapshot, edition_id) or str(job.id) != request.form.get("job"):
        return _proclamation(edition_id, _("Le vote a changé depuis ce comptage : comptez de nouveau.")), 409
    if outcome.result.undecided:
        return _proclamation(
            edition_id, _("Une égalité attend le tirage au sort : écrivez sa graine dans la règle.")
        ), 409
    steps = proclaiming.plan(election, outcome, _reserve())
    local = town_time.local(now()).replace(microsecond=0)
    announced = moment or local.isoformat()
    changes, moved = proclaiming.changes(election, steps, outcome, local.date().isoformat(), moment, announced)
    if not changes:
        flash(_("Rien à changer : ces projets ne sont plus au vote."))
        return redirect(url_for("votecount.show", edition_id=edition_id), 303)
    subject = mark("Proclamation du vote\u00a0: %s") % election.edition.display_title
    lines = [f"{one.project.display_title}\u00a0: {one.reason}" for one in steps]
    try:
        services().content.save_many(
            changes, account(), now(), subject=subject, lines=lines, action=unproclaiming.PROCLAIM
        )
    except Conflict:
        return _proclamation(edition_id, _("Un projet vient d’être changé par quelqu’un d’autre : relisez.")), 409
    count = len(steps) - len(moved)
    flash(ngettext("%(num)s projet est proclamé.", "%(num)s projets sont proclamés.", count) % {"num": count})
    return redirect(url_for("votecount.show", edition_id=edition_id), 303)


@bp.post("/vote/<edition_id>/proclamation/annuler")
def undo(edition_id: str) -> Response:
    """Take the proclamation back as one change, as long as nobody built on it."""
    election, content = election_or_404(edition_id), services().content
    back = redirect(url_for("votecount.show", edition_id=edition_id), 303)
    standing = unproclaiming.last(content, election, now())
    if standing is None or standing.revision != request.form.get("revision"):
        flash(_("Cette proclamation est déjà annulée."))
        return back
    if standing.refused:
        flash(standing.refused)
        return back
    found = bulk.undoing(content, standing.revision, (unproclaiming.PROCLAIM,))
    subject = f"Annulation\u00a0: {found.subject}"
    content.save_many(found.changes, account(), now(), subject=subject, lines=(), action=unproclaiming.UNDO)
    flash(_("La proclamation est annulée\u00a0: les projets sont de nouveau au vote."))
    return back


def _proclamation(edition_id: str, wrong: str = "") -> str:
    election = election_or_404(edition_id)
    job = _last(edition_id)
    outcome = _outcome(job)
    steps = proclaiming.plan(election, outcome, _reserve()) if outcome is not None else []
    return render_template(
        "vote/proclaim.html",
        election=election,
        job=job,
        outcome=outcome,
        wrong=wrong,
        steps=[(one, look_of_state("project", one.state)) for one in steps],
        moved=[one for one in steps if state_code("project", one.project.data.get("status")) != "on_ballot"],
        reserve=_reserve(),
        moment=request.form.get("moment", ""),
        ties=bool(outcome and outcome.result.undecided),
    )


def _reserve() -> int:
    text = request.form.get("reserve", "0").strip()
    return min(int(text), 500) if text.isdecimal() else 0


def _moment() -> tuple[str, str]:
    """The moment before which nothing shows, as an instant; "" for at once; and what is wrong with it."""
    typed = request.form.get("moment", "").strip()
    if not typed:
        return "", ""
    try:
        kept = Rule.fields["announced"].parse(typed)
        dt.datetime.fromisoformat(kept)
    except (Refused, ValueError):
        return "", _("Écrivez le jour et l’heure, par exemple 26/11/2026 9:00.")
    return kept, ""


def _last(edition_id: str) -> Job | None:
    """The newest count of that edition that was asked for."""
    return queue.newest(services().registry, COUNT, edition=edition_id)


def _outcome(job: Job | None) -> Outcome | None:
    if job is None or job.state != queue.DONE or not job.result or "outcome" not in job.result:
        return None
    return outcome_from_plain(job.result["outcome"])
