"""From a content to what is counted: an edition's rule, ballot list and ballots, at one moment.

Where no ballot file lies, the votes that the projects' own records give are counted as totals, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from participation.checks.rules import check_rule
from participation.counting.ballot_files import PATH, read_votes
from participation.counting.ballots import Box, Totals
from participation.counting.contest import contest_of, fingerprint, rule_of
from participation.counting.model import Contest, CountRule
from participation.layout import path_for, rule_id
from participation.messages import mark as _
from participation.problems import ContentError, Problem, Severity, errors
from participation.records import Edition, Project, Rule, Zone
from participation.store.snapshot import Snapshot
from participation.yamltext.reader import read_file


class CannotCount(ContentError):
    """Rule, projects or ballots of an edition have faults that a count must not pass over."""

    def __init__(self, edition: str, problems: list[Problem]) -> None:
        super().__init__(_("Le vote de l’édition %s ne peut pas être compté.") % edition, problems)


@dataclass(frozen=True)
class Vote:
    """Everything that a count needs, and the names of zones and themes for its sentences.

    `recorded` are the projects that their own records call winners; empty before the results. `files` are the paths of
    the files of votes, none where the records' own votes are counted.
    """

    edition: Edition
    record: Rule
    rule: CountRule
    contest: Contest
    box: Box
    names: dict[str, str]
    recorded: tuple[str, ...]
    problems: list[Problem]
    files: tuple[str, ...] = ()


def read_vote(snapshot: Snapshot, edition_id: str, record: Rule | None = None) -> Vote:
    """The vote of an edition, by its own rule or by another `record`. Raises CannotCount."""
    edition = snapshot.get(edition_id)
    if not isinstance(edition, Edition):
        words = _("L’édition «\u00a0%s\u00a0» n’existe pas.") % edition_id[:40]
        raise CannotCount(edition_id[:40], [Problem(words)])
    problems: list[Problem] = []
    if record is None:
        record = own_rule(snapshot, edition_id, problems)
    if record is None:
        raise CannotCount(edition_id, problems)
    problems += [problem.at(record.path) for problem in check_rule(record)]
    projects = [one for one in snapshot.of_type(Project) if one.edition == edition_id]
    contest, found = contest_of(edition, projects)
    problems += found
    if record.settled_fingerprint("projects") not in {"", fingerprint(contest)}:
        words = _("La liste des projets, leurs coûts ou les enveloppes ont changé depuis l’ouverture du vote.")
        hint = _("Revenez à ce qui était figé, ou écrivez la date et la raison dans «\u00a0corrections\u00a0».")
        problems.append(Problem(words, record.path, field="frozen.projects", hint=hint))
    paths = [path for path in snapshot.entries if (match := PATH.fullmatch(path)) and match["edition"] == edition_id]
    if paths:
        kind = record.ballot.kind
        box, found = read_votes(dict(snapshot.contents(paths)), edition_id, kind, contest.candidates)
        problems += found
    else:
        box = _recorded(edition, projects)
        words = _("Aucun fichier de bulletins\u00a0: ce sont les voix des fiches qui sont comptées.")
        problems.append(Problem(words, edition.path, severity=Severity.WARNING))
    if errors(problems):
        raise CannotCount(edition_id, problems)
    names = {zone.id: zone.title or zone.id for zone in snapshot.of_type(Zone)}
    names |= {theme.id: theme.title or theme.id for theme in edition.themes}
    return Vote(edition, record, rule_of(record), contest, box, names, _winners(projects), problems, tuple(paths))


def own_rule(snapshot: Snapshot, edition_id: str, problems: list[Problem]) -> Rule | None:
    """The rule that lies beside an edition; None, with the reason among the problems, where there is no usable one."""
    path = path_for("rule", rule_id(edition_id))
    reading = snapshot.reading(path)
    problems += reading.problems
    record = next(iter(reading.records), None)
    if not isinstance(record, Rule):
        if not reading.problems:
            hint = _("Partez d’un modèle\u00a0: plain, city, department ou districts.")
            problems.append(Problem(_("L’édition n’a pas de règle de comptage."), path, hint=hint))
        return None
    return record


def rule_from(content: bytes, edition_id: str, file: str) -> Rule:
    """A rule from a file that lies anywhere, for a simulation. Raises CannotCount."""
    reading = read_file(content, path_for("rule", rule_id(edition_id)))
    problems = [problem.at(file) for problem in reading.problems]
    record = next(iter(reading.records), None)
    if not isinstance(record, Rule) or errors(problems):
        raise CannotCount(edition_id, problems)
    record.path = file
    return record


def _recorded(edition: Edition, projects: Sequence[Project]) -> Box:
    votes = {one.id: one.votes or 0 for one in projects}
    points = {one.id: one.points or 0 for one in projects}
    return Box({}, (Totals(votes, points, edition.turnout.voters or 0),))


def _winners(projects: Sequence[Project]) -> tuple[str, ...]:
    return tuple(one.id for one in projects if any(row.state == "winner" for row in one.status))
