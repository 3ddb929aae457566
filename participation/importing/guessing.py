"""Which target the header of a column means: its code, its label, its name in the open data, or a usual word for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from participation.importing.people import folded
from participation.importing.targets import ID, STATE, VERSION, Target, Translate

# What towns and other programs call it; the first target of a list that the type has is meant.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "id": (ID,),
    "identifiant": (ID,),
    "numero": (ID,),
    "n": (ID,),
    "no": (ID,),
    "num": (ID,),
    "reference": (ID,),
    "ref": (ID,),
    "code": (ID,),
    "number": (ID,),
    "titre": ("title",),
    "intitule": ("title",),
    "libelle": ("title",),
    "nom": ("title",),
    "title": ("title",),
    "name": ("title",),
    "resume": ("summary",),
    "chapeau": ("summary",),
    "description": ("description", "proposal", "body"),
    "descriptif": ("description", "proposal", "body"),
    "description longue": ("description", "body"),
    "texte": ("body", "description", "proposal"),
    "besoin": ("need",),
    "proposition": ("proposal",),
    "thematique": ("theme",),
    "theme": ("theme",),
    "categorie": ("theme",),
    "category": ("theme",),
    "quartier": ("zone",),
    "canton": ("zone",),
    "arrondissement": ("zone",),
    "secteur": ("zone",),
    "zone": ("zone",),
    "district": ("zone",),
    "adresse": ("place.address",),
    "address": ("place.address",),
    "lieu": ("place.name",),
    "nom lieu": ("place.name",),
    "latitude": ("place.latitude",),
    "lat": ("place.latitude",),
    "y wgs84": ("place.latitude",),
    "longitude": ("place.longitude",),
    "lon": ("place.longitude",),
    "lng": ("place.longitude",),
    "long": ("place.longitude",),
    "x wgs84": ("place.longitude",),
    "budget": ("budget_voted", "cost", "budget"),
    "montant": ("budget_voted", "cost", "budget"),
    "montant vote": ("budget_voted",),
    "budget alloue": ("budget_voted",),
    "cout": ("cost",),
    "cout estime": ("cost",),
    "estimation": ("cost",),
    "depenses": ("budget_paid",),
    "service": ("service",),
    "direction": ("service",),
    "direction pilote": ("service",),
    "service pilote": ("service",),
    "avancement": (STATE,),
    "etat": (STATE, "state"),
    "state": (STATE, "state"),
    "statut": (STATE, "state"),
    "status": (STATE, "state"),
    "etape": (STATE,),
    "phase": (STATE,),
    "edition": ("edition",),
    "annee": ("edition",),
    "millesime": ("edition",),
    "voix": ("votes",),
    "votes": ("votes",),
    "nombre voix": ("votes",),
    "nombre votes": ("votes",),
    "nb votes": ("votes",),
    "nb voix": ("votes",),
    "points": ("points",),
    "rang": ("rank",),
    "classement": ("rank",),
    "debut": ("start",),
    "date debut": ("start",),
    "fin": ("end",),
    "date fin": ("end",),
    "date": ("start", "date", "received"),
    "date depot": ("received",),
    "recue": ("received",),
    "organisateur": ("organiser",),
    "lien": ("page", "website", "url"),
    "url": ("page", "website", "url"),
    "page": ("page",),
    "population": ("population",),
    "quartier prioritaire": ("priority_area",),
    "qpv": ("priority_area",),
    "q pop": ("priority_area",),
    "debut etudes": ("steps.design.actual_start",),
    "lancement procedure": ("steps.procurement.actual_start",),
    "lancement travaux": ("steps.works.actual_start",),
    "debut travaux": ("steps.works.actual_start",),
    "fin travaux": ("steps.works.actual_end",),
    "livraison prev": ("steps.delivery.planned_end",),
    "livraison prevue": ("steps.delivery.planned_end",),
    "livraison": ("steps.delivery.actual_end",),
    "ouverture": ("steps.delivery.actual_end",),
    "partenaires": ("partners",),
    "note": ("note",),
    "remarques": ("note",),
    "commentaire": ("note",),
}
_EMPTY_WORDS = frozenset(
    "projet projets idee idees evenement evenements gagnant gagnants laureat laureats global globale "
    "de du des d le la les l un une en au aux et".split()
)


def guesses(
    headers: Sequence[str], targets: Collection[Target], tongues: Collection[Translate] = (str,)
) -> dict[str, str]:
    """Header -> target, for the headers that are recognised; surer ones first, no target twice."""
    known = {target.name for target in targets}
    labels = [{folded(target.label(tongue)): target.name for target in targets} for tongue in tongues]
    words = {folded(header) for header in headers}
    ours = [
        one for one in labels if any(one.get(word) == VERSION for word in words)
    ]  # a table of ours, in its language
    codes = {folded(target.name): target.name for target in targets}
    usual = {word: name for word in words if (name := _usual(word, known)) is not None}
    found: dict[str, str] = {}
    for way in (*ours, codes, *labels, usual):
        for header in headers:
            name = way.get(folded(header)) if header and header not in found else None
            if name is not None and name not in found.values():
                found[header] = name
    return found


def _usual(words: str, known: set[str]) -> str | None:
    bare = " ".join(word for word in words.split() if word not in _EMPTY_WORDS)
    for way in (words, bare):
        if (name := next((one for one in _USUAL.get(way, ()) if one in known), None)) is not None:
            return name
    return None
