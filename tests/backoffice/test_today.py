"""The first page of the office: what waits for whom, and quiet when there is nothing."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from backoffice.home import waiting
from backoffice.records.listing import Index
from backoffice.registry.schema import Account
from backoffice.services import KEY
from participation.records import TYPES
from tests.backoffice.town import NOW

TODAY = dt.date(2025, 11, 24)


@pytest.fixture
def store(app):
    return app.extensions[KEY].content.store


def change(store, record_id: str, fields: dict[str, object]) -> None:
    record = store.snapshot().get(record_id)
    store.save(TYPES[record.type_name], record_id, fields, base_blob=record.blob, author="agent-1", when=NOW)


def told(app, store, today: dt.date = TODAY, service: str = "", done=frozenset()) -> dict[str, list[str]]:
    """Kind of section -> the records it names."""
    with app.test_request_context("/gestion/"):
        found = waiting.sections(Index.of(store.snapshot()), today, service, done)
    return {section.name: [item.key for item in section.items] for section in found}


def test_ideas_without_a_service_wait_to_be_given_to_one(app, store):
    assert told(app, store) == {"service": ["2026-0050", "2026-0052"]}


def test_a_service_sees_its_own_studies_only(app, store):
    change(store, "2026-0050", {"service": "espaces-verts"})
    assert told(app, store, service="espaces-verts") == {"studies": ["2026-0050"]}
    assert told(app, store, service="voirie") == {}


def test_what_is_late_is_told_with_its_step_and_its_days(app, store, browser_of, clock):
    clock.now = dt.datetime(2026, 1, 10, 9, tzinfo=dt.UTC)
    text = browser_of("editor").get("/gestion/").text
    assert "«\u00a0Travaux\u00a0», à finir pour le 31\u00a0décembre 2025" in text
    assert "10 jours de retard" in text
    assert told(app, store, dt.date(2026, 1, 10), "voirie") == {"complete": ["2025-E014"]}


def test_meetings_are_confirmed_before_and_completed_after(app, store):
    change(store, "2025-E014", {"state": "tentative"})
    assert told(app, store)["confirm"] == ["2025-E014"]
    after = dt.date(2025, 12, 20)
    assert "confirm" not in told(app, store, after)
    assert told(app, store, after)["complete"] == ["2025-E014"]
    change(store, "2025-E014", {"attendance": "31"})
    assert "complete" not in told(app, store, after)


def test_an_owner_is_to_be_told_of_a_decision_until_someone_has_done_it(app, store, browser_of):
    rows = [
        {"state": "submitted", "date": "2025-11-10"},
        {"state": "inadmissible", "date": "2025-11-19", "reason": "Hors du territoire."},
    ]
    change(store, "2026-0052", {"owner": {"person": "p-abcdef1234"}, "status": rows})
    assert told(app, store)["people"] == ["2026-0052"]
    browser = browser_of("editor")
    browser.get("/gestion/")
    assert browser.post("/gestion/fiche/2026-0052/prevenue/1").status_code == 303
    assert "Personnes à prévenir" not in browser.get("/gestion/").text
    assert browser.post("/gestion/fiche/2026-0052/prevenue/9").status_code == 404


def test_an_account_with_a_service_opens_on_its_own_work(app, store, browser_of):
    change(store, "2026-0050", {"service": "espaces-verts"})
    browser = browser_of("editor")
    with app.extensions[KEY].registry.begin() as transaction:
        person = transaction.query(Account).filter(Account.role == "editor").one()
        person.service = "espaces-verts"
    text = browser.get("/gestion/").text
    assert re.findall(r'id="w-(\w+)"', text) == ["studies"]


def test_the_page_is_quiet_when_there_is_nothing(app, store, browser_of):
    for record_id in ("2026-0050", "2026-0052"):
        change(store, record_id, {"service": "voirie"})
    store.publish(author="agent-1", when=NOW)
    assert "Rien n’attend" in browser_of("editor").get("/gestion/").text
