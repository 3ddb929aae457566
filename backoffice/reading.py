"""What the office reads: the present snapshot and the index of its lists, without what whoever asks may not know yet.

Shared by the threads of a web process; the snapshot is looked up once for each request.
"""

from __future__ import annotations

import datetime as dt
import gc
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from flask import g, has_app_context

from backoffice import embargo, limits
from backoffice.embargo import Embargo
from backoffice.records.lines import COLLECTIVE, theme_titles
from backoffice.records.listing import Index
from backoffice.registry.schema import Account
from backoffice.settings import Settings
from participation.problems import LaureatError
from participation.records import TYPES, Edition, Project, Record
from participation.store import open_store
from participation.store.errors import RevisionUnknown
from participation.store.publications import Publication
from participation.store.snapshot import Snapshot
from participation.store.store import Store
from participation.yamltext.reader import read_file
from site_builder import addresses

R = TypeVar("R", bound=Record)

MOST_CUT = 20  # indexes kept for accounts with limits


class Reading:
    """Content, index and publication state of one installation, as whoever asks may read them."""

    def __init__(
        self, settings: Settings, clock: Callable[[], dt.datetime] | None = None, reader: Account | None = None
    ) -> None:
        """`reader` is whose piece of work reads here, where no request says it."""
        self.path: Path = settings.content
        self.site: Path = settings.site
        self.office = settings.office
        self._clock = clock or (lambda: dt.datetime.now(dt.UTC))
        self._reader = reader
        self._guard = threading.Lock()
        self._index: Index | None = None
        self._cut: dict[tuple[str, ...], Index] = {}  # by commit, limits and what is hidden
        self._embargoes: dict[str, Embargo] = {}  # by commit

    @cached_property
    def store(self) -> Store:
        """The store, opened at first use: a missing repository is a page that says so, not a web process that falls."""
        return open_store(self.path)

    def warm(self) -> None:
        """Read everything before the first request of a web process; content that cannot be read is told by its pages.

        What was read stays: looking through it for garbage again and again would hold a request up by 0.2 s.
        """
        with suppress(LaureatError):
            self._whole_index()
        gc.collect()
        gc.freeze()

    def snapshot(self) -> Snapshot:
        """The content as it is now, as whoever asks may read it; the same one for the whole of a request."""
        if not has_app_context():
            return self.seen(self.store.snapshot())
        if embargo.reader() is None:  # also while nobody is recognised yet: what is kept below is for one reader
            return self._whole()
        if "snapshot" not in g:
            g.snapshot = self.seen(self._whole())
        found: Snapshot = g.snapshot
        return found

    def _whole(self) -> Snapshot:
        """The content as it is now with all that nobody may tell yet."""
        if not has_app_context():
            return self.store.snapshot()
        if "whole_snapshot" not in g:
            g.whole_snapshot = self.store.snapshot()
        found: Snapshot = g.whole_snapshot
        return found

    def seen(self, snapshot: Snapshot) -> Snapshot:
        """A snapshot of any moment without what may not be told yet to whoever asks."""
        hidden = self._hidden(snapshot)
        return embargo.cut_snapshot(snapshot, hidden) if hidden else snapshot

    def told(self, record: R) -> R:
        """Any version of a record, as whoever asks may read it."""
        return record if self._sees_results() else self._embargo(self._whole()).told(record, self._clock())

    def _sees_results(self) -> bool:
        return embargo.reader() is None and embargo.may_read(self._reader)

    def _hidden(self, snapshot: Snapshot) -> Mapping[str, Project]:
        """Path -> project without what may not be told yet, for those that hold some of it."""
        if self._sees_results():
            return {}
        return self._embargo(self._whole()).cut(self._embargo(snapshot).projects, self._clock())

    def _embargo(self, snapshot: Snapshot) -> Embargo:
        found = self._embargoes.get(snapshot.commit)
        if found is None:
            known = list(self._embargoes.values())
            if len(known) >= MOST_CUT:
                self._embargoes.clear()
            found = self._embargoes[snapshot.commit] = Embargo.of(snapshot, known[-1] if known else None)
        return found

    def head(self) -> str:
        """The commit of the present snapshot."""
        return self.snapshot().commit

    def published(self) -> Publication | None:
        """The publication that is public now, looked up once for each request."""
        if not has_app_context():
            return self.store.published()
        if "published" not in g:
            g.published = self.store.published()
        found: Publication | None = g.published
        return found

    def answers(self) -> bool:
        """True when the content can be read."""
        try:
            return bool(self.snapshot().commit)
        except LaureatError:
            return False

    def record(self, key: str) -> Record | None:
        """A record as it is now, by the key that addresses name it with (`2024-P007`, `zone:gare`)."""
        type_name, collective, record_id = key.rpartition(COLLECTIVE)
        if not collective:
            return self.snapshot().get(key)
        kind = TYPES.get(type_name)
        records = self.snapshot().of_type(kind) if kind is not None and kind.collective else []
        return next((record for record in records if record.id == record_id), None)

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
        """The lines of the lists; those that whoever asks may read, where their account is limited."""
        whole, limited, hidden = self._whole_index(), limits.viewer(), self._hidden(self._whole())
        if limited is None and not hidden:
            return whole
        key = (whole.commit, *((limited.service, limited.zones) if limited is not None else ("", "")), *hidden)
        cut = self._cut.get(key)
        if cut is None:
            if len(self._cut) >= MOST_CUT:
                self._cut.clear()
            cut = embargo.cut_index(whole, hidden) if hidden else whole
            cut = self._cut[key] = limits.narrowed(cut, limited) if limited is not None else cut
        return cut

    def _whole_index(self) -> Index:
        """Every line, made again only for what changed."""
        snapshot = self._whole()
        known = self._index
        if known is not None and known.commit == snapshot.commit:
            return known
        with self._guard:
            if self._index is None or self._index.commit != snapshot.commit:
                self._index = Index.of(snapshot, self._index)
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
        if record.type_name in ("service", "instance", "rule", "polling_place"):
            return ""
        zone = record.type_name == "zone"
        address = addresses.of_zone(record.id) if zone else addresses.of_record(record.type_name, record.id)
        return f"/{address}" if (self.site / "current" / addresses.file(address)).is_file() else ""

    def version(self, record: Record, blob: str) -> Record:
        """The record as it was in that file, as whoever asks may read it: what the form now sent was made from.

        Raises RevisionUnknown.
        """
        return record if blob == record.blob else self.told(self._version(record, blob))

    def _version(self, record: Record, blob: str) -> Record:
        with self.store.repo() as repo:
            found = read_file(repo.blob(blob), record.path, blob).records
        same = next((one for one in found if one.id == record.id and type(one) is type(record)), None)
        if same is None:
            raise RevisionUnknown(blob)
        return same

    @staticmethod
    def moved() -> None:
        """Something was written: what this request knew of the content is of before."""
        if has_app_context():
            for name in ("snapshot", "whole_snapshot", "pending_count", "instance_name"):
                g.pop(name, None)
