"""The one process that does what takes time: takes jobs from the table, one after the other, until told to stop.

What each kind of job does lives in `backoffice.jobs`. Killed at any moment, the next worker takes its job again.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from backoffice import town_time
from backoffice.app import utc_now
from backoffice.content import Content
from backoffice.jobs import health, importing, kinds, maintenance, outbox, publish, queue, voting, withdrawal
from backoffice.jobs.kinds import (
    DATA,
    DOCTOR,
    EXCHANGE,
    IMPORTING,
    MAINTENANCE,
    PUBLISH,
    ROLLBACK,
    SEARCH,
    SHARING,
    SHOW,
    WEIGHING,
    WITHDRAWAL,
)
from backoffice.jobs.queue import LeaseLost
from backoffice.jobs.work import JobRefused, Result, Work, sentences
from backoffice.registry import Registry
from backoffice.registry.schema import Job
from backoffice.settings import Settings
from participation.messages import mark as _
from participation.problems import ContentError, LaureatError
from participation.store.errors import StoreUnavailable

logger = logging.getLogger("laureat.worker")

POLL = 0.4  # seconds between two looks at an empty table
MAINTENANCE_EVERY = dt.timedelta(hours=1)

KINDS: dict[str, Callable[[Work], Result]] = {
    PUBLISH: publish.publish,
    ROLLBACK: publish.roll_back,
    SEARCH: publish.index_search,
    DATA: publish.make_data,
    SHARING: publish.make_sharing,
    WEIGHING: publish.weigh_pages,
    WITHDRAWAL: withdrawal.withdraw,
    IMPORTING: importing.carry_out,
    MAINTENANCE: maintenance.tidy,
    kinds.FREEZE: voting.freeze,
    kinds.BALLOTS: voting.ballots,
    kinds.COUNT: voting.count,
    kinds.SIMULATE: voting.simulate,
    EXCHANGE: outbox.exchange,
    SHOW: publish.show,
    DOCTOR: health.examine,
}


def run(settings: Settings, clock: Callable[[], dt.datetime] = utc_now, stop: threading.Event | None = None) -> None:
    """Work until SIGTERM or SIGINT (or `stop`, for tests); a job under way is ended first."""
    stopping = stop or _stop_on_signals()
    registry = Registry(settings.registry, settings.office)
    watch = outbox.Watch(settings)
    try:
        while not stopping.is_set():
            _ask_for_maintenance(registry, clock())
            watch.ask(registry, clock())
            if not step(settings, registry, clock):
                stopping.wait(POLL)
    finally:
        registry.close()


def step(settings: Settings, registry: Registry, clock: Callable[[], dt.datetime] = utc_now) -> bool:
    """Do one job; False when none is due."""
    job = queue.lease(registry, clock())
    if job is None:
        return False
    try:
        carry_out(Work(settings, registry, job, clock))
    except LeaseLost:
        logger.warning("job %s went to another worker", job.id)
    return True


def carry_out(work: Work) -> None:
    """Run a job and note how it ended."""
    registry, job, clock = work.registry, work.job, work.clock
    try:
        with town_time.of(Content(work.settings)):
            result = KINDS[job.kind](work)
    except LeaseLost:
        raise
    except (StoreUnavailable, OSError) as passing:
        logger.warning("job %s (%s): %s", job.id, job.kind, passing)
        queue.try_again(registry, job, clock(), str(passing))
    except JobRefused as refused:
        _give_up(work, refused, refused.faults)
    except ContentError as faulty:
        _give_up(work, faulty, [publish.told(problem) for problem in faulty.problems[: publish.MOST_NAMED]])
    except LaureatError as failure:
        logger.warning("job %s (%s): %s", job.id, job.kind, failure)
        _give_up(work, failure, [])
    except Exception:
        reference = secrets.token_hex(4)
        logger.exception("fault %s in job %s (%s)", reference, job.id, job.kind)
        words = _("Panne de l’application, référence %s.") % reference
        queue.give_up(registry, job, clock(), words, {"words": sentences(words), "faults": []})
    else:
        queue.finish(registry, job, clock(), result)


def _give_up(work: Work, failure: LaureatError, faults: list[dict[str, Any]]) -> None:
    """Note why, in French for the log and as sentences with their values for the page that shows them."""
    result = {"words": sentences(failure.message, failure.hint), "faults": faults}
    queue.give_up(work.registry, work.job, work.clock(), str(LaureatError(failure.message, hint=failure.hint)), result)


def _ask_for_maintenance(registry: Registry, now: dt.datetime) -> None:
    last: Job | None = queue.last_finished(registry, MAINTENANCE)
    if last is None or last.finished is None or abs(now - last.finished) >= MAINTENANCE_EVERY:
        queue.ask_once(registry, MAINTENANCE, {}, now)
        queue.ask_once(registry, kinds.FREEZE, {}, now)


def _stop_on_signals() -> threading.Event:
    stopping = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, ask_to_stop)
    return stopping
