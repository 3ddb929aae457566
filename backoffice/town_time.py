"""The hour and the day in the town, of any instant: the one place of the office that knows the time zone."""

from __future__ import annotations

import datetime as dt

from backoffice.services import now
from participation.values import zone_info

ZONE = "Europe/Paris"


def local(moment: dt.datetime) -> dt.datetime:
    """The instant as clocks in the town show it."""
    return moment.astimezone(zone_info(ZONE))


def day_of(moment: dt.datetime) -> dt.date:
    """The day that it is in the town at an instant."""
    return local(moment).date()


def today() -> dt.date:
    """The day in the town, by the application's clock."""
    return day_of(now())
