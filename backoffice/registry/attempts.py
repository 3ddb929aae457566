"""Failed sign-ins, and how long the next try must wait. Passwords are `accounts`' business."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import delete, func, select

from backoffice.registry.accounts import clean_login
from backoffice.registry.database import Registry
from backoffice.registry.schema import Attempt

WINDOW = dt.timedelta(hours=1)
SKEW = dt.timedelta(minutes=2)  # between machines that share a registry
FREE_TRIES = {"login": 4, "address": 20}  # a whole town hall may share one address
LONGEST = {"login": 120, "address": 900}  # seconds; short for a login, or anybody could lock a colleague out


def wait(registry: Registry, login: str, address: str, now: dt.datetime) -> int:
    """Seconds to wait before this login or this address may try again; 0 when it may now."""
    waits = []
    with registry.read() as transaction:
        for kind, column, value in (
            ("login", Attempt.login_hash, _hash(login)),
            ("address", Attempt.address, address[:60]),
        ):
            # Failures of a clock that has been set back since are not waited for.
            recent = Attempt.at.between(now - WINDOW, now + SKEW)
            query = select(func.count(), func.max(Attempt.at)).where(column == value, recent)
            count, last = transaction.execute(query).one()
            if count >= FREE_TRIES[kind]:
                delay = min(2 ** (count - FREE_TRIES[kind] + 1), LONGEST[kind])
                waits.append(delay - (now - last).total_seconds())
    return max(0, *(int(seconds + 0.999) for seconds in waits)) if waits else 0


def failed(registry: Registry, login: str, address: str, now: dt.datetime) -> None:
    """Note a failure."""
    with registry.begin() as transaction:
        transaction.add(Attempt(login_hash=_hash(login), address=address[:60], at=now))


def succeeded(registry: Registry, login: str) -> None:
    """A good sign-in forgets the failures of that login, not those of the address."""
    with registry.begin() as transaction:
        transaction.execute(delete(Attempt).where(Attempt.login_hash == _hash(login)))


def forget_old(registry: Registry, now: dt.datetime) -> None:
    """Drop failures that no longer count."""
    with registry.begin() as transaction:
        transaction.execute(delete(Attempt).where(Attempt.at < now - WINDOW))


def _hash(login: str) -> str:
    return hashlib.sha256(clean_login(login).encode()).hexdigest()
