"""What the catalogue's script reads: a few words in the page, and, once somebody filters, compact files of records.

One file for each edition holds one short list for each record, in the catalogue's order; `filtres.json` says what the
codes mean and names those files. Pages are complete without any of it.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

from participation.messages import mark as _
from site_builder import phrases
from site_builder.addresses import CATALOGUES, of_zone, slug
from site_builder.engine import FAMILY_ICONS, Engine
from site_builder.index import Index
from site_builder.stages import STAGES
from site_builder.tongues import code_of
from site_builder.views import common, plans

BANDS = (10_000, 50_000, 100_000, 500_000)
"""Amounts (in the town's currency) between which the bands of cost lie."""
_NOUNS = {"project": (_("projet"), _("projets")), "idea": (_("idée"), _("idées"))}
_PARAMETERS = {"edition": "edition", "zone": "quartier", "theme": "theme", "stage": "etat", "cost": "cout"}


def head(engine: Engine, type_name: str, base: str, facet: str, value: str) -> str:
    """What a page with filters carries in its head: the script, and the words it needs before it fetches anything."""
    translate = engine.translate
    one, many = (translate(words) for words in _NOUNS[type_name])
    data = {
        "root": base,
        "folder": base + CATALOGUES[type_name],
        "facet": facet,
        "value": value,
        "parameters": _PARAMETERS,
        "bands": list(BANDS),
        "words": {
            "one": one,
            "many": many,
            "cost": translate(_("Coût")),
            "bands": _bands(engine),
            "sort": translate(_("Trier par")),
            "orders": [
                ["", translate(_("Ordre de l’édition"))],
                ["date", translate(_("Dernière nouvelle"))],
                ["cout", translate(_("Coût, du plus élevé"))],
                ["titre", translate(_("Titre"))],
            ],
            "clear": translate(_("Effacer les choix")),
            "remove": translate(_("Retirer\u00a0: %s")),
            "none": translate(_("Rien ne répond à tous ces choix. Retirez-en un.")),
            "wait": translate(_("Chargement de la liste…")),
            "failed": translate(_("La liste n’a pas pu être chargée. Rechargez la page.")),
            "previous": translate(_("Page précédente")),
            "next": translate(_("Page suivante")),
            "pages": translate(_("Pages")),
            "range": translate(_("%(first)s à %(last)s sur %(total)s")),
            "plan": translate(_("Plan schématique\u00a0: %s.")),
        },
    }
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<script type="application/json" id="lr-catalogue">{plain}</script>'
        f'<script src="{base}{engine.up}assets/catalogue.js" defer></script>'
    )


def record_file(type_name: str, edition: str) -> str:
    """The address of an edition's records: `projets/filtres/2024.json`."""
    return f"{CATALOGUES[type_name]}filtres/{slug(edition)}.json"


def meaning_file(type_name: str) -> str:
    """The address of what the codes mean: `projets/filtres/filtres.json`."""
    return f"{CATALOGUES[type_name]}filtres/filtres.json"


def records(index: Index, type_name: str, edition: str) -> bytes:
    """The records of an edition: lists of facts, see `site_builder.facts`."""
    return b"[%b]\n" % ",\n".join(index.facts(type_name, edition)).encode()


def meanings(engine: Engine, index: Index, type_name: str) -> bytes:
    """Names and addresses behind the codes of records; the files to read, latest edition first."""
    town, translate = engine.town, engine.translate
    stages = STAGES[type_name]
    editions = sorted(index.counts(type_name, "edition"), reverse=True)
    words = town.words[type_name]
    found: dict[str, Any] = {
        "files": [[id, f"{slug(id)}.json"] for id in editions],
        "lang": engine.lang,
        "currency": town.currency,
        "editions": {id: town.edition(id) for id in editions},
        "zones": {
            id: [town.zone(id), of_zone(id) if id in town.zones else ""] for id in index.counts(type_name, "zone")
        },
        "themes": {id: [town.theme(id), common.theme_picture(engine, id)] for id in index.counts(type_name, "theme")},
        "picture": common.theme_picture(engine, ""),
        "states": {state: [words[state], stage.code, stage.family] for stage in stages for state in stage.states},
        "stages": {stage.code: [translate(stage.words), stage.family] for stage in stages},
        "steps": town.words["step"] | town.words["project"],
        "icons": {family: str(engine.icons[name]) for family, name in FAMILY_ICONS.items()},
        "whole": town.words["whole"],
        "dates": [translate(_("le %s")), translate(_("en %s"))],
        "step": translate(_("Étape %(number)s sur %(total)s")),
        "estimated": translate(_("coût estimé")) if type_name == "idea" else "",
        "spots": plans.spots(engine, index, type_name),
        "frame": town.plan.get("frame") if town.plan else None,
    }
    named = {"zones": town.zone, "themes": town.theme, "editions": town.edition}
    foreign = {kind: {id: code for id in found[kind] if (code := code_of(name(id)))} for kind, name in named.items()}
    if any(foreign.values()):
        found["foreign"] = foreign
    if engine.up:
        found["up"] = engine.up  # from the folder of the language to the pictures
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def _bands(engine: Engine) -> list[str]:
    amounts = [phrases.money(str(amount), engine.lang, engine.town.currency) for amount in BANDS]
    translate = engine.translate
    between = [
        translate(_("De %(low)s à %(high)s")) % {"low": low, "high": high} for low, high in itertools.pairwise(amounts)
    ]
    return [translate(_("Moins de %s")) % amounts[0], *between, translate(_("%s et plus")) % amounts[-1]]
