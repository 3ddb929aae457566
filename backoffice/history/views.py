"""Views of history: of one record, of a person's work, of everything; between two versions, and back to one.

Sentences are the journal's; restoring is the store's.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import telling
from backoffice.frame import instant
from backoffice.i18n import _
from backoffice.policy import may_edit
from backoffice.records.listing import EDITED
from backoffice.records.words import WORDS
from backoffice.registry import accounts
from backoffice.services import account, now, services
from participation.records import Record

bp = Blueprint("history", __name__)

PER_PAGE = 30


@bp.get("/fiche/<record_id>/historique")
def record(record_id: str) -> str:
    """Everything that was saved on a record, the latest first; also of one that is in the trash."""
    current = _record(record_id)
    page = _page_number()
    entries = telling.history(current, PER_PAGE + 1, (page - 1) * PER_PAGE, fields=True)
    return render_template(
        "history/record.html",
        **_about(current, record_id),
        title=current.display_title,
        entries=entries[:PER_PAGE],
        more=len(entries) > PER_PAGE,
        page=page,
        gone=services().content.record(record_id) is None,
    )


@bp.get("/fiche/<record_id>/champs")
def fields(record_id: str) -> str:
    """Each field of a record with who gave it its present value."""
    current = _record(record_id)
    return render_template(
        "history/fields.html",
        **_about(current, record_id),
        title=current.display_title,
        fields=telling.last_changes(current),
    )


@bp.get("/fiche/<record_id>/comparer")
def compare(record_id: str) -> str:
    """What differs between two versions of a record."""
    current = _record(record_id)
    older, newer = request.args.get("a", ""), request.args.get("b", "")
    when = {"older": instant(telling.moment_of(older)), "newer": instant(telling.moment_of(newer))}
    return render_template(
        "history/compare.html",
        **_about(current, record_id),
        heading=_("Comparer deux versions"),
        sentence=_("Avant : la fiche du %(older)s. Après : celle du %(newer)s.") % when,
        changes=telling.differences(current, older, newer),
        restorable="",
        whole=[],
        revisions=[older, newer],
    )


@bp.get("/fiche/<record_id>/version/<revision>")
def version(record_id: str, revision: str) -> str:
    """A version of a record, for good: all of it, and what restoring it would change."""
    current = _record(record_id)
    then = telling.moment_of(revision)
    present = services().content.record(record_id) is not None
    return render_template(
        "history/compare.html",
        **_about(current, record_id),
        heading=_("La fiche du %s") % instant(then),
        sentence=_("Avant : la fiche d’aujourd’hui. Après : la fiche telle qu’elle était."),
        changes=telling.differences(current, services().content.head(), revision) if present else [],
        restorable=revision if present else "",
        whole=telling.at_version(current, revision),
        revisions=[revision],
    )


@bp.post("/fiche/<record_id>/version/<revision>")
def restore(record_id: str, revision: str) -> Response:
    """Bring a version back, or one field of it, as a new change."""
    current = _record(record_id)
    if not may_edit(account(), current.type_name):
        abort(403)
    field = request.form.get("field") or None
    services().content.restore(current, revision, account(), now(), field)
    if field is None:
        flash(_("La version est rétablie. Les versions suivantes restent dans l’historique."))
    else:
        flash(_("« %s » est rétabli. Le reste de la fiche n’a pas changé.") % _(current.fields[field].label))
    return redirect(url_for("records.edit", record_id=record_id), 303)


@bp.get("/historique")
def everything() -> str:
    """What the whole team saved, or one person."""
    page = _page_number()
    people = accounts.names(services().registry)
    author = request.args.get("par", "")
    if author and author not in people:
        abort(404)
    entries = telling.everything(PER_PAGE + 1, (page - 1) * PER_PAGE, author)
    return render_template(
        "history/everything.html",
        entries=entries[:PER_PAGE],
        more=len(entries) > PER_PAGE,
        page=page,
        people=sorted(people.items(), key=lambda one: one[1].casefold()),
        author=author,
    )


def _about(current: Record, record_id: str) -> dict[str, Any]:
    return {
        "type_name": current.type_name,
        "words": WORDS[current.type_name],
        "record_id": record_id,
        "editable": may_edit(account(), current.type_name),
    }


def _record(record_id: str) -> Record:
    found = services().content.record(record_id) or telling.in_trash(record_id)
    if found is None or found.type_name not in EDITED:
        abort(404)
    g.type_name = found.type_name
    return found


def _page_number() -> int:
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
