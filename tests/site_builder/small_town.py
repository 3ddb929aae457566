"""A small town in a real bare repository, edited record by record, and its site built into folders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from participation.layout import path_for
from participation.records import TYPES
from participation.store.git import EMPTY_TREE, MAIN, GitRepo
from participation.yamltext.writer import write
from site_builder.build import Options, Report, build
from site_builder.sources import GitSource
from site_builder.targets import FolderTarget

NOW = dt.datetime(2026, 5, 20, 9, 0, tzinfo=dt.UTC)
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><rect width="4" height="3"/></svg>\n'
INSTANCE = {
    "schema": 1,
    "title": "Budget participatif",
    "name": "Valmont",
    "url": "https://budget.example",
    "current_edition": "2026",
    "menu": [{"page": "mode-d-emploi"}],
}
THEMES = [{"id": "nature", "title": "Nature en ville"}, {"id": "sport", "title": "Sport"}, {"id": "culture"}]
EDITION = {
    "title": "Édition 2026",
    "budget": "300000",
    "phases": [
        {"phase": "vote", "start": "2026-05-01", "end": "2026-05-31"},
        {"phase": "delivery", "start": "2026-06"},
    ],
    "themes": THEMES,
}
ZONES = (
    b'{"type": "FeatureCollection", "features": [\n'
    b'{"type": "Feature", "properties": {"id": "bief", "title": "Le Bief"}, '
    b'"geometry": {"type": "Polygon", "coordinates": '
    b"[[[2.0, 47.0], [2.1, 47.0], [2.1, 47.1], [2.0, 47.1], [2.0, 47.0]]]}},\n"
    b'{"type": "Feature", "properties": {"id": "halles", "title": "Les Halles", "population": 4200}, '
    b'"geometry": {"type": "Polygon", "coordinates": '
    b"[[[2.1, 47.0], [2.2, 47.0], [2.2, 47.1], [2.1, 47.1], [2.1, 47.0]]]}}\n]}\n"
)


class SmallTown:
    """Files by path; `commit` makes them the head of a bare repository. Bytes are put as they are, data is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, bytes] = {}
        GitRepo.init_bare(path).close()

    def put(self, type_name: str, id: str, data: Mapping[str, Any]) -> str:
        """Write a whole record; gives its path."""
        path = path_for(type_name, id)
        self.files[path] = write(TYPES[type_name], dict(data), None)
        return path

    def commit(self) -> GitSource:
        with GitRepo(self.path) as repo:
            tree, new = repo.build(EMPTY_TREE, self.files)
            head = repo.resolve(MAIN)
            commit = repo.write_commit(tree, new, [head] if head else [], "Essai", "agent-1", NOW)
            repo.compare_and_swap(MAIN, commit, head)
        return GitSource(self.path, commit)


def furnish(town: SmallTown) -> SmallTown:
    """What every town has, and one record of each kind."""
    town.put("instance", "instance", INSTANCE)
    town.put("edition", "2026", EDITION)
    town.files["zones.geojson"] = ZONES
    town.files["media/banc.svg"] = PICTURE
    town.put("page", "mode-d-emploi", {"title": "Mode d’emploi", "body": "On propose, on vote.", "in_footer": True})
    town.put("project", "2026-P001", project("Un jardin", ideas=["2026-0001"]))
    town.put("idea", "2026-0001", idea("Un jardin partagé", project="2026-P001"))
    town.put("event", "2026-E001", event("Visite du jardin", "2026-06-03T18:30", projects=["2026-P001"]))
    town.put("article", "2026-A001", article("Le jardin ouvre", "2026-05-04", projects=["2026-P001"]))
    return town


def project(title: str, state: str = "works", **more: Any) -> dict[str, Any]:
    status = [{"state": "winner", "date": "2026-01-10"}, {"state": state, "date": "2026-03-02", "reason": "C’est dit."}]
    return (
        {"title": title, "description": f"{title}, en détail.", "theme": "nature", "zone": "bief"}
        | more
        | {"status": more.get("status", status)}
    )


def idea(title: str, state: str = "admissible", **more: Any) -> dict[str, Any]:
    status = [{"state": state, "date": "2026-02-01", "reason": "Merci."}]
    return {"title": title, "proposal": f"{title}, ici.", "theme": "sport", "zone": "halles", "status": status} | more


def event(title: str, start: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "kind": "visit", "start": start, "edition": "2026"} | more


def article(title: str, date: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "date": date, "body": f"{title}."} | more


class Sites:
    """Builds into folders of one test; shells are shared by the whole session, all other caches are not."""

    def __init__(self, folder: Path, shells: Path) -> None:
        self.folder = folder
        self._shells = shells

    def build(self, source: Any, name: str = "a", cache: str = "", **options: Any) -> Report:
        """Bring the site `name` to the state of `source`."""
        caches = self.folder / f"cache-{cache or name}"
        caches.mkdir(parents=True, exist_ok=True)
        if not (caches / "shells").exists():
            (caches / "shells").symlink_to(self._shells)
        target = FolderTarget(self.folder / name, caches / "states")
        try:
            return build(source, target, Options(**{"now": NOW, "cache": caches, "processes": 1} | options))
        finally:
            target.close()

    def site(self, name: str = "a") -> Path:
        return self.folder / name

    def files(self, name: str = "a") -> dict[str, bytes]:
        """Address -> bytes of everything that was built."""
        root = self.folder / name
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file() and path.name != ".laureat-build"
        }

    def page(self, address: str, name: str = "a") -> str:
        return (self.folder / name / address / "index.html").read_text(encoding="utf-8")
