"""A build: from files of content to a finished place, all of it or only what changed. The steps are in `build`.

Where files come from is a source, where pages go is a target; the clock is an argument.
"""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from participation.layout import path_for
from participation.messages import mark as _
from participation.problems import ContentError, Problem, Severity
from participation.values import zone_info
from site_builder import blocks, overrides, redirects
from site_builder.addresses import RESERVED, SHARE, file, of_record
from site_builder.cards import Card, make_card
from site_builder.chronicle import Chronicle
from site_builder.engine import Engine, templates_key
from site_builder.fragments import Fragments
from site_builder.freshness import code_key, soonest, stops_everything, touches_everything
from site_builder.held import HeldIndex
from site_builder.index import Entry, Index, open_index
from site_builder.links import Links
from site_builder.opendata import page as open_data
from site_builder.pages import BESIDE, LEAK, RecordPages, Rendered, Write
from site_builder.parallel import Half, Helper, split
from site_builder.pictures.studio import FOLDER, Studio, after, blobs_below, vanished
from site_builder.reading import (
    Cards,
    entry_of,
    faulty_paths,
    is_record,
    next_embargo,
    read_cards,
    read_shared,
    shared_pictures,
)
from site_builder.releases import Page, Staging
from site_builder.shells import build_shells
from site_builder.shipped import THEME
from site_builder.sources import FolderSource, GitSource, Source, listed, unlisted
from site_builder.targets import Session, Target
from site_builder.town import language, make_look, make_town
from site_builder.views import detailed, records
from site_builder.wholes import Change, Wholes

FEW = 300  # record pages that one process renders sooner than two can be told to
WHOLE_STOPS = frozenset({"instance", "edition"})
"""A fault of one of these stops the build; a fault of any other record only keeps that record back."""


@dataclass(frozen=True)
class Options:
    """How to build: when it is, where caches lie, how many processes, and texts that must never be public."""

    now: dt.datetime
    cache: Path
    processes: int = field(default_factory=lambda: min(2, os.cpu_count() or 1))
    theme: Path = THEME
    markers: tuple[str, ...] = ()
    full: bool = False
    templates: Path | None = None
    """A folder of templates before ours, on the server and outside the content."""


@dataclass
class Report:
    """What a build did: how many records and files there are and changed, and every problem found."""

    records: int = 0
    changed: int = 0
    nothing_to_do: bool = False
    full: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def held(self) -> set[str]:
        """The files whose records were kept back."""
        return faulty_paths(self.problems)


def build(
    source: Source, target: Target, options: Options, before_live: Callable[[Report], None] | None = None
) -> Report:
    """Bring `target` to the state of `source`. Raises ContentError when the whole cannot be built.

    `before_live` is called when everything is rendered and checked, just before the first live file changes.
    """
    if options.templates is not None:
        overrides.check_folder(options.templates, source.place)
    collecting = gc.isenabled()
    gc.disable()  # everything made here lives until the end: looking for garbage again and again only costs
    try:
        return _Build(source, target, options, before_live).run()
    finally:
        if collecting:
            gc.enable()


def engine_of(source: Source, target: Target, options: Options) -> tuple[Engine, dict[str, str]]:
    """What renders the site of a source as `build` would, and its files (path -> blob): for derived files."""
    if options.templates is not None:
        overrides.check_folder(options.templates, source.place)
    looking = _Build(source, target, options, None)
    looking.look_at_everything({})
    return looking.engine, looking.entries


class _Build:
    """One build under way: what its steps share."""

    def __init__(
        self, source: Source, target: Target, options: Options, before_live: Callable[[Report], None] | None
    ) -> None:
        self.source = source
        self.target = target
        self.options = options
        self.before_live = before_live
        self.report = Report()
        self.due = ""
        self.retold: set[str] = set()
        self.live_before: set[str] = set()  # where a fresh tree is filled
        self.gone: set[str] = set()
        self.led: list[redirects.Claim] = []
        self._now = options.now.astimezone(dt.UTC).isoformat()

    def run(self) -> Report:
        with closing(open_index(self.target.index_file())) as connection, ExitStack() as stack:
            self.index = Index(connection)
            self.index.prepare()
            before = self.index.remembered()
            # An index of another state of the place (after a rollback, say) tells nothing of its pages.
            known = before if before.get("mark") == self.target.mark() and not self.options.full else {}
            self.told = "1" if isinstance(self.source, GitSource) and self.source.published else ""
            if known.get("told", "") != self.told:  # the same records, with or without their journals
                known = {}
            if self._same_as(known):
                self.report.nothing_to_do = True
                self.report.records = int(known["records"])
                return self.report
            self.look_at_everything(known)
            self.chronicle = self._open_chronicle()
            if self.chronicle is not None:
                stack.callback(self.chronicle.close)
                self.chronicle.refresh()
            changed = self._changed_files(known)
            # A new place or new shells: every page differs, so a fresh tree is filled and switched to.
            fresh = not self.target.mark() or before.get("shells") != self.engine.shells.key
            if fresh and self.target.mark():
                self.live_before = {page.address for page in self.target.live_pages()}
            connection.execute("BEGIN IMMEDIATE")
            with self.target.session(self.source.key, fresh=fresh) as session:
                if changed is None or session.fresh:
                    self._everything(session)
                else:
                    self._only(session, changed, known)
                self._finish(session)
            connection.execute("COMMIT")
        return self.report

    # ------------------------------------------------------------------------------------------------ what is new

    def _same_as(self, known: Mapping[str, str]) -> bool:
        """True when the same content was built by the same code on the same day."""
        return bool(
            self.source.key
            and known.get("source") == self.source.key
            and known.get("code") == code_key(self.options.theme, self.options.templates)
            and known.get("from", "~") <= self._now < known.get("until", "")
        )

    def look_at_everything(self, known: Mapping[str, str]) -> None:
        """Read what all pages share, make the shells, know the keys."""
        self.entries: dict[str, str] = {}
        self.moved: dict[str, str | None] | None = None
        if known.get("source") and "media" in known and not isinstance(self.source, FolderSource):
            self.moved = self.source.changed_since(known["source"])
        if self.moved is None or any(touches_everything(path) for path in self.moved):
            self.entries = self.source.entries()
            shared = {path: blob for path, blob in self.entries.items() if touches_everything(path)}
            self.media = blobs_below(self.entries)
        else:
            shared = unlisted(known["shared"])
            self.media = after(unlisted(known["media"]), self.moved)
        self.shared = shared
        found, problems, plan = read_shared(self.source, shared, self.options.cache)
        self.report.problems += problems
        self._stop_for(problem for problem in problems if stops_everything(problem))
        pages = []
        lang = language(found)
        self.page_cards: list[tuple[Card, dict[str, object]]] = []
        for record in found:
            if record.type_name != "page" or record.path in faulty_paths(problems):
                continue
            self.due = soonest(self.due, next_embargo(record, self.options.now))
            if record.id in RESERVED:
                words = _("L’adresse « %s » est réservée au site.") % record.id
                self.report.problems.append(Problem(words, file=record.path, hint=_("Renommez la page.")))
                continue
            made = make_card("page", record.id, record.path, record.blob, record.data, self.options.now, lang)
            if made is not None:
                self.page_cards.append(made)
                pages.append((record.id, made[0].title, made[0].more))
        town = make_town([one for one in found if one.type_name != "page"], pages, self.options.now, plan)
        theme_files = {path: blob for path, blob in shared.items() if path.startswith("theme/")}
        town_files = {path.removeprefix("theme/"): data for path, data in self.source.files(theme_files)}
        self.blocks, faulty = blocks.read_blocks(town_files, town.lang)
        self._stop_for(faulty)
        look = make_look(town, town_files, self.blocks.pop(blocks.IN_SHELL, ""))
        shells = build_shells(look, self.options.cache / "shells")
        self.report.problems += [*shells.problems, *blocks.unused(town_files)]
        self.studio = Studio(self.source, self.media, self.options.cache, self.options.processes)
        cache, theme, templates = self.options.cache, self.options.theme, self.options.templates
        self.engine = Engine(town, shells, cache, theme, self.studio.album, self.blocks, templates)
        if templates is not None:
            self.report.problems += overrides.check_templates(self.engine.environment, theme, templates)
        shown_anywhere, unseen = shared_pictures(self.engine, found)
        self.report.problems += unseen
        self.salt = templates_key(theme, town, templates) + shown_anywhere + self.engine.blocks_key()

    def _changed_files(self, known: Mapping[str, str]) -> dict[str, str | None] | None:
        """Path -> blob (None: gone) of the files that changed since the last build; None when all must be built."""
        if not known or known.get("salt") != self.salt or known.get("shells") != self.engine.shells.key:
            return None
        if not known["from"] <= self._now < known["until"]:
            return None
        if self.chronicle is not None:
            retold = self.chronicle.since(known["source"])
            if retold is None:
                return None
            self.retold = retold
        if self.moved is not None:
            return None if any(touches_everything(path) for path in self.moved) else self.moved
        if known["source"]:  # built from a repository the last time: nobody noted what files there were
            return None
        before = dict(self.index.connection.execute("SELECT path, blob FROM source_file"))
        now = self.entries
        changed: dict[str, str | None] = {path: blob for path, blob in now.items() if before.get(path) != blob}
        changed |= {path: None for path in before if path not in now}
        return None if any(touches_everything(path) for path in changed) else changed

    def _open_chronicle(self) -> Chronicle | None:
        """The journals of the chain of publications, where there is one; each process opens its own."""
        if not isinstance(self.source, GitSource) or not self.source.published:
            return None
        file, theme = self.options.cache / "chronicle.sqlite", self.options.theme
        return Chronicle(self.source.repository, self.source.commit, file, self.engine, theme)

    def _stop_for(self, problems: Iterable[Problem]) -> None:
        found = list(problems)
        if found:
            raise ContentError(_("Le site ne peut pas être fabriqué."), found)

    # ------------------------------------------------------------------------------------------------ building

    def _everything(self, session: Session) -> None:
        """Every record, every page; in two processes when there are many."""
        self.report.full = True
        self.entries = self.entries or self.source.entries()
        wanted = {path: blob for path, blob in self.entries.items() if is_record(path)}
        known = {} if session.fresh else {page.address: page.digest for page in self.target.live_pages()}
        staging, salt, options = session.staging, self.salt, self.options
        half = self._half(staging, known)  # before the fork: two processes cannot both begin the cache's file
        helper, left = None, list[Sequence[Card]]()
        mine, theirs = split(wanted)
        if options.processes < 2 or len(wanted) < FEW:
            mine, theirs = wanted, {}
        else:
            helper = Helper(lambda: self._half(staging, known), theirs)
        try:
            cards = half.read(mine)
            others = helper.cards() if helper else Cards()
            if helper:
                left = helper.tell(cards)
            self.report.problems += [*cards.problems, *others.problems]
            self.due = soonest(self.due, cards.due, others.due)
            self._fill_index([*cards.entries, *others.entries])
            entries = [*cards.entries, *others.entries]
            every = [entry.card for entry in entries]
            texts = [card for card, _shown in self.page_cards]
            self.index = HeldIndex(self.index.connection, [*every, *texts], entries)
            wholes = Wholes(
                self.engine, self.index, _writer(staging, known), salt, lambda _address: None, half.fragments
            )
            wholes.all()
            rendered = [self._static(session, known)]
            mine_to_render = half.pages(every)
            for part in (left[number] for number in helper.taken()) if helper else [every]:
                mine_to_render.make(part, cards.shown)
            rendered.append(mine_to_render.finish())
            half.close()
            if helper:
                rendered.append(helper.rendered())
        finally:
            if helper:
                helper.stop()
        self.report.problems += [problem for one in rendered for problem in one.problems]
        pages = [*wholes.pages, *(page for one in rendered for page in one.pages)]
        there = {page.address for page in pages} | wholes.addresses | self.kept_as_they_are
        for page in pages:
            session.take(page)
        if not session.fresh:
            there |= {file(card.address) for card in every} | {file(card.address) for card, _shown in self.page_cards}
            there = there.union(*(one.beside for one in rendered))
        write = _writer(staging, known)
        for address, key, data in self._leading_on(there.__contains__):
            there.add(address)
            if (led := write(address, data(), key)) is not None:
                session.take(led)
        for address in set(known) - there:
            self._remove(session, address)
        self.gone |= self.live_before - there
        self._check_links([wholes.links.wanted, *(one.links for one in rendered)], there.__contains__)

    def _half(self, staging: Staging, known: dict[str, str]) -> Half:
        fragments = Fragments(self.options.cache / "fragments.sqlite", self.salt)
        chronicle = self._open_chronicle()

        def read(wanted: Mapping[str, str]) -> Cards:
            return read_cards(self.source, wanted, self.engine, self.options.now, fragments)

        def pages(every: list[Card]) -> RecordPages:
            held = HeldIndex(sqlite3.connect(":memory:"), every)  # records ask for cards and their links, all held
            return RecordPages(
                self.source, self.engine, held, _writer(staging, known), self.options.now, self.salt, fragments,
                self.options.markers, chronicle,
            )  # fmt: skip

        def close() -> None:
            fragments.close()
            if chronicle is not None:
                chronicle.close()

        return Half(read, pages, close, fragments)

    def _fill_index(self, entries: list[Entry]) -> None:
        self.index.clear()
        self.index.put([*entries, *(entry_of(self.engine, card) for card, _shown in self.page_cards)])
        self.index.finish()
        self.report.records = len(entries)

    def _static(self, session: Session, known: dict[str, str]) -> Rendered:
        """Files that are only copied, and the town's own texts."""
        write = _writer(session.staging, known)
        links = Links()
        rendered = Rendered(links=links.wanted)
        self.kept_as_they_are: set[str] = set()

        def stage(address: str, data: bytes) -> None:
            self.kept_as_they_are.add(address)
            page = write(address, data, "")
            if page is not None:
                rendered.pages.append(page)

        for address, asset in self.engine.shells.assets.items():
            stage(address, asset.read_bytes())
        if plan := self.engine.town.plan:
            stage(plan["asset"], plan["svg"].encode())
        for address, data in detailed.files(self.engine).items():
            stage(address, data)
        for path in self.media:
            for one in self.studio.files(path):
                if one.digest and known.get(one.address) == one.digest:
                    self.kept_as_they_are.add(one.address)
                else:
                    stage(one.address, one.read())
        for card, shown in self.page_cards:
            article = records.text_page(self.engine, card, shown)
            links.read(card.address, article.html)
            page = self.engine.page(card.address, card.address, article.title, article.description, article.html)
            stage(file(card.address), page)
        return rendered

    def _only(self, session: Session, changed: Mapping[str, str | None], known: Mapping[str, str]) -> None:
        """The records that changed, those around them, and the lists they stand in."""
        self.report.records = int(known["records"])
        changed = {**self._shown_again(changed), **changed}
        gone = [path for path in changed if is_record(path)]
        new = {path: blob for path, blob in changed.items() if blob is not None and is_record(path)}
        before = {id: card for path in gone for id in self.index.at_path(path) if (card := self.index.card(id))}
        around = {id for card in before.values() for id in self._neighbours(card)}
        cards = read_cards(self.source, new, self.engine, self.options.now, None)
        self.report.problems += cards.problems
        self.due = soonest(self.due, cards.due, known["due"])
        after = {entry.card.id: entry.card for entry in cards.entries}
        self.index.drop(set(before) - set(after))
        self.index.put(cards.entries)
        self.report.records += len(set(after) - set(before)) - len(set(before) - set(after))
        around |= {id for card in after.values() for id in self._neighbours(card)}
        around |= {id for path in self.retold for id in self.index.at_path(path)}
        beside = [card for id in sorted(around - set(after)) if (card := self.index.card(id)) is not None]

        def write(address: str, data: bytes, key: str) -> Page | None:
            session.put(address, data, key)
            return None

        pages = RecordPages(
            self.source, self.engine, self.index, write, self.options.now, self.salt, None, self.options.markers,
            self.chronicle,
        )  # fmt: skip
        pages.make([*after.values(), *beside], cards.shown)
        rendered = pages.finish()
        self.report.problems += rendered.problems
        wholes = Wholes(self.engine, self.index, write, self.salt, lambda address: _key(session.live(address)))
        both = set(before) | set(after)
        changes = [Change(before.get(id), after.get(id)) for id in sorted(both)]
        wholes.changed(changes)
        self._remove_vanished(session, changes, wholes)
        shown = [*before.values(), *after.values(), *beside]
        for address in {f"{card.address}{name}" for card in shown for name in BESIDE.get(card.type, ())}:
            if address not in rendered.beside:
                self._remove(session, address)
        made = rendered.beside | wholes.addresses | {file(card.address) for card in after.values()}
        for path in changed:
            if path.startswith(FOLDER):
                made |= self._media(session, path)

        def live(address: str) -> bool:
            page = session.live(address)
            there = page is not None and not page.key.startswith(redirects.KEY) and address not in self.gone
            return there or address in made

        ways = set()
        for address, key, data in self._leading_on(live):
            ways.add(address)
            if _key(session.live(address)) != key:
                session.put(address, data(), key)
        for address in known["moved"].splitlines():
            if address not in ways and not live(address):
                self._remove(session, address)
        self._check_links([wholes.links.wanted, rendered.links], lambda address: address in ways or live(address))

    def _neighbours(self, card: Card) -> set[str]:
        return {*card.refs, *(other.id for other in self.index.backlinks(card.id))}

    def _shown_again(self, changed: Mapping[str, str | None]) -> dict[str, str | None]:
        """The files (path -> blob) of the records that show a picture that changed."""
        pictures = [path for path in changed if path.startswith(FOLDER)]
        return {card.path: card.blob for path in pictures for card in self.index.backlinks(path)}

    def _media(self, session: Session, path: str) -> set[str]:
        made = set()
        for one in self.studio.files(path) if path in self.media else ():
            session.put(one.address, one.read())
            made.add(one.address)
        for address in vanished(path, {*made, *self.media}):
            session.remove(address)
        return made

    def _remove_vanished(self, session: Session, changes: list[Change], wholes: Wholes) -> None:
        """Pages of records that went, and the last pages of lists that became shorter."""
        for change in changes:
            if change.after is None and change.before is not None:
                self._remove(session, file(change.before.address))
        for address in wholes.vanished(change for change in changes if change.before is not None):
            self._remove(session, address)

    def _remove(self, session: Session, address: str) -> None:
        if session.remove(address):
            self.gone.add(address)

    def _leading_on(self, live: Callable[[str], bool]) -> Iterable[redirects.Way]:
        """The files that old addresses need, given what is a page of today."""
        self.led, problems = redirects.settled(redirects.claims(self.engine, self.index), live)
        self.report.problems += problems
        return list(redirects.ways(self.engine, self.led))

    # ------------------------------------------------------------------------------------------------ the end

    def _check_links(self, links: Iterable[Mapping[str, str]], exists: Callable[[str], bool]) -> None:
        every = Links()
        for one in links:
            every.wanted |= one
        every.wanted |= {to: said for to, said in blocks.targets(self.blocks).items() if to in every.wanted}
        every.wanted.pop(open_data.ADDRESS, None)  # always there: no release holds it, `_finish` makes it
        for address in [one for one in every.wanted if one.startswith(SHARE)]:
            del every.wanted[address]  # no release holds them: made after the pages are live
        problems = every.broken(exists, self._path_of)
        self.report.problems += problems
        self._stop_for(problem for problem in problems if problem.severity is Severity.ERROR)

    def _path_of(self, address: str) -> str:
        """The file of content behind the address of a record's page; "" for a page that gathers records."""
        if address.startswith("theme/"):  # a block's own file, put there by `_check_links`
            return address
        id = address.strip("/").rpartition("/")[2]
        if address == of_record("edition", id):
            return path_for("edition", id)
        card = self.index.card(id)
        if card is None:
            card = next((one for one, _shown in self.page_cards if one.address == address), None)
        return card.path if card is not None and card.address == address else ""

    def _finish(self, session: Session) -> None:
        self.report.problems += redirects.lost(self.gone, self.led)
        self.report.problems.sort(key=lambda problem: (problem.file, problem.line or 0))
        self._stop_for(problem for problem in self.report.problems if problem.message == LEAK)
        if self.before_live is not None:
            self.before_live(self.report)
        self.report.changed = session.finish()
        open_data.refresh(self.engine, self.target.data_folder(), self.options.cache)
        if isinstance(self.source, FolderSource):
            self.index.connection.execute("CREATE TABLE IF NOT EXISTS source_file (path TEXT PRIMARY KEY, blob TEXT)")
            self.index.connection.execute("DELETE FROM source_file")
            self.index.connection.executemany("INSERT INTO source_file VALUES (?, ?)", list(self.entries.items()))
        # The site is right from midnight to midnight in the town, or until the next embargo ends.
        zone = zone_info(self.engine.town.timezone)
        midnight = dt.datetime.combine(self.engine.town.day + dt.timedelta(days=1), dt.time(0), zone).astimezone(dt.UTC)
        self.index.remember(
            {
                "mark": self.target.mark(),
                "source": self.source.key,
                "told": self.told,
                "code": code_key(self.options.theme, self.options.templates),
                "salt": self.salt,
                "shells": self.engine.shells.key,
                "records": str(self.report.records),
                "edition": self.engine.town.current_edition,
                "shared": listed(self.shared),
                "media": listed(self.media),
                "moved": "\n".join(way.address for way in redirects.ways(self.engine, self.led)),
                "due": self.due,
                "from": self._now,
                "until": soonest(midnight.isoformat(), self.due),
            }
        )


def _key(page: Page | None) -> str | None:
    return page.key if page is not None else None


def _writer(staging: Staging, known: Mapping[str, str]) -> Write:
    """Stages a file unless the same bytes are live already (address -> digest in `known`)."""

    def write(address: str, data: bytes, key: str) -> Page | None:
        if known and known.get(address) == hashlib.sha256(data).hexdigest():
            return None
        return staging.write(address, data, key)

    return write
