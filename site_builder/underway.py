"""One build under way: what it is made from and for, what all pages share, and what its steps tell one another.

Filling a place anew is in `full`, changing a few pages of it in `incremental`.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from participation.messages import mark as _
from participation.problems import ContentError, Problem, Severity
from participation.records import Record
from site_builder import blocks, law, overrides, redirects
from site_builder.addresses import RESERVED, SHARE
from site_builder.cards import make_card
from site_builder.chronicle import Chronicle
from site_builder.engine import Engine, templates_key
from site_builder.freshness import soonest, stops_everything, touches_everything
from site_builder.index import Index
from site_builder.links import Links
from site_builder.look import Look
from site_builder.opendata import page as open_data
from site_builder.part import Part, own_file
from site_builder.people import digests
from site_builder.pictures.studio import Studio, after, blobs_below
from site_builder.reading import (
    faulty_paths,
    next_embargo,
    read_shared,
    shared_pictures,
)
from site_builder.results.names import FILES
from site_builder.results.reading import Results, announced
from site_builder.shells import ShellSet, build_shells
from site_builder.shipped import THEME
from site_builder.sources import FolderSource, GitSource, Source, unlisted
from site_builder.targets import Session, Target
from site_builder.tongues import in_words
from site_builder.town import languages, make_look, make_town


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
    people: Mapping[str, str] = field(default_factory=dict)
    """Person id -> label, of those who agree today to be named; whoever is absent is told by a kind of person."""


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


class Underway:
    """The state of one build; `look_at_everything` comes before all other steps."""

    def __init__(
        self, source: Source, target: Target, options: Options, before_live: Callable[[Report], None] | None = None
    ) -> None:
        self.source = source
        self.target = target
        self.options = options
        self.before_live = before_live
        self.report = Report()
        self.parts: list[Part]
        """One for each language of the site, the main one first."""
        self.due = ""
        self.retold: set[str] = set()
        self.people = digests(options.people)
        self.renamed: set[str] = set()  # people whose label is not what it was at the last build
        self.live_before: set[str] = set()  # where a fresh tree is filled
        self.gone: set[str] = set()
        self.led: list[redirects.Claim] = []
        self.outcomes: str | None = None  # what names those of votes, where no file of theirs has changed
        self.shown_now: list[tuple[str, str]] = []  # type and identifier of the records whose pages are made
        self.moment = options.now.astimezone(dt.UTC).isoformat()

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
        self.stop_for(problem for problem in problems if stops_everything(problem))
        theme_files = {path: blob for path, blob in shared.items() if path.startswith("theme/")}
        town_files = {path.removeprefix("theme/"): data for path, data in self.source.files(theme_files)}
        spoken = languages(found)
        pages = self._pages(found, {*RESERVED, *(one.folder.strip("/") for one in spoken)}, faulty_paths(problems))
        every = self.shown([*(one for one in found if one.type_name != "page"), *pages])
        found = [one for one in every if one.type_name != "page"]
        pages = [one for one in every if one.type_name == "page"]
        self.studio = Studio(self.source, self.media, self.options.cache, self.options.processes)
        self._in_each_language(in_words(spoken), found, pages, plan, town_files)
        self._results(found)
        self.report.problems += blocks.unused(town_files)
        theme, templates = self.options.theme, self.options.templates
        if templates is not None:
            self.report.problems += overrides.check_templates(self.engine.environment, theme, templates)
        shown_anywhere, unseen = shared_pictures(self.engine, [*found, *pages])
        self.report.problems += unseen
        for part in self.parts:
            part.salt = templates_key(theme, part.engine.town, templates) + shown_anywhere + part.engine.blocks_key()

    def _pages(self, found: list[Record], reserved: set[str], faulty: set[str]) -> list[Record]:
        """The town's own texts that have a page."""
        pages = []
        for record in found:
            if record.type_name != "page" or record.path in faulty:
                continue
            self.due = soonest(self.due, next_embargo(record, self.options.now))
            if record.id in reserved:
                words = _("L’adresse «\u00a0%s\u00a0» est réservée au site.") % record.id
                self.report.problems.append(Problem(words, file=record.path, hint=_("Renommez la page.")))
                continue
            pages.append(record)
        return pages

    def _results(self, found: list[Record]) -> None:
        """What is announced of votes, for all languages; nothing of the others is even read."""
        rules = (record for record in found if record.type_name == "rule")
        told, due = announced(rules, self.engine.town.editions, self.options.now)
        self.due = soonest(self.due, due)
        every = self.entries or None
        results = Results(self.source, lambda: every or self.source.entries(), told, self.options.cache / "resultats")
        for part in self.parts:
            part.engine.results = results

    def shown(self, shared: list[Record]) -> list[Record]:
        """What all pages share, of the records that were read: all of it. A preview puts its own among them."""
        return shared

    def make_shells(self, looks: list[Look]) -> ShellSet:
        """The shells of all pages, in each language."""
        return build_shells(looks, self.options.cache / "shells")

    def _in_each_language(
        self,
        spoken: list[str],
        found: list[Record],
        pages: list[Record],
        plan: Mapping[str, Any],
        town_files: Mapping[str, bytes],
    ) -> None:
        """The town in each language, the shells of all of them, and what renders each."""
        now, options = self.options.now, self.options
        towns, texts, words, looks = [], [], [], []
        for lang in spoken:
            made = [make_card("page", one.id, one.path, one.blob, one.data, now, lang) for one in pages]
            texts.append([card for card in made if card is not None])
            listed = [(card.id, card.title, card.more) for card, _shown in texts[-1]]
            towns.append(make_town(found, listed, now, plan, lang))
            read, faulty = blocks.read_blocks(town_files, lang)
            self.stop_for(faulty)
            looks.append(make_look(towns[-1], town_files, read.pop(blocks.IN_SHELL, "")))
            words.append(read)
        shells = self.make_shells(looks)
        self.report.problems += shells.problems
        self.parts = []
        for town, own, read in zip(towns, texts, words, strict=True):
            album = self.studio.album.below("../") if town.folder else self.studio.album
            engine = Engine(town, shells, options.cache, options.theme, album, read, options.templates, options.people)
            engine.eco = next((one for one in own if one[0].id == law.ECO), None)
            self.parts.append(Part(engine, [one for one in own if one[0].id != law.ECO], read, ""))
        self.engine.others = tuple(part.engine for part in self.parts[1:])

    @property
    def engine(self) -> Engine:
        """What renders the pages in the main language."""
        return self.parts[0].engine

    @property
    def salt(self) -> str:
        """What names all that pages in the main language depend on."""
        return self.parts[0].salt

    @property
    def index(self) -> Index:
        """What is public, in the main language."""
        return self.parts[0].index

    def open_chronicle(self, part: Part) -> Chronicle | None:
        """The journals of the chain of publications, where there is one; each process opens its own."""
        if not isinstance(self.source, GitSource) or not self.source.published:
            return None
        file, theme = own_file(self.options.cache / "chronicle.sqlite", part.folder), self.options.theme
        return Chronicle(self.source.repository, self.source.commit, file, part.engine, theme)

    def stop_for(self, problems: Iterable[Problem]) -> None:
        found = list(problems)
        if found:
            raise ContentError(_("Le site ne peut pas être fabriqué."), found)

    def remove(self, session: Session, address: str) -> None:
        if session.remove(address):
            self.gone.add(address)

    def leading_on(self, live: Callable[[str], bool]) -> Iterable[redirects.Way]:
        """The files that old addresses need, given what is a page of today."""
        found = [claim for part in self.parts for claim in redirects.claims(part.engine, part.index)]
        self.led, problems = redirects.settled(found, live)
        self.report.problems += problems
        return list(redirects.ways(self.engine, self.led))

    def check_links(self, links: Iterable[Mapping[str, str]], exists: Callable[[str], bool]) -> None:
        every = Links()
        for one in links:
            every.wanted |= one
        for part in self.parts:
            targets = blocks.targets(part.blocks, part.folder)
            every.wanted |= {to: said for to, said in targets.items() if to in every.wanted}
            every.wanted.pop(part.folder + open_data.ADDRESS, None)  # always there: no release holds it, see `build`
        later = (SHARE, *FILES, *(part.folder + law.ECO_ADDRESS for part in self.parts))
        for address in [one for one in every.wanted if one.startswith(later)]:
            del every.wanted[address]  # no release holds them: made after the pages are live
        problems = every.broken(exists, self.path_of)
        self.report.problems += problems
        self.stop_for(problem for problem in problems if problem.severity is Severity.ERROR)

    def path_of(self, address: str) -> str:
        """The file of content behind the address of a record's page; "" for a page that gathers records."""
        if address.startswith("theme/"):  # a block's own file, put there by `_check_links`
            return address
        own = (part for part in self.parts[1:] if address.startswith(part.folder))
        return next(own, self.parts[0]).path_of(address)
