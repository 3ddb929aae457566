"""Events as iCalendar text (RFC 5545, RFC 7986): lines of at most 75 bytes, stable UID, SEQUENCE, time zones.

Written by hand because a feed is put together from texts made once per event: each `VEVENT` is cached with its card.
The tests read every feed back with another program's parser.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from participation.values import Moment, zone_info
from site_builder.occurrences import at_its_time, naive

STATUS = {"tentative": "TENTATIVE", "cancelled": "CANCELLED"}
COLOURS = {
    "workshop": "chocolate",
    "meeting": "steelblue",
    "vote": "purple",
    "visit": "saddlebrown",
    "inauguration": "seagreen",
    "committee": "slateblue",
    "deadline": "firebrick",
    "festival": "mediumvioletred",
    "online": "teal",
    "other": "slategray",
}
"""Kind of event -> its colour in calendars, by a name of CSS3 as RFC 7986, 5.9 wants it."""


def vevents(
    *,
    uid: str,
    title: str,
    start: str,
    more: Mapping[str, Any],
    zone: str,
    url: str,
    summary: str,
    location: str,
    categories: str,
    point: tuple[float, float] | None,
    colour: str = "",
    online: tuple[str, str] | None = None,
) -> str:
    """The `VEVENT` of an event and one more for each occurrence that was moved, ready for a calendar.

    `start` and `more` are plain data (see `occurrences`), `point` is (latitude, longitude) in degrees, `colour` a name
    of CSS3, `online` the address where one joins from afar and words for it (RFC 7986, 5.9 and 5.11).
    """
    begin = Moment.parse(start)
    common = [("SUMMARY", _escape(title))]
    if summary:
        common.append(("DESCRIPTION", _escape(summary)))
    if location:
        common.append(("LOCATION", _escape(location)))
    if point:
        common.append(("GEO", f"{point[0]:.6f};{point[1]:.6f}"))
    if categories:
        common.append(("CATEGORIES", _escape(categories)))
    if colour:
        common.append(("COLOR", colour))
    if url:
        common.append(("URL", url))
    if online:
        common.append((f'CONFERENCE;VALUE=URI;LABEL="{online[1]}"', online[0]))
    sequence = ("SEQUENCE", str(more.get("sequence", 0)))
    # Every build writes the same bytes: the stamp is the event's own date, not the clock's.
    stamp = ("DTSTAMP", f"{begin.day:%Y%m%d}T000000Z")
    same = ("UID", _escape(uid))
    lines = [
        ("BEGIN", "VEVENT"),
        same,
        stamp,
        sequence,
        ("STATUS", STATUS.get(more.get("state", ""), "CONFIRMED")),
    ]
    lines.append(_when("DTSTART", begin, zone))
    if "end" in more:
        lines.append(_end(Moment.parse(more["end"]), begin, zone))
    if (rule := more.get("recurrence")) and (sound := _rule(rule, begin, zone)):
        lines.append(("RRULE", sound))
    lines += [_when("RDATE", at_its_time(text, begin), zone) for text in more.get("extra_dates", ())]
    moved = []
    for row in more.get("exceptions", ()):
        occurrence = at_its_time(row["occurrence"], begin)
        if row.get("cancelled"):
            lines.append(_when("EXDATE", occurrence, zone))
        elif "start" in row:
            moved.append((occurrence, row))
    blocks = [*lines, *common, ("END", "VEVENT")]
    for occurrence, row in moved:
        real = Moment.parse(row["start"])
        blocks += [("BEGIN", "VEVENT"), same, stamp, sequence, ("STATUS", "CONFIRMED")]
        blocks += [_when("RECURRENCE-ID", occurrence, zone), _when("DTSTART", real, zone)]
        if "end" in row:
            blocks.append(_end(Moment.parse(row["end"]), real, zone))
        elif "end" in more:  # it lasts as long as the others
            length = naive(Moment.parse(more["end"])) - naive(begin)
            end = naive(real) + length
            blocks.append(_end(Moment(end.date(), end.time() if real.time is not None else None), real, zone))
        blocks += [*common, ("END", "VEVENT")]
    return "".join(_fold(f"{name}:{value}") for name, value in blocks)


def calendar(
    name: str,
    description: str,
    zones: Iterable[str],
    events: Iterable[str],
    *,
    source: str = "",
    page: str = "",
    category: str = "",
    colour: str = "",
) -> str:
    """A whole calendar from the texts of its events; `zones` are the IANA names they use.

    `source` is where it is fetched again, `page` where the same can be read (RFC 7986, 5.5 and 5.8), `colour` is a
    name of CSS3.
    """
    head = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Laureat//Agenda//FR"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("NAME", _escape(name)),
        ("X-WR-CALNAME", _escape(name)),
        ("DESCRIPTION", _escape(description)),
        ("REFRESH-INTERVAL;VALUE=DURATION", "PT12H"),
        ("X-PUBLISHED-TTL", "PT12H"),
    ]
    if source:
        head.append(("SOURCE;VALUE=URI", source))
    if page:
        head.append(("URL", page))
    if category:
        head.append(("CATEGORIES", _escape(category)))
    if colour:
        head.append(("COLOR", colour))
    start = "".join(_fold(f"{key}:{value}") for key, value in head)
    return start + "".join(_timezone(zone) for zone in sorted(set(zones))) + "".join(events) + "END:VCALENDAR\r\n"


def _when(name: str, moment: Moment, zone: str) -> tuple[str, str]:
    if moment.time is None:
        return f"{name};VALUE=DATE", f"{moment.day:%Y%m%d}"
    return f"{name};TZID={zone}", f"{moment.day:%Y%m%d}T{moment.time:%H%M%S}"


def _end(end: Moment, start: Moment, zone: str) -> tuple[str, str]:
    if start.time is None:  # the day after the last one, as RFC 5545 counts whole days
        return "DTEND;VALUE=DATE", f"{end.day + dt.timedelta(days=1):%Y%m%d}"
    return _when("DTEND", end if end.time is not None else Moment(end.day, dt.time(23, 59)), zone)


def _rule(rule: str, begin: Moment, zone: str) -> str:
    """UNTIL has the form of DTSTART: a date for whole days, else UTC (RFC 5545, 3.3.10); "" for a faulty rule."""
    from participation.checks.recurrence import fault  # noqa: PLC0415  # as in `occurrences`

    if fault(rule):
        return ""
    parts = []
    for part in rule.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        key, _equals, value = part.partition("=")
        if key == "UNTIL":
            if begin.time is None:
                value = value[:8]
            elif len(value) == 8:
                last = dt.datetime.strptime(value, "%Y%m%d").replace(hour=23, minute=59, second=59)  # noqa: DTZ007  # zone added below
                value = f"{last.replace(tzinfo=zone_info(zone)).astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
            elif not value.endswith("Z"):
                local = dt.datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=zone_info(zone))
                value = f"{local.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
        parts.append(f"{key}={value}")
    return ";".join(parts)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r", "").replace("\n", "\\n")


def _fold(line: str) -> str:
    """Lines of at most 75 bytes, cut between characters (RFC 5545, 3.1)."""
    if len(line) <= 75 and line.isascii():
        return line + "\r\n"
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > 75:
            pieces.append(piece)
            piece, size = " ", 1
        piece += letter
        size += width
    return "\r\n".join([*pieces, piece]) + "\r\n"


@lru_cache(maxsize=32)
def _timezone(name: str) -> str:
    """The `VTIMEZONE` of a zone: its two present rules where it has summer time, else its one offset."""
    zone = zone_info(name)
    year = 2025  # the rules in force; the European Union has kept them since 1996
    changes = _changes(zone, year)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    if not changes:
        moment = dt.datetime(year, 1, 1, tzinfo=zone)
        lines += _observance("STANDARD", dt.datetime(1970, 1, 1), moment, moment, "")  # noqa: DTZ001  # local by definition
    for before, after in changes:
        kind = "DAYLIGHT" if (after.dst() or dt.timedelta(0)) else "STANDARD"
        local = (before + dt.timedelta(hours=1)).replace(tzinfo=None, minute=0, second=0)
        week = -1 if (local + dt.timedelta(days=7)).month != local.month else (local.day - 1) // 7 + 1
        day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[local.weekday()]
        rule = f"FREQ=YEARLY;BYMONTH={local.month};BYDAY={week}{day}"
        lines += _observance(kind, _first_of_rule(local, week), before, after, rule)
    lines.append("END:VTIMEZONE")
    return "".join(_fold(line) for line in lines)


def _first_of_rule(local: dt.datetime, week: int) -> dt.datetime:
    """The same Sunday of the same month in 1996, when the present rules began."""
    days = [
        day
        for number in range(1, 32)
        if number <= (31 if local.month in (1, 3, 5, 7, 8, 10, 12) else 30 if local.month != 2 else 29)
        and (day := dt.date(1996, local.month, number)).weekday() == local.weekday()
    ]
    return dt.datetime.combine(days[week] if week < 0 else days[week - 1], local.time())


def _changes(zone: ZoneInfo, year: int) -> list[tuple[dt.datetime, dt.datetime]]:
    """The last hour before and the first after each change of offset in a year."""
    found = []
    start = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    days = [(start + dt.timedelta(days=day)).astimezone(zone) for day in range(366)]
    for today, tomorrow in itertools.pairwise(days):
        if today.utcoffset() == tomorrow.utcoffset():
            continue
        hours = [(today.astimezone(dt.UTC) + dt.timedelta(hours=hour)).astimezone(zone) for hour in range(25)]
        found += [(one, two) for one, two in itertools.pairwise(hours) if one.utcoffset() != two.utcoffset()]
    return found


def _observance(kind: str, first: dt.datetime, before: dt.datetime, after: dt.datetime, rule: str) -> list[str]:
    lines = [f"BEGIN:{kind}", f"DTSTART:{first:%Y%m%dT%H%M%S}"]
    lines += [f"TZOFFSETFROM:{before:%z}", f"TZOFFSETTO:{after:%z}"]
    lines += [f"TZNAME:{after.tzname()}"] if after.tzname() else []
    lines += [f"RRULE:{rule}"] if rule else []
    return [*lines, f"END:{kind}"]
