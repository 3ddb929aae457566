"""Spreadsheets as rows of text: CSV in any usual separator and encoding, XLSX through `workbooks`.

Cells stay text; what they mean is for the mapping. A file that cannot be read is refused with its line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from participation.importing.errors import refused
from participation.messages import mark as _
from participation.opendata.guards import unguarded
from participation.problems import Problem, Severity
from participation.wording import listing

LARGEST_FILE = 50 << 20  # bytes
LONGEST_CELL = 100_000  # characters; a project's description is a hundred times shorter
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
SEPARATORS = (";", ",", "\t", "|")
ENCODINGS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "windows-1252": "cp1252", "iso-8859-1": "cp1252"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its line in the file (from 1), its cells, and what is wrong with some of them (by column, from 0)."""

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)
    fault: str = ""  # of the row as a whole


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: names of columns, rows that are not empty, and what was noticed while reading."""

    file: str
    headers: tuple[str, ...]
    rows: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read; an empty text means: recognise it."""

    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    header_row: int = 1
    guarded: bool = False  # texts were guarded against formulas (`participation.opendata.guards`)


def read_sheet(content: bytes, file: str, reading: Reading | None = None) -> Sheet:
    """The table in a file; raises ImportRefused when it is none, or too large, or broken beyond its rows."""
    reading = reading or Reading()
    sheet = _read(content, file, reading)
    return without_guards(sheet) if reading.guarded else sheet


def without_guards(sheet: Sheet) -> Sheet:
    """The table with its texts as they were before they were guarded against formulas."""
    return replace(sheet, rows=tuple(replace(row, cells=tuple(map(unguarded, row.cells))) for row in sheet.rows))


def _read(content: bytes, file: str, reading: Reading) -> Sheet:
    if not content.strip():
        raise refused(_("Le fichier est vide."), file)
    if len(content) > LARGEST_FILE:
        raise refused(_("Le fichier dépasse %s\u00a0Mo.") % (LARGEST_FILE >> 20), file, hint=_("Découpez-le."))
    if content.startswith(b"PK\x03\x04"):
        from participation.importing.workbooks import read_workbook  # noqa: PLC0415  # openpyxl costs 0.2 s to import

        return read_workbook(content, file, reading)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(_("C’est un ancien classeur Excel."), file, hint=_("Enregistrez-le en .xlsx ou en CSV."))
    text, notes = decoded(content, file, reading.encoding)
    return _read_csv(text, file, reading, notes)


def decoded(content: bytes, file: str, encoding: str) -> tuple[str, list[Problem]]:
    """The text of a file, its encoding recognised when none is named, and what is to be told about it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content.count(b"\0", 0, 4096) > 40:
        raise refused(_("Ce fichier n’est pas du texte."), file, hint=_("Enregistrez la feuille en CSV ou en .xlsx."))
    if encoding:
        try:
            return content.decode(ENCODINGS[encoding]), []
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise refused(
                _("Le fichier n’est pas en %s à cette ligne.") % encoding,
                file,
                line,
                _("Corrigez «\u00a0encoding\u00a0»."),
            ) from None
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    tried = content.decode("utf-8", "replace")
    broken = tried.count("\ufffd")
    if sum(character > "\x7f" for character in tried) - broken > broken:
        raise refused(
            _("Le fichier est en UTF-8, sauf un caractère abîmé à cette ligne."),
            file,
            line,
            _("Corrigez ce caractère."),
        )
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refused(
            _("L’encodage du fichier n’est ni UTF-8 ni Windows-1252."), file, line, _("Enregistrez-le en UTF-8.")
        ) from None
    return text, [Problem(_("Fichier lu en Windows-1252."), file=file, severity=Severity.WARNING)]


def _read_csv(text: str, file: str, reading: Reading, notes: list[Problem]) -> Sheet:
    skipped = 0
    if declared := re.match(r"sep=(.)\r?\n", text):  # Excel's own way to name the separator
        reading = replace(reading, separator=reading.separator or declared[1])
        text, skipped = text[declared.end() :], 1
    separator = reading.separator or guessed_separator(text, reading.header_row)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Line] = []
    headers: tuple[str, ...] = ()
    number = 1
    try:
        for index, cells in enumerate(reader, 1):
            line, number = number, reader.line_num + 1
            if index == reading.header_row:
                headers = checked_headers(cells, file, line + skipped)
            elif index > reading.header_row and any(cell.strip() for cell in cells):
                rows.append(_line(line + skipped, cells, len(headers)))
                check_count(rows, file)
    except csv.Error as error:
        raise refused(
            _("Une cellule de cette ligne est démesurée, ou un guillemet n’est pas refermé."),
            file,
            number + skipped,
            str(error),
        ) from None
    if not headers:
        raise refused(_("Le fichier n’a pas de ligne d’en-têtes."), file, reading.header_row)
    _refuse_open_quote(text, separator, file, skipped)
    return Sheet(file, headers, tuple(rows), tuple(notes))


def _line(number: int, cells: list[str], width: int) -> Line:
    extra = [cell for cell in cells[width:] if cell.strip()]
    fault = ""
    if extra:
        fault = _(
            "%(found)s cellules pour %(expected)s colonnes\u00a0: un séparateur est sans doute dans un texte."
        ) % {
            "found": len(cells),
            "expected": width,
        }
    cells = (cells + [""] * width)[:width]
    return Line(number, tuple(cells), long_cells(cells), fault)


def long_cells(cells: list[str]) -> dict[int, str]:
    """The faults of cells that no field could take."""
    return {
        index: _("Cette cellule contient %s caractères.") % len(cell)
        for index, cell in enumerate(cells)
        if len(cell) > LONGEST_CELL
    }


def checked_headers(cells: list[str], file: str, line: int) -> tuple[str, ...]:
    """Names of columns without outer spaces and trailing empty ones; refuses none, too many, and twins."""
    headers = [" ".join(cell.split()) for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise refused(
            _("La ligne d’en-têtes est vide."), file, line, _("Donnez son numéro dans «\u00a0header_row\u00a0».")
        )
    if len(headers) > MOST_COLUMNS:
        raise refused(_("Le fichier a plus de %s colonnes.") % MOST_COLUMNS, file, line)
    twins = sorted({name for name in headers if name and headers.count(name) > 1})
    if twins:
        cells_of = [f"{letters(place)}{line}" for place, name in enumerate(headers) if name == twins[0]]
        raise refused(
            _("Deux colonnes portent le même nom\u00a0: «\u00a0%s\u00a0».") % twins[0],
            file,
            line,
            _("Renommez l’une des deux (cellules %s).") % listing(cells_of),
        )
    return tuple(headers)


def letters(place: int) -> str:
    """The letters by which spreadsheet programs name a column, from 0: `A`, `Z`, `AA`."""
    found = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(65 + rest) + found
    return found


def check_count(rows: list[Line], file: str) -> None:
    """Refuse a file that grows beyond what an import is for."""
    if len(rows) > MOST_ROWS:
        raise refused(_("Le fichier a plus de %s lignes.") % MOST_ROWS, file, rows[-1].number, _("Découpez-le."))


def guessed_separator(text: str, header_row: int) -> str:
    """The separator that cuts the header and the first rows into the most columns, alike."""
    sample = text[:200_000]
    best, score = ";", (0, 0)
    for separator in SEPARATORS:
        widths = []
        try:
            for index, cells in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=separator), 1):
                if index >= header_row:
                    widths.append(len(cells))
                if len(widths) == 20:
                    break
        except csv.Error:
            continue
        if widths and widths[0] > 1:
            alike = sum(width == widths[0] for width in widths)
            if (alike * 2 >= len(widths), widths[0]) > score:
                best, score = separator, (alike * 2 >= len(widths), widths[0])
    return best


def _refuse_open_quote(text: str, separator: str, file: str, skipped: int) -> None:
    """A quote left open swallows the rest of the file in silence: find where it began."""
    number = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for _cells in reader:
            number = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise refused(_("Un guillemet n’est pas refermé."), file, number + skipped) from None
