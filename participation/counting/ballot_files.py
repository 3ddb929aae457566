"""Ballots and totals as files of a content: `editions/2024/votes/ballots-….csv` and `totals-….csv`.

A ballot file has one line for each ballot and tells nothing but what was chosen. Its first column is a random
identifier, by which the lines are sorted: their order says nothing of who voted when. Projects are written without
their edition (`P012` for `2024-P012`), separated by spaces. Columns that no ballot uses are left out.

    ballot,choices,points,zone,youth,void
    04be19c2a7f0,P003 P012,2 1,dax-1,1,

A file of totals is for places where only sums were written down: `kind` is `valid` (ballots), `void` (by reason) or
`project`.

    place,kind,key,count,points
    mairie,valid,,412,
    mairie,void,blank,7,
    mairie,project,P012,120,
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from participation.counting.ballots import Ballot, Box, Totals, approval, with_points
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records.polling import VOID

MOST_LINES = 20_000
COLUMNS = ("ballot", "choices", "points", "zone", "youth", "void")
TOTALS_COLUMNS = ("place", "kind", "key", "count", "points")
PATH = re.compile(r"editions/(?P<edition>[A-Za-z0-9_]+)/votes/(?P<kind>ballots|totals)(?:-[a-z0-9]+)*\.csv")
_ID = re.compile(r"[0-9a-f]{12}")


def random_ids(number: int, draw: Callable[[int], bytes]) -> list[str]:
    """As many identifiers, all different; `draw(n)` gives n random bytes (the domain has no chance of its own)."""
    found: dict[str, None] = {}
    while len(found) < number:
        found[draw(6).hex()] = None
    return list(found)


def write_ballots(ballots: Iterable[Ballot], ids: Iterable[str], edition: str, kind: str = "approval") -> list[bytes]:
    """The ballots as one or more files of at most 20,000 lines, in the order of their identifiers."""
    rows = sorted(zip(ids, ballots, strict=True))
    used = [
        name
        for name in COLUMNS
        if name in {"ballot", "choices"}
        or (name == "points" and kind == "points")
        or any(getattr(ballot, name, None) for _id, ballot in rows if name != "points")
    ]
    return [_file(rows[first : first + MOST_LINES], used, edition) for first in range(0, max(len(rows), 1), MOST_LINES)]


def _file(rows: Iterable[tuple[str, Ballot]], used: list[str], edition: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(used)
    for id, ballot in rows:
        cells = {
            "ballot": id,
            "choices": " ".join(choice.removeprefix(f"{edition}-") for choice in ballot.choices),
            "points": " ".join(map(str, ballot.points)),
            "zone": ballot.zone,
            "youth": "1" if ballot.youth else "",
            "void": ballot.void,
        }
        writer.writerow([cells[name] for name in used])
    return text.getvalue().encode()


def write_totals(places: Mapping[str, Totals], edition: str) -> bytes:
    """The totals of several places as one file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TOTALS_COLUMNS)
    for place, totals in sorted(places.items()):
        writer.writerow([place, "valid", "", totals.valid, ""])
        writer.writerows([place, "void", code, n, ""] for code, n in sorted(totals.void.items()))
        for project in sorted(totals.votes.keys() | totals.points.keys()):
            points = totals.points.get(project, "")
            writer.writerow(
                [place, "project", project.removeprefix(f"{edition}-"), totals.votes.get(project, 0), points]
            )
    return text.getvalue().encode()


def read_votes(
    files: Mapping[str, bytes], edition: str, kind: str, projects: Iterable[str]
) -> tuple[Box, list[Problem]]:
    """All ballot files and totals of an edition (path -> content) as one box; `kind` is that of the rule's ballot."""
    reader = _Reader(edition, kind, frozenset(projects))
    for path, content in sorted(files.items()):
        match = PATH.fullmatch(path)
        if match is None or match["edition"] != edition:
            reader.tell(path, None, _("Ce fichier n’est pas à la place d’un fichier de bulletins."))
        elif match["kind"] == "ballots":
            reader.ballots(path, content)
        else:
            reader.totals(path, content)
    return Box(reader.found, tuple(reader.places.values())), reader.problems


class _Reader:
    """What was read so far of an edition's votes."""

    def __init__(self, edition: str, kind: str, projects: frozenset[str]) -> None:
        self.edition, self.kind, self.projects = edition, kind, projects
        self.found: Counter[Ballot] = Counter()
        self.places: dict[str, Totals] = {}
        self.problems: list[Problem] = []
        self._ids: set[str] = set()

    def tell(
        self, path: str, line: int | None, message: str, hint: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        """Note what is wrong with a line."""
        self.problems.append(Problem(message, path, line, hint=hint, severity=severity))

    def ballots(self, path: str, content: bytes) -> None:
        """Read one file of ballots."""
        last = ""
        for line, cells in self._rows(path, content, COLUMNS, ("ballot", "choices")):
            id = cells["ballot"]
            if not _ID.fullmatch(id):
                self.tell(path, line, _("«\u00a0%s\u00a0» n’est pas un numéro de bulletin.") % id[:40])
            elif id in self._ids:
                self.tell(path, line, _("Le bulletin %s est écrit deux fois.") % id)
                continue
            elif id < last:
                words = _("Les bulletins ne sont pas dans l’ordre de leurs numéros, qui cache celui du vote.")
                self.tell(path, line, words, severity=Severity.WARNING)
                last = "g"  # once for each file
            self._ids.add(id)
            last = max(last, id)
            ballot = self._ballot(path, line, cells)
            if ballot is not None:
                self.found[ballot] += 1

    def _ballot(self, path: str, line: int, cells: Mapping[str, str]) -> Ballot | None:
        choices = [self.project(choice) for choice in cells["choices"].split()]
        zone, youth, void = cells.get("zone", ""), cells.get("youth", "") == "1", cells.get("void", "")
        if void and void not in VOID:
            self.tell(path, line, _("«\u00a0%s\u00a0» n’est pas une raison de nullité.") % void[:40])
        if self.kind == "ranking":
            return Ballot(tuple(choices), (), zone, youth, void)
        if self.kind != "points":
            return approval(choices, zone=zone, youth=youth, void=void)
        points = cells.get("points", "").split()
        if len(points) != len(choices) or not all(re.fullmatch(r"\d{1,9}", one) for one in points):
            self.tell(
                path, line, _("Les points «\u00a0%s\u00a0» ne vont pas avec les choix.") % cells.get("points", "")[:40]
            )
            return None
        return with_points(zip(choices, map(int, points), strict=True), zone=zone, youth=youth, void=void)

    def totals(self, path: str, content: bytes) -> None:
        """Read one file of totals."""
        for line, cells in self._rows(path, content, TOTALS_COLUMNS, TOTALS_COLUMNS[:4]):
            place, what, key = cells["place"], cells["kind"], cells["key"]
            numbers = [cells["count"], cells.get("points", "") or "0"]
            if not all(re.fullmatch(r"\d{1,9}", one) for one in numbers) or what not in {"valid", "void", "project"}:
                self.tell(path, line, _("Cette ligne de totaux n’est pas lisible."), ",".join(TOTALS_COLUMNS))
                continue
            known = self.places.setdefault(place, Totals({}, {}, 0, {}))
            number, points = map(int, numbers)
            project = self.project(key)
            if what == "void" and key not in VOID:
                self.tell(path, line, _("«\u00a0%s\u00a0» n’est pas une raison de nullité.") % key[:40])
            elif what == "project" and project not in self.projects:
                self.tell(path, line, _("Le projet «\u00a0%s\u00a0» n’est pas au vote.") % key[:40])
            elif (
                (what == "valid" and known.valid)
                or (what == "void" and key in known.void)
                or (what == "project" and project in known.votes)
            ):
                self.tell(path, line, _("Ce total est écrit deux fois."))
            else:
                self.places[place] = Totals(
                    dict(known.votes) | ({project: number} if what == "project" else {}),
                    dict(known.points) | ({project: points} if what == "project" and points else {}),
                    number if what == "valid" else known.valid,
                    dict(known.void) | ({key: number} if what == "void" else {}),
                )

    def project(self, short: str) -> str:
        """The identifier of a project as it is written here."""
        return short if short in self.projects else f"{self.edition}-{short}"

    def _rows(
        self, path: str, content: bytes, known: tuple[str, ...], needed: tuple[str, ...]
    ) -> Iterator[tuple[int, dict[str, str]]]:
        try:
            rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error):
            self.tell(path, None, _("Ce fichier n’est pas un CSV en UTF-8."))
            return
        header = rows[0] if rows else []
        strange = [name for name in header if name not in known]
        if strange or len(set(header)) != len(header) or not set(needed) <= set(header):
            words = _("Un fichier de bulletins n’a pas d’autre colonne que\u00a0: %s.") % ", ".join(known)
            self.tell(path, 1, words, ", ".join(strange))
            return
        if len(rows) > MOST_LINES + 1:
            self.tell(path, MOST_LINES + 1, _("Un fichier a %s lignes au plus.") % MOST_LINES)
        for line, row in enumerate(rows[1:], 2):
            if len(row) != len(header):
                words = _("%(found)s valeurs pour %(expected)s colonnes.")
                self.tell(path, line, words % {"found": len(row), "expected": len(header)})
                continue
            yield line, dict(zip(header, row, strict=True))
