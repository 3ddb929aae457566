"""A mapping: how the columns of a table become the fields of records.

Only its checked form; `mapping_reader` reads it from YAML, `table` applies it. People read docs/guides/import.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from participation.importing.paths import FieldPath
from participation.importing.sheets import Reading
from participation.messages import mark as _
from participation.records import Record


@dataclass(frozen=True, slots=True)
class Creates:
    """What a reference creates when it is missing: its words by id, or a template."""

    type_name: str
    titles: Mapping[str, str]
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the value of one field comes from, and what is done to it on the way."""

    path: FieldPath
    line: int
    columns: tuple[str, ...] = ()  # accepted names; the first that the file has is read
    value: str = ""  # fixed, when there is no column
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extract: re.Pattern[str] | None = None
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    values: Mapping[str, str] | None = None
    template: str = ""
    formats: tuple[str, ...] = ()
    future: FieldPath | None = None
    default: str = ""
    lenient: bool = False  # a value that does not fit is a warning, and left out
    organisations: bool = False
    without_contacts: bool = False
    html: bool = False
    creates: Creates | None = None


@dataclass(frozen=True, slots=True)
class StateSource:
    """Where the state comes from: a column, its words, and for some states a reason and a column of dates."""

    columns: tuple[str, ...]
    values: Mapping[str, str]
    line: int
    reasons: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lenient: bool = False
    role: str = "import"  # who gives the state; whoever edits a table of ours gives it as of the day of the import


@dataclass(frozen=True, slots=True)
class Identity:
    """Identifiers that no template can say: the columns they come from, and what makes one from the cells of a row.

    `compose` is asked once for each row, in their order; TemplateFault says why there is none.
    """

    columns: tuple[str, ...]
    compose: Callable[[Callable[[str], str]], str]


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A checked mapping. `identity` replaces the template; `version` names the column of each row's base version."""

    file: str
    record_type: type[Record]
    id_template: str
    id_line: int
    reading: Reading
    edition_columns: tuple[str, ...]
    edition_value: str
    only: Mapping[str, tuple[str, ...]]
    unknown: frozenset[str]
    nothing: frozenset[str]
    sources: tuple[Source, ...]
    state: StateSource | None
    drop: frozenset[str]
    identity: Identity | None = None
    version: str = ""
    empties: bool = False  # an empty cell says that there is nothing, instead of saying nothing
    hint: str = _("Ajoutez-le à «\u00a0values\u00a0».")  # what to do about a word that no table of values has


def word_key(text: str) -> str:
    """How words of cells are compared with those of a mapping: case, spaces and apostrophes do not matter."""
    return " ".join(text.replace("’", "'").split()).casefold()
