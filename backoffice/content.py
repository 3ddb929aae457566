"""The content as the office sees it: what is read of it, and the one path by which it is written.

The rules of saving are the store's. What waits to be published is in `backoffice.pending`, history in
`backoffice.telling`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from backoffice import embargo, limits, numbering
from backoffice.reading import Reading
from backoffice.records import pairing
from backoffice.registry.schema import Account
from participation.problems import LaureatError
from participation.records import Project, Record
from participation.records.fields import Plain
from participation.store import theming
from participation.store.errors import InvalidRecord, RecordExists
from participation.store.saving import Change, SavedMany


class Content(Reading):
    """Content of one installation: every change of it that somebody makes in the office goes through here."""

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
            self.moved()
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
        self.moved()
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
        saved = self.store.save_many(
            self._allowed(author, changes),
            author=author.pseudonym,
            when=when,
            subject=subject,
            action=action,
            lines=lines,
            progress=progress,
        )
        self.moved()
        return saved

    def put_town_file(self, name: str, content: bytes | None, author: Account, when: dt.datetime, subject: str) -> None:
        """Write a file of the town's `theme/`, or remove it (None)."""
        theming.put(self.store, name, content, author=author.pseudonym, when=when, subject=subject)
        self.moved()

    def reorder(self, kind: type[Record], ids: Sequence[str], author: Account, when: dt.datetime, subject: str) -> None:
        """Put the records of a file that holds several into this order."""
        self.store.reorder(kind, ids, author=author.pseudonym, when=when, subject=subject)
        self.moved()

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
        saved = self.store.save_many(
            self._allowed(author, changes),
            author=author.pseudonym,
            when=when,
            subject=subject,
            action="votes",
            lines=lines,
            files=files,
        )
        self.moved()
        return saved

    def _allowed(self, author: Account, changes: Sequence[Change]) -> Sequence[Change]:
        """The changes, each within its author's limits, with what they do not see of results. Raises InvalidRecord."""
        for change in changes:
            current = self.snapshot().get(change.id)
            limits.demand(author, current.data if current is not None else None, change.data, change.id)
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
        self.moved()

    def undelete(self, record_id: str, author: Account, when: dt.datetime) -> None:
        """Take a record out of the trash."""
        limits.demand(author, limits.data_of(self, record_id), None, record_id)
        self.store.undelete(record_id, author=author.pseudonym, when=when)
        self.moved()

    def restore(
        self, record: Record, revision: str, author: Account, when: dt.datetime, field: str | None = None
    ) -> None:
        """Bring a record, or one field of it, back to what it was at a commit, as a new change."""
        limits.demand(author, record.data, None, record.id)
        if not embargo.may_read(author) and (current := self._whole().get(record.id)) is not None:
            self._embargo(self._whole()).demand_seen(current, field, self._clock())
        self.store.restore(record.id, revision, author=author.pseudonym, when=when, field=field)
        self.moved()

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
        self.moved()
        return record_id
