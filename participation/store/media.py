"""Files under `media/`: added, replaced, described, put into the trash and taken out again, as every save is made.

A file's bytes come here as they are to be kept (the office draws pictures again before). What is known of it lies in
`library/<path>.yml` (`MediaFile`) and changes with it, in the same commit. Paths are below `media/`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from participation import journal, library
from participation.library import MEDIA, facts_path, files_of, is_path, read_facts
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records.base import check_raw
from participation.records.fields import Plain
from participation.records.media import MediaFile
from participation.store.content import Repository
from participation.store.errors import (
    Conflict,
    InvalidRecord,
    MediaChanged,
    MediaNotFound,
    RevisionUnknown,
    StillReferenced,
)
from participation.store.git import GitRepo, checked
from participation.store.merge import three_way
from participation.store.objects import hash_of
from participation.store.slots import file_at
from participation.store.snapshot import Snapshot
from participation.store.writing import Ground, Step, Trailers, commit, message, trailers_of

_MOST_NAMED = 20  # files in one message


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to add: the path it would like to have, its bytes, what is known of it."""

    path: str
    content: bytes
    facts: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Added:
    """Where a file lies now. `known`: the same bytes were there already, nothing was added."""

    path: str
    blob: str
    known: bool


@dataclass(frozen=True, slots=True)
class TrashedFile:
    """A file in the trash: what was known of it, since when, by whom; `blob` and `facts_blob` give it back."""

    path: str
    blob: str
    facts_blob: str | None
    facts: MediaFile
    commit: str
    when: dt.datetime
    author: str


def add(store: Repository, files: Sequence[NewFile], *, author: str, when: dt.datetime) -> list[Added]:
    """Add files in one commit, each under the first free name; the same bytes are never added twice.

    Two people who add one file at the same time share it: the second is told where it lies. Raises InvalidRecord for
    a path or facts that cannot be, StoreUnavailable; then nothing was added.
    """
    for one in files:
        if not is_path(one.path):
            raise InvalidRecord(one.path[:60], [Problem(_("Ce nom de fichier n’est pas utilisable."), field="file")])
        _demand_valid(one.path, one.facts)
    done: list[Added] = []

    def prepare(ground: Ground) -> Sequence[Step]:
        done.clear()
        there = _there(ground)
        by_blob = {blob: path for path, blob in reversed(there.items())}
        names = {path.casefold() for path in there}
        changes: dict[str, bytes | str | None] = {}
        said = []
        for one in files:
            blob = hash_of("blob", one.content)
            if blob in by_blob:
                done.append(Added(by_blob[blob], blob, known=True))
                continue
            path = _free(one.path, names)
            names.add(path.casefold())
            by_blob[blob] = path
            changes[f"{MEDIA}{path}"] = one.content
            changes[facts_path(path)] = _written(one.facts, None)
            done.append(Added(path, blob, known=False))
            said.append(library.said(library.ADDED, MediaFile(one.facts, id=path)))
        if not changes:
            return []
        new = [one.path for one in done if not one.known]
        subject = said[0] if len(said) == 1 else _("Fichiers ajoutés à la médiathèque\u00a0: %s.") % len(said)
        return [Step(changes, message(subject, said, _trailers("add-media", new)))]

    commit(store, author, when, prepare)
    return done


def replace(
    store: Repository, path: str, content: bytes, *, base_blob: str, source: str, author: str, when: dt.datetime
) -> str:
    """Put other bytes in the place of a file; its address and what is known of it stay. The new blob.

    `base_blob` is the file that was looked at, `source` the SHA-256 of what was dropped. Raises MediaNotFound,
    MediaChanged when somebody else replaced it meanwhile, StoreUnavailable; then nothing has changed.
    """

    def prepare(ground: Ground) -> Sequence[Step]:
        if _found(ground, path) != base_blob:
            raise MediaChanged(path)
        _facts_blob, facts_content = file_at(ground.repo, ground.tree, facts_path(path))
        facts = read_facts(path, facts_content)
        changes: dict[str, bytes | str | None] = {f"{MEDIA}{path}": content}
        if source:
            changes[facts_path(path)] = _written({**facts.data, "source": source}, facts_content)
        subject = library.said(library.REPLACED, facts)
        return [Step(changes, message(subject, [], _trailers("replace-media", [path])))]

    commit(store, author, when, prepare)
    return hash_of("blob", content)


def describe(
    store: Repository,
    path: str,
    fields: Mapping[str, Plain | None],
    *,
    base_blob: str | None,
    author: str,
    when: dt.datetime,
) -> bool:
    """Save what is known of a file (None empties a field); False when that changes nothing.

    `base_blob` is the file of facts that the form was made from, None when there was none. What somebody else changed
    meanwhile is merged by field. Raises Conflict, InvalidRecord, MediaNotFound or StoreUnavailable.
    """
    changed: list[bool] = []

    def prepare(ground: Ground) -> Sequence[Step]:
        changed[:] = [False]
        _found(ground, path)
        facts_blob, content = file_at(ground.repo, ground.tree, facts_path(path))
        theirs = read_facts(path, content).data
        before = theirs if base_blob == facts_blob else _base(ground.repo, path, base_blob)
        wanted = {**before, **fields}
        mine = {name: value for name, value in wanted.items() if value not in (None, "")}
        _demand_valid(path, mine)
        merged = three_way(MediaFile.fields, before, mine, theirs)
        if merged.conflicts:
            last = ground.repo.log(ground.head, facts_path(path), limit=1)
            raise Conflict(path, merged.conflicts, merged.data, facts_blob or "", last[0].author if last else "")
        if merged.data == theirs:
            return []
        changed[:] = [True]
        told = journal.sentences(MediaFile, theirs, merged.data)
        about = library.said(library.DESCRIBED, MediaFile(merged.data, id=path))
        files = {facts_path(path): _written(merged.data, content)}
        return [Step(files, message(about, told, _trailers("describe-media", [path])))]

    commit(store, author, when, prepare)
    return changed[0]


def trash(store: Repository, path: str, *, author: str, when: dt.datetime, force: bool = False) -> None:
    """Remove a file and what is known of it; StillReferenced when records show it or lead to it, unless forced."""

    def prepare(ground: Ground) -> Sequence[Step]:
        _found(ground, path)
        citing = [] if force else users(store.snapshot(ground.head), path)
        if citing:
            raise StillReferenced(path, citing)
        facts_blob, content = file_at(ground.repo, ground.tree, facts_path(path))
        files: dict[str, bytes | str | None] = {f"{MEDIA}{path}": None}
        if facts_blob is not None:
            files[facts_path(path)] = None
        subject = library.said(library.REMOVED, read_facts(path, content))
        return [Step(files, message(subject, [], _trailers("trash", [path])))]

    commit(store, author, when, prepare)


def trashed(store: Repository) -> list[TrashedFile]:
    """The files that lie in the trash, the latest first."""
    with store.repo() as repo:
        head = store.head_of(repo)
        tree = repo.commit(head).tree
        found: dict[str, TrashedFile] = {}
        for entry in repo.log(head, grep="^Action: trash$"):
            gone = {change.path: change.old for change in entry.changes if change.old is not None}
            for path in trailers_of(entry.message).get("File", []):
                blob, facts_blob = gone.get(f"{MEDIA}{path}"), gone.get(facts_path(path))
                if blob is not None and path not in found:
                    facts = read_facts(path, repo.blob(facts_blob) if facts_blob else None)
                    found[path] = TrashedFile(path, blob, facts_blob, facts, entry.commit, entry.when, entry.author)
        present = set(_there(Ground(repo, head, tree)).values())
        return [one for one in found.values() if one.blob not in present]


def undelete(store: Repository, path: str, *, author: str, when: dt.datetime) -> str:
    """Take a file out of the trash, byte for byte; where it lies now: another name where its own was taken meanwhile.

    Raises MediaNotFound when it is not in the trash.
    """
    item = next((one for one in trashed(store) if one.path == path), None)
    if item is None:
        raise MediaNotFound(path)
    found, place = item, [path]

    def prepare(ground: Ground) -> Sequence[Step]:
        place[:] = [_free(path, {name.casefold() for name in _there(ground)})]
        files: dict[str, bytes | str | None] = {f"{MEDIA}{place[0]}": found.blob}
        if found.facts_blob is not None:
            files[facts_path(place[0])] = found.facts_blob
        return [Step(files, message(library.said(library.BACK, found.facts), [], _trailers("undelete", place)))]

    commit(store, author, when, prepare)
    return place[0]


def users(snapshot: Snapshot, path: str) -> list[str]:
    """Identifiers of the records that show a file or lead to it, fields and texts."""
    return [record.id for record in snapshot if any(name == path for _field, name in files_of(record))]


# ---------------------------------------------------------------------------------------------------- inside


def _there(ground: Ground) -> dict[str, str]:
    """Path -> blob of everything below `media/`."""
    node = ground.repo.lookup(ground.tree, MEDIA.rstrip("/"))
    return {} if node is None or not node.is_folder else {one.path: one.blob for one in ground.repo.entries(node.hash)}


def _found(ground: Ground, path: str) -> str:
    node = ground.repo.lookup(ground.tree, f"{MEDIA}{path}")
    if node is None or node.is_folder:
        raise MediaNotFound(path)
    return node.hash


def _base(repo: GitRepo, path: str, blob: str | None) -> Mapping[str, Plain]:
    try:
        return read_facts(path, repo.blob(checked(blob)) if blob else None).data
    except RevisionUnknown:
        return {}


def _free(wanted: str, names: Iterable[str]) -> str:
    """The path, or the same with a number where it is taken: `pont.jpg`, `pont-2.jpg`."""
    taken = set(names)
    stem, dot, end = wanted.rpartition(".")
    path, number = wanted, 1
    while path.casefold() in taken:
        number += 1
        path = f"{stem}-{number}{dot}{end}"
    return path


def _demand_valid(path: str, facts: Mapping[str, Plain]) -> None:
    problems = [one for one in check_raw(MediaFile, facts).problems if one.severity is Severity.ERROR]
    unknown = [name for name in facts if name not in MediaFile.fields]
    problems += [Problem(_("Ce champ n’existe pas."), field=name) for name in unknown]
    if problems:
        raise InvalidRecord(path, problems)


def _written(facts: Mapping[str, Plain], original: bytes | None) -> bytes:
    from participation.yamltext.writer import write  # noqa: PLC0415  # needed by writers only

    data = {name: value for name, value in facts.items() if value not in (None, "")}
    return write(MediaFile, data, original)


def _trailers(action: str, paths: Sequence[str]) -> Trailers:
    return Trailers(action, more=[("File", path) for path in paths[:_MOST_NAMED]])
