"""The states of projects and ideas gathered into the few groups by which citizens look for them.

A state says exactly where a record stands; a stage is a filter of a catalogue and a line of the home page.
"""

from __future__ import annotations

from typing import NamedTuple

from participation.messages import mark as _


class Stage(NamedTuple):
    """A group of states: its words in the plural, and the family that gives icon and colour."""

    code: str
    words: str
    family: str
    states: tuple[str, ...]


STAGES = {
    "project": (
        Stage("delivered", _("Livrés"), "done", ("delivered", "inaugurated", "reviewed", "closed")),
        Stage("works", _("En travaux"), "work", ("works",)),
        Stage("preparing", _("En préparation"), "study", ("winner", "scoping", "design", "procurement", "agreement")),
        Stage("suspended", _("Suspendus"), "stop", ("suspended",)),
        Stage("abandoned", _("Abandonnés"), "over", ("abandoned",)),
        Stage("on_ballot", _("Soumis au vote"), "vote", ("on_ballot",)),
        Stage("reserve", _("Sur liste d’attente"), "vote", ("reserve",)),
        Stage("not_selected", _("Non retenus au vote"), "over", ("not_selected",)),
        Stage("merged", _("Réunis avec un autre projet"), "over", ("merged",)),
    ),
    "idea": (
        Stage("received", _("Reçues"), "study", ("draft", "submitted", "to_complete", "admissible")),
        Stage("in_study", _("À l’étude"), "study", ("in_study", "appealed", "upheld")),
        Stage("feasible", _("Réalisables"), "done", ("feasible", "feasible_with_conditions")),
        Stage("on_ballot", _("Soumises au vote"), "vote", ("on_ballot",)),
        Stage("refused", _("Non retenues"), "over", ("inadmissible", "infeasible", "rejected")),
        Stage("merged", _("Réunies avec une autre idée"), "over", ("merged",)),
        Stage("redirected", _("Transmises à un autre service"), "over", ("redirected",)),
        Stage("withdrawn", _("Retirées"), "over", ("withdrawn",)),
    ),
}
WON = ("delivered", "works", "preparing", "suspended", "abandoned")
"""The stages of projects that the vote has chosen: what becomes of a promise."""

_STAGE_OF = {
    (type_name, state): stage.code for type_name, stages in STAGES.items() for stage in stages for state in stage.states
}


def stage_of(type_name: str, state: str) -> str:
    """The code of the stage that a state belongs to; "" for records without a life cycle."""
    return _STAGE_OF.get((type_name, state), "")
