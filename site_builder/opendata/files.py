"""The four formats of a table: CSV, XLSX, JSON, GeoJSON. Each writer gives the bytes and which texts it left out.

Spreadsheets are given texts that none of them takes for a formula; a text that a cell cannot hold is left out whole,
never cut, and told.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from participation.messages import mark as _
from participation.opendata.columns import Column, Holds
from participation.opendata.guards import guarded
from participation.records import TYPES
from participation.records.base import Fielded
from participation.records.containers import Group, PlaceField, Rows
from participation.records.fields import Field, Plain
from participation.records.figures import Money
from site_builder.opendata.records import Datum
from site_builder.opendata.tables import Table, derived_values

LONGEST_XLSX = 32_767  # UTF-16 units in one cell, of the format itself
LONGEST_CSV = 100_000  # characters: what our own import reads back

Translate = Callable[[str], str]


class Named(Protocol):
    """A record of which a writer only tells the number."""

    @property
    def id(self) -> str: ...


class Sheet(Protocol):
    """A table for a spreadsheet: a `Table` of the site, or what a list of the office shows."""

    @property
    def name(self) -> str: ...
    @property
    def columns(self) -> Sequence[Column]: ...
    @property
    def records(self) -> Sequence[Any]: ...
    @property
    def rows(self) -> Sequence[tuple[Named, Sequence[Any]]]: ...


class Left(NamedTuple):
    """A value that a format could not hold: of which record and column, and its length in characters."""

    id: str
    column: str
    length: int


class Made(NamedTuple):
    """The bytes of a file, how many records are in it, and what it had to leave out."""

    data: bytes
    rows: int
    left: list[Left]


def csv_file(table: Sheet) -> Made:
    """RFC 4180: commas, CRLF, quotes where needed; UTF-8 with the mark by which Excel knows it."""
    left: list[Left] = []
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    for one, values in table.rows:
        cells = [_cell(value) for value in values]
        for place, cell in enumerate(cells):
            if len(cell) > LONGEST_CSV:
                left.append(Left(one.id, table.columns[place].name, len(cell)))
                cells[place] = ""
        writer.writerow(cells)
    return Made(text.getvalue().encode("utf-8-sig"), len(table.records), left)


def xlsx_file(table: Sheet, about: Mapping[str, str], translate: Translate) -> Made:
    """A workbook: the table on its first sheet, `about` (words -> words) and what was left out on its second."""
    left: list[Left] = []
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.name[:31])
    sheet.freeze_panes = "B2"
    sheet.append([_styled(sheet, column.name) for column in table.columns])
    for one, values in table.rows:
        cells: list[Any] = []
        for column, value in zip(table.columns, values, strict=True):
            cell = _typed(value)
            if isinstance(cell, str) and len(cell.encode("utf-16-le")) // 2 > LONGEST_XLSX:
                left.append(Left(one.id, column.name, len(cell)))
                cell = None
            cells.append(_text_cell(sheet, cell) if isinstance(cell, str) and cell.startswith("#") else cell)
        sheet.append(cells)
    notes = book.create_sheet(translate(_("Lisez-moi"))[:31])
    for label, words in about.items():
        notes.append([_styled(notes, label), guarded(words)])
    for one_left in left:
        words = translate(_("Trop long pour une cellule (%(length)s caractères)\u00a0: lisez le fichier JSON.")) % {
            "length": one_left.length
        }
        notes.append([f"{one_left.id}, {one_left.column}", words])
    data = io.BytesIO()
    book.save(data)
    return Made(data.getvalue(), len(table.records), left)


def json_file(table: Table) -> Made:
    """A list of records, nested as in the content, with every language; what is derived lies under `derived`."""
    records = [record_object(one, table) for one in table.records]
    return Made(_json(records), len(records), [])


def geojson_file(table: Table) -> Made | None:
    """RFC 7946: a feature for each record with a point, its columns as properties; None when no record has one."""
    features = []
    points = ("place.longitude", "place.latitude")
    for one, values in table.rows:
        by_name = {column.name: value for column, value in zip(table.columns, values, strict=True)}
        longitude, latitude = (by_name.get(name) for name in points)
        if longitude is None or latitude is None:
            continue
        properties = {
            column.name: _number(value) if isinstance(value, Decimal) else value
            for column, value in zip(table.columns, values, strict=True)
            if value is not None and column.name not in points and column.holds is not Holds.ROWS
        }
        features.append(
            {
                "type": "Feature",
                "id": one.id,
                "geometry": {"type": "Point", "coordinates": [float(str(longitude)), float(str(latitude))]},
                "properties": properties,
            }
        )
    if not features:
        return None
    return Made(_json({"type": "FeatureCollection", "features": features}), len(features), [])


def record_object(one: Datum, table: Table) -> dict[str, Plain]:
    """One record as JSON: amounts and degrees are numbers, everything else is as the content has it."""
    derived = derived_values(one, table.type_name, table.town)
    names = [column.name for column in table.columns if column.derived]
    found: dict[str, Plain] = {"id": one.id, **_numbers(TYPES[table.type_name], one.shown)}
    found["derived"] = {name: derived[name] for name in names if derived.get(name)}
    return found


def _numbers(kind: type[Fielded], shown: Mapping[str, Plain]) -> dict[str, Plain]:
    return {name: _numbered(kind.fields[name], plain) for name, plain in shown.items()}


def _numbered(field: Field[Any], plain: Plain) -> Plain:
    if isinstance(field, Money):
        return _number(Decimal(plain))
    if isinstance(field, Group):
        return _numbers(field.part, plain)
    if isinstance(field, Rows):
        return [_numbers(field.part, row) for row in plain]
    if isinstance(field, PlaceField) and isinstance(plain, Mapping):
        return {key: float(text) if key in ("longitude", "latitude") else text for key, text in plain.items()}
    return plain


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return guarded(value) if isinstance(value, str) else str(value)


def _typed(value: Any) -> Any:
    """A value as openpyxl keeps it: numbers, days and yes or no as such, dates of a table of the site as their text."""
    if isinstance(value, Decimal):
        return _number(value)
    return _cell(value) if isinstance(value, str | list) else value


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell of text whatever it looks like: openpyxl takes `#N/A` for the result of a formula."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _styled(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _json(plain: Any) -> bytes:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
