"""When an event really takes place: its recurrence (RFC 5545), extra dates and exceptions, unfolded over a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from participation.values import Moment

MOST = 1_000  # occurrences of one event in one question


class Occurrence(NamedTuple):
    """One time that an event takes place; `was` is the date it was moved from, `note` says why."""

    start: Moment
    end: Moment | None
    cancelled: bool
    was: Moment | None
    note: str


def occurrences(start: str, more: Mapping[str, Any], first: dt.date, last: dt.date) -> Iterator[Occurrence]:
    """The occurrences that touch the days from `first` to `last`, in order of their starts.

    `start` and the keys of `more` (end, recurrence, extra_dates, exceptions, state, change_note) are plain data.
    """
    begin = Moment.parse(start)
    end = Moment.parse(more["end"]) if "end" in more else None
    length = _naive(end) - _naive(begin) if end else dt.timedelta(0)
    exceptions = {row["occurrence"]: row for row in more.get("exceptions", ())}
    cancelled = more.get("state") == "cancelled"
    found = []
    for moment in _starts(begin, more, first - max(length, dt.timedelta(0)), last, exceptions):
        row = exceptions.get(str(moment), {})
        moved = "start" in row
        real = Moment.parse(row["start"]) if moved else moment
        finish = _moment(_naive(real) + length, real) if end else None
        if "end" in row:
            finish = Moment.parse(row["end"])
        if real.day <= last and (real if finish is None else finish).day >= first:
            note = row.get("note", more.get("change_note", ""))
            note = note if isinstance(note, str) else str(next(iter(note.values()), ""))
            off = cancelled or bool(row.get("cancelled"))
            found.append(Occurrence(real, finish, off, moment if moved else None, note))
    yield from sorted(found, key=lambda one: _naive(one.start))


def _starts(
    begin: Moment, more: Mapping[str, Any], first: dt.date, last: dt.date, exceptions: Mapping[str, Any]
) -> list[Moment]:
    starts = {str(begin): begin}
    rule = more.get("recurrence")
    if rule:
        starts = {}
        for naive in _unfold(rule, _naive(begin), first, last):
            moment = _moment(naive, begin)
            starts[str(moment)] = moment
    for text in more.get("extra_dates", ()):
        starts[text] = Moment.parse(text)
    for text in exceptions:  # moved into the period from outside it
        starts.setdefault(text, Moment.parse(text))
    return list(starts.values())


def _unfold(rule: str, begin: dt.datetime, first: dt.date, last: dt.date) -> list[dt.datetime]:
    from dateutil.rrule import rrulestr  # noqa: PLC0415  # only recurring events need it; a publication must start fast

    try:
        rules = rrulestr(_local_until(rule), dtstart=begin, ignoretz=True)
    except (ValueError, TypeError):  # the checks have told it; the event itself still takes place
        return [begin]
    window = rules.xafter(dt.datetime.combine(first, dt.time(0)), count=MOST, inc=True)
    found = []
    for naive in window:
        if naive.date() > last:
            break
        found.append(naive)
    return found


def _local_until(rule: str) -> str:
    """UNTIL in UTC is compared with local times here: a few hours never matter to a day's list."""
    return rule.removeprefix("RRULE:").replace("Z", "") if "UNTIL=" in rule else rule.removeprefix("RRULE:")


def _naive(moment: Moment | None) -> dt.datetime:
    assert moment is not None  # noqa: S101  # callers have looked
    return dt.datetime.combine(moment.day, moment.time or dt.time(0))


def _moment(naive: dt.datetime, like: Moment) -> Moment:
    return Moment(naive.date(), naive.time() if like.time is not None else None)
