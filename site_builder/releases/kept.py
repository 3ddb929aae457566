"""What releases replaced: taking a release back, forgetting pages for good, and deleting what is no longer kept."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from site_builder.releases import disk, state
from site_builder.releases.errors import ReleaseUnknown, in_words
from site_builder.releases.moves import file_name
from site_builder.releases.site import PATIENCE, Site
from site_builder.releases.state import Page, Release


def returnable(site: Site) -> list[Release]:
    """The earlier releases that can be returned to, the newest first."""
    found = site.releases()
    trees = _needed_trees(site, found)
    return [
        target
        for target in found[1:]
        if target.tree in trees and not any(release.dropped for release in _after(target, found))
    ]


def returning(site: Site, target: Release) -> list[str]:
    """The addresses of pages that `roll_back` to this release may bring."""
    with in_words():
        whole = state.pages(site.connection, target.tree) if target.tree != _live_tree(site) else ()
        changed = (page.address for page, path in _as_it_was(site, target) if path is not None)
        return [*(page.address for page in whole), *changed]


def roll_back(
    site: Site,
    number: int | None,
    now: dt.datetime,
    author: str,
    summary: str,
    *,
    also: Callable[[sqlite3.Connection], None] | None = None,
    patience: float = PATIENCE,
) -> Release | None:
    """Make live again what was live after release `number`, by default after the one before the live one.

    That is a release like others, and can itself be taken back; the price is that of what differs. None when nothing
    differs. The keys of the pages come back with them. A page that was forgotten stays as it is now.
    """
    with site.alone(patience):
        target = _known(site, number)
        live = site.current()
        if live is not None and live.id != target.id and target not in returnable(site):
            raise ReleaseUnknown(number)
        with site.return_to(target, target.source_commit, "rollback", patience) as preparation, in_words():
            for page, path in _as_it_was(site, target):
                if path is None:
                    preparation.remove(page.address)
                elif path.exists():
                    preparation.adopt(page, path)
            return preparation.commit(now, author, summary, also)


def holding(site: Site, says: Callable[[bytes], bool]) -> set[str]:
    """The addresses of which a kept version, not the live one, says it: what `forget` should be called with."""
    found: set[str] = set()
    with site.alone(), in_words():
        for release in state.releases(site.connection):
            for change in state.changes(site.connection, release.id):
                if _holds(site.kept(release.id) / file_name(change.address), says):
                    found.add(change.address)
        for tree in _other_trees(site):
            for page in state.pages(site.connection, int(tree.name)):
                if _holds(tree / page.address, says):
                    found.add(page.address)
    return found


def forget(site: Site, addresses: Iterable[str]) -> None:
    """Delete the kept versions of some pages from every release: an erasure reaches what could be taken back, too.

    Publish the pages without what is to be erased first: a release that is returned to shows these pages as they are
    live, or not at all. May be repeated after a crash.
    """
    addresses = list(addresses)
    names = [file_name(address) for address in addresses]
    with site.alone(), in_words():
        for folder in (site.folder / "kept").iterdir():
            for name in names:
                disk.unlink(str(folder / name))
        for tree in _other_trees(site):
            for address in addresses:
                _replace_by_live(site, tree, address)
        _empty_bin(site)


def clean(site: Site) -> None:
    """Delete what is older than the releases that can be taken back. For the worker: a whole tree takes its time."""
    with site.alone(), in_words():
        found = state.releases(site.connection)
        trees = _needed_trees(site, found)
        window = {str(release.id) for release in found[: site.keep]}
        with site.transaction() as connection:
            for release in found[site.keep :]:
                if not release.dropped:
                    connection.execute("UPDATE site_release SET dropped = 1 WHERE id = ?", [release.id])
                    connection.execute("DELETE FROM site_change WHERE release = ?", [release.id])
            marks = ", ".join("?" * len(trees))
            connection.execute(f"DELETE FROM site_page WHERE tree NOT IN ({marks})", sorted(trees))  # noqa: S608 — constants
        for folder in (site.folder / "kept").iterdir():
            if folder.name not in window:
                disk.delete_tree(folder)
        for folder in site.trees.iterdir():
            if int(folder.name) not in trees:
                disk.delete_tree(folder)
        _empty_bin(site)


def _known(site: Site, number: int | None) -> Release:
    """The release that is meant: `number`, or the one before that which is live."""
    if number is None:
        live = site.current()
        number = live.previous if live else None
    found = None
    if number is not None:
        with in_words():
            found = state.release(site.connection, number)
    if found is None or found.status != state.LIVE:
        raise ReleaseUnknown(number)
    return found


def _after(target: Release, releases: Iterable[Release]) -> list[Release]:
    """The releases that changed the tree of `target` after it."""
    return [release for release in releases if release.id > target.id and release.tree == target.tree]


def _needed_trees(site: Site, releases: list[Release]) -> set[int]:
    """The live tree, and those from which one of the kept releases switched away. `releases`: the newest first."""
    by_number = {release.id: release for release in releases}
    befores = [by_number.get(release.previous or 0) for release in releases[: site.keep]]
    return {release.tree for release in [*releases[:1], *befores] if release is not None}


def _as_it_was(site: Site, target: Release) -> list[tuple[Page, Path | None]]:
    """Each address changed since `target` in its tree, with the kept file of then; None where there was no page."""
    first: dict[str, tuple[Page, Path | None]] = {}
    later = _after(target, state.releases(site.connection))
    for release in reversed(later):
        for change in state.changes(site.connection, release.id):
            if change.old is not None:
                path = site.kept(release.id) / file_name(change.address)
                first.setdefault(change.address, (change.old, path))
            elif change.new is not None:
                first.setdefault(change.address, (change.new, None))
    return list(first.values())


def _other_trees(site: Site) -> list[Path]:
    return [folder for folder in site.trees.iterdir() if folder.name != str(_live_tree(site))]


def _live_tree(site: Site) -> int | None:
    live = state.current(site.connection)
    return live.tree if live is not None else None


def _replace_by_live(site: Site, tree: Path, address: str) -> None:
    place = tree / address
    if not place.exists():
        return
    live = site.find(address)
    number = int(tree.name)
    with site.transaction() as connection:
        if live is None:
            state.drop_pages(connection, number, [address])
        else:
            state.set_pages(connection, number, [live])
    if live is None:
        disk.unlink(str(place))
    else:
        new = str(place) + ".new"
        disk.unlink(new)
        disk.second_name(str(site.live / address), new)
        Path(new).replace(place)


def _empty_bin(site: Site) -> None:
    for folder in (site.folder / "trash").iterdir():
        disk.delete_tree(folder)


def _holds(path: Path, says: Callable[[bytes], bool]) -> bool:
    try:
        return says(path.read_bytes())
    except FileNotFoundError:
        return False
