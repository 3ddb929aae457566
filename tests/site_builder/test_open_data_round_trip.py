"""What a site publishes and `laureat import table` reads again changes nothing; corrections are taken."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from participation.importing.applying import apply
from participation.importing.mapping_reader import read_mapping
from participation.importing.plan import Kind
from participation.importing.table import plan_table
from participation.problems import Severity
from participation.store import open_store
from participation.store.git import EMPTY_TREE, MAIN, GitRepo
from site_builder.sources import GitSource
from tests.demonstration import CONTENT
from tests.site_builder.opendata_made import Made
from tests.site_builder.small_town import INSTANCE, project
from tests.site_builder.test_open_data import PLACE

WHEN = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
TABLES = ("projets", "idees", "rendez-vous")


@pytest.fixture
def made(tmp_path, shells):
    (shells / "shells").mkdir(exist_ok=True)
    return Made(tmp_path / "open", shells / "shells")


def bare(path, files):
    """A bare repository with these files."""
    with GitRepo.init_bare(path) as repo:
        tree, new = repo.build(EMPTY_TREE, files)
        commit = repo.write_commit(tree, new, [], "Début", "laureat", WHEN)
        repo.compare_and_swap(MAIN, commit, None)
    return open_store(path)


@pytest.fixture(scope="module")
def demonstration_town(tmp_path_factory, shells):
    """The store of the demonstration town, and its open data."""
    folder = tmp_path_factory.mktemp("round-trip")
    files = {
        path.relative_to(CONTENT).as_posix(): path.read_bytes()
        for path in CONTENT.rglob("*")
        if path.is_file() and path.suffix in (".yml", ".geojson", ".svg")
    }
    store = bare(folder / "town.git", files)
    (shells / "shells").mkdir(exist_ok=True)
    published = Made(folder / "open", shells / "shells")
    published.make(GitSource(folder / "town.git", store.head()), WHEN)
    return store, published


def planned(store, published, name, data=None, mapping=None):
    """The plan of importing one of the published files, with the mapping beside it."""
    table = name.partition(".")[0].split("-2")[0]
    mapping = mapping or published.folder / f"{table}.correspondance.yml"
    content = data if data is not None else (published.folder / name).read_bytes()
    return plan_table(content, name, read_mapping(mapping.read_bytes(), mapping.name), store.snapshot(), WHEN.date())


def told(plan):
    errors = [str(problem) for problem in plan.problems if problem.severity is Severity.ERROR]
    return [(row.id, [(c.path, c.before, c.after) for c in row.changes]) for row in plan.writes], errors


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("name", TABLES)
def test_the_demonstration_town_read_again_changes_nothing(demonstration_town, name, ending):
    plan = planned(*demonstration_town, f"{name}.{ending}")
    assert len(plan.rows) > 30
    assert told(plan) == ([], [])
    assert [note for note in map(str, plan.notes) if "laissées de côté" in note or "ne nomme pas" in note] == []


@pytest.mark.parametrize("name", TABLES)
def test_one_edition_read_again_changes_nothing(demonstration_town, name):
    assert told(planned(*demonstration_town, f"{name}-2024.csv")) == ([], [])


def test_the_winners_of_paris_read_again_change_nothing(tmp_path, shared_data, made):
    store = bare(tmp_path / "paris.git", {"instance.yml": b"schema: 1\ntitle: Budget participatif\nname: Paris\n"})
    mapping = read_mapping((EXAMPLES / "paris-laureats.yml").read_bytes(), "paris-laureats.yml")
    file = shared_data / "paris-budget-participatif" / "bp_projets_gagnants_2024-10.csv"
    apply(
        plan_table(file.read_bytes(), file.name, mapping, store.snapshot(), WHEN.date()), store, author="a", when=WHEN
    )
    made.make(GitSource(tmp_path / "paris.git", store.head()), WHEN)
    for file_name in ("projets.csv", "projets.xlsx"):
        plan = planned(store, made, file_name, mapping=EXAMPLES / "donnees-ouvertes-projets.yml")
        assert len(plan.of_kind(Kind.UNCHANGED, "project")) == 1_214
        assert told(plan) == ([], [])


HARD = {
    "title": {"fr": '=2+2, "l’ombre"', "en": "-shade"},
    "summary": "'=déjà une apostrophe",
    "description": "+ Une liste ?\n\n- un\n- deux; trois",
    "partners": ["Dupont, Fils"],
    "contractors": ["Un; deux"],
    "cost": "45000.50",
    "upkeep": "0",
    "votes": 0,
    "priority_area": False,
    "place": PLACE,
    "owner": {"kind": "association", "organisation": "@mies du Bief", "person": "p-abcdef12"},
    "budget_as_of": "2026-05",
    "steps": [
        {"kind": "works", "planned_start": "2026", "note": {"fr": "Un peu tard", "en": "A little late"}},
        {"kind": "works", "planned_start": "2027"},
        {"kind": "other", "title": "_x0041_"},
    ],
    "photos": [{"file": "banc.svg", "alt": "Un banc"}],
    "note": "Jamais publiée",
}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("languages", [["fr", "en"], ["fr"], ["en", "fr"]])
def test_whatever_a_record_holds_comes_back_as_it_was(town, made, ending, languages):
    town.put("instance", "instance", INSTANCE | {"languages": languages})
    town.put("project", "2026-P002", project("x") | HARD)
    town.put(
        "project", "2026-P003", project("Toute la ville", place="whole_territory", contractors=["Un; deux", "Trois"])
    )
    town.put("project", "2026-P004", {"title": {"en": "Only English"}})
    source = town.commit()
    made.make(source)
    assert told(planned(open_store(town.path), made, f"projets.{ending}")) == ([], [])


def test_a_state_still_under_embargo_is_not_taken_back(town, made):
    status = [
        {"state": "winner", "date": "2026-01-10"},
        {"state": "abandoned", "date": "2026-05-02", "visible_from": "2027-05-25T08:00:00+02:00", "reason": "Le sol."},
    ]
    town.put("project", "2026-P002", project("Un banc", status=status))
    made.make(town.commit())
    assert told(planned(open_store(town.path), made, "projets.csv")) == ([], [])


def corrected(made, id, **cells):
    """The CSV of projects with some cells of one record changed, as a spreadsheet program saves it."""
    rows = made.rows("projets.csv")
    next(row for row in rows if row["id"] == id).update(cells)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def test_a_correction_changes_its_field_and_nothing_else(town, made):
    town.put("instance", "instance", INSTANCE | {"languages": ["fr", "en"]})
    town.put("project", "2026-P002", project("x") | HARD)
    made.make(town.commit())
    cells = {"title.en": "A bench", "votes": "12", "steps.works.note": "Bien tard", "url": "x", "state.words": "Livré"}
    plan = planned(open_store(town.path), made, "projets.csv", corrected(made, "2026-P002", **cells))
    (row,) = plan.writes
    before, after = dict(row.base.data), dict(row.data)
    assert after.pop("title") == before.pop("title") | {"en": "A bench"}
    assert (after.pop("votes"), before.pop("votes")) == (12, 0)
    steps, was = after.pop("steps"), before.pop("steps")
    assert steps[0] == was[0] | {"note": {"fr": "Bien tard", "en": "A little late"}}
    assert steps[1:] == was[1:]
    assert after == before


def test_a_column_taken_out_of_the_file_is_a_fault_of_the_mapping_and_nothing_is_written(town, made):
    made.make(town.commit())
    data = (made.folder / "projets.csv").read_bytes().replace(b",votes,", b",voix,")
    from participation.importing.errors import ImportRefused

    with pytest.raises(ImportRefused, match="votes"):
        planned(open_store(town.path), made, "projets.csv", data)


def test_an_empty_cell_leaves_the_field_as_it_is(town, made):
    town.put("project", "2026-P002", project("Un banc", votes=12))
    made.make(town.commit())
    data = corrected(made, "2026-P002", votes="", title="", **{"steps.works.note": ""})
    assert told(planned(open_store(town.path), made, "projets.csv", data)) == ([], [])


def test_the_second_sheet_says_where_the_data_come_from(demonstration_town):
    _store, published = demonstration_town
    notes = load_workbook(published.folder / "projets.xlsx").worksheets[1]
    assert [line[0].value for line in notes.iter_rows()][:3] == ["Source", "Licence", "Données du"]
