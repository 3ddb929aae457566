"""Recurrence rules (RFC 5545, section 3.3.10) as a calendar of a town may hold them.

Only the rule's own text is judged here; unfolding it over a period is for those who show calendars.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from participation.messages import mark as _
from participation.records.fields import Refused

_DAYS = r"(?:MO|TU|WE|TH|FR|SA|SU)"


def _numbers(least: int, most: int, *, signed: bool = False) -> tuple[int, int, bool]:
    return least, most, signed


_TEXTS = {
    "FREQ": re.compile(r"DAILY|WEEKLY|MONTHLY|YEARLY"),
    "UNTIL": re.compile(r"\d{8}(?:T\d{6}Z?)?", re.ASCII),
    "COUNT": re.compile(r"[1-9]\d{0,3}", re.ASCII),
    "INTERVAL": re.compile(r"[1-9]\d{0,3}", re.ASCII),
    "BYDAY": re.compile(rf"(?:[+-]?(?:[1-9]|[1-4]\d|5[0-3]))?{_DAYS}(?:,(?:[+-]?(?:[1-9]|[1-4]\d|5[0-3]))?{_DAYS})*"),
    "WKST": re.compile(_DAYS),
}
_LISTS = {
    "BYSECOND": _numbers(0, 60),
    "BYMINUTE": _numbers(0, 59),
    "BYHOUR": _numbers(0, 23),
    "BYMONTH": _numbers(1, 12),
    "BYMONTHDAY": _numbers(1, 31, signed=True),
    "BYYEARDAY": _numbers(1, 366, signed=True),
    "BYWEEKNO": _numbers(1, 53, signed=True),
    "BYSETPOS": _numbers(1, 366, signed=True),
}
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EXAMPLE = _("Par exemple\u00a0: FREQ=WEEKLY;BYDAY=TU;UNTIL=20250630.")


@lru_cache(maxsize=4096)
def fault(rule: str) -> Refused | None:
    """What is wrong with a rule such as `FREQ=MONTHLY;BYDAY=1SA`, None when it is sound."""
    parts: dict[str, str] = {}
    for piece in rule.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, _sep, value = piece.strip().partition("=")
        if name in parts:
            return _refused(_("La répétition dit deux fois %s.") % name)
        parts[name] = value
        if not _sound(name, value):
            return _refused(_("La répétition contient «\u00a0%s\u00a0», qui ne se comprend pas.") % piece.strip()[:40])
    if "FREQ" not in parts:
        return _refused(_("La répétition ne dit pas sa fréquence (FREQ)."))
    if "UNTIL" in parts and "COUNT" in parts:
        return _refused(_("La répétition a une date de fin et un nombre de fois\u00a0: gardez l’un des deux."))
    if _impossible(parts):
        return _refused(_("Cette répétition n’arrive jamais\u00a0: le jour n’existe pas dans le mois."))
    return None


def _refused(message: str) -> Refused:
    return Refused(message, _EXAMPLE)


def _sound(name: str, value: str) -> bool:
    if name == "UNTIL" and _TEXTS["UNTIL"].fullmatch(value):
        try:
            dt.datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S" if "T" in value else "%Y%m%d")  # noqa: DTZ007  # only whether the day exists
        except ValueError:
            return False
        return True
    if (pattern := _TEXTS.get(name)) is not None:
        return pattern.fullmatch(value) is not None
    if name not in _LISTS:
        return False
    least, most, signed = _LISTS[name]
    for text in value.split(","):
        if not re.fullmatch(r"[+-]?\d{1,3}" if signed else r"\d{1,3}", text, re.ASCII):
            return False
        if not least <= abs(int(text)) <= most:
            return False
    return True


def _impossible(parts: dict[str, str]) -> bool:
    """30 February: unfolding such a rule would count to the end of time."""
    if "BYMONTHDAY" not in parts or "BYMONTH" not in parts:
        return False
    longest = max(_LONGEST_MONTHS[int(month) - 1] for month in parts["BYMONTH"].split(","))
    return all(abs(int(day)) > longest for day in parts["BYMONTHDAY"].split(","))
