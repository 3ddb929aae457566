"""Taking a public label back: asking the worker for it, and the page that tells how far it is and what it gave."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers.response import Response

from backoffice.audit.noting import note
from backoffice.i18n import _
from backoffice.jobs import queue
from backoffice.jobs.kinds import WITHDRAWAL
from backoffice.progress import watched
from backoffice.registry.schema import Job, Person
from backoffice.services import account, now, services
from participation import messages

bp = Blueprint("withdrawal", __name__)


def public_label(person: Person) -> str:
    """What the site may call that person, "" without consent."""
    return person.public_label if person.consent_on is not None else ""


def ask(person_id: str, label: str) -> Job:
    """Ask the worker to take a label out of the site, the releases that are kept included."""
    payload = {"labels": [label], "person": person_id}
    return queue.ask(services().registry, WITHDRAWAL, payload, now(), account().id)


@bp.get("/personnes/retrait/<int:job_id>")
def show(job_id: int) -> str:
    """How far it is, then what was done."""
    job = _job(job_id)
    result = job.result or {}
    why = [messages.told(one, _) for one in result.get("words", [])] or [_(one) for one in job.error.splitlines()]
    return render_template("people/withdrawal.html", job=job, over=queue.over(job), result=result, why=why)


@bp.get("/personnes/retrait/<int:job_id>/etat")
def state(job_id: int) -> Response:
    """The same in JSON, for the script of the page."""
    return watched(_job(job_id))


@bp.post("/personnes/retrait/<int:job_id>")
def again(job_id: int) -> Response:
    """Try once more what failed."""
    job = _job(job_id)
    labels = job.payload.get("labels", [])
    if job.state != queue.FAILED or not labels:
        flash(_("Il n’y a rien à recommencer."))
        return redirect(url_for("withdrawal.show", job_id=job.id), 303)
    person_id = str(job.payload.get("person", ""))
    new = ask(person_id, str(labels[0]))
    queue.blank(services().registry, job.id)
    note("label_withdrawn", person_id)
    return redirect(url_for("withdrawal.show", job_id=new.id), 303)


def _job(job_id: int) -> Job:
    job = queue.find(services().registry, job_id)
    if job is None or job.kind != WITHDRAWAL:
        abort(404)
    return job
