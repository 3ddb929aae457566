"""Views of what is done with lists: keeping a view, changing many records, exporting. Each parses, asks, answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response as BaseResponse

from backoffice import keeping, limits, telling, town_time
from backoffice.i18n import _, ngettext
from backoffice.lists import bulk, export, page
from backoffice.policy import Right, allowed, may_edit
from backoffice.records import formdata, formview, pages, saving, states
from backoffice.records.columns import columns_of
from backoffice.records.formdata import Pairs
from backoffice.records.lines import key_of
from backoffice.records.listing import LISTED, Query, matching
from backoffice.records.words import WORDS, counted
from backoffice.registry import saved_views
from backoffice.registry.schema import SavedView
from backoffice.services import account, now, services
from participation.problems import LaureatError, Problem
from participation.records import Record
from participation.store.errors import Conflict, InvalidRecord

bp = Blueprint("lists", __name__)

Answer = str | tuple[str, int] | BaseResponse
MOST_SUGGESTED = 12

# ---------------------------------------------------------------------------------------------------- views kept


@bp.get("/vue/<int:view_id>")
def view(view_id: int) -> BaseResponse:
    """The list that a kept view asks for."""
    found = _view(view_id)
    query = page.query_from(found.type_name, found.asked)
    return redirect(url_for("records.listing", type_name=found.type_name, **query.address(vue=found.id)), 303)


@bp.post("/liste/<type_name>/vues")
def keep_view(type_name: str) -> BaseResponse:
    """Keep what the list was asked for under a name; only those who may edit share with the others."""
    query = _query(type_name)
    name = " ".join(request.form.get("name", "").split())[:80]
    shared = request.form.get("shared") == "1" and allowed(account(), Right.EDIT)
    if not name:
        flash(_("Donnez un nom à la vue."))
        return _to_list(query)
    kept = saved_views.keep(
        services().registry, account().id, type_name, name, page.asked(query), shared=shared, now=now()
    )
    if kept is None:
        flash(_("Vous gardez déjà beaucoup de vues : retirez-en une d’abord."))
        return _to_list(query)
    flash(_("La vue « %s » est gardée.") % name)
    return redirect(url_for("lists.view", view_id=kept.id), 303)


@bp.post("/vue/<int:view_id>/retirer")
def drop_view(view_id: int) -> BaseResponse:
    """Forget a view of one's own; an administrator may forget a shared one."""
    found = _view(view_id)
    if found.account_id != account().id and not allowed(account(), Right.ADMINISTER):
        abort(403)
    saved_views.drop(services().registry, view_id)
    flash(_("La vue « %s » est retirée.") % found.name)
    return redirect(url_for("records.listing", type_name=found.type_name), 303)


def _view(view_id: int) -> SavedView:
    found = saved_views.find(services().registry, view_id, account().id)
    if found is None or found.type_name not in LISTED:
        abort(404)
    return found


# ---------------------------------------------------------------------------------------------------- export


@bp.get("/liste/<type_name>/choix")
def suggest(type_name: str) -> Response:
    """Number and title of the records that match what is being typed, for a field that names one."""
    if type_name not in LISTED:
        abort(404)
    lines = services().content.index().lines[type_name]
    found = matching(lines, request.args.get("q", "")[:200])[: -MOST_SUGGESTED - 1 : -1]
    return jsonify([{"id": line.id, "title": line.title} for line in found])


@bp.get("/liste/<type_name>/export.<ending>")
def export_list(type_name: str, ending: str) -> Response:
    """Every line that the list shows, in its order, with its columns; or with all columns."""
    if type_name not in LISTED or ending not in export.KINDS:
        abort(404)
    query, index, known = page.query_of(type_name, request.args), services().content.index(), columns_of(type_name)
    names = list(known) if request.args.get("tout") == "1" else ["id", "title", *query.shown]
    lines = page.every_line(query, index)
    about = f"{WORDS[type_name].plural}, {counted(WORDS[type_name], len(lines))}"
    chosen = [known[name] for name in dict.fromkeys(names) if name in known]
    data = export.made(ending, WORDS[type_name].plural, chosen, lines, index, about)
    answer = Response(data, mimetype=export.KINDS[ending])
    answer.headers["Content-Disposition"] = f"attachment; filename=laureat-{type_name}-{town_time.today()}.{ending}"
    return answer


# ---------------------------------------------------------------------------------------------------- many at once


@bp.post("/liste/<type_name>/lot")
def change_many(type_name: str) -> Answer:
    """First what to change, then what it does, in sentences; with `_do=apply`, one commit."""
    query = _query(type_name)
    pairs = formdata.last_values(keeping.sent_pairs())
    records, moved = _chosen(query)
    if not records:
        flash(_("Cochez d’abord des fiches dans la liste."))
        return _to_list(query)
    act = request.form.get("_do", "choose")
    if act == "choose":
        return _ask(query, records, states.start_pairs(town_time.today()), [])
    errors = bulk.wishes(type_name, pairs, services().content.index())[1]
    plan = bulk.plan(services().content, type_name, records, pairs, telling.speaker())
    if errors or not plan.words:
        nothing = Problem(_("Choisissez ce qui change."), field="set") if not plan.words else None
        return _ask(query, records, pairs, [*errors, *filter(None, [nothing])]), 422
    if act == "apply" and not moved and plan.changes:
        return _apply(query, plan, records, pairs)
    return _preview(query, plan, records, pairs, again=moved)


@bp.get("/lot/<revision>/annuler")
def look_back(revision: str) -> str:
    """What taking a change of many records back would do, and what it leaves because somebody changed it since."""
    found = _undoing(revision)
    return render_template(
        "lists/undo.html",
        revision=revision,
        found=found,
        who=telling.person(found.author),
        told=bulk.told_back(services().content, found, telling.speaker()),
        more=max(0, len(found.changes) - bulk.MOST_TOLD),
    )


@bp.post("/lot/<revision>/annuler")
def undo_many(revision: str) -> BaseResponse:
    """Take a change of many records back, but for what somebody changed again since."""
    found = _undoing(revision)
    if found.changes:
        services().content.save_many(found.changes, account(), now(), subject=bulk.undone(found), lines=())
    count = len(found.changes)
    flash(ngettext("%(num)s fiche est revenue.", "%(num)s fiches sont revenues.", count) % {"num": count})
    if found.left:
        flash(_("Changées depuis, donc laissées telles quelles : %s.") % ", ".join(found.left[:20]))
    kind = next((change.record_type.type_name for change in found.changes), next(iter(LISTED)))
    return redirect(url_for("records.listing", type_name=kind), 303)


def _undoing(revision: str) -> bulk.Undoing:
    content = services().content
    found = bulk.undoing(content, revision)
    if not all(may_edit(account(), change.record_type.type_name) for change in found.changes):
        abort(403)
    if not limits.sees_all(content, found.keys):  # titles of records of others are told by none of this
        abort(404)
    return found


def _query(type_name: str) -> Query:
    if type_name not in LISTED:
        abort(404)
    return page.query_from(type_name, request.form.get("_asked", ""))


def _to_list(query: Query, **more: str) -> BaseResponse:
    return redirect(url_for("records.listing", type_name=query.type_name, **query.address(**more)), 303)


def _chosen(query: Query) -> tuple[list[Record], bool]:
    """The records that were ticked, or all that the list shows; True when one of them changed since the preview."""
    content = services().content
    keys = [key for key in request.form.get("_keys", "").split() if key]
    if not keys:
        everything = request.form.get("_all") == "1"
        ticked = request.form.getlist("id")
        keys = [line.id for line in page.every_line(query, services().content.index())] if everything else ticked
    records, moved = [], False
    for key in dict.fromkeys(keys):
        name, _at, blob = key.partition("@")
        record = content.record(name)
        if record is not None and record.type_name == query.type_name and allowed(account(), Right.EDIT, record.data):
            records.append(record)
        moved = moved or (bool(blob) and (record is None or record.blob != blob))
    return records, moved


def _ask(query: Query, records: list[Record], pairs: Pairs, errors: list[Problem]) -> str:
    type_name, content = query.type_name, services().content
    kind = LISTED[type_name]
    offered = bulk.states_offered(type_name)
    find = pages.finder(records[0])
    return render_template(
        "lists/change.html",
        **_common(query, records),
        offers=bulk.offers(type_name, services().content.index()),
        pairs=pairs,
        states=offered,
        state_fields=states.section(pairs, errors, find, content.languages()) if offered else [],
        errors=saving.summary(kind, errors),
        limit_words=formview.limit_words,
    )


def _preview(query: Query, plan: bulk.Plan, records: list[Record], pairs: Pairs, *, again: bool) -> str:
    count = len(plan.changes)
    return render_template(
        "lists/preview.html",
        **_common(query, records),
        plan=plan,
        count=count,
        more=max(0, count - len(plan.told)),
        changing=counted(WORDS[query.type_name], count),
        pairs=[(name, value) for name, value in pairs.items() if name.startswith((bulk.PREFIX, states.PREFIX))],
        again=again,
    )


def _common(query: Query, records: list[Record]) -> dict[str, Any]:
    words = WORDS[query.type_name]
    return {
        "type_name": query.type_name,
        "words": words,
        "asked": page.asked(query),
        "back": url_for("records.listing", type_name=query.type_name, **query.address()),
        "total": counted(words, len(records)),
        "keys": " ".join(f"{key_of(record)}@{record.blob}" for record in records),
    }


def _apply(query: Query, plan: bulk.Plan, records: list[Record], pairs: Pairs) -> Answer:
    lines = [f"{one.title}\u00a0: {' '.join(one.sentences)}" for one in plan.told]
    try:
        saved = services().content.save_many(
            plan.changes, account(), now(), subject=bulk.subject(plan, len(plan.changes)), lines=lines
        )
    except Conflict:  # somebody saved one of them in this very moment
        fresh = [record for one in records if (record := services().content.record(key_of(one))) is not None]
        again = bulk.plan(services().content, query.type_name, fresh, pairs, telling.speaker())
        return _preview(query, again, fresh, pairs, again=True), 409
    except InvalidRecord as invalid:
        flash(_told(invalid))
        return _to_list(query)
    count = len(saved.changed)
    flash(ngettext("%(num)s fiche est changée.", "%(num)s fiches sont changées.", count) % {"num": count})
    return _to_list(query, lot=saved.commit)


def _told(fault: LaureatError) -> str:
    return " ".join(filter(None, (_(fault.message), _(fault.hint))))
