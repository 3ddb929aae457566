"""The first rows of a file, before anybody has said how it is read: its sheets, and where its headers may stand."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from participation.importing.errors import refused
from participation.importing.sheets import LARGEST_FILE, MOST_COLUMNS, decoded, guessed_separator
from participation.messages import mark as _

FIRST = 12  # rows that are shown, and among which the headers are looked for


@dataclass(frozen=True, slots=True)
class Peek:
    """What a file begins with: the names of its sheets (none for a CSV), the first rows of one, its headers' row."""

    sheets: tuple[str, ...]
    sheet: str
    rows: tuple[tuple[str, ...], ...]
    header_row: int


def peek(content: bytes, file: str, sheet: str = "") -> Peek:
    """The beginning of a table; ImportRefused when it is none."""
    if not content.strip():
        raise refused(_("Le fichier est vide."), file)
    if len(content) > LARGEST_FILE:
        raise refused(_("Le fichier dépasse %s\u00a0Mo.") % (LARGEST_FILE >> 20), file, hint=_("Découpez-le."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(_("C’est un ancien classeur Excel."), file, hint=_("Enregistrez-le en .xlsx ou en CSV."))
    if content.startswith(b"PK\x03\x04"):
        from participation.importing.workbooks import first_rows  # noqa: PLC0415  # openpyxl costs 0.2 s to import

        sheets, name, rows = first_rows(content, file, sheet, FIRST, MOST_COLUMNS + 1)
        return Peek(sheets, name, rows, header_row(rows))
    text, _notes = decoded(content, file, "")
    reader = csv.reader(io.StringIO(text[:2_000_000], newline=""), delimiter=guessed_separator(text, 1))
    try:
        rows = tuple(tuple(cells[: MOST_COLUMNS + 1]) for cells in islice(reader, FIRST))
    except csv.Error:
        rows = ()  # the whole reading says where
    return Peek((), "", rows, header_row(rows))


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """The row, from 1, that looks most like headers: as wide as the others, words only, hardly any twice."""
    widest = max((_filled(row) for row in rows), default=0)
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row if cell.strip()]
        words = all(not cell.replace(",", "").replace(".", "").isdecimal() for cell in cells)
        if cells and len(cells) * 2 > widest and words and len({*cells}) * 2 > len(cells):
            return number
    return 1


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)
