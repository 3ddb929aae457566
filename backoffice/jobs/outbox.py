"""The outbox: what is saved or published here goes to the remote, and what others saved comes from it.

What waits is the difference between the references here and there: nothing else is noted at a save, so nothing can be
forgotten, whatever wrote it. What an exchange is, `participation.store.remote_exchange` says.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from backoffice.jobs import queue
from backoffice.jobs.kinds import EXCHANGE, SHOW
from backoffice.jobs.work import Result, Work, sentences
from backoffice.registry import Registry, facts, two_versions
from backoffice.settings import Settings
from participation.messages import mark as _
from participation.problems import LaureatError
from participation.store import open_store
from participation.store.git import MAIN, PUBLISHED
from participation.store.remote import RemoteFaulty, RemoteTooLarge
from participation.store.remote_exchange import exchange as exchange_with
from participation.store.remote_exchange import waiting
from participation.store.store import Store

logger = logging.getLogger("laureat.outbox")

FIRST_DELAY = 5  # seconds; doubles with each failure
LONGEST_DELAY = 300
AFTER_REFUSAL = 3600  # what was refused as a whole is not fetched again and again
FINISHED_KEPT = 60  # jobs


class Watch:
    """Asks for an exchange when something was saved here, or when it is time to look. For the worker's loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: object = None

    def ask(self, registry: Registry, now: dt.datetime) -> bool:
        """Ask for an exchange where one is due; True when it was asked for."""
        if not self._settings.remote:
            return False
        here = self._here()
        state = facts.read(registry, facts.REMOTE)
        moved = here != self._seen and not state.get("failures")
        if not (moved or self._due(state, now)) or queue.running(registry, now, EXCHANGE) is not None:
            return False
        self._seen = here
        queue.ask_once(registry, EXCHANGE, {}, now)
        return True

    def _due(self, state: dict[str, Any], now: dt.datetime) -> bool:
        """True when the next look is due; also when the clock was set back and it would be far away."""
        if "next" not in state:
            return True
        left = (dt.datetime.fromisoformat(state["next"]) - now).total_seconds()
        return left <= 0 or left > max(self._settings.remote_every, LONGEST_DELAY, AFTER_REFUSAL)

    def _here(self) -> object:
        """Changes whenever a reference does: cheaper than asking git twice a second."""
        files = (self._settings.content / name for name in (MAIN, PUBLISHED, "packed-refs"))
        stamps = []
        for file in files:
            try:
                found = file.stat()
            except OSError:
                stamps.append((0, 0))
            else:
                stamps.append((found.st_mtime_ns, found.st_ino))
        return stamps


def exchange(work: Work) -> Result:
    """Send what waits, take what is new, and note how it went; a remote that fails is tried again later."""
    settings, registry = work.settings, work.registry
    remote = settings.shared
    if remote is None:
        return {}
    try:
        store = open_store(settings.content)
        _forget_lost(registry, store)
        done = exchange_with(
            store,
            remote,
            work.clock,
            lambda commit, clashes: two_versions.keep(registry, commit, clashes, work.clock()),
            lambda: queue.tell(registry, work.job, work.clock(), 0, 1, _("Échange avec le dépôt distant")),
        )
    except (LaureatError, OSError) as failure:
        _failed(work, failure)
        result: Result = {"failed": True}
    else:
        _went_well(work)
        if done.public_moved:
            queue.ask_once(registry, SHOW, {}, work.clock())
        result = {"sent": done.sent, "received": done.received, "questions": len(done.clashes)}
    queue.trim(registry, EXCHANGE, FINISHED_KEPT)
    return result


def _went_well(work: Work) -> None:
    now = work.clock()
    after = now + dt.timedelta(seconds=work.settings.remote_every)
    facts.write(work.registry, facts.REMOTE, {"well": now.isoformat(), "next": after.isoformat(), "failures": 0})


def _failed(work: Work, failure: LaureatError | OSError) -> None:
    """Note why, in words for people and for the expert; later, then later still."""
    now, before = work.clock(), facts.read(work.registry, facts.REMOTE)
    failures = int(before.get("failures", 0)) + 1
    whole = isinstance(failure, RemoteFaulty | RemoteTooLarge)
    delay = AFTER_REFUSAL if whole else min(FIRST_DELAY * 2 ** min(failures - 1, 10), LONGEST_DELAY)
    known = isinstance(failure, LaureatError)
    words = failure.message if isinstance(failure, LaureatError) else _("Le dépôt distant n’a pas pu être joint.")
    hint = failure.hint if isinstance(failure, LaureatError) else ""
    detail = str(getattr(failure, "detail", "")) if known else str(failure)
    logger.warning("remote: %s %s", words, detail)
    state = {
        "failures": failures,
        "since": before.get("since") or now.isoformat(),
        "tried": now.isoformat(),
        "next": (now + dt.timedelta(seconds=delay)).isoformat(),
        "words": sentences(words),
        "hint": sentences(hint),
        "detail": detail[:1000],
    }
    if "well" in before:
        state["well"] = before["well"]
    facts.write(work.registry, facts.REMOTE, state)


def _forget_lost(registry: Registry, store: Store) -> None:
    """Questions are kept before the commit that asks them is in the content; killed between, it never was."""
    commits = {row.commit for row in two_versions.waiting(registry)}
    if not commits:
        return
    head = store.head()
    with store.repo() as repo:
        known = set(repo.reachable(head))
    two_versions.drop(registry, commits - known)


def left_to_send(settings: Settings) -> int:
    """How many saved commits the remote has not got, as far as is known here."""
    return waiting(open_store(settings.content))
