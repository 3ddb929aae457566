"""Pabulib files as something to count: contest, ballots, and as much of the rule as META says.

Projects keep the identifiers of the file. What the file says of voters (age, sex, …) is not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from participation.counting.ballots import Ballot, Box, approval, with_points
from participation.counting.model import Candidate, Contest, CountRule, Paper
from participation.importing.errors import ImportRefused, refused
from participation.importing.pabulib import project_id, short_name
from participation.importing.pabulib_file import PabulibFile, read_pabulib
from participation.messages import mark as _
from participation.problems import Problem, Severity

KINDS = {
    "approval": "approval",
    "choose-1": "approval",
    "cumulative": "points",
    "scoring": "points",
    "ordinal": "ranking",
}
LISTS = ("category", "target", "beneficiaries", "neighborhood", "neighbourhood")
"""Columns of PROJECTS that hold lists, whose separator the format wants without spaces."""


@dataclass(frozen=True)
class PabulibVote:
    """A file to count. `said` are the votes and points that the file itself reports, by project."""

    file: PabulibFile
    contest: Contest
    box: Box
    rule: CountRule
    said: dict[str, tuple[int | None, int | None]]
    problems: list[Problem]


def read_vote(content: bytes, file: str) -> PabulibVote:
    """Contest, ballots and rule of a `.pb` file; raises ImportRefused.

    `problems` holds what the public checker of the format refuses too and what can be counted all the same.
    """
    read = read_pabulib(content, file, votes=True)
    kind = KINDS.get(read.meta.get("vote_type", ""))
    if kind is None:
        words = _("Sorte de bulletin inconnue\u00a0: «\u00a0%s\u00a0».") % read.meta.get("vote_type", "")[:40]
        raise refused(words, file, hint=", ".join(KINDS), field="META vote_type")
    faults: list[Problem] = []
    contest, said = _contest(read, faults)
    box = _ballots(read, kind, faults)
    if faults:
        raise ImportRefused(faults)
    return PabulibVote(read, contest, box, _rule(read, kind), said, list(_warnings(read)))


def ballots_for(vote: PabulibVote, edition: str) -> Box:
    """The ballots of a file with projects as its import names them in an edition; unknown choices stay as they are."""
    names = {}
    for project in vote.file.projects:
        number = project.values.get("project_id", "")
        inside = short_name(vote.file.part or project.values.get("district", ""))
        names[number] = project_id(edition, inside, number)
    found: Counter[Ballot] = Counter()
    for ballot, times in vote.box.ballots.items():
        choices = [names.get(choice, choice) for choice in ballot.choices]
        if vote.rule.paper.kind == "ranking":
            found[ballot._replace(choices=tuple(choices))] += times
        elif vote.rule.paper.kind == "points":
            found[with_points(zip(choices, ballot.points, strict=True))] += times
        else:
            found[approval(choices)] += times
    return Box(found)


def _contest(read: PabulibFile, faults: list[Problem]) -> tuple[Contest, dict[str, tuple[int | None, int | None]]]:
    candidates: dict[str, Candidate] = {}
    said: dict[str, tuple[int | None, int | None]] = {}
    for project in read.projects:
        values = project.values
        id, cost = values.get("project_id", ""), _hundredths(values.get("cost", ""))
        if project.fault or not id or cost is None or id in candidates:
            words = project.fault or (
                _("Le projet n’a pas de numéro.")
                if not id
                else _("Le projet %s est écrit deux fois.") % id
                if id in candidates
                else _("«\u00a0%s\u00a0» n’est pas un nombre.") % values.get("cost", "")[:40]
            )
            faults.append(Problem(words, read.file, project.line, "PROJECTS"))
            continue
        zone = values.get("district") or values.get("subunit") or ""
        theme = values.get("category", "").split(",")[0]
        candidates[id] = Candidate(id, cost, values.get("name", ""), zone, theme)
        said[id] = (_whole(values.get("votes", "")), _whole(values.get("score", "")))
    budget = _hundredths(read.meta.get("budget", ""))
    if budget is None:
        faults.append(Problem(_("Le budget du fichier n’est pas un nombre."), read.file, field="META budget"))
    zones = sorted({one.zone for one in candidates.values() if one.zone})
    currency = read.meta.get("currency", "EUR")
    ordered = dict(sorted(candidates.items()))
    return Contest(budget or 0, ordered, currency=currency, zones=tuple(zones)), said


def _ballots(read: PabulibFile, kind: str, faults: list[Problem]) -> Box:
    (header_line, header), *rows = read.votes
    columns = [name.strip() for name in header]
    needed = ("vote", "points") if kind == "points" else ("vote",)
    for name in needed:
        if name not in columns:
            raise refused(_("La colonne «\u00a0%s\u00a0» manque dans VOTES.") % name, read.file, header_line)
    vote_at = columns.index("vote")
    points_at = columns.index("points") if kind == "points" else None
    found: Counter[Ballot] = Counter()
    for line, row in rows:
        if len(row) != len(columns):
            words = _("%(found)s valeurs pour %(expected)s colonnes.")
            told = {"found": len(row), "expected": len(columns)}
            faults.append(Problem(words % told, read.file, line, "VOTES"))
            continue
        choices = [choice for part in row[vote_at].split(",") if (choice := part.strip())]
        if kind == "ranking":
            found[Ballot(tuple(choices))] += 1
        elif points_at is None:
            found[approval(choices)] += 1
        else:
            points = [_whole(part.strip()) for part in row[points_at].split(",")] if choices else []
            if len(points) != len(choices) or None in points:
                words = _("Les points «\u00a0%s\u00a0» ne vont pas avec les choix.") % row[points_at][:40]
                faults.append(Problem(words, read.file, line, "points"))
                continue
            found[with_points((choice, n or 0) for choice, n in zip(choices, points, strict=True))] += 1
    return Box(found)


def _rule(read: PabulibFile, kind: str) -> CountRule:
    """Greedy or equal shares with the limits that META gives; the order of votes where META says `unknown`."""
    meta, named = read.meta, read.meta.get("rule", "")
    threshold = _whole(meta.get("min_project_score_threshold", ""))
    return CountRule(
        paper=Paper(
            kind,
            _whole(meta.get("min_length", "")) or 0,
            1 if meta.get("vote_type") == "choose-1" else _whole(meta.get("max_length", "")),
            _whole(meta.get("max_points", "")),
            _whole(meta.get("min_sum_points", "")) or 0,
            _whole(meta.get("max_sum_points", "")),
        ),
        method="equal_shares" if named.startswith("equalshares") else "greedy",
        completion="add1" if "add1" in named else "none",
        comparison=named.endswith("comparison"),
        order="votes" if kind == "approval" else "points",
        threshold_on="votes" if kind == "approval" else "points",
        threshold=threshold or 0,
        fit="stop" if named == "greedy-no-skip" else "skip",
        ties=("id",),
    )


def _warnings(read: PabulibFile) -> Iterator[Problem]:
    for project in read.projects:
        for column in LISTS:
            text = project.values.get(column, "")
            if re.search(r",\s|\s,", text):
                yield Problem(
                    _("«\u00a0%s\u00a0»\u00a0: une espace à côté d’une virgule, dans une colonne de listes.")
                    % text[:60],
                    read.file,
                    project.line,
                    f"PROJECTS {column}",
                    _("Le vérificateur public du format refuse ce fichier. Le comptage n’en dépend pas."),
                    Severity.WARNING,
                )


def _hundredths(text: str) -> int | None:
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 13:
        return None
    return int((amount * 100).to_integral_value())


def _whole(text: str) -> int | None:
    """`3` and `3.0` as a number; None for anything else."""
    match = re.fullmatch(r"(\d{1,12})(?:[.,]0+)?", text.strip())
    return int(match[1]) if match else None
