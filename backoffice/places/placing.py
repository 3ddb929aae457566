"""What a form says about its places, and what its buttons do: look an address up, take a point, take the zone found.

Works on the pairs of the form; nothing is saved here, and no button loses what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for

from backoffice.content import Content
from backoffice.i18n import _
from backoffice.places.geocoder import LONGEST, SHORTEST, AddressesUnavailable, Found, look_up
from backoffice.places.territory import Territory, offer_map, territory
from backoffice.records.formdata import Pairs
from participation.coordinates import read_one, read_pair
from participation.records.base import Fielded
from participation.records.containers import PlaceField

ZONE = "zone"  # the field of a record that names the zone of its place


@dataclass(frozen=True, slots=True)
class Sought:
    """What looking an address up gave: matches to choose from, or words that say why there are none."""

    matches: Sequence[Found] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """What is known of a point: its zone ("" outside of all), a sentence, whether it is a warning.

    `proposed` is the title of the zone when the form names another one or none.
    """

    zone: str = ""
    words: str = ""
    warning: bool = False
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class PlaceHelp:
    """All that the page says and offers beside one place."""

    where: Where
    sought: Sought
    searchable: bool
    data: Mapping[str, object] = field(default_factory=dict)  # what the map's program needs


def point_of(pairs: Pairs, name: str) -> tuple[float, float] | None:
    """Longitude and latitude typed for the place `name`, in any usual form; None when there is no point."""
    latitude, longitude = (pairs.get(f"{name}.{axis}", "").strip() for axis in ("latitude", "longitude"))
    if latitude and longitude:
        pair = read_one(latitude, "latitude"), read_one(longitude, "longitude")
    else:
        pair = read_pair(latitude or longitude) or (None, None)
    return None if pair[0] is None or pair[1] is None else (float(pair[1]), float(pair[0]))


def where(known: Territory, point: tuple[float, float], chosen: str | None) -> Where:
    """What to say of a point; `chosen` is the zone that the form names, None when the form has no such field."""
    if not known.drawn:
        return Where()
    zone = known.zone(*point)
    if not zone:
        return Where(words=_("Ce point est hors du territoire. Vérifiez-le."), warning=True)
    words = _("Ce point est dans «\u00a0%s\u00a0».") % known.titles[zone]
    return Where(zone, words, proposed=known.titles[zone] if chosen not in (None, zone) else "")


def helps(kind: type[Fielded], pairs: Pairs, sought: Mapping[str, Sought], content: Content) -> dict[str, PlaceHelp]:
    """What to say beside each place of the form, by the name of its field; {} for a form without places."""
    names = [name for name, declared in kind.fields.items() if isinstance(declared, PlaceField)]
    if not names:
        return {}
    known, background = territory(content), offer_map(content)
    searchable = bool(geocoder_of(content))
    chosen = pairs.get(ZONE, "") if ZONE in kind.fields else None
    found = {}
    for name in names:
        point = point_of(pairs, name)
        said = where(known, point, chosen) if point is not None else Where()
        data: dict[str, object] = {
            "plan": url_for("places.plan"),
            "where": url_for("places.where"),
            "zone": ZONE if chosen is not None else "",
            "origin": background.get("origin", ""),
            "words": words_of(background),
        }
        found[name] = PlaceHelp(said, sought.get(name, Sought()), searchable, data)
    return found


def words_of(background: Mapping[str, object]) -> dict[str, str]:
    """The words of a map of the office, for its program."""
    host = f"{background['host']} ({background['credit']})" if background.get("credit") else background.get("host", "")
    return {
        "map": _("Carte du territoire"),
        "marker": _("Le lieu\u00a0: déplacez-le avec les flèches du clavier ou en le glissant"),
        "hint": _("Cliquez sur la carte, ou placez le repère puis déplacez-le avec les flèches du clavier."),
        "put": _("Placer le repère"),
        "drop": _("Retirer le repère"),
        "in": _("Agrandir la carte"),
        "out": _("Réduire la carte"),
        "all": _("Revenir à toute la carte"),
        "skip": _("Passer la carte"),
        "load": _("Afficher le fond de carte"),
        "unload": _("Ne plus charger le fond de carte"),
        "consent": _("Le fond de carte vient de %s. Rien n’est chargé sans votre accord.") % host if host else "",
        "silent": _("Le fond de carte ne répond pas."),
        "take": _("Choisir «\u00a0%s\u00a0»"),
        "failed": _("La carte n’a pas pu être chargée. Les champs restent utilisables."),
    }


def geocoder_of(content: Content) -> str:
    """The address of the service of addresses that the town names, "" for none."""
    return str(content.snapshot().instance.data.get("map", {}).get("geocoder", ""))


@dataclass(frozen=True, slots=True)
class Acted:
    """The form after one of the buttons of a place."""

    pairs: Pairs
    sought: Mapping[str, Sought]


def act(kind: type[Fielded], pairs: Pairs, asked: str, content: Content) -> Acted | None:
    """Carry out `locate:place`, `point:place:2.35:48.93:label` or `zone:place`; None when it is no act of a place."""
    verb, _colon, rest = asked.partition(":")
    name, _colon, more = rest.partition(":")
    if verb not in ("locate", "point", "zone") or not isinstance(kind.fields.get(name), PlaceField):
        return None
    if verb == "locate":
        return Acted(pairs, {name: _sought(pairs, name, content)})
    if verb == "point":
        longitude, latitude, label = ([*more.split(":", 2), "", ""])[:3]
        changed = pairs | {f"{name}.longitude": longitude, f"{name}.latitude": latitude, f"{name}.whole": ""}
        if label and not pairs.get(f"{name}.address", "").strip():
            changed[f"{name}.address"] = label
        return Acted(changed, {})
    point = point_of(pairs, name)
    zone = territory(content).zone(*point) if point is not None else ""
    return Acted(pairs | {ZONE: zone} if zone and ZONE in kind.fields else pairs, {})


def _sought(pairs: Pairs, name: str, content: Content) -> Sought:
    service = geocoder_of(content)
    text = " ".join((pairs.get(f"{name}.address", "").strip() or pairs.get(f"{name}.name", "").strip()).split())
    if not service:
        return Sought(words=_("La recherche d’adresses n’est pas réglée."))
    if len(text) < SHORTEST or not text[0].isalnum():
        return Sought(words=_("Écrivez d’abord une adresse, d’au moins trois lettres."))
    try:
        matches = look_up(service, text[:LONGEST], territory(content).middle)
    except AddressesUnavailable as fault:
        kept = _("Ce que vous avez saisi est intact\u00a0: placez le point à la main.")
        return Sought(words=f"{_(fault.message)} {kept}")
    if not matches:
        return Sought(words=_("Aucune adresse ne correspond à «\u00a0%s\u00a0».") % text[:60])
    return Sought(matches)
