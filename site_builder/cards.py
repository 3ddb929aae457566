"""Cards: the little of a record that lists, links and counts need, made from its public projection alone.

Nothing here looks at another record: names of zones, themes and editions are joined when a page is rendered.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from participation.lifecycle import FIRST, TABLES, UNPUBLISHED_IDEAS, state_code
from participation.messages import mark as _
from participation.records import TYPES
from participation.records.base import past_embargoes
from participation.records.containers import Refs
from participation.records.fields import Plain
from participation.records.texts import Ref
from participation.values import Moment, PartialDate
from site_builder import addresses, markdown
from site_builder.measures import of_idea, of_project
from site_builder.messages import load
from site_builder.people import NOBODY
from site_builder.steps import Progress, progress
from site_builder.tongues import Language, code_of, keep, like, recall, said

FAR = "9999-12-31"
_SAID = ("change_note", "access")  # texts that a card keeps beside its fields
_UNTIL = re.compile(r"UNTIL=(\d{4})(\d\d)(\d\d)", re.IGNORECASE | re.ASCII)


class Card(NamedTuple):
    """One record as lists see it; `day` is the date it sorts by in time, `order` its place in its edition."""

    id: str
    type: str
    path: str
    blob: str
    address: str
    title: str
    summary: str
    edition: str
    zone: str
    theme: str
    state: str
    family: str
    day: str
    last_day: str
    order: str
    image: str
    image_alt: str
    amount: str
    place: str
    longitude: float | None
    latitude: float | None
    refs: tuple[str, ...]
    more: dict[str, Any]

    @property
    def face(self) -> Card:
        """What others show of it: a change that leaves the face as it was touches no other page."""
        return self._replace(blob="")

    @property
    def progress(self) -> Progress | None:
        """How far a project has come, when its card says so."""
        plain = self.more.get("progress")
        return Progress(*plain) if plain else None


_REFS = Card._fields.index("refs")
_PLACES = {name: place for place, name in enumerate(Card._fields)}


def thaw(plain: list[Any]) -> Card:
    """A card as it comes back from msgpack, which knows neither tuples nor texts in another language."""
    plain[_REFS] = tuple(plain[_REFS])
    if "foreign" in plain[-1]:
        recall(plain, _PLACES, plain[-1])
    return Card._make(plain)


def text(plain: Plain, lang: str) -> str:
    """A translatable plain text in `lang`, or in another one it has: on a site in several languages it says which."""
    if type(lang) is str and isinstance(plain, str):
        return plain
    return said(plain, lang)


def make_card(
    type_name: str,
    id: str,
    path: str,
    blob: str,
    data: Mapping[str, Plain],
    now: dt.datetime,
    lang: str,
    people: Mapping[str, str] = NOBODY,
) -> tuple[Card, dict[str, Plain]] | None:
    """The card and the public projection of a record at `now`; None when nothing of it may show.

    Who carries it is named by the label that `people` has for the person, if any.
    """
    told = past_embargoes(data, now)
    if told is None:
        return None
    shown = TYPES[type_name].public_data(told)
    state, family = "", ""
    if type_name in TABLES:
        state = state_code(type_name, shown.get("status"))
        if type_name == "idea" and state in UNPUBLISHED_IDEAS:
            return None
        known = TABLES[type_name].get(state) or TABLES[type_name][FIRST[type_name]]
        state, family = known.code, known.family
    photo = (shown.get("photos") or [{}])[0]
    place = shown.get("place")
    point = place if isinstance(place, dict) and "longitude" in place else {}
    title, summary = text(shown.get("title"), lang) or _untitled(id, lang), _summary(shown, lang)
    more = _more(type_name, state, family, shown, lang) | _old(shown)
    carrier = _carrier(told)
    if carrier:
        more["person"] = carrier
        if carrier in people:
            more["label"] = people[carrier]
    if isinstance(lang, Language):
        keep(more, title=title, summary=summary, **{key: more[key] for key in _SAID if key in more})
    return (
        Card(
            id=id,
            type=type_name,
            path=path,
            blob=blob,
            address=addresses.of_record(type_name, id),
            title=title,
            summary=summary,
            edition=id.partition("-")[0] if type_name in TABLES else str(shown.get("edition", "")),
            zone=str(shown.get("zone", "")),
            theme=str(shown.get("theme", "")),
            state=state,
            family=family,
            day=_day(type_name, shown),
            last_day=_last_day(type_name, shown),
            order=_order(type_name, id, shown),
            image=str(photo.get("file", "")),
            image_alt=text(photo.get("alt", ""), lang),
            amount=_amount(shown),
            place=_place(place),
            longitude=float(point["longitude"]) if point else None,
            latitude=float(point["latitude"]) if point else None,
            refs=(*_refs(type_name, shown), carrier) if carrier else _refs(type_name, shown),
            more=more,
        ),
        shown,
    )


def _carrier(told: Mapping[str, Plain]) -> str:
    """The id of the person who carries it, "" for none: among the references, so that a new label finds the record."""
    owner = told.get("owner")
    return str(owner.get("person", "")) if isinstance(owner, dict) else ""


def _untitled(id: str, lang: str) -> str:
    return load(lang).gettext(_("Sans titre (n°\u00a0%s)")) % id.partition("-")[2].lstrip("P")


def _summary(shown: Mapping[str, Plain], lang: str) -> str:
    given = text(shown.get("summary"), lang)
    if given:
        return given
    for name in ("description", "proposal", "need", "body"):
        if name in shown:
            whole = text(shown[name], lang)
            return like(markdown.plain(whole, 200), whole)
    return ""


def _day(type_name: str, shown: Mapping[str, Plain]) -> str:
    if type_name == "event":
        return str(shown.get("start", ""))
    if type_name == "article":
        return str(shown.get("date", ""))
    status = shown.get("status")
    return str(status[-1].get("date", "")) if status else ""


def _last_day(type_name: str, shown: Mapping[str, Plain]) -> str:
    """The last day an event may take place on; FAR for a series whose end only unfolding it would tell."""
    if type_name != "event":
        return ""
    days = [shown.get("end") or shown.get("start") or "", *shown.get("extra_dates", ())]
    if rule := shown.get("recurrence"):
        until = _UNTIL.search(rule)
        days.append("-".join(until.groups()) if until else FAR)
    days += [row.get("end") or row.get("start", "") for row in shown.get("exceptions", ())]
    return max(str(day)[:10] for day in days)


def _order(type_name: str, id: str, shown: Mapping[str, Plain]) -> str:
    """Within an edition: by rank, else by votes, else by identifier (numbers compared as numbers)."""
    number = id.partition("-")[2]
    digits = "".join(letter for letter in number if letter.isdigit())
    place = f"{int(digits):09d}" if digits else number
    if type_name != "project":
        return place
    if "rank" in shown:
        return f"0{shown['rank']:09d}{place}"
    return f"1{999_999_999 - shown.get('votes', 0):09d}{place}"


def _amount(shown: Mapping[str, Plain]) -> str:
    for name in ("budget_final", "budget_revised", "budget_voted", "cost"):
        if name in shown:
            return str(shown[name])
    return ""


def _place(place: Plain) -> str:
    if isinstance(place, dict):
        return str(place.get("name") or place.get("address") or "")
    return ""


def _refs(type_name: str, shown: Mapping[str, Plain]) -> tuple[str, ...]:
    """The identifiers of the records with pages that this one names, each once."""
    found: dict[str, None] = {}
    for name, field in TYPES[type_name].fields.items():
        if name in shown and getattr(field, "to", "") in ("project", "idea", "event", "article", "edition"):
            if isinstance(field, Refs):
                found.update(dict.fromkeys(shown[name]))
            elif isinstance(field, Ref):
                found[shown[name]] = None
    return tuple(found)


def _more(type_name: str, state: str, family: str, shown: Mapping[str, Plain], lang: str) -> dict[str, Any]:
    if type_name == "project":
        reached = progress(shown, state, family)
        if isinstance(lang, Language) and isinstance(reached.current_title, dict):  # no more than the page will say
            title = said(reached.current_title, lang)
            reached = reached._replace(current_title={code_of(title) or str(lang): str(title)})
        more: dict[str, Any] = {"progress": list(reached)}
        if votes := shown.get("votes"):
            more["votes"] = votes
        if shown.get("place") == "whole_territory":
            more["whole"] = True
        return more | of_project(shown, state)
    if type_name == "idea":
        owner = shown.get("owner") or {}
        return {key: owner[key] for key in ("kind", "organisation") if key in owner} | of_idea(shown, state)
    if type_name == "event":
        keys = (
            "kind", "state", "end", "timezone", "recurrence", "extra_dates", "exceptions",
            "sequence", "uid", "online_url",
        )  # fmt: skip
        more = {key: shown[key] for key in keys if key in shown}
        for key in ("change_note", "access"):
            if key in shown:
                more[key] = text(shown[key], lang)
        registration = shown.get("registration") or {}
        if registration.get("required"):
            more["registration"] = True
        return more
    if type_name == "page":
        return {key: shown[key] for key in ("in_footer", "order") if key in shown}
    return {}


def _old(shown: Mapping[str, Plain]) -> dict[str, Any]:
    return {"old": shown["old_addresses"]} if "old_addresses" in shown else {}


def first_day(plain: str) -> dt.date | None:
    """The first day of a stored date, partial date or moment; None for an empty text."""
    if not plain:
        return None
    return Moment.parse(plain).day if len(plain) >= 10 else PartialDate.parse(plain).first()
