"""The values that records hold beyond Python's own: dates of three precisions, moments, places.

Values know how to read and write their one canonical text; words for people are in `participation.wording`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, total_ordering
from typing import Self
from zoneinfo import ZoneInfo

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)


@lru_cache(maxsize=16_384)  # the same few thousand dates come back in every record
def _date_parts(text: str) -> tuple[int, int | None, int | None]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day = match.groups()
    parts = int(year), int(month) if month else None, int(day) if day else None
    dt.date(parts[0], parts[1] or 1, parts[2] or 1)  # refuses 2024-13 and 2023-02-29
    return parts


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year: stored as given, compared as an interval, never padded."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2024`, `2024-05` or `2024-05-12`; ValueError for anything else, impossible days included."""
        return cls(*_date_parts(text))

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The full date of a day."""
        return cls(day.year, day.month, day.day)

    def first(self) -> dt.date:
        """The earliest day it may mean."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    def last(self) -> dt.date:
        """The latest day it may mean."""
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __lt__(self, other: PartialDate) -> bool:
        return (self.first(), self.last()) < (other.first(), other.last())

    def surely_before(self, other: PartialDate) -> bool:
        """True when every day it may mean lies before every day of `other`."""
        return self.last() < other.first()

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"]
        if self.month is not None:
            parts.append(f"{self.month:02d}")
        if self.day is not None:
            parts.append(f"{self.day:02d}")
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a day and a clock time in the zone of whoever reads it: `2024-05-12` or `2024-05-12T18:30`."""

    day: dt.date
    time: dt.time | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the canonical text; ValueError for anything else."""
        match = _MOMENT.fullmatch(text)
        if match is None:
            raise ValueError(text)
        day, hour, minute, second = match.groups()
        clock = dt.time(int(hour), int(minute), int(second or 0)) if hour else None
        return cls(dt.date.fromisoformat(day), clock)

    def at(self, zone: ZoneInfo) -> dt.datetime:
        """The aware instant it stands for in `zone` (midnight for a whole day)."""
        return dt.datetime.combine(self.day, self.time or dt.time(0), zone)

    def __str__(self) -> str:
        if self.time is None:
            return self.day.isoformat()
        return f"{self.day.isoformat()}T{self.time:%H:%M}" + (f":{self.time:%S}" if self.time.second else "")


@dataclass(frozen=True, slots=True)
class Place:
    """A point (WGS84 degrees) with its name and address, or the whole territory."""

    whole: bool = False
    name: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None

    @property
    def located(self) -> bool:
        """True when it can be put on a map as a point."""
        return self.longitude is not None and self.latitude is not None


@lru_cache(maxsize=64)
def zone_info(name: str) -> ZoneInfo:
    """The time zone of that IANA name; KeyError for an unknown or malformed one."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError) as unknown:  # ZoneInfo opens files: "../x" or a directory are not zones
        raise KeyError(name) from unknown


PARIS = zone_info("Europe/Paris")
_town: ContextVar[ZoneInfo] = ContextVar("town", default=PARIS)


def town_zone() -> ZoneInfo:
    """The zone in which people type and read instants here and now: the town's inside `in_zone`, else Paris."""
    return _town.get()


@contextmanager
def in_zone(zone: ZoneInfo) -> Iterator[None]:
    """Instants typed and shown inside are by the clocks of that zone."""
    token = _town.set(zone)
    try:
        yield
    finally:
        _town.reset(token)
