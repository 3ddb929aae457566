"""The one stylesheet of a site: the theme's files in their order, the town's colours, the town's own rules.

The dark scheme is written once in `02-dark.css` and put twice into the result: for visitors whose system is
dark and who have chosen nothing (no script needed), and for those who pressed the switch.
"""

from __future__ import annotations

import re
from pathlib import Path

from participation.messages import mark as _
from participation.problems import Problem
from site_builder.colours import Scheme, schemes
from site_builder.look import Look

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r"\s*([{};])\s*")
_ELSEWHERE = re.compile(
    r"@import|(?:url|image-set|src)\(\s*['\"]?\s*(?!['\"]?(?:data:image/|#|\.\./media/|fonts/[a-z0-9-]+\.woff2['\"\s)]))|expression\s*\(",
    re.IGNORECASE,
)
_AUTOMATIC = '@media screen and (prefers-color-scheme:dark){:root:not([data-md-color-scheme="default"])'
_CHOSEN = '@media screen{:root[data-md-color-scheme="slate"]'
DARK_FILE = "02-dark.css"
STYLE_MAX = 64 * 1024


def site_stylesheet(look: Look) -> tuple[str, list[Problem]]:
    """The whole stylesheet and what is wrong with the town's part of it, which is then left out."""
    parts = []
    for file in theme_styles(look.theme):
        css = compact(file.read_text("utf-8"))
        parts.append(_both_schemes(css) if file.name == DARK_FILE else css)
    pair = schemes(look.colours)
    if pair is not None:
        light, dark = pair
        parts += [f":root{_tokens(light)}", _both_schemes(f":root{_tokens(dark)}")]
    own, problems = _town_rules(look)
    return "\n".join([*parts, own]).rstrip() + "\n", problems


def theme_styles(theme: Path) -> list[Path]:
    """The theme's stylesheets, in the order of their numbers."""
    return sorted((theme / "styles").glob("*.css"))


def compact(css: str) -> str:
    """The same rules without comments and needless spaces. Strings of our own files hold neither."""
    return _AROUND.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", css))).replace(";}", "}").strip()


def _tokens(scheme: Scheme) -> str:
    return (
        f"{{--lr-brand:{scheme.brand};--lr-brand-2:{scheme.brand_dark};"
        f"--lr-on-brand:{scheme.on_brand};--lr-brand-tint:{scheme.tint}}}"
    )


def _both_schemes(rule: str) -> str:
    declarations = rule.removeprefix(":root")
    return f"{_AUTOMATIC}{declarations}}}{_CHOSEN}{declarations}}}"


def _town_rules(look: Look) -> tuple[str, list[Problem]]:
    raw = look.town_files.get("style.css")
    if not raw:
        return "", []
    try:
        css = raw.decode("utf-8")
    except UnicodeDecodeError:
        return "", [Problem(_("La feuille de style n’est pas en UTF-8."), file="theme/style.css")]
    if len(raw) > STYLE_MAX:
        return "", [Problem(_("La feuille de style dépasse 64\u00a0ko."), file="theme/style.css")]
    # A backslash can spell any word in CSS: refused rather than decoded.
    bare = _COMMENT.sub("", css)
    fault = _ELSEWHERE.search(bare) or re.search(r"\\", bare)
    if fault:
        line = css.count("\n", 0, css.find(fault.group())) + 1
        return "", [
            Problem(
                _("La feuille de style appelle un fichier d’ailleurs ou contient «\u00a0%s\u00a0».")
                % fault.group().strip(),
                file="theme/style.css",
                line=line,
                hint=_(
                    "Ne garder que des règles et des images de ../media/\u00a0: "
                    "une page ne demande rien à un autre site."
                ),
            )
        ]
    for font in re.findall(r"fonts/[a-z0-9-]+\.woff2", bare):
        if font not in look.town_files:
            words = _("La feuille de style appelle la police «\u00a0%s\u00a0», qui n’est pas dans theme/.") % font
            return "", [Problem(words, file="theme/style.css", line=css.count("\n", 0, css.find(font)) + 1)]
    if bare.count("{") != bare.count("}"):
        return "", [Problem(_("Une accolade de la feuille de style n’est pas fermée."), file="theme/style.css")]
    return css, []
