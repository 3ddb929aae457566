"""The look of states in the office: icon, tone and words. Which states exist is `participation.lifecycle`'s."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.i18n import _
from participation.lifecycle import TABLES
from participation.records.event import EVENT_STATES

ICONS = {"done": "check", "work": "cone", "study": "study", "stop": "pause", "over": "cross", "vote": "star"}
EVENT_TONES = {"tentative": "work", "confirmed": "done", "moved": "stop", "cancelled": "stop"}


@dataclass(frozen=True, slots=True)
class Look:
    """How a state shows: never by colour alone."""

    tone: str
    icon: str
    words: str


def look_of_state(type_name: str, code: str) -> Look:
    """The look of a state of that type; an unknown code is shown as it is."""
    if type_name == "event":
        tone = EVENT_TONES.get(code, "over")
        words = _(EVENT_STATES.get(code, code))
        return Look(tone, ICONS[tone], words[:1].upper() + words[1:])
    state = TABLES.get(type_name, {}).get(code)
    if state is None:
        return Look("over", "cross", code)
    return Look(state.family, ICONS[state.family], _(state.words))


def states_of(type_name: str) -> list[tuple[str, str]]:
    """Code and words of every state of that type, in the order of the life cycle."""
    codes = EVENT_STATES if type_name == "event" else TABLES.get(type_name, {})
    return [(code, look_of_state(type_name, code).words) for code in codes]
