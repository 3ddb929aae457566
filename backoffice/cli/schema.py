"""`laureat schema`: the JSON Schema files that text editors which know YAML use while one types."""

from __future__ import annotations

import argparse
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments; nothing heavy is imported."""
    parser = subparsers.add_parser(
        "schema",
        help="write the JSON Schema files that text editors use",
        description="Write one JSON Schema file (draft 2020-12) for each type of record. A YAML file names its own in "
        "its first line: # yaml-language-server: $schema=../../../schema/project.json",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("schema"), metavar="DIR", help="the folder to write to (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Write the files; those that are the same already stay untouched."""
    from participation.schema import schema_files

    args.out.mkdir(parents=True, exist_ok=True)
    for name, text in schema_files().items():
        file = args.out / name
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
        print(file)
    return 0
