"""Housekeeping of the registry: what has waited or ended for long enough is forgotten."""

from __future__ import annotations

from backoffice.jobs import queue
from backoffice.jobs.work import Result, Work
from backoffice.registry import (
    attempts,
    audit,
    ballot_imports,
    exchanges,
    kept,
    links,
    opened,
    reviews,
    sessions,
    tallies,
    two_versions,
)


def tidy(work: Work) -> Result:
    """Forget old attempts, sessions, links, kept and open forms, reviews, events of the audit log and jobs."""
    now, registry = work.clock(), work.registry
    attempts.forget_old(registry, now)
    sessions.forget_old(registry, now)
    links.forget_old(registry, now)
    audit.forget_old(registry, now)
    kept.forget_old(registry, now, work.settings.kept_days)
    reviews.forget_old(registry, now)
    opened.forget_old(registry, now)
    exchanges.forget_old(registry, now)
    tallies.forget_old(registry, now)
    ballot_imports.forget_old(registry, now)
    two_versions.forget_old(registry, now)
    queue.forget_old(registry, now)
    return {}
