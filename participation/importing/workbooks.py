"""XLSX workbooks as rows of text, through openpyxl; the archive is judged before anything in it is opened.

Formulas are never evaluated: the value that the spreadsheet program kept is taken, and said; without one the cell is
a fault of its row.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from participation.importing.errors import refused
from participation.importing.sheets import MOST_COLUMNS, Line, Reading, Sheet, check_count, checked_headers, long_cells
from participation.messages import mark as _
from participation.problems import Problem, Severity

LARGEST_UNPACKED = 200 << 20  # bytes, all parts together
LARGEST_RATIO = 200  # unpacked to packed; a real sheet of figures reaches 40
MOST_PARTS = 2_000

_AGAIN = _("Ouvrez-le dans votre tableur et enregistrez-le de nouveau en .xlsx, ou en CSV.")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
_MOST_MERGED = 20_000

# What zipfile, zlib and openpyxl let through when the bytes are not what they seem; SyntaxError is the parent of
# ElementTree's ParseError.
_BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    OverflowError,
    SyntaxError,
)


def read_workbook(content: bytes, file: str, reading: Reading) -> Sheet:
    """The table in one sheet of a workbook; raises ImportRefused."""
    try:
        _judge(content, file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions that it does not know
            found = _loaded(content, file, reading, kept_values=False)
            if any(line.faults for line in found.rows):
                found = _with_kept_values(found, _loaded(content, file, reading, kept_values=True))
            return _with_merged_cells(found, _merged(content, file, reading))
    except _BROKEN:
        raise refused(_("Ce classeur est abîmé ou d’un format inconnu."), file, None, _AGAIN) from None


def first_rows(
    content: bytes, file: str, sheet: str, most_rows: int, most_columns: int
) -> tuple[tuple[str, ...], str, tuple[tuple[str, ...], ...]]:
    """The names of the sheets that are shown, one of them, and its first rows; raises ImportRefused."""
    try:
        _judge(content, file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            try:
                tables = {one.title: one for one in workbook.worksheets if one.sheet_state == "visible"}
                tables = tables or {one.title: one for one in workbook.worksheets}
                name = sheet if sheet in tables else next(iter(tables))
                tables[name].reset_dimensions()
                rows = tables[name].iter_rows(max_row=most_rows, max_col=most_columns)
                return tuple(tables), name, tuple(tuple(_text(cell)[0] for cell in row) for row in rows)
            finally:
                workbook.close()
    except (*_BROKEN, StopIteration):
        raise refused(_("Ce classeur est abîmé ou d’un format inconnu."), file, None, _AGAIN) from None


def _merged(content: bytes, file: str, reading: Reading) -> list[tuple[int, int, int]]:
    """The cells merged over several rows of the sheet that is read: column from 0, first row, last row."""
    workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        part = _sheet(workbook, file, reading)._worksheet_path  # noqa: SLF001  # a book that is only read tells no merged cells
    finally:
        workbook.close()
    found: list[tuple[int, int, int]] = []
    tail = b""
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(part) as stream:
        while (chunk := stream.read(1 << 16)) and len(found) < _MOST_MERGED:
            piece = tail + chunk
            end = 0
            for match in _MERGED.finditer(piece):
                end = match.end()
                if int(match[3]) > int(match[2]):
                    found.append((column_index_from_string(match[1].decode()) - 1, int(match[2]), int(match[3])))
            tail = piece[max(end, len(piece) - 100) :]
    return found


def _with_merged_cells(sheet: Sheet, merged: list[tuple[int, int, int]]) -> Sheet:
    """What stands in a cell merged over several rows is said of each of them."""
    places = {line.number: place for place, line in enumerate(sheet.rows)}
    rows, first = list(sheet.rows), None
    for column, top, bottom in merged:
        value = rows[places[top]].cells[column] if top in places and column < len(sheet.headers) else ""
        for number in range(top + 1, min(bottom, rows[-1].number if rows else 0) + 1) if value else ():
            if number in places and not rows[places[number]].cells[column]:
                line = rows[places[number]]
                cells = (*line.cells[:column], value, *line.cells[column + 1 :])
                rows[places[number]] = replace(line, cells=cells)
                first = first or (number, get_column_letter(column + 1))
    if first is None:
        return sheet
    words = _("Des cellules sont fusionnées sur plusieurs lignes\u00a0: leur valeur est reprise sur chacune.")
    where = _("colonne %s") % first[1]
    note = Problem(words, file=sheet.file, line=first[0], field=where, severity=Severity.WARNING)
    return replace(sheet, rows=tuple(rows), problems=(*sheet.problems, note))


def _loaded(content: bytes, file: str, reading: Reading, *, kept_values: bool) -> Sheet:
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=kept_values, keep_links=False)
    try:
        return _read(workbook, file, reading)
    finally:
        workbook.close()


def _judge(content: bytes, file: str) -> None:
    """Refuse bombs by what the archive declares, and any XML that declares entities."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        packed = max(1, sum(part.compress_size for part in parts))
        bomb = unpacked > 1 << 20 and unpacked / packed > LARGEST_RATIO
        if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or bomb:
            raise refused(
                _("Ce classeur se déplie en %s\u00a0Mo\u00a0: il est refusé sans être ouvert.") % (unpacked >> 20),
                file,
                hint=_("Enregistrez la seule feuille utile, ou un CSV."),
            )
        if any(part.flag_bits & 1 for part in parts):
            raise refused(_("Ce classeur est protégé par un mot de passe."), file)
        if "[Content_Types].xml" not in archive.namelist():
            raise refused(_("Cette archive n’est pas un classeur .xlsx."), file, None, _AGAIN)
        for part in parts:
            if not part.filename.startswith("xl/media/"):
                _refuse_entities(archive, part, file)


def _refuse_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> None:
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 16):
            piece = tail + chunk.replace(b"\0", b"")  # UTF-16 hides its letters between NULs
            if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                raise refused(
                    _("Ce classeur contient des entités XML (%s)\u00a0: il est refusé.") % part.filename[:60], file
                )
            tail = piece[-16:]


def _sheet(workbook: Any, file: str, reading: Reading) -> Any:
    """The sheet that is to be read; raises ImportRefused."""
    if reading.sheet and reading.sheet not in workbook.sheetnames:
        raise refused(
            _("Ce classeur n’a pas de feuille «\u00a0%s\u00a0».") % reading.sheet,
            file,
            None,
            ", ".join(workbook.sheetnames)[:200],
        )
    return workbook[reading.sheet] if reading.sheet else workbook.worksheets[0]


def _read(workbook: Any, file: str, reading: Reading) -> Sheet:
    sheet = _sheet(workbook, file, reading)
    sheet.reset_dimensions()  # a declared size of a million columns would be padded with empty cells
    top = reading.header_row
    first = next(iter(sheet.iter_rows(min_row=top, max_row=top, max_col=MOST_COLUMNS + 1)), ())
    headers = checked_headers([_text(cell)[0] for cell in first], file, top)
    rows: list[Line] = []
    for number, cells in _rows(sheet, top + 1, len(headers)):
        texts, faults = [], {}
        for index, cell in enumerate(cells):
            text, fault = _text(cell)
            texts.append(text)
            if fault:
                faults[index] = fault
        if any(text.strip() for text in texts) or faults:
            width = len(headers)
            extra = any(text.strip() for text in texts[width:])
            fault = _("Une cellule est remplie à droite de la dernière colonne nommée.") if extra else ""
            texts = (texts + [""] * width)[:width]
            rows.append(Line(number, tuple(texts), {**long_cells(texts), **faults}, fault))
            check_count(rows, file)
    return Sheet(file, headers, tuple(rows))


def _rows(sheet: Any, first: int, width: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    yield from enumerate(sheet.iter_rows(min_row=first, max_col=width + 1), first)


def _text(cell: Any) -> tuple[str, str]:
    """A typed cell as text, and what is wrong with it."""
    value = cell.value
    if value is None:
        return "", ""
    kind = cell.data_type
    if kind == "f":
        return "", _("Cette cellule contient une formule\u00a0: collez sa valeur.")
    if kind == "e":
        return "", _("Cette cellule contient une erreur de calcul (%s).") % str(value)[:20]
    if isinstance(value, bool):
        return ("true" if value else "false"), ""
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")), ""
    if isinstance(value, dt.datetime):
        return _moment(value, cell.number_format), ""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat(), ""
    return str(value), ""


def _moment(value: dt.datetime, number_format: str) -> str:
    """A date as precise as it is shown: `mm/yyyy` is a month, although the cell holds its first day."""
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format or "").lower()
    if value.time() != dt.time(0):
        return value.isoformat(" ", "minutes")
    if "y" in shown and "d" not in shown and value.day == 1:
        return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"
    return value.date().isoformat()


def _with_kept_values(formulas: Sheet, values: Sheet) -> Sheet:
    kept = {line.number: line for line in values.rows}
    rows, used = [], None
    for line in formulas.rows:
        other = kept.get(line.number)
        if not line.faults or other is None:
            rows.append(line)
            continue
        cells, faults = list(line.cells), dict(line.faults)
        for index in line.faults:
            if index < len(cells) and other.cells[index].strip() and index not in other.faults:
                cells[index] = other.cells[index]
                del faults[index]
                used = used or (line.number, get_column_letter(index + 1))
        rows.append(Line(line.number, tuple(cells), faults, line.fault))
    notes = []
    if used:
        notes.append(
            Problem(
                _("Des cellules contiennent des formules\u00a0: leur dernière valeur enregistrée est reprise."),
                file=formulas.file,
                line=used[0],
                field=_("colonne %s") % used[1],
                severity=Severity.WARNING,
            )
        )
    return Sheet(formulas.file, formulas.headers, tuple(rows), tuple(notes))
