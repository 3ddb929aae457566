"""The real server under many hands and under kill -9: nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from http.client import HTTPException

import pytest

from backoffice.app import utc_now
from backoffice.jobs import queue
from backoffice.jobs.kinds import PUBLISH
from backoffice.registry import Registry, accounts
from participation.store import open_store
from participation.store.git import GitRepo
from site_builder.releases import Site
from tests.backoffice.agents import Agent, served
from tests.backoffice.conftest import PASSWORD
from tests.backoffice.town import NOW

KILLS = int(os.environ.get("LAUREAT_KILLS", "3"))
RECORDS = ("2024-P007", "2024-P012", "2026-0050", "2026-0052")
FIELDS = ("summary", "note")  # two agents on the same record: their saves are merged
SAVES = 25


@pytest.fixture
def place(tmp_path, repository):
    """What `laureat serve` finds under LAUREAT_VAR: the small town, and an account for each agent."""
    shutil.copytree(repository, tmp_path / "content.git")
    registry = Registry(f"sqlite:///{tmp_path / 'registry.sqlite'}")
    for login in [*map(_login, range(len(RECORDS) * len(FIELDS))), "publisher@ville.example"]:
        accounts.create(registry, login, login, "publisher", PASSWORD, NOW)
    registry.close()
    return tmp_path


class Writer(threading.Thread):
    """An agent that counts upwards in one field of one record, and keeps the last number that was acknowledged.

    `known` is the last one of an earlier server: a slow machine may be killed before it acknowledges any more.
    """

    def __init__(self, port: int, number: int, first: int, last: int, known: int = -1) -> None:
        super().__init__(daemon=True)
        self.record, self.field = RECORDS[number % len(RECORDS)], FIELDS[number // len(RECORDS)]
        self.acknowledged = known
        self.refused: list[int] = []
        self._numbers = range(first, last)
        self._agent = Agent(port, _login(number))
        self._agent.sign_in()

    def run(self) -> None:
        for number in self._numbers:
            try:
                status = self._agent.save(self.record, {self.field: f"Passage {number}"})
            except (OSError, HTTPException):  # the server was killed, maybe in the middle of an answer
                return
            if status != 303:
                self.refused.append(status)
                return
            self.acknowledged = number


def test_two_hundred_saves_at_once_through_two_processes_lose_nothing(place):
    with served(place) as server:
        writers = _at_work(server.port, 0, SAVES)
        for writer in writers:
            writer.join()
    assert [writer.refused for writer in writers] == [[]] * len(writers)
    store = open_store(place / "content.git")
    assert [_number(store, writer) for writer in writers] == [SAVES - 1] * len(writers)
    versions = [version for record in RECORDS for version in store.history(record) if version.action == "save"]
    assert len(versions) == SAVES * len(writers)


def test_killed_while_saving_and_publishing_nothing_acknowledged_is_lost(place):
    moments = random.Random(2026)
    first, numbers = 0, None
    for _kill in range(KILLS):
        with served(place) as server:
            publisher = Agent(server.port, "publisher@ville.example")
            publisher.sign_in()
            writers = _at_work(server.port, first, first + 1_000, numbers)
            status, _page = publisher.send("publier", publisher.ask("publier")[1], {})
            assert status == 303
            time.sleep(moments.uniform(0.2, 2.5))
            server.kill()
            for writer in writers:
                writer.join()
        assert [writer.refused for writer in writers] == [[]] * len(writers)
        store = open_store(place / "content.git")
        numbers = [_number(store, writer) for writer in writers]
        assert all(number >= writer.acknowledged for number, writer in zip(numbers, writers, strict=True))
        first = max(numbers) + 1
    with served(place), GitRepo(place / "content.git") as repo:
        assert repo.fsck() == ""
        assert _published(place)
    with Site.open(place / "site") as site:
        assert site.current().source_commit == open_store(place / "content.git").published().commit
    assert "</html>" in (place / "site/current/projets/2024-P007/index.html").read_text()


def _login(number: int) -> str:
    return f"agent{number}@ville.example"


def _at_work(port: int, first: int, last: int, known: list[int] | None = None) -> list[Writer]:
    known = known or [-1] * len(RECORDS) * len(FIELDS)
    writers = [Writer(port, number, first, last, last_known) for number, last_known in enumerate(known)]
    for writer in writers:
        writer.start()
    return writers


def _number(store, writer: Writer) -> int:
    words = str(store.snapshot().get(writer.record).data.get(writer.field, ""))
    return int(words.rpartition(" ")[2]) if words.startswith("Passage") else -1


def _published(place) -> bool:
    """Whether what was asked for ends well, by the worker that follows the killed ones."""
    registry = Registry(f"sqlite:///{place / 'registry.sqlite'}")
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and queue.running(registry, utc_now(), PUBLISH) is not None:
            time.sleep(0.1)
        return queue.last_finished(registry, PUBLISH).state == queue.DONE
    finally:
        registry.close()
