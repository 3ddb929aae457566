"""Ballots and totals from the tables of other voting tools, with nothing in them that tells who voted.

Each column is used or dropped by name; one that is neither refuses the whole file. Two shapes: one column with all
choices of a ballot, or one column for each project with a mark, a number of points or a rank.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from participation.counting.ballots import Ballot, Box, Totals, approval, with_points
from participation.importing.errors import ImportRefused
from participation.importing.people import folded, may_name_people
from participation.importing.sheets import Line, Sheet, read_sheet
from participation.messages import mark as _
from participation.problems import Problem

_YES = frozenset({"1", "x", "oui", "yes", "true", "vrai"})
_NO = frozenset({"", "0", "non", "no", "false", "faux"})
_WHEN = frozenset("date heure time timestamp horodatage ip adresse address device session".split())


@dataclass(frozen=True)
class BallotColumns:
    """How a table says what a ballot chose.

    `choices` is the column with all choices (separated by commas, semicolons, bars or spaces), `points` that of their
    points; without `choices`, each column of `projects` (name -> project) is one project. `aliases` translates what
    stands in the file (a number on the ballot, a title) to a project.
    """

    choices: str = ""
    points: str = ""
    projects: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    zone: str = ""
    youth: str = ""
    dropped: frozenset[str] = frozenset()

    def used(self) -> set[str]:
        """The columns that are read."""
        return {name for name in (self.choices, self.points, self.zone, self.youth, *self.projects) if name}


def read_ballot_table(content: bytes, file: str, columns: BallotColumns, kind: str, dimensions: frozenset[str]) -> Box:
    """The ballots of a table; `dimensions` are those by which the rule counts (zone, youth), others must be dropped.

    Raises ImportRefused, with every fault. A choice that is no project is kept: the count makes the ballot void.
    """
    sheet = read_sheet(content, file)
    problems = [*_columns(sheet, columns.used(), columns.dropped)]
    for name in ("zone", "youth"):
        if getattr(columns, name) and name not in dimensions:
            words = _("La règle ne compte pas par «\u00a0%s\u00a0»\u00a0: cette colonne doit être laissée de côté.")
            problems.append(Problem(words % name, file, 1, getattr(columns, name)))
    if problems:
        raise ImportRefused(problems)
    places = {name: sheet.headers.index(name) for name in columns.used()}
    found: Counter[Ballot] = Counter()
    for row in sheet.rows:
        cells = {name: row.cells[place].strip() for name, place in places.items()}
        try:
            found[_ballot(cells, columns, kind)] += 1
        except ValueError as fault:
            problems.append(Problem(str(fault), file, row.number))
    if problems:
        raise ImportRefused(problems)
    return Box(found)


def tells_who(column: str) -> bool:
    """True for a column whose name says who voted, when or from where: only dropping it by name lets a table in."""
    return may_name_people(column) or bool(_WHEN.intersection(folded(column).split()))


def _columns(sheet: Sheet, used: set[str], dropped: frozenset[str]) -> list[Problem]:
    """What keeps the columns of a table from being read: absent ones, and those nobody has decided about."""
    problems = [
        Problem(_("La colonne «\u00a0%s\u00a0» manque.") % name, sheet.file, 1)
        for name in sorted((used | dropped) - set(sheet.headers))
    ]
    for name in sheet.headers:
        if name not in used and name not in dropped:
            words = (
                _("La colonne «\u00a0%s\u00a0» peut dire qui a voté\u00a0: elle n’entre pas dans les bulletins.")
                if tells_who(name)
                else _("La colonne «\u00a0%s\u00a0» n’est ni employée ni laissée de côté.")
            )
            problems.append(Problem(words % name, sheet.file, 1, hint=_("Laissez-la de côté par son nom.")))
    problems += [
        Problem(row.fault or next(iter(row.faults.values())), sheet.file, row.number)
        for row in sheet.rows
        if row.fault or row.faults
    ]
    return problems


def _ballot(cells: Mapping[str, str], columns: BallotColumns, kind: str) -> Ballot:
    zone = cells.get(columns.zone, "")
    youth = cells.get(columns.youth, "").casefold() in _YES
    if columns.choices:
        choices = _split(cells[columns.choices])
        if kind == "points":
            given = _split(cells.get(columns.points, ""))
            if len(given) != len(choices):
                raise ValueError(_("Il n’y a pas autant de points que de choix."))
            pairs = [(_named(choice, columns), _number(one)) for choice, one in zip(choices, given, strict=True)]
            return with_points(pairs, zone=zone, youth=youth)
        named = [_named(choice, columns) for choice in choices]
        if kind == "ranking":
            return Ballot(tuple(named), (), zone, youth)
        return approval(named, zone=zone, youth=youth)
    marked = {project: cells[name].casefold() for name, project in columns.projects.items()}
    if kind == "points":
        return with_points(
            ((project, _number(one)) for project, one in marked.items() if one not in _NO), zone=zone, youth=youth
        )
    if kind == "ranking":
        ranks = sorted((_number(one), project) for project, one in marked.items() if one not in _NO)
        if len({rank for rank, _project in ranks}) != len(ranks):
            raise ValueError(_("Deux projets ont le même rang."))
        return Ballot(tuple(project for _rank, project in ranks), (), zone, youth)
    strange = next((one for one in marked.values() if one not in _YES | _NO), None)
    if strange is not None:
        raise ValueError(_("«\u00a0%s\u00a0» ne dit ni oui ni non.") % strange[:40])
    return approval((project for project, one in marked.items() if one in _YES), zone=zone, youth=youth)


def _split(text: str) -> list[str]:
    separator = next((mark for mark in ";|," if mark in text), None)
    return [part.strip() for part in text.split(separator) if part.strip()]


def _named(choice: str, columns: BallotColumns) -> str:
    return columns.aliases.get(choice, choice)


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}(?:[.,]0+)?", text):
        raise ValueError(_("«\u00a0%s\u00a0» n’est pas un nombre.") % text[:40])
    return int(re.split(r"[.,]", text)[0])


@dataclass(frozen=True)
class TotalColumns:
    """How a table says the total of a project; `place` is the column of the polling place, where there is one."""

    project: str
    votes: str
    points: str = ""
    place: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()


def read_total_table(
    content: bytes, file: str, columns: TotalColumns, projects: frozenset[str], valid: Mapping[str, int]
) -> dict[str, Totals]:
    """The totals of each place; `valid` says how many ballots counted there. Raises ImportRefused, with every fault."""
    sheet = read_sheet(content, file)
    used = {name for name in (columns.project, columns.votes, columns.points, columns.place) if name}
    problems = _columns(sheet, used, columns.dropped)
    votes: dict[str, dict[str, int]] = {}
    points: dict[str, dict[str, int]] = {}
    for row in sheet.rows if not problems else ():
        try:
            _total(sheet, row, columns, projects, votes, points)
        except ValueError as fault:
            problems.append(Problem(str(fault), file, row.number))
    problems += [
        Problem(_("Le nombre de bulletins valables de «\u00a0%s\u00a0» manque.") % place, file)
        for place in sorted(votes.keys() - valid.keys())
    ]
    if problems:
        raise ImportRefused(problems)
    return {place: Totals(votes[place], points.get(place, {}), valid[place]) for place in sorted(votes)}


def _total(
    sheet: Sheet,
    row: Line,
    columns: TotalColumns,
    projects: frozenset[str],
    votes: dict[str, dict[str, int]],
    points: dict[str, dict[str, int]],
) -> None:
    cells = dict(zip(sheet.headers, (cell.strip() for cell in row.cells), strict=False))
    project = columns.aliases.get(cells[columns.project], cells[columns.project])
    place = cells.get(columns.place, "")
    if project not in projects:
        raise ValueError(_("Le projet «\u00a0%s\u00a0» n’est pas au vote.") % project[:40])
    if project in votes.setdefault(place, {}):
        raise ValueError(_("Ce total est écrit deux fois."))
    votes[place][project] = _number(cells[columns.votes])
    if columns.points:
        points.setdefault(place, {})[project] = _number(cells[columns.points])
