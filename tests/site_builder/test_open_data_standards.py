"""The files against the standards they name, judged by other programs: frictionless, SHACL shapes, JSON Schema."""

from __future__ import annotations

import io
import json
import warnings

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from site_builder.sources import FolderSource
from tests.demonstration import CONTENT, NOW
from tests.site_builder.opendata_made import Made
from tests.site_builder.test_open_data import PLACE
from tests.site_builder.test_privacy import TYPES, filled

TABLES = ("projets", "idees", "rendez-vous")


@pytest.fixture(scope="module")
def published(tmp_path_factory, shells):
    """The open data of the demonstration town."""
    (shells / "shells").mkdir(exist_ok=True)
    made = Made(tmp_path_factory.mktemp("standards"), shells / "shells")
    made.make(FolderSource(CONTENT), NOW)
    return made


def faults(schema, data):
    """What frictionless finds wrong with a CSV."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, at import, not ours
        from frictionless import Dialect, Resource, Schema, formats

    control = formats.CsvControl(delimiter=",", double_quote=True)
    resource = Resource(
        data=data,
        format="csv",
        encoding="utf-8-sig",
        schema=Schema.from_descriptor(schema),
        dialect=Dialect(controls=[control]),
    )
    return resource.validate().flatten(["rowNumber", "fieldName", "type", "note"])


@pytest.mark.parametrize("name", TABLES)
def test_each_csv_is_valid_against_its_table_schema(published, name):
    schema = published.json(f"{name}.table-schema.json")
    checked = [file for file in sorted(published.names()) if file.startswith(name) and file.endswith(".csv")]
    assert len(checked) == 4
    assert [fault for file in checked for fault in faults(schema, (published.folder / file).read_bytes())] == []


@pytest.mark.parametrize(("type_name", "name"), [("project", "projets"), ("idea", "idees"), ("event", "rendez-vous")])
def test_a_record_with_every_field_is_valid_too_and_a_wrong_cell_is_not(town, tmp_path, shells, type_name, name):
    data = filled(TYPES[type_name]) | {"place": PLACE}
    if type_name == "idea":
        data["status"][0]["state"] = "feasible"
    ids = {"project": "2026-P007", "idea": "2026-0007", "event": "2026-E007"}
    town.put(type_name, ids[type_name], data)
    made = Made(tmp_path / "open", shells / "shells")
    made.make(town.commit())
    schema = made.json(f"{name}.table-schema.json")
    content = (made.folder / f"{name}.csv").read_bytes()
    assert faults(schema, content) == []
    assert [fault[1] for fault in faults(schema, content.replace(b"2.350", b"loin"))] == ["place.longitude"]


@pytest.mark.parametrize("name", TABLES)
def test_the_workbook_holds_what_the_csv_holds(published, name):
    schema = published.json(f"{name}.table-schema.json")
    sheet = load_workbook(published.folder / f"{name}.xlsx").worksheets[0]
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    kinds = {field["name"]: field["type"] for field in schema["fields"]}
    assert rows[0] == list(kinds)
    python = {"string": str, "array": str, "integer": int, "number": int | float, "boolean": bool}
    wrong = [
        (row[0], column, value)
        for row in rows[1:]
        for column, value in zip(rows[0], row, strict=True)
        if value is not None and not isinstance(value, python[kinds[column]])
    ]
    assert wrong == []
    assert [row[0] for row in rows[1:]] == [row["id"] for row in published.rows(f"{name}.csv")]


@pytest.mark.parametrize("name", TABLES)
def test_the_json_of_the_demonstration_town_is_valid(published, name):
    checker = Draft202012Validator(published.json(f"{name}.json-schema.json"))
    Draft202012Validator.check_schema(checker.schema)
    assert [fault.message for fault in checker.iter_errors(published.json(f"{name}.json"))] == []


@pytest.mark.parametrize("name", TABLES)
def test_the_geojson_is_a_collection_of_points_on_the_earth(published, name):
    collection = published.json(f"{name}.geojson")
    assert set(collection) == {"type", "features"}
    assert collection["type"] == "FeatureCollection"
    assert collection["features"]
    for feature in collection["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        longitude, latitude = feature["geometry"]["coordinates"]
        assert (feature["type"], feature["geometry"]["type"]) == ("Feature", "Point")
        assert -180 <= longitude <= 180
        assert -90 <= latitude <= 90


def shape_faults(catalogue, shapes):
    """What the SHACL shapes find wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib deprecates a class that its own reader of JSON-LD uses
        import pyshacl
        import rdflib

        graph = rdflib.Graph().parse(io.StringIO(catalogue), format="json-ld")
        rules = rdflib.Graph()
        for shape in shapes:
            rules.parse(shape)
        conforms, _graph, words = pyshacl.validate(graph, shacl_graph=rules, inference="none")
    return "" if conforms else words


def test_the_catalogue_conforms_to_dcat_ap_3(published, shared_data):
    shapes = [shared_data / "schemas" / "dcat-ap-3.0" / name for name in ("shapes.ttl", "dcat-ap-SHACL.ttl")]
    catalogue = published.text("catalogue.jsonld")
    assert shape_faults(catalogue, shapes) == ""
    broken = json.loads(catalogue)
    del broken["dct:description"]
    assert "description" in shape_faults(json.dumps(broken), shapes)
