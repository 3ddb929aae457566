"""Making a backup while people work: content first, then the registry, so that whoever a record names is known there.

The file appears under its name only when it is whole, flushed and read back. What the site shows is made again from it.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import os
import shutil
import tarfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import IO, Any

from backoffice.backup import registry_dump
from backoffice.registry import Registry, facts
from backoffice.registry.schema import VERSION
from backoffice.settings import Settings
from participation.messages import mark as _
from participation.problems import LaureatError
from participation.store.bundle import bundle
from participation.store.errors import StoreFull
from participation.store.git import MAIN

FORMAT = 1
CONTENT, REGISTRY, KEY, MANIFEST, SEAL = (
    "content.bundle",
    "registry.jsonl",
    "secret.key",
    "manifest.json",
    "manifest.sha256",
)
_CHUNK = 1 << 20


class BackupRefused(LaureatError):
    """A backup cannot be made or used as asked; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup: its file, its bytes, the newest commit in it, the rows of the registry."""

    file: Path
    size: int
    head: str
    rows: int


def make(settings: Settings, registry: Registry, file: Path, when: dt.datetime) -> Made:
    """Write the backup to the new `file`. Raises BackupRefused, StoreFull or another error of the store."""
    file = file.absolute()
    if file.exists():
        raise BackupRefused(
            _("«\u00a0%s\u00a0» existe déjà.") % file.name,
            kept=_("Rien n’y a été changé."),
            hint=_("Donnez un autre nom, par exemple avec la date."),
        )
    room = file.with_name(f".{file.name}.parts")
    draft = file.with_name(f".{file.name}.partial")
    _clear(room, draft)
    try:
        room.mkdir(parents=True, mode=0o700)
        refs = bundle(settings.content, room / CONTENT)
        with (room / REGISTRY).open("w", encoding="utf-8") as out:
            rows = registry_dump.write(registry, out)
        (room / KEY).write_text(settings.secret_key + "\n", encoding="ascii")
        _seal(room, refs, rows, when)
        _pack(room, draft)
        _read_back(room, draft)
        draft.rename(file)
        _flush(file.parent)
    except OSError as refused:
        raise of_disk(refused) from refused
    finally:
        _clear(room, draft)
    size = file.stat().st_size
    facts.write(registry, facts.BACKUP, {"at": when.isoformat(), "file": str(file), "size": size})
    return Made(file, size, refs.get(MAIN, ""), sum(rows.values()))


def _seal(room: Path, refs: dict[str, str], rows: dict[str, int], when: dt.datetime) -> None:
    """The manifest of what lies in the room, and its own hash."""
    files = {
        name: {"size": (room / name).stat().st_size, "sha256": digest(room / name)} for name in (CONTENT, REGISTRY, KEY)
    }
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made": when.isoformat(),
        "laureat": metadata.version("laureat"),
        "registry_version": VERSION,
        "refs": refs,
        "rows": rows,
        "files": files,
    }
    (room / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    (room / SEAL).write_text(digest(room / MANIFEST) + "\n", encoding="ascii")


def _pack(room: Path, draft: Path) -> None:
    """One file for its owner only; plain tar, because the content is compressed already."""
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as packed:
            for name in (SEAL, MANIFEST, CONTENT, REGISTRY, KEY):
                packed.add(room / name, arcname=name, filter=_nobody)
        out.flush()
        os.fsync(out.fileno())


def _read_back(room: Path, draft: Path) -> None:
    """A disk that gives back something else than it was given is noticed now."""
    with tarfile.open(draft, mode="r:") as packed:
        for member in packed:
            source = packed.extractfile(member)
            if source is None or _digest_of(source) != digest(room / member.name):
                raise BackupRefused(_("Le disque n’a pas rendu ce qui y a été écrit."), kept=_("Rien n’a été gardé."))


def _nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def digest(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as opened:
        return _digest_of(opened)


def _digest_of(opened: IO[bytes]) -> str:
    found = hashlib.sha256()
    while chunk := opened.read(1 << 20):
        found.update(chunk)
    return found.hexdigest()


def of_disk(refused: OSError) -> LaureatError:
    """The words for a disk that refuses."""
    if refused.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreFull(str(refused))
    place = refused.filename or ""
    return BackupRefused(_("Le disque refuse\u00a0: %s.") % f"{place} {refused.strerror or refused}".strip())


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _clear(room: Path, draft: Path) -> None:
    shutil.rmtree(room, ignore_errors=True)
    draft.unlink(missing_ok=True)
