"""Views of people: list, page, correction, links, export, erasure, what falls due. Readings are logged."""

from __future__ import annotations

import datetime as dt
import json

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers.response import Response as BaseResponse

from backoffice import keeping, town_time
from backoffice.audit.noting import note
from backoffice.audit.views import told
from backoffice.auth.forms import errors_of
from backoffice.i18n import _, ngettext
from backoffice.inside import safe_next
from backoffice.people import links, withdrawing
from backoffice.people.everything import held_about
from backoffice.people.forms import PersonForm, day_of, last_end, typed, usual_end
from backoffice.records.lines import Line
from backoffice.registry import accounts, audit, people
from backoffice.registry.kept import pairs_of
from backoffice.registry.schema import Person
from backoffice.services import account, now, services

bp = Blueprint("people", __name__)

PER_PAGE = 50

Answer = str | tuple[str, int] | BaseResponse


@bp.get("/personnes")
def listing() -> str:
    """People that match a search, by name."""
    found = people.search(services().registry, request.args.get("q", "").strip()[:200])
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, int) or 1), pages)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    note("people_listed", count=len(found), people=[one.id for one in shown])
    return render_template(
        "people/list.html",
        people=shown,
        total=len(found),
        page=page,
        pages=pages,
        page_href=lambda number: url_for("people.listing", q=request.args.get("q") or None, page=number),
        counts=links.counts(services().content),
        due=len(people.due(services().registry, town_time.today())),
        today=town_time.today(),
    )


@bp.get("/personnes/echeances")
def due() -> str:
    """Whose time of keeping is over: keep longer, or erase."""
    found = people.due(services().registry, town_time.today())
    note("people_listed", count=len(found), people=[one.id for one in found[:PER_PAGE]])
    later = usual_end(town_time.today()).isoformat()
    return render_template("people/due.html", people=found, counts=links.counts(services().content), later=later)


@bp.route("/personnes/nouvelle", methods=["GET", "POST"])
def create() -> Answer:
    """A new person; linked at once to the record one comes from."""
    record_id = request.values.get("pour", "")[:40]
    if request.method == "GET":
        form = _left() or PersonForm(retain_until=usual_end(town_time.today()).isoformat())
        return render_template("people/form.html", form=form, person=None, errors=[], record_id=record_id)
    form = PersonForm(request.form)
    if errors := _errors(form):
        return render_template("people/form.html", form=form, person=None, errors=errors, record_id=record_id), 422
    person = people.add(services().registry, form.values(), now())
    note("person_made", person.id)
    keeping.drop(account(), keeping.page_of_form())
    flash(_("La fiche est créée."))
    if record_id:
        _link(person, record_id)
    return redirect(url_for("people.show", person_id=person.id), 303)


@bp.get("/personnes/<person_id>")
def show(person_id: str) -> Answer:
    """One person: contact, consent, where they are named, who read it."""
    person = people.find(services().registry, person_id)
    if person is None:
        erased = people.erased_on(services().registry, person_id)
        if erased is None:
            abort(404)
        return render_template("people/erased.html", person_id=person_id, when=erased, lines=_carried(person_id))
    events = audit.latest(services().registry, 10, subject=person_id)
    note("person_read", person.id)
    everybody = accounts.everyone(services().registry)
    return render_template(
        "people/show.html",
        person=person,
        lines=_carried(person_id),
        events=[told(one, everybody) for one in events],
        today=town_time.today(),
    )


@bp.route("/personnes/<person_id>/corriger", methods=["GET", "POST"])
def correct(person_id: str) -> Answer:
    """Correct what is known of a person."""
    person = _person(person_id)
    if request.method == "GET":
        note("person_read", person.id)
        form = _left() or PersonForm(data={name: typed(getattr(person, name)) for name in people.FIELDS})
        return render_template("people/form.html", form=form, person=person, errors=[], record_id="")
    form = PersonForm(request.form)
    errors = _errors(form)
    if not errors:
        values = form.values()
        before = {name: getattr(person, name) for name in people.FIELDS}
        if people.correct(services().registry, person.id, values, _seen(person), now()):
            note("person_changed", person.id, fields=[name for name in people.FIELDS if before[name] != values[name]])
            keeping.drop(account(), keeping.page_of_form())
            flash(_("C’est corrigé."))
            return _shown(person, withdrawing.public_label(_person(person_id)))
        person = _person(person_id)
        errors = [("name", _("Quelqu’un a corrigé cette fiche entre-temps. Vérifiez, puis enregistrez de nouveau."))]
    return render_template("people/form.html", form=form, person=person, errors=errors, record_id=""), 422


@bp.post("/personnes/<person_id>/lier")
def link(person_id: str) -> BaseResponse:
    """Name the person in an idea or a project."""
    person = _person(person_id)
    if _link(person, request.form.get("record", "").strip()):
        flash(_("C’est lié. Le nom n’entre pas dans la fiche\u00a0: seulement ce numéro."))
    return redirect(url_for("people.show", person_id=person.id), 303)


@bp.post("/personnes/<person_id>/delier")
def unlink(person_id: str) -> BaseResponse:
    """Name the person in a record no more."""
    record = services().content.record(request.form.get("record", ""))
    if record is None or record.id not in {line.id for line in _carried(person_id)}:
        abort(404)
    links.link(services().content, record, "", account(), now())
    note("person_linked", person_id, record=record.id, purpose="-")
    flash(_("La fiche ne nomme plus cette personne."))
    return redirect(url_for("people.show", person_id=person_id), 303)


@bp.get("/personnes/<person_id>/donnees.json")
def export(person_id: str) -> Response:
    """Everything held about a person, for that person: what the law calls the right of access."""
    person = _person(person_id)
    note("person_exported", person.id)
    data = held_about(person, _carried(person_id), audit.latest(services().registry, 10_000, subject=person.id))
    answer = Response(json.dumps(data, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename={person.id}.json"
    return answer


@bp.route("/personnes/<person_id>/effacer", methods=["GET", "POST"])
def erase(person_id: str) -> Answer:
    """Say where the person shows, then erase."""
    person = _person(person_id)
    mentions = links.mentions(services().content, person)
    if request.method == "GET":
        return render_template("people/erase.html", person=person, mentions=mentions, lines=_carried(person_id))
    people.erase(services().registry, person.id, now())
    note("person_erased", person.id)
    job = withdrawing.ask(person.id, label) if (label := withdrawing.public_label(person)) else None
    flash(_("La personne est effacée."))
    if mentions:
        words = ngettext(
            "%(num)s fiche contient encore son nom ou son contact\u00a0: corrigez-la, puis publiez.",
            "%(num)s fiches contiennent encore son nom ou son contact\u00a0: corrigez-les, puis publiez.",
            len(mentions),
        )
        flash(words % {"num": len(mentions)} + " " + ", ".join(line.id for line in mentions[:20]))
    if job is not None:
        return redirect(url_for("withdrawal.show", job_id=job.id), 303)
    return redirect(url_for("people.listing"), 303)


@bp.post("/personnes/<person_id>/conserver")
def keep(person_id: str) -> BaseResponse:
    """Keep a person until another day."""
    person, day = _person(person_id), day_of(request.form.get("until", ""))
    if day is None or not town_time.today() < day <= last_end(town_time.today()):
        flash(_("Écrivez une date à venir, dix ans au plus."))
    else:
        people.keep_until(services().registry, person.id, day, now())
        note("person_kept", person.id, until=day.isoformat())
        flash(_("La fiche est gardée jusqu’à cette date."))
    return redirect(url_for("people.due"), 303)


def _link(person: Person, record_id: str) -> bool:
    record = services().content.record(record_id)
    if record is None or record.type_name not in links.LINKED:
        flash(_("Aucune idée ni aucun projet n’a ce numéro."))
        return False
    other = links.named(record.data)
    if other and other != person.id:
        flash(_("Cette fiche nomme déjà une autre personne\u00a0: déliez-la d’abord (%s).") % other)
        return False
    links.link(services().content, record, person.id, account(), now())
    note("person_linked", person.id, record=record.id)
    return True


def _shown(before: Person, label: str) -> BaseResponse:
    """The page after a correction: of the person, or of taking back a label that may be public no longer."""
    former = withdrawing.public_label(before)
    if former and former != label:
        note("label_withdrawn", before.id)
        return redirect(url_for("withdrawal.show", job_id=withdrawing.ask(before.id, former).id), 303)
    return redirect(url_for("people.show", person_id=before.id), 303)


def _left() -> PersonForm | None:
    """The form as this account left it unsaved, when it asks to go on with it."""
    if request.args.get("reprendre") != "1":
        return None
    kept = keeping.offered(account(), safe_next(request.path))
    return PersonForm(MultiDict(pairs_of(kept))) if kept is not None else None


def _carried(person_id: str) -> list[Line]:
    return links.of(services().content, person_id)


def _errors(form: PersonForm) -> list[tuple[str, str]]:
    found = [] if form.validate() else errors_of(form)
    return found + [(field, _(words)) for field, words in form.faults(town_time.today())]


def _person(person_id: str) -> Person:
    person = people.find(services().registry, person_id)
    if person is None:
        abort(404)
    return person


def _seen(person: Person) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(request.form.get("_seen", ""))
    except ValueError:
        return person.created - dt.timedelta(days=1)  # a form that is not ours is never up to date
