"""Views of the simulator: another rule in the form of a rule, never saved, counted on past ballots and compared."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import keeping
from backoffice.i18n import _, language
from backoffice.jobs import queue
from backoffice.jobs.kinds import SIMULATE
from backoffice.progress import watched
from backoffice.records import formdata, formview, pages, saving
from backoffice.registry.schema import Job
from backoffice.services import account, now, services
from backoffice.vote import beside
from backoffice.vote.rule_views import WORDS, election_or_404
from participation import wording
from participation.counting.reading import rule_from
from participation.counting.templates import TEMPLATES, template
from participation.layout import rule_id
from participation.messages import told
from participation.problems import Problem
from participation.records import Rule
from participation.records.fields import Plain

bp = Blueprint("votesimulator", __name__)

Answer = str | tuple[str, int] | Response
_LEFT = frozenset({"frozen", "corrections", "announced", "decisions", "note"})


@bp.get("/vote/<edition_id>/simulateur")
def begin(edition_id: str) -> str:
    """The rule to begin with: that of an edition, or a template."""
    election = election_or_404(edition_id)
    rules = sorted(election.snapshot.of_type(Rule), key=lambda one: one.id, reverse=True)
    offers = [(name, _(WORDS[name][0]), _(WORDS[name][1])) for name in TEMPLATES]
    return render_template("vote/simulator.html", election=election, rules=rules, offers=offers)


@bp.get("/vote/<edition_id>/simulateur/regle")
def change(edition_id: str) -> str:
    """The form of the rule, filled in from the one that was chosen, or from an earlier simulation."""
    election_or_404(edition_id)
    chosen, job_id = request.args.get("regle", ""), request.args.get("simulation", type=int)
    data: dict[str, Plain] = {}
    if job_id is not None:
        data = dict(_job(job_id).payload["rule"])
    elif chosen in TEMPLATES:
        data = dict(rule_from(template(chosen).encode(), edition_id, f"{chosen}.yml").data)
    elif isinstance(found := services().content.record(chosen), Rule):
        data = dict(found.data)
    kept = {name: plain for name, plain in data.items() if name not in _LEFT}
    return _form(edition_id, formdata.from_data(Rule, kept), [])


@bp.post("/vote/<edition_id>/simulateur/regle")
def ask(edition_id: str) -> Answer:
    """Rows to move, errors to show, or the count."""
    election_or_404(edition_id)
    pairs = formdata.last_values(keeping.sent_pairs())
    act = request.form.get("_do", "save")
    if act == "restore":
        pairs, eye = formdata.put_back(pairs, request.form.get(pages.REMOVED, ""))
        return _form(edition_id, pairs, [], eye)
    if act != "save":
        removed = formdata.removed_by(pairs, act)
        pairs, eye = formdata.rearrange(pairs, act)
        return _form(edition_id, pairs, [], eye, removed)
    reading = saving.read(Rule({}, id=rule_id(edition_id)), pairs)
    if reading.errors:
        return _form(edition_id, pairs, reading.errors), 422
    job = queue.ask(services().registry, SIMULATE, {"edition": edition_id, "rule": reading.data}, now(), account().id)
    return redirect(url_for("votesimulator.show", job_id=job.id), 303)


@bp.get("/vote/simulation/<int:job_id>")
def show(job_id: int) -> str:
    """The two results side by side."""
    job = _job(job_id)
    election = election_or_404(str(job.payload["edition"]))
    kept = job.result or {}
    failed = (
        []
        if job.state != queue.FAILED
        else [
            *(told(one, _) for one in kept.get("words", [])),
            *(" ".join(told(one, _) for one in fault.get("words", [])) for fault in kept.get("faults", [])),
        ]
    )
    found = kept.get("comparison")
    other = Rule(job.payload["rule"], id=rule_id(election.id))
    return render_template(
        "vote/simulated.html",
        election=election,
        job=job,
        over=queue.over(job),
        failed=failed,
        found=found,
        kept=kept,
        money=lambda amount: wording.money(Decimal(amount) / 100, language(), kept.get("currency", "EUR")),
        percent=lambda part: (
            wording.number(round(100 * part / found["ballots"])) if found and found["ballots"] else "–"
        ),
        told=beside.lines(other, election),
        before=beside.lines(election.record, election) if election.record is not None else [],
    )


@bp.get("/vote/simulation/<int:job_id>/etat")
def state(job_id: int) -> Response:
    """How far the worker is, for the script of the page."""
    return watched(_job(job_id))


def _job(job_id: int) -> Job:
    job = queue.find(services().registry, job_id)
    if job is None or job.kind != SIMULATE:
        abort(404)
    return job


def _form(edition_id: str, pairs: formdata.Pairs, errors: list[Problem], eye: str = "", removed: str = "") -> str:
    election = election_or_404(edition_id)
    record = Rule({}, id=rule_id(edition_id))
    content = services().content
    sections: list[Any] = formview.sections(Rule, pairs, errors, pages.finder(record), content.languages(), eye)
    return render_template(
        "vote/simulate.html",
        election=election,
        sections=sections[:-2],  # what follows a vote is no part of a rule to try
        errors=saving.summary(Rule, errors),
        told=beside.lines(beside.typed(record, pairs), election),
        removed=removed,
        limit_words=formview.limit_words,
    )
