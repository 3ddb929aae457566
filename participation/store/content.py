"""Opening content: a bare repository, read and written, or a plain folder of YAML files, read only.

Everywhere in Lauréat `CONTENT` is one of the two; both give snapshots.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from participation.layout import locate
from participation.messages import mark as _
from participation.problems import Problem
from participation.store.cache import NAME, ReadingCache
from participation.store.errors import NotAContentRepository, RevisionUnknown
from participation.store.git import MAIN, GitRepo
from participation.store.objects import FILE, Folder, hash_of
from participation.store.snapshot import Snapshot
from participation.yamltext.reader import LARGEST_GEOJSON, LARGEST_YAML

_REGULAR = (FILE, 0o100755)  # neither links nor other repositories
_KEPT = 4  # snapshots in memory


class Repository:
    """A bare repository of content and its snapshots; `Store` in `store.py` adds everything that writes."""

    def __init__(self, path: Path, cache_folder: Path | None = None) -> None:
        self.path = Path(path).resolve()
        if not GitRepo.is_repository(self.path):
            raise NotAContentRepository(str(path))
        self.cache = ReadingCache((cache_folder or self.path) / NAME)
        self._trees: dict[str, Folder] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._guard = threading.Lock()

    def repo(self) -> GitRepo:
        """The repository, to be used with `with`; what was read of its folders is shared between uses."""
        return GitRepo(self.path, self._trees)

    def head(self) -> str:
        """The newest saved commit."""
        with self.repo() as repo:
            return self.head_of(repo)

    def head_of(self, repo: GitRepo) -> str:
        """The newest commit of a repository that is in use; NotAContentRepository when there is none."""
        head = repo.resolve(MAIN)
        if head is None:
            raise NotAContentRepository(str(self.path), _("Sa branche principale est vide."))
        return head

    def snapshot(self, commit: str | None = None) -> Snapshot:
        """The content at a commit, the newest by default. Made from the one before by reading what differs."""
        with self.repo() as repo:
            commit = commit or self.head_of(repo)
            with self._guard:
                known = self._snapshots.get(commit)
                nearest = next(reversed(self._snapshots.values()), None)
            if known is None:
                known = self._make(repo, commit, nearest)
                with self._guard:
                    while len(self._snapshots) >= _KEPT:
                        self._snapshots.pop(next(iter(self._snapshots)))
                    self._snapshots[commit] = known
            return known

    def _make(self, repo: GitRepo, commit: str, nearest: Snapshot | None) -> Snapshot:
        found = repo.commit(commit)
        if nearest is not None and not nearest.refused:
            changes = {change.path: change.new for change in repo.diff(nearest.tree, found.tree)}
            nodes = (repo.lookup(found.tree, path) for path in changes)
            if all(node is None or node.mode in _REGULAR for node in nodes):
                return nearest.moved(commit, found.tree, found.when, changes)
        entries: dict[str, str] = {}
        refused = []
        for entry in repo.entries(found.tree):
            if entry.mode in _REGULAR:
                entries[entry.path] = entry.blob
            elif locate(entry.path) is not None:
                refused.append(_no_file(entry.path))
        return Snapshot(commit, entries, self._fetch, self.cache, tree=found.tree, when=found.when, refused=refused)

    def _fetch(self, wanted: Sequence[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
        with self.repo() as repo:
            bodies = repo.blobs(blob for _path, blob in wanted)
            for (path, _blob), (_hash, body) in zip(wanted, bodies, strict=True):
                yield path, body


def _no_file(path: str) -> Problem:
    return Problem(
        _("Ce fichier est un lien, pas un fichier\u00a0: il n’est pas lu."),
        path,
        hint=_("Mettez le fichier lui-même à cette place."),
    )


class FolderContent:
    """A plain folder of YAML files, or a checkout: read and built, never written to."""

    def __init__(self, path: Path, cache_folder: Path | None = None) -> None:
        self.path = Path(path).resolve()
        self.cache = ReadingCache(cache_folder / NAME if cache_folder else None)

    def head(self) -> str:
        """A folder has no versions."""
        return ""

    def snapshot(self, commit: str | None = None) -> Snapshot:
        """The content as it is now; RevisionUnknown when a commit is asked for."""
        if commit:
            raise RevisionUnknown(commit)
        entries: dict[str, str] = {}
        refused: list[Problem] = []
        for path, file in self._files():
            if file.is_symlink():
                refused += [_no_file(path)] if locate(path) is not None else []
                continue
            largest = LARGEST_GEOJSON if path.endswith(".geojson") else LARGEST_YAML
            if locate(path) is not None and file.stat().st_size > largest:
                refused.append(
                    Problem(
                        _("Le fichier dépasse %s\u00a0Mo.") % (largest >> 20),
                        path,
                        hint=_("Répartissez-le en plusieurs fiches."),
                    )
                )
                continue
            entries[path] = hash_of("blob", file.read_bytes())
        return Snapshot("", dict(sorted(entries.items())), self._fetch, self.cache, refused=refused)

    def _files(self) -> Iterator[tuple[str, Path]]:
        """Every file with its path below the folder, links to folders not followed, hidden ones left out."""
        for folder, folders, names in os.walk(self.path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            below = Path(folder).relative_to(self.path)
            for name in sorted(names):
                file = Path(folder) / name
                if not name.startswith(".") and (file.is_file() or file.is_symlink()):
                    yield (below / name).as_posix(), file

    def _fetch(self, wanted: Sequence[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
        for path, _blob in wanted:
            yield path, (self.path / path).read_bytes()
