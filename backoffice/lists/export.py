"""What a list shows, as a spreadsheet: the chosen columns of every line found, cells typed, formulas disarmed.

The formats are the generator's; what stands in a cell is the column's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.i18n import _
from backoffice.records.columns import Cell, Column
from backoffice.records.lines import Line
from backoffice.records.listing import Index
from participation.opendata.columns import Column as Heading
from participation.opendata.columns import Holds
from site_builder.opendata.files import csv_file, xlsx_file

KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True)
class Shown:
    """Lines as the writers of tables take them."""

    name: str
    columns: Sequence[Heading]
    records: Sequence[Line]
    rows: Sequence[tuple[Line, Sequence[Cell]]]


def made(kind: str, name: str, columns: Sequence[Column], lines: Sequence[Line], index: Index, about: str) -> bytes:
    """The bytes of a file of that kind (`csv` or `xlsx`); `about` says on a second sheet what the list was."""
    headings = [Heading(column.label, column.label, Holds.TEXT) for column in columns]
    rows = [(line, [column.typed(line, index) for column in columns]) for line in lines]
    table = Shown(name, headings, lines, rows)
    if kind == "csv":
        return csv_file(table).data
    return xlsx_file(table, {_("Liste"): about}, _).data
