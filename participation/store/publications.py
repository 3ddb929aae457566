"""What is public: a chain of its own, `refs/laureat/published`, composed from `main` and from what was public before.

Each publication is a commit: its tree is main's, with held-back and faulty records as they were last published
(absent if they never were) and embargoed states and fields still hidden; its first parent is the previous publication,
its last the commit of main that it took. The reference never moves back: a rollback is a publication of an older tree.
Pages are made from it elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from participation import journal, library
from participation.journal import FRENCH, Voice
from participation.layout import locate
from participation.messages import mark as _
from participation.records import TYPES, Record
from participation.records.fields import Plain
from participation.records.media import MediaFile
from participation.store.content import Repository
from participation.store.errors import RevisionUnknown
from participation.store.git import PUBLISHED, Changed, GitRepo, signature
from participation.store.lock import locked
from participation.store.objects import EMPTY_TREE, Commit
from participation.store.writing import Trailers, message, move, trailers_of
from participation.yamltext.reader import read_file

_MOST_NAMED = 200  # identifiers of one kind in a publication's message


@dataclass(frozen=True, slots=True)
class Publication:
    """One link of the chain. `main` is the commit of main that it took; identifiers of what it held back."""

    commit: str
    tree: str
    previous: str | None
    main: str
    when: dt.datetime
    author: str
    action: str
    subject: str
    held_back: tuple[str, ...] = ()
    faulty: tuple[str, ...] = ()
    embargoed: tuple[str, ...] = ()
    reviewed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """One record (or other file) that publishing would change. `kind` is "new", "changed", "removed" or "held".

    "held" changes nothing yet: all of it waits for `embargo`, the earliest moment at which more may be said.
    """

    path: str
    record_id: str
    type_name: str
    title: str
    kind: str
    sentences: tuple[str, ...]
    embargo: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class _Composed:
    """The published tree to be: the files in which it differs from main, and who is embargoed until when."""

    files: dict[str, bytes | str | None]
    embargoes: dict[str, dt.datetime]
    held: tuple[str, ...]
    faulty: tuple[str, ...]


def publish(
    store: Repository,
    *,
    author: str,
    when: dt.datetime,
    main: str | None = None,
    hold_back: Collection[str] = (),
    faulty: Collection[str] = (),
    reviewed_by: Collection[str] = (),
) -> Publication | None:
    """Publish main (or an earlier commit of it) at `when`; None when that changes nothing public.

    `hold_back` and `faulty` name records by identifier, other files by path; they stay as published. `reviewed_by`
    are the pseudonyms of those who read it before.
    """
    prepared = prepare(
        store, author=author, when=when, main=main, hold_back=hold_back, faulty=faulty, reviewed_by=reviewed_by
    )
    if prepared is not None:
        confirm(store, prepared)
    return prepared


def prepare(
    store: Repository,
    *,
    author: str,
    when: dt.datetime,
    main: str | None = None,
    hold_back: Collection[str] = (),
    faulty: Collection[str] = (),
    reviewed_by: Collection[str] = (),
) -> Publication | None:
    """The publication that `publish` would make, written but not yet in the chain: pages can be made from it first."""
    signature(author)
    with store.repo() as repo:
        before = _latest(repo)
        main = main or store.head_of(repo)
        source = repo.commit(main)
        was = before.tree if before is not None else EMPTY_TREE
        composed = _compose(repo, was, source.tree, hold_back, faulty, when)
        tree, new = repo.build(source.tree, composed.files)
        if before is not None and tree == was:
            return None
        count = sum(1 for _change in repo.diff(was, tree))
        more = [
            (name, record_id)
            for name, ids in (
                ("Held-back", composed.held),
                ("Faulty", composed.faulty),
                ("Embargoed", tuple(composed.embargoes)),
            )
            for record_id in ids[:_MOST_NAMED]
        ]
        text = message(
            _("Publication, fichiers changés\u00a0: %s.") % count,
            [],
            Trailers("publish", (), None, (("Main", main), *more, *_reviewed(reviewed_by))),
        )
        parents = [main] if before is None else [before.commit, main]
        return publication_of(repo.commit(repo.write_commit(tree, new, parents, text, author, when)))


def confirm(store: Repository, prepared: Publication) -> None:
    """Make a prepared publication the latest one. Raises ReferenceMoved when another one came first."""
    with locked(store.path) as lock, store.repo() as repo:
        move(repo, PUBLISHED, prepared.commit, prepared.previous, lock)


def rollback(
    store: Repository, to: str | None = None, *, author: str, when: dt.datetime, reviewed_by: Collection[str] = ()
) -> Publication | None:
    """Publish again what publication `to` (the one before the latest by default) showed; None when it shows already.

    Raises RevisionUnknown for a commit that is no publication.
    """
    prepared = prepare_rollback(store, to, author=author, when=when, reviewed_by=reviewed_by)
    if prepared is not None:
        confirm(store, prepared)
    return prepared


def prepare_rollback(
    store: Repository, to: str | None = None, *, author: str, when: dt.datetime, reviewed_by: Collection[str] = ()
) -> Publication | None:
    """The publication that `rollback` would make, written but not yet in the chain."""
    signature(author)
    with store.repo() as repo:
        latest = _latest(repo)
        if latest is None:
            raise RevisionUnknown(to or "")
        target = next((one for one in _chain(repo) if one.commit == (to or latest.previous)), None)
        if target is None:
            raise RevisionUnknown(to or "")
        if target.tree == latest.tree:
            return None
        stamp = f"{target.when:%d/%m/%Y %H:%M}"
        text = message(
            _("Retour à la publication du %s.") % stamp,
            [],
            Trailers("rollback", (), None, (("Main", target.main), ("To", target.commit), *_reviewed(reviewed_by))),
        )
        commit = repo.write_commit(target.tree, [], [latest.commit, target.main], text, author, when)
        return publication_of(repo.commit(commit))


def publication_of(commit: Commit) -> Publication:
    """A link of the chain from its commit."""
    trailers = trailers_of(commit.message)
    return Publication(
        commit.hash,
        commit.tree,
        commit.parents[0] if len(commit.parents) > 1 else None,
        commit.parents[-1],
        commit.when,
        commit.author,
        trailers.get("Action", [""])[0],
        commit.message.partition("\n")[0],
        tuple(trailers.get("Held-back", ())),
        tuple(trailers.get("Faulty", ())),
        tuple(trailers.get("Embargoed", ())),
        tuple(name.partition(" <")[0] for name in trailers.get("Reviewed-by", ())),
    )


def _reviewed(pseudonyms: Collection[str]) -> list[tuple[str, str]]:
    return [("Reviewed-by", signature(one)) for one in sorted(pseudonyms)]


def latest(store: Repository) -> Publication | None:
    """The publication that is public now, None before the first."""
    with store.repo() as repo:
        return _latest(repo)


def publications(store: Repository, *, limit: int = 50) -> list[Publication]:
    """The publications, newest first."""
    with store.repo() as repo:
        return [one for one, _number in zip(_chain(repo), range(limit), strict=False)]


def pending(
    store: Repository,
    when: dt.datetime,
    *,
    main: str | None = None,
    hold_back: Collection[str] = (),
    faulty: Collection[str] = (),
    voice: Voice = FRENCH,
) -> list[Pending]:
    """What publishing main at `when` would change, record by record, in sentences; by path."""
    with store.repo() as repo:
        before = _latest(repo)
        was = before.tree if before is not None else EMPTY_TREE
        source = repo.commit(main or store.head_of(repo)).tree
        composed = _compose(repo, was, source, hold_back, faulty, when)
        tree, new = repo.build(source, composed.files)
        fresh = {item.hash: item.body for item in new if item.kind == "blob"}
        changes = {change.path: change for change in repo.diff(was, tree)}
        found = [item for change in changes.values() for item in _told(repo, change, fresh, composed, voice)]
        for path in composed.files:  # all of the change waits
            place = locate(path)
            if path not in changes and place is not None and place.id in composed.embargoes:
                record = _record(repo, path, _blob_at(repo, source, path), fresh)
                title = record.display_title if record is not None else place.id
                until = composed.embargoes[place.id]
                found.append(Pending(path, place.id, place.type_name, title, "held", (), until))
        return sorted(found, key=lambda item: item.path)


# ---------------------------------------------------------------------------------------------------- the chain


def _latest(repo: GitRepo) -> Publication | None:
    return next(_chain(repo), None)


def _chain(repo: GitRepo) -> Iterator[Publication]:
    commit = repo.resolve(PUBLISHED)
    while commit is not None:
        found = publication_of(repo.commit(commit))
        yield found
        commit = found.previous


# ---------------------------------------------------------------------------------------------------- composing


def _compose(
    repo: GitRepo, was: str, source: str, hold_back: Collection[str], faulty: Collection[str], when: dt.datetime
) -> _Composed:
    """What of main stays as published. Only files that differ from what is public are looked at."""
    composed = _Composed({}, {}, tuple(sorted(hold_back)), tuple(sorted(faulty)))
    staying = {*hold_back, *faulty}
    for change in repo.diff(was, source):
        place = locate(change.path)
        names = {change.path} if place is None else {place.id, change.path}
        if not names.isdisjoint(staying):
            composed.files[change.path] = change.old
        elif place is not None and place.id and change.new is not None:
            _embargo(repo, change, when, composed)
    return composed


def _embargo(repo: GitRepo, change: Changed, when: dt.datetime, composed: _Composed) -> None:
    """Take out of a changed record what may not be told at `when`."""
    record = _record(repo, change.path, change.new, {})
    if record is None:
        return
    moments = [moment for moment in _moments(record.data) if moment > when]
    if not moments:
        return
    composed.embargoes[record.id] = min(moments)
    published = _record(repo, change.path, change.old, {})
    data = _without_embargoed(record.data, {} if published is None else published.data, when)
    if data is None:
        composed.files[change.path] = change.old
    else:
        from participation.yamltext.writer import write  # noqa: PLC0415  # only an embargo writes

        composed.files[change.path] = write(type(record), data, repo.blob(change.new or ""))


def _moments(data: Mapping[str, Plain]) -> Iterator[dt.datetime]:
    """The moments from which a record, or a state of it, may be told."""
    for holder in (data, *(data.get("status") or ())):
        if holder.get("visible_from"):
            yield dt.datetime.fromisoformat(holder["visible_from"])


def _without_embargoed(
    data: Mapping[str, Plain], published: Mapping[str, Plain], when: dt.datetime
) -> dict[str, Plain] | None:
    """The data with embargoed states gone and the fields they hold as last published; None: nothing of it yet."""
    if data.get("visible_from") and dt.datetime.fromisoformat(data["visible_from"]) > when:
        return None
    rows = data.get("status") or []
    held = [row for row in rows if any(moment > when for moment in _moments({**row, "status": ()}))]
    kept = [row for row in rows if row not in held]
    if not kept:
        return None
    names = {name for row in held for name in row.get("holds", ())} - {"status"}
    composed = {name: value for name, value in data.items() if name not in names}
    composed |= {name: published[name] for name in names if name in published}
    return composed | {"status": kept}


# ---------------------------------------------------------------------------------------------------- telling


def _blob_at(repo: GitRepo, tree: str, path: str) -> str | None:
    node = repo.lookup(tree, path)
    return None if node is None else node.hash


def _record(repo: GitRepo, path: str, blob: str | None, fresh: Mapping[str, bytes]) -> Record | None:
    """The record in a file of its own, None when it is not there or cannot be read."""
    if blob is None:
        return None
    records = read_file(fresh[blob] if blob in fresh else repo.blob(blob), path, blob).records
    return records[0] if records else None


def _told(
    repo: GitRepo, change: Changed, fresh: Mapping[str, bytes], composed: _Composed, voice: Voice
) -> Iterator[Pending]:
    """One changed file as what its records become."""
    place = locate(change.path)
    if place is None:
        kind = "new" if change.old is None else "removed" if change.new is None else "changed"
        words = {"new": library.ADDED, "removed": library.REMOVED, "changed": library.REPLACED}[kind]
        file = change.path.removeprefix(library.MEDIA)
        told = (library.said(words, MediaFile({}, id=file), voice),) if file != change.path else ()
        if not change.path.startswith(library.FACTS):  # what is known of a file is never public
            yield Pending(change.path, "", "", change.path, kind, told)
        return
    sides: list[dict[str, Record]] = []
    for blob in (change.old, change.new):
        content = b"" if blob is None else fresh[blob] if blob in fresh else repo.blob(blob)
        records: Sequence[Record] = read_file(content, change.path).records if blob is not None else []
        if blob is not None and place.id and not records:
            records = [TYPES[place.type_name]({}, id=place.id)]
        sides.append({record.id: record for record in records})
    before, after = sides
    for record_id in dict.fromkeys([*before, *after]):
        old, new = before.get(record_id), after.get(record_id)
        if new is None and old is not None:
            kind, said = "removed", [journal.trashed(old, voice)]
        elif old is None and new is not None:
            kind, said = "new", [journal.created(new, voice)]
        elif old is not None and new is not None and (old.data != new.data or place.id):
            kind = "changed"
            said = journal.sentences(type(new), old.data, new.data, voice) or [journal.restyled(new, voice)]
        else:
            continue
        shown = new if new is not None else old
        title = "" if shown is None else shown.display_title
        yield Pending(
            change.path, record_id, place.type_name, title, kind, tuple(said), composed.embargoes.get(record_id)
        )
