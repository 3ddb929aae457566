"""Reading a file of ballots for a polling place: what it would write, and the report that says so before.

Used by the worker. No time, age, name or order of the file reaches what is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backoffice.registry.tally_schema import BallotImport
from backoffice.vote import columns, sheet
from backoffice.vote.closing import ballot_contents
from backoffice.vote.election import Election
from participation.counting import pabulib
from participation.counting.ballot_files import write_totals
from participation.counting.ballot_tables import read_ballot_table, read_total_table
from participation.counting.ballots import Ballot, Box, Totals, approval, judge, recognisable, with_points
from participation.counting.grouping import grouped, write_groups
from participation.importing.sheets import read_sheet
from participation.messages import mark as _
from participation.records import PollingPlace
from participation.records.fields import Plain

Tell = Callable[[int, int, str], None]
MOST_TOLD = 20


@dataclass
class Intake:
    """What was read: ballots or totals, and the groups of what is kept apart from them."""

    box: Box
    groups: dict[str, Counter[str]] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)


def read(one: BallotImport, content: bytes, election: Election, tell: Tell) -> Intake:
    """Read the file of an import by what was chosen for its columns. Raises ImportRefused."""
    tell(0, 3, _("Lecture du fichier"))
    if one.kind == "pabulib":
        vote = pabulib.read_vote(content, one.name)
        found = Intake(Box(_known(pabulib.ballots_for(vote, election.id).ballots, election)))
        found.dropped = [name for name in vote.file.votes[0][1] if name.strip() not in ("vote", "points")]
        return found
    table = read_sheet(content, one.name)
    chosen = columns.columns(table, election, one.kind, one.options)
    if one.kind == "totals":
        typed, _refused = sheet.typed_figures(election, list(one.options.items()), "totals")
        projects = frozenset(election.contest.candidates)
        of_place = read_total_table(
            content, one.name, columns.total_columns(chosen, election), projects, {"": typed.get("valid") or 0}
        )
        void = {name.partition(".")[2]: value for name, value in typed.items() if name.startswith("void.") and value}
        totals = of_place.get("", Totals())
        return Intake(Box({}, (Totals(totals.votes, totals.points, totals.valid, void),)), dropped=_dropped(chosen))
    names = columns.ballot_columns(chosen, election)
    box = read_ballot_table(content, one.name, names, election.rule.paper.kind, election.rule.dimensions)
    tell(1, 3, _("Groupes de votants"))
    apart = [column for column in chosen if column.chosen == "groups"]
    groups = {
        column.name: Counter(row.cells[column.place].strip() for row in table.rows if column.place < len(row.cells))
        for column in apart
    }
    return Intake(box, groups, _dropped(chosen))


def _dropped(chosen: list[columns.Column]) -> list[str]:
    return [column.name for column in chosen if column.chosen == "drop"]


def _known(ballots: Mapping[Ballot, int], election: Election) -> dict[Ballot, int]:
    """Ballots of another program with projects as they are numbered here, where their number says which."""
    aliases = columns.aliases_of(election)
    found: Counter[Ballot] = Counter()
    ranked = election.rule.paper.kind == "ranking"
    for ballot, times in ballots.items():
        renamed = [_one(choice, election, aliases) for choice in ballot.choices]
        if ballot.points:
            found[with_points(zip(renamed, ballot.points, strict=True))] += times
        else:
            found[Ballot(tuple(renamed)) if ranked else approval(renamed)] += times
    return dict(found)


def _one(choice: str, election: Election, aliases: Mapping[str, str]) -> str:
    if choice in election.contest.candidates:
        return choice
    short = choice.removeprefix(f"{election.id}-")
    return aliases.get(short, aliases.get(short.removeprefix("P").lstrip("0"), choice))


def report(found: Intake, election: Election) -> dict[str, Any]:
    """What the page of the dry run says, as JSON."""
    judged = judge(found.box, election.rule, election.contest)
    least = election.record.smallest_group if election.record is not None else None
    unknown: Counter[str] = Counter()
    for ballot, times in found.box.ballots.items():
        for choice in set(ballot.choices) - election.contest.candidates.keys():
            unknown[choice] += times
    small = recognisable(found.box, least or 10) if election.rule.dimensions else {}
    return {
        "found": judged.voters + sum(judged.void.values()),
        "valid": judged.voters,
        "void": dict(judged.void),
        "unknown": unknown.most_common(MOST_TOLD),
        "small": [[zone, youth, size] for (zone, youth), size in small.items()][:MOST_TOLD],
        "least": least or 10,
        "dropped": found.dropped,
        "groups": {name: grouped(counts, least or 10) for name, counts in found.groups.items()},
    }


def files_for(found: Intake, election: Election, place: PollingPlace) -> dict[str, bytes]:
    """Path -> content of what the import writes."""
    name = place.short.casefold()
    folder = f"editions/{election.id}/votes"
    if found.box.totals:
        return {f"{folder}/totals-{name}.csv": write_totals({place.short: found.box.totals[0]}, election.id)}
    files = ballot_contents(election, name, found.box.ballots)
    if found.groups:
        least = (election.record.smallest_group if election.record is not None else None) or 10
        files[f"{folder}/groups-{name}.csv"] = write_groups(found.groups, least)
    return files


def tally_of(told: Mapping[str, Any], mode: str, day: str) -> dict[str, Plain]:
    """The sheet of a place whose ballots came as a file."""
    found: dict[str, Plain] = {"closed": day, "mode": mode, "found": told["found"], "valid": told["valid"]}
    void = [{"reason": code, "number": number} for code, number in told["void"].items()]
    return found | ({"void": void} if void else {})
