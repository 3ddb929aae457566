"""A release being prepared: pages are staged, compared with what is live, and go live together or not at all.

Nothing a visitor can read changes before `commit`. What is rendered, and why, is the caller's business.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from site_builder.releases import disk, state
from site_builder.releases.errors import AddressRefused, in_words
from site_builder.releases.moves import file_name
from site_builder.releases.state import Change, Page, Release

if TYPE_CHECKING:
    from site_builder.releases.site import Site

LONGEST_NAME = 255  # bytes, on the file systems in use
_PLAIN = re.compile(r"(?:(?!\.{1,2}(?:/|$))[^/\\\x00-\x1f\x7f]+(?:/(?=.)|$))+")


@dataclass(frozen=True, slots=True)
class Staging:
    """Where pages are written before they go live. It may be sent to another process, which writes there itself."""

    folder: str
    fresh: bool  # pages lie at their address in a tree of their own; else flat, under names made of the address

    def path(self, address: str) -> str:
        return f"{self.folder}/{address if self.fresh else file_name(address)}"

    def write(self, address: str, data: bytes, key: str = "") -> Page:
        """Stage a page and tell what was written; hand that to `Preparation.take`."""
        with in_words(address):
            disk.write(self.path(address), data)
        return Page(address, hashlib.sha256(data).hexdigest(), len(data), key)


class Preparation:
    """One release in the making, as a context: left without `commit`, nothing has happened."""

    def __init__(
        self, site: Site, number: int, tree: int, live_before: Release | None, source_commit: str, kind: str
    ) -> None:
        self._site = site
        self._number = number
        self._tree = tree
        self._before = live_before
        self._source_commit = source_commit
        self._kind = kind
        self._new: dict[str, Page] = {}
        self._removed: set[str] = set()
        self._rekeyed: dict[str, Page] = {}
        self._decided = False
        self.fresh = tree == number
        """Whether this release fills a tree of its own, in which everything has to be put."""
        folder = site.trees / str(tree) if self.fresh else site.staged(number)
        self.staging = Staging(str(folder), self.fresh)

    def live(self, address: str) -> Page | None:
        """What lies at an address now, in the tree that this release changes; None in a fresh one."""
        return None if self.fresh else state.page(self._site.connection, self._tree, address)

    def put(self, address: str, data: bytes, key: str = "") -> bool:
        """Stage the content of an address. False when the same content is live already: then nothing is written."""
        self._site.check_address(address)
        if not self.fresh:
            digest = hashlib.sha256(data).hexdigest()
            with in_words():
                page = self.live(address)
            if page is not None and page.digest == digest:
                self._unchanged(page, key)
                return False
        return self._take(self.staging.write(address, data, key))

    def take(self, page: Page) -> bool:
        """Count in a page staged by `staging.write`, perhaps in another process. False when it is live already."""
        self._site.check_address(page.address)
        return self._take(page)

    def _take(self, page: Page) -> bool:
        with in_words():
            live = self.live(page.address)
        if live is not None and live.digest == page.digest:
            disk.unlink(self.staging.path(page.address))
            self._unchanged(live, page.key)
            return False
        self._removed.discard(page.address)
        self._rekeyed.pop(page.address, None)
        self._new[page.address] = page
        return True

    def remove(self, address: str) -> bool:
        """Have an address vanish. False when there is nothing at it."""
        if self._new.pop(address, None) is not None:
            disk.unlink(self.staging.path(address))
        self._rekeyed.pop(address, None)
        with in_words():
            found = self.live(address) is not None
        if found:
            self._removed.add(address)
        return found

    def commit(
        self,
        now: dt.datetime,
        author: str,
        summary: str,
        also: Callable[[sqlite3.Connection], None] | None = None,
    ) -> Release | None:
        """Make everything live, and return the release; None when no file differs from what is live.

        `also` writes rows of the caller's in the transaction that decides: they are there if and only if the
        release goes live. (Should the disk then refuse a rename, the release is undone and `Site.current` tells that
        these rows are of another release.) `now` is an aware instant.
        """
        with in_words():
            changes = self._changes()
            if not changes and self._before is not None and self._tree == self._before.tree:
                with self._site.transaction() as connection:
                    state.set_pages(connection, self._tree, self._rekeyed.values())
                    if also is not None:
                        also(connection)
                return None
            self._flush()
            made = self._made(now, author, summary, changes)
            with self._site.transaction() as connection:
                state.decide(connection, made, () if self.fresh else changes)
                if self.fresh:
                    state.set_pages(connection, self._tree, self._new.values())
                state.set_pages(connection, self._tree, self._rekeyed.values())
                if also is not None:
                    also(connection)
            self._decided = True
        self._site.carry_out(made, [] if self.fresh else changes)
        return replace(made, status=state.LIVE)

    def adopt(self, page: Page, path: Path) -> bool:
        """Stage a kept file, whose content is known, under a second name: nothing is read or copied."""
        live = self.live(page.address)
        if live is not None and live.digest == page.digest:
            self._unchanged(live, page.key)
            return False
        disk.second_name(str(path), self.staging.path(page.address))
        self._new[page.address] = page
        return True

    def _unchanged(self, live: Page, key: str) -> None:
        if self._new.pop(live.address, None) is not None:  # put twice, and the second time as it was
            disk.unlink(self.staging.path(live.address))
        self._removed.discard(live.address)
        if key != live.key:
            self._rekeyed[live.address] = live._replace(key=key)

    def _changes(self) -> list[Change]:
        if self.fresh:
            return [Change(address, None, page) for address, page in self._new.items()]
        changes = [Change(address, self.live(address), page) for address, page in self._new.items()]
        changes += [Change(address, self.live(address), None) for address in self._removed]
        changes.sort(key=lambda change: change.address)
        _refuse_file_in_place_of_folder(self._site.trees / str(self._tree), changes)
        return changes

    def _flush(self) -> None:
        folder = Path(self.staging.folder)
        if self.fresh:
            disk.flush_all(folder)
        else:
            paths = [self.staging.path(address) for address in self._new]
            disk.flush_batch([*paths, self.staging.folder], folder)

    def _made(self, now: dt.datetime, author: str, summary: str, changes: list[Change]) -> Release:
        return Release(
            id=self._number,
            tree=self._tree,
            previous=self._before.id if self._before else None,
            status=state.DECIDED,
            kind=self._kind,
            source_commit=self._source_commit,
            at=now.isoformat(timespec="seconds"),
            author=author,
            summary=summary,
            added=sum(change.old is None for change in changes),
            changed=sum(change.old is not None and change.new is not None for change in changes),
            removed=sum(change.new is None for change in changes),
            dropped=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._site.close_preparation(self._number, self._tree, decided=self._decided)


def address_fits(address: str) -> bool:
    """Whether an address is a plain relative path, such as `projets/2021-P007/index.html`."""
    if not _PLAIN.fullmatch(address):
        return False
    return len(address) * 4 <= LONGEST_NAME or all(
        len(part.encode(errors="replace")) <= LONGEST_NAME for part in address.split("/")
    )


def _refuse_file_in_place_of_folder(tree: Path, changes: list[Change]) -> None:
    """A page cannot take the place of a folder, nor a folder that of a page, even one that this release removes."""
    for change in changes:
        if change.old is not None or change.new is None:
            continue
        place = tree / change.address
        if place.is_dir():
            raise AddressRefused(change.address)
        folder = place.parent
        while not folder.is_dir():
            if folder.is_file():
                raise AddressRefused(change.address)
            folder = folder.parent
