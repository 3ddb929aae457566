"""The content as the office sees it: the present snapshot, its index for lists, and the one path by which it is written.

The rules of saving are the store's. What waits to be published is in `backoffice.pending`, history in
`backoffice.telling`. Shared by the threads of a web process; the snapshot is looked up once for each request.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from flask import g, has_app_context

from backoffice.records.listing import LISTED, Index, Line, line_of, theme_titles
from backoffice.settings import Settings
from participation.problems import LaureatError, Problem
from participation.records import Edition, Event, Idea, Project, Record, Service, Zone
from participation.store.snapshot import Snapshot
from participation.store.store import Store
from site_builder import addresses

R = TypeVar("R", bound=Record)


class Content:
    """Content, index and publication state of one installation."""

    def __init__(self, settings: Settings) -> None:
        self.path: Path = settings.content
        self.site: Path = settings.site
        self._guard = threading.Lock()
        self._index: Index | None = None

    @cached_property
    def store(self) -> Store:
        """The store, opened at first use: a missing repository is a page that says so, not a web process that falls."""
        return Store(self.path)

    # ------------------------------------------------------------------------------------------------ reading

    def snapshot(self) -> Snapshot:
        """The content as it is now; the same one for the whole of a request."""
        if not has_app_context():
            return self.store.snapshot()
        if "snapshot" not in g:
            g.snapshot = self.store.snapshot()
        found: Snapshot = g.snapshot
        return found

    def head(self) -> str:
        """The commit of the present snapshot."""
        return self.snapshot().commit

    def answers(self) -> bool:
        """True when the content can be read."""
        try:
            return bool(self.snapshot().commit)
        except LaureatError:
            return False

    def record(self, record_id: str) -> Record | None:
        """A record as it is now."""
        return self.snapshot().get(record_id)

    def instance_name(self) -> str:
        """The town's name; "" where it cannot be read, so that pages of errors can always be drawn."""
        try:
            instance = self.snapshot().instance
        except LaureatError:
            return ""
        return instance.name or instance.title

    def languages(self) -> list[str]:
        """The languages of the content, the first one first."""
        return self.snapshot().instance.languages or ["fr"]

    def current_edition(self) -> str:
        """The edition under way, "" when none is named."""
        return self.snapshot().instance.current_edition or ""

    def index(self) -> Index:
        """The lines of the lists, made again only for what changed."""
        snapshot = self.snapshot()
        known = self._index
        if known is not None and known.commit == snapshot.commit:
            return known
        with self._guard:
            if self._index is None or self._index.commit != snapshot.commit:
                self._index = self._made(snapshot, self._index)
            return self._index

    def titles(self, to: str, edition: str = "") -> Mapping[str, str]:
        """Id -> title of the editions, zones, services or themes; the themes of one edition where it has some."""
        if to == "theme" and edition:
            found = self.snapshot().get(edition)
            if isinstance(found, Edition) and found.themes:
                return theme_titles([found])
        return self.index().titles.get(to, {})

    def live_address(self, record: Record) -> str:
        """The address of the record's page on the live site, "" when it has none."""
        address = addresses.of_record(record.type_name, record.id)
        return f"/{address}" if (self.site / "current" / addresses.file(address)).is_file() else ""

    # ------------------------------------------------------------------------------------------------ problems

    def problems_of(self, record_id: str) -> list[Problem]:
        """What holds this record back from publication, and what is advised."""
        snapshot = self.snapshot()
        path = snapshot.paths.get(record_id)
        return list(snapshot.reading(path).problems) if path else []

    def faulty(self) -> frozenset[str]:
        """The ids of the records that an error holds back."""
        return self.snapshot().faulty()

    @staticmethod
    def _made(snapshot: Snapshot, before: Index | None) -> Index:
        old: Mapping[str, Line] = before.by_id if before is not None else {}
        lines: dict[str, list[Line]] = {}
        for kind in (Idea, Project, Event):
            lines[kind.type_name] = [_line(record, old) for record in snapshot.of_type(kind)]
        editions = snapshot.of_type(Edition)
        titles = {
            "edition": {edition.id: edition.title or edition.id for edition in editions},
            "zone": {zone.id: zone.title or zone.id for zone in snapshot.of_type(Zone)},
            "service": {service.id: service.title or service.id for service in snapshot.of_type(Service)},
            "theme": theme_titles(editions),
        }
        by_id = {line.id: line for kind in LISTED for line in lines[kind]}
        return Index(snapshot.commit, lines, titles, by_id)


def _line(record: Record, old: Mapping[str, Line]) -> Line:
    known = old.get(record.id)
    return known if known is not None and known.blob == record.blob else line_of(record)
