"""The catalogues of projects and of ideas: every list that a record stands in, cut into pages.

A list is asked of the index as identifiers and digests; only the pages whose digests changed are rendered.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from participation.messages import mark as _
from site_builder.addresses import CATALOGUES, depth, paged, slug
from site_builder.cards import Card
from site_builder.engine import Engine
from site_builder.index import Index, Member
from site_builder.stages import STAGES, stage_of
from site_builder.tongues import filled
from site_builder.views import filters, plans
from site_builder.views.common import BASE_MARK, Article

PER_PAGE = 50

_HEADINGS = {"project": _("Les projets"), "idea": _("Les idées")}
_LEADS = {
    "project": _("Choisis par les habitants, suivis du vote à la livraison."),
    "idea": _("Ce que les habitants ont proposé, et ce qu’il en est advenu."),
}
_NOUNS = {"project": (_("projet"), _("projets")), "idea": (_("idée"), _("idées"))}
_EMPTY = {
    "project": _("Aucun projet ici pour le moment. Ils paraissent quand le vote est ouvert."),
    "idea": _("Aucune idée ici pour le moment."),
}
# Facet of the index -> the folder that its lists lie in.
_STAGES = {(type_name, stage.code): stage.words for type_name, stages in STAGES.items() for stage in stages}
FOLDERS = {"edition": "edition", "theme": "theme", "zone": "quartier", "stage": "etat"}


@dataclass(frozen=True, slots=True)
class List:
    """One list of a catalogue: the whole of a type, or one value of a facet."""

    type: str
    facet: str = ""
    value: str = ""

    def address(self, engine: Engine) -> str:
        """Where its first page lies."""
        if not self.facet:
            return CATALOGUES[self.type]
        # In every language the same: the words that the code is written in.
        words = _STAGES[self.type, self.value] if self.facet == "stage" else self.value
        return f"{CATALOGUES[self.type]}{FOLDERS[self.facet]}/{slug(words)}/"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list: where it lies, what it was made from, and what is on it."""

    address: str
    key: str
    number: int
    members: list[Member]
    plan: str


def lists_of(card: Card) -> list[List]:
    """Every list that a record stands in."""
    if card.type not in CATALOGUES:
        return []
    values = {"edition": card.edition, "theme": card.theme, "zone": card.zone, "stage": stage_of(card.type, card.state)}
    return [List(card.type), *(List(card.type, facet, value) for facet, value in values.items() if value)]


def all_lists(index: Index, type_name: str) -> list[List]:
    """Every list of a catalogue."""
    return [
        List(type_name),
        *(List(type_name, facet, value) for facet in FOLDERS for value in sorted(index.counts(type_name, facet))),
    ]


def sheets(engine: Engine, index: Index, of: List, salt: str) -> Iterator[Sheet]:
    """The pages of a list with the key of each; `salt` is what all pages depend on besides their records."""
    members = index.members(of.type, of.facet, of.value)
    if not members and of.facet:
        return
    address = of.address(engine)
    pages = max(1, -(-len(members) // PER_PAGE))
    facets = _facets(engine, index, of)
    plan = plans.overview(engine, index, "../" * depth(address), of.type, of.facet, of.value)
    for number in range(1, pages + 1):
        on_it = members[(number - 1) * PER_PAGE : number * PER_PAGE]
        made = hashlib.blake2b(f"{salt}{len(members)}".encode(), digest_size=16)
        if number == 1:  # the others have no filters: a change elsewhere leaves the two hundred of them as they are
            made.update(repr(facets).encode() + plan.encode())
        for member in on_it:
            made.update(member.digest)
        yield Sheet(paged(address, number), made.hexdigest(), number, on_it, plan if number == 1 else "")


def sheet_page(engine: Engine, index: Index, of: List, sheet: Sheet, total: int) -> Article:
    """One page of a list."""
    translate = engine.translate
    base = "../" * depth(sheet.address)
    first = of.address(engine)
    pages = max(1, -(-total // PER_PAGE))
    start = (sheet.number - 1) * PER_PAGE + 1
    whole = translate(_HEADINGS[of.type])
    name = _name(engine, of)
    parts = {"label": whole, "value": name}
    heading = filled(translate(_("%(label)s\u00a0: %(value)s")), parts) if name else whole
    title = translate(_("%(label)s\u00a0: %(value)s")) % parts if name else whole
    range_words = translate(_("%(first)s à %(last)s sur %(total)s")) % {
        "first": start,
        "last": start + len(sheet.members) - 1,
        "total": engine.number(total),
    }
    crumbs = [(whole, CATALOGUES[of.type])] if of.facet else []
    here = name or whole
    if sheet.number > 1:
        crumbs.append((here, first))
        here = range_words
    noun, noun_many = (translate(word) for word in _NOUNS[of.type])
    html = engine.render(
        "catalogue.html",
        base=base,
        crumbs=crumbs,
        here=here,
        heading=heading,
        lead=translate(_LEADS[of.type]) if not of.facet and sheet.number == 1 else "",
        facets=_facets(engine, index, of) if sheet.number == 1 else [],
        first=first,
        all=CATALOGUES[of.type],
        filtered=bool(of.facet),
        plan=Markup(sheet.plan),  # noqa: S704  # escaped where it is drawn
        total=total,
        noun=noun,
        noun_many=noun_many,
        start=start,
        rows=[Markup(row.replace(BASE_MARK, base)) for row in index.rows(one.id for one in sheet.members)],  # noqa: S704  # rendered with escaping
        empty=translate(_EMPTY[of.type]),
        pages=pages,
        range_words=range_words,
        previous=paged(first, sheet.number - 1) if sheet.number > 1 else None,
        next=paged(first, sheet.number + 1) if sheet.number < pages else None,
    )
    title = title if sheet.number == 1 else f"{title}, {range_words}"
    head = filters.head(engine, of.type, base, of.facet, of.value) if sheet.number == 1 else ""
    return Article(title, translate(_LEADS[of.type]), html, head)


def _name(engine: Engine, of: List) -> str:
    town = engine.town
    if of.facet == "edition":
        return town.edition(of.value)
    if of.facet == "zone":
        return town.zone(of.value)
    if of.facet == "theme":
        return town.theme(of.value)
    return next((engine.translate(one.words) for one in STAGES[of.type] if one.code == of.value), "")


def _facets(engine: Engine, index: Index, of: List) -> list[dict[str, Any]]:
    """The facets with their values, in the order in which people ask: stage, edition, zone, theme.

    Only the whole catalogue counts. On a filtered list the counts would be those of the whole, not of the list, and
    every change of any record would make the first pages of all lists again.
    """
    town = engine.town
    labels = {
        "stage": engine.translate(_("État")),
        "edition": engine.translate(_("Édition")),
        "zone": town.zone_word,
        "theme": engine.translate(_("Thème")),
    }
    found = []
    for facet, label in labels.items():
        counts = index.counts(of.type, facet)
        values = [one.code for one in STAGES[of.type] if one.code in counts] if facet == "stage" else list(counts)
        entries = [
            {
                "value": value,
                "words": _name(engine, one),
                "count": 0 if of.facet else counts[value],
                "address": one.address(engine),
                "here": (of.facet, of.value) == (facet, value),
            }
            for value in values
            for one in [List(of.type, facet, value)]
        ]
        if facet != "stage":
            entries.sort(key=lambda entry: _as_counted(str(entry["words"])), reverse=facet == "edition")
        if entries:
            found.append({"code": facet, "label": label, "entries": entries})
    return found


def _as_counted(words: str) -> list[tuple[bool, int, str]]:
    """A key that sorts as people count: 2e before 10e, École before Fontaine."""
    parts = re.findall(r"\d+|\D+", slug(words))
    return [(False, int(part), "") if part.isdecimal() else (True, 0, part) for part in parts]
