"""Which changed records must stay as they were last published: those that cannot be read whole, or lead nowhere.

Only what differs from the publication before is looked at; what it refers to is looked up in the tree, not read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from participation.checks import check_record
from participation.checks.links import themes_of
from participation.layout import COLLECTIVE_FILES, locate, path_for
from participation.problems import Problem, errors
from participation.records import Edition
from participation.store.git import GitRepo
from participation.store.publications import Publication
from participation.yamltext.reader import Reading, read_file


@dataclass
class Faults:
    """Records to hold back (by identifier; by path where a file holds several) and all problems of changed files."""

    held: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)


def faults(repository: Path, main: str, public: Publication | None) -> Faults:
    """The faults of what changed on `main` since the last publication."""
    held: dict[str, None] = {}
    problems: list[Problem] = []
    with GitRepo(repository) as repo:
        tree = repo.commit(main).tree
        if public is None:
            changed = {entry.path: entry.blob for entry in repo.entries(tree)}
        else:
            before = repo.commit(public.commit).tree
            changed = {change.path: change.new for change in repo.diff(before, tree) if change.new is not None}
        places = {path: place for path in changed if (place := locate(path)) is not None}
        there = _There(repo, tree)
        contents = repo.blobs(changed[path] for path in places)
        readings = {
            path: read_file(content, path) for path, (_name, content) in zip(list(places), contents, strict=True)
        }
        for path, reading in readings.items():
            found = [*reading.problems, *_crossed(reading, there)]
            problems += found
            if errors(found):
                held[places[path].id or path] = None
    return Faults(tuple(held), problems)


def _crossed(reading: Reading, there: _There) -> Iterable[Problem]:
    """Errors that only other records show; warnings are for the office and `laureat check`."""
    for record in reading.records:
        yield from errors(check_record(record, there.exists))


class _There:
    """What exists in one tree, asked one by one."""

    def __init__(self, repo: GitRepo, tree: str) -> None:
        self._repo = repo
        self._tree = tree
        self._themes: dict[str, frozenset[str]] = {}
        self._known: dict[tuple[str, str], bool] = {}

    def exists(self, type_name: str, id: str) -> bool:
        """See `participation.checks.links.Lookup`."""
        asked = (type_name, id)
        if asked not in self._known:
            self._known[asked] = self._exists(type_name, id)
        return self._known[asked]

    def _exists(self, type_name: str, id: str) -> bool:
        if type_name == "media":
            return self._repo.lookup(self._tree, f"media/{id}") is not None
        if type_name == "theme":
            return id in self._themes_of(id.partition("/")[0])
        if type_name in COLLECTIVE_FILES.values():
            known = self._several[type_name]
            return known is None or id in known
        try:
            return self._repo.lookup(self._tree, path_for(type_name, id)) is not None
        except ValueError:
            return False

    def _read(self, path: str) -> Reading | None:
        node = self._repo.lookup(self._tree, path)
        return read_file(self._repo.blob(node.hash), path) if node is not None else None

    @cached_property
    def _several(self) -> dict[str, frozenset[str] | None]:
        """Zones and services; None where their file has faults of its own: then nothing that names them is to blame."""
        found: dict[str, frozenset[str] | None] = {}
        for path, type_name in COLLECTIVE_FILES.items():
            reading = self._read(path)
            if reading is None:
                found[type_name] = frozenset()
            else:
                found[type_name] = None if reading.faulty else frozenset(record.id for record in reading.records)
        return found

    def _themes_of(self, edition: str) -> frozenset[str]:
        if edition not in self._themes:
            reading = self._read(path_for("edition", edition))
            known = [theme for record in (reading.records if reading else []) for theme in _themes(record)]
            self._themes[edition] = frozenset(known)
        return self._themes[edition]


def _themes(record: object) -> Iterable[str]:
    return themes_of(record) if isinstance(record, Edition) else ()
