"""What lies in the folder of open data: each file with its content, format, rows, weight, and what it was made from.

Kept as `inventaire.json` beside the files. The page and the catalogue are made from it, and from nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "inventaire.json"
FORMATS = ("csv", "xlsx", "json", "geojson")
"""The formats of records; any other file describes them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file. `edition` is empty for all editions; `left_out` counts values too long for the format."""

    file: str
    type: str
    edition: str
    format: str
    rows: int
    bytes: int
    left_out: int
    made: str
    """The moment of the publication that the file tells of (ISO, UTC)."""
    key: str


def read_inventory(folder: Path) -> list[Entry]:
    """The files that the folder holds; an inventory that is missing or damaged names none."""
    try:
        listed = [Entry(**one) for one in json.loads((folder / NAME).read_text("utf-8"))["files"]]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return []
    return [one for one in listed if (folder / one.file).is_file()]


def write_inventory(folder: Path, entries: Iterable[Entry]) -> None:
    """Replace the inventory."""
    plain = {"files": [asdict(one) for one in entries]}
    replace(folder / NAME, json.dumps(plain, ensure_ascii=False, indent=1).encode() + b"\n")


def replace(file: Path, data: bytes) -> bool:
    """Put bytes in place in one rename; False when they are there already."""
    if file.is_file() and file.read_bytes() == data:
        return False
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(data)
    new.replace(file)
    return True
