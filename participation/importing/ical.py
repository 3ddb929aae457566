"""iCalendar files (RFC 5545) to events, read by the icalendar library: zones, recurrence, moved and cancelled dates.

Organisers, attendees and contacts are people: never read. Private and confidential events stay out. Alarms, tasks,
journals and free/busy times are not events.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import warnings
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from participation.importing.errors import refused
from participation.importing.events import Calendar, Found, put_text, web_address
from participation.importing.recurrence import RuleFault, checked_rule
from participation.importing.wordforms import shortened
from participation.messages import mark as _
from participation.records.fields import Plain
from participation.values import Moment, zone_info

STATES = {"TENTATIVE": "tentative", "CONFIRMED": "confirmed", "CANCELLED": "cancelled"}
# Without these an event would be told at a wrong time: a fault of one of them holds it back.
DECISIVE = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
LONGEST_ORIGIN = 200
_PARSER_FAULTS = (
    ValueError,
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
    RecursionError,
    OverflowError,
    AssertionError,
)


def read_ical(content: bytes, file: str, zone: ZoneInfo) -> Calendar:
    """The events of an `.ics` file; times without a zone are those of `zone`. Raises ImportRefused."""
    components = _parsed(content, file)
    lines = _lines_of_events(content)
    calendar = Calendar("ical", "DTSTART")
    read: dict[str, list[_Event]] = {}
    events = [component for root in components for component in root.walk("VEVENT")]
    hidden = 0
    for index, component in enumerate(events):
        if str(component.get("CLASS", "")).upper() in ("PRIVATE", "CONFIDENTIAL"):
            hidden += 1
            continue
        event = _Event(component, lines[index] if index < len(lines) else None, zone)
        read.setdefault(event.found.origin, []).append(event)
    for same in read.values():
        calendar.events += list(_joined(same))
    if hidden:
        calendar.notes.append(_("%s rendez-vous privés ou confidentiels ne sont pas repris.") % hidden)
    others = {name for root in components for name in _other_names(root)}
    if others:
        calendar.notes.append(
            _("Ce qui n’est pas un rendez-vous n’est pas repris\u00a0: %s.") % ", ".join(sorted(others))
        )
    return calendar


def _parsed(content: bytes, file: str) -> list[Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # the library guesses odd names of zones aloud; the zone found is judged here
            text = content.decode("utf-8-sig")
            components = icalendar.Calendar.from_ical(text, multiple=True)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refused(_("Le calendrier n’est pas en UTF-8."), file, line) from None
    except OSError:  # the library opens files by the names of zones: "America" is a folder
        raise refused(_("Ce calendrier nomme un fuseau horaire impossible."), file) from None
    except _PARSER_FAULTS as error:
        raise refused(
            _("Ce calendrier n’est pas de l’iCalendar lisible."),
            file,
            _line_of(content, str(error)),
            shortened(str(error), 160),
        ) from None
    if not components:
        raise refused(_("Ce fichier ne contient aucun calendrier lisible."), file, 1)
    return list(components)


def _line_of(content: bytes, words: str) -> int | None:
    """The line that the parser quotes in its complaint."""
    quoted = re.search(r"'([^']+)'", words)
    if quoted is None:
        return None
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        if line.strip() == quoted[1].strip():
            return number
    return None


def _lines_of_events(content: bytes) -> list[int]:
    lines = content.decode("utf-8", "replace").splitlines()
    return [number for number, line in enumerate(lines, 1) if line.strip().upper() == "BEGIN:VEVENT"]


def _other_names(root: Any) -> Iterator[str]:
    for component in root.walk():
        if component.name in ("VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY"):
            yield component.name


class _Event:
    """One VEVENT while it is read: its clock decided first, then everything in that clock."""

    def __init__(self, component: Any, line: int | None, zone: ZoneInfo) -> None:
        self.component = component
        self.home = zone
        self.found = Found(self._origin(), {}, line)
        self.zone = zone
        self.start: dt.date | dt.datetime | None = None
        self.broken: set[str] = set()
        for name, words in getattr(component, "errors", ()):
            where = str(name or "")
            if not where:
                where = (re.search(r"'?([A-Z][A-Z-]+)[;:=]", str(words)) or ["", ""])[1]
            self.broken.add(where)
            self.found.say(
                _("Cette ligne du rendez-vous est illisible."),
                where,
                shortened(str(words), 160),
                error=where in DECISIVE,
            )
        try:
            self._read()
        except _PARSER_FAULTS as fault:
            self.found.say(_("Ce rendez-vous est illisible."), "", shortened(str(fault), 160), error=True)

    def _origin(self) -> str:
        uid = " ".join(str(self.component.get("UID", "")).split())
        if not uid:
            words = f"{self._raw('DTSTART')} {self.component.get('SUMMARY', '')}"
            uid = "sans-uid-" + hashlib.sha256(words.encode()).hexdigest()[:20]
        return uid if len(uid) <= LONGEST_ORIGIN else hashlib.sha256(uid.encode()).hexdigest()

    def _raw(self, name: str) -> str:
        value = self.component.get(name)
        to_ical = getattr(value, "to_ical", None)
        raw = to_ical() if to_ical else ""
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)

    @property
    def occurrence(self) -> dt.date | dt.datetime | None:
        """Which date of a series this replaces; None for an event of its own."""
        value = self.date_of("RECURRENCE-ID")
        return None if value is None else value.dt

    def date_of(self, name: str) -> Any:
        """The value of a date that occurs once; None when it is missing or could not be read."""
        value = self.component.get(name)
        if isinstance(value, list):
            value = value[0] if value else None
        return value if name not in self.broken and isinstance(getattr(value, "dt", None), dt.date) else None

    # ---- the clock

    def _read(self) -> None:
        given = self.found.given
        self._words()
        value = self.date_of("DTSTART")
        if value is None:
            if "DTSTART" not in self.broken:
                self.found.say(_("Le rendez-vous n’a pas de début."), "DTSTART", error=True)
            return
        self._choose_zone(value)
        self.start = self.local(value.dt)
        given["start"] = self.text(self.start)
        if self.zone.key != self.home.key:
            given["timezone"] = self.zone.key
        self._end()
        self._rule()
        extra = dict.fromkeys(self.text(moment) for moment in self._dates("RDATE"))
        extra.pop(given["start"], None)
        if extra:
            given["extra_dates"] = [*extra]
        if gone := [self.text(moment) for moment in self._dates("EXDATE")]:
            given["exceptions"] = [{"occurrence": text, "cancelled": True} for text in dict.fromkeys(gone)]

    def _choose_zone(self, value: Any) -> None:
        """The zone of the start is the event's; an instant in UTC that happens once is told in the town's clock."""
        moment = value.dt
        name = str(value.params.get("TZID", "")) if hasattr(value, "params") else ""
        if not isinstance(moment, dt.datetime):
            return
        if moment.tzinfo is None:
            if name:
                self.found.say(
                    _("Le fuseau horaire «\u00a0%s\u00a0» est inconnu\u00a0: l’heure est prise telle quelle.")
                    % name[:60],
                    "DTSTART",
                )
            return
        key = getattr(moment.tzinfo, "key", None) or ("UTC" if moment.tzinfo is dt.UTC else "")
        recurring = "RRULE" in self.component or "RDATE" in self.component
        try:
            known = zone_info(key) if key else None
        except KeyError:
            known = None
        if known is not None and (key not in ("UTC", "Etc/UTC") or recurring):
            self.zone = known
        elif known is None and recurring:
            self.found.say(
                _("Le fuseau horaire «\u00a0%(name)s\u00a0» n’a pas de nom connu\u00a0: heures converties en %(zone)s.")
                % {"name": name[:60], "zone": self.home.key},
                "DTSTART",
                _("Vérifiez les dates après un changement d’heure."),
            )

    def local(self, moment: dt.date | dt.datetime) -> dt.date | dt.datetime:
        """A moment in the event's own clock, without a zone; a day stays a day."""
        if not isinstance(moment, dt.datetime):
            return moment
        try:
            here = moment.astimezone(self.zone) if moment.tzinfo else moment
        except OverflowError:  # the last day of the year 9999
            here = moment
        return here.replace(tzinfo=None, microsecond=0)

    def text(self, moment: dt.date | dt.datetime) -> str:
        """The canonical text of a local moment."""
        if isinstance(moment, dt.datetime):
            return str(Moment(moment.date(), moment.time()))
        return str(Moment(moment))

    def _end(self) -> None:
        start, end = self.start, self.date_of("DTEND")
        value: dt.date | dt.datetime | None = None if end is None else self.local(end.dt)
        duration = None if "DURATION" in self.broken else self.component.get("DURATION")
        length = getattr(duration, "dt", None)
        if value is None and start is not None and isinstance(length, dt.timedelta):
            value = start + length if isinstance(start, dt.datetime) or not length.seconds else None
        if value is None or start is None:
            return
        if isinstance(value, dt.datetime) != isinstance(start, dt.datetime):
            self.found.say(_("Début et fin ne sont pas de la même sorte\u00a0: la fin n’est pas reprise."), "DTEND")
            return
        if not isinstance(value, dt.datetime) and value != start:  # some name the last day itself
            value -= dt.timedelta(days=1)  # iCalendar names the day after the last one
        if value < start:
            self.found.say(_("La fin est avant le début\u00a0: elle n’est pas reprise."), "DTEND")
        elif value > start:
            self.found.given["end"] = self.text(value)

    def _rule(self) -> None:
        rules = self.component.get("RRULE")
        if rules is None or self.start is None or "RRULE" in self.broken:
            return
        rules = rules if isinstance(rules, list) else [rules]
        if len(rules) > 1:
            self.found.say(
                _("Ce rendez-vous a plusieurs règles de répétition\u00a0: la première est reprise."), "RRULE"
            )
        if "EXRULE" in self.component:
            self.found.say(_("Une règle d’exclusion (EXRULE) n’est pas reprise."), "EXRULE", error=True)
        try:
            rule = rules[0].to_ical().decode() if rules else ""
            if rule:
                self.found.given["recurrence"] = checked_rule(rule, self.start, self.zone)
        except RuleFault as fault:
            self.found.say(str(fault), "RRULE", error=True)

    def _dates(self, name: str) -> Iterator[dt.date | dt.datetime]:
        values = None if name in self.broken else self.component.get(name)
        for value in values if isinstance(values, list) else [values] if values is not None else []:
            for entry in getattr(value, "dts", ()):
                moment = entry.dt[0] if isinstance(entry.dt, tuple) else entry.dt  # a period: its start
                if isinstance(moment, dt.date | dt.datetime):
                    yield self._like_start(self.local(moment))

    def occurrence_of(self, change: _Event) -> str:
        """The date of this series that another event replaces."""
        moment = change.occurrence
        return "" if moment is None else self.text(self._like_start(self.local(moment)))

    def _like_start(self, moment: dt.date | dt.datetime) -> dt.date | dt.datetime:
        """A day among moments means that day's occurrence, and a moment among days its day."""
        if isinstance(self.start, dt.datetime) and not isinstance(moment, dt.datetime):
            return dt.datetime.combine(moment, self.start.time())
        if not isinstance(self.start, dt.datetime) and isinstance(moment, dt.datetime):
            return moment.date()
        return moment

    # ---- the words

    def _words(self) -> None:
        given, component = self.found.given, self.component
        put_text(self.found, "title", _text(component.get("SUMMARY")))
        put_text(self.found, "description", _paragraphs(_text(component.get("DESCRIPTION"))))
        location = " ".join(_text(component.get("LOCATION")).split())
        if address := web_address(location) if "://" in location else "":
            given["online_url"] = address
        elif location:
            given["place"] = {"address": shortened(location, 300)}
        if point := _point(component.get("GEO")):
            given["place"] = {**given.get("place", {}), **point}
        if address := web_address(_text(component.get("URL"))):
            given["website"] = address
        if state := STATES.get(_text(component.get("STATUS")).upper()):
            given["state"] = state
        sequence = component.get("SEQUENCE")
        if isinstance(sequence, int) and 0 < sequence < 1_000_000:
            given["sequence"] = str(int(sequence))
        uid = " ".join(_text(component.get("UID")).split())
        if uid and len(uid) <= 300:
            given["uid"] = uid


def _joined(same: list[_Event]) -> Iterator[Found]:
    """The events that share an identifier: a series and its changed dates become one, twins keep the latest."""
    masters = [event for event in same if event.occurrence is None]
    changes = [event for event in same if event.occurrence is not None]
    if not masters:
        for event in changes:  # changed dates of a series that the file does not have
            event.found.origin += f"#{event.occurrence_of(event)}"
            yield event.found
        return
    master = max(masters, key=lambda event: int(event.found.given.get("sequence", "0")))
    if len(masters) > 1:
        master.found.say(
            _("%s rendez-vous portent le même identifiant\u00a0: le plus récent est repris.") % len(masters), "UID"
        )
    if changes and master.start is not None:
        rows = {row["occurrence"]: row for row in master.found.given.get("exceptions", [])}
        for event in changes:
            row = _exception(master, event)
            rows[row["occurrence"]] = row
            master.found.problems += event.found.problems
        master.found.given["exceptions"] = sorted(rows.values(), key=lambda row: str(row["occurrence"]))
    yield master.found


def _exception(master: _Event, event: _Event) -> dict[str, Plain]:
    row: dict[str, Plain] = {"occurrence": master.occurrence_of(event)}
    value = event.component.get("RECURRENCE-ID")
    if str(getattr(value, "params", {}).get("RANGE", "")).upper() == "THISANDFUTURE":
        master.found.say(
            _("Un changement de toutes les dates suivantes n’est repris que pour la première."), "RECURRENCE-ID"
        )
    if event.found.given.get("state") == "cancelled":
        return row | {"cancelled": True}
    event.zone = master.zone
    for name, key in (("start", "DTSTART"), ("end", "DTEND")):
        moment = event.date_of(key)
        if moment is not None:
            row[name] = master.text(master.local(moment.dt))
    title = event.found.given.get("title", "")
    if title and title != master.found.given.get("title"):
        row["note"] = shortened(title, 300)
    return row


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    return "" if value is None else re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", " ", str(value))


def _paragraphs(text: str) -> str:
    """Plain text as Markdown: a single line break is kept as one, before anything but a list."""
    text = text.replace("\r\n", "\n").strip()
    return re.sub(r"(?<=[^\n\\])\n(?=[^\n])(?!\s*[-*\d])", "\\\\\n", text)


def _point(value: Any) -> dict[str, str]:
    latitude, longitude = getattr(value, "latitude", None), getattr(value, "longitude", None)
    if not isinstance(latitude, float) or not isinstance(longitude, float):
        return {}
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return {}
    return {"longitude": f"{longitude:.6f}", "latitude": f"{latitude:.6f}"}
