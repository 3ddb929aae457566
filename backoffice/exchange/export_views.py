"""Views of exports made to be edited and imported again: choosing what goes in, waiting for it, fetching it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response as BaseResponse

from backoffice.exchange import choices as chosen
from backoffice.exchange import pages, tables
from backoffice.exchange.stages import EXPORT, NEW, READY
from backoffice.i18n import _, language
from backoffice.jobs import queue
from backoffice.jobs.kinds import IMPORTING
from backoffice.lists.export import KINDS as FILE_KINDS
from backoffice.records.words import WORDS
from backoffice.registry import exchanges
from backoffice.services import account, now, services
from participation.importing.targets import ID, VERSION

bp = Blueprint("export", __name__)

Answer = str | tuple[str, int] | BaseResponse


@bp.get("/exporter")
def choose() -> Answer:
    """Which records, and which of their columns."""
    known = pages.types()
    type_name = request.args.get("type", "")
    if not known:
        abort(403)
    type_name = type_name if type_name in known else "project" if "project" in known else next(iter(known))
    ground = chosen.ground(type_name, services().content.snapshot())
    groups: dict[str, list[tuple[str, str]]] = {}
    for target in tables.chosen(ground, ()):
        if target.name not in (ID, VERSION):
            several = target.path is not None and len(target.path.steps) == 3
            section = _("Étapes") if several else _(target.section) or _("La fiche")
            groups.setdefault(section, []).append((target.name, target.label(_)))
    return render_template(
        "exchange/export.html",
        types=known,
        type_name=type_name,
        type_words=WORDS[type_name],
        groups=groups,
        editions=pages.editions() if type_name in ("idea", "project", "event", "article") else [],
    )


@bp.post("/exporter")
def make() -> BaseResponse:
    """Have the table made."""
    type_name = request.form.get("type", "")
    if type_name not in pages.types():
        abort(403)
    ground = chosen.ground(type_name, services().content.snapshot())
    columns = tuple(name for name in request.form.getlist("col") if name in ground.by_name)
    edition = request.form.get("edition", "")
    wanted = tables.Wanted(edition if edition in dict(pages.editions()) else "", columns, language())
    name = f"laureat-{type_name}{'-' + wanted.edition if wanted.edition else ''}.xlsx"
    registry = services().registry
    begun = exchanges.begin(
        registry, account().id, "export", type_name, name, b"", now(), stage=NEW, options=wanted.kept()
    )
    job = queue.ask(registry, IMPORTING, {"exchange": begun.id, "step": EXPORT}, now(), account().id)
    exchanges.change(registry, begun.id, now(), job_id=job.id)
    return redirect(url_for("exchange.show", exchange_id=begun.id), 303)


@bp.get("/exporter/<int:exchange_id>/tableau.xlsx")
def fetch(exchange_id: int) -> Response:
    """The table."""
    registry = services().registry
    found = exchanges.find(registry, exchange_id, account().id)
    data = exchanges.file_of(registry, exchange_id) if found is not None and found.stage == READY else None
    if found is None or data is None or found.type_name not in pages.types():
        abort(404)
    answer = Response(data, mimetype=FILE_KINDS["xlsx"])
    answer.headers["Content-Disposition"] = f"attachment; filename={found.name}"
    return answer
