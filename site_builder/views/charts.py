"""Which charts stand on a page and what they say; None where there is nothing to show. Drawing is in `charts`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from participation import wording
from participation.messages import mark as _
from site_builder import charts
from site_builder.addresses import CATALOGUES, slug
from site_builder.charts import Part
from site_builder.engine import Engine
from site_builder.index import Index
from site_builder.measures import Sum
from site_builder.stages import STAGES, WON
from site_builder.tallies import Course, course, money, total, zone_stages
from site_builder.views.catalogue import List

UNKNOWN = _("non connu")
_MONEY = (("voted", "third", _("Voté")), ("committed", "second", _("Engagé")), ("paid", "first", _("Payé")))
_WON_STAGES = [stage for stage in STAGES["project"] if stage.code in WON]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with the bar that shows it; `href` leads to what it counts, "" when no list holds just that."""

    words: str
    value: str
    bar: Markup = field(default_factory=Markup)
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a chart: its label, and one or several figures."""

    label: str
    figures: list[Figure]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with the table behind it: the first cell of each line of the table is its head."""

    id: str
    title: str
    rows: list[Row]
    columns: list[str]
    table: list[list[str]]
    lead: str = ""
    notes: list[str] = field(default_factory=list)
    legend: list[tuple[Markup, str]] = field(default_factory=list)
    money: bool = False
    """Whether its figures are amounts, which take more room."""


def of_edition(engine: Engine, index: Index, id: str, base: str) -> list[Chart]:
    """The charts of one edition."""
    made = (funnel(engine, index, id, base), by_theme(engine, index, id, base), by_zone(engine, index, id, base))
    return [chart for chart in made if chart is not None]


def funnel(engine: Engine, index: Index, id: str, base: str) -> Chart | None:
    """From the ideas received to the projects delivered."""
    translate = engine.translate
    found = course(index, id, engine.town.editions[id])
    labels = [
        translate(words)
        for words in (
            _("Idées reçues"),
            _("Idées recevables"),
            _("Idées passées à l’étude"),
            _("Projets soumis au vote"),
            _("Projets lauréats"),
            _("Projets livrés"),
        )
    ]
    if sum(step is not None for step in found.steps) < 2:
        return None
    most = max(step or 0 for step in found.steps)
    links = _funnel_links(engine, found, id, base)
    rows, table = [], []
    for label, value, href, family in zip(labels, found.steps, links, ["second"] * 3 + ["first"] * 3, strict=True):
        said = translate(UNKNOWN) if value is None else engine.number(value)
        if value is not None:
            rows.append(Row(label, [Figure("", said, charts.bar([Part(value, family, "")], most), href)]))
        table.append([label, said])
    unknown = [label.lower() for label, step in zip(labels, found.steps, strict=True) if step is None]
    notes = [translate(_("Non connu\u00a0: %s.")) % wording.listing(unknown, engine.lang)] if unknown else []
    if found.received and 0 < found.listed < found.received:
        words = translate(_("%(shown)s des %(all)s idées reçues ont une page ici."))
        notes.append(words % {"shown": engine.number(found.listed), "all": engine.number(found.received)})
    return Chart(
        "parcours",
        translate(_("De l’idée à la livraison")),
        rows,
        [translate(_("Étape")), translate(_("Nombre"))],
        table,
        translate(_("Plusieurs idées proches peuvent former un seul projet.")) if found.received else "",
        notes,
    )


def by_theme(engine: Engine, index: Index, id: str, base: str) -> Chart | None:
    """What was voted, ordered and paid for the chosen projects, by theme."""
    translate, town = engine.translate, engine.town
    found = money(index, id)
    every = total(found)
    used = [(name, family, words) for name, family, words in _MONEY if getattr(every, name).cents]
    if not used:
        return None
    currency = town.editions[id].get("currency", town.currency)

    def said(amount: Sum, of: int) -> str:
        return sum_words(engine, amount, of, currency)

    several = len(used) > 1
    rows, table = [], []
    # The dearest first; equal ones by their words, so that the order never depends on the database.
    dearest = {row.theme: max(getattr(row, name).cents for name, _family, _words in used) for row in found}
    most = max(dearest.values())
    for row in sorted(found, key=lambda row: (-dearest[row.theme], slug(_theme(engine, row.theme)), row.theme)):
        label = _theme(engine, row.theme)
        amounts: list[tuple[str, str, Sum]] = [(family, words, getattr(row, name)) for name, family, words in used]
        figures = [
            Figure(
                translate(words) if several else "",
                said(amount, row.projects),
                charts.bar([Part(amount.cents, family, "")], most),
            )
            for family, words, amount in amounts
            if amount.known or not several
        ] or [Figure(translate(used[0][2]), translate(UNKNOWN))]
        href = _part_of_list(base, "project", id, {"theme": [row.theme]}) if row.theme else ""
        rows.append(Row(label, figures, href))
        table.append([label, *(said(amount, row.projects) for _family, _words, amount in amounts)])
    table.append([translate(_("Total")), *(said(getattr(every, name), every.projects) for name, _f, _w in used)])
    notes = [
        translate(_("%(kind)s\u00a0: montant connu pour %(known)s."))
        % {"kind": translate(words), "known": known_of(engine, getattr(every, name).known, every.projects)}
        for name, _family, words in used
        if getattr(every, name).known < every.projects
    ]
    lead = translate(_("Projets lauréats, y compris les projets suspendus ou abandonnés."))
    return Chart(
        "argent-par-theme",
        translate(_("L’argent par thème")),
        rows,
        [translate(_("Thème")), *(translate(words) for _name, _family, words in used)],
        table,
        lead if several else f"{translate(used[0][2])}. {lead}",
        notes,
        [(charts.swatch(family), translate(words)) for _name, family, words in used] if several else [],
        money=True,
    )


def by_zone(engine: Engine, index: Index, id: str, base: str) -> Chart | None:
    """How far the chosen projects have come in each zone."""
    translate, town = engine.translate, engine.town
    found = zone_stages(index, id)
    if not any(found) or len(found) < 2:
        return None
    used = [stage for stage in _WON_STAGES if any(stage.code in of for of in found.values())]
    most = max(sum(of.values()) for of in found.values())
    rows, table = [], []
    for zone in sorted(found, key=lambda zone: (zone == "", natural(town.zone(zone)), zone)):
        label = town.zone(zone) if zone else translate(_("Tout le territoire ou lieu non précisé"))
        href = _part_of_list(base, "project", id, {"quartier": [zone]}) if zone else ""
        parts = [
            Part(found[zone][stage.code], stage.family, _stage_words(engine, stage.words, found[zone][stage.code]))
            for stage in used
            if stage.code in found[zone]
        ]
        sum_ = sum(part.value for part in parts)
        rows.append(Row(label, [Figure("", engine.number(sum_), charts.bar(parts, most, numbers=True))], href))
        table.append([label, *(engine.number(found[zone].get(stage.code, 0)) for stage in used), engine.number(sum_)])
    return Chart(
        "etats-par-quartier",
        translate(_("Les projets lauréats par lieu")),
        rows,
        [town.zone_word, *(translate(stage.words) for stage in used), translate(_("Total"))],
        table,
        legend=[(charts.swatch(stage.family), translate(stage.words)) for stage in used],
    )


def in_one_bar(engine: Engine, stages: Iterable[Mapping[str, Any]]) -> Markup:
    """All stages of a list as one bar, over the legend that the page has anyway; "" for a single stage."""
    parts = [Part(one["count"], one["family"], _stage_words(engine, one["words"], one["count"])) for one in stages]
    return charts.bar(parts, sum(part.value for part in parts), numbers=True) if len(parts) > 1 else Markup()


def _funnel_links(engine: Engine, found: Course, id: str, base: str) -> list[str]:
    """Where each figure leads: only to a list that holds what it counts."""
    ideas = base + List("idea", "edition", id).address(engine) if found.listed else ""
    projects = base + List("project", "edition", id).address(engine) if found.projects else ""
    return [
        ideas if found.listed == found.received else "",
        "",
        "",
        projects if found.projects == found.ballot else "",
        _part_of_list(base, "project", id, {"etat": list(WON)}) if found.chosen else "",
        _part_of_list(base, "project", id, {"etat": ["delivered"]}) if found.delivered else "",
    ]


def _part_of_list(base: str, type_name: str, edition: str, choices: Mapping[str, list[str]]) -> str:
    """An edition's list, narrowed by the filters that script makes of its address; without script, the whole list."""
    query = urlencode({"edition": edition, **choices}, doseq=True)
    return f"{base}{CATALOGUES[type_name]}edition/{slug(edition)}/?{query}"


def sum_words(engine: Engine, amount: Sum, of: int, currency: str) -> str:
    """`45 000 €`, with the number of projects it is known for where that is not all of them."""
    if not amount.known:
        return engine.translate(UNKNOWN)
    words = wording.money(Decimal(amount.cents) / 100, engine.lang, currency)
    return words if amount.known == of else f"{words} ({known_of(engine, amount.known, of)})"


def known_of(engine: Engine, known: int, of: int) -> str:
    """`12 projets sur 15`."""
    words = engine.translate(_("%(known)s projets sur %(of)s") if known > 1 else _("%(known)s projet sur %(of)s"))
    return words % {"known": engine.number(known), "of": engine.number(of)}


def _theme(engine: Engine, id: str) -> str:
    return engine.town.theme(id) if id else engine.translate(_("Sans thème"))


def natural(words: str) -> list[tuple[int, str]]:
    """A key of order: `2e arrondissement` comes before `10e arrondissement`."""
    return [(int(part), "") if part.isdigit() else (0, slug(part)) for part in re.split(r"(\d+)", words) if part]


def _stage_words(engine: Engine, words: str, count: int) -> str:
    said = {"label": engine.translate(words), "value": engine.number(count)}
    return engine.translate(_("%(label)s\u00a0: %(value)s")) % said
