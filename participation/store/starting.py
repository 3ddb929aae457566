"""The first commit of a new repository, and a repository's files as a plain folder.

Both touch folders outside the repository: neither overwrites anything.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Mapping
from pathlib import Path

from participation import schema
from participation.messages import mark as _
from participation.migrations import SCHEMA
from participation.records import Instance, Service
from participation.records.base import check_raw
from participation.store.content import Repository
from participation.store.errors import InvalidRecord, StoreError
from participation.store.git import MAIN, GitRepo, checked, signature
from participation.store.objects import EMPTY_TREE
from participation.store.process import of_os_error
from participation.store.writing import Trailers, message
from participation.yamltext.writer import write, write_list, write_zones

_LONGEST_TITLE = 60  # characters; the name of the authority may be longer


class PlaceTaken(StoreError):
    """There is something already where a new folder was to be made."""

    def __init__(self, place: Path) -> None:
        super().__init__(
            _("«\u00a0%s\u00a0» existe déjà et n’est pas vide.") % place,
            kept=_("Rien n’y a été changé."),
            hint=_("Choisissez un autre dossier."),
        )


def start(path: Path, name: str, *, author: str, when: dt.datetime) -> str:
    """Make a bare repository whose first commit has instance.yml, empty zones and services, the schemas; that commit.

    Raises PlaceTaken, or InvalidRecord when `name` cannot be a name. All of it is made, or nothing.
    """
    signature(author)
    data = _instance(name)
    files = {
        "instance.yml": _with_schema("instance.yml", write(Instance, data)),
        "zones.geojson": write_zones([]),
        "services.yml": _with_schema("services.yml", write_list(Service, [])),
        **{f"{schema.FOLDER}/{name}": text.encode() for name, text in schema.schema_files().items()},
    }
    text = message(_("Création du dépôt de contenus."), [], Trailers("create", ["instance"]))
    return plant(path, files, text, author=author, when=when)


def _with_schema(path: str, text: bytes) -> bytes:
    """A file that tells text editors which schema it follows: the starter content shows how it is done."""
    return f"{schema.modeline(path)}\n".encode() + text


def plant(path: Path, files: Mapping[str, bytes], text: str, *, author: str, when: dt.datetime) -> str:
    """Make a bare repository whose first commit, with that message, holds these files; that commit.

    Raises PlaceTaken. All of it is made, or nothing.
    """
    path = Path(path)
    draft = path.with_name(f"{path.name}.draft")
    _make_room(path)
    shutil.rmtree(draft, ignore_errors=True)
    try:
        with GitRepo.init_bare(draft) as repo:
            tree, new = repo.build(EMPTY_TREE, files)
            commit = repo.write_commit(tree, new, [], text, author, when)
            repo.compare_and_swap(MAIN, commit, None)
        with contextlib.suppress(FileNotFoundError):
            path.rmdir()  # an empty folder may be in the way
        draft.rename(path)
    except OSError as refused:
        raise of_os_error(refused, str(path)) from refused
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return commit


def _instance(name: str) -> dict[str, object]:
    raw = {
        "schema": str(SCHEMA),
        "title": name if len(name) <= _LONGEST_TITLE else _("Budget participatif"),
        "name": name,
        "languages": ["fr"],
        "timezone": "Europe/Paris",
        "currency": "EUR",
    }
    found = check_raw(Instance, raw)
    if found.problems or "title" not in found.data:
        raise InvalidRecord("instance", found.problems)
    return found.data


def export(store: Repository, folder: Path, commit: str | None = None) -> int:
    """Write the files of a commit (the newest by default) into a new or empty folder; their number."""
    folder = Path(folder)
    _make_room(folder)
    count = 0
    with store.repo() as repo:
        tree = repo.commit(checked(commit) if commit else store.head_of(repo)).tree
        entries = [entry for entry in repo.entries(tree) if entry.mode & 0o170000 == 0o100000]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            bodies = repo.blobs(entry.blob for entry in entries)
            for entry, (_name, body) in zip(entries, bodies, strict=True):
                parts = entry.path.split("/")
                if any(part in ("", ".", "..") or part.lower() == ".git" for part in parts):
                    continue  # git itself refuses such names; a hostile repository may have them
                file = folder.joinpath(*parts)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(body)
                count += 1
        except OSError as refused:
            raise of_os_error(refused, str(folder)) from refused
    return count


def _make_room(path: Path) -> None:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise PlaceTaken(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise of_os_error(refused, str(path)) from refused
