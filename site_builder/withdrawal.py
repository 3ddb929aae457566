"""Taking the label of a person out of a site for good: live pages, derived files, caches and every kept release.

The registry knows the person no more, or knows that they agree no longer, before this begins. It may be repeated:
killed anywhere, the next run does what is left.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from site_builder import publish
from site_builder.index import open_index
from site_builder.labels import finder
from site_builder.people import Asked, nobody
from site_builder.releases import Site
from site_builder.releases.kept import forget, holding

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Pages that changed on the live site, pages of earlier releases that went, pages that still say it.

    `still` are addresses: somebody typed the words into a text, and only a correction takes them out of there.
    """

    changed: int
    forgotten: int
    still: tuple[str, ...]


def withdraw(
    content: Path,
    site: Path,
    labels: Collection[str],
    *,
    when: dt.datetime,
    people: Asked = nobody,
    templates: Path | None = None,
    processes: int = 2,
) -> Withdrawn:
    """Take these labels out of the site; `people` gives those who may still be named. For the worker.

    Raises what a publication raises; what was done till then stays done, and the next call goes on.
    """
    labels = [label for label in labels if label.strip()]
    says = finder(labels)
    with Site.open(site) as place, place.alone():
        place.recover()
        if place.current() is None or not labels:
            return Withdrawn(0, 0, ())
        changed = publish.build_again(content, place, when, people=people(), templates=templates, processes=processes)
        found = holding(place, says)
        forget(place, found)
        _forget_caches(site)
        still = [page.address for page in place.pages() if _says(place.live / page.address, says)]
    publish.make_data(content, site, when, templates, people)
    publish.index_search(site, forget=True)
    return Withdrawn(changed, len(found), tuple(still[:MOST_NAMED]))


def _says(file: Path, says: Callable[[bytes], bool]) -> bool:
    try:
        return says(file.read_bytes())
    except FileNotFoundError:
        return False


def _forget_caches(site: Path) -> None:
    """Articles made before go; the index, which is of today, keeps no trace of yesterday in its free pages."""
    for file in (site / "cache").glob("fragments*.sqlite*"):
        file.unlink()
    for file in site.glob("index*.sqlite"):
        with closing(open_index(file)) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with closing(sqlite3.connect(site / "state.sqlite", timeout=30)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
