"""The plan of an import: what would be new, changed, unchanged or in error, compared with the content as it is.

Only values: `planner` makes a plan from drafts, `applying` writes it, `report` tells it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from participation.importing.differences import FieldChange
from participation.importing.overlay import Reached
from participation.problems import Problem, Severity
from participation.records import Record
from participation.records.fields import Plain


class Kind(StrEnum):
    """What an import does with one record."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Creation:
    """A zone, service or theme (of `edition`) that a record needs; made only when it does not exist."""

    type_name: str
    id: str
    title: str
    kind: str = ""
    edition: str = ""


@dataclass(slots=True)
class Draft:
    """What a source says of one record: `given` is nested raw or canonical data, None removes.

    The fields named in `whole` replace what the record holds; others are laid over it. `line` and `file` are those of
    the source. `edition` is one to create when it is missing. A draft with a `version` is a change of that version.
    """

    type_name: str
    id: str
    given: dict[str, Plain]
    line: int | None = None
    file: str = ""
    reached: Reached | None = None
    whole: frozenset[str] = frozenset()
    creations: list[Creation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    columns: Mapping[str, str] = field(default_factory=dict)  # field -> words for its place in the source
    edition: str = ""
    version: str = ""  # the blob that the row was made from, where its table says it

    def refuse(self, message: str, where: str = "", hint: str = "", severity: Severity = Severity.ERROR) -> None:
        """Note a problem at the draft's place; an error holds the record back."""
        self.problems.append(Problem(message, self.file, self.line, where, hint, severity))


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the plan. `data` is its whole canonical data, None when it is in error."""

    type_name: str
    id: str
    kind: Kind
    title: str
    data: dict[str, Plain] | None = None
    base: Record | None = None
    changes: tuple[FieldChange, ...] = ()
    problems: tuple[Problem, ...] = ()
    line: int | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All of an import, nothing written yet: rows in the order of the file, and what was noticed about the file."""

    source: str
    rows: tuple[Row, ...]
    notes: tuple[Problem, ...] = ()

    def of_kind(self, kind: Kind, type_name: str = "") -> list[Row]:
        """The rows of a kind, of one type when it is named."""
        return [row for row in self.rows if row.kind is kind and type_name in ("", row.type_name)]

    @property
    def writes(self) -> list[Row]:
        """The rows that change something."""
        return [row for row in self.rows if row.kind in (Kind.NEW, Kind.CHANGED)]

    @property
    def problems(self) -> list[Problem]:
        """Everything noticed, about the file and about each record."""
        return [*self.notes, *(problem for row in self.rows for problem in row.problems)]

    def counts(self) -> dict[tuple[str, Kind], int]:
        """How many rows of each type and kind."""
        return dict(Counter((row.type_name, row.kind) for row in self.rows))
