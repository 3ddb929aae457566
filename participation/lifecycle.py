"""The life cycle as a table: which state may follow which, what each step needs, and the words for each state.

Nothing is changed here; the office offers what `following` allows and `checks` reports what the table forbids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from participation.messages import mark as _
from participation.records.base import Record


@dataclass(frozen=True, slots=True)
class State:
    """One state: its words, the family that gives icon and colour, and which states may follow it.

    `family` is one of done, work, study, stop, over, vote. A state that `explains` needs a public reason, and the
    fields that it `needs` say what became of the idea, the project or its money.
    """

    code: str
    words: str
    family: str
    following: tuple[str, ...] = ()
    explains: bool = False
    ends: bool = False
    needs: tuple[str, ...] = ()


def _table(*states: State) -> dict[str, State]:
    return {state.code: state for state in states}


IDEA = _table(
    State("draft", _("Brouillon"), "study", ("submitted", "withdrawn")),
    State(
        "submitted",
        _("Reçue"),
        "study",
        ("to_complete", "admissible", "inadmissible", "merged", "redirected", "withdrawn"),
    ),
    State(
        "to_complete",
        _("À compléter"),
        "work",
        ("submitted", "in_study", "admissible", "inadmissible", "merged", "withdrawn"),
        explains=True,
    ),
    State("admissible", _("Recevable"), "study", ("in_study", "merged", "withdrawn")),
    State("inadmissible", _("Non recevable"), "over", ("appealed",), explains=True),
    State("merged", _("Réunie avec une autre idée"), "over", explains=True, ends=True, needs=("merged_into",)),
    State("redirected", _("Transmise à un autre service"), "over", explains=True, ends=True, needs=("redirected_to",)),
    State("withdrawn", _("Retirée"), "over", ends=True),
    State(
        "in_study",
        _("À l’étude"),
        "study",
        ("to_complete", "feasible", "feasible_with_conditions", "infeasible", "merged", "withdrawn"),
    ),
    State("feasible", _("Réalisable"), "done", ("on_ballot", "merged", "withdrawn")),
    State(
        "feasible_with_conditions",
        _("Réalisable sous conditions"),
        "done",
        ("on_ballot", "merged", "withdrawn"),
        explains=True,
    ),
    State("infeasible", _("Non réalisable"), "over", ("appealed",), explains=True),
    State("appealed", _("Réexamen demandé"), "study", ("upheld", "rejected")),
    State("upheld", _("Réexamen accepté"), "study", ("in_study",), explains=True),
    State("rejected", _("Refus confirmé"), "over", explains=True, ends=True),
    State("on_ballot", _("Soumise au vote"), "vote", ends=True, needs=("project",)),
)

_STOPS = ("suspended", "abandoned", "merged")
PROJECT = _table(
    State("on_ballot", _("Soumis au vote"), "vote", ("winner", "reserve", "not_selected", *_STOPS)),
    State("winner", _("Lauréat"), "vote", ("scoping", "design", *_STOPS)),
    State("reserve", _("Sur liste d’attente"), "vote", ("winner", "not_selected", *_STOPS)),
    State("not_selected", _("Non retenu au vote"), "over", ("winner",), ends=True),
    State("scoping", _("Cadrage en cours"), "study", ("design", *_STOPS)),
    State("design", _("À l’étude"), "study", ("procurement", "agreement", "works", *_STOPS)),
    State("procurement", _("Marché en préparation"), "work", ("works", "design", *_STOPS)),
    State("agreement", _("Convention en préparation"), "work", ("works", "design", "delivered", *_STOPS)),
    State("works", _("En travaux"), "work", ("delivered", *_STOPS)),
    State("delivered", _("Livré"), "done", ("inaugurated", "reviewed", "closed", "works")),
    State("inaugurated", _("Inauguré"), "done", ("reviewed", "closed")),
    State("reviewed", _("Bilan fait"), "done", ("closed",)),
    State("closed", _("Terminé"), "done", ends=True),
    State(
        "suspended",
        _("Suspendu"),
        "stop",
        ("scoping", "design", "procurement", "agreement", "works", "abandoned", "merged"),
        explains=True,
    ),
    State("abandoned", _("Abandonné"), "over", explains=True, ends=True, needs=("money_goes_to",)),
    State("merged", _("Réuni avec un autre projet"), "over", explains=True, ends=True, needs=("merged_into",)),
)

TABLES = {"idea": IDEA, "project": PROJECT}
FIRST = {"idea": "draft", "project": "on_ballot"}
# An idea in these states is the town's own work in progress, not yet a public proposal.
UNPUBLISHED_IDEAS = frozenset({"draft"})


def state_code(type_name: str, status: Sequence[dict[str, object]] | None) -> str:
    """The state that a status history ends in (the first state of the type where there is none)."""
    return str(status[-1]["state"]) if status and "state" in status[-1] else FIRST[type_name]


def state_of(record: Record) -> State:
    """The present state of an idea or a project; an unknown code is shown as it is, without followers."""
    code = state_code(record.type_name, record.data.get("status"))
    return TABLES[record.type_name].get(code, State(code, code, "over"))


def following(record: Record) -> list[State]:
    """The states that may come next, in the order of the table."""
    table = TABLES[record.type_name]
    return [table[code] for code in table if code in state_of(record).following]


def allowed(type_name: str, before: str, after: str) -> bool:
    """True when `after` may follow `before`."""
    state = TABLES[type_name].get(before)
    return state is not None and after in state.following


def diagram(type_name: str) -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {FIRST[type_name]}"]
    for state in TABLES[type_name].values():
        lines += [f"    {state.code} --> {code}" for code in state.following]
        lines += [f"    {state.code} --> [*]"] if state.ends else []
    return "\n".join(lines)
