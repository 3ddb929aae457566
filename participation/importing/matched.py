"""Columns matched by a person, as the mapping that the import of tables applies; and the identifiers of its rows.

What the person chose is a `Matching`, plain and easy to keep. Nothing here knows of forms or pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from participation import lifecycle
from participation.importing.cells import Cell
from participation.importing.mapping import Creates, Identity, MappingFile, Source, StateSource, word_key
from participation.importing.people import folded
from participation.importing.sheets import Reading
from participation.importing.targets import ID, STATE, TOO_LONG, VERSION, Target
from participation.importing.wordforms import TemplateFault, slug
from participation.messages import mark as _
from participation.records import Record
from participation.records.fields import Refused
from participation.records.figures import Date, When
from participation.records.texts import Ref

OURS, NUMBER = "ours", "number"  # what the column of identifiers holds: our own, or a number of the edition
MADE = {"project": ("P", 3), "idea": ("", 4), "event": ("E", 3), "article": ("A", 3)}
DATED = {"event": "start", "article": "date"}  # where the year of an identifier comes from
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Matching:
    """What a person chose: header -> target, header -> words -> value ("" leaves it empty), how rows are told apart.

    `lenient` leaves a value out that does not fit, instead of its row. `created` holds what the words of a header
    create: identifier -> title. `edition` is that of every row.
    """

    columns: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    created: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    organisations: frozenset[str] = frozenset()
    identity: str = OURS
    edition: str = ""
    empties: bool = False
    nothing: tuple[str, ...] = ()  # words that mean "not known": the record keeps what it has
    lenient: bool = False

    def header(self, target: str) -> str:
        """The column that feeds a target, "" for none."""
        return next((header for header, name in self.columns.items() if name == target), "")


@dataclass(slots=True)
class Numbering:
    """How rows without an identifier get one: what exists by series and title, and the next number of a series."""

    exists: Callable[[str], bool]
    known: Mapping[tuple[str, str], str]  # series and folded title -> identifier
    next_of: Callable[[str], str]  # series -> the first free identifier
    given: dict[str, str] = field(default_factory=dict)  # series -> the last one given

    def number(self, series: str) -> str:
        """The next identifier of a series."""
        last = self.given.get(series)
        if last is None:
            self.given[series] = self.next_of(series)
        else:
            stem = last.rstrip("0123456789")
            digits = last[len(stem) :]
            self.given[series] = f"{stem}{int(digits) + 1:0{len(digits)}d}"
        return self.given[series]


def mapping_of(
    record_type: type[Record],
    targets: Collection[Target],
    matching: Matching,
    numbering: Numbering,
    reading: Reading,
    file: str,
) -> MappingFile:
    """The mapping that a matching says."""
    known = {target.name: target for target in targets}
    numbered = record_type.type_name in lifecycle.TABLES
    sources = [
        _source(target, header, matching)
        for header, name in matching.columns.items()
        if (target := known.get(name)) is not None and target.path is not None
    ]
    taken = {str(source.path) for source in sources}
    edition = known.get("edition")
    if matching.edition and edition is not None and edition.path is not None and "edition" not in taken:
        sources.append(Source(edition.path, 1, value=matching.edition))
    state = matching.header(STATE)
    version = matching.header(VERSION)
    return MappingFile(
        file=file,
        record_type=record_type,
        id_template="",
        id_line=1,
        reading=reading,
        edition_columns=(),
        edition_value="",
        only={},
        unknown=frozenset(map(word_key, (TOO_LONG, *matching.nothing))),
        nothing=frozenset(),
        sources=tuple(sources),
        state=_state(state, matching, version) if state and numbered else None,
        drop=frozenset(),
        identity=_identity(record_type, matching, numbering),
        version=version,
        empties=matching.empties or bool(version),
        hint=_("Revenez aux colonnes et dites ce que veut dire ce mot."),
    )


def _source(target: Target, header: str, matching: Matching) -> Source:
    assert target.path is not None  # noqa: S101  # the only caller has looked
    created = matching.created.get(header)
    leaf = target.path.leaf
    return Source(
        target.path,
        1,
        columns=(header,),
        values=matching.words.get(header),
        organisations=header in matching.organisations,
        lenient=matching.lenient,
        creates=Creates(leaf.to, created, "{text}", "") if created and isinstance(leaf, Ref) else None,
    )


def _state(header: str, matching: Matching, version: str) -> StateSource:
    """A state that an edited table changes is the agent's own, of the day of the import."""
    role = "agent" if version else "import"
    return StateSource((header,), matching.words.get(header, {}), 1, role=role, lenient=matching.lenient)


# ---------------------------------------------------------------------------------------------------- identifiers


def _identity(record_type: type[Record], matching: Matching, numbering: Numbering) -> Identity:
    id_column, title = matching.header(ID), matching.header("title")
    series_column = matching.header(DATED.get(record_type.type_name, "edition"))
    columns = tuple(filter(None, (id_column, title, series_column)))

    def compose(cell: Cell) -> str:
        text = cell(id_column).strip() if id_column else ""
        if text and matching.identity == OURS:
            return text
        if record_type.type_name not in MADE:
            return _slugged(text or (cell(title).strip() if title else ""))
        series = _series(record_type, matching, series_column, cell)
        if text:
            return _numbered(record_type.type_name, series, text, numbering)
        name = folded(cell(title)) if title else ""
        if not name:
            raise TemplateFault(_("La ligne n’a ni numéro ni titre\u00a0: on ne sait pas de quelle fiche elle parle."))
        return numbering.known.get((series, name)) or numbering.number(series)

    return Identity(columns, compose)


def _slugged(text: str) -> str:
    if not (found := slug(text)):
        raise TemplateFault(_("La ligne n’a ni numéro ni titre\u00a0: on ne sait pas de quelle fiche elle parle."))
    return found


def _series(record_type: type[Record], matching: Matching, column: str, cell: Cell) -> str:
    """The edition or the year that an identifier begins with."""
    text = cell(column).strip() if column else ""
    if record_type.type_name in DATED:
        kind = When("") if record_type.type_name == "event" else Date("")
        try:
            return str(kind.parse(text))[:4] if text else _no_year()
        except Refused:
            return _no_year()
    known = matching.words.get(column, {}).get(word_key(text), "") if column else ""
    year = _YEAR.search(text)
    found = known or (year[0] if year else "") or matching.edition
    if not found:
        raise TemplateFault(_("L’édition de cette ligne n’est pas connue."))
    return found


def _no_year() -> str:
    raise TemplateFault(_("Sans date lisible, cette ligne ne peut pas recevoir de numéro."))


def _numbered(type_name: str, series: str, text: str, numbering: Numbering) -> str:
    """`7` of the edition 2024 is 2024-P007, or 2024-P7 where that one is here already."""
    letter, digits = MADE[type_name]
    text = re.sub(r"\.0$", "", text)
    short = f"{series}-{letter}{text}"
    if numbering.exists(short) or not text.isdecimal():
        return short
    return f"{series}-{letter}{int(text):0{digits}d}"
