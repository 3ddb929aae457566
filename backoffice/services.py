"""What a request may use besides itself: settings, registry, content and clock, made once by `create_app`.

No logic; modules of the office ask for `services()` instead of importing singletons.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app, g

from backoffice.content import Content
from backoffice.registry import Registry
from backoffice.registry.schema import Account, Session
from backoffice.settings import Settings

KEY = "laureat"


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that outlive a request. `clock` gives aware instants; tests move it."""

    settings: Settings
    registry: Registry
    content: Content
    clock: Callable[[], dt.datetime]


def services() -> Services:
    """The services of the current application."""
    return cast("Services", current_app.extensions[KEY])


def now() -> dt.datetime:
    """The present, from the application's clock."""
    return services().clock()


def account() -> Account:
    """Who is signed in; only for endpoints that ask for a right."""
    found = g.get("account")
    if found is None:
        raise LookupError("no account on a request that was let through")
    return cast("Account", found)


def session() -> Session:
    """The session of whoever is signed in."""
    return cast("Session", g.session_row)
