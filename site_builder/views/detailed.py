"""The detailed map as pages offer it: a sentence that says what would be loaded and from whom, and a button.

Nothing is loaded before: the button is all that stands in a page, hidden where no script runs. Settings and words that
the map itself needs lie in one file of the site, asked for when a visitor agrees. The drawn map stays where it is.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from html import escape

from markupsafe import Markup

from participation.messages import mark as _
from site_builder.addresses import CATALOGUES
from site_builder.basemap import POLICY_FILE, policy
from site_builder.cards import Card
from site_builder.engine import Engine

PRIVACY = "donnees-personnelles"
"""The identifier of the page on personal data, where a visitor finds all that was agreed to."""


def offered(engine: Engine) -> bool:
    """True when pages may offer a detailed map: the town wants one and set-up has made its program."""
    return engine.bundle is not None and bool(engine.town.tiles)


def of_record(engine: Engine, card: Card, base: str) -> str:
    """The offer of the map around one record's place, or its zone; "" where neither is known."""
    if not offered(engine):
        return ""
    zone = card.zone if card.zone in engine.town.plan.get("zones", ()) else ""
    if card.longitude is None or card.latitude is None:
        return _box(engine, base, f'data-zone="{escape(zone)}"') if zone else ""
    at = f'data-at="{card.latitude:.6f},{card.longitude:.6f}" data-title="{escape(card.title)}"'
    return _box(engine, base, f'{at} data-family="{card.family}" data-zone="{escape(zone)}"')


def of_list(engine: Engine, base: str, type_name: str, facet: str = "", value: str = "", zone: str = "") -> str:
    """The offer of the map of a list: a whole catalogue, or one value of a facet."""
    if not offered(engine):
        return ""
    about = f'data-type="{type_name}" data-folder="{base}{CATALOGUES[type_name]}"'
    if facet:
        about += f' data-facet="{facet}" data-value="{escape(value)}"'
    return _box(engine, base, f'{about} data-zone="{escape(zone)}"' if zone else about)


def consent(engine: Engine, base: str) -> Markup:
    """What a visitor agreed to about the map, and the button that withdraws it: for the page on personal data."""
    if not offered(engine):
        return Markup("")
    translate, tiles = engine.translate, engine.town.tiles
    words = translate(
        _(
            "La carte détaillée n’est chargée que si vous le demandez. Ses images viennent alors de %(host)s, qui voit "
            "l’adresse de votre connexion et la partie de carte regardée. Votre choix est gardé dans ce navigateur, "
            "sans cookie, et n’est envoyé à personne."
        )
    )
    given = translate(_("Vous avez accepté que la carte détaillée soit chargée."))
    heading, stop = translate(_("La carte détaillée")), translate(_("Ne plus charger la carte détaillée"))
    none = translate(_("Vous n’avez rien accepté\u202f; la carte détaillée n’est pas chargée."))
    return Markup(  # noqa: S704  # escaped where it is put together
        f'<section class="lr-section" aria-labelledby="t-fond" data-fond data-origin="{escape(tiles["origin"])}">'
        f'<h2 id="t-fond">{escape(heading)}</h2>'
        f'<p class="lr-text">{escape(words) % {"host": f"<strong>{escape(_named(engine))}</strong>"}}</p>'
        f'<p class="lr-text" role="status" data-given="{escape(given)}" data-none="{escape(none)}" hidden></p>'
        f'<p class="lr-actions"><button type="button" class="lr-button lr-button--second" data-fond-off hidden>'
        f"{escape(stop)}</button></p></section>"
        f'<script src="{base}{engine.up}assets/carte.js" defer></script>'
    )


def without_script(engine: Engine) -> str:
    """What stands where there is no drawn map and no script runs."""
    words = engine.translate(_("Cette carte demande JavaScript. La liste dit la même chose."))
    return f'<noscript><p class="lr-meta">{escape(words)}</p></noscript>'


def files(engine: Engine) -> dict[str, bytes]:
    """By address: the policy of the site, and what the map is made of: program, stylesheet, settings, borders."""
    if engine.town.folder:  # another language has words of its own, and nothing else
        return dict([settings(engine)]) if offered(engine) else {}
    if engine.bundle is None or not engine.town.tiles:
        return {POLICY_FILE: f"{policy({})}\n".encode()}
    plan = engine.town.plan
    address, data = settings(engine)
    found = {POLICY_FILE: f"{policy(engine.town.tiles)}\n".encode(), **engine.bundle.files, address: data}
    return found | {plan["borders_asset"]: plan["borders"].encode()} if plan else found


@lru_cache(maxsize=8)
def settings(engine: Engine) -> tuple[str, bytes]:
    """The file of settings and words of the map: address and JSON."""
    translate, town, bundle = engine.translate, engine.town, engine.bundle
    plain = {
        "script": bundle.script if bundle else "",
        "style": bundle.style if bundle else "",
        "borders": town.plan["borders_asset"] if town.plan else "",
        "lang": engine.lang,
        **{key: town.tiles[key] for key in ("tiles", "credit", "credit_url", "max_zoom")},
        "words": {
            "map": translate(_("Carte détaillée")),
            "in": translate(_("Agrandir la carte")),
            "out": translate(_("Réduire la carte")),
            "all": translate(_("Revenir à toute la carte")),
            "skip": translate(_("Passer la carte")),
            "close": translate(_("Fermer")),
            "row": translate(_("Voir dans la liste")),
            "here": translate(_("Au même endroit\u00a0: %s")),
            "shown": translate(_("Sur la carte\u00a0: %s.")),
            "silent": translate(_("Le fond de carte ne répond pas. Les points restent à leur place.")),
            "project": [translate(_("projet")), translate(_("projets"))],
            "idea": [translate(_("idée")), translate(_("idées"))],
        },
    }
    data = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return f"assets/carte.{hashlib.blake2b(data, digest_size=4).hexdigest()}.json", data


def _box(engine: Engine, base: str, about: str) -> str:
    start, middle, end = _parts(engine)
    root = base + engine.up
    return f'{start}{about} data-base="{root}"{middle}{root}{end}'


@lru_cache(maxsize=8)
def _parts(engine: Engine) -> tuple[str, str, str]:
    """What all offers of a site have in common: before what the map shows, before and after the way to the root."""
    translate = engine.translate
    words = translate(_("La carte détaillée charge ses images depuis %s. Rien n’est chargé sans votre accord."))
    go, stop = translate(_("Afficher la carte détaillée")), translate(_("Ne plus charger la carte détaillée"))
    failed = translate(_("La carte n’a pas pu être chargée."))
    start = '<div class="lr-carte lr-noprint" data-carte '
    origin = escape(engine.town.tiles["origin"])
    middle = (
        f' data-settings="{settings(engine)[0]}" data-origin="{origin}" hidden>'
        f"<p>{escape(words) % escape(_named(engine))}</p>"
        '<p class="lr-actions"><button type="button" class="lr-button lr-button--second lr-button--small" data-on>'
        f"{engine.icons['map']}{escape(go)}</button>"
        '<button type="button" class="lr-button lr-button--quiet lr-button--small" data-off hidden>'
        f"{escape(stop)}</button></p>"
        f'<p role="status" data-failed="{escape(failed)}"></p></div><script src="'
    )
    return start, middle, 'assets/carte.js" defer></script>'


def _named(engine: Engine) -> str:
    """Host and maker of the pictures: `data.geopf.fr (IGN, Géoplateforme)`."""
    tiles = engine.town.tiles
    return f"{tiles['host']} ({tiles['credit']})" if tiles["credit"] else str(tiles["host"])
