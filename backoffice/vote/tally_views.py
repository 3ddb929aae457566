"""Views of one entry: begun, typed line by line or as totals, finished. What is typed is kept with every Enter."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import keeping, telling
from backoffice.i18n import _
from backoffice.registry import kept, tallies
from backoffice.registry.tally_schema import TallyEntry
from backoffice.services import account, now, services
from backoffice.vote import sheet, standing
from backoffice.vote.election import Election, number_of
from backoffice.vote.typing import Typed, TypedWrong, read_line
from participation.records import PollingPlace
from participation.records.polling import MODES, VOID

bp = Blueprint("votetally", __name__)

Answer = str | tuple[str | Response, int] | Response
SHOWN = 12  # lines that were typed last


def place_or_404(place_id: str) -> tuple[Election, PollingPlace]:
    """The polling place that an address names, in its election."""
    content = services().content
    place = content.record(place_id)
    election = Election.of(content.snapshot(), place_id.partition("-")[0])
    if not isinstance(place, PollingPlace) or election is None:
        abort(404)
    return election, place


@bp.post("/vote/lieu/<place_id>/saisie")
def start(place_id: str) -> Answer:
    """Begin the next entry of a place, or go on with one that somebody else had begun, once that was confirmed."""
    election, place = place_or_404(place_id)
    registry, found = services().registry, standing.of_place(services().registry, election, place)
    page = url_for("votenight.place", place_id=place_id)
    number = request.form.get("number", type=int, default=found.next_number)
    other = found.entries.get(2 if number == 1 else 1)
    if other is not None and tallies.typed_by(registry, other.id, account()):
        flash(_("Les deux saisies sont faites par deux personnes différentes : vous avez fait l’autre."))
        return redirect(page, 303)
    held = found.entries.get(number)
    if held is not None:
        if held.finished is None and held.account_id != account().id:
            if request.form.get("take") != "1":
                return _ask(election, place, held)
            tallies.take_over(registry, held.id, account(), now())
    elif number == found.next_number and found.state in ("waiting", "second"):
        mode = found.entries[1].mode if number == 2 else request.form.get("mode", "")
        if mode not in MODES or (mode == "totals" and election.needs_ballots):
            flash(_("Choisissez comment saisir."))
            return redirect(page, 303)
        if tallies.start(registry, place.id, number, mode, account(), now()) is None:
            flash(_("Quelqu’un vient de commencer cette saisie."))
            return redirect(page, 303)
    else:
        flash(_("La première saisie doit d’abord être terminée."))
        return redirect(page, 303)
    return redirect(url_for("votetally.entry", place_id=place_id, number=number), 303)


@bp.get("/vote/lieu/<place_id>/saisie/<int:number>")
def entry(place_id: str, number: int) -> Answer:
    """The screen of an entry, with what was typed last."""
    election, place = place_or_404(place_id)
    found = tallies.entry(services().registry, place.id, number)
    if found is None or place.tally.closed is not None:
        return redirect(url_for("votenight.place", place_id=place_id), 303)
    if found.account_id != account().id:
        flash(_("Cette saisie est celle de quelqu’un d’autre."))
        return redirect(url_for("votenight.place", place_id=place_id), 303)
    left = keeping.offered(account(), _page(place_id, number))
    typed = dict(kept.pairs_of(left)) if left is not None else {}
    return _screen(election, place, found, typed=typed, again=left is not None)


@bp.post("/vote/lieu/<place_id>/saisie/<int:number>")
def enter(place_id: str, number: int) -> Answer:
    """A line, figures, the last line taken back, or the end of the entry."""
    election, place = place_or_404(place_id)
    registry = services().registry
    found = tallies.entry(registry, place.id, number)
    if found is None or place.tally.closed is not None:
        abort(409)
    if found.account_id != account().id:
        return _taken(found)
    act = request.form.get("_do", "type")
    words, wrong = "", ""
    before = dict(found.figures)
    if act == "undo":
        gone = tallies.undo(registry, found.id, sheet.counting(election), now())
        words = _("La dernière ligne est retirée.") if gone is not None else _("Il n’y a rien à retirer.")
    elif act == "again":
        tallies.finish(registry, found.id, None)
        words = _("La saisie est rouverte.")
    elif act in ("figures", "finish"):
        figures, refused = sheet.typed_figures(election, keeping.sent_pairs(), found.mode)
        tallies.put(registry, found.id, figures, now())
        wrong = " ".join(refused)
        words = _("Les chiffres sont enregistrés.")
    else:
        words, wrong = _line(election, found, act)
    fresh = tallies.entry(registry, place.id, number)
    if fresh is None:
        abort(409)
    if act == "finish" and not wrong:
        faults = sheet.faults(election, fresh.figures)
        if not faults:
            tallies.finish(registry, fresh.id, now())
            keeping.drop(account(), _page(place_id, number))
            flash(_("Votre saisie est terminée."))
            return redirect(url_for("votenight.place", place_id=place_id), 303)
        wrong = " ".join(faults)
    if not wrong:
        keeping.drop(account(), _page(place_id, number))
    if request.accept_mimetypes.best == "application/json":
        return _told(election, fresh, before, words, wrong)
    if wrong:
        return _screen(election, place, fresh, typed=dict(request.form.items()), wrong=wrong), 422
    flash(words)
    return redirect(url_for("votetally.entry", place_id=place_id, number=number, _anchor="taper"), 303)


def _ask(election: Election, place: PollingPlace, held: TallyEntry) -> str:
    """Who types in an entry and since when, before somebody else goes on with it."""
    return render_template(
        "vote/take_over.html",
        election=election,
        place=place,
        held=held,
        person=telling.person(held.pseudonym),
        since=telling.clock_of(held.started),
        last=telling.clock_of(held.saved),
    )


def _taken(found: TallyEntry) -> Answer:
    """Somebody went on with the entry meanwhile: what its first person still types is kept, and told."""
    told = _(
        "%(name)s a pris la suite de cette saisie. Ce que vous venez de taper n’y est pas\u00a0: "
        "c’est gardé, et vous revient si vous reprenez la suite."
    ) % {"name": telling.person(found.pseudonym)}
    if request.accept_mimetypes.best == "application/json":
        return jsonify(words="", wrong=told), 409
    keeping.keep_request(account(), "taken")
    flash(told)
    return redirect(url_for("votenight.place", place_id=found.place_id), 303)


def _line(election: Election, found: TallyEntry, act: str) -> tuple[str, str]:
    """Add what was typed; the sentence that says it back, or what is wrong."""
    sent = Typed(
        request.form.get("typed", ""),
        act.removeprefix("void:") if act.startswith("void:") else "",
        request.form.get("zone", ""),
        request.form.get("youth") == "1",
    )
    key = request.form.get("key", "")[:40] or secrets.token_hex(8)
    try:
        line = read_line(election, found, sent)
    except TypedWrong as refused:
        return "", str(refused)
    added = tallies.add(services().registry, found.id, key, line.what, sheet.counting(election), now())
    return (line.words if added else _("Cette ligne était déjà enregistrée.")), ""


def _page(place_id: str, number: int) -> str:
    return url_for("votetally.entry", place_id=place_id, number=number)


def _told(election: Election, found: TallyEntry, before: dict[str, int], words: str, wrong: str) -> Response:
    """The live parts of the screen, and the figures that changed."""
    changed = {
        name: found.figures.get(name, "")
        for name in found.figures.keys() | before.keys()
        if found.figures.get(name) != before.get(name)
    }
    return jsonify(
        words=words, wrong=wrong, values=changed, live=render_template("vote/live.html", **_live(election, found))
    )


def _live(election: Election, found: TallyEntry) -> dict[str, Any]:
    right, words = sheet.balance(found.figures)
    lines = tallies.last(services().registry, found.id, SHOWN)
    counted = sheet.counting(election)
    return {
        "election": election,
        "found": found,
        "right": right,
        "balance": words,
        "advice": sheet.advice(found.figures),
        "faults": [one for one in sheet.faults(election, found.figures) if one != words],
        "lines": [(found.lines - place, *_told_line(election, line.what, counted)) for place, line in enumerate(lines)],
        "void": [(_(VOID[code]), n) for code in VOID if (n := found.figures.get(f"void.{code}", 0))],
        "valid": found.figures.get("valid", 0),
        "clock": telling.clock_of(found.saved),
    }


def _told_line(election: Election, what: dict[str, Any], counted: Any) -> tuple[str, str]:
    """A line in words, and why it is void."""
    if "name" in what:
        words = f"{sheet.label(election, what['name'])} : {what['after']}"
        return words, ""
    figures: dict[str, int] = {}
    counted(figures, what, 1)
    reason = next((name.partition(".")[2] for name in figures if name.startswith("void.")), "")
    ballot = sheet.ballot_from(what)
    return sheet.ballot_words(election, ballot), _(VOID[reason]) if reason else ""


def _screen(
    election: Election,
    place: PollingPlace,
    found: TallyEntry,
    *,
    typed: dict[str, str] | None = None,
    wrong: str = "",
    again: bool = False,
) -> str:
    return render_template(
        "vote/entry.html",
        place=place,
        page=_page(place.id, found.number),
        typed=typed or {},
        wrong=wrong,
        again=again,
        key=secrets.token_hex(8),
        by_hand=[(code, _(VOID[code])) for code in sheet.BY_HAND],
        void_names=[(f"void.{code}", _(VOID[code])) for code in VOID],
        projects=[(number_of(one), one, election.voice().title(one)) for one in sorted(election.contest.candidates)],
        points=sheet.has_points(election),
        zones=sorted(election.names.items()) if "zone" in election.rule.dimensions else [],
        youth="youth" in election.rule.dimensions,
        **_live(election, found),
    )
