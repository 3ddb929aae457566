"""`laureat schema`: the JSON Schema files that text editors which know YAML use while one types."""

from __future__ import annotations

import argparse
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "schema",
        help="write the JSON Schema files that text editors use",
        description="Write one JSON Schema file (draft 2020-12) for each type of record into CONTENT/.schema. A YAML "
        "file names its own in its first line: # yaml-language-server: $schema=../../../.schema/project.schema.json",
    )
    parser.add_argument(
        "content",
        type=Path,
        metavar="CONTENT",
        nargs="?",
        default=Path(),
        help="a folder of YAML files (default: the current one)",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="another folder to write to")


def run(args: argparse.Namespace) -> int:
    """Write the files; those that are the same already stay untouched."""
    from participation.problems import LaureatError
    from participation.schema import FOLDER, schema_files
    from participation.store import open_content
    from participation.store.content import FolderContent

    folder = args.out
    if folder is None:
        content = open_content(args.content)
        if not isinstance(content, FolderContent):
            raise LaureatError(f"{args.content} is a bare repository: say where to write with --out DIR.")
        folder = content.path / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schema_files().items():
        file = folder / name
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
        print(file)
    return 0
