"""A whole repository as one file, and back: what a backup holds of the content.

The file is git's own bundle: it has every reference and every object that they need, and git alone can read it.
"""

from __future__ import annotations

from pathlib import Path

from participation.messages import mark as _
from participation.store import process
from participation.store.errors import NotAContentRepository, StoreError, StoreFull, StoreReadOnly
from participation.store.git import MAIN, GitRepo
from participation.store.objects import is_hash

_SLOW = 3600.0  # seconds


class BundleDamaged(StoreError):
    """The file does not hold the repository that it should; nothing was made of it."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(
            _("Les contenus de la sauvegarde sont abîmés ou incomplets."),
            kept=_("Rien n’en a été repris."),
            hint=_("Prenez une autre sauvegarde."),
        )
        self.detail = detail


def bundle(repository: Path, file: Path) -> dict[str, str]:
    """Write all references as they are at this moment; people may go on saving. Their names and commits."""
    if not GitRepo.is_repository(repository):
        raise NotAContentRepository(str(repository))
    target = file.absolute()
    process.run(repository, ["bundle", "create", "--quiet", str(target), "--all"], timeout=_SLOW)
    return references(repository, target)


def references(repository: Path, file: Path) -> dict[str, str]:
    """The references that a bundle holds; `repository` is any repository, to run git in."""
    lines = process.run(repository, ["bundle", "list-heads", str(file.absolute())]).decode().splitlines()
    pairs = (line.partition(" ") for line in lines)
    return {name: commit for commit, _space, name in pairs if name.startswith("refs/") and is_hash(commit)}


def unbundle(file: Path, folder: Path, expected: dict[str, str]) -> None:
    """Make a bare repository of a bundle in the new folder and check every object. Raises BundleDamaged."""
    with GitRepo.init_bare(folder) as repo:
        try:
            arguments = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", str(file.absolute())]
            process.run(folder, [*arguments, "+refs/*:refs/*"], timeout=_SLOW)
            found, words = repo.references(), repo.fsck()
        except StoreError as broken:
            if isinstance(broken, StoreFull | StoreReadOnly):
                raise
            raise BundleDamaged(str(getattr(broken, "detail", ""))) from broken
        if found != expected or MAIN not in found or words:
            raise BundleDamaged(words or "references differ")
