"""From staged to live and back: the renames of a release, each of which may be repeated or reversed at any time.

Whether a page has gone live is told by the files alone: its staged file is there or not. So a process that was killed
between two renames is followed by one that does them all again, forwards or backwards. Nothing is decided here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from site_builder.releases import disk
from site_builder.releases.state import Change


def file_name(address: str) -> str:
    """The name of a staged or kept file: flat, so that no folder is made for it, and never too long."""
    return hashlib.sha256(address.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Moves:
    """The three folders between which the files of one release move, all on one file system."""

    live: str
    staged: str
    kept: str

    def forward(self, changes: Iterable[Change]) -> None:
        """Make everything live: new pages first, then changed ones, and last remove those that vanish.

        So no page that can be read links to one that is not there yet, or no longer.
        """
        disk.make_folder(self.kept)
        added, changed, removed = _in_order(changes)
        for change in added + changed:
            self._show(change)
        for change in removed:
            live = f"{self.live}/{change.address}"
            with contextlib.suppress(FileNotFoundError):  # removed already
                disk.rename(live, f"{self.kept}/{file_name(change.address)}")
            disk.remove_empty(disk.parent(live), self.live)

    def backward(self, changes: Iterable[Change]) -> None:
        """Put everything back as it was before `forward`, however far that came."""
        disk.make_folder(self.staged)
        added, changed, removed = _in_order(changes)
        for change in removed + changed:
            self._put_back(change)
        for change in added:
            live, staged = f"{self.live}/{change.address}", f"{self.staged}/{file_name(change.address)}"
            if not os.path.lexists(staged):
                with contextlib.suppress(FileNotFoundError):
                    disk.rename(live, staged)
            disk.remove_empty(disk.parent(live), self.live)

    def complete(self, changes: Iterable[Change]) -> bool:
        """Whether every new content is there, staged or live already, whole."""
        for change in changes:
            if change.new is None:
                continue
            places = (f"{self.staged}/{file_name(change.address)}", f"{self.live}/{change.address}")
            if not any(_holds(place, change.new.digest) for place in places):
                return False
        return True

    def folders(self, changes: Iterable[Change]) -> list[str]:
        """The folders whose names these moves change, to be flushed."""
        found = {self.live, self.kept, self.staged}
        for change in changes:
            folder = disk.parent(f"{self.live}/{change.address}")
            while folder not in found:
                found.add(folder)
                folder = disk.parent(folder)
        return sorted(found)

    def _show(self, change: Change) -> None:
        name = file_name(change.address)
        live, staged = f"{self.live}/{change.address}", f"{self.staged}/{name}"
        if not os.path.lexists(staged):
            return  # live already
        if change.old is None:
            disk.make_folder(disk.parent(live))
        else:
            with contextlib.suppress(FileExistsError, FileNotFoundError):  # kept already; or taken away by other hands
                disk.second_name(live, f"{self.kept}/{name}")
        _move(staged, live)

    def _put_back(self, change: Change) -> None:
        name = file_name(change.address)
        live, staged, kept = f"{self.live}/{change.address}", f"{self.staged}/{name}", f"{self.kept}/{name}"
        if not os.path.lexists(kept):
            return  # never left, or back already
        if change.new is None:
            disk.make_folder(disk.parent(live))
        elif not os.path.lexists(staged):
            disk.second_name(live, staged)
        _move(kept, live)


def _move(source: str, target: str) -> None:
    """Rename over; the source has always gone afterwards, also when both names are of one file."""
    disk.rename(source, target)
    disk.unlink(source)


def _in_order(changes: Iterable[Change]) -> tuple[list[Change], list[Change], list[Change]]:
    added: list[Change] = []
    changed: list[Change] = []
    removed: list[Change] = []
    for change in changes:
        (removed if change.new is None else added if change.old is None else changed).append(change)
    return added, changed, removed


def _holds(place: str, digest: str) -> bool:
    try:
        return hashlib.sha256(Path(place).read_bytes()).hexdigest() == digest
    except OSError:
        return False
