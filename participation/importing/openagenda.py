"""OpenAgenda events as their JSON exports give them, to events of ours.

Three shapes are read: `records` with `fields` (opendatasoft v1), `results` (v2), and OpenAgenda's own `events`.
Contacts are dropped, HTML becomes Markdown, and the list of timings becomes a start, an end and further dates.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from participation.importing.errors import refused
from participation.importing.events import Calendar, Found, put_text, web_address
from participation.importing.hypertext import to_markdown
from participation.importing.wordforms import shortened
from participation.messages import mark as _
from participation.records.fields import Plain
from participation.values import Moment

# OpenAgenda's own numbers: scheduled, rescheduled, moved online, postponed, full, cancelled.
STATES = {1: "confirmed", 2: "moved", 3: "moved", 4: "moved", 5: "confirmed", 6: "cancelled"}
FULL, ONLINE = 5, 2
MOST_TIMINGS = 2_000
CONTINUOUS = dt.timedelta(minutes=1)  # 01:59:59 to 02:00:00 is one opening, cut by the export

Span = tuple[dt.datetime, dt.datetime]


def read_openagenda(content: bytes, file: str, zone: ZoneInfo) -> Calendar:
    """The events of a JSON export, their times in `zone`. Raises ImportRefused."""
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise refused(_("Le fichier n’est pas en UTF-8."), file) from None
    except json.JSONDecodeError as error:
        raise refused(_("Ce fichier n’est pas du JSON lisible à cet endroit."), file, error.lineno) from None
    except (RecursionError, ValueError):
        raise refused(_("Ce fichier n’est pas du JSON utilisable."), file) from None
    entries = data if isinstance(data, list) else None
    if isinstance(data, Mapping):
        entries = next((data[name] for name in ("records", "results", "events") if name in data), None)
    if not isinstance(entries, list):
        raise refused(_("Ce JSON ne contient pas de liste de rendez-vous (records, results ou events)."), file, 1)
    calendar = Calendar("openagenda", "timings")
    for number, entry in enumerate(entries, 1):
        fields = entry.get("fields", entry) if isinstance(entry, Mapping) else None
        if not isinstance(fields, Mapping):
            found = Found(f"rang-{number}", {})
            found.say(_("Le rendez-vous n° %s n’est pas un groupe de clés.") % number, error=True)
        else:
            found = _found(fields, zone, number)
        calendar.events.append(found)
    return calendar


def _found(fields: Mapping[str, Any], zone: ZoneInfo, number: int) -> Found:
    found = Found(_words(fields, "uid") or _words(fields, "slug") or f"rang-{number}", {})
    given = found.given
    put_text(found, "title", _words(fields, "title"))
    put_text(found, "summary", _words(fields, "description"))
    put_text(found, "description", to_markdown(_words(fields, "longdescription") or _words(fields, "longDescription")))
    if not given.get("title"):
        found.say(_("Le rendez-vous n° %s n’a pas de titre.") % number)
    _when(found, fields, zone, number)
    _where(found, fields)
    _state(found, fields)
    _registration(found, fields)
    if address := web_address(fields.get("canonicalurl") or fields.get("canonicalUrl")):
        given["website"] = address
        given["origin"] = {"url": address}
    return found


def _words(fields: Mapping[str, Any], name: str) -> str:
    """A text by its name, in French where there are languages; empty for anything else."""
    value = fields.get(f"{name}_fr", fields.get(name))
    if isinstance(value, Mapping):
        value = value.get("fr") or next(iter(value.values()), "")
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    return str(value).encode("utf-8", "replace").decode("utf-8").strip()  # half of a surrogate pair is no text


def _decoded(value: Any) -> Any:
    """Exports put JSON inside JSON texts."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value


# ---- when


def _when(found: Found, fields: Mapping[str, Any], zone: ZoneInfo, number: int) -> None:
    timings = _decoded(fields.get("timings"))
    if not isinstance(timings, list):
        timings = [{"begin": fields.get("firstdate_begin"), "end": fields.get("firstdate_end")}]
    spans: list[Span] = []
    for timing in timings[:MOST_TIMINGS]:
        span = _span(timing, zone)
        if span is None:
            found.say(_("Un horaire du rendez-vous n° %s est illisible.") % number, "timings", error=True)
        else:
            spans.append(span)
    if not spans:
        found.say(_("Le rendez-vous n° %s n’a pas d’horaire.") % number, "timings", error=True)
        return
    spans = _joined(sorted(set(spans)))
    (start, end), *others = spans
    given = found.given
    given["start"], given["end"] = _texts(start, end)
    extra, exceptions = [], []
    for other_start, other_end in others:
        text, end_text = _texts(other_start, other_end)
        extra.append(text)
        if other_end - other_start != end - start:
            exceptions.append({"occurrence": text, "end": end_text})
    if given["end"] == given["start"]:
        del given["end"]
    if extra:
        given["extra_dates"] = extra
    if exceptions:
        given["exceptions"] = exceptions


def _span(timing: Any, zone: ZoneInfo) -> Span | None:
    if not isinstance(timing, Mapping):
        return None
    try:
        ends = [dt.datetime.fromisoformat(str(timing[name])) for name in ("begin", "end")]
        local = [
            (moment.astimezone(zone) if moment.tzinfo else moment).replace(tzinfo=None, microsecond=0)
            for moment in ends
        ]
    except (KeyError, ValueError, OverflowError):
        return None
    return (local[0], local[1]) if local[0] <= local[1] else None


def _joined(spans: list[Span]) -> list[Span]:
    """Spans that follow each other without a break are one."""
    joined = [spans[0]]
    for start, end in spans[1:]:
        first, last = joined[-1]
        if start - last <= CONTINUOUS:
            joined[-1] = (first, max(last, end))
        else:
            joined.append((start, end))
    return joined


def _texts(start: dt.datetime, end: dt.datetime) -> tuple[str, str]:
    """Whole days as days; otherwise day and clock."""
    last_minute = end.time() >= dt.time(23, 59)
    if start.time() == dt.time(0) and last_minute:
        return str(Moment(start.date())), str(Moment(end.date()))
    return str(Moment(start.date(), start.time())), str(Moment(end.date(), end.time()))


# ---- where, and the rest


def _where(found: Found, fields: Mapping[str, Any]) -> None:
    location = fields.get("location")
    inside: Mapping[str, Any] = location if isinstance(location, Mapping) else {}
    place: dict[str, Plain] = {}
    for key in ("name", "address"):
        text = " ".join((_words(fields, f"location_{key}") or _words(inside, key)).split())
        if text:
            place[key] = shortened(text, 300)
    if point := _point(fields, inside):
        place |= point
    if place:
        found.given["place"] = place
    access = [_words(fields, "location_access") or _words(inside, "access")]
    access += [_words(fields, "accessibility_label").replace(";", ", ")]
    put_text(found, "access", ". ".join(text.rstrip(".") for text in access if text))
    mode = _number(fields.get("attendancemode", fields.get("attendanceMode")))
    if mode == ONLINE and (address := web_address(fields.get("onlineaccesslink") or fields.get("onlineAccessLink"))):
        found.given["online_url"] = address


def _point(fields: Mapping[str, Any], inside: Mapping[str, Any]) -> dict[str, str]:
    pair = _decoded(fields.get("location_coordinates"))
    if isinstance(pair, Mapping):
        latitude, longitude = pair.get("lat"), pair.get("lon")
    elif isinstance(pair, list) and len(pair) == 2:
        latitude, longitude = pair
    else:
        latitude, longitude = inside.get("latitude"), inside.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return {}
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return {}
    return {"longitude": str(longitude), "latitude": str(latitude)}


def _number(value: Any) -> int:
    value = _decoded(value)
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _state(found: Found, fields: Mapping[str, Any]) -> None:
    number = _number(fields.get("status"))
    if state := STATES.get(number):
        found.given["state"] = state
    if number == FULL:
        found.given["change_note"] = _("Complet")


def _registration(found: Found, fields: Mapping[str, Any]) -> None:
    """The web address to register at; e-mail addresses and telephone numbers are dropped."""
    ways = _decoded(fields.get("registration"))
    registration: dict[str, Plain] = {}
    for way in ways if isinstance(ways, list) else [ways]:
        value = way.get("value") if isinstance(way, Mapping) else way
        if isinstance(value, str) and "@" not in value and (address := web_address(value)):
            registration.setdefault("url", address)
    conditions = " ".join(_words(fields, "conditions").split())
    if conditions and "@" not in conditions and not web_address(conditions):
        registration["instructions"] = shortened(conditions, 400)
    if registration:
        found.given["registration"] = registration
