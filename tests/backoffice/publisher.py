"""Someone who publishes, with a worker that does what was asked: for the tests of publishing and reviewing."""

from __future__ import annotations

import re

from backoffice import worker
from backoffice.jobs import queue
from backoffice.jobs.kinds import SEARCH, SHARING, WEIGHING
from backoffice.services import KEY
from tests.backoffice.conftest import Browser, fields_of

PROJECT = "/gestion/fiche/2024-P007"
PAGE = "/gestion/publier"


class Publisher:
    """`save`, `publish` and `work` on an application, signed in as a publisher."""

    def __init__(self, app, browser_of) -> None:
        self.services = app.extensions[KEY]
        self.browser: Browser = browser_of("publisher")

    def save(self, changes, page=PROJECT, browser=None):
        someone = browser or self.browser
        return someone.post(page, fields_of(someone.get(page).text) | changes)

    def work(self) -> None:
        """Do every job that is due, but for search indexes and pictures to share, which take seconds."""
        while (job := queue.lease(self.services.registry, self.services.clock())) is not None:
            if job.kind in (SEARCH, SHARING, WEIGHING):
                queue.finish(self.services.registry, job, self.services.clock(), {})
            else:
                worker.carry_out(worker.Work(self.services.settings, self.services.registry, job, self.services.clock))

    def seen(self, browser=None) -> dict[str, str]:
        """What the page of review shows was read of: its hidden fields."""
        page = (browser or self.browser).get(PAGE).text
        found = (re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("commit", "publication"))
        return {name: one[1] for name, one in zip(("commit", "publication"), found, strict=True) if one}

    def publish(self, **more):
        """Press the button, let the worker work, give the page of the result."""
        asked = self.browser.post(PAGE, self.seen() | more)
        self.work()
        return self.browser.get(asked.location)

    def live(self, path: str) -> str:
        answer = self.browser.client.get(path, buffered=True)
        return answer.text if answer.status_code == 200 else f"status {answer.status_code}"
