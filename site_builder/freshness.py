"""When what was built before is still right: which code, which files, until which moment. Nothing is built here."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from participation.problems import Problem, Severity
from site_builder.reading import is_shared
from site_builder.sources import is_votes


def code_key(theme: Path, templates: Path | None = None) -> str:
    """The code, theme and templates that pages are made with, by names, sizes and times: cheap to ask each time."""
    made = hashlib.blake2b(digest_size=8)
    here = Path(__file__).parent
    domain = here.parent / "participation"
    folders = [here, here / "views", here / "pictures", here / "results"]
    folders += [domain, domain / "records", domain / "counting", domain / "yamltext"]
    folders += [theme / name for name in ("templates", "icons", "assets", "styles", "overrides")]
    folders += (folder for folder in [theme / "bundled"] if folder.is_dir())  # made by set-up, where it can
    folders += (theme / "messages").glob("*/LC_MESSAGES")
    folders += [folder for folder in (templates, *_below(templates)) if folder is not None]
    for folder in folders:
        for entry in sorted(os.scandir(folder), key=lambda one: one.name):
            if entry.is_file():
                status = entry.stat()
                made.update(f"{entry.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return made.hexdigest()


def _below(templates: Path | None) -> list[Path]:
    return sorted(path for path in templates.rglob("*") if path.is_dir()) if templates is not None else []


def soonest(*moments: str) -> str:
    """The earliest of some instants (ISO, UTC), "" when there is none."""
    return min(filter(None, moments), default="")


def touches_everything(path: str) -> bool:
    """True for a file that every page may show something of."""
    return is_shared(path) or path.startswith("theme/") or is_votes(path)


def stops_everything(problem: Problem) -> bool:
    """True for a fault of the instance or an edition; any other only keeps its own record back."""
    location = problem.file
    whole = location == "instance.yml" or location.endswith("/edition.yml")
    return whole and problem.severity is Severity.ERROR
