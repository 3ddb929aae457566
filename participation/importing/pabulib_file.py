"""Pabulib's `.pb` files as they are: the lines of META and PROJECTS, of VOTES where asked, with their numbers.

The format is that of pabulib.org: three sections of rows separated by semicolons, quoted as in CSV.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from participation.importing.errors import refused
from participation.importing.sheets import LARGEST_FILE
from participation.messages import mark as _

SECTIONS = ("META", "PROJECTS", "VOTES")
MOST_PROJECTS = 20_000
NEEDED = ("project_id", "cost")


@dataclass(frozen=True, slots=True)
class PabulibProject:
    """One row of PROJECTS: its line in the file and its values by column, stripped; `fault` when it is ragged."""

    line: int
    values: Mapping[str, str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PabulibFile:
    """What a file says: META by key, projects in order, and where asked the rows of VOTES, header first."""

    file: str
    meta: Mapping[str, str]
    columns: tuple[str, ...]
    projects: tuple[PabulibProject, ...]
    votes: tuple[tuple[int, list[str]], ...] = ()

    @property
    def unit(self) -> str:
        """The town."""
        return self.meta.get("unit", "")

    @property
    def part(self) -> str:
        """The part of the town that the file is about; empty for a vote of the whole town."""
        return self.meta.get("subunit") or self.meta.get("district") or ""


def read_pabulib(content: bytes, file: str, *, votes: bool = False) -> PabulibFile:
    """The meta data and projects of a `.pb` file, its ballots too with `votes`; raises ImportRefused."""
    if not content.strip():
        raise refused(_("Le fichier est vide."), file)
    if len(content) > LARGEST_FILE:
        raise refused(_("Le fichier dépasse %s\u00a0Mo.") % (LARGEST_FILE >> 20), file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refused(_("Le fichier n’est pas en UTF-8."), file, line) from None
    sections = _sections(text, file, votes=votes)
    meta = {row[0].strip(): ";".join(row[1:]).strip() for _line, row in sections["META"][1:] if row[0].strip()}
    return replace(_projects(sections["PROJECTS"], file, meta), votes=tuple(sections.get("VOTES", ())))


def _sections(text: str, file: str, *, votes: bool) -> dict[str, list[tuple[int, list[str]]]]:
    """The rows of each section with their lines; a section may be missing only when it is VOTES."""
    found: dict[str, list[tuple[int, list[str]]]] = {}
    current = ""
    for line, row in _rows(text, file):
        name = row[0].strip().upper() if len(row) == 1 or not any(cell.strip() for cell in row[1:]) else ""
        if name in SECTIONS:
            if name in found:
                raise refused(_("La section %s est écrite deux fois.") % name, file, line)
            found[name], current = [], name
            if name == "VOTES" and not votes:
                break
        elif not current:
            raise refused(_("Un fichier Pabulib commence par la ligne META."), file, line)
        elif any(cell.strip() for cell in row):
            found[current].append((line, row))
    for name in SECTIONS if votes else SECTIONS[:2]:
        if name not in found:
            raise refused(_("La section %s manque.") % name, file)
        if not found[name]:
            raise refused(_("La section %s est vide.") % name, file)
    return found


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=";")
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused(_("Une valeur de cette ligne est démesurée ou mal citée."), file, line, str(error)) from None


def _projects(rows: list[tuple[int, list[str]]], file: str, meta: Mapping[str, str]) -> PabulibFile:
    (header_line, header), *body = rows
    columns = tuple(name.strip() for name in header)
    for name in NEEDED:
        if name not in columns:
            raise refused(_("La colonne «\u00a0%s\u00a0» manque dans PROJECTS.") % name, file, header_line)
    twins = [name for name in columns if columns.count(name) > 1]
    if twins:
        raise refused(_("Deux colonnes portent le même nom\u00a0: «\u00a0%s\u00a0».") % twins[0], file, header_line)
    if len(body) > MOST_PROJECTS:
        raise refused(_("Le fichier a plus de %s projets.") % MOST_PROJECTS, file, header_line)
    projects = []
    for line, row in body:
        fault = ""
        if len(row) != len(columns):
            fault = _("%(found)s valeurs pour %(expected)s colonnes.") % {"found": len(row), "expected": len(columns)}
        values = {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
        projects.append(PabulibProject(line, values, fault))
    return PabulibFile(file, meta, columns, tuple(projects))
