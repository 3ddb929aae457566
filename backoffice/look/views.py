"""The page of the look: the logo, seen and replaced; the announcement above every page, in each language."""

from __future__ import annotations

import base64

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice.i18n import _
from backoffice.look.spots import FOOTER, SPOTS
from backoffice.services import account, now, services
from participation.store import theming
from participation.store.store import Store
from site_builder.blocks import FOLDER
from site_builder.look import Look
from site_builder.townfiles import LOGO_MAX, town_logo

bp = Blueprint("look", __name__)

Answer = str | tuple[str, int] | Response

LOGO = "logo.svg"
LONGEST = 2_000  # characters of an announcement


@bp.get("/apparence")
def show() -> str:
    """Logo and announcements as they are."""
    return _page(_typed())


@bp.post("/apparence/logo")
def logo() -> Answer:
    """Take a logo, go back to the one before, or to that of the theme."""
    act = request.form.get("_do", "save")
    if act in ("back", "drop"):
        former = theming.read(_store(), LOGO).before if act == "back" else None
        words = "Le logo d’avant est rétabli." if act == "back" else "Le logo de la collectivité est retiré."
        return _put(LOGO, former, words)
    sent = request.files.get("logo")
    raw = sent.stream.read(LOGO_MAX + 1) if sent else b""
    if sent:
        sent.close()
    if not raw:
        return _page(_typed(), {"logo": _("Choisissez un fichier SVG.")}), 422
    problems = town_logo(Look("", town_files={LOGO: raw}))[1]
    if problems:
        told = " ".join(f"{_(one.message)} {_(one.hint)}".strip() for one in problems)
        return _page(_typed(), {"logo": told}), 422
    return _put(LOGO, raw, "Le logo de la collectivité change.")


@bp.post("/apparence/annonce")
def announce() -> Answer:
    """Save the announcement of one language; empty, there is none."""
    lang = request.form.get("lang", "")
    if lang not in _languages():
        return redirect(url_for("look.show"), 303)
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    current = theming.read(_store(), _file(lang))
    if len(text) > LONGEST:
        return _page(_typed() | {lang: text}, {lang: _("L’annonce dépasse 2\u202f000 caractères.")}), 422
    theirs = _text(current.content)
    if request.form.get("_base", "") != current.blob and theirs != text:
        told = _("Un collègue a changé cette annonce. Enregistrez à nouveau pour garder la vôtre. La sienne\u00a0: %s")
        return _page(_typed() | {lang: text}, {lang: told % (theirs or _("vide"))}), 409
    return _put(_file(lang), f"{text}\n".encode() if text else None, "L’annonce en haut des pages change.")


def town_files() -> dict[str, bytes]:
    """The files of the town's `theme/`, by their name there."""
    snapshot, folder = services().content.snapshot(), f"{theming.FOLDER}/"
    found = snapshot.contents([path for path in snapshot.entries if path.startswith(folder)])
    return {path.removeprefix(folder): content for path, content in found}


def _page(texts: dict[str, str], faults: dict[str, str] | None = None) -> str:
    present = theming.read(_store(), LOGO)
    shown = present.content or town_logo(Look(""))[0]
    languages = _languages()
    return render_template(
        "look/show.html",
        logo_src=f"data:image/svg+xml;base64,{base64.b64encode(shown).decode('ascii')}",
        own_logo=present.content is not None,
        former=present.before is not None,
        largest=LOGO_MAX >> 10,
        announcements=[(lang, texts.get(lang, ""), theming.read(_store(), _file(lang)).blob) for lang in languages],
        several=len(languages) > 1,
        spots=[(spot, words, _filled(spot)) for spot, words in [*SPOTS.items(), ("footer", FOOTER)]],
        faults=faults or {},
    )


def _filled(spot: str) -> list[str]:
    """The languages in which a text is there."""
    entries, languages = services().content.snapshot().entries, _languages()
    stem = f"{theming.FOLDER}/{spot if spot == 'footer' else FOLDER + spot}"
    return [lang for lang in languages if f"{stem}{'' if lang == languages[0] else f'.{lang}'}.md" in entries]


def _typed() -> dict[str, str]:
    return {lang: _text(theming.read(_store(), _file(lang)).content) for lang in _languages()}


def _text(content: bytes | None) -> str:
    return (content or b"").decode("utf-8", "replace").strip()


def _put(name: str, content: bytes | None, subject: str) -> Response:
    services().content.put_town_file(name, content, account(), now(), subject)
    flash(_("C’est enregistré. Rien n’est public avant publication."))
    return redirect(url_for("look.show"), 303)


def _file(lang: str) -> str:
    return "announce.md" if lang == _languages()[0] else f"announce.{lang}.md"


def _languages() -> list[str]:
    return services().content.languages()


def _store() -> Store:
    return services().content.store
