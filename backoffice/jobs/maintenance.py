"""Housekeeping of the registry: what has waited or ended for long enough is forgotten."""

from __future__ import annotations

from backoffice.jobs import queue
from backoffice.jobs.work import Result, Work
from backoffice.registry import attempts, kept, sessions


def tidy(work: Work) -> Result:
    """Forget old attempts, sessions, kept forms and jobs."""
    now, registry = work.clock(), work.registry
    attempts.forget_old(registry, now)
    sessions.forget_old(registry, now)
    kept.forget_old(registry, now, work.settings.kept_days)
    queue.forget_old(registry, now)
    return {}
