"""The texts that a town may put into its pages, in the words of the office: what each is called and where it stands."""

from __future__ import annotations

import re
from typing import NamedTuple

from participation.messages import mark as _
from site_builder.blocks import FOLDER


class Spot(NamedTuple):
    """One text: what it is called, and where visitors read it."""

    title: str
    where: str


SPOTS = {
    "accueil": Spot(_("Accueil"), _("Sur la page d’accueil, sous le bandeau.")),
    "projets": Spot(_("Listes de projets"), _("Au-dessus des filtres.")),
    "idees": Spot(_("Listes d’idées"), _("Au-dessus des filtres.")),
    "agenda": Spot(_("Agenda"), _("Au-dessus des prochains rendez-vous.")),
    "actualites": Spot(_("Actualités"), _("Au-dessus de la liste.")),
    "editions": Spot(_("Liste des éditions"), _("Au-dessus de la liste.")),
    "quartiers": Spot(_("Liste des quartiers"), _("Au-dessus de la liste.")),
    "edition": Spot(_("Page de chaque édition"), _("En bas de la page.")),
    "projet": Spot(_("Page de chaque projet"), _("En bas de la page.")),
    "idee": Spot(_("Page de chaque idée"), _("En bas de la page.")),
    "evenement": Spot(_("Page de chaque rendez-vous"), _("En bas de la page.")),
    "quartier": Spot(_("Page de chaque quartier"), _("En bas de la page.")),
    "recherche": Spot(_("Recherche"), _("Au-dessus du champ de recherche.")),
    "introuvable": Spot(_("Page introuvable"), _("En bas de ce qui se lit quand une adresse n’existe pas.")),
    "pied": Spot(_("Toutes les pages"), _("Au-dessus du pied de page.")),
}
ANNOUNCE = Spot(_("Annonce en haut des pages"), _("Sur toutes les pages, au-dessus de l’en-tête."))
FOOTER = Spot(_("Adresse en pied de page"), _("Remplace l’adresse de la collectivité, en bas de toutes les pages."))
STYLE = Spot(_("Feuille de style"), _("Des règles CSS qui viennent après celles du site."))
LOGO, FONT = _("Logo"), _("Police")
_LANGUAGE = re.compile(r"\.[a-z]{2}$")


def title_of(path: str) -> str:
    """What a file of `theme/`, by its path in the content, is called in the office; "" for one that has no name."""
    name = path.removeprefix("theme/")
    stem = _LANGUAGE.sub("", name.rpartition(".")[0])
    if name.startswith("fonts/"):
        return FONT
    if name.startswith(FOLDER):
        spot = SPOTS.get(stem.removeprefix(FOLDER))
        return spot.title if spot is not None else ""
    named = {"logo": LOGO, "announce": ANNOUNCE.title, "footer": FOOTER.title, "style": STYLE.title}
    return named.get(stem, "") if path.startswith("theme/") else ""
