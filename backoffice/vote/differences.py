"""Two entries of one box side by side: where they differ, and what holds once every difference is settled.

Figures are compared by name. Ballots are compared as a pile: the order in which they were typed says nothing, and what
only one side has is paired with what only the other has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backoffice.i18n import _
from backoffice.registry.tally_schema import TallyEntry, TallyLine, TallySettled
from backoffice.vote import sheet
from backoffice.vote.election import Election, number_of
from participation import wording
from participation.counting.ballots import Ballot
from participation.counting.typed import NotTyped, ballot_of, typed_again
from participation.records.polling import VOID

MISSING = ""  # on the side that does not have it
MOST = 500  # differences that a page shows; more mean that the two boxes are not the same


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `first` and `second` as they would be typed, with words for people, and how it was settled."""

    key: str
    what: str
    first: str
    second: str
    first_words: str
    second_words: str
    places: tuple[int, int] = (0, 0)  # of ballots: the line of each side, 0 where it has none
    settled: TallySettled | None = None


@dataclass
class Comparison:
    """Everything that differs, and the pile on which both agree."""

    differences: list[Difference]
    agreed: Counter[Ballot] = field(default_factory=Counter)
    figures: dict[str, int] = field(default_factory=dict)

    @property
    def open(self) -> list[Difference]:
        """Those that nobody has settled yet."""
        return [one for one in self.differences if one.settled is None]


def compare(
    election: Election,
    pair: tuple[TallyEntry, TallyEntry],
    lines: tuple[Sequence[TallyLine], Sequence[TallyLine]],
    settled: Mapping[str, TallySettled],
) -> Comparison:
    """Compare two entries of the same kind; `lines` are their ballots, empty for totals."""
    first, second = pair
    by_ballots = first.mode == "ballots"
    names = ["signed", "found"] if by_ballots else sheet.names(election)
    found = [
        one
        for name in names
        if (one := _figure(election, name, first.figures.get(name), second.figures.get(name), settled)) is not None
    ]
    agreed = {name: first.figures[name] for name in names if name in first.figures}
    if not by_ballots:
        return Comparison(found, figures=agreed)
    common, more = _piles(election, lines, settled)
    return Comparison([*found, *more], common, agreed)


def _figure(
    election: Election, name: str, first: int | None, second: int | None, settled: Mapping[str, TallySettled]
) -> Difference | None:
    if name not in ("found", "signed", "valid"):
        first, second = first or 0, second or 0
    if first == second:
        return None

    def words(one: int | None) -> str:
        return _("rien") if one is None else wording.number(one)

    return Difference(
        name,
        sheet.label(election, name),
        MISSING if first is None else str(first),
        MISSING if second is None else str(second),
        words(first),
        words(second),
        settled=settled.get(name),
    )


def _piles(
    election: Election, lines: tuple[Sequence[TallyLine], Sequence[TallyLine]], settled: Mapping[str, TallySettled]
) -> tuple[Counter[Ballot], list[Difference]]:
    """The ballots that both entries have, and pairs of those that one alone has."""
    sides = [[(place, line, sheet.ballot_from(line.what)) for place, line in enumerate(side, 1)] for side in lines]
    counts = [Counter(ballot for _place, _line, ballot in side) for side in sides]
    common = counts[0] & counts[1]
    alone = []
    for side in sides:
        seen: Counter[Ballot] = Counter()
        rest = []
        for place, line, ballot in side:
            seen[ballot] += 1
            if seen[ballot] > common[ballot]:
                rest.append((place, line, ballot))
        alone.append(rest)
    found = []
    for place in range(max(map(len, alone))):
        one, other = (side[place] if place < len(side) else None for side in alone)
        key = f"ballot.{one[1].id if one else 0}.{other[1].id if other else 0}"
        found.append(
            Difference(
                key,
                _("Bulletin"),
                _typed(election, one[2]) if one else MISSING,
                _typed(election, other[2]) if other else MISSING,
                sheet.ballot_words(election, one[2]) if one else _("aucun"),
                sheet.ballot_words(election, other[2]) if other else _("aucun"),
                (one[0] if one else 0, other[0] if other else 0),
                settled.get(key),
            )
        )
    return common, found


def _typed(election: Election, ballot: Ballot) -> str:
    """A ballot as text from which `read_kept` makes the same again."""
    own = {project: number_of(project) for project in election.contest.candidates}
    marks = [f"@{ballot.zone}"] if ballot.zone else []
    marks += ["!youth"] if ballot.youth else []
    return " ".join([f"!{ballot.void}" if ballot.void else typed_again(ballot, own), *marks]).strip()


def read_kept(election: Election, text: str) -> Ballot | None:
    """The ballot that holds, None for none at all. Raises NotTyped."""
    if not text.strip():
        return None
    zone, youth, void, rest = "", False, "", []
    for part in text.split():
        if part.startswith("@"):
            zone = part[1:]
        elif part == "!youth":
            youth = True
        elif part.startswith("!"):
            void = part[1:]
        else:
            rest.append(part)
    if void:
        if void not in VOID:
            raise NotTyped(_("« %s » n’est pas une raison de nullité.") % void[:40])
        return Ballot((), (), zone, youth, void)
    kind = election.rule.paper.kind
    return ballot_of(" ".join(rest), sheet.numbers(election), election.id, kind, zone=zone, youth=youth)


def result(election: Election, compared: Comparison, mode: str) -> tuple[dict[str, int], Counter[Ballot]]:
    """The figures and the ballots that hold, every difference being settled."""
    figures, pile = dict(compared.figures), Counter(compared.agreed)
    for one in compared.differences:
        kept = one.settled.kept if one.settled is not None else one.first
        if one.key.startswith("ballot."):
            ballot = read_kept(election, kept)
            if ballot is not None:
                pile[ballot] += 1
        elif kept.strip():
            figures[one.key] = int(kept)
        else:
            figures.pop(one.key, None)
    if mode == "ballots":
        apply = sheet.counting(election)
        for ballot, times in pile.items():
            for _time in range(times):
                apply(figures, sheet.plain_of(ballot), 1)
    return figures, pile
