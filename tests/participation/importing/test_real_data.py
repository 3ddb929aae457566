"""The real files: what the town of Paris, Toulouse, Avignon and Barcelona published comes in, twice without harm."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from participation.importing.applying import apply
from participation.importing.errors import ImportRefused
from participation.importing.events import plan_events
from participation.importing.mapping_reader import read_mapping
from participation.importing.pabulib import plan_pabulib
from participation.importing.plan import Kind
from participation.importing.table import plan_table
from participation.records import Project

WHEN = dt.datetime(2025, 11, 21, 10, 0, tzinfo=dt.UTC)
EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


@pytest.fixture
def imported(store, shared_data):
    """`imported(file, mapping)` imports a table with one of the examples and gives its plan."""

    def run(file, mapping):
        checked = read_mapping((EXAMPLES / mapping).read_bytes(), mapping)
        content = (shared_data / file).read_bytes()
        plan = plan_table(content, Path(file).name, checked, store.snapshot(), WHEN.date())
        apply(plan, store, author="import", when=WHEN)
        return plan

    return run


def test_the_winners_of_paris_come_in_and_a_later_file_changes_only_what_changed(imported, store, faults):
    first = imported("paris-budget-participatif/bp_projets_gagnants_2024-10.csv", "paris-laureats.yml")
    assert len(first.of_kind(Kind.NEW, "project")) == 1_214
    assert first.of_kind(Kind.ERROR) == []
    assert faults() == []
    before = {project.id: project for project in store.snapshot().of_type(Project)}
    untitled = [project.id for project in before.values() if "title" not in project.data]
    assert len(untitled) == 5
    assert before["2014-P2204"].display_title == "Sans titre (n°\u00a02014-P2204)"
    whole = [project for project in before.values() if project.data.get("place") == "whole_territory"]
    assert len(whole) == 63
    assert [project.id for project in whole if "zone" in project.data] == []

    second = imported("paris-budget-participatif/bp_projets_gagnants_2025.csv", "paris-laureats-2025.yml")
    assert len(second.of_kind(Kind.NEW, "project")) == 130
    assert second.of_kind(Kind.NEW, "zone") == []
    assert second.of_kind(Kind.ERROR) == []
    changed = {row.id: row for row in second.of_kind(Kind.CHANGED, "project")}
    assert len(changed) == 369
    assert all(row.changes for row in changed.values())
    after = {project.id: project for project in store.snapshot().of_type(Project)}
    assert len(after) == 1_344
    assert [id for id, project in before.items() if id not in changed and after[id].blob != project.blob] == []
    assert faults() == []

    third = imported("paris-budget-participatif/bp_projets_gagnants_2025.csv", "paris-laureats-2025.yml")
    assert third.writes == []


def test_toulouse_and_its_twenty_districts_are_one_edition_without_double_projects(store, shared_data, faults):
    folder = shared_data / "pabulib" / "pb_files"
    for edition, pattern, projects in (
        ("2019", "France_Toulouse_2019.pb", 30),
        ("2022", "France_Toulouse_2022*.pb", 199),
    ):
        files = [(file.name, file.read_bytes()) for file in sorted(folder.glob(pattern))]
        plan = plan_pabulib(files, store.snapshot(), edition)
        assert len(plan.of_kind(Kind.NEW, "project")) == projects
        apply(plan, store, author="import", when=WHEN)
        assert plan_pabulib(files, store.snapshot(), edition).writes == []
    edition = store.snapshot().get("2022")
    assert edition.data["budget"] == "8000000"
    assert len(edition.data["envelopes"]) == 20
    assert edition.data["turnout"] == {"voters": 4532}
    assert "Perrine" not in str([project.data for project in store.snapshot().of_type(Project)])
    assert faults() == []


def test_every_pabulib_file_is_read_or_refused_in_words(store, shared_data):
    for file in sorted((shared_data / "pabulib").rglob("*.pb")):
        files = [(file.name, file.read_bytes())]
        if file.name == "example_invalid.pb":
            with pytest.raises(ImportRefused, match="monnaie"):
                plan_pabulib(files, store.snapshot(), "2025")
            continue
        plan = plan_pabulib(files, store.snapshot(), "2025")
        assert plan.of_kind(Kind.ERROR) == [], file.name
        assert plan.of_kind(Kind.NEW, "project"), file.name


@pytest.mark.parametrize(
    ("file", "mapping", "type_name", "count"),
    [
        ("avignon-evenements/84007-journeesPatrimoine2022.csv", "avignon-evenements.yml", "event", 59),
        ("decidim-barcelona/meetings.csv", "barcelone-rencontres.yml", "event", 410),
        ("decidim-budgets-importer/projects-import.csv", "decidim-budgets.yml", "project", 2),
        ("decidim-budgets-importer/projects-import.xlsx", "decidim-budgets.yml", "project", 2),
        (
            "cap-collectif-exports/budget-participatif-rennes_collecte-des-propositions.csv",
            "cap-collectif-propositions.yml",
            "idea",
            8,
        ),
    ],
)
def test_the_examples_suit_their_files(imported, faults, file, mapping, type_name, count):
    plan = imported(file, mapping)
    assert len(plan.of_kind(Kind.NEW, type_name)) == count
    assert plan.of_kind(Kind.ERROR) == []
    assert faults() == []
    assert imported(file, mapping).writes == []


def test_csv_and_xlsx_of_the_same_table_give_the_same_records(imported):
    imported("decidim-budgets-importer/projects-import.csv", "decidim-budgets.yml")
    assert imported("decidim-budgets-importer/projects-import.xlsx", "decidim-budgets.yml").writes == []


def test_no_example_takes_people_over(imported, store):
    imported(
        "cap-collectif-exports/budget-participatif-rennes_collecte-des-propositions.csv",
        "cap-collectif-propositions.yml",
    )
    text = str([record.data for record in store.snapshot()])
    assert [word for word in ("lbrunet", "sfavot", "johnsmith", "@") if word in text] == []


def test_the_events_of_openagenda_come_in_and_stay_what_they_are(store, shared_data, faults):
    content = (shared_data / "openagenda" / "evenements-publics-openagenda_40.json").read_bytes()
    plan = plan_events(content, "agenda.json", store.snapshot())
    assert len(plan.of_kind(Kind.NEW)) == 40
    apply(plan, store, author="import", when=WHEN)
    assert plan_events(content, "agenda.json", store.snapshot()).writes == []
    assert faults() == []
    assert "@" not in str([record.data for record in store.snapshot()])


UNREADABLE = {
    "fuzz_testcase_0_char_in_component_name.ics",
    "fuzz_testcase_vtimezone_lone_cr.ics",
    "issue_104_broken_calendar.ics",
}


def test_every_calendar_of_the_fixtures_is_read_or_refused_in_words(store, shared_data, faults):
    files = sorted((shared_data / "icalendar-fixtures").rglob("*.ics"))
    assert len(files) == 82
    for file in files:
        if file.name in UNREADABLE:
            with pytest.raises(ImportRefused, match=file.name):
                plan_events(file.read_bytes(), file.name, store.snapshot())
            continue
        plan = plan_events(file.read_bytes(), file.name, store.snapshot(), system=file.stem)
        apply(plan, store, author="import", when=WHEN)
        for row in plan.of_kind(Kind.ERROR):
            assert all(problem.line for problem in row.problems), file.name
        if not plan.rows:
            assert any("aucun rendez-vous" in str(problem) for problem in plan.notes), file.name
    assert faults() == []
