"""Saving records: compare, merge field by field, write, commit. The contract of every save is here.

A save is the record's fields, the blob they were read at, an account's pseudonym and the time. Whatever happened since
is merged; only a field that both sides changed differently is asked about (`Conflict`). A save that changes nothing
makes no commit; a file that is not in canonical style is restyled in a commit of its own first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from participation import journal
from participation.layout import locate
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import Record
from participation.records.base import check_raw
from participation.records.fields import Plain, Required
from participation.store.cache import encode, key_of
from participation.store.content import Repository
from participation.store.errors import Conflict, InvalidRecord, RecordExists, RecordNotFound
from participation.store.git import GitRepo, checked
from participation.store.merge import three_way
from participation.store.objects import hash_of
from participation.store.slots import Slot, file_at, find
from participation.store.writing import Ground, Step, Trailers, commit, commit_prepared, message
from participation.yamltext.reader import read_file

Fields = Mapping[str, Plain | None]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did. `merged` names the fields in which somebody else's change was taken over.

    `nothing_changed`: no commit was made, `commit` is the newest one there was.
    """

    record_id: str
    path: str
    commit: str
    blob: str
    sentences: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    nothing_changed: bool = False


@dataclass(frozen=True, slots=True)
class SavedMany:
    """What one commit of many changes did, by identifier; all unchanged means that no commit was made."""

    commit: str
    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One of many: the whole data of a record, or None to remove it.

    `base_blob` is the file it was worked out from; without one, the record becomes `data` whatever it was, unless it is
    `fresh`: then RecordExists is raised when somebody made a record of that number first.
    """

    record_type: type[Record]
    id: str
    data: Mapping[str, Plain] | None
    base_blob: str | None = None
    fresh: bool = False


@dataclass(slots=True)
class _Work:
    """The files of one commit in the making; later changes to a file see the earlier ones."""

    ground: Ground
    styled: dict[str, bytes | str | None] = field(default_factory=dict)
    files: dict[str, bytes | str | None] = field(default_factory=dict)

    def current(self, path: str) -> tuple[str | None, bytes | None]:
        content = self.files.get(path)
        if isinstance(content, bytes):
            return hash_of("blob", content), content
        return (None, None) if path in self.files else file_at(self.ground.repo, self.ground.tree, path)

    def put(self, slot: Slot, data: Mapping[str, Plain] | None, original: bytes | None) -> str:
        """Write a record into its file, the file restyled first if need be; the new blob."""
        from participation.yamltext.writer import restyled  # noqa: PLC0415  # needed by writers only

        if original is not None and data is not None and not slot.record_type.collective:
            shaped = restyled(slot.record_type, original)
            if shaped is not None and shaped != original:
                self.styled[slot.path] = original = shaped
        content = slot.written(data, original)
        self.files[slot.path] = content
        return "" if content is None else hash_of("blob", content)

    def readings(self) -> dict[bytes, bytes]:
        """What reading the files will give, for the cache: who reads after many changes finds them read."""
        found = {}
        for path, content in self.files.items():
            if isinstance(content, bytes) and (place := locate(path)) is not None:
                blob = hash_of("blob", content)
                found[key_of(place.type_name, blob)] = encode(read_file(content, path, blob))
        return found

    def steps(self, last: str, note: str) -> list[Step]:
        """The commits: styles first, when there are any."""
        found = [Step(self.styled, note)] if self.styled else []
        return [*found, Step(self.files, last)] if self.files else found


def save(
    store: Repository,
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
    """Save the given fields of a record (None empties one); with `whole`, fields that are not given are emptied too.

    `base_blob` is the blob the form was read at, None for a new record. Raises Conflict, InvalidRecord, RecordExists,
    RecordNotFound (removed meanwhile) or StoreUnavailable; then nothing was saved.
    """
    slot = Slot.of(record_type, record_id)
    result: list[Saved] = []

    def prepare(ground: Ground) -> Sequence[Step]:
        work = _Work(ground)
        result[:] = [_one(work, slot, fields, base_blob, whole=whole)]
        saved = result[0]
        if saved.nothing_changed:
            return []
        trailers = Trailers("create" if base_blob is None and action == "save" else action, [record_id], reviewed_by)
        note = message(journal.restyled(Record({}, id=record_id)), [], Trailers("restyle", [record_id]))
        return work.steps(message(journal.summary(saved.sentences), saved.sentences, trailers), note)

    newest = commit(store, author, when, prepare)
    done = result[0]
    return Saved(record_id, slot.path, newest, done.blob, done.sentences, done.merged, done.nothing_changed)


def save_many(
    store: Repository,
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
    """Many changes as one commit, or none at all: the first refused change refuses everything.

    Others save meanwhile without waiting: see `writing.commit_prepared`.
    `files` are written (None removes one) in the same commit as they are: ballots, which are no records.
    """
    slots = [Slot.of(change.record_type, change.id) for change in changes]
    done: dict[str, list[str]] = {}

    def prepare(ground: Ground) -> Sequence[Step]:
        done.clear()
        work = _Work(ground)
        for index, (change, slot) in enumerate(zip(changes, slots, strict=True)):
            done.setdefault(_many(work, change, slot), []).append(change.id)
            if progress is not None:
                progress(index + 1)
        touched = [record_id for kind, ids in done.items() if kind != "unchanged" for record_id in ids]
        note = message(_("Mise en forme des fichiers, sans changement de contenu."), [], Trailers("restyle"))
        store.cache.put(work.readings())
        work.files |= files
        return work.steps(message(subject, lines, Trailers(action, touched)), note) if touched or files else []

    paths, ids = {slot.path for slot in slots} | files.keys(), {slot.id for slot in slots}

    def concerned(moved: Sequence[str]) -> bool:
        """True when a file of ours moved, or one that may have taken an identifier of ours."""
        places = (locate(path) for path in moved)
        return not paths.isdisjoint(moved) or any(place.id in ids or not place.id for place in places if place)

    newest = commit_prepared(store, author, when, prepare, concerned)
    return SavedMany(newest, **{kind: tuple(ids) for kind, ids in done.items()})


def _many(work: _Work, change: Change, slot: Slot) -> str:
    """Carry out one of many changes: "created", "changed", "removed" or "unchanged"."""
    blob, content = work.current(slot.path)
    known = slot.read(content, blob or "") is not None
    if change.data is None:
        if not known:
            return "unchanged"
        work.put(slot, None, content)
        return "removed"
    if known and change.fresh:
        raise RecordExists(slot.id)
    saved = _one(work, slot, change.data, (change.base_blob or blob) if known else None, whole=True)
    return "unchanged" if saved.nothing_changed else "changed" if known else "created"


def _one(work: _Work, slot: Slot, fields: Fields, base_blob: str | None, *, whole: bool) -> Saved:
    """Merge one record's fields into the work; what it would save, or why not, without any commit."""
    repo = work.ground.repo
    blob, content = work.current(slot.path)
    theirs = slot.read(content, blob or "")
    if base_blob is None:
        _assert_free(repo, work.ground.tree, slot, theirs)
    elif theirs is None:
        raise RecordNotFound(slot.id)
    base = theirs if base_blob == blob else _base(repo, slot, base_blob)
    before: Mapping[str, Plain] = {} if base is None else base.data
    mine = _mine(slot, before, fields, whole=whole)
    now: Mapping[str, Plain] = {} if theirs is None else theirs.data
    merged = three_way(slot.record_type.fields, before, mine, now)
    if merged.conflicts:
        last = repo.log(work.ground.head, slot.path, limit=1)
        raise Conflict(slot.id, merged.conflicts, merged.data, blob or "", last[0].author if last else "")
    settled = slot.record_type.settled(now, merged.data)
    if theirs is not None and settled == theirs.data:
        return Saved(slot.id, slot.path, "", blob or "", nothing_changed=True)
    new_blob = work.put(slot, settled, content)
    if theirs is None:
        said = [journal.created(slot.record_type(merged.data, id=slot.id))]
    else:
        said = journal.sentences(slot.record_type, now, merged.data)
    foreign = [name for name in slot.record_type.fields if now.get(name) != before.get(name)] if theirs else []
    return Saved(slot.id, slot.path, "", new_blob, tuple(said), tuple(foreign))


def _assert_free(repo: GitRepo, tree: str, slot: Slot, theirs: Record | None) -> None:
    if theirs is not None or (not slot.record_type.collective and find(repo, tree, slot.id) is not None):
        raise RecordExists(slot.id)


def _base(repo: GitRepo, slot: Slot, base_blob: str | None) -> Record | None:
    """The record that the form was made from."""
    return None if base_blob is None else slot.read(repo.blob(checked(base_blob)), base_blob)


def _mine(slot: Slot, before: Mapping[str, Plain], fields: Fields, *, whole: bool) -> dict[str, Plain]:
    """The whole record as this side wants it, checked; InvalidRecord names every field that cannot be saved."""
    wanted = {**({} if whole else before), **fields}
    if slot.record_type.collective:
        wanted["id"] = slot.id
    given = {name: value for name, value in wanted.items() if value not in (None, "", [], {})}
    found = check_raw(slot.record_type, given)
    missing = {
        one.name for one in slot.record_type.fields.values() if one.required is Required.SAVE
    } - found.data.keys()
    refused = [
        problem
        for problem in found.problems
        if problem.severity is Severity.ERROR and (problem.field in missing or problem.field.split(".")[0] in given)
    ]
    unknown = [name for name in given if name not in slot.record_type.fields]
    refused += [Problem(_("Ce champ n’existe pas."), field=name) for name in unknown]
    if refused:
        raise InvalidRecord(slot.id, [problem.at(slot.path) for problem in refused])
    return found.data
