"""Where each polling place stands on count night: waiting, first entry, second entry, differences, to close, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backoffice.i18n import _
from backoffice.records.looks import Look
from backoffice.registry import tallies
from backoffice.registry.database import Registry
from backoffice.registry.tally_schema import TallyEntry
from backoffice.vote.differences import Comparison, compare
from backoffice.vote.election import Election
from participation.messages import mark
from participation.records import PollingPlace

STATES = {
    "waiting": ("over", "clock", mark("En attente")),
    "first": ("study", "edit", mark("Première saisie")),
    "second": ("study", "edit", mark("Seconde saisie")),
    "differences": ("stop", "warning", mark("Écarts à lever")),
    "ready": ("work", "check", mark("À clore")),
    "closed": ("done", "lock", mark("Clos")),
}
STEPS = ("first", "second", "differences", "closed")


@dataclass(frozen=True, slots=True)
class Standing:
    """One place: its state, its entries, what differs once both are finished."""

    place: PollingPlace
    state: str
    entries: Mapping[int, TallyEntry] = field(default_factory=dict)
    compared: Comparison | None = None

    @property
    def look(self) -> Look:
        """The state in icon, tone and words."""
        tone, icon, words = STATES[self.state]
        told = _(words)
        if self.state == "differences" and self.compared is not None:
            told = f"{told} ({len(self.compared.open)})"
        return Look(tone, icon, told)

    @property
    def pair(self) -> tuple[TallyEntry, TallyEntry]:
        """Both entries. Raises KeyError while there is only one."""
        return self.entries[1], self.entries[2]

    @property
    def next_number(self) -> int:
        """Which entry comes next, 0 when both are there."""
        return next((number for number in (1, 2) if number not in self.entries), 0)


def of_place(registry: Registry, election: Election, place: PollingPlace) -> Standing:
    """Where one place stands."""
    return _standing(registry, election, place, tallies.entries(registry, [place.id])[place.id])


def of_all(registry: Registry, election: Election) -> list[Standing]:
    """Where every place of an election stands."""
    found = tallies.entries(registry, [place.id for place in election.places])
    return [_standing(registry, election, place, found[place.id]) for place in election.places]


def _standing(
    registry: Registry, election: Election, place: PollingPlace, entries: Mapping[int, TallyEntry]
) -> Standing:
    first, second = entries.get(1), entries.get(2)
    if place.tally.closed is not None:
        return Standing(place, "closed", entries)
    if first is None:
        return Standing(place, "waiting", entries)
    if first.finished is None:
        return Standing(place, "first", entries)
    if second is None or second.finished is None:
        return Standing(place, "second", entries)
    compared = compared_of(registry, election, place, (first, second))
    return Standing(place, "differences" if compared.open else "ready", entries, compared)


def compared_of(
    registry: Registry, election: Election, place: PollingPlace, pair: tuple[TallyEntry, TallyEntry]
) -> Comparison:
    """The two entries side by side, with what was settled."""
    by_ballots = pair[0].mode == "ballots"
    first, second = (tallies.everything(registry, one.id) if by_ballots else [] for one in pair)
    return compare(election, pair, (first, second), tallies.settled(registry, place.id))


def counts(found: Sequence[Standing]) -> list[tuple[Look, int]]:
    """How many places are in each state, in the order of the states; those of none are left out."""
    told = []
    for state, (tone, icon, words) in STATES.items():
        number = sum(one.state == state for one in found)
        if number:
            told.append((Look(tone, icon, _(words)), number))
    return told
