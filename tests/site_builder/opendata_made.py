"""Open data made of a source into a folder, as the worker does, and read again without our own code."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from site_builder.build import Options, engine_of
from site_builder.opendata.making import update
from site_builder.sources import Source
from site_builder.targets import FolderTarget
from tests.site_builder.small_town import NOW


class Made:
    """The files of open data of one test."""

    def __init__(self, folder: Path, shells: Path) -> None:
        self.folder = folder / "site" / "donnees"
        self._place = folder
        caches = folder / "cache"
        caches.mkdir(parents=True, exist_ok=True)
        shells.mkdir(exist_ok=True)  # also where this is the first test of its session
        if not (caches / "shells").exists():
            (caches / "shells").symlink_to(shells)

    def make(self, source: Source, now: Any = NOW) -> list[str]:
        """Bring the files to the state of a source; the names of those that were made."""
        target = FolderTarget(self._place / "site", self._place / "states")
        try:
            options = Options(now, self._place / "cache", processes=1)
            engine, entries = engine_of(source, target, options)
            return update(source, entries, engine, target.data_folder(), options.cache, now)
        finally:
            target.close()

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8-sig")

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file by the names of their columns."""
        content = (self.folder / name).read_bytes().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(content, newline="")))

    def json(self, name: str) -> Any:
        return json.loads(self.text(name))

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}
