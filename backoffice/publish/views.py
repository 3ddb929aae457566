"""Views of publishing: what waits, a second person's verdict, asking for a publication now or later, earlier ones.

What may leave is decided in `reviewing`, the worker does the work, `results` puts its results into words.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import pending as waits
from backoffice import telling
from backoffice.i18n import _, ngettext
from backoffice.jobs import queue
from backoffice.jobs.kinds import PUBLISH, ROLLBACK
from backoffice.pending import Waiting
from backoffice.policy import Right, allowed
from backoffice.progress import watched
from backoffice.publish import results, reviewing
from backoffice.publish.reviewing import ReviewRefused
from backoffice.registry import held, reviews
from backoffice.registry.schema import Job
from backoffice.services import account, now, services
from participation.records.fields import Refused
from participation.records.parts import Status
from participation.store.objects import is_hash

bp = Blueprint("publish", __name__)

MOST_PUBLICATIONS = 200
VERDICTS = {"approve": reviews.APPROVED, "return": reviews.RETURNED}

Answer = str | tuple[str, int] | Response


@bp.get("/publier")
def pending() -> str:
    """What will change on the site, record by record."""
    return _page()


@bp.post("/publier/mettre-de-cote/<path:record_id>")
def hold(record_id: str) -> Response:
    """Keep a record, or a file, out of the next publications."""
    held.hold(services().registry, record_id, account().id, now(), request.form.get("reason", ""))
    flash(_("La fiche %s est mise de côté.") % record_id)
    return redirect(url_for("publish.pending"), 303)


@bp.post("/publier/remettre/<path:record_id>")
def release(record_id: str) -> Response:
    """Let a record go with the next publication."""
    held.release(services().registry, record_id)
    flash(_("La fiche %s partira avec la prochaine publication.") % record_id)
    return redirect(url_for("publish.pending"), 303)


@bp.post("/publier/avis")
def review() -> Answer:
    """Approve what one has read, or send it back to its author with a remark."""
    verdict = VERDICTS.get(request.form.get("_do", ""))
    if verdict is None:
        abort(400)
    try:
        count = reviewing.judge(
            services().content,
            services().registry,
            account(),
            now(),
            commit=_commit(),
            paths=request.form.getlist("path"),
            verdict=verdict,
            remark=request.form.get("remark", ""),
        )
    except ReviewRefused as refused:
        return _page(refused, request.form.get("remark", "")), 409
    if verdict == reviews.APPROVED:
        words = ngettext("%(num)s modification approuvée.", "%(num)s modifications approuvées.", count)
    else:
        words = ngettext(
            "%(num)s modification renvoyée, avec votre remarque.",
            "%(num)s modifications renvoyées, avec votre remarque.",
            count,
        )
    flash(words % {"num": count})
    return redirect(url_for("publish.pending"), 303)


@bp.post("/publier")
def start() -> Answer:
    """Ask the worker to publish what was on the page, not what others saved since; now, or at a chosen moment."""
    registry, latest = services().registry, services().content.published()
    seen = request.form.get("publication")
    if seen is not None and seen != (latest.commit if latest is not None else ""):
        moved = ReviewRefused(
            _("Une autre publication a eu lieu depuis que vous avez ouvert cette page."),
            hint=_("Relisez ce qui va changer maintenant, puis publiez."),
        )
        return _page(moved), 409
    payload = {
        "commit": _commit(),
        "publication": seen or "",
        "held": sorted(held.held(registry)),
        "author": account().pseudonym,
    }
    if request.form.get("_do") == "later":
        return _plan(payload)
    return _ask(PUBLISH, payload)


@bp.post("/publier/annuler/<int:job_id>")
def cancel(job_id: int) -> Response:
    """Give up a planned publication; what an embargo held back is put aside, or it would leave with the next one."""
    job = _job(job_id)
    if not queue.cancel(services().registry, job.id, now()):
        flash(_("Trop tard : cette publication a commencé."))
        return redirect(url_for("publish.progress", job_id=job.id), 303)
    for record_id in job.payload.get("records", []) if job.payload.get("embargo") else []:
        held.hold(services().registry, str(record_id), account().id, now(), _("Fin d’embargo annulée."))
    flash(_("La publication prévue est annulée."))
    return redirect(url_for("publish.pending"), 303)


@bp.post("/publier/revenir/<revision>")
def rollback(revision: str) -> Response:
    """Ask the worker to bring an earlier publication back."""
    if all(one.commit != revision for one in services().content.store.publications(limit=MOST_PUBLICATIONS)):
        abort(404)
    return _ask(ROLLBACK, {"publication": revision, "author": account().pseudonym})


@bp.get("/publier/publication/<revision>")
def publication(revision: str) -> str:
    """What one publication changed, who asked for it and who read it before."""
    content = services().content
    chain = content.store.publications(limit=MOST_PUBLICATIONS)
    found = next((one for one in chain if one.commit == revision), None)
    if found is None:
        abort(404)
    changes = waits.between(content, found.previous or "", found.commit, telling.speaker(), now())
    return render_template(
        "publish/publication.html",
        publication=waits.published(found),
        latest=chain[0].commit == revision,
        changes=changes,
        main=found.main,
    )


@bp.get("/publier/suivi/<int:job_id>")
def progress(job_id: int) -> str:
    """How far a publication is, then what it gave."""
    job = _job(job_id)
    return render_template("publish/progress.html", job=job, **results.told(job))


@bp.get("/publier/suivi/<int:job_id>/etat")
def state(job_id: int) -> Response:
    """The same in JSON, for the script of the page."""
    return watched(_job(job_id))


def _page(refused: ReviewRefused | None = None, remark: str = "") -> str:
    content, registry = services().content, services().registry
    found = reviewing.standing(content, registry, now())
    page = request.args.get("page", 1, type=int)
    pages = max(1, -(-len(found.changes) // waits.MOST_TOLD))
    page = min(max(page, 1), pages)
    waiting = waits.reviewed(content, telling.speaker(), now(), found, account().pseudonym, page)
    told = waiting.told
    publications = [waits.published(one) for one in content.store.publications(limit=20)]
    return render_template(
        "publish/pending.html",
        changes=told,
        total=waiting.total,
        page=page,
        pages=pages,
        page_href=lambda number: url_for("publish.pending", page=number),
        leaving=waiting.leaving,
        blocking=waiting.blocking,
        required=found.required,
        judging=[one for one in told if _may_judge(one)] if found.required else [],
        to_read=sum(1 for one in told if one.stay == reviewing.Stay.TO_REVIEW),
        commit=found.commit,
        publication=publications[0] if publications else None,
        publications=publications,
        planned=[_planned(job) for job in queue.planned(registry, now(), PUBLISH)],
        job=queue.running(registry, now(), PUBLISH, ROLLBACK),
        refused=refused,
        remark=remark,
    )


def _may_judge(one: Waiting) -> bool:
    judged = (reviewing.Stay.TO_REVIEW, reviewing.Stay.RETURNED, "")
    return allowed(account(), Right.REVIEW) and not one.mine and one.stay in judged


def _planned(job: Job) -> dict[str, Any]:
    embargo = bool(job.payload.get("embargo"))
    titles = services().content.index().by_id
    names = [titles[one].title if one in titles else one for one in map(str, job.payload.get("records", []))]
    return {
        "id": job.id,
        "due": job.due,
        "embargo": embargo,
        "titles": names,
        "who": telling.account_name(job.account_id),
    }


def _plan(payload: dict[str, Any]) -> Answer:
    """Publish later: the moment is typed in French, or picked."""
    try:
        moment = dt.datetime.fromisoformat(Status.fields["visible_from"].parse(request.form.get("moment", "")))
    except (Refused, ValueError):
        return _page(ReviewRefused(_("Écrivez le jour et l’heure, par exemple 26/11/2026 9:00."))), 422
    if moment <= now():
        return _page(ReviewRefused(_("Ce moment est déjà passé."), hint=_("Choisissez-en un à venir."))), 422
    queue.ask(services().registry, PUBLISH, {**payload, "scheduled": True}, now(), account().id, due=moment)
    flash(_("La publication est prévue. Ce qui sera enregistré d’ici là attendra la suivante."))
    return redirect(url_for("publish.pending"), 303)


def _ask(kind: str, payload: dict[str, Any]) -> Response:
    registry = services().registry
    running = queue.running(registry, now(), PUBLISH, ROLLBACK)
    if running is not None:
        flash(_("Une publication est déjà en cours : la vôtre pourra suivre."))
        return redirect(url_for("publish.progress", job_id=running.id), 303)
    job = queue.ask(registry, kind, payload, now(), account().id)
    return redirect(url_for("publish.progress", job_id=job.id), 303)


def _commit() -> str:
    """The commit that the page showed; the present one where none is said."""
    commit = request.form.get("commit", "")
    return commit if is_hash(commit) else services().content.head()


def _job(job_id: int) -> Job:
    job = queue.find(services().registry, job_id)
    if job is None or job.kind not in (PUBLISH, ROLLBACK):
        abort(404)
    return job
