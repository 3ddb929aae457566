"""When an event really takes place: its recurrence (RFC 5545), extra dates and exceptions, unfolded over a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from participation.values import Moment, zone_info

if TYPE_CHECKING:
    from dateutil.rrule import rrule, rruleset

MOST = 5_000  # occurrences of one event in one question: more than ten years of every day


class Occurrence(NamedTuple):
    """One time that an event takes place; `was` is the date it was moved from, `note` says why."""

    start: Moment
    end: Moment | None
    cancelled: bool
    was: Moment | None
    note: str


def occurrences(
    start: str, more: Mapping[str, Any], first: dt.date, last: dt.date, zone: str = "UTC"
) -> Iterator[Occurrence]:
    """The occurrences that touch the days from `first` to `last`, in order of their starts.

    `start` and the keys of `more` (end, recurrence, extra_dates, exceptions, state, change_note) are plain data; `zone`
    is the IANA name of the time zone that their clock times are in: a rule may end at an instant in UTC.
    """
    begin = Moment.parse(start)
    end = Moment.parse(more["end"]) if "end" in more else None
    length = naive(end) - naive(begin) if end else dt.timedelta(0)
    exceptions = {str(at_its_time(row["occurrence"], begin)): row for row in more.get("exceptions", ())}
    cancelled = more.get("state") == "cancelled"
    found = []
    for moment in _starts(begin, more, first - max(length, dt.timedelta(0)), last, exceptions, zone):
        row = exceptions.get(str(moment), {})
        moved = "start" in row
        real = Moment.parse(row["start"]) if moved else moment
        finish = _moment(naive(real) + length, real) if end else None
        if "end" in row:
            finish = Moment.parse(row["end"])
        if real.day <= last and (real if finish is None else finish).day >= first:
            note = row.get("note", more.get("change_note", ""))
            note = note if isinstance(note, str) else str(next(iter(note.values()), ""))
            off = cancelled or bool(row.get("cancelled"))
            found.append(Occurrence(real, finish, off, moment if moved else None, note))
    yield from sorted(found, key=lambda one: naive(one.start))


def at_its_time(text: str, begin: Moment) -> Moment:
    """The moment that a date of a series means: a day alone is that day at the time at which the series begins."""
    moment = Moment.parse(text)
    return Moment(moment.day, begin.time) if moment.time is None else moment


def _starts(
    begin: Moment, more: Mapping[str, Any], first: dt.date, last: dt.date, exceptions: Mapping[str, Any], zone: str
) -> list[Moment]:
    starts = {str(begin): begin}
    rule = more.get("recurrence")
    if rule:
        starts = {}
        for clock in _unfold(rule, zone, naive(begin), first, last):
            moment = _moment(clock, begin)
            starts[str(moment)] = moment
    for text in more.get("extra_dates", ()):
        moment = at_its_time(text, begin)
        starts[str(moment)] = moment
    for text in exceptions:  # moved into the period from outside it
        starts.setdefault(text, Moment.parse(text))
    return list(starts.values())


def _unfold(rule: str, zone: str, begin: dt.datetime, first: dt.date, last: dt.date) -> list[dt.datetime]:
    rules = _rules(rule, zone, begin)
    if rules is None:
        return [begin]
    found = []
    for clock in rules.xafter(dt.datetime.combine(first, dt.time(0)), count=MOST, inc=True):
        if clock.date() > last:
            break
        found.append(clock)
    return found


@lru_cache(maxsize=1024)
def _rules(rule: str, zone: str, begin: dt.datetime) -> rrule | rruleset | None:
    """The rule, ready to be unfolded again and again; None for one that is faulty or never falls due.

    Their event still takes place once, and the checks have told it. A rule that never falls due is followed to the
    year 9999 to know it, some seconds, so that must not happen for every page.
    """
    # Only recurring events need these two; a publication must start fast.
    from dateutil.rrule import rrulestr  # noqa: PLC0415  # as said above

    from participation.checks.recurrence import fault  # noqa: PLC0415  # as said above

    if fault(rule):
        return None
    try:
        rules = rrulestr(_local(rule, zone), dtstart=begin, ignoretz=True, cache=True)
    except (ValueError, TypeError):
        return None
    return None if next(iter(rules), None) is None else rules


def _local(rule: str, zone: str) -> str:
    """The rule with its end in the clock time of the event: a day counts whole, an instant in UTC is converted."""
    parts = []
    for part in rule.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, _equals, value = part.partition("=")
        if name == "UNTIL" and len(value) == len("20260630"):
            value += "T235959"
        elif name == "UNTIL" and value.endswith("Z"):
            instant = dt.datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
            value = f"{instant.astimezone(zone_info(zone)):%Y%m%dT%H%M%S}"
        parts.append(f"{name}={value}")
    return ";".join(parts)


def naive(moment: Moment | None) -> dt.datetime:
    """The clock time of a moment (midnight for a whole day), without a zone."""
    assert moment is not None  # noqa: S101  # callers have looked
    return dt.datetime.combine(moment.day, moment.time or dt.time(0))


def _moment(clock: dt.datetime, like: Moment) -> Moment:
    return Moment(clock.date(), clock.time() if like.time is not None else None)
