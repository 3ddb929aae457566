"""One exchange with the remote: look, fetch, unite, push; again when somebody else was quicker.

What was saved here stays reachable, whatever happens: both sides of a split become the two parents of one commit, and
references only ever move forward, here and there. The publications stay one chain: what was published on both sides
is published again, on top of what the remote has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from participation.messages import mark as _
from participation.store.content import Repository
from participation.store.errors import ReferenceMoved
from participation.store.git import MAIN, PUBLISHED, GitRepo, signature
from participation.store.history import MERGE
from participation.store.lock import locked
from participation.store.objects import EMPTY_TREE
from participation.store.publications import Publication, publications
from participation.store.remote import (
    SEEN,
    SHARED,
    Remote,
    RemoteFaulty,
    RemoteMoved,
    accept,
    incoming,
    lacking,
    look,
    merge_base,
    note,
    push,
)
from participation.store.remote_merge import Clash, unite
from participation.store.remote_vetting import MOST_LINKS, chain, common_ground, readable
from participation.store.writing import Trailers, message, move

AUTHOR = "laureat"  # nobody's pseudonym: what the program does by itself
ROUNDS = 6
Keep = Callable[[str, Sequence[Clash]], None]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What an exchange did: commits sent, commits taken over, whether the public content moved, what to ask about."""

    sent: int = 0
    received: int = 0
    public_moved: bool = False
    clashes: tuple[Clash, ...] = ()


def waiting(store: Repository) -> int:
    """How many saves the remote has not got, as far as is known without asking it."""
    with store.repo() as repo:
        return lacking(repo, store.head_of(repo), repo.resolve(SEEN[MAIN]), saves=True)


def exchange(
    store: Repository,
    remote: Remote,
    when: Callable[[], dt.datetime],
    keep: Keep = lambda _commit, _clashes: None,
    alive: Callable[[], None] = lambda: None,
) -> Exchanged:
    """Bring this repository and the remote to the same point.

    `keep` is told what a person must choose, with the commit that unites, before that commit is in the content;
    `alive` is called between the steps. Raises RemoteError, or the store's errors: what was saved then waits.
    """
    total = Exchanged()
    for _round in range(ROUNDS):
        alive()
        with store.repo() as repo:
            there = look(repo, remote)
            taken = _take(store, repo, remote, there, when, keep)
            alive()
            total = _added(total, taken)
            local = {name: here for name in SHARED if (here := repo.resolve(name)) is not None}
            wanted = {name: here for name, here in local.items() if here != there.get(name)}
            sent = lacking(repo, wanted[MAIN], there.get(MAIN)) if MAIN in wanted else 0
            try:
                if wanted:
                    push(repo, remote, wanted)
            except RemoteMoved:
                continue
            return _added(total, Exchanged(sent=sent))
    raise RemoteMoved("the remote kept moving")


def _added(one: Exchanged, more: Exchanged) -> Exchanged:
    return Exchanged(
        one.sent + more.sent,
        one.received + more.received,
        one.public_moved or more.public_moved,
        (*one.clashes, *more.clashes),
    )


def _take(
    store: Repository, repo: GitRepo, remote: Remote, there: dict[str, str], when: Callable[[], dt.datetime], keep: Keep
) -> Exchanged:
    """Take over what the remote has and we have not."""
    if MAIN not in there:
        if PUBLISHED in there:
            raise RemoteFaulty(_("Le dépôt distant a des publications et pas de contenus."))
        return Exchanged()  # an empty remote
    head = store.head_of(repo)
    if all(_has(repo, name, commit) for name, commit in there.items()):
        for name, commit in there.items():
            note(repo, name, commit)
        return Exchanged()
    with incoming(repo, remote, there) as arrived:
        there.update({name: came for name in list(there) if (came := arrived.resolve(name)) is not None})
        theirs = there[MAIN]
        common_ground(arrived, head, theirs)
        links = chain(arrived, there.get(PUBLISHED), (head, theirs))
        if links:
            readable(arrived, links[0].tree)
        accept(repo, arrived)
    received = lacking(repo, theirs, head)
    clashes = _unite_content(store, repo, theirs, when(), keep)
    moved = _unite_publications(store, repo, links, when()) if links else False
    for name, commit in there.items():
        note(repo, name, commit)
    return Exchanged(0, received, moved, tuple(clashes))


def _has(repo: GitRepo, name: str, commit: str) -> bool:
    """True when what the remote has under that name is part of what is here under it already."""
    here = repo.resolve(name)
    if here is None:
        return False
    return commit in (here, repo.resolve(SEEN[name])) or commit in set(repo.reachable(here))


# ---------------------------------------------------------------------------------------------------- content


def _unite_content(store: Repository, repo: GitRepo, theirs: str, when: dt.datetime, keep: Keep) -> list[Clash]:
    """Move main to a commit that has both sides; what a person must choose."""
    for _attempt in range(ROUNDS):
        with locked(store.path) as lock:
            ours = store.head_of(repo)
            base = merge_base(repo, ours, theirs)
            if base == theirs:
                return []
            if base is None:
                raise RemoteFaulty("", "no common commit")
            clashes: list[Clash] = []
            newest = theirs
            if base != ours:
                newest, clashes = _merged(repo, base, ours, theirs, when)
                keep(newest, clashes)
            try:
                move(repo, MAIN, newest, ours, lock)
            except ReferenceMoved:
                keep(newest, ())
                continue
            return clashes
    raise RemoteMoved("main kept moving")


def _merged(repo: GitRepo, base: str, ours: str, theirs: str, when: dt.datetime) -> tuple[str, list[Clash]]:
    done = unite(repo, *(repo.commit(one).tree for one in (base, ours, theirs)))
    asked = [
        ("Clash", " ".join(filter(None, (one.record_id or one.path, one.kind.value, *one.fields))))
        for one in done.clashes
    ]
    text = message(
        _("Réunion des enregistrements de deux machines."),
        [],
        Trailers(MERGE, list(dict.fromkeys(done.records)), None, (("Base", base), *asked[:200])),
    )
    return repo.write_commit(done.tree, done.new, [theirs, ours], text, AUTHOR, when), done.clashes


# ---------------------------------------------------------------------------------------------------- publications


def _unite_publications(store: Repository, repo: GitRepo, theirs: Sequence[Publication], when: dt.datetime) -> bool:
    """Put what was published here on top of the remote's chain, or take that chain; True when what is public moved."""
    with locked(store.path) as lock:
        tip = repo.resolve(PUBLISHED)
        if tip == theirs[0].commit:
            return False
        newest, tree = _republished(store, repo, theirs, tip, when)
        if newest == tip:
            return False
        before = repo.commit(tip).tree if tip is not None else ""
        move(repo, PUBLISHED, newest, tip, lock)
        return tree != before


def _republished(
    store: Repository, repo: GitRepo, theirs: Sequence[Publication], tip: str | None, when: dt.datetime
) -> tuple[str, str]:
    """The newest link of the one chain, and its tree."""
    newest = theirs[0]
    if tip is None:
        return newest.commit, newest.tree
    ours = publications(store, limit=MOST_LINKS)
    theirs_known = {one.commit for one in theirs}
    ours_known = {one.commit for one in ours}
    if newest.commit in ours_known:  # the remote has gone back, or has not got ours yet
        return tip, ours[0].tree
    behind = set(repo.reachable(newest.commit))
    if tip in behind:  # theirs stands on ours
        return newest.commit, newest.tree
    shared = next((one for one in ours if one.commit in theirs_known), None)
    mine = ours[: ours.index(shared)] if shared is not None else ours
    taken_back = any(one.action == "rollback" for one in mine)
    done = unite(
        repo,
        shared.tree if shared is not None else EMPTY_TREE,
        ours[0].tree,
        newest.tree,
        prefer_ours=taken_back,
    )
    head = store.head_of(repo)  # it has the main of both
    more = [
        (name, value)
        for name, attribute in (("Held-back", "held_back"), ("Faulty", "faulty"), ("Embargoed", "embargoed"))
        for value in sorted({*getattr(ours[0], attribute), *getattr(newest, attribute)})
    ]
    readers = sorted({*(name for one in mine for name in one.reviewed_by), *newest.reviewed_by})
    reviewed = [("Reviewed-by", signature(name)) for name in readers]
    text = message(
        _("Réunion de publications faites sur deux machines."),
        [],
        Trailers("publish", (), None, (("Main", head), ("Joined", tip), *more, *reviewed)),
    )
    # The publication that it unites stands between its two usual parents: it stays reachable, the chain stays one.
    parents = [newest.commit, tip, head]
    return repo.write_commit(done.tree, done.new, parents, text, AUTHOR, when), done.tree
