"""Where pictures are kept once made: facts in one SQLite file by blob, files beside it. All of it can be thrown away.

Only blobs never seen before are read and made, in two processes when there are several.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgpack

from participation.messages import mark as _
from participation.problems import LaureatError
from site_builder.opendata.inventory import replace
from site_builder.pictures import making
from site_builder.pictures.album import Album, Picture
from site_builder.pictures.making import Made, Refused, is_picture
from site_builder.releases import disk
from site_builder.sources import Source
from site_builder.throwaway import opened

FOLDER = "media/"
_SEVERAL = 4  # new pictures for which a second process is worth its start
_AT_ONCE = 32  # originals in memory at a time
_KEPT = 86_400.0  # seconds that a picture which no content shows any more is kept
_TABLES = """
CREATE TABLE IF NOT EXISTS picture (name TEXT PRIMARY KEY, facts BLOB NOT NULL) WITHOUT ROWID;
"""


class PicturesFailed(LaureatError):
    """The disk refused the sizes of a picture; `fault` is what it said."""

    def __init__(self, fault: Exception) -> None:
        super().__init__(
            _("Les images n’ont pas pu être préparées\u00a0: %s.") % fault,
            kept=_("Le site en ligne est resté tel qu’il était."),
        )


class _Facts(NamedTuple):
    """What is kept of one blob: the largest size, the files (end of the name -> SHA-256), or why it is refused."""

    width: int = 0
    height: int = 0
    files: dict[str, str] = {}  # noqa: RUF012  # never changed
    refused: tuple[str, str] | None = None


class Published(NamedTuple):
    """A file under `media/` as it goes live: its address, its SHA-256 when that is known, its bytes when asked."""

    address: str
    digest: str
    read: Callable[[], bytes]


class Studio:
    """The pictures of a content in one cache; `media` is path -> blob of everything below `media/`."""

    def __init__(self, source: Source, media: Mapping[str, str], cache: Path, processes: int = 1) -> None:
        self._source = source
        self._media = dict(media)
        self._folder = cache / "pictures"
        wanted = {path: blob for path, blob in self._media.items() if is_picture(path)}
        self._facts = self._known(cache / "pictures.sqlite", wanted, processes) if wanted else {}
        self.album = Album(
            {
                path.removeprefix(FOLDER): Refused(*facts.refused)
                if facts.refused
                else Picture(facts.width, facts.height, tuple(end for end in facts.files if end), _name(path, blob))
                for path, blob in wanted.items()
                if (facts := self._facts.get(_name(path, blob))) is not None
            }
        )
        """What pages may show."""

    def files(self, path: str) -> Iterator[Published]:
        """What goes live of one file of the content: its sizes, itself when it is no picture, nothing if refused."""
        blob = self._media[path]
        facts = self._facts.get(_name(path, blob))
        if facts is None or not (facts.files or facts.refused):
            yield Published(path, "", lambda: next(iter(self._source.files({path: blob})))[1])
            return
        for end, digest in facts.files.items():
            yield Published(path + end, digest, partial(self._read, path, end, digest))

    # ------------------------------------------------------------------------------------------------ inside

    def _place(self, blob: str, end: str) -> Path:
        return self._folder / blob[:2] / f"{blob}{end or '.own'}"

    def _read(self, path: str, end: str, digest: str) -> bytes:
        """A file of a picture; made again when somebody threw it away or a power cut tore it."""
        blob = self._media[path]
        try:
            data = self._place(blob, end).read_bytes()
            if hashlib.sha256(data).hexdigest() == digest:
                return data
        except FileNotFoundError:
            pass
        made = making.make(path, next(iter(self._source.files({path: blob})))[1])
        if isinstance(made, Refused):
            raise PicturesFailed(OSError(made.words))
        self._keep(blob, made)
        return made.files[end]

    def _known(self, ledger: Path, wanted: Mapping[str, str], processes: int) -> dict[str, _Facts]:
        try:
            with closing(opened(ledger, _prepare)) as connection:
                names = {_name(path, blob) for path, blob in wanted.items()}
                rows = connection.execute("SELECT name, facts FROM picture").fetchall()
                found = {name: _thaw(facts) for name, facts in rows if name in names}
                new = {_name(path, blob): (path, blob) for path, blob in wanted.items()}
                missing = {path: blob for name, (path, blob) in new.items() if name not in found}
                for path, blob, made in self._made(missing, processes):
                    facts = self._keep(blob, made)
                    found[_name(path, blob)] = facts
                    row = (_name(path, blob), msgpack.packb(tuple(facts)))
                    connection.execute("INSERT OR REPLACE INTO picture VALUES (?, ?)", row)
                return found
        except (OSError, sqlite3.Error) as fault:
            raise PicturesFailed(fault) from fault

    def _made(self, missing: Mapping[str, str], processes: int) -> Iterator[tuple[str, str, Made | Refused]]:
        paths = list(missing)
        parts = [paths[first : first + _AT_ONCE] for first in range(0, len(paths), _AT_ONCE)]
        if processes < 2 or len(paths) < _SEVERAL:
            for part in parts:
                for path, data in self._source.files({path: missing[path] for path in part}):
                    yield path, missing[path], making.make(path, data)
            return
        import multiprocessing  # noqa: PLC0415  # most builds have no new picture
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # likewise
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415  # likewise

        context = multiprocessing.get_context("fork")
        try:
            # Its processes end when they are told to, never by a signal: a worker's own answer to one is theirs too.
            with ProcessPoolExecutor(processes, context, _end_with_parent) as pool:
                for part in parts:
                    contents = self._source.files({path: missing[path] for path in part})
                    for path, made in pool.map(_make, contents):
                        yield path, missing[path], made
        except BrokenProcessPool as fault:  # one of them was killed, for want of memory say
            raise PicturesFailed(fault) from fault

    def _keep(self, blob: str, made: Made | Refused) -> _Facts:
        if isinstance(made, Refused):
            return _Facts(refused=(made.words, made.hint))
        for end, data in made.files.items():
            place = self._place(blob, end)
            place.parent.mkdir(parents=True, exist_ok=True)
            replace(place, data)
        disk.flush(str(self._place(blob, end)) for end in made.files)
        files = {end: hashlib.sha256(data).hexdigest() for end, data in made.files.items()}
        return _Facts(made.width, made.height, files)


def forget(cache: Path, media: Mapping[str, str]) -> int:
    """Throw away the pictures that no content of late has shown; `media` is path -> blob. How many files went."""
    kept = set(media.values())
    before = time.time() - _KEPT
    gone = 0
    for file in (cache / "pictures").glob("*/*"):
        blob = file.name.partition(".")[0]
        with suppress(FileNotFoundError):
            if blob not in kept and file.stat().st_mtime < before:
                file.unlink()
                gone += 1
    return gone


def _name(path: str, blob: str) -> str:
    """What the files of a picture depend on: its bytes, how it is read, the recipe."""
    kind = "svg" if path.lower().endswith(making.DRAWN) else "no" if path.lower().endswith(making.UNREAD) else "photo"
    return f"{blob}-{kind}-{making.RECIPE}"


def _end_with_parent() -> None:
    """A process that waits for work would wait for ever once its parent was killed."""
    import multiprocessing  # noqa: PLC0415  # as above

    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def _make(one: tuple[str, bytes]) -> tuple[str, Made | Refused]:
    path, data = one
    return path, making.make(path, data)


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(_TABLES)


def _thaw(packed: bytes) -> _Facts:
    width, height, files, refused = msgpack.unpackb(packed)
    return _Facts(width, height, files, tuple(refused) if refused else None)


def blobs_below(entries: Mapping[str, str]) -> dict[str, str]:
    """Path -> blob of what lies below `media/`."""
    return {path: blob for path, blob in entries.items() if path.startswith(FOLDER)}


def after(media: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """`media` after some paths changed (None: gone)."""
    found = dict(media)
    for path, blob in changes.items():
        if path.startswith(FOLDER):
            found.pop(path, None)
            if blob is not None:
                found[path] = blob
    return found


def vanished(path: str, live: Collection[str]) -> list[str]:
    """Every address that a file below `media/` may have had and that is not among those `live` now."""
    ends = ["", f".{making.SMALL}.jpg"]
    ends += [f".{size}.webp" for size in (making.SMALL, making.MIDDLE, making.LARGEST)]
    return [path + end for end in ends if path + end not in live]
