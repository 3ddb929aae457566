"""Where a build goes: a plain folder, or a site with releases. Both offer the same few operations to the build."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from participation.messages import mark as _
from participation.problems import LaureatError
from site_builder.releases import Page, Preparation, Site, Staging, disk
from site_builder.releases import state as manifest
from site_builder.releases.errors import in_words
from site_builder.releases.site import DATA, ECO, SHARING

STAMP = ".laureat-build"
_TREE = 0


class Session(Protocol):
    """One build under way: files are staged, and go live together when `finish` is called."""

    staging: Staging
    fresh: bool

    def live(self, address: str) -> Page | None:
        """What lies at an address now."""

    def put(self, address: str, data: bytes, key: str = "") -> bool:
        """Stage a file; False when the same bytes are live already."""

    def take(self, page: Page) -> bool:
        """Count in a file staged by another process."""

    def remove(self, address: str) -> bool:
        """Have an address vanish."""

    def finish(self) -> int:
        """Make it live; the number of files that changed."""


class Target(Protocol):
    """A place that is kept between builds."""

    def mark(self) -> str:
        """What names the state of the place: when it differs from what was noted, the index is not of this place."""

    def index_file(self) -> Path:
        """Where the index of this place lies."""

    def live_pages(self) -> Iterator[Page]:
        """All files that are live."""

    def speak(self, folders: Iterable[str]) -> None:
        """Be told the folders of all languages ("" for the main one) before a build begins."""

    def data_folder(self, language: str = "") -> Path:
        """Where the files of open data lie, beside the pages and part of no release.

        In the folder of another language than the main one lies only the page that lists them.
        """

    def sharing_folder(self) -> Path:
        """Where the files to share lie, likewise."""

    def eco_folder(self, language: str = "") -> Path:
        """Where the page of eco-design and its measures lie, likewise."""

    def session(self, source_key: str, *, fresh: bool) -> AbstractContextManager[Session]:
        """Begin a build."""


class NotOurFolder(LaureatError):
    """The folder to build into holds files that no build of ours wrote."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("Le dossier «\u00a0%s\u00a0» contient déjà autre chose qu’un site fabriqué par Lauréat.") % folder,
            kept=_("Rien n’y a été changé."),
            hint=_("Choisissez un dossier vide ou un nouveau nom."),
        )


class FolderTarget:
    """A plain folder: `laureat build --out DIR`. What it holds is noted beside the cache, under the folder's stamp."""

    def __init__(self, folder: Path, states: Path) -> None:
        self.folder = folder.absolute()
        name = hashlib.blake2b(str(self.folder).encode(), digest_size=8).hexdigest()
        self._states = states / name
        self._states.mkdir(parents=True, exist_ok=True)
        self.connection = manifest.connect(self._states / "manifest.sqlite")

    def close(self) -> None:
        """Close the manifest."""
        self.connection.close()

    def mark(self) -> str:
        stamp = self.folder / STAMP
        return stamp.read_text() if stamp.is_file() else ""

    def index_file(self) -> Path:
        return self._states / "index.sqlite"

    def speak(self, folders: Iterable[str]) -> None:
        kept = {f"{folder}{one}" for folder in folders for one in (DATA, ECO)}
        for page in self.folder.glob("[a-z][a-z]/*/index.html"):
            told = page.parent.name in (DATA, ECO)
            if told and page.parent.relative_to(self.folder).as_posix() not in kept:
                disk.unlink(str(page))
                disk.remove_empty(str(page.parent), str(self.folder))

    def data_folder(self, language: str = "") -> Path:
        return self.folder / language / DATA

    def sharing_folder(self) -> Path:
        return self.folder / SHARING

    def eco_folder(self, language: str = "") -> Path:
        return self.folder / language / ECO

    def live_pages(self) -> Iterator[Page]:
        return manifest.pages(self.connection, _TREE)

    @contextmanager
    def session(self, source_key: str, *, fresh: bool) -> Iterator[Session]:
        """Begin a build; `fresh` starts from an empty folder."""
        with in_words():
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self.mark() and any(self.folder.iterdir()):
                raise NotOurFolder(self.folder)
            if fresh:
                self._empty()
                (self.folder / STAMP).write_text(secrets.token_hex(8))
        yield _FolderSession(self.folder, self.connection, fresh=fresh)

    def _empty(self) -> None:
        """Remove the files that we wrote, never any other."""
        if not self.mark():
            self.connection.execute("DELETE FROM site_page")
            return
        for page in list(self.live_pages()):
            disk.unlink(str(self.folder / page.address))
            disk.remove_empty(str((self.folder / page.address).parent), str(self.folder))
        self.connection.execute("DELETE FROM site_page")


class _FolderSession:
    """Files are written where they lie: at once in a fresh folder, else beside and renamed at the end."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, *, fresh: bool) -> None:
        self._folder = folder
        self._connection = connection
        self.fresh = fresh
        place = folder if fresh else folder / ".laureat-staging"
        place.mkdir(exist_ok=True)
        self.staging = Staging(str(place), fresh)
        self._new: dict[str, Page] = {}
        self._gone: set[str] = set()

    def live(self, address: str) -> Page | None:
        return None if self.fresh else manifest.page(self._connection, _TREE, address)

    def put(self, address: str, data: bytes, key: str = "") -> bool:
        page = self.live(address)
        if page is not None and page.digest == hashlib.sha256(data).hexdigest():
            if page.key != key:
                manifest.set_pages(self._connection, _TREE, [Page(address, page.digest, page.size, key)])
            return False
        return self.take(self.staging.write(address, data, key))

    def take(self, page: Page) -> bool:
        self._new[page.address] = page
        self._gone.discard(page.address)
        return True

    def remove(self, address: str) -> bool:
        if self.live(address) is None:
            return False
        self._gone.add(address)
        return True

    def finish(self) -> int:
        with in_words():
            if not self.fresh:
                for address in self._new:
                    place = self._folder / address
                    place.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(self.staging.path(address), place)  # noqa: PTH105  # strings on a hot path
                for address in self._gone:
                    disk.unlink(str(self._folder / address))
                    disk.remove_empty(str((self._folder / address).parent), str(self._folder))
                disk.delete_tree(Path(self.staging.folder))
            self._connection.execute("BEGIN")
            manifest.set_pages(self._connection, _TREE, self._new.values())
            manifest.drop_pages(self._connection, _TREE, self._gone)
            self._connection.execute("COMMIT")
        return len(self._new) + len(self._gone)


class SiteTarget:
    """A site with releases: what `laureat publish` changes."""

    def __init__(self, site: Site, now: dt.datetime, author: str, summary: str, kind: str = "publication") -> None:
        self.site = site
        self._now = now
        self._author = author
        self._summary = summary
        self._kind = kind

    def mark(self) -> str:
        release = self.site.current()
        return str(release.id) if release else ""

    @staticmethod
    def index_of(site: Site) -> Path:
        """Where the index of a site lies."""
        return site.folder / "index.sqlite"

    def index_file(self) -> Path:
        return self.index_of(self.site)

    def speak(self, folders: Iterable[str]) -> None:
        self.site.share(f"{folder}{one}" for folder in folders for one in (DATA, ECO))

    def data_folder(self, language: str = "") -> Path:
        return self.site.shared(f"{language}{DATA}")

    def sharing_folder(self) -> Path:
        return self.site.shared(SHARING)

    def eco_folder(self, language: str = "") -> Path:
        return self.site.shared(f"{language}{ECO}")

    def live_pages(self) -> Iterator[Page]:
        return self.site.pages()

    @contextmanager
    def session(self, source_key: str, *, fresh: bool) -> Iterator[Session]:
        """Begin a release; another publisher waits until it ends."""
        with self.site.release(source_key, self._kind, fresh=fresh) as preparation:
            yield _SiteSession(preparation, self._now, self._author, self._summary)


class _SiteSession:
    def __init__(self, preparation: Preparation, now: dt.datetime, author: str, summary: str) -> None:
        self._preparation = preparation
        self._about = (now, author, summary)
        self.staging = preparation.staging
        self.fresh = preparation.fresh
        self.live = preparation.live
        self.put = preparation.put
        self.take = preparation.take
        self.remove = preparation.remove

    def finish(self) -> int:
        release = self._preparation.commit(*self._about)
        return release.added + release.changed + release.removed if release else 0
