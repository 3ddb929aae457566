"""Housekeeping of the registry: what has waited or ended for long enough is forgotten."""

from __future__ import annotations

from backoffice.jobs import queue
from backoffice.jobs.work import Result, Work
from backoffice.registry import attempts, audit, kept, links, sessions


def tidy(work: Work) -> Result:
    """Forget old attempts, sessions, links, kept forms, events of the audit log and jobs."""
    now, registry = work.clock(), work.registry
    attempts.forget_old(registry, now)
    sessions.forget_old(registry, now)
    links.forget_old(registry, now)
    audit.forget_old(registry, now)
    kept.forget_old(registry, now, work.settings.kept_days)
    queue.forget_old(registry, now)
    return {}
