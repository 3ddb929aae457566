"""What a job is given while it runs, and how it says what happened. No kind of job lives here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backoffice.jobs import queue
from backoffice.registry import Registry
from backoffice.registry.schema import Job
from backoffice.settings import Settings
from participation.messages import mark as _
from participation.messages import stored
from participation.problems import LaureatError

TELL_EVERY = dt.timedelta(milliseconds=300)

Result = dict[str, Any]


class JobRefused(LaureatError):
    """The job cannot be done, and trying again changes nothing; `faults` name records and fields."""

    def __init__(self, message: str, faults: list[dict[str, Any]] | None = None, hint: str = "") -> None:
        super().__init__(message, kept=_("Le site est resté tel qu’il était."), hint=hint)
        self.faults = faults or []


def sentences(*words: str) -> list[dict[str, Any]]:
    """Sentences as they are stored, to be told in the language of whoever reads them."""
    return [stored(one) for one in words if one]


@dataclass(slots=True)
class Work:
    """One job under way."""

    settings: Settings
    registry: Registry
    job: Job
    clock: Callable[[], dt.datetime]
    _told: dt.datetime | None = None

    def tell(self, done: int, total: int, words: str) -> None:
        """Progress for the page that waits, which also keeps the lease; not more often than people can read."""
        now = self.clock()
        if self._told is not None and now - self._told < TELL_EVERY and done < total:
            return
        self._told = now
        queue.tell(self.registry, self.job, now, done, total, words)
