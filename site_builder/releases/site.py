"""The folder of a published site: what is live, one writer at a time, and getting over a crash.

How pages are staged is in `preparation`, taking back and forgetting in `kept`, the renames in `moves`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from site_builder.releases import disk, state
from site_builder.releases.errors import (
    AddressRefused,
    PublicationUnsettled,
    SiteBusy,
    from_disk,
    in_words,
)
from site_builder.releases.lock import SiteLock
from site_builder.releases.moves import Moves
from site_builder.releases.preparation import Preparation, address_fits
from site_builder.releases.state import Change, Page, Release

PATIENCE = 30.0  # seconds that a second publisher waits for the first
KEEP = 10  # releases that can be taken back
SEARCH, DATA, SHARING, ECO = "recherche/index", "donnees", "partage", "ecoconception"
SHARED = (SEARCH, DATA, SHARING, ECO)


class Site:
    """One published site. Close it, or use it as a context; not to be shared between threads."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, shared: Sequence[str], keep: int) -> None:
        self.folder = folder
        self.connection = connection
        """The SQLite connection of the state; a caller may keep tables of its own in the same file."""
        self.keep = keep
        self.trees = folder / "trees"
        self._shared = tuple(shared)
        self._lock = SiteLock(folder)

    @classmethod
    def open(
        cls, path: Path, *, database: Path | None = None, shared: Sequence[str] = SHARED, keep: int = KEEP
    ) -> Site:
        """Open the site in folder `path`, made when missing. A web server serves `path`/current.

        `database` is the SQLite file of the state, by default `path`/state.sqlite. `shared` names folders of derived
        files, which outlive releases (see `shared`). `keep` releases can be taken back.
        """
        with in_words():
            path = path.absolute()
            for name in ("trees", "staging", "kept", "trash", "shared"):
                (path / name).mkdir(parents=True, exist_ok=True)
            connection = state.connect(database or path / "state.sqlite")
        return cls(path, connection, shared, keep)

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------------ reading

    @property
    def live(self) -> Path:
        """The folder that is served: a symbolic link, missing before the first publication."""
        return self.folder / "current"

    def current(self) -> Release | None:
        """The release that is live. A caller whose own state is of another release must make that state anew."""
        with in_words():
            return state.current(self.connection)

    def find(self, address: str) -> Page | None:
        """What is live at an address, or None."""
        release = self.current()
        with in_words():
            return state.page(self.connection, release.tree, address) if release else None

    def pages(self, under: str = "") -> Iterator[Page]:
        """All live pages whose address begins with `under`, by address."""
        release = self.current()
        with in_words():
            if release:
                yield from state.pages(self.connection, release.tree, under)

    def releases(self) -> list[Release]:
        """The publications that went live, the newest first; `kept.returnable` tells which can be returned to."""
        with in_words():
            return state.releases(self.connection)

    def share(self, addresses: Iterable[str]) -> None:
        """Have folders of derived files at these addresses, too, as long as the site is open."""
        self._shared = tuple(dict.fromkeys([*self._shared, *addresses]))

    def shared(self, address: str) -> Path:
        """The folder of derived files that visitors see at `address`: linked from every tree, part of no release."""
        if address not in self._shared:
            raise AddressRefused(address)
        folder = self.folder / "shared" / address.replace("/", "~")
        with in_words():
            folder.mkdir(exist_ok=True)
            release = state.current(self.connection)
            if release is not None:
                self._link(release.tree, address)
        return folder

    # ------------------------------------------------------------------------------------------------ writing

    def release(self, source_commit: str, kind: str, *, fresh: bool = False, patience: float = PATIENCE) -> Preparation:
        """Begin a release, as a context; another publisher waits until it ends.

        `fresh` fills a new, empty tree, which goes live by switching one symbolic link (a new theme); so does the
        first publication. Any other release changes the live tree in place, at the price of what differs.
        """
        return self._begin(source_commit, kind, None, fresh=fresh, patience=patience)

    def return_to(self, release: Release, source_commit: str, kind: str, patience: float) -> Preparation:
        """Begin a release on the tree of an earlier one: for `kept.roll_back`."""
        return self._begin(source_commit, kind, release.tree, fresh=False, patience=patience)

    def _begin(self, source_commit: str, kind: str, tree: int | None, *, fresh: bool, patience: float) -> Preparation:
        self._lock.acquire(patience)
        try:
            self._settle()
            with in_words():
                before = state.current(self.connection)
                number = state.next_number(self.connection)
                if fresh or before is None:
                    tree = number
                    (self.trees / str(number)).mkdir()
                    self._link_shared(number)
                else:
                    self.staged(number).mkdir()
                    tree = before.tree if tree is None else tree
            return Preparation(self, number, tree, before, source_commit, kind)
        except BaseException:
            self._lock.release()
            raise

    def recover(self) -> None:
        """Finish or undo what a killed publication left. At once when another process publishes: that one did it."""
        try:
            self._lock.acquire(0)
        except SiteBusy:
            return
        try:
            self._settle()
        finally:
            self._lock.release()

    @contextmanager
    def alone(self, patience: float = PATIENCE) -> Iterator[None]:
        """Hold the site against other writers, with nothing left half done."""
        self._lock.acquire(patience)
        try:
            self._settle()
            yield
        finally:
            self._lock.release()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction of the state: committed at the end of the block, undone by any fault."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    # ------------------------------------------------------------------------------------------------ for `preparation`

    def staged(self, number: int) -> Path:
        return self.folder / "staging" / str(number)

    def kept(self, number: int) -> Path:
        return self.folder / "kept" / str(number)

    def check_address(self, address: str) -> None:
        """Raise AddressRefused unless a page may lie at `address`, a relative path inside the site."""
        if not address_fits(address) or any(f"{address}/".startswith(f"{name}/") for name in self._shared):
            raise AddressRefused(address)

    def carry_out(self, release: Release, changes: list[Change]) -> None:
        """Make a decided release live; when the disk refuses, put everything back and raise."""
        try:
            self._forward(release, changes)
        except (OSError, sqlite3.Error) as fault:
            self._undo(release, changes)
            raise from_disk(fault) from fault

    def close_preparation(self, number: int, tree: int, *, decided: bool) -> None:
        """Throw away what was staged, unless it is decided: then it has gone live, or `recover` needs it."""
        try:
            if not decided:
                self._throw_away(self.staged(number))
                if tree == number:
                    self._throw_away(self.trees / str(tree))
        finally:
            self._lock.release()

    # ------------------------------------------------------------------------------------------------ inside

    def _moves(self, release: Release) -> Moves:
        tree = self.trees / str(release.tree)
        return Moves(str(tree), str(self.staged(release.id)), str(self.kept(release.id)))

    def _forward(self, release: Release, changes: list[Change]) -> None:
        if release.tree != release.id:
            moves = self._moves(release)
            moves.forward(changes)
            disk.flush_batch(moves.folders(changes), self.folder)
            self._throw_away(self.staged(release.id))
        self._point_at(release.tree)
        with self._not_waiting_for_the_disk(), self.transaction() as connection:
            state.settle(connection, release.id, state.LIVE)

    def _undo(self, release: Release, changes: list[Change]) -> None:
        try:
            before = None if release.previous is None else state.release(self.connection, release.previous)
            self._point_at(before.tree if before else None)
            if release.tree != release.id:
                moves = self._moves(release)
                moves.backward(changes)
                disk.flush_batch(moves.folders(changes), self.folder)
            with self.transaction() as connection:
                state.undecide(connection, release, changes)
        except (OSError, sqlite3.Error) as fault:
            raise PublicationUnsettled(str(fault)) from fault
        self._throw_away(self.staged(release.id))
        self._throw_away(self.kept(release.id))
        if release.tree == release.id:
            self._throw_away(self.trees / str(release.tree))

    def _settle(self) -> None:
        """Under the lock: finish the release that was decided, if any, and sweep up what was only prepared."""
        with in_words():
            release = state.current(self.connection)
            if release is not None and release.status == state.DECIDED:
                changes = state.changes(self.connection, release.id)
                if release.tree == release.id:
                    whole = (self.trees / str(release.tree)).is_dir()
                else:
                    whole = self._moves(release).complete(changes)
                if whole:
                    self.carry_out(release, changes)
                else:
                    self._undo(release, changes)
            for left in (self.folder / "staging").iterdir():
                self._throw_away(left)
            newest = state.next_number(self.connection)
            if (self.trees / str(newest)).exists():  # prepared, never decided
                self._throw_away(self.trees / str(newest))

    def _point_at(self, tree: int | None) -> None:
        """Switch the live link to a tree, in one rename; None takes it away."""
        if tree is None:
            disk.unlink(str(self.live))
            return
        target = f"trees/{tree}"
        if self.live.is_symlink() and os.readlink(self.live) == target:
            return
        new = self.folder / "current.new"
        disk.unlink(str(new))
        new.symlink_to(target)
        new.replace(self.live)
        disk.flush([str(self.folder)])

    @contextmanager
    def _not_waiting_for_the_disk(self) -> Iterator[None]:
        """For a commit that may get lost in a power cut, because the renames are then simply done again."""
        self.connection.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            self.connection.execute("PRAGMA synchronous = FULL")

    def _link_shared(self, tree: int) -> None:
        for address in self._shared:
            self.shared(address)
            self._link(tree, address)

    def _link(self, tree: int, address: str) -> None:
        """Link a shared folder into a tree; one that an earlier version of Lauréat filled may lack it."""
        place = self.trees / str(tree) / address
        if place.is_symlink():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * (address.count("/") + 2)
        with suppress(FileExistsError):  # another process was quicker
            place.symlink_to(f"{up}shared/{address.replace('/', '~')}")

    def _throw_away(self, folder: Path) -> None:
        """Delete an empty folder; rename any other into the bin for `kept.clean`, which takes its time."""
        with suppress(OSError):
            folder.rmdir()
            return
        number = 0
        while folder.exists():
            bin_ = self.folder / "trash" / f"{folder.parent.name}-{folder.name}-{number}"
            number += 1
            if not bin_.exists():
                with suppress(OSError):  # the next start tries again
                    folder.rename(bin_)
                return
