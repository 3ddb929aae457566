"""The page « nouvelle édition à partir de la dernière »: proposed, changed, then written as one change."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import keeping
from backoffice.editions import copying
from backoffice.i18n import _
from backoffice.records import formdata, formview, pages, saving
from backoffice.registry import kept
from backoffice.services import account, now, services
from participation.layout import rule_id
from participation.messages import mark
from participation.problems import Problem
from participation.records import Edition, Rule
from participation.store.errors import InvalidRecord, RecordExists

bp = Blueprint("editions", __name__)

Answer = str | tuple[str, int] | Response

ID = "_edition"


@bp.route("/editions/nouvelle", methods=["GET", "POST"])
def begin() -> Answer:
    """Propose the next edition from one there is; once sent, write it."""
    g.type_name = "edition"
    editions = sorted(services().content.snapshot().of_type(Edition), key=lambda one: one.id)
    if not editions:
        return redirect(url_for("records.create", type_name="edition"), 303)
    asked = request.values.get("depuis", "")
    source = next((one for one in editions if one.id == asked), editions[-1])
    page = url_for("editions.begin", depuis=source.id)
    left = keeping.offered(account(), page)
    if request.method == "GET":
        if left is not None and request.args.get("reprendre") == "1":
            sent = kept.pairs_of(left)
            return _page(source, editions, formdata.last_values(sent), dict(sent).get(ID, ""), _ticked(sent))
        new_id = copying.next_id(editions, source)
        return _page(source, editions, _pairs(source, new_id), new_id, _proposed(source))
    sent = keeping.sent_pairs()
    pairs, new_id, ticked = formdata.last_values(sent), request.form.get(ID, "").strip(), _ticked(sent)
    act = request.form.get("_do", "save")
    if act == "shift":
        return _page(source, editions, pairs | _phases(_pairs(source, new_id)), new_id, ticked)
    reading = saving.read(Edition({}), pairs)
    errors = [*_wrong_id(new_id, editions), *reading.errors]
    if not errors:
        data = copying.with_texts(source, reading.data, ticked)
        rule = services().content.record(rule_id(source.id)) if "rule" in ticked else None
        made = copying.changes(new_id, data, rule if isinstance(rule, Rule) else None)
        subject = mark("Édition %(new)s créée à partir de l’édition %(old)s.") % {"new": new_id, "old": source.id}
        try:
            saved = services().content.save_many(made, account(), now(), subject=subject, lines=())
        except InvalidRecord as invalid:
            errors = list(invalid.problems)
        except RecordExists:  # a colleague made it, or its rule, in this very moment
            errors = [_taken_id()]
        else:
            keeping.drop(account(), page)
            flash(_("L’édition %s est enregistrée. Rien n’est public avant publication.") % new_id)
            return redirect(url_for("records.listing", type_name="edition", lot=saved.commit), 303)
    keeping.keep(account(), page, _("Nouvelle édition"), sent, "refused")
    return _page(source, editions, pairs, new_id, ticked, errors=errors), 422


def _page(
    source: Edition,
    editions: Sequence[Edition],
    pairs: formdata.Pairs,
    new_id: str,
    ticked: Sequence[str],
    *,
    errors: Sequence[Problem] = (),
) -> str:
    content = services().content
    drawn = formview.fields_of(
        Edition, copying.EDITED, pairs, "", pages.finder(Edition({}, id=new_id)), content.languages()
    )
    formview.place_errors(drawn, errors)
    current = content.current_edition()
    return render_template(
        "editions/begin.html",
        source=source,
        editions=editions,
        page=url_for("editions.begin", depuis=source.id),
        new_id=new_id,
        id_errors=[_(one.message) for one in errors if one.field == ID],
        fields=drawn,
        errors=saving.summary(Edition, list(errors)),
        texts=[(name, _(words)) for name, (words, _proposed) in copying.TEXTS.items() if name in source.data],
        ticked=ticked,
        rule=content.record(rule_id(source.id)) is not None,
        current=content.titles("edition").get(current, current),
        limit_words=formview.limit_words,
        places={},
    )


def _pairs(source: Edition, new_id: str) -> formdata.Pairs:
    return formdata.from_data(Edition, copying.proposal(source, new_id))


def _phases(pairs: formdata.Pairs) -> formdata.Pairs:
    return {name: value for name, value in pairs.items() if name.startswith("phases.")}


def _proposed(source: Edition) -> list[str]:
    texts = [name for name, (_words, proposed) in copying.TEXTS.items() if proposed and name in source.data]
    return [*texts, "rule"]


def _ticked(sent: Sequence[tuple[str, str]]) -> list[str]:
    return [value for name, value in sent if name == "_copy" and (value in copying.TEXTS or value == "rule")]


def _wrong_id(new_id: str, editions: Sequence[Edition]) -> list[Problem]:
    if not re.fullmatch(r"[A-Za-z0-9_]{1,40}", new_id):
        return [Problem(_("Écrivez l’année de l’édition, ou un mot sans espace ni accent."), field=ID)]
    taken = any(one.id == new_id for one in editions)
    return [_taken_id()] if taken else []


def _taken_id() -> Problem:
    return Problem(_("Une édition porte déjà cet identifiant."), field=ID)
