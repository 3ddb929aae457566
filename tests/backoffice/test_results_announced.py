"""Results that are announced for a moment go live at that moment by themselves, and not before."""

from __future__ import annotations

import pytest

from participation.records import TYPES
from tests.backoffice.publisher import Publisher
from tests.backoffice.town import NOW

ANNOUNCED = "2025-11-26T18:00:00+01:00"
PAGE = "/editions/2024/resultats/"


@pytest.fixture
def office(app, browser_of):
    return Publisher(app, browser_of)


def saved(office, type_name, id, changes):
    store = office.services.content.store
    record = store.snapshot().get(id)
    blob = record.blob if record is not None else None
    store.save(TYPES[type_name], id, changes, base_blob=blob, author="agent-1", when=NOW)


def test_results_go_live_by_themselves_at_the_moment_of_the_announcement(office, clock):
    saved(office, "edition", "2024", {"budget": "200000"})
    for id in ("2024-P007", "2024-P012"):
        saved(office, "project", id, {"cost": "85000"})
    saved(office, "rule", "2024-rule", {"ties": ["id"], "announced": ANNOUNCED})
    office.publish()
    assert office.live(PAGE) == "status 404"
    clock.forward(days=1)
    office.work()
    assert office.live(PAGE) == "status 404"
    clock.forward(days=2)
    office.work()
    assert "Retenu avec 412 voix" in office.live(PAGE).replace("\u00a0", " ")
    assert "2024-P007" in office.live("/donnees/resultats-2024.csv")
