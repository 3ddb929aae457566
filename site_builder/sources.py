"""Where a build's files come from: one commit of a bare repository, or a plain folder of YAML files.

A source lists paths with blob names and hands out bytes; it knows nothing of records. It may be sent to another
process, which opens the files itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from participation.counting import ballot_files, grouping
from participation.layout import locate
from participation.store.errors import RevisionUnknown
from participation.store.git import GitRepo
from participation.store.objects import hash_of


@dataclass(frozen=True, slots=True)
class GitSource:
    """The tree of one commit of a bare repository; `published` when that commit is a link of the chain."""

    repository: Path
    commit: str
    published: bool = False

    @property
    def place(self) -> Path:
        """Where the content lies."""
        return self.repository

    @property
    def key(self) -> str:
        """What names this state of the content."""
        return self.commit

    def entries(self) -> dict[str, str]:
        """Path -> blob of every file."""
        with GitRepo(self.repository) as repo:
            return {entry.path: entry.blob for entry in repo.tree(self.commit)}

    def changed_since(self, commit: str) -> dict[str, str | None] | None:
        """Path -> new blob (None: gone) of what differs from an earlier commit; None when that commit is unknown."""
        with GitRepo(self.repository) as repo:
            try:
                before = repo.commit(commit).tree
            except RevisionUnknown:
                return None
            after = repo.commit(self.commit).tree
            return {changed.path: changed.new for changed in repo.diff(before, after)}

    def files(self, wanted: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of these paths (path -> blob), in their order."""
        with GitRepo(self.repository) as repo:
            yield from zip(wanted, (content for _name, content in repo.blobs(wanted.values())), strict=True)


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder of YAML files; blobs are named as git would name them, so that both sources share one cache."""

    folder: Path

    @property
    def place(self) -> Path:
        """Where the content lies."""
        return self.folder

    @property
    def key(self) -> str:
        """A folder has no name for its state: it is read each time."""
        return ""

    def entries(self) -> dict[str, str]:
        """Path -> blob of every file of records or votes and of everything under `media/` and `theme/`."""
        return {path: hash_of("blob", (self.folder / path).read_bytes()) for path in self._paths()}

    def _paths(self) -> Iterator[str]:
        for file in sorted(self.folder.rglob("*")):
            path = file.relative_to(self.folder).as_posix()
            wanted = locate(path) is not None or path.startswith(("media/", "theme/")) or is_votes(path)
            # A link may lead out of the content: what it points at is nobody's content.
            if wanted and file.is_file() and not file.is_symlink():
                yield path

    def files(self, wanted: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of these paths, in their order."""
        for path in wanted:
            yield path, (self.folder / path).read_bytes()


Source = GitSource | FolderSource


def is_votes(path: str) -> bool:
    """True for a file of ballots, of totals, or of groups of voters."""
    return (ballot_files.PATH.fullmatch(path) or grouping.PATH.fullmatch(path)) is not None


def listed(files: Mapping[str, str]) -> str:
    """Path -> blob as lines of text, to be kept."""
    return "\n".join(f"{blob} {path}" for path, blob in files.items())


def unlisted(lines: str) -> dict[str, str]:
    """What `listed` wrote."""
    return dict(line.split(" ", 1)[::-1] for line in lines.splitlines())
