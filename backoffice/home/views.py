"""Views of the first page: what waits, what was published, what one left unsaved."""

from __future__ import annotations

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import keeping, pending, policy, telling, town_time
from backoffice.home import starting
from backoffice.home import waiting as waits
from backoffice.i18n import _
from backoffice.jobs import queue
from backoffice.jobs.kinds import PUBLISH, ROLLBACK
from backoffice.publish import reviewing
from backoffice.records.listing import everywhere
from backoffice.records.pages import shown
from backoffice.registry import held, kept, people, told
from backoffice.services import account, now, services

bp = Blueprint("home", __name__)

MOST = 8


@bp.get("/")
def today() -> str:
    """What there is to do."""
    content, registry = services().content, services().registry
    waiting = pending.changes(content, telling.speaker(), now(), held.held(registry), MOST)
    problems = pending.problems(content)
    latest = content.published()
    last = queue.last_finished(registry, PUBLISH, ROLLBACK)
    index = content.index()
    returned = waits.returned(index, reviewing.remarks(content, registry, account()))
    return render_template(
        "home/today.html",
        now=now(),
        starting=starting.steps(content),
        waits=[*returned, *waits.sections(index, town_time.today(), account().service, told.told(registry))],
        awaiting=reviewing.awaiting(content, registry, account(), now()),
        kept=kept.mine(registry, account().id),
        problems=problems[:MOST],
        problems_total=len(problems),
        pending=waiting.told[:MOST],
        pending_total=waiting.total,
        publication=pending.published(latest) if latest is not None else None,
        failed=last if last is not None and last.state == queue.FAILED else None,
        recent=telling.everything(5),
        people_due=_people_due(),
    )


def _people_due() -> int:
    """How many people are kept longer than was said, for those who look after them; no name is read for it."""
    if not policy.allowed(account(), policy.Right.PEOPLE):
        return 0
    return people.count_due(services().registry, town_time.today())


@bp.post("/fiche/<record_id>/prevenue/<int:row>")
def owner_told(record_id: str, row: int) -> Response:
    """Note that the owner of a record knows of the decision that is row `row` of its states."""
    record = services().content.record(record_id)
    if record is None or not 0 < row < len(record.data.get("status", ())):
        abort(404)
    told.tell(services().registry, record_id, row, account().id, now())
    flash(_("C’est noté : « %s » n’attend plus de nouvelles.") % record.display_title)
    return redirect(url_for("home.today"), 303)


@bp.get("/recherche")
def search() -> str | Response:
    """Records of every type that match; an exact number leads straight to its form."""
    text = request.args.get("q", "").strip()[:200]
    index = services().content.index()
    if text in index.by_id:
        return redirect(url_for("records.edit", record_id=text), 303)
    found = everywhere(index, text)
    return render_template("home/search.html", lines=[shown(line) for line in found.lines], total=found.total)


@bp.get("/aide/mise-en-forme")
def help_markdown() -> str:
    """How to write a title, a list, a link."""
    return render_template("home/help_markdown.html")


@bp.post("/saisies")
def drop_kept() -> Response:
    """Throw away what one left unsaved on a page."""
    page = keeping.page_of_form()
    keeping.drop(account(), page)
    return redirect(page, 303)


@bp.get("/sante")
def health() -> tuple[Response, int]:
    """Whether registry and content answer, for whoever watches the service."""
    well = {"registry": services().registry.check(), "content": services().content.answers()}
    return jsonify(status="ok" if all(well.values()) else "failing", **well), 200 if all(well.values()) else 503
