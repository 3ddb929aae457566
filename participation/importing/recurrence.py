"""Recurrence rules as the records hold them: validated text, with its end in the clock of the event's own zone."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from participation.checks.recurrence import fault
from participation.messages import mark as _

LONGEST = 500


class RuleFault(ValueError):
    """A rule that no calendar of days could follow, with words."""


def checked_rule(text: str, start: dt.date | dt.datetime, zone: ZoneInfo) -> str:
    """The rule for an event that starts at `start` (a day, or a wall clock in `zone`); raises RuleFault.

    An end in UTC becomes wall clock, so that rule and start speak of the same clock.
    """
    parts = [part.partition("=") for part in text.strip().upper().removeprefix("RRULE:").split(";") if part]
    rule = ";".join(
        f"{name}={_until(value, start, zone) if name == 'UNTIL' else value}" for name, _sign, value in parts
    )
    if len(rule) > LONGEST:
        raise RuleFault(_("La règle de répétition est trop longue."))
    if (refused := fault(rule)) is not None:
        raise RuleFault(refused.message)
    first = start if isinstance(start, dt.datetime) else dt.datetime.combine(start, dt.time(0))
    try:
        rrulestr(rule, dtstart=first)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise RuleFault(_("La règle de répétition n’est pas valable\u00a0: %s.") % f"{error}"[:80]) from None
    return rule


def _until(text: str, start: dt.date | dt.datetime, zone: ZoneInfo) -> str:
    match = re.fullmatch(r"(\d{8})(?:T(\d{6})(Z?))?", text)
    if match is None:
        return text  # the check of the rule says what is wrong with it
    try:
        day = dt.datetime.strptime(match[1], "%Y%m%d")  # noqa: DTZ007  # a day of the event's own calendar
        if not isinstance(start, dt.datetime):
            return f"{day:%Y%m%d}"
        if match[2] is None:  # the whole last day counts
            return f"{day:%Y%m%d}T235959"
        moment = dt.datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S")  # noqa: DTZ007  # its zone follows
        if match[3]:
            moment = moment.replace(tzinfo=dt.UTC).astimezone(zone)
        return f"{moment:%Y%m%dT%H%M%S}"
    except (ValueError, OverflowError):
        raise RuleFault(_("La fin de la répétition «\u00a0%s\u00a0» n’est pas une date.") % text[:40]) from None
