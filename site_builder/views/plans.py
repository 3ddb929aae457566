"""Which map stands on a page, and what is marked on it; "" where a map would say nothing. Drawing is in `maps`.

Up to sixty records are marked one by one, marks that would touch are gathered; beyond, each zone shows its number.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from participation.messages import mark as _
from site_builder import maps
from site_builder.addresses import ZONES, of_zone
from site_builder.cards import Card
from site_builder.engine import Engine
from site_builder.index import Index
from site_builder.maps import Area, Mark, View
from site_builder.outlines import frame_of, place
from site_builder.stages import STAGES, WON
from site_builder.tongues import like
from site_builder.views import detailed

SINGLE = 60  # records that are marked one by one
_FEWEST_ZONES = 3  # that a map without outlines shows
_WINDOW = 0.42  # of the plan's width, around a project's place
_NOUNS = {"project": (_("projet"), _("projets")), "idea": (_("idée"), _("idées"))}


def record_map(engine: Engine, card: Card, base: str) -> Markup:
    """Where one record is: the plan around its place, or its zone; and the offer of the detailed map."""
    drawn, offer = _drawn(engine, card, base), detailed.of_record(engine, card, base)
    return Markup(f'<div class="lr-map lr-map--small">{drawn}{offer}</div>' if drawn else offer)  # noqa: S704  # escaped


def _drawn(engine: Engine, card: Card, base: str) -> str:
    plan = engine.town.plan
    if not plan:
        return ""
    zone = plan["zones"].get(card.zone)
    here = zone[0] if zone else -1
    width, height = plan["size"]
    if card.longitude is not None and card.latitude is not None:
        x, y = place(plan["frame"], card.longitude, card.latitude)
        if 0 <= x <= width and 0 <= y <= height:
            wide = width * _WINDOW
            view = View(round(x - wide / 2), round(y - wide * 0.31), round(wide), round(wide * 0.62), maps.SMALL)
            dot = maps.dot(Mark(x, y, "", family=card.family), view.scale)
            return maps.part(base + plan["asset"], view, here, (dot,), _where(engine, card), "img")
    if zone is None:
        return ""
    view = maps.around((zone[3], zone[4], zone[5], zone[6]), maps.SMALL)
    return maps.part(base + plan["asset"], view, here, (), _where(engine, card), "img")


def overview(
    engine: Engine,
    index: Index,
    base: str,
    type_name: str,
    facet: str = "",
    value: str = "",
    stages: tuple[str, ...] = (),
) -> Markup:
    """All of a list on the plan of the town; a list of one zone on the plan of that zone."""
    plan = engine.town.plan
    if not plan:
        return _without_outlines(engine, index, base, type_name, facet, value, stages)
    if facet == "zone":
        return zone_map(engine, index, base, value, type_name)
    sums = index.zone_sums(type_name, facet, value, stages)
    points = sum(one.points for one in sums.values())
    offer = "" if stages else detailed.of_list(engine, base, type_name, facet, value)
    total = sum(one.records for one in sums.values())
    by_zone = {id: one.records for id, one in sums.items() if id in plan["zones"]}
    marks: list[Mark]
    if (points > SINGLE and sum(by_zone.values()) * 2 > total) or (not points and by_zone):
        marks = [
            Mark(plan["zones"][id][1], plan["zones"][id][2], "", number=count, zone=id) for id, count in by_zone.items()
        ]
        shown = sum(by_zone.values())
    elif points:
        cards = index.located(type_name, facet, value, stages)
        marks = _marks(engine, cards, base)
        shown = len(marks)
    else:
        return Markup("")
    view = maps.whole(plan["size"])
    counts = {id: one.records for id, one in sums.items()}
    areas = _areas(engine, base, type_name, counts)
    return _figure(engine, base, type_name, view, areas, marks, shown, offer=offer if points else "")


def zone_map(engine: Engine, index: Index, base: str, zone: str, type_name: str = "project") -> Markup:
    """One zone with its records; nothing where its outline is not known."""
    plan = engine.town.plan
    if not plan or zone not in plan["zones"]:
        return Markup("")
    _number, _x, _y, left, top, right, bottom, _width = plan["zones"][zone]
    view = maps.around((left, top, right, bottom), maps.MEDIUM)
    cards = index.located(type_name, "zone", zone)
    marks = [
        mark
        for mark in _marks(engine, cards, base)
        if view.left <= mark.x <= view.left + view.width and view.top <= mark.y <= view.top + view.height
    ]
    offer = detailed.of_list(engine, base, type_name, "zone", zone, zone)
    return _figure(engine, base, type_name, view, [], marks, len(marks), zone, offer=offer)


def town_map(engine: Engine, index: Index, base: str) -> Markup:
    """The zones alone, each with how many projects were chosen there: the map of the list of zones."""
    plan = engine.town.plan
    if not plan:
        return Markup("")
    stages = index.zone_stages("project")
    counts = {id: sum(of.get(stage, 0) for stage in WON) for id, of in stages.items()}
    marks = [
        Mark(spot[1], spot[2], "", number=counts[id], zone=id) for id, spot in plan["zones"].items() if counts.get(id)
    ]
    areas = _areas(engine, base, "project", counts)
    shown = sum(one.number for one in marks)
    return _figure(engine, base, "project", maps.whole(plan["size"]), areas, marks, shown, lead=False)


def of_cards(engine: Engine, cards: Iterable[Card], base: str) -> Markup:
    """Some projects on the plan of the town, where a place is known of at least one."""
    placed = [card for card in cards if card.longitude is not None and card.latitude is not None]
    if not engine.town.plan or not placed:
        return Markup("")
    marks = _marks(engine, placed, base)
    view = maps.whole(engine.town.plan["size"])
    return _figure(engine, base, "project", view, _areas(engine, base, "project", {}), marks, len(marks), lead=False)


def said(engine: Engine, type_name: str, count: int) -> str:
    """`12 projets`."""
    one, many = _NOUNS[type_name]
    return f"{engine.number(count)} {engine.translate(many if count > 1 else one)}"


def _where(engine: Engine, card: Card) -> str:
    """What is said of a project's small map. Called for every project: no more than it needs."""
    parts = [part for part in (card.place, engine.town.zone(card.zone) if card.zone else "") if part]
    return engine.translate(_("Plan\u00a0: %s")) % ", ".join(parts) if parts else engine.translate(_("Plan"))


def _without_outlines(
    engine: Engine, index: Index, base: str, type_name: str, facet: str, value: str, stages: tuple[str, ...]
) -> Markup:
    """Zones that nobody drew lie where their records are; their names are written beside."""
    town = engine.town
    every = index.zone_sums(type_name, facet, value, stages)
    located = not stages and any(one.points for one in every.values())
    offer = detailed.of_list(engine, base, type_name, facet, value) if located else ""
    sums = {id: one for id, one in every.items() if id and one.points}
    if len(sums) < _FEWEST_ZONES:
        return Markup(offer + detailed.without_script(engine) if offer else "")  # noqa: S704  # escaped there
    spots = {id: (one.longitude, one.latitude) for id, one in sums.items()}
    frame, size = frame_of(spots.values())
    margin = 90
    marks, areas = [], []
    for id, (longitude, latitude) in spots.items():
        x, y = place(frame, longitude, latitude)
        marks.append(Mark(x, y, "", number=sums[id].records, zone=id))
        areas.append(Area(-1, "", "", town.zone(id), round(x), round(y), 150))
    view = View(-margin, -margin / 2, size[0] + 2 * margin, size[1] + margin)
    shown = sum(one.records for one in sums.values())
    return _figure(engine, base, type_name, view, areas, marks, shown, offer=offer)


def _marks(engine: Engine, cards: Iterable[Card], base: str) -> list[Mark]:
    """A mark for each card that lies on the plan."""
    frame, (width, height) = engine.town.plan["frame"], engine.town.plan["size"]
    words = engine.town.words
    found = []
    for card in cards:
        x, y = place(frame, card.longitude or 0.0, card.latitude or 0.0)
        if 0 <= x <= width and 0 <= y <= height:
            said_of_it = like(f"{card.title}, {words[card.type][card.state]}", card.title)
            found.append(Mark(x, y, said_of_it, base + card.address, card.family, zone=card.zone))
    return found


def _areas(engine: Engine, base: str, type_name: str, counts: dict[str, int]) -> list[Area]:
    town = engine.town
    found = []
    for id, (number, x, y, _left, _top, _right, _bottom, width) in town.plan["zones"].items():
        name = town.zone(id)
        words = f"{name}, {said(engine, type_name, counts[id])}" if counts.get(id) else name
        found.append(Area(number, f"{base}{of_zone(id)}", words, name, x, y, width))
    return found


def _figure(
    engine: Engine,
    base: str,
    type_name: str,
    view: View,
    areas: list[Area],
    marks: list[Mark],
    shown: int,
    here: str = "",
    *,
    lead: bool = True,
    offer: str = "",
) -> Markup:
    """The map with its legend, the words that go with it, and the offer of the detailed map."""
    town, translate = engine.town, engine.translate
    groups = maps.spread(marks, maps.APART * view.scale)
    pins = []
    for group in groups:
        zones = {mark.zone for mark in group}
        zone = zones.pop() if len(zones) == 1 else ""
        count = sum(mark.number for mark in group)
        if count == 1 and group[0].href:
            words, href = group[0].words, group[0].href
        else:
            name = (
                town.zone(zone) if zone else ", ".join(town.zone(one) for one in sorted({m.zone for m in group}) if one)
            )
            words = f"{name}, {said(engine, type_name, count)}" if name else said(engine, type_name, count)
            href = f"{base}{of_zone(zone)}" if zone in town.zones and zone != here else ""
        pins.append(maps.pin(group, view.scale, words, href))
    asset = base + town.plan["asset"] if town.plan else ""
    heading = translate(_("Plan\u00a0: %s")) % (town.zone(here) if here else town.name or town.title)
    if here:
        svg = maps.part(asset, view, town.plan["zones"][here][0], pins, heading)
    else:
        svg = maps.draw(asset, view, areas, groups, pins, heading)
    families = {mark.family for group in groups if len(group) == 1 for mark in group if mark.family}
    order = ("done", "work", "study", "stop", "over", "vote")
    legend = [
        {"family": family, "shape": Markup(maps.SHAPES[family]), "words": _family_words(engine, type_name, family)}  # noqa: S704  # constants
        for family in order
        if family in families
    ]
    return Markup(  # noqa: S704  # rendered with escaping
        engine.render(
            "_plan.html",
            svg=Markup(svg),  # noqa: S704  # escaped where it is drawn
            legend=legend,
            offer=Markup(offer),  # noqa: S704  # escaped where it is put together
            told=translate(_("Plan schématique\u00a0: %s.")) % said(engine, type_name, shown) if shown else "",
            zones=f"{base}{ZONES}" if lead and not here and town.zones else "",
        )
    )


def _family_words(engine: Engine, type_name: str, family: str) -> str:
    return next((engine.translate(stage.words) for stage in STAGES[type_name] if stage.family == family), "")


def spots(engine: Engine, index: Index, type_name: str) -> dict[str, list[int]]:
    """Where each zone's number stands on the map of the whole catalogue: identifier -> [x, y]."""
    if engine.town.plan:
        return {id: spot[1:3] for id, spot in engine.town.plan["zones"].items()}
    sums = {id: one for id, one in index.zone_sums(type_name).items() if id and one.points}
    if len(sums) < _FEWEST_ZONES:
        return {}
    frame, _size = frame_of((one.longitude, one.latitude) for one in sums.values())
    placed = {id: place(frame, one.longitude, one.latitude) for id, one in sums.items()}
    return {id: [round(x), round(y)] for id, (x, y) in placed.items()}
