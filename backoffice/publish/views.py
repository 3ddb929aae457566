"""Views of publishing: what waits, asking for a publication, its progress, earlier ones. The worker does the work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import pending as waits
from backoffice import telling
from backoffice.i18n import _, ngettext
from backoffice.jobs import queue
from backoffice.jobs.kinds import PUBLISH, ROLLBACK
from backoffice.registry import held
from backoffice.registry.schema import Job
from backoffice.services import account, now, services

bp = Blueprint("publish", __name__)

MOST_LINKS = 30


@bp.get("/publier")
def pending() -> str:
    """What will change on the site, record by record."""
    content, registry = services().content, services().registry
    waiting = waits.changes(content, telling.speaker(), now(), held.held(registry))
    publications = [waits.published(one) for one in content.store.publications(limit=20)]
    return render_template(
        "publish/pending.html",
        changes=waiting.told,
        total=waiting.total,
        more=max(0, waiting.total - waits.MOST_TOLD),
        leaving=waiting.leaving,
        blocking=waiting.blocking,
        commit=content.head(),
        publication=publications[0] if publications else None,
        publications=publications,
        job=queue.running(registry, PUBLISH, ROLLBACK),
    )


@bp.post("/publier/mettre-de-cote/<record_id>")
def hold(record_id: str) -> Response:
    """Keep a record out of the next publications."""
    held.hold(services().registry, record_id, account().id, now())
    flash(_("La fiche %s est mise de côté.") % record_id)
    return redirect(url_for("publish.pending"), 303)


@bp.post("/publier/remettre/<record_id>")
def release(record_id: str) -> Response:
    """Let a record go with the next publication."""
    held.release(services().registry, record_id)
    flash(_("La fiche %s partira avec la prochaine publication.") % record_id)
    return redirect(url_for("publish.pending"), 303)


@bp.post("/publier")
def start() -> Response:
    """Ask the worker to publish what was on the page, not what others saved since."""
    registry = services().registry
    payload = {
        "commit": request.form.get("commit", ""),
        "held": sorted(held.held(registry)),
        "author": account().pseudonym,
    }
    return _ask(PUBLISH, payload)


@bp.post("/publier/revenir/<revision>")
def rollback(revision: str) -> Response:
    """Ask the worker to bring an earlier publication back."""
    if all(one.commit != revision for one in services().content.store.publications(limit=200)):
        abort(404)
    return _ask(ROLLBACK, {"publication": revision, "author": account().pseudonym})


@bp.get("/publier/suivi/<int:job_id>")
def progress(job_id: int) -> str:
    """How far a publication is, then what it gave."""
    job = _job(job_id)
    over = job.state in (queue.DONE, queue.FAILED)
    result: dict[str, Any] = job.result or {}
    heading = _("Retour à une publication précédente") if job.kind == ROLLBACK else _("Publication")
    return render_template(
        "publish/progress.html",
        job=job,
        over=over,
        heading=heading,
        outcome=_outcome(result.get("changed", 0)),
        pages=_links(result.get("records", [])),
        faults=result.get("faults", []),
        notices=result.get("notices", []),
    )


@bp.get("/publier/suivi/<int:job_id>/etat")
def state(job_id: int) -> Response:
    """The same in JSON, for the script of the page."""
    job = _job(job_id)
    over = job.state in (queue.DONE, queue.FAILED)
    return jsonify(over=over, words=_(job.words), done=job.done, total=job.total)


def _ask(kind: str, payload: dict[str, Any]) -> Response:
    registry = services().registry
    running = queue.running(registry, PUBLISH, ROLLBACK)
    if running is not None:
        flash(_("Une publication est déjà en cours : la vôtre pourra suivre."))
        return redirect(url_for("publish.progress", job_id=running.id), 303)
    job = queue.ask(registry, kind, payload, now(), account().id)
    return redirect(url_for("publish.progress", job_id=job.id), 303)


def _outcome(changed: int) -> str:
    if not changed:
        return _("Rien n’avait changé sur le site.")
    words = ngettext("%(num)s fichier du site a changé.", "%(num)s fichiers du site ont changé.", changed)
    return words % {"num": changed}


def _links(record_ids: list[str]) -> list[tuple[str, str]]:
    """Address and title of the records that have a page on the live site."""
    content = services().content
    records = [record for one in record_ids[:MOST_LINKS] if (record := content.record(one)) is not None]
    return [(href, one.display_title) for one in records if (href := content.live_address(one))]


def _job(job_id: int) -> Job:
    job = queue.find(services().registry, job_id)
    if job is None or job.kind not in (PUBLISH, ROLLBACK):
        abort(404)
    return job
