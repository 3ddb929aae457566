"""One page of each kind of the demonstration town's site, by its address; the English one lies below `en/`."""

from __future__ import annotations

KINDS = {
    "home": "",
    "projects": "projets/",
    "projects delivered": "projets/etat/livres/",
    "projects of a zone": "projets/quartier/la-gare/",
    "ideas": "idees/",
    "ideas, second page": "idees/page/2/",
    "project in works, late": "projets/2024-P007/",
    "project delivered": "projets/2024-P029/",
    "project suspended": "projets/2024-P009/",
    "project abandoned": "projets/2021-P003/",
    "project put to the vote": "projets/2027-P001/",
    "project with scenarios": "projets/2024-P014/",
    "idea feasible": "idees/2027-0011/",
    "idea refused": "idees/2021-0050/",
    "idea merged": "idees/2024-0039/",
    "event": "agenda/2026-E001/",
    "event in a series": "agenda/2026-E009/",
    "event cancelled": "agenda/2026-E018/",
    "agenda": "agenda/",
    "month": "agenda/2026-11/",
    "agenda of a kind": "agenda/type/atelier/",
    "editions": "editions/",
    "edition": "editions/2024/",
    "news": "actualites/",
    "article": "actualites/2026-A001/",
    "page": "mode-d-emploi/",
    "search": "recherche/",
    "zones": "quartiers/",
    "zone": "quartiers/les-tanneries/",
    "open data": "donnees/",
    "accessibility": "accessibilite/",
    "legal notice": "mentions-legales/",
    "personal data": "donnees-personnelles/",
    "eco-design": "ecoconception/",
    "missing": "404.html",
}
RECORDS = tuple(kind for kind in KINDS if kind.split()[0] in {"project", "idea", "event", "article"})
ENGLISH = {f"{kind}, in English": f"en/{address}" for kind, address in KINDS.items()}
