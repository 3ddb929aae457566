"""A project's steps against its promise: progress, slippage, the bars of the timeline. Plain data in, figures out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from participation.records.fields import Plain
from participation.values import PartialDate

TICKS = 7  # as many as the stylesheet draws lines behind the bars
# How far a state alone tells that a project has come, where no steps are given: (steps done, steps in all).
_BY_STATE = {
    "winner": (0, 5),
    "scoping": (0, 5),
    "design": (1, 5),
    "procurement": (2, 5),
    "agreement": (2, 5),
    "works": (3, 5),
}


@lru_cache(maxsize=16_384)  # the same few thousand dates come back in every record
def _days(plain: str) -> tuple[dt.date, dt.date]:
    """The first and the last day that a stored date may mean."""
    date = PartialDate.parse(plain)
    return date.first(), date.last()


_THIN = 1.5  # percent of the timeline that a bar must have to be seen


class Progress(NamedTuple):
    """Segments done out of `total`; `current` is the kind of the step under way ("" when none is)."""

    done: int
    total: int
    current: str
    current_title: Plain


class Slip(NamedTuple):
    """How late (positive) or early a step is, in days; `certain` when the real date is known, not a forecast."""

    days: int
    certain: bool


class Bar(NamedTuple):
    """One bar of the timeline in percent of its width; `kind` is p (planned), r (real) or f (forecast)."""

    kind: str
    left: float
    width: float


def progress(shown: Mapping[str, Plain], state: str, family: str) -> Progress:
    """How far a project has come: from its steps where they are known, else from its state."""
    steps = shown.get("steps") or []
    if not steps:
        done, total = _BY_STATE.get(state, (0, 0))
        return Progress(total if family == "done" else done, total, state if total else "", "")
    total = len(steps)
    if family == "done":
        return Progress(total, total, "", "")
    last = max((index for index, step in enumerate(steps) if _begun(step)), default=-1)
    if last < 0:
        return Progress(0, total, "", "")
    if "actual_end" in steps[last]:
        return Progress(last + 1, total, "", "")
    current = steps[last]
    return Progress(last, total, str(current["kind"]), current.get("title", ""))


def _begun(step: Mapping[str, Plain]) -> bool:
    return "actual_start" in step or "actual_end" in step


def slip(step: Mapping[str, Plain]) -> Slip | None:
    """The slippage of a step's end (of its start when no end was promised); None when nothing can be compared.

    Dates are intervals: two that overlap are on time. A slip counts from the last promised day to the last possible
    real one, so that months compare with months.
    """
    for planned_key, real_keys in (
        ("planned_end", ("actual_end", "expected_end")),
        ("planned_start", ("actual_start",)),
    ):
        if planned_key not in step:
            continue
        for key in real_keys:
            if key in step:
                planned, real = _days(step[planned_key]), _days(step[key])
                overlap = planned[1] >= real[0] and real[1] >= planned[0]
                days = 0 if overlap else (real[1] - planned[1]).days
                return Slip(days, key.startswith("actual"))
    return None


def span(steps: Sequence[Mapping[str, Plain]]) -> tuple[dt.date, dt.date] | None:
    """The first and last day that the timeline shows."""
    days = [_days(step[key]) for step in steps for key in step if key.endswith(("_start", "_end"))]
    return (min(days)[0], max(last for _first, last in days)) if days else None


def bars(step: Mapping[str, Plain], first: dt.date, last: dt.date) -> list[Bar]:
    """The bars of one step between the first and the last day of the whole timeline."""
    whole = max((last - first).days, 1)
    found = []
    for kind, start_key, end_key in (
        ("p", "planned_start", "planned_end"),
        ("r", "actual_start", "actual_end"),
        ("f", "actual_end" if "actual_end" in step else "actual_start", "expected_end"),
    ):
        start, end = step.get(start_key), step.get(end_key)
        if end is None and (kind == "f" or start is None):
            continue
        begin, finish = _days(str(start or end))[0], _days(str(end or start))[1]
        left = min((begin - first).days * 100 / whole, 100 - _THIN)
        width = max((finish - begin).days * 100 / whole, _THIN)
        found.append(Bar(kind, round(left, 1), round(min(width, 100 - left), 1)))
    return found


def axis(first: dt.date, last: dt.date) -> list[PartialDate]:
    """The months in which seven evenly spaced ticks fall: where each seventh of the timeline begins."""
    whole = (last - first).days
    ticks = [first + dt.timedelta(days=whole * part // TICKS) for part in range(TICKS)]
    return [PartialDate(tick.year, tick.month) for tick in ticks]
