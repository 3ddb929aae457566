"""Views of history: of one record, of everything, between two versions. Sentences are the journal's."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import telling
from backoffice.frame import instant
from backoffice.i18n import _
from backoffice.records.listing import LISTED
from backoffice.records.words import WORDS
from backoffice.services import account, now, services
from participation.records import Record

bp = Blueprint("history", __name__)

PER_PAGE = 30


@bp.get("/fiche/<record_id>/historique")
def record(record_id: str) -> str:
    """Everything that was saved on a record, the latest first."""
    current = _record(record_id)
    page = _page_number()
    entries = telling.history(current, PER_PAGE + 1, (page - 1) * PER_PAGE, fields=True)
    return render_template(
        "history/record.html",
        type_name=current.type_name,
        words=WORDS[current.type_name],
        record_id=record_id,
        title=current.display_title,
        entries=entries[:PER_PAGE],
        more=len(entries) > PER_PAGE,
        page=page,
    )


@bp.get("/fiche/<record_id>/comparer")
def compare(record_id: str) -> str:
    """What differs between two versions of a record."""
    current = _record(record_id)
    older, newer = request.args.get("a", ""), request.args.get("b", "")
    return render_template(
        "history/compare.html",
        type_name=current.type_name,
        words=WORDS[current.type_name],
        record_id=record_id,
        heading=_("Comparer deux versions"),
        sentence=current.display_title,
        changes=telling.differences(current, older, newer),
        restorable="",
    )


@bp.get("/fiche/<record_id>/version/<revision>")
def version(record_id: str, revision: str) -> str:
    """What restoring a version would change, from the present one."""
    current = _record(record_id)
    then = telling.moment_of(revision)
    return render_template(
        "history/compare.html",
        type_name=current.type_name,
        words=WORDS[current.type_name],
        record_id=record_id,
        heading=_("La fiche du %s") % instant(then),
        sentence=_("Avant : la fiche d’aujourd’hui. Après : la fiche telle qu’elle était."),
        changes=telling.differences(current, services().content.head(), revision),
        restorable=revision,
    )


@bp.post("/fiche/<record_id>/version/<revision>")
def restore(record_id: str, revision: str) -> Response:
    """Bring a version back, as a new change."""
    current = _record(record_id)
    services().content.restore(current, revision, account(), now())
    flash(_("La version est rétablie. Les versions suivantes restent dans l’historique."))
    return redirect(url_for("records.edit", record_id=record_id), 303)


@bp.get("/historique")
def everything() -> str:
    """What the whole team saved."""
    page = _page_number()
    entries = telling.everything(PER_PAGE + 1, (page - 1) * PER_PAGE)
    return render_template(
        "history/everything.html", entries=entries[:PER_PAGE], more=len(entries) > PER_PAGE, page=page
    )


def _record(record_id: str) -> Record:
    found = services().content.record(record_id)
    if found is None or found.type_name not in LISTED:
        abort(404)
    g.type_name = found.type_name
    return found


def _page_number() -> int:
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
