"""Views of ballots that come as a file: choose it, say what its columns are, read the report, write, undo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import keeping, uploads
from backoffice.i18n import _
from backoffice.jobs import queue
from backoffice.jobs.kinds import BALLOTS
from backoffice.progress import watched
from backoffice.registry import ballot_imports
from backoffice.registry.schema import Job
from backoffice.registry.tally_schema import BallotImport
from backoffice.services import account, now, services
from backoffice.vote import columns, sheet
from backoffice.vote.closing import files_of
from backoffice.vote.election import Election
from backoffice.vote.rule_views import election_or_404
from participation.importing.errors import ImportRefused
from participation.importing.sheets import read_sheet
from participation.messages import mark, told
from participation.records import PollingPlace
from participation.records.polling import VOID
from participation.store.saving import Change

bp = Blueprint("voteballots", __name__)

Answer = str | tuple[str, int] | Response
KINDS = {
    "ballots": mark("Un bulletin par ligne (CSV ou classeur)"),
    "totals": mark("Des totaux par projet (CSV ou classeur)"),
    "pabulib": mark("Un fichier Pabulib (.pb)"),
}
HEAD = 64 << 10  # bytes


@bp.get("/vote/<edition_id>/bulletins")
def begin(edition_id: str) -> str:
    """Choose a file; what was imported before."""
    return _begin(election_or_404(edition_id))


@bp.post("/vote/<edition_id>/bulletins")
def receive(edition_id: str) -> Answer:
    """Keep the file until it is matched and checked."""
    election = election_or_404(edition_id)
    file, kind, place_id = request.files.get("file"), request.form.get("kind", ""), request.form.get("place", "")
    data = file.read() if file is not None else b""
    place = next((one for one in election.places if one.id == place_id), None)
    errors = []
    if kind not in KINDS:
        errors.append(("kind", _("Dites ce que contient le fichier.")))
    if place is None:
        errors.append(("place", _("Choisissez le lieu de vote dont ce sont les bulletins.")))
    elif place.tally.closed is not None:
        errors.append(("place", _("Ce lieu est déjà clos : rouvrez-le d’abord, avec une raison.")))
    if kind == "totals" and election.needs_ballots:
        errors.append(("kind", _("La règle demande chaque bulletin : des totaux ne suffisent pas.")))
    if not data or len(data) > uploads.BALLOTS:
        errors.append(
            (
                "file",
                _("Choisissez un fichier qui n’est pas vide, de %s\u00a0Mo au plus.")
                % (uploads.BALLOTS // uploads.MEGABYTE),
            )
        )
    if errors or place is None or file is None:
        return _begin(election, errors), 422
    name = (file.filename or "").rpartition("/")[2].rpartition("\\")[2] or "fichier"
    made = ballot_imports.begin(services().registry, account().id, place.id, kind, name, data, now())
    if kind == "pabulib":
        return _ask(made, "check")
    return redirect(url_for("voteballots.show", import_id=made.id), 303)


@bp.get("/vote/import/<int:import_id>")
def show(import_id: int) -> Answer:
    """Where the import has got to: its columns, the worker's progress, the report, what was written."""
    one, election, place = _import(import_id)
    job = _job(one)
    if job is not None and not queue.over(job):
        return _page(one, election, place, "progress", job=job)
    failed = _faults(job) if job is not None and job.state == queue.FAILED else []
    matching = one.stage == "columns" or (one.stage == "checked" and bool(request.args.get("colonnes")))
    if matching and one.kind != "pabulib":
        return _columns(one, election, place, failed)
    return _page(one, election, place, "report", failed=failed)


@bp.get("/vote/import/<int:import_id>/etat")
def state(import_id: int) -> Response:
    """How far the worker is, for the script of the page."""
    one, _election, _place = _import(import_id)
    return watched(_job(one))


@bp.post("/vote/import/<int:import_id>/colonnes")
def match(import_id: int) -> Answer:
    """What each column is; then the dry run begins."""
    one, election, place = _import(import_id)
    content = ballot_imports.file_of(services().registry, one.id)
    if content is None or _at_work(one):
        abort(409)
    chosen = {name: value for name, value in keeping.sent_pairs() if not name.startswith("_")}
    ballot_imports.change(services().registry, one.id, options=chosen, stage="columns")
    one, _e, _p = _import(import_id)
    try:
        table = read_sheet(head(content), one.name)
    except ImportRefused as refused:
        return _columns(one, election, place, [_(problem.message) for problem in refused.problems]), 422
    wrong = columns.undecided(columns.columns(table, election, one.kind, chosen), one.kind)
    if one.kind == "totals":
        typed, refused_figures = sheet.typed_figures(election, list(chosen.items()), "totals")
        wrong += refused_figures
        wrong += [] if typed.get("valid") else [_("Écrivez le nombre de bulletins valables.")]
    if wrong:
        return _columns(one, election, place, list(dict.fromkeys(wrong))), 422
    return _ask(one, "check")


@bp.post("/vote/import/<int:import_id>/ecrire")
def write(import_id: int) -> Answer:
    """Write what the report said, as one commit."""
    one, _election, _place = _import(import_id)
    if one.stage not in ("checked", "writing") or _at_work(one):
        abort(409)
    return _ask(one, "write")


@bp.post("/vote/import/<int:import_id>/annuler")
def undo(import_id: int) -> Response:
    """Take an import back while nobody changed what it wrote; or give one up that is not written yet."""
    one, election, place = _import(import_id)
    content = services().content
    back = redirect(url_for("voteballots.begin", edition_id=election.id), 303)
    if _at_work(one):
        flash(_("Un travail est en cours sur ce fichier\u00a0: attendez qu’il finisse."))
        return redirect(url_for("voteballots.show", import_id=one.id), 303)
    if one.stage != "done":
        ballot_imports.drop(services().registry, one.id)
        flash(_("L’import est abandonné ; le fichier est effacé."))
        return back
    written: dict[str, str] = one.report.get("files", {})
    present = {path: content.snapshot().entries.get(path, "") for path in files_of(content.snapshot(), place)}
    if present != written:
        flash(_("Les bulletins de ce lieu ont changé depuis : rouvrez plutôt le lieu, avec une raison."))
        return back
    data = place.with_data({"tally": None}).data
    subject = mark("Annulation\u00a0: bulletins importés, %s") % place.display_title
    change = Change(PollingPlace, place.id, data, place.blob)
    content.save_votes([change], dict.fromkeys(written), account(), now(), subject=subject)
    ballot_imports.change(services().registry, one.id, stage="undone")
    flash(_("L’import est annulé : ces bulletins ne comptent plus."))
    return back


def head(content: bytes) -> bytes:
    """The first lines of a large text, enough to tell its columns by: a request does not read two hundred thousand."""
    if len(content) <= HEAD or content.startswith(b"PK"):
        return content
    return content[: content.rfind(b"\n", 0, HEAD) + 1] or content


def _rows(content: bytes, read: int) -> int:
    """How many lines the whole file has, where its head alone was read."""
    return read if len(head(content)) == len(content) else content.count(b"\n") - 1


def _at_work(one: BallotImport) -> bool:
    job = _job(one)
    return job is not None and not queue.over(job)


def _job(one: BallotImport) -> Job | None:
    """The work that was asked for last on a file."""
    return queue.find(services().registry, one.job_id) if one.job_id else None


def _ask(one: BallotImport, act: str) -> Response:
    job = queue.ask(services().registry, BALLOTS, {"import": one.id, "do": act}, now(), account().id)
    ballot_imports.change(services().registry, one.id, job_id=job.id)
    return redirect(url_for("voteballots.show", import_id=one.id), 303)


def _import(import_id: int) -> tuple[BallotImport, Election, PollingPlace]:
    one = ballot_imports.find(services().registry, import_id)
    content = services().content
    place = content.record(one.place_id) if one is not None else None
    election = Election.of(content.snapshot(), one.place_id.partition("-")[0]) if one is not None else None
    if one is None or election is None or not isinstance(place, PollingPlace):
        abort(404)
    return one, election, place


def _faults(job: Any) -> list[str]:
    """Why the worker refused: its sentences, then those of each line."""
    kept = job.result or {}
    told_faults = [" ".join(told(one, _) for one in fault.get("words", [])) for fault in kept.get("faults", [])]
    lines = [fault.get("line") for fault in kept.get("faults", [])]
    return [
        *(told(one, _) for one in kept.get("words", [])),
        *(
            _("Ligne %(line)s : %(words)s") % {"line": line, "words": words} if line else words
            for line, words in zip(lines, told_faults, strict=True)
        ),
    ]


def _begin(election: Election, errors: list[tuple[str, str]] | None = None) -> str:
    titles = {one.id: one.display_title for one in election.places}
    done = ballot_imports.of_edition(services().registry, election.id)
    return render_template(
        "vote/import.html", election=election, kinds=KINDS, errors=errors or [], done=done, titles=titles
    )


def _columns(one: BallotImport, election: Election, place: PollingPlace, wrong: list[str]) -> str:
    content = ballot_imports.file_of(services().registry, one.id) or b""
    try:
        table = read_sheet(head(content), one.name)
    except ImportRefused as refused:
        return _page(one, election, place, "report", failed=[_(problem.message) for problem in refused.problems])
    return _page(
        one,
        election,
        place,
        "columns",
        columns=columns.columns(table, election, one.kind, one.options),
        options=columns.options(election, one.kind),
        rows=_rows(content, len(table.rows)),
        wrong=wrong,
        void_names=[(f"void.{code}", _(words)) for code, words in VOID.items()],
    )


def _page(one: BallotImport, election: Election, place: PollingPlace, part: str, **more: Any) -> str:
    void = [(_(VOID[code]), number) for code, number in one.report.get("void", {}).items()]
    small = [(election.names.get(zone, zone), youth, size) for zone, youth, size in one.report.get("small", [])]
    return render_template(
        f"vote/import_{part}.html", one=one, election=election, place=place, void=void, small=small, **more
    )
