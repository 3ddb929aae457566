"""The public page of a record as it will be, from data that nobody has published: rendered in memory, written nowhere.

Shells, links and what stands around come from the last publication; only the record itself is new. What pages share
(zones, editions, the town's own texts) is made again around the new record, within the shells that are there.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from participation.records import Record
from participation.values import town_zone
from site_builder import addresses, law
from site_builder.build import Options
from site_builder.cards import Card
from site_builder.chronicle import Chronicle, Told
from site_builder.engine import Engine
from site_builder.freshness import code_key
from site_builder.index import Index, open_index
from site_builder.look import Look
from site_builder.part import Part, own_file
from site_builder.people import NOBODY, digests
from site_builder.reading import card_of, with_pictures
from site_builder.releases import Site
from site_builder.shells import ShellSet
from site_builder.sources import GitSource, listed
from site_builder.targets import SiteTarget
from site_builder.town import SHARED_TYPES
from site_builder.underway import Underway
from site_builder.views import events, front, records, zones
from site_builder.views.common import Article

TYPES = frozenset({"idea", "project", "event", "article", "page", "edition", "zone"})
"""The types of records that have a page of their own."""
_RECORDS = frozenset(TYPES - SHARED_TYPES)


@dataclass(frozen=True, slots=True)
class Preview:
    """A page in one language, as it would go live: its address from the root of the site, its bytes."""

    language: str
    address: str
    html: bytes


@dataclass(frozen=True, slots=True)
class _Ready:
    """What renders the site as it was last published; kept until another publication, day or label."""

    key: tuple[str, ...]
    parts: Sequence[Part]
    source: GitSource
    known: Mapping[str, str]


class Previewer:
    """Previews of one site; made once per process, used by its threads."""

    def __init__(self, content: Path, site: Path, templates: Path | None = None) -> None:
        self._content = content
        self._site = site
        self._templates = templates
        self._guard = threading.Lock()
        self._ready: _Ready | None = None

    def pages(self, record: Record, now: dt.datetime, people: Mapping[str, str] = NOBODY) -> list[Preview] | None:
        """The page of `record` in each language of the site, the main one first; [] when nothing of it shows at `now`.

        None while the site was never published: there is nothing to show a page in. Raises what a build raises.
        """
        options = Options(now, self._site / "cache", templates=self._templates, people=people)
        with Site.open(self._site) as place:
            target = SiteTarget(place, now, "", "")
            ready = self._made_ready(target, options)
            if ready is None:
                return None
            parts = ready.parts
            if record.type_name in SHARED_TYPES:
                around = _Around(record, ready, target, options)
                around.look_at_everything(ready.known)
                parts = around.parts
            made = (_page(part, record, now, target.index_file(), ready.source, options) for part in parts)
            return [one for one in made if one is not None]

    def asset(self, address: str, now: dt.datetime, people: Mapping[str, str] = NOBODY) -> Path | None:
        """A file that pages of today call for, which the live site may not have yet: a new look, another version."""
        options = Options(now, self._site / "cache", templates=self._templates, people=people)
        with Site.open(self._site) as place:
            ready = self._made_ready(SiteTarget(place, now, "", ""), options)
        return None if ready is None else ready.parts[0].engine.shells.assets.get(address)

    def _made_ready(self, target: SiteTarget, options: Options) -> _Ready | None:
        with closing(open_index(target.index_file())) as connection:
            index = Index(connection)
            index.prepare()
            known = index.remembered()
        if not known.get("source"):
            return None
        town_day = options.now.astimezone(town_zone()).date().isoformat()
        named = listed(digests(options.people))
        key = (known["source"], known.get("mark", ""), town_day, code_key(options.theme, options.templates), named)
        with self._guard:
            if self._ready is None or self._ready.key != key:
                source = GitSource(self._content, known["source"])
                looking = Underway(source, target, options)
                looking.look_at_everything(known)
                self._ready = _Ready(key, looking.parts, source, known)
            return self._ready


class _Around(Underway):
    """What pages share, with one record in place of the published one, in the shells that are there."""

    def __init__(self, record: Record, ready: _Ready, target: SiteTarget, options: Options) -> None:
        super().__init__(ready.source, target, options)
        self._record = record
        self._kept = ready.parts[0].engine.shells

    def make_shells(self, looks: list[Look]) -> ShellSet:
        """The published ones: to make others takes seconds."""
        return self._kept

    def shown(self, shared: list[Record]) -> list[Record]:
        """With the record instead of the published one."""
        own = (self._record.type_name, self._record.id)
        return [*(one for one in shared if (one.type_name, one.id) != own), self._record]


def _page(
    part: Part, record: Record, now: dt.datetime, index_file: Path, source: GitSource, options: Options
) -> Preview | None:
    engine = part.engine
    with closing(open_index(own_file(index_file, part.folder))) as connection:
        index = Index(connection)
        index.prepare()
        if record.type_name in _RECORDS:
            made = card_of(record, now, engine)
            if made is None:
                return None
            card, _unseen = with_pictures(engine, made[0], record)
            told = _journal(part, source, options, card) if card.type == "project" else None
            article = _ARTICLES[card.type](engine, index, card, made[1], told)
            address, active = card.address, records.active_menu(card)
        else:
            found = _shared(part, index, record)
            if found is None:
                return None
            address, active, article = found
    html = engine.page(address, active, article.title, article.description, article.html, article.head)
    return Preview(engine.lang, part.folder + address, html)


def _journal(part: Part, source: GitSource, options: Options, card: Card) -> list[Told]:
    """What publications have changed in the record until now."""
    file = own_file(options.cache / "chronicle.sqlite", part.folder)
    with closing(Chronicle(source.repository, source.commit, file, part.engine, options.theme)) as chronicle:
        return chronicle.told(card.path)


_ARTICLES: dict[str, Callable[[Engine, Index, Card, Mapping[str, Any], list[Told] | None], Article]] = {
    "project": records.project_page,
    "idea": lambda engine, index, card, shown, _told: records.idea_page(engine, index, card, shown),
    "event": lambda engine, index, card, shown, _told: events.event_page(engine, index, card, shown),
    "article": lambda engine, index, card, shown, _told: records.article_page(engine, index, card, shown),
}


def _shared(part: Part, index: Index, record: Record) -> tuple[str, str, Article] | None:
    """Address, entry of the menu and article of a record that pages share; None when it does not show."""
    engine, id = part.engine, record.id
    if record.type_name == "edition" and id in engine.town.editions:
        return addresses.of_record("edition", id), addresses.EDITIONS, front.edition_page(engine, index, id)
    if record.type_name == "zone" and id in engine.town.zones:
        return addresses.of_zone(id), addresses.ZONES, zones.zone_page(engine, index, id)
    if record.type_name == "page":
        texts = [*part.texts, *([engine.eco] if engine.eco and id == law.ECO else [])]
        for card, shown in texts:
            if card.id == id:
                return card.address, card.address, records.text_page(engine, card, shown)
    return None
