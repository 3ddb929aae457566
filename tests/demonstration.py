"""The demonstration town of content/, built once for the tests that look at it as a citizen does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from site_builder import derived
from site_builder.build import Options, Report, build
from site_builder.sources import FolderSource
from site_builder.targets import FolderTarget

CONTENT = Path(__file__).resolve().parent.parent / "content"
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def build_demonstration(folder: Path) -> tuple[Path, Report]:
    """Build the town into a folder of its own; gives that folder."""
    target = FolderTarget(folder / "site", folder / "states")
    try:
        source, options = FolderSource(CONTENT), Options(now=NOW, cache=folder / "cache", processes=1)
        report = build(source, target, options)
        derived.make(source, target, options)
    finally:
        target.close()
    return folder / "site", report
