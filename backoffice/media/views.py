"""Views that show files: the list, the choice for a form, the page of one file, its bytes. Nothing is written here."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from backoffice.i18n import _, language, ngettext
from backoffice.media import intake, keeping
from backoffice.media.choosing import Errand, errand
from backoffice.media.shelf import FILTERS, PER_PAGE, Item, Shelf
from backoffice.media.words import WordsForm, words_form
from backoffice.policy import Right, allowed
from backoffice.records.formview import limit_words
from backoffice.services import account, services
from backoffice.telling import person, speaker
from participation import library, wording
from participation.library import MEDIA, facts_path, said
from participation.records.media import MediaFile
from participation.store.writing import trailers_of

bp = Blueprint("media", __name__)

# What a file may do when it is opened by itself: nothing. A drawing may have its own colours.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
_MOST_VERSIONS = 20


@bp.get("/medias")
def listing() -> str:
    """The files, searched and filtered."""
    return render_template("media/listing.html", **_grid(Errand()))


@bp.get("/medias/choisir")
def pick() -> str | Response:
    """The same files, one of which goes into the form that one comes from; as JSON for scripts."""
    purpose = errand()
    shown = _grid(purpose)
    if request.accept_mimetypes.best == "application/json":
        one = request.args.get("fichier", "")
        return jsonify([told(item) for item in ([keeping.item_of(services().content, one)] if one else shown["items"])])
    return render_template("media/pick.html", **shown, **intake_words())


@bp.get("/medias/fichier/<path:file>")
def show(file: str) -> str:
    """One file: what it looks like, what is known of it, where it is used, what became of it."""
    return page_of(keeping.item_of(services().content, file))


def page_of(item: Item, *, form: WordsForm | None = None, confirm: bool = False, fault: Sequence[str] = ()) -> str:
    """The page of one file."""
    content = services().content
    shelf = keeping.shelf(content)
    uses = [use for use in shelf.uses.get(item.path, ()) if keeping.readable(content, use.key)]
    hidden = len(shelf.uses.get(item.path, ())) - len(uses)
    public = content.published()
    live = content.store.snapshot(public.commit).entries if public is not None else {}
    return render_template(
        "media/show.html",
        item=item,
        uses=uses,
        hidden=hidden,
        twins=[one for one in shelf.twins(item) if shelf.visible(one.path, lambda key: keeping.readable(content, key))],
        wordless=shelf.wordless(item),
        size=wording.size(len(keeping.bytes_of(content, item)), language()),
        public=f"{MEDIA}{item.path}" in live,
        versions=_versions(item),
        editable=keeping.may_change(content, account(), item.path),
        form=form
        or words_form([item], url_for("media.show", file=item.path), resume=request.args.get("reprendre") == "1"),
        confirm=confirm,
        limit_words=limit_words,
        fault=fault,
        **intake_words(),
    )


@bp.get("/medias/vignette/<path:file>")
def small(file: str) -> Response:
    """A small picture of a file; a drawing as it is."""
    content = services().content
    item = keeping.item_of(content, file)
    if item.path.lower().endswith(".svg"):
        data: bytes | None = keeping.bytes_of(content, item)
    else:
        data = keeping.small(content, item) if item.kind == "photo" else None
    if data is None:
        return Response(status=404)
    kind = "image/svg+xml" if item.path.lower().endswith(".svg") else "image/jpeg"
    answer = _bytes(data, kind)
    if request.args.get("v") == item.blob:  # the address names these very bytes
        answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    answer.set_etag(item.blob)
    return answer.make_conditional(request)  # type: ignore[return-value]  # itself


@bp.get("/medias/entier/<path:file>")
def whole(file: str) -> Response:
    """A file as it is kept: pictures are shown, everything else is handed out to be saved."""
    content = services().content
    item = keeping.item_of(content, file)
    kind = mimetypes.guess_type(item.path)[0] or "application/octet-stream"
    answer = _bytes(keeping.bytes_of(content, item), kind if item.kind != "file" else "application/octet-stream")
    if item.kind != "photo":
        name = item.path.rpartition("/")[2]
        answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _bytes(data: bytes, kind: str) -> Response:
    answer = Response(data, mimetype=kind)
    answer.headers["Content-Security-Policy"] = _DRAWING_POLICY if kind == "image/svg+xml" else POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def told(item: Item) -> dict[str, Any]:
    """A file for scripts: what fills a form, and where its small picture is."""
    return {
        "path": item.path,
        "title": item.title,
        "alt": item.alt,
        "credit": str(item.facts.get("credit", "")),
        "kind": item.kind,
        "small": url_for("media.small", file=item.path, v=item.blob) if item.kind == "photo" else "",
        "page": url_for("media.show", file=item.path),
    }


def intake_words() -> dict[str, Any]:
    """What may be dropped, in words and figures, for every page where one drops."""
    return {
        "accepted": intake.ACCEPTED,
        "limits": {kind: most // intake.MEGABYTE for kind, most in intake.MOST_BYTES.items()},
        "most_bytes": intake.MOST_BYTES,
        "most_at_once": intake.MOST_AT_ONCE,
        "largest": intake.LARGEST_UPLOAD,
    }


def _grid(purpose: Errand) -> dict[str, Any]:
    content = services().content
    shelf = keeping.shelf(content)
    text, wanted = request.args.get("q", "").strip()[:200], request.args.get("filtre", "")
    page = request.args.get("numero", "")
    found = shelf.matching(text, wanted, lambda key: keeping.readable(content, key))
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1, pages)
    asked: dict[str, Any] = {
        name: value for name, value in {"q": text, "filtre": wanted, **purpose.asked}.items() if value
    }
    return {
        "items": found[(number - 1) * PER_PAGE : number * PER_PAGE],
        "total": len(found),
        "counted": ngettext("%(num)s fichier", "%(num)s fichiers", len(found)) % {"num": len(found)},
        "text": text,
        "wanted": wanted if wanted in FILTERS else "",
        "filters": [(name, _(words)) for name, words in FILTERS.items()],
        "number": number,
        "pages": pages,
        "asked": asked,
        "page_href": lambda number: url_for(str(request.endpoint), numero=number, **asked),
        "errand": purpose,
        "badges": _badges(shelf),
        "may_add": allowed(account(), Right.EDIT),
    }


def _badges(shelf: Shelf) -> Callable[[Item], list[tuple[str, str]]]:
    """What is to be said of a file under its picture: tone and words."""

    def badges(item: Item) -> list[tuple[str, str]]:
        found = []
        if item.facts.get("people") == "asked":
            found.append(("stop", _("Accord manquant")))
        if shelf.wordless(item):
            found.append(("work", _("Sans texte de remplacement")))
        if shelf.is_twin(item):
            found.append(("over", _("En double")))
        if item.path not in shelf.uses:
            found.append(("over", _("Inutilisé")))
        return found

    return badges


def _versions(item: Item) -> list[tuple[Any, str, str]]:
    """What became of a file: when, who, in a sentence; the latest first."""
    content = services().content
    facts = MediaFile(item.facts, id=item.path)
    sentences: dict[str, str | Mapping[str, str]] = {
        "add-media": library.ADDED,
        "replace-media": library.REPLACED,
        "trash": library.REMOVED,
        "undelete": library.BACK,
        "describe-media": library.DESCRIBED,
    }
    with content.store.repo() as repo:
        entries = [
            entry
            for path in (f"{MEDIA}{item.path}", facts_path(item.path))
            for entry in repo.log(content.head(), path, limit=_MOST_VERSIONS)
        ]
    by_commit = {entry.commit: entry for entry in entries}
    latest = sorted(by_commit.values(), key=lambda entry: entry.when, reverse=True)[:_MOST_VERSIONS]
    voice = speaker()
    return [
        (
            entry.when,
            person(entry.author),
            said(sentences[act], facts, voice)
            if (act := trailers_of(entry.message).get("Action", [""])[0]) in sentences
            else _(entry.message.partition("\n")[0]),
        )
        for entry in latest
    ]
