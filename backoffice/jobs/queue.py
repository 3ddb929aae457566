"""The table of jobs: asking for one, taking one on lease, telling its progress, finishing or trying again.

A job that was running when its worker was killed is taken again when its lease ends. What a job does lives in
the module of its kind.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import socket
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

from backoffice.registry.database import Registry
from backoffice.registry.schema import Job
from participation.messages import mark as _

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"

LEASE = dt.timedelta(minutes=5)  # a worker that was killed on this machine is noticed at once
MOST_ATTEMPTS = 5
FIRST_DELAY = dt.timedelta(seconds=5)  # doubles with each attempt
KEPT = dt.timedelta(days=90)
PERSONAL = frozenset({"labels"})  # what a payload may say of a person

_HERE = f"{socket.gethostname()}:"


class LeaseLost(Exception):
    """Another worker has taken the job over: this one must stop and touch nothing more."""


def over(job: Job) -> bool:
    """True when nothing more will happen to it."""
    return job.state in (DONE, FAILED, CANCELLED)


def ask(
    registry: Registry,
    kind: str,
    payload: dict[str, Any],
    now: dt.datetime,
    account_id: int | None = None,
    due: dt.datetime | None = None,
) -> Job:
    """Add a job; it runs when `due` has come (now by default)."""
    job = Job(kind=kind, payload=payload, account_id=account_id, created=now, due=due or now)
    with registry.begin() as transaction:
        transaction.add(job)
    return job


def ask_once(registry: Registry, kind: str, payload: dict[str, Any], now: dt.datetime, **more: Any) -> Job:
    """Add a job unless one of that kind still waits, which is given back."""
    waiting = select(Job).where(Job.kind == kind, Job.state == WAITING).order_by(Job.id)
    with registry.read() as transaction:
        job = transaction.scalars(waiting).first()
    return job if job is not None else ask(registry, kind, payload, now, **more)


def lease(registry: Registry, now: dt.datetime) -> Job | None:
    """Take the oldest job that is due, or whose worker has vanished; None when there is nothing to do."""
    ready = or_((Job.state == WAITING) & _ready(now), Job.state == RUNNING)
    with registry.begin() as transaction:
        for job in transaction.scalars(select(Job).where(ready).order_by(Job.due, Job.id).limit(20)):
            if job.state == RUNNING and not _abandoned(job, now):
                continue
            if job.state == RUNNING and job.attempts >= MOST_ATTEMPTS:
                job.state, job.finished = FAILED, now
                job.error = _("Interrompu plusieurs fois de suite.")
                continue
            token = f"{_HERE}{os.getpid()}:{secrets.token_hex(8)}"
            # The condition repeats what was read: on PostgreSQL two workers may have read the same row.
            mine = update(Job).where(Job.id == job.id, Job.state == job.state, Job.lease_token == job.lease_token)
            taken = transaction.execute(
                mine.values(
                    state=RUNNING,
                    lease_until=now + LEASE,
                    lease_token=token,
                    attempts=Job.attempts + 1,
                    started=job.started or now,
                    words="",
                    done=0,
                    total=0,
                ).execution_options(synchronize_session=False)
            )
            if getattr(taken, "rowcount", 0) == 1:
                transaction.refresh(job)
                return job
    return None


def tell(registry: Registry, job: Job, now: dt.datetime, done: int, total: int, words: str) -> None:
    """Progress, which also renews the lease. Raises LeaseLost."""
    _mine(registry, job, done=done, total=total, words=words[:300], lease_until=now + LEASE)


def finish(registry: Registry, job: Job, now: dt.datetime, result: dict[str, Any]) -> None:
    """The job is done; what it was told of a person is forgotten with it. Raises LeaseLost."""
    payload = {name: value for name, value in job.payload.items() if name not in PERSONAL}
    _mine(registry, job, state=DONE, finished=now, result=result, error="", lease_until=None, payload=payload)
    if payload != job.payload:
        registry.forget_traces()


def give_up(registry: Registry, job: Job, now: dt.datetime, error: str, result: dict[str, Any] | None = None) -> None:
    """The job failed for a reason that trying again does not change. Raises LeaseLost."""
    _mine(registry, job, state=FAILED, finished=now, error=error, result=result, lease_until=None)


def try_again(registry: Registry, job: Job, now: dt.datetime, error: str) -> None:
    """The job failed for a reason that may pass: later, then later still, then not at all. Raises LeaseLost."""
    if job.attempts >= MOST_ATTEMPTS:
        give_up(registry, job, now, error)
        return
    delay = FIRST_DELAY * 2 ** (job.attempts - 1)
    _mine(registry, job, state=WAITING, due=now + delay, error=error, lease_until=None, lease_token="")


def find(registry: Registry, job_id: int) -> Job | None:
    """The job of that number."""
    with registry.read() as transaction:
        return transaction.get(Job, job_id)


def running(registry: Registry, now: dt.datetime, *kinds: str) -> Job | None:
    """The oldest job of these kinds that runs, will be tried again, or is due and waits for its turn."""
    begun = or_(Job.state == RUNNING, (Job.state == WAITING) & or_(_ready(now), Job.attempts > 0))
    query = select(Job).where(Job.kind.in_(kinds), begun).order_by(Job.id)
    with registry.read() as transaction:
        return transaction.scalars(query).first()


def planned(registry: Registry, now: dt.datetime, *kinds: str) -> list[Job]:
    """The jobs of these kinds whose moment is still to come, the next one first."""
    later = (Job.kind.in_(kinds), Job.state == WAITING, ~_ready(now), Job.attempts == 0)
    with registry.read() as transaction:
        return list(transaction.scalars(select(Job).where(*later).order_by(Job.due, Job.id)))


def cancel(registry: Registry, job_id: int, now: dt.datetime) -> bool:
    """Give up a job that has not begun; False when it has, or is over."""
    waiting = update(Job).where(Job.id == job_id, Job.state == WAITING, Job.attempts == 0)
    with registry.begin() as transaction:
        changed = transaction.execute(
            waiting.values(state=CANCELLED, finished=now).execution_options(synchronize_session=False)
        )
        return getattr(changed, "rowcount", 0) == 1


def blank(registry: Registry, job_id: int) -> None:
    """Forget what a job was told of a person: another one does it."""
    with registry.begin() as transaction:
        job = transaction.get_one(Job, job_id)
        job.payload = {name: value for name, value in job.payload.items() if name not in PERSONAL}


def due(registry: Registry, now: dt.datetime, *kinds: str) -> bool:
    """True when a job of these kinds could begin now."""
    query = select(Job.id).where(Job.kind.in_(kinds), Job.state == WAITING, _ready(now)).limit(1)
    with registry.read() as transaction:
        return transaction.scalars(query).first() is not None


def last_finished(registry: Registry, *kinds: str) -> Job | None:
    """The job of these kinds that ended last, well or not."""
    query = (
        select(Job)
        .where(Job.kind.in_(kinds), Job.state.in_((DONE, FAILED)))
        .order_by(Job.finished.desc(), Job.id.desc())
    )
    with registry.read() as transaction:
        return transaction.scalars(query).first()


def newest(registry: Registry, kind: str, **payload: Any) -> Job | None:
    """The job of that kind that was asked for last, with these values in its payload."""
    query = select(Job).where(Job.kind == kind, Job.state != CANCELLED).order_by(Job.id.desc()).limit(200)
    with registry.read() as transaction:
        found = (job for job in transaction.scalars(query) if payload.items() <= job.payload.items())
        return next(found, None)


def forget_old(registry: Registry, now: dt.datetime) -> None:
    """Drop jobs that ended long ago."""
    with registry.begin() as transaction:
        transaction.execute(delete(Job).where(Job.finished < now - KEPT))


def trim(registry: Registry, kind: str, most: int) -> None:
    """Of a kind that runs every minute, keep only the newest that ended."""
    ended = select(Job.id).where(Job.kind == kind, Job.state.in_((DONE, FAILED))).order_by(Job.id.desc())
    with registry.begin() as transaction:
        old = transaction.scalars(ended.offset(most)).all()
        if old:
            transaction.execute(delete(Job).where(Job.id.in_(old)))


def latest(registry: Registry, most: int) -> list[Job]:
    """The jobs that were asked for last, newest first."""
    with registry.read() as transaction:
        return list(transaction.scalars(select(Job).order_by(Job.id.desc()).limit(most)))


def _ready(now: dt.datetime) -> ColumnElement[bool]:
    """The moment of a job has come. One that was due when it was asked for is, even if the clock was set back since."""
    return or_(Job.due <= now, Job.due <= Job.created)


def _abandoned(job: Job, now: dt.datetime) -> bool:
    """True when the lease has ended, or when its worker ran on this machine and is no more."""
    if job.lease_until is None or job.lease_until < now:
        return True
    if not job.lease_token.startswith(_HERE):
        return False
    process = int(job.lease_token.removeprefix(_HERE).partition(":")[0])
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _mine(registry: Registry, job: Job, **values: Any) -> None:
    with registry.begin() as transaction:
        held = update(Job).where(Job.id == job.id, Job.state == RUNNING, Job.lease_token == job.lease_token)
        changed = transaction.execute(held.values(**values).execution_options(synchronize_session=False))
        if getattr(changed, "rowcount", 0) != 1:
            raise LeaseLost(job.id)
