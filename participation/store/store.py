"""The store of a bare repository: everything that reads and writes content, under one name.

Each method hands over to the module of its subject; nothing is decided here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from participation.journal import FRENCH, Voice
from participation.records import Record
from participation.store import history, ordering, publications, removal, saving
from participation.store.cache import key_of
from participation.store.content import FolderContent, Repository
from participation.store.errors import NotAContentRepository, ReadOnlyContent
from participation.store.git import PUBLISHED, GitRepo
from participation.store.history import FieldChange, Version
from participation.store.lock import locked
from participation.store.publications import Pending, Publication
from participation.store.removal import Trashed
from participation.store.saving import Change, Fields, Saved, SavedMany


class Store(Repository):
    """Content in a bare repository. Safe to share between threads; other processes may write at the same time."""

    def save(
        self,
        record_type: type[Record],
        record_id: str,
        fields: Fields,
        *,
        base_blob: str | None,
        author: str,
        when: dt.datetime,
        action: str = "save",
        reviewed_by: str | None = None,
        whole: bool = False,
    ) -> Saved:
        """See `saving.save`."""
        return saving.save(
            self,
            record_type,
            record_id,
            fields,
            base_blob=base_blob,
            author=author,
            when=when,
            action=action,
            reviewed_by=reviewed_by,
            whole=whole,
        )

    def create(
        self, record_type: type[Record], record_id: str, fields: Fields, *, author: str, when: dt.datetime
    ) -> Saved:
        """Save a new record; RecordExists when its identifier is taken, by any type."""
        return saving.save(self, record_type, record_id, fields, base_blob=None, author=author, when=when, whole=True)

    def save_many(
        self,
        changes: Sequence[Change],
        *,
        author: str,
        when: dt.datetime,
        subject: str,
        action: str = "import",
        lines: Sequence[str] = (),
        progress: Callable[[int], None] | None = None,
        files: Mapping[str, bytes | None] = {},
    ) -> SavedMany:
        """See `saving.save_many`."""
        return saving.save_many(
            self,
            changes,
            author=author,
            when=when,
            subject=subject,
            action=action,
            lines=lines,
            progress=progress,
            files=files,
        )

    def reorder(
        self, record_type: type[Record], ids: Sequence[str], *, author: str, when: dt.datetime, subject: str
    ) -> str:
        """See `ordering.reorder`."""
        return ordering.reorder(self, record_type, ids, author=author, when=when, subject=subject)

    def trash(
        self, record_id: str, *, author: str, when: dt.datetime, force: bool = False, reviewed_by: str | None = None
    ) -> Saved:
        """See `removal.trash`."""
        return removal.trash(self, record_id, author=author, when=when, force=force, reviewed_by=reviewed_by)

    def trashed(self) -> list[Trashed]:
        """See `removal.trashed`."""
        return removal.trashed(self)

    def undelete(self, record_id: str, *, author: str, when: dt.datetime) -> Saved:
        """See `removal.undelete`."""
        return removal.undelete(self, record_id, author=author, when=when)

    def restore(
        self,
        record_id: str,
        version: str,
        *,
        author: str,
        when: dt.datetime,
        field: str | None = None,
        reviewed_by: str | None = None,
    ) -> Saved:
        """See `removal.restore`."""
        return removal.restore(self, record_id, version, author=author, when=when, field=field, reviewed_by=reviewed_by)

    def history(self, record_id: str, *, limit: int | None = None, skip: int = 0) -> list[Version]:
        """See `history.history`."""
        return history.history(self, record_id, limit=limit, skip=skip)

    def sentences(self, versions: Sequence[Version], voice: Voice = FRENCH) -> list[list[str]]:
        """See `history.sentences`."""
        return history.sentences(self, versions, voice)

    def difference(self, record_id: str, old: str, new: str) -> list[FieldChange]:
        """See `history.difference`."""
        return history.difference(self, record_id, old, new)

    def authors_since(self, start: str, files: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
        """See `history.authors_since`."""
        return history.authors_since(self, start, files)

    def last_changes(self, record_id: str, fields: Sequence[str] | None = None) -> dict[str, Version]:
        """See `history.last_changes`."""
        return history.last_changes(self, record_id, fields)

    def publish(
        self,
        *,
        author: str,
        when: dt.datetime,
        main: str | None = None,
        hold_back: Collection[str] = (),
        faulty: Collection[str] = (),
        reviewed_by: Collection[str] = (),
    ) -> Publication | None:
        """See `publications.publish`."""
        return publications.publish(
            self, author=author, when=when, main=main, hold_back=hold_back, faulty=faulty, reviewed_by=reviewed_by
        )

    def rollback(
        self, to: str | None = None, *, author: str, when: dt.datetime, reviewed_by: Collection[str] = ()
    ) -> Publication | None:
        """See `publications.rollback`."""
        return publications.rollback(self, to, author=author, when=when, reviewed_by=reviewed_by)

    def pending(
        self,
        when: dt.datetime,
        *,
        main: str | None = None,
        hold_back: Collection[str] = (),
        faulty: Collection[str] = (),
        voice: Voice = FRENCH,
    ) -> list[Pending]:
        """See `publications.pending`."""
        return publications.pending(self, when, main=main, hold_back=hold_back, faulty=faulty, voice=voice)

    def published(self) -> Publication | None:
        """The publication that is public now, None before the first."""
        return publications.latest(self)

    def publications(self, *, limit: int = 50) -> list[Publication]:
        """See `publications.publications`."""
        return publications.publications(self, limit=limit)

    def tidy(self) -> None:
        """Repack, refresh what makes history fast and forget unused readings; for the worker, never in a save."""
        with locked(self.path), self.repo() as repo:
            repo.tidy()
            trees = [commit for commit in (self.head_of(repo), repo.resolve(PUBLISHED)) if commit is not None]
        keys = {
            key_of(place.type_name, snapshot.entries[path])
            for snapshot in map(self.snapshot, trees)
            for path, place in snapshot.places.items()
        }
        self.cache.keep_only(keys)


def open_content(path: Path, cache_folder: Path | None = None) -> Store | FolderContent:
    """Content at `path`: a bare repository, or a plain folder of YAML files. NotAContentRepository for neither."""
    path = Path(path)
    if GitRepo.is_repository(path):
        return Store(path, cache_folder)
    if (path / "instance.yml").is_file():
        return FolderContent(path, cache_folder)
    raise NotAContentRepository(str(path))


def open_store(path: Path, cache_folder: Path | None = None) -> Store:
    """Content that can be written to; ReadOnlyContent for a plain folder, NotAContentRepository for neither."""
    content = open_content(path, cache_folder)
    if isinstance(content, FolderContent):
        raise ReadOnlyContent(str(path))
    return content
