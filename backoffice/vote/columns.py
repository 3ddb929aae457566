"""What each column of a table of ballots is: guessed, chosen by form, read back as the domain wants it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.i18n import _
from backoffice.vote import sheet
from backoffice.vote.election import Election
from participation.counting.ballot_tables import BallotColumns, TotalColumns, tells_who
from participation.importing.people import folded
from participation.importing.sheets import Sheet
from participation.messages import mark

ROLES = {
    "choices": mark("Les choix du bulletin"),
    "points": mark("Les points de ces choix"),
    "zone": mark("Le quartier ou canton"),
    "youth": mark("Bulletin de jeune (oui, non)"),
    "groups": mark("À garder en tableau de groupes, hors des bulletins"),
    "drop": mark("À laisser de côté"),
}
TOTAL_ROLES = {
    "project": mark("Le projet"),
    "votes": mark("Ses voix"),
    "points": mark("Ses points"),
    "drop": mark("À laisser de côté"),
}
_GUESSES = {
    "choices": ("choix", "vote", "votes", "projets", "choices", "bulletin"),
    "points": ("points", "score"),
    "zone": ("quartier", "canton", "zone", "district"),
    "youth": ("jeune", "jeunes", "youth"),
}
_TOTAL_GUESSES = {
    "project": ("projet", "numero", "n", "project", "project id", "id"),
    "votes": ("voix", "votes", "total"),
    "points": ("points", "score"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the form shows it."""

    place: int
    name: str
    examples: Sequence[str]
    chosen: str
    personal: bool


def columns(table: Sheet, election: Election, kind: str, chosen: Mapping[str, str]) -> list[Column]:
    """Every column with what was chosen for it, or guessed. One that may tell who voted is never guessed."""
    found = []
    numbers = sheet.numbers(election)
    for place, name in enumerate(table.headers):
        cells = [row.cells[place].strip() for row in table.rows[:40] if place < len(row.cells)]
        examples = list(dict.fromkeys(cell for cell in cells if cell))[:3]
        personal = tells_who(name)
        guess = "" if personal else _guess(name, election, kind, numbers)
        found.append(Column(place, name, examples, chosen.get(f"role.{place}", guess), personal))
    return found


def _guess(name: str, election: Election, kind: str, numbers: Mapping[str, str]) -> str:
    words = folded(name)
    for role, known in (_TOTAL_GUESSES if kind == "totals" else _GUESSES).items():
        if words in known and (role not in ("zone", "youth") or role in election.rule.dimensions):
            return role
    project = None if kind == "totals" else numbers.get(name.strip().upper().removeprefix(f"{election.id}-"))
    return f"project:{project}" if project else ""


def options(election: Election, kind: str) -> list[tuple[str, str]]:
    """What a column may be."""
    if kind == "totals":
        points = sheet.has_points(election)
        return [(code, _(words)) for code, words in TOTAL_ROLES.items() if code != "points" or points]
    dimensions = election.rule.dimensions
    unused = {"zone", "youth"} - dimensions
    if election.rule.paper.kind != "points":
        unused |= {"points"}
    own = [(code, _(words)) for code, words in ROLES.items() if code not in unused]
    projects = [
        (f"project:{one}", _("Le projet %s") % sheet.label(election, f"votes.{one}"))
        for one in sorted(election.contest.candidates)
    ]
    return [*own, *projects]


def undecided(found: Sequence[Column], kind: str) -> list[str]:
    """Sentences for what keeps the columns from being read."""
    told = [
        _("Dites ce qu’est la colonne « %s », ou laissez-la de côté.") % one.name for one in found if not one.chosen
    ]
    roles = [one.chosen for one in found]
    single = ("project", "votes", "points") if kind == "totals" else ("choices", "points", "zone", "youth")
    told += [_("Deux colonnes ne peuvent pas être la même chose.") for role in single if roles.count(role) > 1]
    if kind == "totals" and not {"project", "votes"} <= set(roles):
        told.append(_("Il faut la colonne du projet et celle de ses voix."))
    if kind == "ballots" and "choices" not in roles and not any(role.startswith("project:") for role in roles):
        told.append(_("Il faut la colonne des choix, ou une colonne par projet."))
    return told


def ballot_columns(found: Sequence[Column], election: Election) -> BallotColumns:
    """The columns of ballots as the domain reads them."""
    by_role = {one.chosen: one.name for one in found}
    aliases = aliases_of(election)
    return BallotColumns(
        choices=by_role.get("choices", ""),
        points=by_role.get("points", ""),
        projects={one.name: one.chosen[8:] for one in found if one.chosen.startswith("project:")},
        aliases=aliases,
        zone=by_role.get("zone", ""),
        youth=by_role.get("youth", ""),
        dropped=frozenset(one.name for one in found if one.chosen in ("drop", "groups")),
    )


def total_columns(found: Sequence[Column], election: Election) -> TotalColumns:
    """The columns of totals as the domain reads them."""
    by_role = {one.chosen: one.name for one in found}
    return TotalColumns(
        by_role["project"],
        by_role["votes"],
        by_role.get("points", ""),
        aliases=aliases_of(election),
        dropped=frozenset(one.name for one in found if one.chosen == "drop"),
    )


def aliases_of(election: Election) -> dict[str, str]:
    """What may stand for a project in a table: its number, its identifier, its title."""
    found = {one.title: one.id for one in election.contest.candidates.values() if one.title}
    for name, project in sheet.numbers(election).items():
        found[name] = found[name.lower()] = project
        if name.isdecimal():
            found[f"{int(name):03}"] = found[f"{int(name):02}"] = project
    return found
