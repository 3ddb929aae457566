"""Views that take files in and change them: each parses, judges, writes through `keeping`, answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers.response import Response

from backoffice import keeping as forms
from backoffice.i18n import _, ngettext
from backoffice.media import intake, keeping, words
from backoffice.media.choosing import errand
from backoffice.media.intake import Refused, Taken
from backoffice.media.shelf import Item
from backoffice.media.views import bp, intake_words, page_of, told
from backoffice.records.formview import limit_words
from backoffice.registry import kept
from backoffice.services import account, now, services
from backoffice.telling import person
from participation.messages import mark
from participation.problems import LaureatError, Problem
from participation.store.errors import Conflict, InvalidRecord, MediaChanged, MediaNotFound, StillReferenced

__all__ = ["bp"]  # the views of both modules

Answer = str | tuple[str, int] | Response

_TOO_MANY = mark("Il y a trop de fichiers à la fois."), mark("Déposez-en %s au plus, puis recommencez avec les autres.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file that was dropped: taken in, there already, or refused and why."""

    name: str
    item: Item | None = None
    known: bool = False
    note: str = ""
    refused: str = ""


@bp.route("/medias/ajouter", methods=["GET", "POST"])
def upload() -> Answer:
    """The page where files are dropped; once sent, what became of each of them."""
    purpose = errand()
    if request.method == "GET":
        return render_template("media/upload.html", errand=purpose, **intake_words())
    outcomes = _taken_in([one for one in request.files.getlist("files") if one.filename])
    if request.accept_mimetypes.best == "application/json":
        return jsonify([_as_json(one) for one in outcomes])
    return _added_page(outcomes), 200 if any(one.item for one in outcomes) else 422


@bp.route("/medias/decrire", methods=["GET", "POST"])
def describe() -> Answer:
    """Say what is known of several files, those that were just added; or of one, sent from its own page."""
    if request.method == "GET":
        left = forms.offered(account(), url_for("media.describe"))
        resume = request.args.get("reprendre") == "1" and left is not None
        paths = words.paths_of(kept.pairs_of(left)) if resume and left is not None else request.args.getlist("f")
        items = _items(paths)
        form = words.words_form(items, url_for("media.describe"), resume=resume)
        return _described(form)
    sent = forms.sent_pairs()
    items = _items(words.paths_of(sent))
    page = forms.page_of_form()
    sent = words.numbered(sent, items)
    pairs, read = words.read(sent, items)
    errors = [problem for one in read for problem in one.errors]
    changed = 0
    for number, one in enumerate(read if not errors else (), 1):
        try:
            changed += keeping.describe(services().content, one.path, one.fields, one.base, account(), now())
        except Conflict as asked:
            pairs[f"_f{number}.base"] = asked.blob  # seen now: sent again, what is typed here is kept
            errors += [_taken_by(number, clash.field, asked.author, clash.theirs) for clash in asked.fields]
        except InvalidRecord as invalid:
            errors += [Problem(fault.message, field=f"f{number}.{fault.field}") for fault in invalid.problems]
    if errors:
        forms.keep(account(), page, items[0].title if items else "", sent, "refused")
        form = words.words_form(_items([one.path for one in items]), page, pairs, errors)
        if page != url_for("media.describe") and len(items) == 1:
            return page_of(items[0], form=form), 422
        return _described(form), 422
    forms.drop(account(), page)
    flash(_("C’est enregistré.") if changed else _("Rien n’avait changé."))
    return redirect(page if page != url_for("media.describe") else url_for("media.listing"), 303)


@bp.post("/medias/remplacer/<path:file>")
def replace(file: str) -> Answer:
    """Put another file in the place of one; its address stays."""
    item = keeping.item_of(services().content, file)
    sent = next((one for one in request.files.getlist("files") if one.filename), None)
    if sent is None:
        return page_of(item, fault=[_("Choisissez d’abord un fichier.")]), 422
    try:
        new = intake.taken(sent.filename or "", _read(sent), like=item.path)
        keeping.replace(services().content, file, request.form.get("_base", ""), new, account(), now())
    except (Refused, MediaChanged, InvalidRecord) as refused:
        return page_of(item, fault=_sentences(refused)), 422
    flash(_("Le fichier est remplacé. Rien n’est public avant publication."))
    return redirect(url_for("media.show", file=file), 303)


@bp.post("/medias/corbeille/<path:file>")
def discard(file: str) -> Answer:
    """Put a file into the trash; one that is used is asked about a second time."""
    item = keeping.item_of(services().content, file)
    try:
        keeping.trash(services().content, file, account(), now(), even_if_used=request.form.get("confirm") == "1")
    except StillReferenced:
        return page_of(item, confirm=True), 409
    except InvalidRecord as refused:
        return page_of(item, fault=_sentences(refused)), 422
    flash(_("« %s » est dans la corbeille.") % item.title)
    return redirect(url_for("media.listing"), 303)


@bp.post("/medias/retablir/<path:file>")
def undelete(file: str) -> Response:
    """Take a file out of the trash."""
    place = keeping.undelete(services().content, file, account(), now())
    flash(_("Le fichier %s est rétabli.") % place)
    return redirect(url_for("media.show", file=place), 303)


def _taken_in(files: Sequence[FileStorage]) -> list[Outcome]:
    """Judge each file apart, keep those that are good, and say what became of all, in their order."""
    good: list[tuple[int, Taken]] = []
    outcomes: list[Outcome] = []
    for number, one in enumerate(files):
        name = (one.filename or "")[-200:]
        if number >= intake.MOST_AT_ONCE:
            outcomes.append(Outcome(name, refused=f"{_(_TOO_MANY[0])} {_(_TOO_MANY[1]) % intake.MOST_AT_ONCE}"))
            continue
        try:
            good.append((number, intake.taken(name, _read(one))))
            outcomes.append(Outcome(name))
        except Refused as refused:
            outcomes.append(Outcome(name, refused=" ".join(_sentences(refused))))
    if not good:
        return outcomes or [Outcome("", refused=_("Choisissez d’abord un fichier."))]
    content = services().content
    added = keeping.add(content, [one for _number, one in good], account(), now())
    for (number, new), kept_file in zip(good, added, strict=True):
        item = keeping.shelf(content).items[kept_file.path]
        outcomes[number] = Outcome(outcomes[number].name, item, known=kept_file.known, note=_(new.note))
    return outcomes


def _read(sent: FileStorage) -> bytes:
    """The bytes of a file that was sent, one more than any type may weigh at most."""
    return sent.stream.read(max(intake.MOST_BYTES.values()) + 1)


def _items(paths: Sequence[str]) -> list[Item]:
    found = []
    for path in dict.fromkeys(paths[: intake.MOST_AT_ONCE]):
        try:
            found.append(keeping.item_of(services().content, path))
        except MediaNotFound:  # thrown away meanwhile: the others are still to be described
            continue
    return found


def _added_page(outcomes: Sequence[Outcome]) -> str:
    new = [one.item for one in outcomes if one.item is not None and not one.known]
    count = len(new)
    if count:
        flash(ngettext("%(num)s fichier ajouté.", "%(num)s fichiers ajoutés.", count) % {"num": count})
    form = words.words_form(new, url_for("media.describe"))
    return _described(form, outcomes)


def _described(form: words.WordsForm, outcomes: Sequence[Outcome] = ()) -> str:
    return render_template("media/added.html", outcomes=outcomes, form=form, errand=errand(), limit_words=limit_words)


def _as_json(one: Outcome) -> dict[str, Any]:
    shown = told(one.item) if one.item is not None else {}
    return {"name": one.name, "known": one.known, "note": one.note, "refused": one.refused, **shown}


def _sentences(refused: LaureatError) -> list[str]:
    if isinstance(refused, InvalidRecord):
        return [_(problem.message) for problem in refused.problems]
    return [_(words) for words in (refused.message, refused.kept, refused.hint) if words]


def _taken_by(number: int, field: str, author: str, theirs: object) -> Problem:
    told_by = _("%(who)s a écrit ici entre-temps : « %(words)s ». Enregistrez de nouveau pour garder votre texte.")
    return Problem(told_by % {"who": person(author), "words": theirs or ""}, field=f"f{number}.{field}")
