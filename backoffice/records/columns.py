"""The columns of a list, from the declarations of the fields: words to show, a sort key, a typed cell to export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from backoffice.i18n import _, language
from backoffice.records.formdata import APART
from backoffice.records.lines import Line, fold
from backoffice.records.listing import LISTED, Index
from backoffice.records.looks import look_of_state
from participation.messages import mark
from participation.records.containers import Group, PlaceField, Refs, Rows
from participation.records.fields import Field, Plain
from participation.records.figures import Date, Instant, Integer, Money, When
from participation.records.territory import Geometry
from participation.records.texts import Choice, Flag, Markdown, Media, Ref

Cell = str | int | Decimal | bool | dt.date | None
Key = str | int | float
LONGEST_SHOWN = 120  # characters of a text in a cell of the page

_BIG = (Group, Rows, PlaceField, Geometry, Markdown, Media)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `declared` is the field it shows, None for what is worked out (number, state, edition, due)."""

    name: str
    words: str
    declared: Any = None  # Field or None: declared as such, mypy would take it for a descriptor of this class

    @property
    def label(self) -> str:
        """The title of the column for whoever reads."""
        return _(self.words)

    @property
    def numeric(self) -> bool:
        """True for figures, which stand on the right."""
        return isinstance(self.declared, Money | Integer)

    def cell(self, line: Line, index: Index) -> str:
        """What the page shows, "" for nothing."""
        if self.declared is None:
            return _OWN[self.name](line, index)
        plain = line.data.get(self.name)
        return "" if plain is None else _shown(self.declared, plain, index)

    def key(self, line: Line, index: Index) -> Key | None:
        """What a list sorts by; None where there is nothing, which comes last in either direction."""
        if self.name == "id":
            return line.id
        if self.name == "title":
            return line.folded or None
        if self.name == "due":
            return index.due(line) or None
        plain = line.data.get(self.name) if self.declared is not None else None
        if isinstance(self.declared, Integer):
            return None if plain is None else int(plain)
        if isinstance(self.declared, Money):
            return None if plain is None else float(plain)
        if isinstance(self.declared, Date | When | Instant):
            return None if plain is None else str(plain)
        if self.name == "state":
            return line.state or None
        return fold(self.cell(line, index)) or None

    def typed(self, line: Line, index: Index) -> Cell:
        """What a spreadsheet gets: figures as numbers, full days as dates, the rest in words."""
        if self.name == "due":
            due = index.due(line)
            return dt.date.fromisoformat(due) if due else None
        plain = line.data.get(self.name) if self.declared is not None else None
        if self.declared is None or plain is None:
            return self.cell(line, index) or None
        if isinstance(self.declared, Money):
            return Decimal(plain)
        if isinstance(self.declared, Integer):
            return int(plain)
        if isinstance(self.declared, Flag):
            return bool(plain)
        if isinstance(self.declared, Date) and len(str(plain)) == 10:
            return dt.date.fromisoformat(str(plain))
        if isinstance(self.declared, When) and len(str(plain)) > 10:
            return dt.datetime.fromisoformat(str(plain))
        if isinstance(self.declared, When):
            return dt.date.fromisoformat(str(plain))
        return _shown(self.declared, plain, index)


@cache
def columns_of(type_name: str) -> dict[str, Column]:
    """Every column that a list of this type may show, in the order of the declarations."""
    kind = LISTED[type_name]
    found = [Column("id", mark("N°") if not kind.collective else mark("Identifiant")), Column("title", mark("Titre"))]
    if type_name in ("idea", "project"):
        found += [Column("state", mark("État")), Column("edition", mark("Édition"))]
    if type_name in ("idea", "project", "event"):
        found.append(Column("due", mark("Échéance")))
    found.append(Column("missing", mark("À compléter")))
    for name, declared in kind.fields.items():
        if name not in APART and name not in ("id", "title") and _small(declared):
            found.append(Column(name, declared.label, declared))
    return {column.name: column for column in found}


def _small(declared: Field[Any]) -> bool:
    return not isinstance(declared, _BIG)


def _shown(declared: Field[Any], plain: Plain, index: Index) -> str:
    if isinstance(declared, Ref):
        return index.title(declared.to, str(plain))
    if isinstance(declared, Refs):
        return ", ".join(index.title(declared.to, str(one)) for one in plain)
    words = declared.show(plain, language(), _)
    if isinstance(declared, Choice | Flag):
        return words[:1].upper() + words[1:]
    return words


def shortened(words: str) -> str:
    """The words as a cell of a page holds them."""
    return words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 1].rstrip() + "…"


def day(iso: str) -> str:
    """`12 mai 2024`."""
    return Date.show(Date(""), iso, language()) if iso else ""


_OWN: dict[str, Callable[[Line, Index], str]] = {
    "id": lambda line, _index: line.id.rpartition(":")[2],
    "title": lambda line, _index: line.title,
    "state": lambda line, _index: look_of_state(line.type_name, line.state).words,
    "edition": lambda line, index: index.title("edition", line.edition),
    "due": lambda line, index: day(index.due(line)),
    "missing": lambda line, _index: _("À compléter") if line.faulty else "",
}
