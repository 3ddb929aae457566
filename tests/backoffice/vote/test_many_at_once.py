"""Forty polling places entered by ten people at once: nothing is lost, no place mixes with another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from backoffice.app import create_app
from backoffice.registry import accounts
from backoffice.services import KEY
from participation.counting.count import count
from participation.counting.reading import read_vote
from participation.store import open_store
from tests.backoffice.conftest import PASSWORD, Browser
from tests.backoffice.town import NOW, make_repository
from tests.backoffice.voting_town import VOTING

PLACES = [f"2026-V{number:03}" for number in range(1, 41)]
PEOPLE = 10


@pytest.fixture
def repository(tmp_path):
    """The town with forty polling places."""
    files = {f"editions/2026/votes/{place}.yml": f"title: Bureau {place}\n" for place in PLACES}
    return make_repository(tmp_path / "forty.git", VOTING | files)


def test_forty_places_entered_by_ten_people_lose_nothing(settings, clock):
    applications = [create_app(settings, clock) for _process in range(2)]  # as two web processes would
    registry = applications[0].extensions[KEY].registry
    for number in range(PEOPLE):
        accounts.create(registry, f"agent{number}@ville.example", f"Agent {number}", "editor", PASSWORD, NOW)

    together = Barrier(PEOPLE, timeout=60)

    def work(number: int) -> None:
        browser = Browser(applications[number % 2])
        browser.sign_in(f"agent{number}")
        for turn in (1, 2):
            together.wait()  # in the second turn each takes the places that somebody else entered first
            for place in PLACES[(number + turn - 1) % PEOPLE :: PEOPLE]:
                enter(browser, place, turn)

    def enter(browser: Browser, place: str, turn: int) -> None:
        page = f"/gestion/vote/lieu/{place}"
        browser.get(page)
        browser.post(f"{page}/saisie", {"number": str(turn), "mode": "ballots"})
        lines = ["1 2", "3", "4 5", "2"][: 1 + int(place[-2:]) % 4]
        for line in lines if turn == 1 else reversed(lines):
            assert browser.post(f"{page}/saisie/{turn}", {"_do": "type", "typed": line}).status_code == 303
        sent = {"_do": "finish", "found": str(len(lines))}
        assert browser.post(f"{page}/saisie/{turn}", sent).status_code == 303
        if turn == 2:
            assert browser.post(f"{page}/clore").status_code == 303

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(work, range(PEOPLE)))

    snapshot = open_store(settings.content).snapshot()
    expected = {place: 1 + int(place[-2:]) % 4 for place in PLACES}
    assert {place: snapshot.get(place).tally.found for place in PLACES} == expected
    vote = read_vote(snapshot, "2026")
    result = count(vote.rule, vote.contest, vote.box)
    assert result.voters == sum(expected.values())
    assert result.votes["2026-P001"] == len(PLACES)
    for application in applications:
        application.extensions[KEY].registry.close()
