"""One cell to one value: the steps that a mapping describes, in their order, each refusal in words.

The order is: condition, words for "nothing", extraction, patterns, table of values, template, dates, the field itself.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from participation.importing.hypertext import to_markdown
from participation.importing.mapping import MappingFile, Source, word_key
from participation.importing.people import without_contacts
from participation.importing.wordforms import CALCULATED, TemplateFault, fill, placeholders
from participation.messages import mark as _
from participation.records.containers import PlaceField, Texts
from participation.records.fields import Plain, Refused
from participation.records.figures import Date, When

_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d{1,12})?")  # from 1954 to 2119
_SERIAL_START = dt.datetime(1899, 12, 30)  # noqa: DTZ001  # a wall clock, as the file has it


class Said(Enum):
    """What a cell says when it holds no value."""

    NOT_ASKED = "the condition of the field is not met"
    UNKNOWN = "nothing known: what the record holds stays"
    NOTHING = "there is none: what an earlier import gave goes"


@dataclass(frozen=True, slots=True)
class Found:
    """A value for a field, with the text of its cell (for the words of what it creates)."""

    plain: Plain
    text: str


Cell = Callable[[str], str]  # name of a column -> text of this row's cell; KeyError where there is none


def value_of(source: Source, mapping: MappingFile, column: str, cell: Cell) -> Found | Said:
    """What a row says for a field; raises Refused when its words fit nothing the mapping knows."""
    for name, accepted in source.when.items():
        if word_key(cell(name)) not in accepted:
            return Said.NOT_ASKED
    if not column:
        text = source.value
        return Found(source.path.check(_filled(source.value, text, cell) if "{" in text else text), text)
    text = cell(column).strip()
    if isinstance(source.path.leaf, Texts) and "\n" in cell(column):  # a last line break says what separates entries
        text = f"{text}\n"
    words = word_key(text)
    if not words and _joins_columns(source) and (joined := _worked_out(source, "", cell)):
        return Found(source.path.check(joined), joined)
    if not words or words in mapping.unknown or words in mapping.nothing:
        if source.default and (not words or words in mapping.unknown):
            return Found(source.path.check(source.default), text)
        if not words and mapping.empties and not isinstance(source.path.leaf, PlaceField):
            return Said.NOTHING  # the scope of a place apart: its name and address say what it has
        return Said.NOTHING if words and words in mapping.nothing else Said.UNKNOWN
    value = _worked(source, text, cell, mapping.hint)
    if not value:
        return Found(source.path.check(source.default), text) if source.default else Said.UNKNOWN
    return Found(source.path.check(value), text)


def _worked(source: Source, text: str, cell: Cell, hint: str) -> str:
    value = text
    if source.extract is not None:
        match = source.extract.search(value)
        if match is None:
            raise Refused(_("«\u00a0%s\u00a0» n’a pas la forme attendue.") % text[:60])
        value = match[1] if match.groups() else match[0]
    if source.patterns:
        found = next((result for pattern, result in source.patterns if pattern.search(value)), None)
        if found is None:
            if source.default:
                return source.default
            raise Refused(_("«\u00a0%s\u00a0» ne correspond à aucune des formes prévues.") % text[:60])
        value = found
    if source.values is not None:
        if (known := source.values.get(word_key(value))) is None:
            raise Refused(_("«\u00a0%s\u00a0» n’est pas dans la table des valeurs.") % value[:60], hint)
        value = known
    if source.html:
        value = to_markdown(value)
    return _worked_out(source, value, cell) if value else ""


def _joins_columns(source: Source) -> bool:
    """True for a template that also takes other columns: one of them may speak where this one is silent."""
    return any(name not in CALCULATED for name in placeholders(source.template))


def _worked_out(source: Source, value: str, cell: Cell) -> str:
    """The last steps: template, contacts, dates."""
    if source.template:
        value = _filled(source.template, value, cell)
    if source.without_contacts:
        value = without_contacts(value)
    if isinstance(source.path.leaf, Date | When):
        value = _of_serial(value, exact=isinstance(source.path.leaf, When))
    return dated(value, source.formats) if source.formats and value else value


def _of_serial(text: str, *, exact: bool) -> str:
    """The day that a spreadsheet program counts as `45728`: no date is written so. `exact` keeps the hour."""
    if not _SERIAL.fullmatch(text):
        return text
    moment = _SERIAL_START + dt.timedelta(minutes=round(float(text) * 24 * 60))
    return moment.isoformat("T", "minutes") if exact and "." in text else moment.date().isoformat()


def _filled(template: str, value: str, cell: Cell) -> str:
    try:
        return fill(template, lambda name: value if name in ("value", "text") else cell(name))
    except TemplateFault as fault:
        raise Refused(str(fault)) from None


def dated(text: str, formats: tuple[str, ...]) -> str:
    """The ISO text of a date written in one of these formats, as precise as the format; other texts unchanged."""
    for pattern in formats:
        try:
            moment = dt.datetime.strptime(text, pattern)  # noqa: DTZ007  # a wall clock, as the file has it
        except ValueError:
            continue
        if any(sign in pattern for sign in ("%H", "%I", "%X", "%c")):
            return moment.isoformat("T", "minutes")
        if any(sign in pattern for sign in ("%d", "%j", "%x")):
            return moment.date().isoformat()
        return f"{moment:%Y-%m}" if any(sign in pattern for sign in ("%m", "%b", "%B")) else f"{moment:%Y}"
    return text
