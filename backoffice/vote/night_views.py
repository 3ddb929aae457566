"""Views of count night: every place on one page, one place with its steps, differences, closing, the signed record."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers.response import Response

from backoffice import telling
from backoffice.i18n import _
from backoffice.registry import tallies
from backoffice.services import account, now, services
from backoffice.vote import closing, printed, sheet, standing
from backoffice.vote.differences import MOST, Difference, read_kept, result
from backoffice.vote.election import Election
from backoffice.vote.rule_views import election_or_404
from backoffice.vote.standing import Standing
from backoffice.vote.tally_views import place_or_404
from participation.counting.typed import NotTyped
from participation.records import PollingPlace
from participation.records.polling import CHANNELS, MODES, SIGNING, VOID
from participation.store.errors import Conflict

bp = Blueprint("votenight", __name__)

Answer = str | tuple[str, int] | Response
SCANS = {b"%PDF": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


@bp.get("/vote/<edition_id>/lieux")
def board(edition_id: str) -> str:
    """Every polling place with its state, asked again by the page itself."""
    election = election_or_404(edition_id)
    found = standing.of_all(services().registry, election)
    template = "vote/places.html" if request.args.get("part") else "vote/board.html"
    return render_template(
        template,
        election=election,
        found=found,
        counts=standing.counts(found),
        person=telling.person,
        channels=CHANNELS,
    )


@bp.get("/vote/lieu/<place_id>")
def place(place_id: str) -> str:
    """One place: what was done, what comes next."""
    election, found = place_or_404(place_id)
    return _page(election, found)


@bp.post("/vote/lieu/<place_id>/ecarts")
def settle(place_id: str) -> Answer:
    """Note what holds of the differences for which something was chosen, with the reason."""
    election, found = place_or_404(place_id)
    registry, known = services().registry, standing.of_place(services().registry, election, found)
    if known.compared is None:
        abort(409)
    wrong: dict[str, str] = {}
    for one in known.compared.differences:
        chosen, reason = request.form.get(f"keep.{one.key}", ""), request.form.get(f"reason.{one.key}", "").strip()
        if not chosen or (one.settled is not None and not request.form.get(f"again.{one.key}")):
            continue
        kept = {"first": one.first, "second": one.second}.get(chosen, request.form.get(f"typed.{one.key}", "").strip())
        fault = _fault(election, one, kept, reason)
        if fault:
            wrong[one.key] = fault
        else:
            tallies.settle(registry, found.id, one.key, kept, reason, account(), now())
    if wrong:
        return _page(election, found, wrong=wrong), 422
    flash(_("C’est noté."))
    return redirect(url_for("votenight.place", place_id=place_id), 303)


def _fault(election: Election, one: Difference, kept: str, reason: str) -> str:
    if not reason:
        return _("Écrivez pourquoi : « pile recomptée ensemble », par exemple.")
    if one.key.startswith("ballot."):
        try:
            read_kept(election, kept)
        except NotTyped as refused:
            return _(refused.args[0])
        return ""
    typed = "".join(kept.split())
    return "" if not typed or (typed.isdecimal() and int(typed) <= sheet.LARGEST) else _("Un nombre est attendu.")


@bp.post("/vote/lieu/<place_id>/clore")
def close(place_id: str) -> Answer:
    """Write sheet and ballots of a place whose two entries agree."""
    election, found = place_or_404(place_id)
    registry, known = services().registry, standing.of_place(services().registry, election, found)
    if known.state != "ready" or known.compared is None:
        flash(_("Ce lieu ne peut pas encore être clos."))
        return redirect(url_for("votenight.place", place_id=place_id), 303)
    held = result(election, known.compared, known.pair[0].mode)
    faults = sheet.faults(election, held[0])
    signatories = {
        role: int(text) for role in SIGNING if (text := request.form.get(f"signed.{role}", "").strip()).isdecimal()
    }
    if known.pair[0].account_id == known.pair[1].account_id:
        faults.append(_("Les deux saisies sont de la même personne."))
    if faults:
        return _page(election, found, faults=faults), 422
    scan = tallies.scan(registry, found.id)
    try:
        closing.close(
            services().content,
            election,
            found,
            known.pair,
            known.compared,
            held,
            signatories,
            scan.sha256 if scan is not None else "",
            account(),
            now(),
        )
    except Conflict:  # a colleague closed it in this very moment
        flash(_("Ce lieu vient d’être changé par quelqu’un d’autre."))
        return redirect(url_for("votenight.place", place_id=place_id), 303)
    flash(_("Le dépouillement de « %s » est clos.") % found.display_title)
    return redirect(url_for("votenight.place", place_id=place_id), 303)


@bp.post("/vote/lieu/<place_id>/rouvrir")
def reopen(place_id: str) -> Answer:
    """Open a closed place again, with a reason that stays."""
    election, found = place_or_404(place_id)
    reason = request.form.get("reason", "").strip()
    if found.tally.closed is None:
        return redirect(url_for("votenight.place", place_id=place_id), 303)
    if not reason:
        return _page(election, found, faults=[_("Écrivez pourquoi ce lieu est rouvert : ce sera public.")]), 422
    closing.reopen(services().content, found, reason[:300], account(), now())
    tallies.reopen(services().registry, found.id)
    flash(_("Le dépouillement est rouvert. Chacun peut corriger sa saisie."))
    return redirect(url_for("votenight.place", place_id=place_id), 303)


@bp.post("/vote/lieu/<place_id>/feuille")
def attach(place_id: str) -> Answer:
    """Keep the picture of the signed sheet in the registry; only its SHA-256 goes into the content."""
    election, found = place_or_404(place_id)
    sent = request.files.get("scan")
    content = sent.read() if sent is not None else b""
    kind = next((kind for start, kind in SCANS.items() if content.startswith(start)), "")
    if not kind:
        return _page(
            election, found, faults=[_("Choisissez une photo (JPEG, PNG) ou un PDF de la feuille signée.")]
        ), 422
    digest = hashlib.sha256(content).hexdigest()
    tallies.attach(services().registry, found.id, digest, kind, content, now())
    if found.tally.closed is not None:
        tally = dict(found.data["tally"]) | {"scan": digest}
        services().content.save(found, found.with_data({"tally": tally}).data, account(), now())
    flash(_("La feuille est jointe. Elle reste dans l’outil : seule son empreinte sera publiée."))
    return redirect(url_for("votenight.place", place_id=place_id), 303)


@bp.get("/vote/lieu/<place_id>/feuille")
def scan(place_id: str) -> FlaskResponse:
    """The picture of the signed sheet."""
    _election, found = place_or_404(place_id)
    kept = tallies.scan(services().registry, found.id)
    if kept is None:
        abort(404)
    answer = FlaskResponse(kept.content, mimetype=kept.kind)
    ending = kept.kind.rpartition("/")[2]
    answer.headers["Content-Disposition"] = f"attachment; filename=feuille-{found.short.lower()}.{ending}"
    return answer


@bp.get("/vote/lieu/<place_id>/proces-verbal.pdf")
def record(place_id: str) -> FlaskResponse:
    """The printable record of a place: its figures, or empty lines to fill in by hand."""
    election, found = place_or_404(place_id)
    known = standing.of_place(services().registry, election, found)
    figures = None
    if known.compared is not None:
        figures = result(election, known.compared, known.pair[0].mode)[0]
    elif found.tally.closed is not None and len(known.entries) == 2:
        compared = standing.compared_of(services().registry, election, found, known.pair)
        figures = result(election, compared, known.pair[0].mode)[0]
    answer = FlaskResponse(
        printed.record(election, found, figures, services().content.instance_name(), now()), mimetype="application/pdf"
    )
    answer.headers["Content-Disposition"] = f"inline; filename=proces-verbal-{found.short.lower()}.pdf"
    return answer


def _page(election: Election, found: PollingPlace, **more: Any) -> str:
    registry, known = services().registry, standing.of_place(services().registry, election, found)
    held = result(election, known.compared, known.pair[0].mode)[0] if known.compared is not None else {}
    kept = tallies.scan(registry, found.id)
    return render_template(
        "vote/place.html",
        election=election,
        place=found,
        known=known,
        differences=known.compared.differences[:MOST] if known.compared is not None else [],
        held=held,
        balance=sheet.balance(held) if known.state == "ready" else (True, ""),
        advice=sheet.advice(held),
        sums=sheet.faults(election, held) if known.state == "ready" else [],
        modes=MODES,
        roles=[(role, _(words)) for role, words in SIGNING.items()],
        scan=kept,
        person=telling.person,
        steps=_steps(known),
        void=[(_(VOID.get(row.reason, row.reason)), row.number) for row in found.tally.void],
        wrong=more.pop("wrong", {}),
        faults=more.pop("faults", []),
    )


def _steps(known: Standing) -> list[tuple[str, str]]:
    """Each step with `past`, `now` or nothing."""
    words = [_("Première saisie"), _("Seconde saisie, à l’aveugle"), _("Écarts levés"), _("Clos et signé")]
    reached = {"waiting": 0, "first": 0, "second": 1, "differences": 2, "ready": 3, "closed": 4}[known.state]
    return [
        (text, "past" if place < reached else "now" if place == reached else "") for place, text in enumerate(words)
    ]
