"""Views of lists and forms: each parses, asks the content, answers. Pages are made in `pages`, data in `saving`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import keeping, limits, telling, town_time
from backoffice.i18n import _
from backoffice.lists import page as lists
from backoffice.media import choosing
from backoffice.media.keeping import trashed
from backoffice.places import placing
from backoffice.records import beginnings, formdata, pages, saving, states
from backoffice.records import conflict as clashing
from backoffice.records.lines import key_of
from backoffice.records.listing import EDITED, LISTED
from backoffice.records.pages import FormPage
from backoffice.records.words import WORDS, Numbered
from backoffice.registry import kept
from backoffice.services import account, now, services
from backoffice.texts import filling
from participation.problems import Problem
from participation.records import Record
from participation.store.errors import Conflict, InvalidRecord, RecordExists, StillReferenced

bp = Blueprint("records", __name__)

Answer = str | tuple[str, int] | Response

# A zone is what pages, filters and subscriptions are about: while records name it, it is not thrown away.
NEVER_LEFT_NAMELESS = ("zone",)

_COMMIT = re.compile(r"[0-9a-f]{40}")


@bp.get("/liste/<type_name>")
def listing(type_name: str) -> str:
    """The list of a type, searched, filtered, sorted."""
    if type_name not in LISTED:
        abort(404)
    changed = request.args.get("lot", "")
    query = lists.query_of(type_name, request.args)
    return lists.render(query, changed=changed if _COMMIT.fullmatch(changed) else "")


@bp.route("/nouveau/<type_name>", methods=["GET", "POST"])
def create(type_name: str) -> Answer:
    """An empty form, or one filled in from another record; once sent, a record with a number of its own."""
    if type_name not in LISTED:
        abort(404)
    blank = LISTED[type_name]({})
    page = url_for("records.create", type_name=type_name)
    if request.method == "POST":
        return _sent(blank, page)
    pairs, series = _state_pairs(), ""
    model = services().content.record(request.args.get("depuis", ""))
    if model is not None and limits.sees(model.data):
        pairs = beginnings.pairs_from(model, LISTED[type_name]) | pairs
        series = beginnings.series_from(model, LISTED[type_name])
    return _form(blank, page, pairs, "", series)


@bp.get("/fiche/<record_id>")
def edit(record_id: str) -> str:
    """The form of a record, as it is now or as it was left."""
    record = _record(record_id)
    pairs = formdata.from_data(type(record), record.data) | _state_pairs()
    return _form(record, url_for("records.edit", record_id=record_id), pairs, record.blob)


@bp.post("/fiche/<record_id>")
def save(record_id: str) -> Answer:
    """Save the form of a record."""
    current = _record(record_id)
    base = request.form.get("_base", "") or current.blob
    before = services().content.version(current, base)
    return _sent(before, url_for("records.edit", record_id=record_id))


@bp.post("/fiche/<record_id>/choix")
def resolve(record_id: str) -> Answer:
    """Save after choosing between two versions: the same save again, with an answer for each field asked about."""
    current = _record(record_id)
    content = services().content
    before = content.version(current, request.form.get("_base", ""))
    page = url_for("records.edit", record_id=record_id)
    pairs = formdata.last_values(keeping.sent_pairs())
    reading = saving.read(before, pairs)
    if reading.errors:
        return _refused(before, page, pairs, reading.errors)
    try:
        try:
            content.save(before, reading.data, account(), now())
        except Conflict as asked:
            chosen = clashing.decide(type(before), asked, request.form)
            if chosen is None or asked.blob != request.form.get("_theirs"):
                raise
            content.save(content.version(current, asked.blob), chosen, account(), now())
    except Conflict as again:
        return _ask(before, again, page)
    return _saved(record_id, page)


@bp.post("/fiche/<record_id>/corbeille")
def discard(record_id: str) -> Answer:
    """Put a record into the trash; one that others name is asked about a second time."""
    record = _record(record_id)
    if record.type_name not in LISTED:
        abort(404)
    page = url_for("records.edit", record_id=record_id)
    forced = request.form.get("confirm") == "1" and record.type_name not in NEVER_LEFT_NAMELESS
    try:
        services().content.discard(record, account(), now(), even_if_cited=forced)
    except StillReferenced as cited:
        flash(_(cited.message))
        pairs = formdata.from_data(type(record), record.data) | _state_pairs()
        ask = record.type_name not in NEVER_LEFT_NAMELESS
        return FormPage(record, pairs, record.blob, page, confirm_discard=ask).render(), 409
    kept.drop(services().registry, account().id, page)
    flash(_("« %s » est dans la corbeille.") % record.display_title)
    return redirect(url_for("records.listing", type_name=record.type_name), 303)


@bp.get("/corbeille")
def trash() -> str:
    """What was removed and can come back."""
    files = trashed(services().content)
    return render_template("records/trash.html", items=telling.trash(), files=files, person=telling.person)


@bp.post("/corbeille/<record_id>")
def undelete(record_id: str) -> Response:
    """Take a record out of the trash."""
    services().content.undelete(record_id, account(), now())
    flash(_("La fiche %s est rétablie.") % record_id)
    return redirect(url_for("records.edit", record_id=record_id), 303)


def _record(record_id: str) -> Record:
    record = services().content.record(record_id)
    if record is None or record.type_name not in EDITED:
        abort(404)
    return record


def _form(record: Record, page: str, pairs: formdata.Pairs, base: str, series: str = "") -> str:
    """The form as it stands, or what this person left unsaved when they ask for it."""
    left = keeping.offered(account(), page)
    chosen = WORDS[record.type_name].numbered is Numbered.EDITION
    series = series or (services().content.current_edition() if chosen else "")
    if left is None or request.args.get("reprendre") != "1":
        return FormPage(record, choosing.chosen(type(record), pairs), base, page, kept=left, series=series).render()
    sent = kept.pairs_of(left)
    told = dict(sent)
    return FormPage(
        record,
        choosing.chosen(type(record), formdata.last_values(sent)),
        told.get("_base", base),
        page,
        resumed=left,
        series=told.get(pages.SERIES, series),
    ).render()


def _sent(before: Record, page: str) -> Answer:
    """A form was sent: rows to move, errors to show, two versions to choose from, or saved."""
    pairs = formdata.last_values(keeping.sent_pairs())
    act = request.form.get("_do", "save")
    if act.startswith(choosing.ACT):
        return redirect(choosing.leave(page, before, pairs, act.removeprefix(choosing.ACT)), 303)
    if act == "restore":
        pairs, eye = formdata.put_back(pairs, request.form.get(pages.REMOVED, ""))
        return _again(before, page, pairs, eye=eye).render()
    if (placed := placing.act(type(before), pairs, act, services().content)) is not None:
        return _again(before, page, placed.pairs, sought=placed.sought).render()
    chosen = request.form.get(filling.CHOSEN, "")
    if (worded := filling.act(before, pairs, act, chosen, services().content)) is not None:
        return _again(before, page, worded).render()
    if act != "save":
        removed = formdata.removed_by(pairs, act)
        pairs, eye = formdata.rearrange(pairs, act)
        return _again(before, page, pairs, eye=eye, removed=removed).render()
    pairs, reference_errors = saving.named(type(before), pairs, services().content.index())
    reading = saving.read(before, pairs)
    series, series_errors = saving.series_of(before, reading.data, request.form.get(pages.SERIES, ""), now())
    if errors := reference_errors + reading.errors + series_errors:
        return _refused(before, page, pairs, errors)
    if not before.blob and WORDS[before.type_name].numbered is Numbered.TYPED:
        before = type(before)({}, id=series)
    try:
        record_id = services().content.save(before, reading.data, account(), now(), series)
    except InvalidRecord as invalid:
        faults = [replace(one, field=pages.SERIES) if one.field == "id" else one for one in invalid.problems]
        return _refused(before, page, pairs, faults)
    except RecordExists:
        taken = Problem(_("Cet identifiant est déjà pris."), field=pages.SERIES)
        return _refused(type(before)({}), page, pairs, [taken])
    except Conflict as asked:
        return _ask(before, asked, page)
    return _saved(key_of(type(before)({}, id=record_id)), page)


def _again(before: Record, page: str, pairs: formdata.Pairs, **more: Any) -> FormPage:
    """The same form again, with what was typed."""
    base, series = request.form.get("_base", ""), request.form.get(pages.SERIES, "")
    return FormPage(before, pairs, base, page, series=series, **more)


def _saved(record_id: str, page: str) -> Response:
    keeping.drop(account(), page)
    flash(_("C’est enregistré. Rien n’est public avant publication."))
    return redirect(url_for("records.edit", record_id=record_id), 303)


def _refused(before: Record, page: str, pairs: formdata.Pairs, errors: list[Problem]) -> Answer:
    title = pairs.get("title", "") or before.display_title
    keeping.keep(account(), page, title, keeping.sent_pairs(), "refused")
    return _again(before, page, pairs, errors=errors).render(), 422


def _ask(before: Record, asked: Conflict, page: str) -> Answer:
    """Both sides changed the same fields: nothing is saved, what was typed is kept, each field is asked about."""
    kind = type(before)
    sent = [(name, value) for name, value in keeping.sent_pairs() if not name.startswith("_")]
    base = request.form.get("_base", "")
    pairs = [("_base", base), *sent]
    keeping.keep(account(), page, before.display_title, pairs, "conflict")
    answer = render_template(
        "records/conflict.html",
        type_name=kind.type_name,
        words=WORDS[kind.type_name],
        record_id=key_of(before),
        title=before.display_title,
        page=page,
        base=base,
        theirs=asked.blob,
        other=telling.person(asked.author) if asked.author else "",
        clashes=clashing.clashes(kind, asked),
        joined=clashing.joined(kind, asked, before.data, saving.read(before, formdata.last_values(sent)).data),
        mine=sent,
    )
    return answer, 409


def _state_pairs() -> formdata.Pairs:
    return states.start_pairs(town_time.today())
