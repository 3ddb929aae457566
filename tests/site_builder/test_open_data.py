"""The files of open data: whole, safe in a spreadsheet, without anything private, listed only when they are there."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from participation.records import TYPES
from site_builder.opendata.files import LONGEST_CSV, LONGEST_XLSX
from tests.site_builder.opendata_made import Made
from tests.site_builder.pages_read import ReadPage
from tests.site_builder.small_town import NOW, event, idea, project
from tests.site_builder.test_privacy import LATER, MARKER, filled

PLACE = {"name": "Square", "longitude": "2.350", "latitude": "48.85"}


@pytest.fixture
def made(tmp_path, shells):
    (shells / "shells").mkdir(exist_ok=True)
    return Made(tmp_path / "open", shells / "shells")


def links_of(page: str) -> set[str]:
    return {one for one in ReadPage(page).addresses() if not one.startswith(("..", "http", "mailto:", "#"))}


def test_each_type_and_each_edition_has_its_files(town, made):
    town.put("project", "2026-P002", project("Un banc", place=PLACE))
    town.put("edition", "2024", {"title": "Édition 2024"})
    town.put("project", "2024-P001", project("Un pont"))
    made.make(town.commit())
    tables = {"projets", "projets-2026", "projets-2024", "idees", "idees-2026", "rendez-vous", "rendez-vous-2026"}
    expected = {f"{name}.{ending}" for name in tables for ending in ("csv", "xlsx", "json")}
    expected |= {"projets.geojson", "projets-2026.geojson"}
    kinds = ("table-schema.json", "json-schema.json", "correspondance.yml")
    expected |= {f"{name}.{kind}" for name in ("projets", "idees", "rendez-vous") for kind in kinds}
    assert made.names() == expected | {"index.html", "inventaire.json", "catalogue.jsonld"}
    assert [row["id"] for row in made.rows("projets.csv")] == ["2024-P001", "2026-P001", "2026-P002"]
    assert [row["id"] for row in made.rows("projets-2024.csv")] == ["2024-P001"]


def test_a_row_says_codes_as_text_words_beside_them_and_amounts_as_numbers(town, made):
    town.put(
        "project",
        "2026-P002",
        project("Un banc", cost="45000.50", votes=12, place=PLACE, priority_area=True, steps=[{"kind": "works"}]),
    )
    made.make(town.commit())
    row = next(row for row in made.rows("projets.csv") if row["id"] == "2026-P002")
    expected = {
        "edition": "2026",
        "edition.words": "Édition 2026",
        "state": "works",
        "state.date": "2026-03-02",
        "title": "Un banc",
        "zone": "bief",
        "zone.words": "Le Bief",
        "theme.words": "Nature en ville",
        "cost": "45000.50",
        "votes": "12",
        "place.longitude": "2.350",
        "priority_area": "true",
        "url": "https://budget.example/projets/2026-P002/",
    }
    assert {name: row[name] for name in expected} == expected
    assert row["state.words"]
    found = {one["id"]: one for one in made.json("projets.json")}["2026-P002"]
    assert (found["cost"], found["votes"], found["place"]["longitude"]) == (45000.5, 12, 2.35)
    feature = made.json("projets.geojson")["features"][0]
    assert (feature["id"], feature["geometry"]) == ("2026-P002", {"type": "Point", "coordinates": [2.35, 48.85]})
    assert feature["properties"]["cost"] == 45000.5


def test_the_csv_is_rfc_4180_with_the_mark_of_utf_8(town, made):
    town.put("project", "2026-P002", project('Un "banc", long', description="Une ligne.\n\nUne autre."))
    made.make(town.commit())
    data = (made.folder / "projets.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,")
    assert data.endswith(b"\r\n")
    assert '"Un ""banc"", long"' in data.decode()
    assert made.rows("projets.csv")[1]["description"] == "Une ligne.\n\nUne autre."


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "'="])
def test_no_text_is_a_formula_in_a_spreadsheet(town, made, start):
    town.put("project", "2026-P002", project(f"{start}HYPERLINK(1)", partners=[f"{start}1"]))
    made.make(town.commit())
    row = made.rows("projets.csv")[1]
    assert (row["title"], row["partners"]) == (f"'{start}HYPERLINK(1)", f"'{start}1")
    sheet = load_workbook(made.folder / "projets.xlsx").worksheets[0]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert f"'{start}HYPERLINK(1)" in [cell.value for cell in cells]
    assert made.json("projets.json")[1]["title"] == f"{start}HYPERLINK(1)"


def test_a_text_that_looks_like_a_fault_of_a_spreadsheet_stays_a_text(town, made):
    town.put("project", "2026-P002", project("#N/A"))
    made.make(town.commit())
    sheet = load_workbook(made.folder / "projets.xlsx").worksheets[0]
    cells = {cell.value: cell.data_type for line in sheet.iter_rows() for cell in line}
    assert cells["#N/A"] == "s"


def test_a_text_too_long_for_a_cell_is_left_out_whole_and_told(town, made):
    rows = [{"code": f"S{number}", "description": "é" * 2_900} for number in range(12)]
    many = [{"code": f"S{number}", "description": "é" * 2_900} for number in range(36)]
    town.put("project", "2026-P002", project("Un banc", scenarios=rows))
    town.put("project", "2026-P003", project("Un pont", scenarios=many))
    made.make(town.commit())
    by_id = {row["id"]: row for row in made.rows("projets.csv")}
    assert LONGEST_XLSX < len(by_id["2026-P002"]["scenarios"]) < LONGEST_CSV
    assert by_id["2026-P003"]["scenarios"] == ""
    book = load_workbook(made.folder / "projets.xlsx")
    sheet, notes = book.worksheets
    header = [cell.value for cell in sheet[1]]
    assert [line[header.index("scenarios")].value for line in sheet.iter_rows(min_row=2)] == [None, None, None]
    told = [str(line[0].value) for line in notes.iter_rows()]
    assert told[-2:] == ["2026-P002, scenarios", "2026-P003, scenarios"]
    assert len(made.json("projets.json")[2]["scenarios"]) == 36
    page = made.text("index.html")
    assert "textes trop longs laissés de côté\u00a0: 1" in page
    assert "textes trop longs laissés de côté\u00a0: 2" in page


@pytest.mark.parametrize("type_name", ["project", "idea", "event"])
def test_no_file_holds_what_a_private_field_holds(town, made, type_name):
    ids = {"project": "2026-P007", "idea": "2026-0007", "event": "2026-E007"}
    data = filled(TYPES[type_name])
    if type_name == "idea":
        data["status"][0]["state"] = "feasible"
    path = town.put(type_name, ids[type_name], data)
    town.files[path] += f"une_cle_inconnue: {MARKER}-inconnue\n".encode()
    made.make(town.commit())
    assert any("public-title" in made.text(name) for name in made.names() if name.endswith(".csv"))
    leaks = []
    for name in made.names():
        data = (made.folder / name).read_bytes()
        texts = [data.decode()] if not name.endswith(".xlsx") else every_text(data)
        leaks += [name for text in texts if MARKER in text.lower() or "04:05:06" in text]
    assert leaks == []


def every_text(data: bytes) -> list[str]:
    book = load_workbook(io.BytesIO(data))
    return [str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line]


def test_what_is_under_embargo_is_in_no_file_before_its_time(town, made):
    status = [
        {"state": "winner", "date": "2026-01-10"},
        {"state": "abandoned", "date": "2026-05-02", "visible_from": LATER, "holds": ["cost"], "reason": "Le sol."},
    ]
    town.put("project", "2026-P002", project("Un banc", cost="7777", status=status))
    town.put("event", "2026-E002", event("Surprise", "2026-06-03", visible_from=LATER))
    source = town.commit()
    made.make(source)
    row = made.rows("projets.csv")[1]
    assert (row["state"], row["cost"], row["status"]) == ("winner", "", '[{"state":"winner","date":"2026-01-10"}]')
    assert [row["title"] for row in made.rows("rendez-vous.csv")] == ["Visite du jardin"]
    assert made.make(source, NOW + dt.timedelta(days=9))
    assert (made.rows("projets.csv")[1]["state"], made.rows("projets.csv")[1]["cost"]) == ("abandoned", "7777")
    assert made.make(source, NOW)  # a publication that was taken back is of its own moment again
    assert made.rows("projets.csv")[1]["state"] == "winner"


def test_ideas_that_are_not_public_are_in_no_file(town, made):
    town.put("idea", "2026-0002", idea("Un brouillon", "draft"))
    made.make(town.commit())
    assert [row["id"] for row in made.rows("idees.csv")] == ["2026-0001"]


def test_only_what_changed_is_made_again(town, made):
    town.put("edition", "2024", {"title": "Édition 2024"})
    town.put("project", "2024-P001", project("Un pont"))
    source = town.commit()
    assert made.make(source)
    assert made.make(source) == []
    town.put("project", "2026-P001", project("Un verger"))
    changed = set(made.make(town.commit()))
    endings = ("csv", "xlsx", "json")
    assert changed == {f"{name}.{ending}" for name in ("projets", "projets-2026") for ending in endings}


def test_a_new_name_of_a_zone_is_in_the_files(town, made):
    made.make(town.commit())
    town.files["zones.geojson"] = town.files["zones.geojson"].replace(b"Le Bief", b"Le Grand Bief")
    assert "projets.csv" in made.make(town.commit())
    assert made.rows("projets.csv")[0]["zone.words"] == "Le Grand Bief"


def test_files_of_what_is_no_more_go(town, made):
    path = town.put("project", "2026-P002", project("Un banc", place=PLACE))
    town.put("edition", "2024", {"title": "Édition 2024"})
    old = town.put("project", "2024-P001", project("Un pont"))
    made.make(town.commit())
    del town.files[path], town.files[old]
    made.make(town.commit())
    assert {"projets.geojson", "projets-2024.csv"} & made.names() == set()
    assert links_of(made.text("index.html")) <= made.names()


def test_the_page_leads_to_every_file_and_to_no_other(town, made):
    town.put("project", "2026-P002", project("Un banc", place=PLACE))
    made.make(town.commit())
    assert links_of(made.text("index.html")) == made.names() - {"index.html", "inventaire.json"}


def test_a_site_without_its_files_has_the_page_and_it_leads_to_none(town, sites):
    sites.build(town.commit())
    page = sites.page("donnees")
    assert "Les fichiers ne sont pas encore prêts." in page
    assert links_of(page) == set()
    assert 'href="../donnees/"' in sites.page("projets")
    assert 'href="../donnees/"' in sites.page("agenda")


def test_a_damaged_inventory_or_cache_only_costs_time(town, made):
    source = town.commit()
    made.make(source)
    (made.folder / "inventaire.json").write_text("{", encoding="utf-8")
    for kept in (made.folder.parent.parent / "cache" / "donnees").iterdir():
        kept.write_bytes(b"\xc1")
    assert "projets.csv" in made.make(source)
    assert made.make(source) == []


def test_a_file_that_somebody_deleted_is_made_again(town, made):
    source = town.commit()
    made.make(source)
    (made.folder / "projets.csv").unlink()
    assert made.make(source) == ["projets.csv"]


def test_hostile_words_stay_words(town, made):
    town.put("edition", "2026", {"title": "<script>alert(1)</script>", "themes": [{"id": "nature"}]})
    town.put("idea", "2026-0001", idea("Une idée", theme="nature"))
    made.make(town.commit())
    assert "<script>alert" not in made.text("index.html")
    assert made.rows("projets.csv")[0]["edition.words"] == "<script>alert(1)</script>"


def test_the_json_is_valid_against_its_schema(town, made):
    for type_name, id in {"project": "2026-P007", "idea": "2026-0007", "event": "2026-E007"}.items():
        data = filled(TYPES[type_name])
        if type_name == "idea":
            data["status"][0]["state"] = "feasible"
        town.put(type_name, id, data)
    made.make(town.commit())
    for name in ("projets", "idees", "rendez-vous"):
        checker = Draft202012Validator(made.json(f"{name}.json-schema.json"))
        assert [fault.message for fault in checker.iter_errors(made.json(f"{name}.json"))] == []


def test_the_catalogue_names_every_file_with_its_licence(town, made):
    from tests.site_builder.small_town import INSTANCE

    town.put("instance", "instance", INSTANCE | {"legal": {"publisher": "Ville", "licence": "Licence Ouverte 2.0"}})
    made.make(town.commit())
    catalogue = made.json("catalogue.jsonld")
    files = [one for data_set in catalogue["dcat:dataset"] for one in data_set["dcat:distribution"]]
    assert {one["dct:title"]["@value"] for one in files} == {
        name for name in made.names() if name.count(".") == 1 and name.rpartition(".")[2] in ("csv", "xlsx", "json")
    } - {"inventaire.json"}
    assert {one["dct:license"]["@id"].rpartition("/")[2] for one in files} == {"ETALAB_2_0"}
    sizes = {one["dct:title"]["@value"]: int(one["dcat:byteSize"]["@value"]) for one in files}
    assert sizes == {name: (made.folder / name).stat().st_size for name in sizes}
    assert "Licence Ouverte 2.0" in made.text("index.html")


def test_every_row_has_every_column(town, made):
    made.make(town.commit())
    lines = list(csv.reader(io.StringIO(made.text("projets.csv"), newline="")))
    schema = json.loads(made.text("projets.table-schema.json"))
    assert lines[0] == [field["name"] for field in schema["fields"]]
    assert {len(line) for line in lines} == {len(lines[0])}
