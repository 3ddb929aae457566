"""Amounts, dates and times in words, in French and in English, with the right spaces.

No translation catalogue here: only the forms that a language gives to figures and dates.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from participation.values import PartialDate

NARROW = "\u202f"  # no-break, inside numbers and before ; ! ?
NO_BREAK = "\u00a0"  # before : » and units

MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
SHORT_MONTHS = {
    "fr": "janv. févr. mars avr. mai juin juill. août sept. oct. nov. déc.".split(),
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
WEEKDAYS = {
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
SYMBOLS = {"EUR": "€", "CHF": "CHF", "GBP": "£", "USD": "$", "PLN": "zł", "HUF": "Ft"}


@lru_cache(maxsize=8192)
def number(value: int | Decimal, lang: str = "fr") -> str:
    """`1234567` -> `1 234 567` (narrow no-break spaces) or `1,234,567`; decimals only where there are any."""
    return _spaced(f"{value.normalize():,f}" if isinstance(value, Decimal) else f"{value:,}", lang)


def _spaced(text: str, lang: str) -> str:
    return text if lang == "en" else text.replace(",", NARROW).replace(".", ",")


@lru_cache(maxsize=8192)
def money(amount: Decimal, lang: str = "fr", currency: str = "EUR") -> str:
    """`Decimal("45000.00")` -> `45 000 €`; cents are said only where there are some."""
    whole = amount == amount.to_integral_value()
    shown = _spaced(f"{amount:,.0f}" if whole else f"{amount:,.2f}", lang)
    symbol = SYMBOLS.get(currency, currency)
    return f"{symbol}{shown}" if lang == "en" and symbol in "€£$" else f"{shown}{NO_BREAK}{symbol}"


def size(count: int, lang: str = "fr") -> str:
    """Bytes as people read them, in steps of a thousand: `850 o`, `80 ko`, `1,2 Mo`; `80 kB` in English."""
    unit = "o" if lang == "fr" else "B"
    for prefix, step in (("G", 10**9), ("M", 10**6)):
        if count >= step:
            return f"{number(Decimal((count * 10 + step // 2) // step) / 10, lang)}{NO_BREAK}{prefix}{unit}"
    return f"{number(round(count / 1000), lang)}{NO_BREAK}k{unit}" if count >= 1000 else f"{count}{NO_BREAK}{unit}"


def day_number(day: int, lang: str) -> str:
    """The first of the month is an ordinal in French: `1er`, then `2`, `3`."""
    return "1er" if lang == "fr" and day == 1 else str(day)


@lru_cache(maxsize=8192)
def date(value: PartialDate, lang: str = "fr") -> str:
    """`12 mai 2024`, `mai 2024` or `2024`: never more precise than what is known."""
    if value.month is None:
        return str(value.year)
    month = MONTHS[lang][value.month - 1]
    if value.day is None:
        return f"{month} {value.year}"
    return f"{day_number(value.day, lang)}{NO_BREAK}{month} {value.year}"


def weekday_date(day: dt.date, lang: str = "fr") -> str:
    """`samedi 13 décembre 2025`."""
    return f"{WEEKDAYS[lang][day.weekday()]} {date(PartialDate(day.year, day.month, day.day), lang)}"


def time(moment: dt.time, lang: str = "fr") -> str:
    """`16 h 20`, `10 h`; in English `16:20`."""
    if lang == "en":
        return f"{moment:%H:%M}"
    return f"{moment.hour}{NO_BREAK}h" + (f"{NO_BREAK}{moment.minute:02d}" if moment.minute else "")


def date_range(start: PartialDate, end: PartialDate | None, lang: str = "fr") -> str:
    """`du 3 novembre 2025 au 31 janvier 2026`, `octobre – décembre 2024`, or one date when both are the same."""
    if end is None or end == start:
        return date(start, lang)
    if start.day is not None and end.day is not None:
        same_year = start.year == end.year
        first = date(start, lang)
        first = first.removesuffix(f" {start.year}") if same_year else first
        return f"du {first} au {date(end, lang)}" if lang == "fr" else f"{first} to {date(end, lang)}"
    first = date(start, lang)
    if start.year == end.year and start.month is not None:
        first = first.removesuffix(f" {start.year}")
    return f"{first}{NO_BREAK}– {date(end, lang)}"


def ordinal(value: int, lang: str = "fr") -> str:
    """`1re`-style ordinals for ranks: `1er`, `2e`; in English `1st`, `2nd`."""
    if lang == "fr":
        return "1er" if value == 1 else f"{value}e"
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def listing(words: list[str], lang: str = "fr") -> str:
    """`a, b et c`."""
    if len(words) < 2:
        return "".join(words)
    joint = " et " if lang == "fr" else " and "
    return ", ".join(words[:-1]) + joint + words[-1]
