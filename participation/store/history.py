"""The past of a record: its versions, what changed between any two, who last changed a field.

Reading only. Sentences are made when asked for, by `participation.journal`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from participation import journal
from participation.journal import FRENCH, Voice
from participation.messages import mark as _
from participation.records.fields import Plain
from participation.store.content import Repository
from participation.store.errors import RecordNotFound
from participation.store.git import GitRepo, LogEntry
from participation.store.objects import is_hash
from participation.store.slots import Slot, file_at, find, version_at
from participation.store.writing import trailers_of
from participation.yamltext.reader import read_file

_CHUNK = 300  # commits read at once
UNITED = _("Réunion de ce que deux machines avaient enregistré en même temps.")
MERGE = "merge"  # the action of a commit that unites what two machines saved


@dataclass(frozen=True, slots=True)
class Version:
    """One change of a record: `blob` is its file after it (None: removed), `before` the file it came from.

    `action` is one word: create, save, import, restyle, restore, trash, undelete, merge, or "" for a change made by
    hand.
    """

    record_id: str
    commit: str
    when: dt.datetime
    author: str
    action: str
    subject: str
    reviewed_by: str
    blob: str | None
    before: str | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs between two versions: plain values, None where there is none."""

    field: str
    before: Plain | None
    after: Plain | None


def history(store: Repository, record_id: str, *, limit: int | None = None, skip: int = 0) -> list[Version]:
    """The versions of a record, newest first; RecordNotFound when there never was one."""
    with store.repo() as repo:
        head = store.head_of(repo)
        slot = _slot(repo, head, record_id)
        entries = repo.log(head, slot.path, limit=limit, skip=skip)
        if not entries and not skip:
            raise RecordNotFound(record_id)
        # A commit that unites two sides and takes one of them over changes nothing itself.
        versions = [_version(entry, slot) for entry in entries if entry.changes]
        if slot.record_type.collective:
            versions = [
                version for version in versions if _data(repo, slot, version.blob) != _data(repo, slot, version.before)
            ]
        return versions


def _slot(repo: GitRepo, head: str, record_id: str) -> Slot:
    """The record's place now, or where it was when it was removed."""
    slot = find(repo, repo.commit(head).tree, record_id)
    if slot is not None:
        return slot
    for entry in (
        repo.log(head, grep=f"^Record: {record_id}$".replace(".", r"\."), limit=1) if _plain(record_id) else []
    ):
        before = repo.commit(entry.commit).parents
        for commit in (entry.commit, *before):
            found = find(repo, repo.commit(commit).tree, record_id)
            if found is not None:
                return found
    raise RecordNotFound(record_id)


def _plain(record_id: str) -> bool:
    return record_id.replace("-", "").replace("_", "").replace(".", "").isalnum()


def _version(entry: LogEntry, slot: Slot) -> Version:
    trailers = trailers_of(entry.message)
    change = next((change for change in entry.changes if change.path == slot.path), None)
    return Version(
        slot.id,
        entry.commit,
        entry.when,
        entry.author,
        trailers.get("Action", [""])[0],
        entry.message.partition("\n")[0],
        trailers.get("Reviewed-by", [""])[0].partition(" <")[0],
        change.new if change else None,
        change.old if change else None,
    )


def _data(repo: GitRepo, slot: Slot, blob: str | None) -> Mapping[str, Plain]:
    """The record's usable data in a file; empty when it is not there or cannot be read."""
    if blob is None:
        return {}
    records = read_file(repo.blob(blob), slot.path, blob).records
    return next((record.data for record in records if record.id == slot.id), {})


def sentences(store: Repository, versions: Sequence[Version], voice: Voice = FRENCH) -> list[list[str]]:
    """What each of these versions of one record changed, in sentences."""
    if not versions:
        return []
    found = []
    with store.repo() as repo:
        slot = _slot(repo, store.head_of(repo), versions[0].record_id)
        known: dict[str | None, Mapping[str, Plain]] = {}
        for version in versions:
            for blob in (version.before, version.blob):
                if blob not in known:
                    known[blob] = _data(repo, slot, blob)
            found.append(_said(slot, version, known[version.before], known[version.blob], voice))
    return found


def _said(
    slot: Slot, version: Version, before: Mapping[str, Plain], after: Mapping[str, Plain], voice: Voice
) -> list[str]:
    record = slot.record_type(after or before, id=slot.id)
    if version.action == MERGE:  # each side's own commits tell what they changed
        return [voice.translate(UNITED)]
    if version.blob is None or not after:
        return [journal.trashed(record, voice)]
    if version.before is None or not before:
        return [journal.undeleted(record, voice) if version.action == "undelete" else journal.created(record, voice)]
    if before == after:
        return [journal.restyled(record, voice)]
    return journal.sentences(slot.record_type, before, after, voice)


def difference(store: Repository, record_id: str, old: str, new: str) -> list[FieldChange]:
    """The fields that differ between a record at two commits, in declared order; RevisionUnknown where it was not."""
    with store.repo() as repo:
        slot = _slot(repo, store.head_of(repo), record_id)
        before, after = version_at(repo, slot, old)[1].data, version_at(repo, slot, new)[1].data
    return [
        FieldChange(name, before.get(name), after.get(name))
        for name in slot.record_type.fields
        if before.get(name) != after.get(name)
    ]


def authors_since(store: Repository, start: str, files: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """Path -> who changed that file up to commit `start`, the latest first, since it was the blob given (None: absent).

    A file that never was that blob has everybody who ever changed it. Where two sides were united, both are read to
    their end: a file may have been that blob on each.
    """
    open_ones = dict(files)
    found: dict[str, list[str]] = {path: [] for path in files}
    skip = 0
    both_sides: set[str] = set()  # commits of united sides that are still to come
    reached: set[str] = set()  # paths that were that blob, on one side at least
    with store.repo() as repo:
        while open_ones:
            entries = repo.log(start, limit=_CHUNK, skip=skip)
            for entry in entries:
                both_sides.discard(entry.commit)
                both_sides |= _sides(repo, entry)
                for change in entry.changes:
                    if change.path not in open_ones:
                        continue
                    if entry.author not in found[change.path]:
                        found[change.path].append(entry.author)
                    if change.old == open_ones[change.path]:
                        reached.add(change.path)
                if not both_sides:
                    for path in reached & open_ones.keys():
                        del open_ones[path]
            if len(entries) < _CHUNK:
                break
            skip += _CHUNK
    return {path: tuple(names) for path, names in found.items()}


def _sides(repo: GitRepo, entry: LogEntry) -> set[str]:
    """The commits that a commit unites, up to where its sides parted."""
    trailers = trailers_of(entry.message)
    base = trailers.get("Base", [""])[0]
    if trailers.get("Action") != [MERGE] or not is_hash(base):
        return set()
    return set(repo.reachable(entry.commit, [base])) - {entry.commit}


def last_changes(store: Repository, record_id: str, fields: Sequence[str] | None = None) -> dict[str, Version]:
    """Field -> the version that gave it its present value, for every field that has one (or had, if named)."""
    versions = history(store, record_id)
    found: dict[str, Version] = {}
    with store.repo() as repo:
        head = store.head_of(repo)
        slot = _slot(repo, head, record_id)
        now = _data(repo, slot, file_at(repo, repo.commit(head).tree, slot.path)[0])
        wanted = set(fields if fields is not None else now)
        for version in versions:
            if not wanted:
                break
            if version.action == MERGE:
                continue
            before, after = _data(repo, slot, version.before), _data(repo, slot, version.blob)
            for name in [name for name in wanted if before.get(name) != after.get(name) == now.get(name)]:
                found[name] = version
                wanted.discard(name)
    return found
