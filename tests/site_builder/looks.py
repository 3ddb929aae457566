"""A look of a small fictitious town, for tests of shells and of whatever is poured into them."""

from __future__ import annotations

from typing import Any

from site_builder.look import Link, LinkGroup, Look

MENU = (Link("Accueil", ""), Link("Projets", "projets/"), Link("Idées", "idees/"), Link("Agenda", "agenda/"))


def small_look(**changes: Any) -> Look:
    """A complete look; `changes` replace its fields."""
    fields: dict[str, Any] = {
        "site_name": "Budget participatif",
        "town": "Saint-Aubin-des-Ponts",
        "site_url": "https://budget.example/ville/",
        "menu": MENU,
        "search": "recherche/",
        "contact": "**Ville de Saint-Aubin**\n\n1 place d’Armes, [nous écrire](contact/)",
        "footer": (LinkGroup("Informations", (Link("Accessibilité", "accessibilite/"),)),),
        "depths": (0, 1, 2),
    }
    return Look(**(fields | changes))
