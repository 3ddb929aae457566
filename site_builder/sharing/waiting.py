"""What lies where a picture or a code will be, from when its page goes live until the worker has made it.

Such a stand-in is a symbolic link: a picture leads to that of the whole site, a code to words that it is to come.
Where a file system has no links, nothing stands in: no reason to publish nothing.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from site_builder.addresses import IDEAS, PROJECTS, SHARE
from site_builder.engine import Engine
from site_builder.opendata.inventory import replace
from site_builder.sharing import names

_PAGE = re.compile(rf"([a-z]{{2}}/|)({PROJECTS}|{IDEAS})([^/]+)/index\.html")
_TYPES = {PROJECTS: "project", IDEAS: "idea"}


def begin(engine: Engine, records: Iterable[tuple[str, str]], folder: Path) -> None:
    """Have something at every address below `partage/` that the pages of these records (type, id) and editions name.

    `engine` is the one of the main language, `folder` that of the files to share.
    """
    if not engine.town.url:
        return
    every = sorted(set(records))
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for one in (engine, *engine.others):
            language = one.town.folder
            if missing := [name for name in _of_site(language) if not _there(folder, name)]:
                _draw(one, missing, folder)
            wanted = [names.card_of_edition(id, language) for id in one.town.editions]
            wanted += [name for type_name, id in every for name in names.of_record(type_name, id, language)]
            _stand_in(wanted, language, folder)


def begin_again(pages: Iterable[str], folder: Path) -> None:
    """The same for the pages at these addresses, which come back: what stands for the whole site is there."""
    with contextlib.suppress(OSError):
        for language, type_name, id in _records(pages):
            _stand_in(names.of_record(type_name, id, language), language, folder)


def end(pages: Iterable[str], folder: Path) -> None:
    """Remove the stand-ins of pages that are no more, by their addresses; the worker removes what it has made."""
    with contextlib.suppress(OSError):
        for language, type_name, id in _records(pages):
            for name in names.of_record(type_name, id, language):
                if (folder / _file(name)).is_symlink():
                    (folder / _file(name)).unlink()


def _of_site(language: str) -> tuple[str, str]:
    return names.home(language), names.code_to_come(language)


def _draw(engine: Engine, missing: list[str], folder: Path) -> None:
    from site_builder.sharing import making  # noqa: PLC0415  # Pillow costs 0.1 s, and they are there but once

    for one in making.of_site(engine):
        if f"{SHARE}{one.name}" in missing:
            replace(folder / one.name, one.make())


def _stand_in(wanted: Iterable[str], language: str, folder: Path) -> None:
    """Put the site's own picture, or the waiting code, where a file of a page is not there yet."""
    picture, code = map(_file, _of_site(language))
    for name in wanted:
        if not _there(folder, name):
            with contextlib.suppress(FileExistsError):  # the worker was faster
                os.symlink(picture if name.endswith(".png") else code, f"{folder}/{_file(name)}")  # noqa: PTH211  # twenty thousand at first


def _records(pages: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The language, type and identifier of the records whose pages these are."""
    for match in filter(None, map(_PAGE.fullmatch, pages)):
        yield match[1], _TYPES[match[2]], match[3]


def _there(folder: Path, name: str) -> bool:
    return os.path.lexists(f"{folder}/{_file(name)}")


def _file(name: str) -> str:
    return name.removeprefix(SHARE)
