"""Pages of records: from the cache where nothing they show has changed, else rendered; then poured and staged."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import msgpack

from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records.fields import Plain
from participation.yamltext.reader import read_file
from site_builder.addresses import file
from site_builder.cards import Card
from site_builder.chronicle import TOLD, Chronicle
from site_builder.engine import Engine, Ready
from site_builder.fragments import Fragments
from site_builder.index import Index
from site_builder.links import Links
from site_builder.reading import card_of
from site_builder.releases import Page
from site_builder.results.voice import title_of
from site_builder.sources import Source
from site_builder.views import atom, events, records
from site_builder.views.common import Article

_AT_ONCE = 250  # articles kept in memory before they go to the cache
LEAK = _("Un texte marqué comme interne paraîtrait sur cette page.")
"""The one problem of a page that stops the whole build."""
HEAVIEST = 600_000  # bytes of one page; a heavier one is told
EVENT_FILE = "rendez-vous.ics"
PROJECT_CALENDAR = "agenda.ics"
BESIDE = {"event": (EVENT_FILE,), "project": (PROJECT_CALENDAR, atom.FILE)}
"""The names of the files that may lie beside a record's page."""
Write = Callable[[str, bytes, str], Page | None]
"""Stages the bytes of a file under a key; None when the same bytes are live already."""


@dataclass
class Rendered:
    """What rendering gave: the staged files, the links to check, the problems. It may come from another process."""

    pages: list[Page] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    there: set[str] = field(default_factory=set)
    """The other files that are as they should be, whether they had to be written or not: feeds beside pages, lists."""


class RecordPages:
    """Renders and stages the pages of records, for one process of a build."""

    def __init__(
        self,
        source: Source,
        engine: Engine,
        index: Index,
        write: Write,
        now: dt.datetime,
        salt: str,
        fragments: Fragments | None = None,
        markers: tuple[str, ...] = (),
        chronicle: Chronicle | None = None,
    ) -> None:
        self._source = source
        self._engine = engine
        self._index = index
        self._write = write
        self._now = now
        self._salt = salt.encode()
        self._fragments = fragments
        self._markers = markers
        self._chronicle = chronicle
        self._links = Links(engine.town.folder)
        self._digests: dict[str, bytes] = {}
        self._fresh: list[tuple[bytes, Ready]] = []
        self.rendered = Rendered(links=self._links.wanted)

    def make(self, cards: Iterable[Card], shown: Mapping[str, dict[str, Plain]]) -> None:
        """Stage the pages of these records too; `shown` holds the projections that are at hand."""
        missing: list[tuple[Card, bytes]] = []
        waiting: list[tuple[Card, bytes]] = []
        for card in cards:
            key = self._key(card)
            # What was just read is rendered: it is new, or under an embargo that the key knows nothing of.
            if card.id in shown:
                self._make(card, shown[card.id], key)
            else:
                waiting.append((card, key))
        known = self._fragments.articles(key for _card, key in waiting) if self._fragments and waiting else {}
        for card, key in waiting:
            if key in known:
                self._links.want(card.address, known[key].links)
                self._stage(card, known[key], key)
            else:
                missing.append((card, key))
        blobs = {card.path: card.blob for card, _key in missing}
        contents = dict(self._source.files(blobs)) if blobs else {}
        for card, key in missing:
            made = card_of(read_file(contents[card.path], card.path, card.blob).records[0], self._now, self._engine)
            if made is not None:
                self._make(card, made[1], key)

    def finish(self) -> Rendered:
        """What all of it gave, once the cache has it too."""
        self._keep()
        return self.rendered

    def _make(self, card: Card, shown: Mapping[str, Plain], key: bytes) -> None:
        one = self._render(card, shown)
        links = self._links.read(card.address, one.html)
        ready = self._engine.ready(card.address, one.title, one.description, one.html, one.head, links)
        self._fresh.append((key, ready))
        if len(self._fresh) >= _AT_ONCE:
            self._keep()
        self._stage(card, ready, key)

    def _keep(self) -> None:
        """Write the articles just made to the cache, and let go of them."""
        if self._fragments is not None and self._fresh:
            self._fragments.keep_articles(self._fresh)
        self._fresh.clear()

    def _render(self, card: Card, shown: Mapping[str, Plain]) -> Article:
        if card.type == "project":
            told = None if self._chronicle is None else self._chronicle.told(card.path)
            return records.project_page(self._engine, self._index, card, shown, told)
        if card.type == "idea":
            return records.idea_page(self._engine, self._index, card, shown)
        if card.type == "event":
            return events.event_page(self._engine, self._index, card, shown)
        return records.article_page(self._engine, self._index, card, shown)

    def _stage(self, card: Card, ready: Ready, key_bytes: bytes) -> None:
        key = key_bytes.hex()
        page = self._engine.poured(card.address, records.active_menu(card), ready)
        self._check(card, page)
        self._staged(self._write(file(card.address), page, key))
        for address, data in self._files(card):
            self.rendered.there.add(address)
            self._staged(self._write(address, data, key))

    def _files(self, card: Card) -> Iterator[tuple[str, bytes]]:
        """The files beside a record's page: address and bytes."""
        if card.type == "event":
            yield self._calendar(f"{card.address}{EVENT_FILE}", card, [card])
        if card.type == "project":
            around = [other for other in self._index.backlinks(card.id) if other.type == "event" and other.day]
            if around:
                yield self._calendar(f"{card.address}{PROJECT_CALENDAR}", card, around)
            if self._chronicle is not None:
                yield atom.of_record(self._engine, card, self._chronicle.told(card.path))

    def _calendar(self, address: str, card: Card, around: list[Card]) -> tuple[str, bytes]:
        said = self._index.rows(other.id for other in around)
        return address, events.feed(self._engine, around, said, card.title, address, page=card.address)

    def _staged(self, page: Page | None) -> None:
        if page is not None:
            self.rendered.pages.append(page)

    def _check(self, card: Card, page: bytes) -> None:
        for marker in self._markers:
            if marker.encode() in page:
                self.rendered.problems.append(Problem(LEAK, file=card.path))
        if len(page) > HEAVIEST:
            words = _("La page pèse %s\u00a0ko\u00a0: elle sera lente sur un téléphone.") % (len(page) // 1000)
            self.rendered.problems.append(Problem(words, file=card.path, severity=Severity.WARNING))

    def _key(self, card: Card) -> bytes:
        """The hash of everything the article shows: the record itself, and the cards of those around it."""
        made = hashlib.blake2b(self._salt, digest_size=16)
        made.update(card.path.encode() + b"\0" + card.blob.encode() + str(card.more.get("pictures", "")).encode())
        if self._chronicle is not None and card.type in TOLD:
            made.update(self._chronicle.key(card.path))
        if card.type == "project":
            made.update(self._engine.results.mark(card.edition, card.id, partial(title_of, self._index)))
        for id in card.refs:
            made.update(self._digest(self._index.card(id)))
        for other in self._index.backlinks(card.id):
            made.update(self._digest(other))
        return made.digest()

    def _digest(self, card: Card | None) -> bytes:
        if card is None:
            return b"-"
        known = self._digests.get(card.id)
        if known is None:
            known = self._digests[card.id] = hashlib.blake2b(msgpack.packb(tuple(card.face)), digest_size=12).digest()
        return known
