"""The hour and the day in the town, of any instant: the one place of the office that knows the time zone.

It is the instance's. Requests and jobs take place inside it, so that fields and pages need not be told.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING

from flask import Flask, g, request

from backoffice.services import now, services
from participation.problems import LaureatError
from participation.values import PARIS, in_zone, town_zone

if TYPE_CHECKING:
    from backoffice.content import Content


def install(app: Flask) -> None:
    """Answer every request of the office by the clocks of the town; public files read no content."""
    app.before_request(_enter)
    app.teardown_request(_leave)


def of(content: Content) -> AbstractContextManager[None]:
    """What happens inside happens in the content's town; in Paris where that cannot be read."""
    try:
        return in_zone(content.snapshot().instance.zone)
    except LaureatError:
        return in_zone(PARIS)


def local(moment: dt.datetime) -> dt.datetime:
    """The instant as clocks in the town show it."""
    return moment.astimezone(town_zone())


def day_of(moment: dt.datetime) -> dt.date:
    """The day that it is in the town at an instant."""
    return local(moment).date()


def today() -> dt.date:
    """The day in the town, by the application's clock."""
    return day_of(now())


def _enter() -> None:
    if request.blueprint not in (None, "public"):
        g.town = ExitStack()
        g.town.enter_context(of(services().content))


def _leave(_fault: BaseException | None) -> None:
    if (town := g.pop("town", None)) is not None:
        town.close()
