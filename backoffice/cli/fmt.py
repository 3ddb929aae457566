"""`laureat fmt`: YAML files in the one canonical style, so that a later save changes only the lines it means to."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from participation.store.snapshot import Snapshot
    from participation.store.store import Store


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "fmt",
        help="rewrite YAML files in the canonical style",
        description="Rewrite the YAML files of CONTENT in the canonical style; comments, order and meaning stay. "
        "In a folder the files themselves are rewritten, in a bare repository it is one commit.",
    )
    parser.add_argument("content", type=Path, metavar="CONTENT", help="a bare repository or a folder of YAML files")
    parser.add_argument("--check", action="store_true", help="change nothing; list the files and end with 1 if any")


def run(args: argparse.Namespace) -> int:
    """Restyle; exit code 1 when a file cannot be restyled, or when `--check` finds one that should be."""
    from participation.store import open_content
    from participation.store.content import FolderContent

    content = open_content(args.content)
    shaped, unreadable = restyled_files(content.snapshot())
    for path in unreadable:
        print(f"{path}: cannot be read (laureat check says why)")
    for path in shaped:
        print(path)
    if args.check or not shaped:
        return 1 if shaped or unreadable else 0
    if isinstance(content, FolderContent):
        for path, text in shaped.items():
            _replace(content.path / path, text)
    else:
        _commit(content)
    return 1 if unreadable else 0


def restyled_files(snapshot: Snapshot) -> tuple[dict[str, bytes], list[str]]:
    """The files that are not in canonical style, restyled; and the names of those that cannot be."""
    from participation.records import TYPES
    from participation.yamltext.writer import restyled

    shaped: dict[str, bytes] = {}
    unreadable: list[str] = []
    for path, content in snapshot.contents(path for path in snapshot.places if path.endswith(".yml")):
        style = restyled(TYPES[snapshot.places[path].type_name], content)
        if style is None:
            unreadable.append(path)
        elif style != content:
            shaped[path] = style
    return shaped, unreadable


def _replace(file: Path, content: bytes) -> None:
    """Write beside the file, then take its place: nobody ever sees half a file."""
    import shutil

    beside = file.with_name(f".{file.name}.new")
    beside.write_bytes(content)
    shutil.copymode(file, beside)
    beside.replace(file)


def _commit(store: Store) -> None:
    import datetime as dt

    from participation.messages import mark as _
    from participation.store.writing import Ground, Step, Trailers, commit, message

    def prepare(ground: Ground) -> list[Step]:  # under the lock: what was saved meanwhile is restyled, not undone
        files, _unreadable = restyled_files(store.snapshot(ground.head))
        subject = _("Mise en forme des fichiers, sans changement de contenu.")
        return [Step(files, message(subject, [], Trailers("restyle")))]

    commit(store, "laureat", dt.datetime.now(dt.UTC), prepare)
