"""The pages that look at many records: catalogues, calendar, feeds, editions, news, home, site maps.

Asked only of the index. A change names the records it touched, and only the pages they stand on are made again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from site_builder import law, shells
from site_builder.addresses import (
    AGENDA,
    CATALOGUES,
    EDITIONS,
    NEWS,
    PROJECTS,
    SEARCH,
    ZONES,
    file,
    of_record,
    of_zone,
    paged,
    slug,
)
from site_builder.cards import FAR, Card, first_day
from site_builder.engine import Engine, Ready
from site_builder.fragments import Fragments
from site_builder.index import Index
from site_builder.links import Links
from site_builder.measures import measures_of
from site_builder.pages import Rendered, Write
from site_builder.results.names import of_recount, of_results
from site_builder.results.page import results_page
from site_builder.results.recount import recount_page
from site_builder.views import atom, catalogue, events, filters, front, subscriptions, zones
from site_builder.views.common import Article
from site_builder.views.subscriptions import Group

FEED = f"{AGENDA}agenda.ics"
SITE_MAPS = "plan-du-site/"


@dataclass(frozen=True, slots=True)
class Change:
    """A record before and after; None where it was not, or is no more, public."""

    before: Card | None
    after: Card | None

    @property
    def shows(self) -> bool:
        """True when other pages may show something of it."""
        return self.before is None or self.after is None or self.before.face != self.after.face

    @property
    def counts(self) -> bool:
        """True when figures of its edition may change."""
        if self.before is None or self.after is None:
            return True
        before, after = (
            (card.state, card.zone, card.theme, card.edition, measures_of(card.more))
            for card in (self.before, self.after)
        )
        return before != after

    @property
    def cards(self) -> list[Card]:
        """The cards there are."""
        return [card for card in (self.before, self.after) if card is not None]


class Wholes:
    """Makes the pages that gather records; `key_of` tells the key under which an address is live."""

    def __init__(
        self,
        engine: Engine,
        index: Index,
        write: Write,
        salt: str,
        key_of: Callable[[str], str | None],
        fragments: Fragments | None = None,
    ) -> None:
        self._engine = engine
        self._index = index
        self._write = write
        self._salt = salt
        self._key_of = key_of
        self._fragments = fragments
        self._links = Links(engine.town.folder)
        self._totals: dict[catalogue.List, int] = {}  # of the lists made now
        self.rendered = Rendered(links=self._links.wanted)

    def lists(self) -> list[catalogue.List]:
        """Every list of the catalogues, for `make`; the longest come first."""
        return [one for type_name in CATALOGUES for one in catalogue.all_lists(self._index, type_name)]

    def all_but_lists(self) -> None:
        """Every page of this kind that is none of `lists`."""
        for type_name in CATALOGUES:
            self._filters(type_name, self._index.counts(type_name, "edition"))
        for month in events.months_shown(self._engine, self._index):
            self._month(*month)
        self._news()
        for id in self._engine.town.editions:
            self._edition(id)
            self._results(id)
        self._agenda(None)
        self._zones(self._engine.town.zones)
        self._site_maps()
        self._page(SEARCH, SEARCH, front.search_page(self._engine))
        self._missing()
        self._home()
        self._page(EDITIONS, EDITIONS, front.editions_page(self._engine, self._index))

    def changed(self, changes: Iterable[Change]) -> None:
        """The pages on which these records stand or stood."""
        changes = [change for change in changes if change.shows]
        lists: dict[catalogue.List, None] = {}
        types = set()
        editions = set()
        moved = False
        for change in changes:
            moved |= change.before is None or change.after is None
            for card in change.cards:
                types.add(card.type)
                editions.add(card.edition)
                lists |= dict.fromkeys(catalogue.lists_of(card))
        for type_name in sorted(types & set(CATALOGUES)):
            if self._new_choices(type_name, changes):
                lists |= dict.fromkeys(catalogue.all_lists(self._index, type_name))
        for one in lists:
            self.make(one)
        for type_name in sorted(types & set(CATALOGUES)):
            cards = [card for change in changes for card in change.cards if card.type == type_name]
            self._filters(type_name, {card.edition for card in cards})
        if "event" in types:
            self._months(changes)
        if "article" in types:
            self._news()
        if "event" in types:
            self._agenda(_groups(changes))
        # The page of an edition also compares it with those before it: only figures of theirs.
        counted = {card.edition for change in changes if change.counts for card in change.cards} - {""}
        first = min(counted, default="~")
        for id in self._engine.town.editions:
            if id in editions or id >= first:
                self._edition(id)
            if id in editions:
                self._results(id)
        if touched := {card.zone for change in changes for card in change.cards if card.zone}:
            self._zones(touched)
        if moved:
            self._site_maps()
            self._page(EDITIONS, EDITIONS, front.editions_page(self._engine, self._index))
        if changes:
            self._home()

    def vanished(self, changes: Iterable[Change]) -> list[str]:
        """The files of lists, months and site maps that these changes may have emptied and that are not made now."""
        found: dict[str, None] = {}
        lists: dict[catalogue.List, None] = {}
        cards = [change.before for change in changes if change.before is not None and change.shows]
        taking_place = [card for card in cards if card.type == "event"]
        if taking_place:
            horizon = self._horizon(taking_place)
            months = {month for card in taking_place for month in events.months_of(self._engine, card, horizon)}
            found |= dict.fromkeys(file(events.month_address(*month)) for month in sorted(months))
            for group in {group for card in taking_place for group in subscriptions.groups_of(card)}:
                found |= dict.fromkeys((file(group.address(self._engine)), group.feed(self._engine)))
        for card in cards:
            lists |= dict.fromkeys(catalogue.lists_of(card))
            if card.type in CATALOGUES and card.edition not in self._index.counts(card.type, "edition"):
                found[filters.record_file(card.type, card.edition)] = None
                found[f"{SITE_MAPS}{CATALOGUES[card.type].strip('/')}-{slug(card.edition)}.xml"] = None
        for one in lists:
            length = -(-self._totals.get(one, 0) // catalogue.PER_PAGE)
            found |= dict.fromkeys(self._beyond(one.address(self._engine), length))
        if any(card.type == "article" for card in cards):
            found |= dict.fromkeys(self._beyond(NEWS, -(-self._index.count("article") // front.NEWS_PER_PAGE)))
        return [address for address in found if address not in self.rendered.there]

    def _beyond(self, first: str, pages: int) -> Iterable[str]:
        """The files of a list's pages that are live after its last one."""
        number = pages + 1
        while self._key_of(address := file(paged(first, number))) is not None:
            yield address
            number += 1

    def _new_choices(self, type_name: str, changes: Iterable[Change]) -> bool:
        """True when a list came into being or vanished: the filters of every list name all lists."""
        moves: Counter[catalogue.List] = Counter()
        for change in changes:
            if change.before is not None:
                moves.subtract(catalogue.lists_of(change.before))
            if change.after is not None:
                moves.update(catalogue.lists_of(change.after))
        for one, balance in moves.items():
            if one.type == type_name and one.facet and balance:
                now = self._index.counts(one.type, one.facet).get(one.value, 0)
                if not now or now == balance:
                    return True
        return False

    def _months(self, changes: Iterable[Change]) -> None:
        """The months in which events took or take place."""
        cards = [card for change in changes for card in change.cards if card.type == "event"]
        horizon = self._horizon(cards)
        months = {month for card in cards for month in events.months_of(self._engine, card, horizon)}
        shown = events.months_shown(self._engine, self._index)
        # A month that gains its page, or loses it, changes the arrows of its neighbours.
        around = {at for month in months for at in _around(shown, month)}
        for month in sorted(around & set(shown)):
            self._month(*month)

    def _horizon(self, cards: Iterable[Card]) -> dt.date:
        """The last day that a month with a page may have, or have had before these records changed."""
        year, month = events.months_shown(self._engine, self._index)[0]
        days = [dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1), events.horizon(self._engine)]
        days += [day for card in cards if card.last_day != FAR and (day := first_day(card.last_day)) is not None]
        return max(days)

    def _home(self) -> None:
        """The page that tells of everything."""
        self._page("", "", front.home_page(self._engine, self._index))

    def make(self, one: catalogue.List) -> None:
        """The pages of a list, from the cache where nothing on them has changed."""
        made = list(catalogue.sheets(self._engine, self._index, one, self._salt))
        total = self._totals[one] = sum(len(sheet.members) for sheet in made)
        stale = []
        for sheet in made:
            self.rendered.there.add(file(sheet.address))
            if self._key_of(file(sheet.address)) != sheet.key:
                stale.append((sheet, hashlib.blake2b((sheet.address + sheet.key).encode(), digest_size=16).digest()))
        known = self._fragments.articles(key for _sheet, key in stale) if self._fragments else {}
        fresh = []
        for sheet, key in stale:
            ready = known.get(key)
            if ready is None:
                ready = self._ready(sheet.address, catalogue.sheet_page(self._engine, self._index, one, sheet, total))
                fresh.append((key, ready))
            else:
                self._links.want(sheet.address, ready.links)
            self._file(file(sheet.address), self._engine.poured(sheet.address, CATALOGUES[one.type], ready), sheet.key)
        if self._fragments and fresh:
            self._fragments.keep_articles(fresh)

    def _month(self, year: int, month: int) -> None:
        article = events.month_page(self._engine, self._index, year, month)
        self._page(events.month_address(year, month), AGENDA, article)

    def _news(self) -> None:
        for address, article in front.news_pages(self._engine, self._index).items():
            self._page(address, NEWS, article)
        self._file(atom.NEWS_FEED, atom.news(self._engine, self._index))

    def _filters(self, type_name: str, editions: Iterable[str]) -> None:
        """What filters in the browser read: the records of these editions, and what their codes mean."""
        for edition in sorted(set(editions) & set(self._index.counts(type_name, "edition"))):
            self._file(filters.record_file(type_name, edition), filters.records(self._index, type_name, edition))
        self._file(filters.meaning_file(type_name), filters.meanings(self._engine, self._index, type_name))

    def _zones(self, touched: Iterable[str]) -> None:
        """The list of the zones, and the pages of those touched."""
        town = self._engine.town
        if not town.zones:
            return
        self._page(ZONES, ZONES, zones.zones_page(self._engine, self._index))
        for id in sorted(set(touched) & set(town.zones)):
            self._page(of_zone(id), ZONES, zones.zone_page(self._engine, self._index, id))

    def _edition(self, id: str) -> None:
        self._page(of_record("edition", id), EDITIONS, front.edition_page(self._engine, self._index, id))

    def _results(self, id: str) -> None:
        if self._engine.results.of(id) is None:
            return
        self._page(of_results(id), EDITIONS, results_page(self._engine, self._index, id))
        self._page(of_recount(id), EDITIONS, recount_page(self._engine, id))

    def _agenda(self, touched: set[Group] | None) -> None:
        """The agenda's first page and the whole feed, and the page and feed of each group touched (None: all)."""
        engine, index = self._engine, self._index
        cards = index.cards("event")
        texts = dict(zip((card.id for card in cards), index.rows(card.id for card in cards), strict=True))
        groups = subscriptions.all_groups(engine, cards)
        choices = subscriptions.menu(engine, groups)
        self._page(AGENDA, AGENDA, events.agenda_page(engine, index, choices))
        self._file(FEED, events.feed(engine, cards, texts.values(), events.calendar_name(engine), FEED, page=AGENDA))
        for group, members in groups.items():
            if touched is None or group in touched:
                self._page(group.address(engine), AGENDA, subscriptions.group_page(engine, index, group))
                said = [texts[card.id] for card in members]
                self._file(group.feed(engine), subscriptions.group_feed(engine, group, members, said))

    def _site_maps(self) -> None:
        town, index = self._engine.town, self._index
        if not town.folder:  # one file for all languages, as robots ask for it
            self._file("robots.txt", self._robots())
        if not town.url:
            return
        maps = []
        parts = [(name, edition) for name in CATALOGUES for edition in sorted(index.counts(name, "edition"))]
        others = ["", PROJECTS, "idees/", AGENDA, NEWS, EDITIONS, "donnees/", law.ECO_ADDRESS]
        others += [of_record("page", id) for id in town.law_pages if id != law.ECO]
        others += [of_record("edition", id) for id in town.editions]
        others += [of_results(id) for id in town.editions if self._engine.results.of(id)]
        others += [ZONES, *map(of_zone, town.zones)] if town.zones else []
        others += [of_record(name, card.id) for name in ("event", "article", "page") for card in index.cards(name)]
        self._file(f"{SITE_MAPS}pages.xml", front.site_map(town, others))
        maps.append(f"{SITE_MAPS}pages.xml")
        for name, edition in parts:
            address = f"{SITE_MAPS}{CATALOGUES[name].strip('/')}-{slug(edition)}.xml"
            ids = index.addresses(name, edition)
            self._file(address, front.site_map(town, [of_record(name, id) for id in ids]))
            maps.append(address)
        if not town.folder:
            every = [f"{town.site_url}/{folder}{address}" for _code, folder in town.tongues for address in maps]
            self._file("sitemap.xml", front.site_map_index(every))

    def _robots(self) -> bytes:
        lines = ["User-agent: *", "Allow: /"]
        lines += [f"Sitemap: {self._engine.town.url}/sitemap.xml"] if self._engine.town.url else []
        return "\n".join([*lines, ""]).encode()

    def _missing(self) -> None:
        engine = self._engine
        shell = engine.shells.shell(shells.ABSOLUTE, None, engine.lang)
        one = front.missing_page(engine, shell.base)
        page = shell.pour(engine.full_title(one.title), one.head.encode(), one.html.encode())
        self._file("404.html", page)

    def _page(self, address: str, active: str, article: Article) -> None:
        self._file(file(address), self._engine.poured(address, active, self._ready(address, article)))

    def _ready(self, address: str, one: Article) -> Ready:
        links = self._links.read(address, one.html)
        return self._engine.ready(address, one.title, one.description, one.html, one.head, links)

    def _file(self, address: str, data: bytes, key: str = "") -> None:
        self.rendered.there.add(address)
        page = self._write(address, data, key or hashlib.blake2b(data, digest_size=16).hexdigest())
        if page is not None:
            self.rendered.pages.append(page)


def _groups(changes: Iterable[Change]) -> set[Group]:
    """The groups of the calendar that changed events are or were in."""
    cards = [card for change in changes for card in change.cards if card.type == "event"]
    return {group for card in cards for group in subscriptions.groups_of(card)}


def _around(shown: list[tuple[int, int]], month: tuple[int, int]) -> list[tuple[int, int]]:
    """A month with the nearest months before and after it that have a page."""
    later = [one for one in shown if one > month]
    earlier = [one for one in shown if one < month]
    return [month, *later[-1:], *earlier[:1]]
