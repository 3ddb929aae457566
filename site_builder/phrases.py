"""Figures and dates as HTML for pages: the words of `participation.wording` with ordinals raised and spaces kept.

Cached, because a catalogue says the same few thousand dates and amounts again and again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from markupsafe import Markup, escape

from participation import wording
from participation.values import Moment, PartialDate


def _raised(words: str) -> Markup:
    """Dates and amounts are our own words, so nothing in them is markup but the ordinal we raise."""
    return Markup(str(escape(words)).replace("1er", "1<sup>er</sup>"))  # noqa: S704  # escaped above


@lru_cache(maxsize=16_384)
def date(plain: str, lang: str) -> Markup:
    """`2024-05-01` -> `1<sup>er</sup> mai 2024`; a moment loses its time."""
    return _raised(wording.date(PartialDate.parse(plain[:10]), lang)) if plain else Markup("")


@lru_cache(maxsize=16_384)
def on_date(plain: str, lang: str) -> Markup:
    """`le 12 mai 2024`, `en mai 2024`, `en 2024`."""
    if not plain:
        return Markup("")
    french, english = (Markup("le "), Markup("on ")) if len(plain) == 10 else (Markup("en "), Markup("in "))
    return (english if lang == "en" else french) + date(plain, lang)


@lru_cache(maxsize=4096)
def date_range(start: str, end: str, lang: str) -> Markup:
    """`3 novembre – 31 janvier 2027`: two dates, or the one that is known."""
    if start and end:
        return _raised(wording.date_range(PartialDate.parse(start), PartialDate.parse(end), lang))
    words, whole_day = date(start or end, lang), len(start or end) == 10
    if lang == "en":
        return escape("from " if start else "until ") + words
    if whole_day:
        return escape("à partir du " if start else "jusqu’au ") + words
    if start:
        return escape("à partir d’" if words[:1] in "ao" else "à partir de ") + words
    return escape("jusqu’à ") + words


@lru_cache(maxsize=4096)
def short_range(start: str, end: str, lang: str) -> Markup:
    """`2 nov. – 31 janv. 2027`, `15 – 28 mai 2026`, `dès 2030`: for timelines, where there is little room.

    Within twelve months the last year tells the first.
    """
    if not start or not end:
        words = ("dès", "from") if start else ("jusqu’au" if len(end) == 10 else "jusqu’à", "until")
        return Markup("{} {}").format(words[lang == "en"], _raised(_short(PartialDate.parse(start or end), lang)))
    first, last = PartialDate.parse(start), PartialDate.parse(end)
    if first == last:
        return _raised(_short(first, lang))
    begin = _short(first, lang)
    if first.month is not None and last.month is not None and (last.first() - first.first()).days < 365:
        begin = begin.removesuffix(f"\u00a0{first.year}")
        if first.day is not None and last.day is not None and (first.year, first.month) == (last.year, last.month):
            begin = wording.day_number(first.day, lang)
    return _raised(f"{begin} – {_short(last, lang)}")


def _short(value: PartialDate, lang: str) -> str:
    """`2 nov. 2026`, `nov. 2026`, `2026`, never cut at a line's end."""
    if value.month is None:
        return str(value.year)
    day = f"{wording.day_number(value.day, lang)}\u00a0" if value.day is not None else ""
    return f"{day}{wording.SHORT_MONTHS[lang][value.month - 1]}\u00a0{value.year}"


def months_axis(months: Iterable[PartialDate], lang: str) -> list[str]:
    """`sept. 24`, `déc.`, `mars 25`: the months under a timeline, each said once, the year where it changes."""
    found: list[str] = []
    year = month = 0
    for one in months:
        words = wording.SHORT_MONTHS[lang][(one.month or 1) - 1]
        if one.year != year:
            words = f"{words}\u00a0{one.year % 100:02d}"
        found.append("" if (one.year, one.month) == (year, month) else words)
        year, month = one.year, one.month or 0
    return found


@lru_cache(maxsize=16_384)
def money(plain: str, lang: str, currency: str) -> str:
    """`45000` -> `45 000 €`."""
    return wording.money(Decimal(plain), lang, currency) if plain else ""


def moment(value: Moment, lang: str) -> Markup:
    """`samedi 13 décembre 2025, 10 h`."""
    words = wording.weekday_date(value.day, lang)
    return _raised(words if value.time is None else f"{words}, {wording.time(value.time, lang)}")


def period(start: Moment, end: Moment | None, lang: str) -> Markup:
    """`samedi 13 décembre 2025, de 10 h à 11 h`, or two days."""
    if end is None or end == start:
        return moment(start, lang)
    if end.day == start.day and start.time and end.time:
        joined = (
            f"de {wording.time(start.time, lang)} à {wording.time(end.time, lang)}"
            if lang == "fr"
            else f"{wording.time(start.time, lang)} to {wording.time(end.time, lang)}"
        )
        return _raised(f"{wording.weekday_date(start.day, lang)}, {joined}")
    if end.day == start.day:
        return moment(start, lang)
    first, last = moment(start, lang), moment(end, lang)
    return (Markup("du {} au {}") if lang == "fr" else Markup("{} to {}")).format(first, last)


@lru_cache(maxsize=4096)
def delay(days: int, lang: str) -> str:
    """`6 semaines`, `4 mois`, `3 jours`: a length of time as people say it."""
    days = abs(days)
    if days < 14:
        return _count(days, ("jour", "jours"), ("day", "days"), lang)
    if days < 61:
        return _count(round(days / 7), ("semaine", "semaines"), ("week", "weeks"), lang)
    if days < 730:
        return _count(round(days / 30.44), ("mois", "mois"), ("month", "months"), lang)
    return _count(round(days / 365.25), ("an", "ans"), ("year", "years"), lang)


def _count(number: int, french: tuple[str, str], english: tuple[str, str], lang: str) -> str:
    one, many = french if lang == "fr" else english
    return f"{number}\u00a0{many if number > 1 else one}"


@lru_cache(maxsize=4096)
def day_block(day: dt.date, lang: str) -> tuple[str, str, str]:
    """`("sam.", "13", "déc.")`, `("Sat", "13", "Dec")`: the date block of a list of events."""
    weekday = wording.WEEKDAYS[lang][day.weekday()][:3] + ("." if lang == "fr" else "")
    return weekday, str(day.day), wording.SHORT_MONTHS[lang][day.month - 1]


@lru_cache(maxsize=4096)
def ordinal(rank: int, lang: str) -> Markup:
    """`1<sup>er</sup>`, `3<sup>e</sup>`, `3rd`: a rank in a vote."""
    words, figure = wording.ordinal(rank, lang), str(rank)
    return Markup("{}<sup>{}</sup>").format(figure, words.removeprefix(figure)) if lang == "fr" else escape(words)


def month(year: int, number: int, lang: str) -> str:
    """`Décembre 2025`."""
    return wording.date(PartialDate(year, number), lang).capitalize()
