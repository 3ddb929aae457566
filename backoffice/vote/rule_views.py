"""Views of the rule besides its form (which is a record's form): beginning from a template, telling, freezing."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice import keeping, town_time
from backoffice.i18n import _
from backoffice.records import formdata
from backoffice.services import account, now, services
from backoffice.vote import beside, correcting, freezing
from backoffice.vote.election import Election
from participation.counting.contest import fingerprint
from participation.counting.reading import rule_from
from participation.counting.templates import TEMPLATES, template
from participation.layout import rule_id
from participation.messages import mark
from participation.records import Record, Rule
from participation.records.fields import Plain
from participation.records.rule import OF_ONE_VOTE
from participation.store.errors import RecordExists

bp = Blueprint("voterule", __name__)

WORDS = {
    "plain": (mark("Dans l’ordre des voix"), mark("La règle la plus simple : tant que l’argent suffit.")),
    "city": (
        mark("Une ville comme Saint-Denis"),
        mark("Une enveloppe par quartier, une pour toute la ville, un seul lauréat par porteur."),
    ),
    "department": (
        mark("Un département comme les Landes"),
        mark("Trois choix, deux lauréats par canton dont un projet de jeunes, un dixième du budget pour les jeunes."),
    ),
    "districts": (
        mark("Une ville comme Toulouse"),
        mark("La même somme dans chaque quartier, puis le reste aux projets les plus choisis."),
    ),
}


@bp.get("/vote/<edition_id>/regle")
def choose(edition_id: str) -> str | Response:
    """The form of the rule; where there is none yet, the templates to begin with."""
    election = election_or_404(edition_id)
    if election.record is not None:
        return redirect(url_for("records.edit", record_id=election.record.id), 303)
    if election.rule_path in election.snapshot.entries:
        problems = election.snapshot.reading(election.rule_path).problems
    else:
        problems = []
    offers = [(name, _(WORDS[name][0]), _(WORDS[name][1]), _told(name, election)) for name in TEMPLATES]
    others = [one for one in election.snapshot.of_type(Rule) if one.edition != edition_id]
    return render_template(
        "vote/begin.html",
        election=election,
        offers=offers,
        others=others,
        problems=[_(one.message) for one in problems],
    )


@bp.post("/vote/<edition_id>/regle")
def begin(edition_id: str) -> Response:
    """Write a rule from a template, or from that of another edition."""
    election = election_or_404(edition_id)
    chosen = request.form.get("from", "")
    found: Record | None = None
    if chosen in TEMPLATES:
        found = rule_from(template(chosen).encode(), edition_id, f"{chosen}.yml")
    elif chosen:
        found = services().content.record(chosen)
    if not isinstance(found, Rule):
        abort(404)
    data = {name: plain for name, plain in found.data.items() if name not in OF_ONE_VOTE}
    try:
        services().content.save(Rule({}, id=rule_id(election.id)), data, account(), now())
    except RecordExists:
        flash(_("Une règle vient d’être écrite par quelqu’un d’autre : la voici."))
    return redirect(url_for("records.edit", record_id=rule_id(election.id)), 303)


@bp.post("/vote/<edition_id>/regle/phrases")
def tell(edition_id: str) -> str:
    """The form as it is typed now, told back in sentences: for the script of the page."""
    election = election_or_404(edition_id)
    record = election.record or Rule({}, id=rule_id(edition_id))
    pairs = formdata.last_values(keeping.sent_pairs())
    return render_template("vote/told.html", told=beside.lines(beside.typed(record, pairs), election))


@bp.post("/vote/<edition_id>/figer")
def freeze(edition_id: str) -> Response:
    """Freeze rule and ballot list as they are saved now."""
    election = election_or_404(edition_id)
    rule = election.record
    if rule is not None and rule.frozen.rule:
        flash(_("La règle était déjà figée."))
        return redirect(url_for("voterule.choose", edition_id=edition_id), 303)
    today = town_time.today()
    try:
        kept = freezing.frozen(election, today)
    except freezing.CannotFreeze as refused:
        flash(" ".join(filter(None, (_(refused.message), _(refused.hint)))))
        return redirect(url_for("voterule.choose", edition_id=edition_id), 303)
    _save(rule, {"frozen": kept})
    flash(_("La règle et la liste des projets sont figées. Une correction demandera une raison et une date."))
    return redirect(url_for("voterule.choose", edition_id=edition_id), 303)


@bp.post("/vote/<edition_id>/liste")
def correct_list(edition_id: str) -> Response:
    """Note why the ballot list is no longer as it was frozen."""
    election = election_or_404(edition_id)
    rule = election.record
    if rule is None or not rule.frozen.projects:
        abort(404)
    row, problems = correcting.row_of(formdata.last_values(keeping.sent_pairs()))
    if problems:
        flash(" ".join(_(problem.message) for problem in problems))
    else:
        row["projects"] = fingerprint(election.contest)
        _save(rule, {"corrections": [*rule.data.get("corrections", []), row]})
        flash(_("La correction est notée ; elle paraîtra avec les résultats."))
    return redirect(url_for("voterule.choose", edition_id=edition_id), 303)


def _save(rule: Rule | None, changes: dict[str, Plain]) -> None:
    if rule is None:
        abort(404)
    services().content.save(rule, rule.with_data(changes).data, account(), now())


def _told(name: str, election: Election) -> list[str]:
    record = rule_from(template(name).encode(), election.id, f"{name}.yml")
    return [line.words for line in beside.lines(record, election)]


def election_or_404(edition_id: str) -> Election:
    """The vote that an address names."""
    election = Election.of(services().content.snapshot(), edition_id)
    if election is None:
        abort(404)
    return election
