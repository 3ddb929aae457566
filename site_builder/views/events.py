"""The pages of the calendar: one event, the coming events, one month as a grid and as a list; and its feeds."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from participation import wording
from participation.messages import mark as _
from participation.records.fields import Plain
from participation.values import Moment
from site_builder import ics, phrases
from site_builder.addresses import AGENDA
from site_builder.cards import Card, first_day, text
from site_builder.engine import Engine
from site_builder.given import Given
from site_builder.index import Index
from site_builder.occurrences import Occurrence, occurrences
from site_builder.tongues import joined
from site_builder.views import common, machines, plans, records
from site_builder.views.common import Article

BASE = "../../"
COMING = 40  # events on the agenda's first page
_DATES = 12  # dates of a series said on its page
_YEAR = dt.timedelta(days=366)
_AHEAD = dt.timedelta(days=184)  # how far a series without end fills the calendar with months
_AROUND = dt.timedelta(days=31)  # how far outside its series an occurrence may last or have been moved
_SERIES = ("recurrence", "extra_dates", "exceptions")


@dataclass(frozen=True, slots=True)
class Listed:
    """One occurrence of an event as a list shows it."""

    title: str
    href: str
    kind: str
    day: dt.date
    iso: str
    when: Markup
    time: str
    place: str
    cancelled: bool
    moved: bool
    was: Markup | None
    tentative: bool
    registration: bool
    note: str


def event_page(engine: Engine, index: Index, card: Card, shown: Mapping[str, Plain]) -> Article:
    """An event: when, where, how to take part, what has changed, and its report afterwards."""
    lang = engine.lang
    around = index.backlinks(card.id)
    day = first_day(card.day)
    dates, more_dates = _dates(engine, card)
    projects = dict.fromkeys([*shown.get("projects", ()), *(one.id for one in around if one.type == "project")])
    html = engine.render(
        "evenement.html",
        base=BASE,
        main_text=common.main_text(shown, lang, "description", "agenda", "report"),
        card=card,
        shown=Given(shown),
        kind=engine.town.words["event"][card.more.get("kind", "other")],
        event_state=card.more.get("state", "confirmed"),
        change_note=card.more.get("change_note", ""),
        when=_when(engine, card),
        dates=dates,
        more_dates=more_dates,
        month=phrases.month(day.year, day.month, lang) if day else "",
        month_address=month_address(day.year, day.month) if day else "",
        facets=common.facet_links(engine, card, BASE, AGENDA),
        plan=plans.record_map(engine, card, BASE),
        place=records.place_of(shown, lang),
        registration=common.registration(shown.get("registration", {}), lang),
        description=engine.markdown(text(shown.get("description", ""), lang), BASE),
        agenda=engine.markdown(text(shown.get("agenda", ""), lang), BASE),
        report=engine.markdown(text(shown.get("report", ""), lang), BASE),
        access=card.more.get("access", ""),
        gallery=common.photos(engine, shown.get("photos"), BASE),
        documents=common.documents(shown.get("documents"), BASE + engine.up, lang),
        projects=common.linked(engine, index, projects, BASE),
        ideas=common.linked(engine, index, shown.get("ideas", ()), BASE),
        articles=[common.link(engine, one, BASE) for one in around if one.type == "article"],
    )
    return Article(card.title, card.summary, html, machines.of_record(engine, card, shown))


def month_address(year: int, month: int) -> str:
    """`agenda/2026-11/`."""
    return f"{AGENDA}{year:04d}-{month:02d}/"


def agenda_page(engine: Engine, index: Index, groups: list[dict[str, Any]]) -> Article:
    """What is coming, from the day of the build on; then what was last; `groups` are the choices of fewer events."""
    base = "../"
    today = engine.town.day
    far = today + dt.timedelta(days=366)
    coming = unfold(engine, index, today, far, base)
    ago = today - dt.timedelta(days=120)
    past = unfold(engine, index, ago, today - dt.timedelta(days=1), base)
    html = engine.render(
        "agenda.html",
        base=base,
        coming=coming[:COMING],
        past=[one for one in reversed(past) if one.day < today][:10],
        month_address=month_address(today.year, today.month),
        months=_months(engine, index),
        groups=groups,
    )
    description = engine.translate(_("Tous les rendez-vous du budget participatif."))
    return Article(engine.translate(_("Agenda")), description, html, alternate("agenda.ics", calendar_name(engine)))


def months_shown(engine: Engine, index: Index) -> list[tuple[int, int]]:
    """The months that have a page, latest first: those with an event, and the one of the build."""
    today = engine.town.day
    return sorted({*month_counts(engine, index), (today.year, today.month)}, reverse=True)


def month_counts(engine: Engine, index: Index) -> dict[tuple[int, int], int]:
    """Month -> number of events in it; a series without end counts up to six months from today."""
    known: dict[tuple[int, int], int] | None = index.memo.get("months")
    if known is None:
        known = index.memo["months"] = {}
        last = horizon(engine)
        for card in index.cards("event"):
            for year_month in months_of(engine, card, last):
                known[year_month] = known.get(year_month, 0) + 1
    return known


def horizon(engine: Engine) -> dt.date:
    """The day up to which a series fills the calendar with months."""
    return engine.town.day + _AHEAD


def months_of(engine: Engine, card: Card, last: dt.date) -> list[tuple[int, int]]:
    """The months in which an event takes place, at most up to a last day for a series."""
    start = first_day(card.day)
    if start is None:
        return []
    if not any(key in card.more for key in _SERIES):
        end = min(first_day(card.last_day) or start, start + _YEAR)
        return _months_between(start, max(start, end))
    found = {
        month
        for one in occurrences(card.day, card.more, start - _AROUND, max(last, start), zone_of(engine, card))
        for month in _months_between(one.start.day, min((one.end or one.start).day, one.start.day + _YEAR))
    }
    return sorted(found)


def _months_between(first: dt.date, last: dt.date) -> list[tuple[int, int]]:
    """The months from one day to another, both included; the first day's month at least."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return [(first.year + month // 12, month % 12 + 1) for month in range(first.month - 1, first.month + max(count, 0))]


def month_page(engine: Engine, index: Index, year: int, month: int) -> Article:
    """One month: a grid for the eye, the same events as a list for everybody."""
    base = BASE
    first, last = dt.date(year, month, 1), dt.date(year, month, months.monthrange(year, month)[1])
    events = unfold(engine, index, first, last, base)
    weeks = [
        [
            {"day": day.day, "iso": day.isoformat(), "events": [one for one in events if max(one.day, first) == day]}
            if day.month == month
            else None
            for day in week
        ]
        for week in months.Calendar().monthdatescalendar(year, month)
    ]
    shown = months_shown(engine, index)
    later = [one for one in shown if one > (year, month)]
    earlier = [one for one in shown if one < (year, month)]
    heading = phrases.month(year, month, engine.lang)
    html = engine.render(
        "mois.html",
        base=base,
        heading=heading,
        weeks=weeks,
        weekdays=wording.WEEKDAYS[engine.lang],
        events=events,
        previous=_month_link(engine, *earlier[0]) if earlier else None,
        next=_month_link(engine, *later[-1]) if later else None,
    )
    return Article(f"{engine.translate(_('Agenda'))}, {heading}", "", html)


def unfold(
    engine: Engine,
    index: Index,
    first: dt.date,
    last: dt.date,
    base: str,
    wanted: Callable[[Card], bool] = lambda _card: True,
) -> list[Listed]:
    """Every occurrence of the wanted events in the period, by date."""
    found = [
        (one.start.day, one.start.time or dt.time(0), card.id, listed(engine, card, one, base))
        for card in index.between("event", (first - _AROUND).isoformat(), (last + _AROUND).isoformat())
        if wanted(card)
        for one in occurrences(card.day, card.more, first, last, zone_of(engine, card))
    ]
    return [entry[3] for entry in sorted(found, key=lambda entry: entry[:3])]


def zone_of(engine: Engine, card: Card) -> str:
    """The time zone of an event's clock times."""
    return str(card.more.get("timezone", engine.town.timezone))


def listed(engine: Engine, card: Card, one: Occurrence, base: str) -> Listed:
    """One occurrence, ready for a list."""
    town, lang = engine.town, engine.lang
    return Listed(
        title=card.title,
        href=base + card.address,
        kind=town.words["event"][card.more.get("kind", "other")],
        day=one.start.day,
        iso=str(one.start),
        when=_capital(phrases.period(one.start, one.end, lang)),
        time=wording.time(one.start.time, lang) if one.start.time else "",
        place=joined(", ", (text(card.place, lang), town.zone(card.zone) if card.zone else "")),
        cancelled=one.cancelled,
        moved=one.was is not None or card.more.get("state") == "moved",
        was=phrases.moment(one.was, lang) if one.was else None,
        tentative=card.more.get("state") == "tentative",
        registration=bool(card.more.get("registration")),
        note=one.note,
    )


def vevents(engine: Engine, card: Card) -> str:
    """The event's own text for calendars; empty for an event without a date."""
    if not card.day:
        return ""
    town = engine.town
    point = (card.latitude, card.longitude) if card.latitude is not None and card.longitude is not None else None
    return ics.vevents(
        uid=card.more.get("uid") or f"{card.id}@{uid_host(town.url)}",
        title=card.title,
        start=card.day,
        more=card.more,
        zone=zone_of(engine, card),
        url=f"{town.url}/{card.address}" if town.url else "",
        summary=card.summary,
        location=", ".join(part for part in (card.place, town.zone(card.zone) if card.zone else "") if part),
        categories=town.words["event"][card.more.get("kind", "other")],
        point=point,
        colour=ics.COLOURS[card.more.get("kind", "other")],
        online=(card.more["online_url"], engine.translate(_("En ligne"))) if "online_url" in card.more else None,
    )


def uid_host(url: str) -> str:
    """The name after the @ of a UID: the site's host, or a reserved name before it has one."""
    return url.partition("://")[2].partition("/")[0] or "laureat.invalid"


def calendar_name(engine: Engine) -> str:
    """What the whole calendar is called in somebody's list of calendars."""
    town = engine.town
    return f"{town.title} – {town.name}" if town.name else town.title


def feed(
    engine: Engine,
    cards: Iterable[Card],
    texts: Iterable[str],
    name: str,
    address: str,
    *,
    page: str = "",
    category: str = "",
    colour: str = "",
) -> bytes:
    """A calendar file for these events; `page` shows the same, `category` and `colour` are what they have in common."""
    url = engine.town.url
    zones = {zone_of(engine, card) for card in cards if "T" in card.day}
    description = engine.translate(_("Les rendez-vous du budget participatif."))
    source = f"{url}/{address}" if url else ""
    page = f"{url}/{page}" if url and page else ""
    return ics.calendar(
        name, description, zones, texts, source=source, page=page, category=category, colour=colour
    ).encode()


def alternate(href: str, title: str, kind: str = "text/calendar") -> str:
    """The line of a head that announces a feed."""
    return str(Markup('<link rel="alternate" type="{}" title="{}" href="{}">').format(kind, title, href))


def _when(engine: Engine, card: Card) -> Markup:
    if not card.day:
        return Markup("")
    start = Moment.parse(card.day)
    end = Moment.parse(card.more["end"]) if "end" in card.more else None
    return _capital(phrases.period(start, end, engine.lang))


def _capital(words: Markup) -> Markup:
    return words if words[:1] == "<" else Markup(words[:1].upper()) + words[1:]  # noqa: S704  # one letter of safe words


def _dates(engine: Engine, card: Card) -> tuple[list[dict[str, Any]], bool]:
    """The dates of a series (its first ones, or from the day of the build on when it has begun)."""
    if not card.day or not any(key in card.more for key in _SERIES):
        return [], False
    start = Moment.parse(card.day).day
    found = list(occurrences(card.day, card.more, start - _AROUND, start + _YEAR, zone_of(engine, card)))
    dates = [
        {
            "iso": str(one.start),
            "words": phrases.period(one.start, one.end, engine.lang),
            "cancelled": one.cancelled,
            "was": phrases.moment(one.was, engine.lang) if one.was else "",
            "note": one.note,
        }
        for one in found[:_DATES]
    ]
    return dates, len(found) > _DATES


def _months(engine: Engine, index: Index) -> list[dict[str, Any]]:
    counts = month_counts(engine, index)
    return [
        {"address": month_address(*month), "words": phrases.month(*month, engine.lang), "count": counts.get(month, 0)}
        for month in months_shown(engine, index)[:24]
    ]


def _month_link(engine: Engine, year: int, month: int) -> dict[str, str]:
    return {"address": month_address(year, month), "words": phrases.month(year, month, engine.lang)}
