"""The content as the office sees it: the present snapshot, the index of its lists, the one path by which it is written.

The rules of saving are the store's. What waits to be published is in `backoffice.pending`, history in
`backoffice.telling`. Shared by the threads of a web process; the snapshot is looked up once for each request.
"""

from __future__ import annotations

import datetime as dt
import gc
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from flask import g, has_app_context

from backoffice import embargo, limits, numbering
from backoffice.embargo import Embargo
from backoffice.records import pairing
from backoffice.records.lines import COLLECTIVE, theme_titles
from backoffice.records.listing import Index
from backoffice.registry.schema import Account
from backoffice.settings import Settings
from participation.problems import LaureatError
from participation.records import TYPES, Edition, Project, Record
from participation.records.fields import Plain
from participation.store import open_store, theming
from participation.store.errors import InvalidRecord, RecordExists, RevisionUnknown
from participation.store.publications import Publication
from participation.store.saving import Change, SavedMany
from participation.store.snapshot import Snapshot
from participation.store.store import Store
from participation.yamltext.reader import read_file
from site_builder import addresses

R = TypeVar("R", bound=Record)

MOST_CUT = 20  # indexes kept for accounts with limits


class Content:
    """Content, index and publication state of one installation."""

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

    # ------------------------------------------------------------------------------------------------ reading

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

    # ------------------------------------------------------------------------------------------------ writing

    def save(
        self, before: Record, data: Mapping[str, Plain], author: Account, when: dt.datetime, series: str = ""
    ) -> str:
        """Save a record made from `before`; give its id.

        A new one (it has no file) has the identifier that was chosen for it, or the next number of `series`.
        Raises what the store's `save` raises; then nothing was saved.
        """
        limits.demand(author, before.data if before.blob else None, data, before.id)
        data = self._completed(author, type(before), before.id, data, before.blob) or data
        if not before.blob and before.id:
            self.store.create(type(before), before.id, data, author=author.pseudonym, when=when)
            self._moved()
            return before.id
        if not before.blob:
            record_id = self._create(type(before), data, author, when, series)
            self._pair(before, record_id, author, when)
            return record_id
        self.store.save(
            type(before),
            before.id,
            data,
            base_blob=before.blob,
            author=author.pseudonym,
            when=when,
            whole=True,
        )
        self._moved()
        self._pair(before, before.id, author, when)
        return before.id

    def save_many(
        self,
        changes: Sequence[Change],
        author: Account,
        when: dt.datetime,
        *,
        subject: str,
        lines: Sequence[str],
        action: str = "bulk",
        progress: Callable[[int], None] | None = None,
    ) -> SavedMany:
        """Many changes as one commit, or none at all. Raises what the store's `save_many` raises."""
        for change in changes:
            current = self.snapshot().get(change.id)
            limits.demand(author, current.data if current is not None else None, change.data, change.id)
        saved = self.store.save_many(
            self._completed_all(author, changes),
            author=author.pseudonym,
            when=when,
            subject=subject,
            action=action,
            lines=lines,
            progress=progress,
        )
        self._moved()
        return saved

    def put_town_file(self, name: str, content: bytes | None, author: Account, when: dt.datetime, subject: str) -> None:
        """Write a file of the town's `theme/`, or remove it (None)."""
        theming.put(self.store, name, content, author=author.pseudonym, when=when, subject=subject)
        self._moved()

    def reorder(self, kind: type[Record], ids: Sequence[str], author: Account, when: dt.datetime, subject: str) -> None:
        """Put the records of a file that holds several into this order."""
        self.store.reorder(kind, ids, author=author.pseudonym, when=when, subject=subject)
        self._moved()

    def save_votes(
        self,
        changes: Sequence[Change],
        files: Mapping[str, bytes | None],
        author: Account,
        when: dt.datetime,
        *,
        subject: str,
        lines: Sequence[str] = (),
    ) -> SavedMany:
        """Records and files of ballots (None removes one) as one commit. Raises what the store's `save_many` raises."""
        for change in changes:
            current = self.snapshot().get(change.id)
            limits.demand(author, current.data if current is not None else None, change.data, change.id)
        saved = self.store.save_many(
            self._completed_all(author, changes),
            author=author.pseudonym,
            when=when,
            subject=subject,
            action="votes",
            lines=lines,
            files=files,
        )
        self._moved()
        return saved

    def _completed_all(self, author: Account, changes: Sequence[Change]) -> Sequence[Change]:
        """The changes with what their author does not see of results. Raises InvalidRecord."""
        if embargo.may_read(author):
            return changes
        return [
            replace(one, data=self._completed(author, one.record_type, one.id, one.data, one.base_blob or ""))
            for one in changes
        ]

    def _completed(
        self, author: Account, kind: type[Record], record_id: str, data: Mapping[str, Plain] | None, blob: str
    ) -> Mapping[str, Plain] | None:
        """What to write of a record: the data, with what its author does not see of it. Raises InvalidRecord."""
        whole = self._whole() if kind is Project and record_id and not embargo.may_read(author) else None
        current = whole.get(record_id) if whole is not None else None
        if whole is None or current is None:
            return data
        base = current if blob in ("", current.blob) else self._version(current, blob)
        return self._embargo(whole).completed(base, data, self._clock())

    def _pair(self, before: Record, record_id: str, author: Account, when: dt.datetime) -> None:
        """Save what this save brings with it in other records, as far as the author may write there.

        A change of its own: whatever fails there, the first save stands and the checks tell the rest.
        """
        if not pairing.concerns(before):
            return  # nothing is asked of the content anew
        snapshot = self.snapshot()
        after = snapshot.get(record_id)
        if after is None:
            return
        changes = []
        for change in pairing.other_ends(snapshot, before, after, when):
            with suppress(InvalidRecord):
                limits.demand(author, limits.data_of(self, change.id), change.data, change.id)
                changes.append(change)
        if changes:
            with suppress(LaureatError):  # told as refused, a record that is saved would be typed again
                self.save_many(changes, author, when, subject=pairing.subject(after), lines=())

    def discard(self, record: Record, author: Account, when: dt.datetime, *, even_if_cited: bool) -> None:
        """Put a record into the trash. Raises StillReferenced when others name it."""
        limits.demand(author, record.data, None, record.id)
        self.store.trash(record.id, author=author.pseudonym, when=when, force=even_if_cited)
        self._moved()

    def undelete(self, record_id: str, author: Account, when: dt.datetime) -> None:
        """Take a record out of the trash."""
        limits.demand(author, limits.data_of(self, record_id), None, record_id)
        self.store.undelete(record_id, author=author.pseudonym, when=when)
        self._moved()

    def restore(
        self, record: Record, revision: str, author: Account, when: dt.datetime, field: str | None = None
    ) -> None:
        """Bring a record, or one field of it, back to what it was at a commit, as a new change."""
        limits.demand(author, record.data, None, record.id)
        if not embargo.may_read(author) and (current := self._whole().get(record.id)) is not None:
            self._embargo(self._whole()).demand_seen(current, field, self._clock())
        self.store.restore(record.id, revision, author=author.pseudonym, when=when, field=field)
        self._moved()

    def _create(
        self, kind: type[Record], data: Mapping[str, Plain], author: Account, when: dt.datetime, series: str
    ) -> str:
        office = self.office or self.snapshot().instance.series or 0
        taken = [*self.snapshot().paths, *(item.record.id for item in self.store.trashed())]
        record_id = numbering.next_id(kind.type_name, series, taken, office)
        for _attempt in range(20):
            try:
                self.store.create(kind, record_id, data, author=author.pseudonym, when=when)
            except RecordExists:  # a colleague was quicker
                taken.append(record_id)
                record_id = numbering.next_id(kind.type_name, series, taken, office)
            else:
                break
        else:
            raise RecordExists(record_id)
        self._moved()
        return record_id

    def moved(self) -> None:
        """Somebody wrote through the store itself: files below `media/` are."""
        self._moved()

    @staticmethod
    def _moved() -> None:
        """What this request knew of the content is of before its change."""
        if has_app_context():
            for name in ("snapshot", "whole_snapshot", "pending_count", "instance_name"):
                g.pop(name, None)
