"""What machines read in the head of a page: schema.org data (JSON-LD) and the picture that messengers show.

Said only of what the page says itself. A data block is never run as a script; it is written so that no text in it can
end it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from participation.messages import mark as _
from participation.records.fields import Plain
from participation.values import Moment, zone_info
from site_builder import addresses
from site_builder.addresses import AGENDA, IDEAS, NEWS, PROJECTS, SEARCH
from site_builder.cards import Card
from site_builder.engine import Engine
from site_builder.sharing import names

_FOLDERS = {
    "project": (_("Projets"), PROJECTS),
    "idea": (_("Idées"), IDEAS),
    "event": (_("Agenda"), AGENDA),
    "article": (_("Actualités"), NEWS),
}
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ENDING = re.compile("[<>&\u2028\u2029]")
_MARK = "\0"
_STATES = {"cancelled": "EventCancelled", "moved": "EventRescheduled"}
_PICTURES = (".jpg", ".jpeg", ".png", ".webp")  # what messengers can show


def site(engine: Engine) -> str:
    """The site as a whole, and where it is searched: for the home page."""
    town = engine.town
    if not town.url:
        return ""
    data = {
        "@type": "WebSite",
        "name": town.title,
        "url": f"{town.url}/",
        "inLanguage": engine.lang,
        "description": town.summary,
        "publisher": _publisher(engine),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{town.url}/{SEARCH}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
    return block(data)


def of_record(engine: Engine, card: Card, shown: Mapping[str, Plain]) -> str:
    """A record's page: where it stands in the site, what it is, its picture."""
    thing = {"project": _project, "event": _event, "article": _article}.get(card.type)
    said = [block(thing(engine, card, shown))] if thing is not None else []
    if engine.town.url:
        before, between, after = _way_to_a_record(engine, card.type)
        said.append(f"{before}{_said(card.title)}{between}{_said(_page(engine, card.address))}{after}")
    if card.type in names.TYPES:
        state = engine.town.words[card.type][card.state]
        said.append(engine.card(names.card_of(card.id, engine.town.folder), f"{card.title} ({state})"))
    else:
        said.append(photo(engine, card.image, card.image_alt))
    return "".join(said)


def block(data: Mapping[str, Any]) -> str:
    """A JSON-LD block; keys without a value are left out."""
    kept = {
        "@context": "https://schema.org",
        **{key: value for key, value in data.items() if value not in ("", None, [])},
    }
    return f'<script type="application/ld+json">{_said(kept)}</script>'


def _said(data: Any) -> str:
    """JSON that no text in it can end."""
    plain = _JSON.encode(data)
    return _ENDING.sub(lambda found: f"\\u{ord(found[0]):04x}", plain) if _ENDING.search(plain) else plain


def photo(engine: Engine, image: str, alt: str) -> str:
    """The photo that stands for the page where it is shared; "" for one that messengers cannot show."""
    found = engine.album.find(image) if image.lower().endswith(_PICTURES) else None
    if not engine.town.url or found is None:
        return ""
    lines = Markup('<meta property="og:image" content="{}">').format(_media(engine, image))
    lines += Markup('<meta property="og:image:width" content="{}">').format(found.width)
    lines += Markup('<meta property="og:image:height" content="{}">').format(found.height)
    if alt:
        lines += Markup('<meta property="og:image:alt" content="{}">').format(alt)
    return str(lines + Markup('<meta name="twitter:card" content="summary_large_image">'))


@lru_cache(maxsize=32)
def _way_to_a_record(engine: Engine, type_name: str) -> list[str]:
    """The way to the records of a type in three parts: a record's title comes after the first, its address after that.

    Only these two differ between thousands of records; encoding the rest once takes a third off their data.
    """
    words, folder = _FOLDERS[type_name]
    steps = [(engine.translate(_("Accueil")), ""), (engine.translate(words), folder), (_MARK, "")]
    way = _way(engine, steps)
    way["itemListElement"][-1]["item"] = _MARK
    return block(way).split(_said(_MARK))


def _way(engine: Engine, steps: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": words, "item": _page(engine, address)}
            for number, (words, address) in enumerate(steps, 1)
        ],
    }


def _project(engine: Engine, card: Card, shown: Mapping[str, Plain]) -> dict[str, Any]:
    """schema.org's Project: something planned and carried out together; who funds it, with how much, where."""
    amount = shown.get("budget_voted")
    grant: dict[str, Any] = {"@type": "Grant", "funder": _publisher(engine)}
    if amount:
        money = {"@type": "MonetaryAmount", "value": str(amount), "currency": engine.town.currency}
        grant |= {"@type": "MonetaryGrant", "amount": money}
    return {
        "@type": "Project",
        "identifier": card.id,
        "name": card.title,
        "description": card.summary,
        "url": _page(engine, card.address),
        "location": _place(engine, card, shown),
        "funding": grant if amount else None,
        "image": _media(engine, card.image),
    }


def _event(engine: Engine, card: Card, shown: Mapping[str, Plain]) -> dict[str, Any]:
    state = card.more.get("state", "confirmed")
    online = str(shown.get("online_url", ""))
    place = _place(engine, card, shown)
    mode = "MixedEventAttendanceMode" if place and online else "OnlineEventAttendanceMode"
    locations = [one for one in (place, {"@type": "VirtualLocation", "url": online} if online else None) if one]
    return {
        "@type": "Event",
        "name": card.title,
        "description": card.summary,
        "startDate": _instant(engine, card, card.day),
        "endDate": _instant(engine, card, str(card.more.get("end", ""))),
        "eventStatus": f"https://schema.org/{_STATES.get(state, 'EventScheduled')}",
        "eventAttendanceMode": f"https://schema.org/{mode if online else 'OfflineEventAttendanceMode'}",
        "location": locations[0] if len(locations) == 1 else locations,
        "organizer": {"@type": "Organization", "name": str(shown["organiser"])}
        if "organiser" in shown
        else _publisher(engine),
        "url": _page(engine, card.address),
        "image": _media(engine, card.image),
    }


def _article(engine: Engine, card: Card, _shown: Mapping[str, Plain]) -> dict[str, Any]:
    return {
        "@type": "NewsArticle",
        "headline": card.title,
        "description": card.summary,
        "datePublished": card.day,
        "inLanguage": engine.lang,
        "publisher": _publisher(engine),
        "url": _page(engine, card.address),
        "image": _media(engine, card.image),
    }


def _publisher(engine: Engine) -> dict[str, str]:
    return {"@type": "GovernmentOrganization", "name": engine.town.name or engine.town.title}


def _place(engine: Engine, card: Card, shown: Mapping[str, Plain]) -> dict[str, Any] | None:
    """Where it is: a named place with its address and point, else its zone."""
    plain = shown.get("place")
    place: Mapping[str, Plain] = plain if isinstance(plain, dict) else {}
    zone = engine.town.zone(card.zone) if card.zone else ""
    name = str(place.get("name", "")) or zone or (engine.town.name if plain == "whole_territory" else "")
    found: dict[str, Any] = {"@type": "Place", "name": name, "address": str(place.get("address", "")) or zone}
    if card.longitude is not None and card.latitude is not None:
        found["geo"] = {"@type": "GeoCoordinates", "latitude": card.latitude, "longitude": card.longitude}
    found = {key: value for key, value in found.items() if value}
    return found if len(found) > 1 else None


def _instant(engine: Engine, card: Card, plain: str) -> str:
    """A day as it is, a moment with the offset of its time zone."""
    if not plain:
        return ""
    moment = Moment.parse(plain)
    zone = zone_info(str(card.more.get("timezone", engine.town.timezone)))
    return plain if moment.time is None else moment.at(zone).isoformat()


def _page(engine: Engine, address: str) -> str:
    return f"{engine.town.url}/{addresses.quoted(address)}" if engine.town.url else ""


def _media(engine: Engine, image: str) -> str:
    site = engine.town.site_url
    return f"{site}/{addresses.quoted(f'media/{image}')}" if image and site else ""
