"""Views of an import: the file, its sheet, its columns, its words, the dry run, the import, its undoing.

Each parses, asks and answers; what takes time is asked of the worker, and the page of an exchange says how far it is.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers.response import Response as BaseResponse

from backoffice import uploads
from backoffice.exchange import choices as chosen
from backoffice.exchange import forms, looking, pages, told
from backoffice.exchange.choices import Choices
from backoffice.exchange.stages import APPLY, CHECK, COLUMNS, DONE, LOOK, NEW, PLAN, SHEET, UNDO, WORDS
from backoffice.i18n import _
from backoffice.jobs import queue
from backoffice.jobs.kinds import IMPORTING
from backoffice.lists.export import KINDS as FILE_KINDS
from backoffice.policy import may_edit
from backoffice.progress import watched
from backoffice.registry import exchanges
from backoffice.registry.exchange_schema import Exchange
from backoffice.services import account, now, services
from participation.importing.plan import Kind

bp = Blueprint("exchange", __name__)

LONGEST_REASON = 200

Answer = str | tuple[str, int] | BaseResponse


@bp.get("/importer")
def begin() -> str:
    """Choose a file and say what it holds; what is under way goes on."""
    return pages.begin([])


@bp.post("/importer")
def receive() -> Answer:
    """Keep the file and have it looked at."""
    file, type_name = request.files.get("file"), request.form.get("type", "")
    data = file.read() if file is not None else b""
    name = (file.filename or "").rpartition("/")[2].rpartition("\\")[2] if file is not None else ""
    if type_name not in pages.types():
        return pages.begin([("type", _("Dites ce que contient le fichier."))]), 422
    if not name or not data:
        return pages.begin([("file", _("Choisissez un fichier qui n’est pas vide."))]), 422
    if len(data) > uploads.TABLE:
        return pages.begin([("file", pages.too_heavy())]), 413
    kind = looking.kind_of(name, data)
    if looking.ONLY.get(kind, type_name) != type_name:
        return pages.begin([("type", pages.holds(kind))]), 422
    options = Choices(edition=request.form.get("edition", "")[:60]).kept()
    begun = exchanges.begin(
        services().registry, account().id, kind, type_name, name, data, now(), stage=NEW, options=options
    )
    return _ask(begun, LOOK)


@bp.get("/importer/<int:exchange_id>")
def show(exchange_id: int) -> Answer:
    """Where the import has got to."""
    exchange = _mine(exchange_id)
    job = queue.find(services().registry, exchange.job_id) if exchange.job_id else None
    if job is not None and not queue.over(job):
        return pages.progress(exchange, job)
    asked = request.args.get("etape", "")
    stage = asked if asked in (SHEET, COLUMNS, WORDS) and exchange.stage in (COLUMNS, WORDS, CHECK) else exchange.stage
    return pages.PAGES[stage](exchange, job)


@bp.get("/importer/<int:exchange_id>/etat")
def state(exchange_id: int) -> Response:
    """How far the worker is, for the script of the page."""
    exchange = _mine(exchange_id)
    job = queue.find(services().registry, exchange.job_id) if exchange.job_id else None
    return watched(job)


@bp.post("/importer/<int:exchange_id>/feuille")
def choose_sheet(exchange_id: int) -> Answer:
    """Another sheet, or another line of headers: the file is looked at again."""
    exchange = _mine(exchange_id, SHEET, COLUMNS, WORDS, CHECK)
    found = Choices.of(exchange.options)
    sheet, row = request.form.get("sheet", ""), request.form.get("header_row", "")
    other = sheet in exchange.found.get("sheets", []) and sheet != found.sheet
    found.sheet = sheet if other else found.sheet
    found.header_row = int(row) if row.isdecimal() and 0 < int(row) <= 1000 and not other else 0
    _keep(exchange, options=found.kept())
    return _ask(exchange, LOOK)


@bp.post("/importer/<int:exchange_id>/colonnes")
def match(exchange_id: int) -> Answer:
    """What each column feeds; words that mean nothing here are asked about, then the dry run begins."""
    exchange = _mine(exchange_id, COLUMNS, WORDS, CHECK)
    if exchange.kind == looking.EVENTS:
        return _plan(exchange, pages.read_calendar(Choices.of(exchange.options), request.form))
    if exchange.kind == looking.PABULIB:
        read, faults = forms.read_pabulib(request.form, dict(pages.editions()), Choices.of(exchange.options))
        return (pages.columns(exchange, None, read, faults), 422) if faults else _plan(exchange, read)
    ground, columns = pages.ground_of(exchange), looking.columns_from(exchange.found)
    found, errors = forms.read_columns(request.form, columns, ground, Choices.of(exchange.options))
    if errors:
        return pages.columns(exchange, None, found, errors), 422
    if chosen.unknown(ground, columns, found, pages.may_create):
        _keep(exchange, options=found.kept(), stage=WORDS)
        return redirect(url_for("exchange.show", exchange_id=exchange.id), 303)
    return _plan(exchange, found)


@bp.post("/importer/<int:exchange_id>/mots")
def words(exchange_id: int) -> Answer:
    """What the unknown words mean; then the dry run begins."""
    exchange = _mine(exchange_id, COLUMNS, WORDS, CHECK)
    before = Choices.of(exchange.options)
    asked = chosen.unknown(pages.ground_of(exchange), looking.columns_from(exchange.found), before, pages.may_create)
    found, errors = forms.read_words(request.form, asked, before)
    if errors:
        return pages.words(exchange, None, dict(request.form), errors), 422
    return _plan(exchange, found)


@bp.post("/importer/<int:exchange_id>/verifier")
def check_again(exchange_id: int) -> BaseResponse:
    """The same dry run, on the content as it is now."""
    exchange = _mine(exchange_id, CHECK)
    return _ask(exchange, PLAN)


@bp.get("/importer/<int:exchange_id>/erreurs.xlsx")
def errors(exchange_id: int) -> Response:
    """The rows in error as a sheet, to mend the file by."""
    exchange = _mine(exchange_id, CHECK)
    rows = exchanges.rows(services().registry, exchange.id, (Kind.ERROR.value,))
    answer = Response(told.errors_sheet(rows), mimetype=FILE_KINDS["xlsx"])
    answer.headers["Content-Disposition"] = f"attachment; filename=laureat-import-{exchange.id}-erreurs.xlsx"
    return answer


@bp.post("/importer/<int:exchange_id>/appliquer")
def apply(exchange_id: int) -> BaseResponse:
    """Write what the dry run showed, as one change of the history."""
    exchange = _mine(exchange_id, CHECK)
    found = Choices.of(exchange.options)
    found.reason = " ".join(request.form.get("reason", "").split())[:LONGEST_REASON]
    _keep(exchange, options=found.kept())
    return _ask(exchange, APPLY)


@bp.post("/importer/<int:exchange_id>/annuler")
def undo(exchange_id: int) -> BaseResponse:
    """Take the import back, but for what somebody changed since."""
    return _ask(_mine(exchange_id, DONE), UNDO)


@bp.post("/importer/<int:exchange_id>/abandonner")
def discard(exchange_id: int) -> BaseResponse:
    """Forget the import and its file; what it wrote stays written."""
    exchange = _mine(exchange_id)
    if _busy(exchange) and not queue.cancel(services().registry, exchange.job_id or 0, now()):
        _say_busy()
        return redirect(url_for("exchange.show", exchange_id=exchange_id), 303)
    exchanges.drop(services().registry, exchange.id)
    flash(_("« %s » est oublié ; le fichier est supprimé du serveur.") % exchange.name)
    return redirect(url_for("exchange.begin"), 303)


def _mine(exchange_id: int, *stages: str) -> Exchange:
    """The exchange of whoever asks, at one of these stages and with no work under way; else its page is shown."""
    found = exchanges.find(services().registry, exchange_id, account().id)
    if found is None:
        abort(404)
    if not may_edit(account(), found.type_name):
        abort(403)
    busy = bool(stages) and _busy(found)
    if busy:
        _say_busy()
    if stages and (found.stage not in stages or busy):
        abort(redirect(url_for("exchange.show", exchange_id=exchange_id), 303))
    return found


def _busy(exchange: Exchange) -> bool:
    """True while the worker has something of it to do."""
    job = queue.find(services().registry, exchange.job_id) if exchange.job_id else None
    return job is not None and not queue.over(job)


def _say_busy() -> None:
    flash(_("Le travail est en cours\u00a0: attendez qu’il soit terminé. Rien d’autre n’a été fait."))


def _keep(exchange: Exchange, **values: Any) -> None:
    exchanges.change(services().registry, exchange.id, now(), **values)


def _plan(exchange: Exchange, found: Choices) -> BaseResponse:
    """Keep what was chosen, for this import and for the next such table, and ask for the dry run."""
    _keep(exchange, options=found.kept())
    headers = [column["header"] for column in exchange.found.get("columns", [])]
    if headers:
        key = exchanges.matching_key(exchange.type_name, headers)
        exchanges.remember(services().registry, key, found.lasting(), now())
    return _ask(exchange, PLAN)


def _ask(exchange: Exchange, step: str) -> BaseResponse:
    payload = {"exchange": exchange.id, "step": step}
    job = queue.ask(services().registry, IMPORTING, payload, now(), account().id)
    _keep(exchange, job_id=job.id)
    return redirect(url_for("exchange.show", exchange_id=exchange.id), 303)
