"""Restoring a backup into an empty place: every hash is checked first, everything appears at once or not at all."""

from __future__ import annotations

import hmac
import json
import os
import re
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backoffice.backup import registry_dump
from backoffice.backup.making import (
    CONTENT,
    FORMAT,
    KEY,
    MANIFEST,
    REGISTRY,
    SEAL,
    BackupRefused,
    digest,
    of_disk,
)
from backoffice.registry import Registry
from backoffice.registry.schema import VERSION
from participation.messages import mark as _
from participation.store.bundle import unbundle
from participation.store.starting import PlaceTaken

_PARTS = (SEAL, MANIFEST, CONTENT, REGISTRY, KEY)
_REFERENCE = re.compile(r"refs/[A-Za-z0-9._/-]{1,200}")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the folder, when the backup was made, references of the content, rows of the registry."""

    folder: Path
    made: str
    references: int
    rows: int


def damaged(detail: str) -> BackupRefused:
    """The refusal of a file that is not, or is no longer, a backup of ours."""
    return BackupRefused(
        _("Ce fichier n’est pas une sauvegarde entière\u00a0: %s.") % detail,
        kept=_("Rien n’en a été repris."),
        hint=_("Prenez une autre sauvegarde."),
    )


def restore(file: Path, folder: Path, registry_url: str = "") -> Restored:
    """Make `folder` with content.git, registry.sqlite (or fill the empty registry at that URL) and secret.key.

    Raises PlaceTaken when the folder is not empty, BackupRefused for a damaged file, RegistryNotEmpty, StoreFull.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PlaceTaken(folder)
    draft = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(parents=True, mode=0o700)
        parts = draft / "parts"
        parts.mkdir()
        _unpack(file, parts)
        manifest = _checked(parts)
        unbundle(parts / CONTENT, draft / "content.git", manifest["refs"])
        url = registry_url or f"sqlite:///{draft / 'registry.sqlite'}"
        rows = _fill(url, parts / REGISTRY, manifest["rows"])
        key = os.open(draft / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(key, "wb") as out:
            out.write((parts / KEY).read_bytes())
            out.flush()
            os.fsync(out.fileno())
        shutil.rmtree(parts)
        (draft / "registry.sqlite.lock").unlink(missing_ok=True)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except OSError as refused:
        raise of_disk(refused) from refused
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Restored(folder, str(manifest["made"]), len(manifest["refs"]), rows)


def _unpack(file: Path, parts: Path) -> None:
    """The five files and nothing else: names in the archive are looked up, never used as paths."""
    try:
        with tarfile.open(file, mode="r:") as packed:
            for member in packed:
                if member.name not in _PARTS or not member.isfile() or (parts / member.name).exists():
                    raise damaged(member.name[:100])
                source = packed.extractfile(member)
                if source is None:
                    raise damaged(member.name)
                with source, (parts / member.name).open("xb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
    except (tarfile.TarError, EOFError, UnicodeError) as broken:
        raise damaged(str(broken)) from broken
    for name in _PARTS:
        if not (parts / name).is_file():
            raise damaged(name)


def _checked(parts: Path) -> dict[str, Any]:
    """The manifest, once every hash in it is right."""
    try:
        if not hmac.compare_digest((parts / SEAL).read_text(encoding="ascii").strip(), digest(parts / MANIFEST)):
            raise damaged(MANIFEST)
        manifest = json.loads((parts / MANIFEST).read_text(encoding="utf-8"))
        for name in (CONTENT, REGISTRY, KEY):
            if manifest["files"][name]["sha256"] != digest(parts / name):
                raise damaged(name)
        refs = manifest["refs"]
        known = isinstance(refs, dict) and all(_REFERENCE.fullmatch(name) for name in refs)
        if not known or not isinstance(manifest["rows"], dict) or manifest["format"] != FORMAT:
            raise damaged(MANIFEST)
    except (ValueError, KeyError, TypeError) as broken:
        raise damaged(MANIFEST) from broken
    if manifest["registry_version"] != VERSION:
        raise BackupRefused(
            _("Cette sauvegarde a été faite par une autre version de Lauréat (%s).") % str(manifest["laureat"])[:40],
            kept=_("Rien n’en a été repris."),
            hint=_("Reprenez-la avec cette version, puis mettez à jour."),
        )
    return dict(manifest)


def _fill(url: str, lines: Path, expected: dict[str, int]) -> int:
    registry = Registry(url)
    try:
        with lines.open(encoding="utf-8") as opened:
            return registry_dump.read(registry, opened, expected)
    finally:
        registry.close()
