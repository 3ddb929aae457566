"""What a town may put into its `theme/` folder, read and checked: the logo and fonts.

Its stylesheet is read in `stylesheets`; its texts are Markdown, see `blocks`.
"""

from __future__ import annotations

import re

from participation.messages import mark as _
from participation.problems import Problem
from site_builder.look import Look

LOGO_MAX = 100 * 1024
FONT_MAX, FONTS_MAX = 100 * 1024, 300 * 1024
FONT_NAME = re.compile(r"fonts/[a-z0-9][a-z0-9-]*\.woff2")
_FLAVORS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_ALLOWED = {
    "svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "title", "desc", "defs",
    "use", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern", "symbol", "text", "tspan",
    "metadata", "style",
}  # fmt: skip
_ELSEWHERE = re.compile(r"(?:https?:)?//|javascript:|data:|@import", re.IGNORECASE)


def town_logo(look: Look) -> tuple[bytes, list[Problem]]:
    """The logo to publish, and what is wrong with the town's (the theme's is then given)."""
    default = (look.theme / "assets" / "logo.svg").read_bytes()
    raw = look.town_files.get("logo.svg")
    if not raw:
        return default, []
    fault = _logo_fault(raw)
    if fault:
        hint = _("Enregistrer le logo en SVG simple, sans script ni image incorporée.")
        return default, [Problem(fault, file="theme/logo.svg", hint=hint)]
    return raw, []


def town_fonts(look: Look) -> tuple[dict[str, bytes], list[Problem]]:
    """The fonts to publish by their name in `theme/` (`fonts/ville.woff2`), and what is wrong with others."""
    found: dict[str, bytes] = {}
    problems = []
    for name, raw in sorted(look.town_files.items()):
        if name.startswith("fonts/") and name.endswith(".woff2"):
            if fault := _font_fault(name, raw):
                hint = _("Une police au format WOFF2, réduite aux lettres utiles\u202f; 300\u00a0ko en tout.")
                problems.append(Problem(fault, file=f"theme/{name}", hint=hint))
            else:
                found[name] = raw
    if sum(map(len, found.values())) > FONTS_MAX:
        problems.append(Problem(_("Les polices dépassent 300\u00a0ko en tout."), file="theme/fonts"))
    return found, problems


def _font_fault(name: str, raw: bytes) -> str:
    """A font is data that browsers check again before they draw with it; here only that it is one, whole and small."""
    if not FONT_NAME.fullmatch(name):
        return _("Le nom d’une police\u00a0: lettres minuscules sans accent, chiffres et tirets.")
    if len(raw) > FONT_MAX:
        return _("La police dépasse 100\u00a0ko.")
    whole = len(raw) >= 48 and raw[:4] == b"wOF2" and raw[4:8] in _FLAVORS
    if not whole or int.from_bytes(raw[8:12], "big") != len(raw):
        return _("Ce fichier n’est pas une police WOFF2 complète.")
    return ""


def _logo_fault(raw: bytes) -> str:
    from xml.etree import ElementTree as ET  # noqa: PLC0415  # most towns have no logo of their own, a start is fast

    if len(raw) > LOGO_MAX:
        return _("Le logo dépasse 100\u00a0ko.")
    if b"<!DOCTYPE" in raw.upper() or b"<!ENTITY" in raw.upper():
        return _("Le logo contient une déclaration DOCTYPE.")
    try:
        root = ET.fromstring(raw)  # noqa: S314 - no DOCTYPE, so no entity, and expat fetches nothing
    except ET.ParseError:
        return _("Le logo n’est pas un fichier SVG lisible.")
    if _local(root.tag) != "svg":
        return _("Le logo n’est pas un dessin SVG.")
    for element in root.iter():
        tag = _local(element.tag)
        # Drawing programs leave notes in namespaces of their own: no browser draws or runs those.
        if element.tag.startswith("{http://www.w3.org/2000/svg}") and tag not in _ALLOWED:
            return _("Le logo contient un élément «\u00a0%s\u00a0», qui n’est pas admis.") % tag
        if tag == "style" and _ELSEWHERE.search(element.text or ""):
            return _("Le logo appelle un fichier d’ailleurs.")
        for name, value in element.attrib.items():
            if _local(name).lower().startswith("on"):
                return _("Le logo contient une action «\u00a0%s\u00a0».") % _local(name)
            if _local(name) in {"href", "style", "fill", "filter", "mask"} and _ELSEWHERE.search(value):
                return _("Le logo appelle un fichier d’ailleurs.")
    return ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]
