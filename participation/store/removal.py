"""The trash and earlier versions: nothing that was saved is ever gone.

A record in the trash is a file that a commit removed, marked `Action: trash`; the tree does not have it, so nobody
builds it by mistake, and history gives it back byte for byte.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from participation import journal
from participation.layout import Location, locate
from participation.records import TYPES, Record
from participation.records.containers import Group, Refs, Rows
from participation.records.fields import Field, Plain
from participation.records.texts import Ref
from participation.store.content import Repository
from participation.store.errors import RecordExists, RecordNotFound, RevisionUnknown, StillReferenced
from participation.store.git import GitRepo
from participation.store.objects import hash_of
from participation.store.saving import Saved, save
from participation.store.slots import Slot, file_at, find, version_at
from participation.store.snapshot import Snapshot
from participation.store.writing import Ground, Step, Trailers, commit, message, trailers_of
from participation.yamltext.reader import read_file


@dataclass(frozen=True, slots=True)
class Trashed:
    """A record in the trash: as it was, since when, by whom; `blob` is its file."""

    record: Record
    path: str
    blob: str
    commit: str
    when: dt.datetime
    author: str


def trash(
    store: Repository,
    record_id: str,
    *,
    author: str,
    when: dt.datetime,
    force: bool = False,
    reviewed_by: str | None = None,
) -> Saved:
    """Remove a record; StillReferenced when others name it, unless forced."""
    result: list[Saved] = []

    def prepare(ground: Ground) -> Sequence[Step]:
        slot = _found(ground, record_id)
        blob, content = file_at(ground.repo, ground.tree, slot.path)
        citing = [] if force else referrers(store.snapshot(ground.head), slot)
        if citing:
            raise StillReferenced(record_id, citing)
        said = journal.trashed(_readable(slot, content, blob))
        result[:] = [Saved(record_id, slot.path, "", blob or "", (said,))]
        trailers = Trailers("trash", [record_id], reviewed_by)
        return [Step({slot.path: slot.written(None, content)}, message(said, [], trailers))]

    newest = commit(store, author, when, prepare)
    return Saved(record_id, result[0].path, newest, result[0].blob, result[0].sentences)


def trashed(store: Repository) -> list[Trashed]:
    """What lies in the trash, newest first."""
    with store.repo() as repo:
        head = store.head_of(repo)
        tree = repo.commit(head).tree
        found: dict[str, Trashed] = {}
        for entry in repo.log(head, grep="^Action: trash$"):
            named = trailers_of(entry.message).get("Record", [])
            for change in entry.changes:
                place = locate(change.path)
                if place is None or change.old is None:
                    continue
                content = repo.blob(change.old)
                for record in _records(place, change.path, content, change.old, named):
                    item = Trashed(record, change.path, change.old, entry.commit, entry.when, entry.author)
                    found.setdefault(record.id, item)
        return [item for record_id, item in found.items() if find(repo, tree, record_id) is None]


def _records(place: Location, path: str, content: bytes, blob: str, named: Sequence[str]) -> list[Record]:
    """The records among `named` that a removed file (or list) held; an unreadable one keeps its identifier."""
    records = read_file(content, path, blob).records
    if place.id and not records:
        records = [TYPES[place.type_name]({}, id=place.id, path=path, blob=blob)]
    return [record for record in records if record.id in named]


def undelete(store: Repository, record_id: str, *, author: str, when: dt.datetime) -> Saved:
    """Take a record out of the trash, byte for byte; RecordNotFound when it is not there."""
    item = next((item for item in trashed(store) if item.record.id == record_id), None)
    if item is None:
        raise RecordNotFound(record_id)
    found = item
    slot = Slot.of(type(found.record), record_id)
    said = journal.undeleted(found.record)
    result: list[str] = []

    def prepare(ground: Ground) -> Sequence[Step]:
        if find(ground.repo, ground.tree, record_id) is not None:
            raise RecordExists(record_id)
        _blob, content = file_at(ground.repo, ground.tree, slot.path)
        alone = ground.repo.blob(found.blob)
        whole = slot.written(found.record.data, content) if slot.record_type.collective else alone
        result[:] = [hash_of("blob", whole or b"")]
        return [Step({slot.path: whole}, message(said, [], Trailers("undelete", [record_id])))]

    newest = commit(store, author, when, prepare)
    return Saved(record_id, slot.path, newest, result[0], (said,))


def restore(
    store: Repository,
    record_id: str,
    version: str,
    *,
    author: str,
    when: dt.datetime,
    field: str | None = None,
    reviewed_by: str | None = None,
) -> Saved:
    """Take a record, or one of its fields, back to what it was at commit `version`, as a new save."""
    with store.repo() as repo:
        tree = repo.commit(store.head_of(repo)).tree
        slot = find(repo, tree, record_id)
        if slot is None:
            slot = _slot_at(repo, version, record_id)
        _old_blob, old = version_at(repo, slot, version)
        blob, content = file_at(repo, tree, slot.path)
        present = blob is not None and slot.read(content) is not None
    if field is not None and field not in slot.record_type.fields:
        raise RevisionUnknown(field)
    fields = dict(old.data) if field is None else {field: old.data.get(field)}
    return save(
        store,
        slot.record_type,
        record_id,
        fields,
        base_blob=blob if present else None,
        author=author,
        when=when,
        action="restore",
        reviewed_by=reviewed_by,
        whole=field is None,
    )


def _slot_at(repo: GitRepo, version: str, record_id: str) -> Slot:
    slot = find(repo, repo.commit(version).tree, record_id)
    if slot is None:
        raise RecordNotFound(record_id)
    return slot


def _found(ground: Ground, record_id: str) -> Slot:
    slot = find(ground.repo, ground.tree, record_id)
    if slot is None:
        raise RecordNotFound(record_id)
    return slot


def _readable(slot: Slot, content: bytes | None, blob: str | None) -> Record:
    """The record for a sentence; an empty one when its file cannot be read (it may be thrown away all the same)."""
    records = read_file(content or b"", slot.path, blob or "").records
    found = next((record for record in records if record.id == slot.id), None)
    return found if found is not None else slot.record_type({}, id=slot.id)


def referrers(snapshot: Snapshot, slot: Slot) -> list[str]:
    """Identifiers of the records that name this one, by their declared references."""
    kind = slot.record_type.type_name
    return [
        record.id
        for record in snapshot
        if record.id != slot.id and slot.id in _targets(type(record).fields, record.data, kind)
    ]


def cited(snapshot: Snapshot, going: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of the records that are about to go (type, identifier), those that a record which stays names, or lies under."""
    kinds = {type_name for type_name, _record_id in going}
    found: set[tuple[str, str]] = set()
    for record in snapshot:
        if (record.type_name, record.id) in going:
            continue
        for kind in kinds:
            found |= {(kind, named) for named in _targets(type(record).fields, record.data, kind)}
        if record.type_name != "edition" and record.path.startswith("editions/"):
            found.add(("edition", record.path.split("/")[1]))
    return found & set(going)


def _targets(fields: Mapping[str, Field[Any]], data: Mapping[str, Plain], kind: str) -> Iterator[str]:
    """Everything of type `kind` that plain data refers to."""
    for name, plain in data.items():
        field = fields.get(name)
        if isinstance(field, Ref) and field.to == kind:
            yield str(plain)
        elif isinstance(field, Refs) and field.to == kind:
            yield from plain
        elif isinstance(field, Group):
            yield from _targets(field.part.fields, plain, kind)
        elif isinstance(field, Rows):
            for row in plain:
                yield from _targets(field.part.fields, row, kind)
