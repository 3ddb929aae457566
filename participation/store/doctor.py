"""A repository's health: what is wrong, what was mended, what only an expert can mend.

Looks first; mends only when asked, and only what loses nothing. Holds the store's lock while it mends.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from participation.messages import mark as _
from participation.problems import Severity
from participation.store.cache import NAME, ReadingCache
from participation.store.errors import NotAContentRepository, RevisionUnknown, StoreUnavailable
from participation.store.git import MAIN, PUBLISHED, GitRepo
from participation.store.lock import NAME as OUR_LOCK
from participation.store.lock import locked

RESCUED = "refs/laureat/rescued/"
_STALE_LOCK = 60.0  # seconds: no command of git's holds a lock that long on purpose, save packing
_STALE_PIECE = 3600.0
_MANY_LOOSE = 6_700  # single files, after which git itself would pack
_LITTLE_ROOM = 200 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `check` names what was looked at, `detail` is for experts. `mended` after a repair."""

    check: str
    message: str
    detail: str = ""
    severity: Severity = Severity.ERROR
    mendable: bool = False
    mended: bool = False

    @property
    def harmless(self) -> bool:
        """True when nothing needs to be done any more."""
        return self.mended or self.severity is Severity.WARNING


def examine(path: Path, when: dt.datetime, cache_folder: Path | None = None, *, repair: bool = False) -> list[Finding]:
    """Everything that is not as it should be in a bare repository; nothing found is an empty list.

    `when` is the present, against which the age of left-over files is told. Raises NotAContentRepository when there is
    no repository, StoreUnavailable when it cannot even be read.
    """
    path = Path(path).resolve()
    if not GitRepo.is_repository(path):
        raise NotAContentRepository(str(path))
    cache = ReadingCache((cache_folder or path) / NAME)
    now = when.timestamp()
    if not repair:
        with GitRepo(path) as repo:
            return list(_all(repo, cache, repair=False, now=now))
    with locked(path), GitRepo(path) as repo:
        return list(_all(repo, cache, repair=True, now=now))


def _all(repo: GitRepo, cache: ReadingCache, *, repair: bool, now: float) -> Iterator[Finding]:
    yield from _locks(repo.path, repair=repair, now=now)
    yield from _branch(repo)
    yield from _objects(repo)
    yield from _lost(repo, MAIN, repair=repair)
    yield from _lost(repo, PUBLISHED, repair=repair)
    yield from _pieces(repo.path, repair=repair, now=now)
    yield from _loose(repo, repair=repair)
    yield from _cache(cache, repair=repair)
    yield from _room(repo.path)


def _locks(path: Path, *, repair: bool, now: float) -> Iterator[Finding]:
    """Lock files of git's that nobody can still hold. Ours is the kernel's: its file means nothing."""
    for file in sorted(path.rglob("*.lock")):
        if file.name == OUR_LOCK or now - file.stat().st_mtime < _STALE_LOCK:
            continue
        found = Finding(
            "locks", _("Un verrou oublié par un programme interrompu."), str(file), Severity.WARNING, mendable=True
        )
        if repair:
            file.unlink(missing_ok=True)
        yield replace(found, mended=repair)


def _branch(repo: GitRepo) -> Iterator[Finding]:
    if (repo.path / "HEAD").read_text(encoding="utf-8").strip() != f"ref: {MAIN}":
        yield Finding("branch", _("La branche par défaut n’est pas main."), severity=Severity.WARNING)
    head = repo.resolve(MAIN)
    if head is None:
        yield Finding("branch", _("La branche principale n’existe pas\u00a0: le dépôt est vide."))
        return
    try:
        files = {entry.path for entry in repo.tree(head)}
    except (RevisionUnknown, StoreUnavailable) as broken:
        yield Finding("branch", _("Le dernier enregistrement ne se lit pas."), str(broken))
        return
    if "instance.yml" not in files:
        yield Finding("branch", _("Le fichier instance.yml manque."))


def _objects(repo: GitRepo) -> Iterator[Finding]:
    words = repo.fsck()
    if words:
        yield Finding(
            "objects",
            _("Des données du dépôt sont abîmées\u00a0: reprenez-les d’une sauvegarde ou d’un clone."),
            words,
        )


def _lost(repo: GitRepo, reference: str, *, repair: bool) -> Iterator[Finding]:
    """Commits that the reference has pointed at and that cannot be reached from it any more: acknowledged saves."""
    tip = repo.resolve(reference)
    if tip is None:
        return
    known = set(repo.reachable(tip)) | {
        commit
        for name, target in repo.references().items()
        if name.startswith(RESCUED)
        for commit in repo.reachable(target)
    }
    for commit in repo.reflog(reference):
        if commit in known:
            continue
        known |= set(repo.reachable(commit))
        found = Finding("saves", _("Un enregistrement confirmé n’est plus dans l’historique."), commit, mendable=True)
        if repair:  # it stays out of the content, but git keeps it until somebody has looked
            repo.compare_and_swap(f"{RESCUED}{commit}", commit, None)
        yield replace(found, mended=repair)


def _pieces(path: Path, *, repair: bool, now: float) -> Iterator[Finding]:
    """Half-written files of processes that were killed."""
    names = ("tmp_obj_*", "tmp_pack_*", "tmp_idx_*", "tmp_rev_*", "incoming-*")
    pieces = [file for name in names for file in (path / "objects").rglob(name) if file.is_file()]
    old = [file for file in pieces if now - file.stat().st_mtime > _STALE_PIECE]
    if old:
        if repair:
            for file in old:
                file.unlink(missing_ok=True)
        words = _("Des fichiers à moitié écrits par un programme interrompu.")
        yield Finding("pieces", words, str(len(old)), Severity.WARNING, mendable=True, mended=repair)


def _loose(repo: GitRepo, *, repair: bool) -> Iterator[Finding]:
    count = sum(len(files) for folder, _folders, files in os.walk(repo.path / "objects") if len(Path(folder).name) == 2)
    if count > _MANY_LOOSE:
        if repair:
            repo.tidy()
        words = _("Le dépôt n’a pas été rangé depuis longtemps.")
        yield Finding("packing", words, str(count), Severity.WARNING, mendable=True, mended=repair)


def _cache(cache: ReadingCache, *, repair: bool) -> Iterator[Finding]:
    words = cache.check()
    if words:
        if repair:
            cache.throw_away()
        message = _("Le cache de lecture est abîmé\u00a0: il sera refait.")
        yield Finding("cache", message, words, Severity.WARNING, mendable=True, mended=repair)


def _room(path: Path) -> Iterator[Finding]:
    room = os.statvfs(path)
    free = room.f_bavail * room.f_frsize
    if free < _LITTLE_ROOM:
        yield Finding("room", _("Il ne reste presque plus de place sur le disque."), f"{free >> 20} MiB")
