"""A table made to be edited in a spreadsheet program and imported again: typed cells, its identifiers, its versions.

What stands in each cell is the domain's (`participation.importing.targets`), as is reading it back.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from backoffice import policy
from backoffice.exchange.choices import Ground, ground
from backoffice.i18n import translations
from backoffice.policy import Right
from backoffice.registry.schema import Account
from participation.importing.targets import ID, VERSION, Cell, Target, cell
from participation.opendata.guards import guarded
from participation.records import Record
from participation.records.figures import Money
from participation.records.texts import Markdown
from participation.store.snapshot import Snapshot

TOLD_EVERY = 100  # rows
_FORMATS: tuple[tuple[type, str], ...] = ((dt.datetime, "dd/mm/yyyy hh:mm"), (dt.date, "dd/mm/yyyy"), (str, "@"))
_HEAD = Font(bold=True)
_FIXED = PatternFill("solid", fgColor="EEEAE0")
_WRAPPED = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records and columns: those of an edition ("" for all), in the words of a language."""

    edition: str = ""
    columns: tuple[str, ...] = ()
    language: str = "fr"

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Wanted:
        """As it was kept."""
        return cls(str(kept.get("edition", "")), tuple(kept.get("columns", ())), str(kept.get("language", "fr")))

    def kept(self) -> dict[str, Any]:
        """As it is kept."""
        return {"edition": self.edition, "columns": list(self.columns), "language": self.language}


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook and how many records it holds."""

    data: bytes
    rows: int


def made(
    snapshot: Snapshot, type_name: str, wanted: Wanted, author: Account, progress: Callable[[int, int], None]
) -> Made:
    """The workbook of the records that the author may change."""
    about = ground(type_name, snapshot)
    records = sorted(_records(about, wanted, author), key=lambda record: record.id)
    translate = translations(wanted.language).gettext
    columns = chosen(about, wanted.columns)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(translate(about.record_type.title_words)[:31])
    sheet.freeze_panes = "B2"
    for place, target in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(target)
    sheet.append([_heading(sheet, target, target.label(translate)) for target in columns])
    for done, record in enumerate(records):
        if done % TOLD_EVERY == 0:
            progress(done, len(records))
        sheet.append([_cell(sheet, target, value) for target, value in _values(about, columns, record, translate)])
    data = io.BytesIO()
    book.save(data)
    return Made(data.getvalue(), len(records))


def chosen(about: Ground, names: Sequence[str]) -> list[Target]:
    """The columns that were asked for, all where none was, between those that every table has: number and version."""
    inner = [target for target in about.targets if target.name not in (ID, VERSION, "edition") or target.path]
    wanted = [target for target in inner if not names or target.name in names]
    return [about.by_name[ID], *wanted, about.by_name[VERSION]]


def _records(about: Ground, wanted: Wanted, author: Account) -> Iterator[Record]:
    for record in about.snapshot.of_type(about.record_type):
        edition = str(record.data.get("edition", "")) or record.id.partition("-")[0]
        if wanted.edition in ("", edition) and policy.allowed(author, Right.EDIT, record.data):
            yield record


def _values(
    about: Ground, columns: Sequence[Target], record: Record, translate: Callable[[str], str]
) -> Iterator[tuple[Target, Cell]]:
    for target in columns:
        yield target, cell(target, record, about.titles, translate, about.languages[0])


def _cell(sheet: Any, target: Target, value: Cell) -> Any:
    """A typed cell; a text is never taken for a formula, a figure or a day."""
    if value is None:
        return None
    plain: Any = guarded(value) if isinstance(value, str) else value
    if isinstance(value, Decimal):
        plain = int(value) if value == value.to_integral_value() else float(value)
    made = WriteOnlyCell(sheet, plain)
    made.number_format = next((words for kind, words in _FORMATS if isinstance(value, kind)), "General")
    if isinstance(value, str):
        made.data_type = "s"
    if target.path is not None and isinstance(target.path.leaf, Money):
        made.number_format = "#,##0.00" if isinstance(plain, float) else "#,##0"
    return made


def _heading(sheet: Any, target: Target, words: str) -> Any:
    made = WriteOnlyCell(sheet, words)
    made.font, made.alignment = _HEAD, _WRAPPED
    if target.name in (ID, VERSION):
        made.fill = _FIXED
    return made


def _width(target: Target) -> float:
    """Characters."""
    if target.name in (ID, VERSION):
        return 14
    leaf = target.path.leaf if target.path is not None else None
    return 48 if isinstance(leaf, Markdown) or target.name in ("title", "summary") else 20
