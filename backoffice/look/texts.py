"""Views of the town's texts in its pages and of its stylesheet: written, looked at, brought back to what they were."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers.response import Response

from backoffice import keeping
from backoffice.i18n import _
from backoffice.look.spots import FOOTER, SPOTS, STYLE, Spot
from backoffice.look.views import Answer, bp, town_files
from backoffice.registry import kept
from backoffice.services import account, now, services
from backoffice.telling import person
from participation.messages import mark
from participation.store import theming
from site_builder import blocks, markdown, stylesheets
from site_builder.look import Look

STYLE_NAME = "style"
STYLE_CHANGES = mark("La feuille de style change.")
_TEXT_CHANGES = mark("Le texte «\u00a0%s\u00a0» du site change.")


@bp.get("/apparence/texte/<spot>")
def text(spot: str) -> str:
    """One text as it is, or as it was left."""
    name, _words, _lang = _asked(spot)
    left = keeping.offered(account(), _page_of(spot)) if request.args.get("reprendre") == "1" else None
    typed = dict(kept.pairs_of(left)) if left is not None else {}
    return _page(spot, typed.get("text", _text(name)), base=typed.get("_base"), resumed=left is not None)


@bp.post("/apparence/texte/<spot>")
def write(spot: str) -> Answer:
    """Save it, show how it will look, or bring a version before back."""
    name, words, lang = _asked(spot)
    current = theming.read(services().content.store, name)
    act = request.form.get("_do", "save")
    if act.startswith("back:"):
        return _bring_back(spot, name, words, act.removeprefix("back:"))
    typed = request.form.get("text", "").replace("\r\n", "\n").strip()
    content = f"{typed}\n".encode() if typed else None
    base = request.form.get("_base", "")
    if act == "look":
        return _page(spot, typed, base=base, shown=True)
    faults = _faults(name, content, lang)
    if faults:
        return _page(spot, typed, base=base, faults=faults), 422
    if base != current.blob and current.content != content:
        told = _("Un collègue a changé ce texte entre-temps. Enregistrez de nouveau pour garder le vôtre.")
        return _page(spot, typed, faults=[told], theirs=_text(name)), 409
    keeping.drop(account(), _page_of(spot))
    return _put(spot, name, content, words)


def _asked(spot: str) -> tuple[str, Spot, str]:
    """The file of a text in the language asked for, its words, that language."""
    languages = services().content.languages()
    lang = request.values.get("lang", languages[0])
    if lang not in languages:
        abort(404)
    end = ".md" if lang == languages[0] else f".{lang}.md"
    if spot == STYLE_NAME:
        return "style.css", STYLE, languages[0]
    if spot == "footer":
        return f"footer{end}", FOOTER, lang
    if spot not in SPOTS:
        abort(404)
    return f"{blocks.FOLDER}{spot}{end}", SPOTS[spot], lang


def _page_of(spot: str) -> str:
    lang = request.values.get("lang", "")
    return url_for("look.text", spot=spot, lang=lang or None)


def _page(
    spot: str,
    typed: str,
    *,
    base: str | None = None,
    shown: bool = False,
    resumed: bool = False,
    faults: list[str] | None = None,
    theirs: str = "",
) -> str:
    name, words, lang = _asked(spot)
    store = services().content.store
    present = theming.read(store, name)
    html = markdown.render(typed, base="/", files=url_for("media.listing")) if shown and spot != STYLE_NAME else ""
    html = html.replace(f"{url_for('media.listing')}media/", f"{url_for('media.listing')}/entier/")
    return render_template(
        "look/text.html",
        spot=spot,
        words=words,
        lang=lang,
        text_language=lang,
        languages=services().content.languages() if spot != STYLE_NAME else [],
        typed=typed,
        base=present.blob if base is None else base,
        page=_page_of(spot),
        shown=shown,
        html=Markup(html),  # noqa: S704 -- sanitised there
        resumed=resumed,
        faults=faults or [],
        theirs=theirs,
        style=spot == STYLE_NAME,
        versions=[(one, person(one.author)) for one in theming.past(store, name)],
        present=present.blob,
        most=(stylesheets.STYLE_MAX if spot == STYLE_NAME else blocks.LARGEST) >> 10,
    )


def _faults(name: str, content: bytes | None, lang: str) -> list[str]:
    """What forbids this content, as the builder of the site judges it."""
    if name == "style.css":
        problems = stylesheets.site_stylesheet(Look("", town_files={**town_files(), name: content or b""}))[1]
    else:  # other texts are as short as blocks are
        problems = blocks.read_blocks({f"{blocks.FOLDER}{blocks.IN_SHELL}.md": content or b""}, lang)[1]
    place = _("Ligne %s\u00a0: ")
    return [f"{place % one.line if one.line else ''}{_(one.message)} {_(one.hint)}".strip() for one in problems]


def _bring_back(spot: str, name: str, words: Spot, blob: str) -> Answer:
    store = services().content.store
    known = {one.blob for one in theming.past(store, name)}
    if blob and blob not in known:
        abort(404)
    content = None
    if blob:
        with store.repo() as repo:
            content = repo.blob(blob)
    return _put(spot, name, content, words)


def _put(spot: str, name: str, content: bytes | None, words: Spot) -> Response:
    subject = STYLE_CHANGES if name == "style.css" else _TEXT_CHANGES % words.title
    services().content.put_town_file(name, content, account(), now(), subject)
    flash(_("C’est enregistré. Rien n’est public avant publication."))
    return redirect(_page_of(spot), 303)


def _text(name: str) -> str:
    return (theming.read(services().content.store, name).content or b"").decode("utf-8", "replace").strip()
