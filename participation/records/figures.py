"""Fields of figures and time: whole numbers, amounts, dates of three precisions, moments and instants.

All are stored as canonical text (or int) exactly as precise as given; what people type in French is understood.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from participation import wording
from participation.messages import mark as _
from participation.records.fields import Field, Plain, Refused, Translate
from participation.values import Moment, PartialDate, town_zone

_SPACES = re.compile(r"[\s\u00a0\u202f]")


class Integer(Field[int | None]):
    """A whole number between two bounds."""

    kind = "integer"

    def __init__(self, label: str, *, least: int = 0, most: int = 1_000_000_000, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.least = least
        self.most = most

    def read(self, raw: Plain, report: Callable[[Refused], None]) -> Plain | None:
        return super().read(str(raw) if isinstance(raw, int) else raw, report)

    def parse(self, text: str) -> int:
        digits = _SPACES.sub("", text)
        if not re.fullmatch(r"[+-]?\d{1,12}", digits):
            raise Refused(_("Écrivez un nombre entier, sans lettre ni virgule."), _("Par exemple\u00a0: 1250."))
        number = int(digits)
        if not self.least <= number <= self.most:
            bounds = {"least": wording.number(self.least), "most": wording.number(self.most)}
            raise Refused(_("Le nombre doit être compris entre %(least)s et %(most)s.") % bounds)
        return number

    def value(self, plain: Plain) -> int | None:
        return int(plain)

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        return wording.number(int(plain), lang)

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


_AMOUNT = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?", re.ASCII)
_WHOLE_AMOUNT = re.compile(r"0|[1-9]\d{0,11}", re.ASCII)


class Money(Field[Decimal | None]):
    """An amount in the edition's currency, never negative; plain value `45000`, or `45000.50` where there are cents."""

    kind = "money"

    def parse(self, text: str) -> str:
        if _WHOLE_AMOUNT.fullmatch(text):  # nearly all of those that a file holds
            return text
        amount = _SPACES.sub("", text)
        amount = re.sub(r"(?:€|EUR|euros?)$", "", amount, flags=re.IGNORECASE)
        if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", amount):
            amount = amount.replace(".", "")
        amount = amount.replace(",", ".")
        if (parts := _AMOUNT.fullmatch(amount)) is None:
            raise Refused(_("Écrivez seulement le montant."), _("Par exemple\u00a0: 27\u202f500 ou 27500,50."))
        cents = (parts[2] or "").ljust(2, "0")
        return f"{int(parts[1])}" + (f".{cents}" if cents != "00" else "")

    def value(self, plain: Plain) -> Decimal | None:
        return Decimal(plain)

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        return wording.money(Decimal(plain), lang)

    def edit(self, plain: Plain) -> str:
        whole, _sep, cents = plain.partition(".")
        return wording.number(int(whole)) + (f",{cents}" if cents else "")

    def schema(self) -> dict[str, Any]:
        return {"type": ["number", "string"], "minimum": 0}


_FRENCH_DAY = re.compile(r"(\d{1,2})[/.\s-](\d{1,2})[/.\s-](\d{4})", re.ASCII)
_FRENCH_MONTH = re.compile(r"(\d{1,2})/(\d{4})", re.ASCII)
_FRENCH_WORDS = re.compile(r"(?:(\d{1,2})(?:er)?\s+)?([a-zéûà.]+)\s+(\d{4})", re.ASCII)
_CLOCK = re.compile(r"(.+?),?\s+(?:à\s+)?(\d{1,2})\s*[h:]\s*(\d{2})?(?::(\d{2}))?", re.ASCII)


def _month_of(word: str) -> int | None:
    for names in (*wording.MONTHS.values(), *wording.SHORT_MONTHS.values()):
        for index, name in enumerate(names, 1):
            if word.rstrip(".") == name.lower().rstrip("."):
                return index
    return None


def _iso_date(text: str) -> str:
    """`12/05/2024`, `05/2024`, `12 mai 2024`, `mai 2024` as ISO text; other texts unchanged."""
    text = text.strip().replace("\u00a0", " ").replace("\u202f", " ")
    if match := _FRENCH_DAY.fullmatch(text):
        return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
    if match := _FRENCH_MONTH.fullmatch(text):
        return f"{match[2]}-{int(match[1]):02d}"
    if (match := _FRENCH_WORDS.fullmatch(text.lower())) and (month := _month_of(match[2])):
        return f"{match[3]}-{month:02d}" + (f"-{int(match[1]):02d}" if match[1] else "")
    return text


@lru_cache(maxsize=16_384)  # the same few thousand days come back in every record
def _checked_date(text: str) -> str:
    iso = _iso_date(text)
    PartialDate.parse(iso)
    return iso


class Date(Field[PartialDate | None]):
    """A day, a month or a year, as precise as what is known."""

    kind = "date"

    def parse(self, text: str) -> str:
        try:
            iso = _checked_date(text)
        except ValueError:
            raise Refused(
                _("«\u00a0%s\u00a0» n’est pas une date.") % text[:40], _("Écrivez 12/05/2024, mai 2024 ou 2024.")
            ) from None
        return iso

    def value(self, plain: Plain) -> PartialDate | None:
        return PartialDate.parse(plain)

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        return wording.date(PartialDate.parse(plain), lang)

    def edit(self, plain: Plain) -> str:
        return "/".join(reversed(plain.split("-")))

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "integer"], "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}


class Day(Date):
    """One day exactly."""

    kind = "day"

    def parse(self, text: str) -> str:
        iso = super().parse(text)
        if len(iso) != 10:
            raise Refused(_("Le jour manque dans cette date."), _("Écrivez-la ainsi\u00a0: 12/05/2024."))
        return iso


class When(Field[Moment | None]):
    """A day, with or without a clock time: `2024-05-12` or `2024-05-12T18:30`."""

    kind = "when"

    def parse(self, text: str) -> str:
        day, clock = re.sub(r"(?<=\d)T(?=\d)|[\u00a0\u202f]", " ", text.strip()), ""
        if match := _CLOCK.fullmatch(day):
            day, clock = (
                match[1],
                f"T{int(match[2]):02d}:{match[3] or '00'}" + (f":{match[4]}" if match[4] else ""),
            )
        iso = _iso_date(day) + clock
        try:
            return str(Moment.parse(iso))
        except ValueError:
            raise Refused(
                _("«\u00a0%s\u00a0» n’est pas une date ni une date avec une heure.") % text[:40],
                _("Écrivez 12/05/2024 18:30, ou le jour seul."),
            ) from None

    def value(self, plain: Plain) -> Moment | None:
        return Moment.parse(plain)

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        moment = Moment.parse(plain)
        words = wording.weekday_date(moment.day, lang)
        return words if moment.time is None else f"{words}, {wording.time(moment.time, lang)}"

    def edit(self, plain: Plain) -> str:
        day, _sep, clock = plain.partition("T")
        return "/".join(reversed(day.split("-"))) + (f" {clock}" if clock else "")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?$"}


_LOCAL = When("")


class Instant(Field[dt.datetime | None]):
    """An aware instant, stored with its offset; a text without one is the town's time, in a file Paris time."""

    kind = "instant"

    def parse(self, text: str) -> str:
        try:
            moment = dt.datetime.fromisoformat(text.strip()).replace(microsecond=0)
        except ValueError:
            moment = Moment.parse(_LOCAL.parse(text)).at(town_zone())
        if not 1900 <= moment.year <= 2200:  # beyond, other time zones leave what a datetime can hold
            raise Refused(_("Cette année n’est pas possible."), _("Par exemple\u00a0: 12/05/2024 18:30."))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=town_zone())
        return moment.isoformat("T")

    def value(self, plain: Plain) -> dt.datetime | None:
        return dt.datetime.fromisoformat(plain)

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        moment = dt.datetime.fromisoformat(plain).astimezone(town_zone())
        return f"{wording.date(PartialDate.of(moment.date()), lang)}, {wording.time(moment.time(), lang)}"

    def edit(self, plain: Plain) -> str:
        moment = dt.datetime.fromisoformat(plain).astimezone(town_zone())
        typed = f"{moment:%d/%m/%Y %H:%M}"
        return typed if self.parse(typed) == plain else str(plain)  # another zone, or the hour that autumn repeats

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}
