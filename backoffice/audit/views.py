"""The page of the audit log and its export. Events are written by `noting`, kept by the registry."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for

from backoffice.audit.words import DETAILS, KINDS
from backoffice.i18n import _
from backoffice.registry import accounts, audit
from backoffice.registry.schema import Account, AuditEvent
from backoffice.services import services
from participation.opendata.guards import guarded

bp = Blueprint("audit", __name__)

PER_PAGE = 50
MOST_EXPORTED = 50_000


@dataclass(frozen=True, slots=True)
class Told:
    """One event in words."""

    event: AuditEvent
    who: str
    what: str
    subject: str
    detail: str


@bp.get("/journal")
def log() -> str:
    """What was done besides changing content, the latest first."""
    kind, account_id = _asked()
    total = audit.count(services().registry, kind=kind, account_id=account_id)
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, int) or 1), pages)
    everyone = accounts.everyone(services().registry)
    events = audit.latest(services().registry, PER_PAGE, (page - 1) * PER_PAGE, kind=kind, account_id=account_id)
    return render_template(
        "audit/log.html",
        events=[told(one, everyone) for one in events],
        page=page,
        pages=pages,
        page_href=lambda number: url_for("audit.log", kind=kind or None, compte=account_id, page=number),
        kind=kind,
        account_id=account_id,
        kinds=sorted(((code, _(words)) for code, words in KINDS.items()), key=lambda pair: pair[1]),
        everyone=everyone,
    )


@bp.get("/journal.csv")
def export() -> Response:
    """The same as a table."""
    kind, account_id = _asked()
    everyone = accounts.everyone(services().registry)
    table = io.StringIO()
    writer = csv.writer(table, delimiter=";")
    writer.writerow([_("Date"), _("Compte"), _("Action"), _("Sujet"), _("Détail"), _("Adresse du réseau")])
    for event in audit.latest(services().registry, MOST_EXPORTED, kind=kind, account_id=account_id):
        one = told(event, everyone)
        cells = (event.at.isoformat(), one.who, one.what, one.subject, one.detail, event.address)
        writer.writerow([guarded(cell) for cell in cells])
    answer = Response("\ufeff" + table.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=journal.csv"
    return answer


def told(event: AuditEvent, everyone: list[Account]) -> Told:
    """The event with the names that accounts have today."""
    names = {one.id: one.name for one in everyone}
    by_pseudonym = {one.pseudonym: one.name for one in everyone}
    detail = ", ".join(_detail(name, value) for name, value in event.detail.items() if value not in ("", [], None))
    return Told(
        event,
        names.get(event.account_id, "") if event.account_id is not None else "",
        _(KINDS.get(event.kind, event.kind)),
        by_pseudonym.get(event.subject, event.subject),
        detail,
    )


def _detail(name: str, value: object) -> str:
    words = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return _("%(label)s : %(value)s") % {"label": _(DETAILS.get(name, name)), "value": words}


def _asked() -> tuple[str, int | None]:
    kind = request.args.get("kind", "")
    return kind if kind in KINDS else "", request.args.get("compte", None, int)
