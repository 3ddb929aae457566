"""A town's own words at named spots of the site: Markdown files under `theme/blocks/`, sanitised as any Markdown.

A block says something; it decides nothing. What is no block of ours is ignored and told: content never runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from participation.messages import mark as _
from participation.problems import Problem, Severity
from site_builder import markdown
from site_builder.links import Links
from site_builder.tongues import said

SPOTS = {
    "accueil": "the home page, under its banner",
    "projets": "each list of projects, above the filters",
    "idees": "each list of ideas, above the filters",
    "agenda": "the agenda, above what comes next",
    "actualites": "the list of news, above the news",
    "editions": "the list of editions, above it",
    "edition": "each edition, at its end",
    "projet": "each project, at its end",
    "idee": "each idea, at its end",
    "evenement": "each event, at its end",
    "quartiers": "the list of zones, above it",
    "quartier": "each zone, at its end",
    "recherche": "the search page, above the field",
    "introuvable": "what is read where no page lies, at its end",
    "pied": "every page, above its foot",
}
"""Name of a block -> where it stands, for the documentation."""
IN_SHELL = "pied"
LARGEST = 20 * 1024
FOLDER = "blocks/"
_NAME = re.compile(r"([a-z]+)(?:\.([a-z]{2}))?\.md")
_KNOWN = re.compile(r"logo\.svg|style\.css|(?:announce|footer)(?:\.[a-z]{2})?\.md|fonts/[^/]+\.woff2")


def read_blocks(town_files: Mapping[str, bytes], lang: str) -> tuple[dict[str, str], list[Problem]]:
    """Spot -> Markdown in the language of the site (`accueil.en.md` before `accueil.md`), and what is wrong."""
    found: dict[str, str] = {}
    problems = []
    # `accueil.md` before `accueil.en.md`: the more exact one comes last and stays.
    for name in sorted(town_files, key=lambda name: (len(name), name)):
        match = _NAME.fullmatch(name.removeprefix(FOLDER)) if name.startswith(FOLDER) else None
        if match is None or match[1] not in SPOTS:
            continue
        if words := _fault(town_files[name]):
            problems.append(Problem(words, file=f"theme/{name}"))
        elif match[2] in (None, lang):
            text = town_files[name].decode("utf-8").strip()
            found[match[1]] = text if match[2] else said(text, lang)
    return {spot: text for spot, text in found.items() if text}, problems


def unused(town_files: Iterable[str]) -> list[Problem]:
    """A warning for each file of `theme/` that the site makes nothing of; a template above all."""
    problems = []
    for name in sorted(town_files):
        path = PurePosixPath(name)
        block = _NAME.fullmatch(name.removeprefix(FOLDER)) if name.startswith(FOLDER) else None
        if _KNOWN.fullmatch(name) or (block is not None and block[1] in SPOTS) or path.name.startswith("."):
            continue
        hint = _("Le dossier theme/ accepte logo.svg, style.css, announce.md, footer.md, blocks/*.md et fonts/*.woff2.")
        if name.startswith(FOLDER) and path.suffix == ".md":
            hint = _("Les emplacements sont\u00a0: %s.") % ", ".join(SPOTS)
        elif path.suffix in (".html", ".j2", ".jinja", ".jinja2"):
            hint = _("Un gabarit ne vient jamais du contenu\u00a0: son dossier est un réglage du serveur.")
        words = _("Ce fichier du thème n’est pas utilisé.")
        problems.append(Problem(words, file=f"theme/{name}", hint=hint, severity=Severity.WARNING))
    return problems


def targets(blocks: Mapping[str, str], folder: str) -> dict[str, str]:
    """Address inside the site -> the block's file that leads to it: whose fault a broken link is."""
    found: dict[str, str] = {}
    for spot, text in blocks.items():
        links = Links(folder)
        links.read("", markdown.render(text))
        found |= dict.fromkeys(links.wanted, f"theme/{FOLDER}{spot}.md")
    return found


def _fault(raw: bytes) -> str:
    if len(raw) > LARGEST:
        return _("Ce texte dépasse 20\u00a0ko.")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _("Ce texte n’est pas en UTF-8.")
    return ""
