"""A table that was exported to be edited comes back: unchanged it changes nothing, changed it changes just that."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from backoffice.exchange import choices, tables
from backoffice.exchange.planning import _numbering
from participation import lifecycle
from participation.importing.matched import mapping_of
from participation.importing.plan import Kind
from participation.importing.sheets import Reading
from participation.importing.table import plan_table
from participation.records import TYPES
from participation.records.base import check_raw
from participation.store import open_store
from participation.store.saving import Change
from tests.backoffice.exchange.conftest import edited
from tests.backoffice.town import FILES, NOW, make_repository
from tests.participation.generated import raw

IDS = {
    "idea": "2026-0001",
    "project": "2024-P001",
    "event": "2025-E001",
    "article": "2025-A001",
    "page": "contact",
    "edition": "2027",
    "zone": "zone-01",
    "service": "service-01",
}


class Anyone:
    role, active, service, zones = "administrator", True, "", ""


def come_back(snapshot, type_name, data, language="fr"):
    """The plan of a table that was exported from a snapshot and is read again as it is."""
    ground = choices.ground(type_name, snapshot)
    headers = [cell.value for cell in next(load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(max_row=1))]
    columns = [choices.Column(header, [], None) for header in headers]
    chosen = choices.start(ground, columns, {}, choices.Choices())
    assert set(chosen.columns) == set(headers)
    numbers = _numbering(ground, snapshot, set())
    matching = choices.matching_of(ground, chosen)
    mapping = mapping_of(ground.record_type, ground.targets, matching, numbers, Reading(guarded=True), "t.xlsx")
    return plan_table(data, "t.xlsx", mapping, snapshot, NOW.date())


def wrong(plan):
    return [
        (row.kind, row.changes, [str(one) for one in row.problems])
        for row in plan.rows
        if row.kind is not Kind.UNCHANGED
    ]


class Fake:
    """A snapshot with one more record, without a repository for each example."""

    def __init__(self, snapshot, record):
        self.real, self.record = snapshot, record

    def __getattr__(self, name):
        return getattr(self.real, name)

    def get(self, record_id):
        return self.record if record_id == self.record.id else self.real.get(record_id)

    def of_type(self, kind):
        return [self.record] if kind is type(self.record) else self.real.of_type(kind)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    files = FILES | {"instance.yml": FILES["instance.yml"].replace("[fr]", "[fr, en]")}
    return open_store(make_repository(tmp_path_factory.mktemp("trip") / "content.git", files)).snapshot()


@pytest.mark.parametrize("type_name", IDS)
@given(data=st.data())
@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a smaller example takes minutes to find
    suppress_health_check=list(HealthCheck),
)
def test_any_record_comes_back_as_it_was(snapshot, type_name, data):
    kind = TYPES[type_name]
    drawn = {name: value for name, value in data.draw(raw(kind)).items() if name != "id"}
    if drawn.get("status"):
        drawn["status"] = [{"state": data.draw(st.sampled_from(sorted(lifecycle.TABLES[type_name])))}]
    found = check_raw(kind, {**drawn, **({"id": IDS[type_name]} if kind.collective else {})}).data
    record = kind(found, id=IDS[type_name], path="x", blob="a" * 40)
    fake = Fake(snapshot, record)
    language = data.draw(st.sampled_from(["fr", "en"]))
    made = tables.made(fake, type_name, tables.Wanted(language=language), Anyone(), lambda _done, _total: None)
    assert wrong(come_back(fake, type_name, made.data)) == []


def test_rows_that_no_code_tells_apart_stay_when_a_table_with_other_changes_comes_back(importer):
    """Photos, documents and scenarios have no column; a step without its kind has none either."""
    rows = {
        "photos": [{"file": "banc.jpg", "alt": "Un banc"}],
        "documents": [{"title": "Étude", "url": "https://ville.example/etude.pdf"}],
        "steps": [{"kind": "works", "planned_start": "2024-05"}],
    }
    record = importer.record("2024-P012")
    change = Change(type(record), record.id, {**record.data, **rows}, record.blob)
    importer.services.content.store.save_many([change], author="agent-9", when=NOW, subject="Ailleurs")
    before = importer.record("2024-P012").data
    data = importer.export(columns=("title", "votes"))
    importer.send(data, "projets.xlsx")
    importer.match()
    assert importer.counts() == {"unchanged": 2}
    place = next(cell.row for cell in load_workbook(io.BytesIO(data)).worksheets[0]["A"] if cell.value == "2024-P012")
    importer.send(edited(data, **{f"B{place}": "Un autre titre"}), "projets.xlsx")
    importer.match()
    importer.press("appliquer")
    assert importer.record("2024-P012").data == {**before, "title": "Un autre titre"}
