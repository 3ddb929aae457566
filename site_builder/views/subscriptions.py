"""The calendar by kind and by zone: of each a page of what is coming, and a feed to subscribe to.

What an event says for calendars is in `events`; here is only which events belong together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from participation.messages import mark as _
from participation.records.event import EVENT_KINDS
from site_builder import ics
from site_builder.addresses import AGENDA, slug
from site_builder.cards import Card
from site_builder.engine import Engine
from site_builder.index import Index
from site_builder.views import events
from site_builder.views.common import Article

BASE = "../../../"
_PAST = 10  # events said below the coming ones
# Facet -> the folder of its pages, and what people call it.
FOLDERS = {"kind": "type", "zone": "quartier"}


@dataclass(frozen=True, slots=True)
class Group:
    """The events of one kind, or of one zone."""

    facet: str
    value: str

    def name(self, engine: Engine) -> str:
        """What it is called: `Atelier`, `Le Bief`."""
        return engine.town.zone(self.value) if self.facet == "zone" else str(engine.town.words["event"][self.value])

    def address(self, engine: Engine) -> str:
        """`agenda/type/atelier/`."""
        words = self.value if self.facet == "zone" else EVENT_KINDS[self.value]  # in every language the same
        return f"{AGENDA}{FOLDERS[self.facet]}/{slug(words)}/"

    def feed(self, engine: Engine) -> str:
        """`agenda/type/atelier.ics`."""
        return f"{self.address(engine).rstrip('/')}.ics"

    def holds(self, card: Card) -> bool:
        """True for an event that belongs here."""
        return self in groups_of(card)


def groups_of(card: Card) -> list[Group]:
    """The groups that an event is in."""
    kind = Group("kind", card.more.get("kind", "other"))
    return [kind, Group("zone", card.zone)] if card.zone else [kind]


def all_groups(engine: Engine, cards: Iterable[Card]) -> dict[Group, list[Card]]:
    """Every group that has an event, with its events: kinds as they are declared, zones by name."""
    found: dict[Group, list[Card]] = {}
    for card in cards:
        for group in groups_of(card):
            found.setdefault(group, []).append(card)
    kinds = list(EVENT_KINDS)
    order = sorted(
        found,
        key=lambda one: (
            (one.facet, kinds.index(one.value), "") if one.facet == "kind" else ("zone", 0, one.name(engine))
        ),
    )
    return {group: found[group] for group in order}


def menu(engine: Engine, groups: Iterable[Group]) -> list[dict[str, Any]]:
    """The choices as the agenda's page shows them: a heading and its entries."""
    titles = {"kind": engine.translate(_("Par type")), "zone": engine.translate(_("Par lieu"))}
    listed = list(groups)
    return [
        {
            "title": title,
            "entries": [
                {"words": one.name(engine), "address": one.address(engine), "feed": one.feed(engine)}
                for one in listed
                if one.facet == facet
            ],
        }
        for facet, title in titles.items()
        if any(one.facet == facet for one in listed)
    ]


def group_page(engine: Engine, index: Index, group: Group) -> Article:
    """What is coming of one kind or in one zone, what was last, and how to subscribe to it."""
    town = engine.town
    name = group.name(engine)
    coming = events.unfold(engine, index, town.day, town.day + dt.timedelta(days=366), BASE, group.holds)
    ago = town.day - dt.timedelta(days=366)
    past = events.unfold(engine, index, ago, town.day - dt.timedelta(days=1), BASE, group.holds)
    html = engine.render(
        "agenda-choix.html",
        base=BASE,
        name=name,
        coming=coming[: events.COMING],
        past=[one for one in reversed(past) if one.day < town.day][:_PAST],
        feed=f"{BASE}{group.feed(engine)}",
    )
    heading = engine.translate(_("%(label)s\u00a0: %(value)s")) % {
        "label": engine.translate(_("Agenda")),
        "value": name,
    }
    return Article(heading, "", html, events.alternate(f"{BASE}{group.feed(engine)}", heading))


def group_feed(engine: Engine, group: Group, cards: Iterable[Card], texts: Iterable[str]) -> bytes:
    """The feed of a group from the texts of its events."""
    name = group.name(engine)
    return events.feed(
        engine,
        cards,
        texts,
        f"{events.calendar_name(engine)} – {name}",
        group.feed(engine),
        page=group.address(engine),
        category=name if group.facet == "kind" else "",
        colour=ics.COLOURS.get(group.value, "") if group.facet == "kind" else "",
    )
