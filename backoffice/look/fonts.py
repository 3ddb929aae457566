"""Views of the fonts of the site: one of those that every computer has, or a file of the town's own.

What is chosen stands in the stylesheet of the town, between two comments; the rest of that sheet is left as it is.
"""

from __future__ import annotations

import re

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from backoffice.i18n import _, language
from backoffice.look.texts import STYLE_CHANGES
from backoffice.look.views import Answer, bp, town_files
from backoffice.services import account, now, services
from participation import wording
from participation.messages import mark
from site_builder.look import Look
from site_builder.stylesheets import site_stylesheet
from site_builder.townfiles import FONT_MAX, town_fonts

__all__ = ["bp"]  # the views of all three modules

STYLE, FOLDER, END = "style.css", "fonts/", ".woff2"
FAMILIES = {
    "sans": (mark("Droite, sans empattements"), 'system-ui, "Segoe UI", Roboto, Arial, sans-serif'),
    "serif": (mark("À empattements, comme un livre"), '"Palatino Linotype", Palatino, Georgia, "Noto Serif", serif'),
    "round": (
        mark("Arrondie"),
        '"Hiragino Maru Gothic ProN", Quicksand, Comfortaa, Manjari, "Arial Rounded MT Bold", sans-serif',
    ),
    "slab": (mark("À empattements carrés"), 'Rockwell, "Rockwell Nova", "Roboto Slab", "DejaVu Serif", serif'),
}  # what every computer has in some form: nothing is fetched
ROLES = {"title": mark("Titres"), "text": mark("Texte")}
_START, _STOP = "/* Polices choisies dans la page Apparence */", "/* Fin des polices choisies */"
_BLOCK = re.compile(rf"{re.escape(_START)}(.*?){re.escape(_STOP)}\n?", re.DOTALL)
_CHOSEN = re.compile(r"--lr-(title|text)-font: (?:\"Ville-([a-z0-9-]+)\"|var\(--ville-([a-z]+)\))")
_TAKEN = mark("La police «\u00a0%s\u00a0» est ajoutée.")
_DROPPED = mark("La police «\u00a0%s\u00a0» est retirée.")


@bp.get("/apparence/polices")
def fonts() -> str:
    """The fonts that there are, and which are used for what."""
    return _page()


@bp.post("/apparence/polices")
def choose_fonts() -> Answer:
    """Use these fonts for the titles and for the text."""
    files = town_files()
    known = {*FAMILIES, *_names(files)}
    chosen = {role: one for role in ROLES if (one := request.form.get(role, "")) in known}
    former = files.get(STYLE, b"").decode("utf-8", "replace")
    kept = _BLOCK.sub("", former).lstrip("\n")
    content = f"{_written(chosen)}{kept}".encode()
    problems = site_stylesheet(Look("", town_files={**files, STYLE: content}))[1]
    if problems:
        return _page([" ".join(filter(None, (_(one.message), _(one.hint)))) for one in problems]), 422
    services().content.put_town_file(STYLE, content or None, account(), now(), STYLE_CHANGES)
    return _done()


@bp.post("/apparence/polices/fichier")
def take_font() -> Answer:
    """Take a font file in, or put one away that is not used."""
    files = town_files()
    dropped = request.form.get("drop", "")
    if dropped:
        if dropped not in _names(files):
            return redirect(url_for("look.fonts"), 303)
        if f"{FOLDER}{dropped}{END}".encode() in files.get(STYLE, b""):
            return _page([_("Cette police sert encore\u00a0: choisissez-en d’abord une autre.")]), 409
        services().content.put_town_file(f"{FOLDER}{dropped}{END}", None, account(), now(), _DROPPED % dropped)
        return _done()
    sent = request.files.get("font")
    raw = sent.stream.read(FONT_MAX + 1) if sent else b""
    plain = re.sub(r"[^a-z0-9]+", "-", (sent.filename or "").lower().removesuffix(END)).strip("-") if sent else ""
    if sent:
        sent.close()
    if not raw:
        return _page([_("Choisissez un fichier WOFF2.")]), 422
    name = f"{FOLDER}{(plain or 'police')[:40].strip('-')}{END}"
    problems = town_fonts(Look("", town_files={**files, name: raw}))[1]
    if problems:
        return _page([" ".join(filter(None, (_(one.message), _(one.hint)))) for one in problems]), 422
    services().content.put_town_file(name, raw, account(), now(), _TAKEN % name[len(FOLDER) : -len(END)])
    return _done()


def _page(faults: list[str] | None = None) -> str:
    files = town_files()
    return render_template(
        "look/fonts.html",
        own=[(name, len(files[f"{FOLDER}{name}{END}"])) for name in _names(files)],
        families=[(key, _(words)) for key, (words, _stack) in FAMILIES.items()],
        roles=[(key, _(words)) for key, words in ROLES.items()],
        chosen=_chosen(files),
        size=lambda weight: wording.size(weight, language()),
        faults=faults or [],
    )


def _names(files: dict[str, bytes]) -> list[str]:
    return sorted(name[len(FOLDER) : -len(END)] for name in files if name.startswith(FOLDER) and name.endswith(END))


def _chosen(files: dict[str, bytes]) -> dict[str, str]:
    """Role -> the font that the block says."""
    block = _BLOCK.search(files.get(STYLE, b"").decode("utf-8", "replace"))
    return {role: own or family for role, own, family in _CHOSEN.findall(block[1])} if block else {}


def _written(chosen: dict[str, str]) -> str:
    """The block of the stylesheet; "" where the site's own fonts are used."""
    if not chosen:
        return ""
    lines, rules = [], []
    for name in sorted(set(chosen.values())):
        if name in FAMILIES:
            rules.append(f"--ville-{name}: {FAMILIES[name][1]};")
        else:
            source = f'url("{FOLDER}{name}{END}") format("woff2")'
            lines.append(f'@font-face {{ font-family: "Ville-{name}"; src: {source}; font-display: swap; }}')
    for role, name in chosen.items():
        stack = f"var(--ville-{name})" if name in FAMILIES else f'"Ville-{name}", system-ui, sans-serif'
        rules.append(f"--lr-{role}-font: {stack};")
    lines.append(f":root {{ {' '.join(rules)} }}")
    return "\n".join([_START, *lines, _STOP]) + "\n"


def _done() -> Response:
    flash(_("C’est enregistré. Rien n’est public avant publication."))
    return redirect(url_for("look.fonts"), 303)
