"""The pages that the law asks for: which there are, what the foot of every page calls them, how accessible the site is.

Each is made from fields of the instance; a page of the town's own with the same identifier takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from participation.messages import mark as _

ACCESSIBILITY, LEGAL, PRIVACY, ECO = "accessibilite", "mentions-legales", "donnees-personnelles", "ecoconception"
PAGES = (ACCESSIBILITY, LEGAL, PRIVACY, ECO)
ECO_ADDRESS = f"{ECO}/"
HALF, WHOLE = 50, 100  # per cent of the criteria: from here "partly", from there "fully" compliant (RGAA 4.1)

_CONFORMITY = {
    "none": _("non conforme"),
    "partial": _("partiellement conforme"),
    "full": _("totalement conforme"),
}


def conformity(accessibility: Mapping[str, Any]) -> str:
    """`none`, `partial` or `full`: what an audit found; without an audit a site is not compliant."""
    rate = accessibility.get("rate")
    if rate is None or not accessibility.get("audited_on"):
        return "none"
    return "full" if rate >= WHOLE else "partial" if rate >= HALF else "none"


def conformity_words(accessibility: Mapping[str, Any]) -> str:
    """The same in the words of the law, to be translated."""
    return _CONFORMITY[conformity(accessibility)]


def title(id: str, accessibility: Mapping[str, Any], translate: Callable[[str], str]) -> str:
    """What a page is called, also in the foot of every page: the law wants the state of accessibility said there."""
    if id == ACCESSIBILITY:
        return translate(_("Accessibilité\u00a0: %s")) % translate(conformity_words(accessibility))
    titles = {LEGAL: _("Mentions légales"), PRIVACY: _("Données personnelles"), ECO: _("Écoconception")}
    return translate(titles[id])
