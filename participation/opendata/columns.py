"""Which columns a table of records has, and what stands in each: from the declarations of the public fields alone.

The name of a column is the path of its field, as mappings of imports write it: `title`, `title.en`, `place.address`,
`steps.works.actual_start`. Columns made from others (words of codes, the address of the page) are `derived`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from participation import lifecycle
from participation.messages import mark as _
from participation.records import TYPES, Record
from participation.records.containers import Group, PlaceField, Rows, Texts
from participation.records.fields import Field, Plain
from participation.records.figures import Integer, Money
from participation.records.texts import Choice, Flag, Text

PUBLISHED = ("project", "idea", "event")
"""The types that are published as tables."""


class Holds(StrEnum):
    """What the cells of a column hold, in the words of Table Schema."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ROWS = "array"


Value = str | int | Decimal | bool | list[Any] | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `path` leads to its value in a public projection; a derived one has none, its value is handed in.

    `declared` is the declaration of what it holds; `language` that of a translated text.
    """

    name: str
    title: str
    holds: Holds
    declared: Any = None  # Field or None: declared as such, mypy would take it for a descriptor of this class
    path: tuple[str, ...] = ()
    language: str = ""
    derived: bool = False

    @property
    def imported(self) -> bool:
        """False for what an import of the table leaves alone: derived columns and lists of rows."""
        return not self.derived and self.holds is not Holds.ROWS


def columns(record_type: type[Record], languages: tuple[str, ...] = ("fr",)) -> tuple[Column, ...]:
    """The columns of a type, in the order of its declaration; the first of `languages` is the main one."""
    return (*_first(record_type), *_declared(record_type, languages), _derived("url", _("Adresse de la page")))


def _first(record_type: type[Record]) -> Iterator[Column]:
    yield Column("id", _("Identifiant"), Holds.TEXT, path=("id",))
    if record_type.type_name in lifecycle.TABLES:
        yield _derived("edition", _("Édition"))
        yield _derived("edition.words", _("Titre de l’édition"))
        state = TYPES[record_type.type_name].fields["status"].part.fields["state"]  # type: ignore[attr-defined]  # rows
        yield Column("state", _("État"), Holds.TEXT, state, ("state",))
        yield _derived("state.words", _("État, en mots"))
        yield _derived("state.date", _("Date de l’état"))


def _declared(record_type: type[Record], languages: tuple[str, ...]) -> Iterator[Column]:
    for name, field in record_type.fields.items():
        if not field.public:
            continue
        if isinstance(field, Group):
            yield from _group(name, field)
        elif isinstance(field, Rows):
            yield from _rows(name, field)
        elif isinstance(field, PlaceField):
            yield from _place(name, field)
        else:
            yield from _single(name, field, languages)


def _single(name: str, field: Field[Any], languages: tuple[str, ...]) -> Iterator[Column]:
    translated = isinstance(field, Text) and field.translatable
    yield Column(name, field.label, _holds(field), field, (name,), languages[0] if translated else "")
    if translated:
        for language in languages[1:]:
            yield Column(f"{name}.{language}", f"{field.label} ({language})", Holds.TEXT, field, (name,), language)
    if isinstance(field, Choice) or getattr(field, "to", "") in ("zone", "theme", "service", "edition"):
        yield _derived(f"{name}.words", f"{field.label}, {_('en mots')}")


def _group(name: str, group: Group[Any]) -> Iterator[Column]:
    for inner, field in group.part.fields.items():
        if field.public:
            label = f"{group.label} › {field.label}"
            yield Column(f"{name}.{inner}", label, _holds(field), field, (name, inner))
    if name == "owner":
        yield _derived("owner.words", f"{group.label}, {_('en mots')}")
        yield _derived("owner.label", f"{group.label}, {_('nom public (donnée personnelle, paraît avec accord)')}")


def _rows(name: str, rows: Rows[Any]) -> Iterator[Column]:
    """Columns for each kind of row where the kinds are known; else one column that holds all rows."""
    key = rows.part.fields.get(rows.key)
    if not isinstance(key, Choice):
        yield Column(name, rows.label, Holds.ROWS, rows, (name,))
        return
    for code, words in key.options.items():
        for inner, field in rows.part.fields.items():
            if field.public and inner != rows.key:
                label = f"{words} › {field.label}"
                yield Column(f"{name}.{code}.{inner}", label, _holds(field), field, (name, rows.key, code, inner))


def _place(name: str, field: PlaceField) -> Iterator[Column]:
    words = {
        "name": _("Nom du lieu"),
        "address": _("Adresse du lieu"),
        "longitude": _("Longitude (WGS84)"),
        "latitude": _("Latitude (WGS84)"),
    }
    yield Column(name, _("Portée"), Holds.TEXT, field, (name,))
    for key, label in words.items():
        holds = Holds.NUMBER if key in ("longitude", "latitude") else Holds.TEXT
        yield Column(f"{name}.{key}", label, holds, None, (name, key))


def _derived(name: str, title: str) -> Column:
    return Column(name, title, Holds.TEXT, derived=True)


def _holds(field: Field[Any]) -> Holds:
    if isinstance(field, Integer):
        return Holds.INTEGER
    if isinstance(field, Money):
        return Holds.NUMBER
    return Holds.BOOLEAN if isinstance(field, Flag) else Holds.TEXT


def value(column: Column, id: str, shown: Mapping[str, Plain], derived: Mapping[str, str], lang: str) -> Value:
    """What stands in a column for a record with this public projection; None where there is nothing.

    `derived` holds the values of derived columns by name, `lang` is the main language.
    """
    if column.derived:
        return derived.get(column.name) or None
    if column.name == "id":
        return id
    if column.declared is not None and column.name == "state" and column.path == ("state",) and "status" in shown:
        return str(shown["status"][-1].get("state", "")) or None
    plain = _found(column, shown)
    if plain is None or plain == "":
        return None
    if column.holds is Holds.ROWS:
        return list(plain)
    if column.holds is Holds.NUMBER:
        return Decimal(plain)
    if column.holds is not Holds.TEXT:
        return bool(plain) if column.holds is Holds.BOOLEAN else int(plain)
    if isinstance(column.declared, Text) and column.declared.translatable:
        return _in_language(plain, column.language or lang, lang)
    return column.declared.edit(plain) if isinstance(column.declared, Texts) else str(plain)


def _found(column: Column, shown: Mapping[str, Plain]) -> Plain | None:
    top = shown.get(column.path[0])
    if isinstance(column.declared, PlaceField):
        return top if isinstance(top, str) else None
    if len(column.path) == 1 or top is None:
        return top
    if len(column.path) == 2:
        return top.get(column.path[1]) if isinstance(top, Mapping) else None
    _name, key, code, inner = column.path
    return next((row.get(inner) for row in top if row.get(key) == code), None)


def _in_language(plain: Plain, language: str, main: str) -> str | None:
    """A text without a language is in the main one."""
    if isinstance(plain, Mapping):
        return plain.get(language)
    return str(plain) if language == main else None
