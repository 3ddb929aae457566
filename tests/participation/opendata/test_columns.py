"""Columns, schemas and mappings come from the declarations: every public field, no private one, each under one name."""

from __future__ import annotations

from pathlib import Path

import pytest

from participation.importing.mapping_reader import read_mapping
from participation.importing.people import may_name_people
from participation.opendata.columns import PUBLISHED, Holds, columns, value
from participation.opendata.table_schema import table_schema
from participation.opendata.way_back import mapping
from participation.records import TYPES
from participation.records.containers import Group, Rows

DOCS = Path(__file__).parents[3] / "docs"
LANGUAGES = ("fr", "en")


def by_name(type_name):
    return {column.name: column for column in columns(TYPES[type_name], LANGUAGES)}


@pytest.mark.parametrize("type_name", PUBLISHED)
def test_every_public_field_has_a_column_and_no_private_one_has(type_name):
    names = [column.name for column in columns(TYPES[type_name], LANGUAGES)]
    assert len(names) == len(set(names))
    tops = {name.partition(".")[0] for name in names}
    for name, field in TYPES[type_name].fields.items():
        assert (name in tops) == field.public, name
        if isinstance(field, Group | Rows) and field.public:
            for inner, declared in field.part.fields.items():
                if not declared.public:
                    assert [one for one in names if one.startswith(f"{name}.") and one.endswith(f".{inner}")] == []


@pytest.mark.parametrize("type_name", PUBLISHED)
def test_no_column_may_name_people(type_name):
    assert [name for name in by_name(type_name) if may_name_people(name)] == []


@pytest.mark.parametrize(
    ("name", "shown", "expected"),
    [
        ("title", {"title": "Un banc"}, "Un banc"),
        ("title.en", {"title": "Un banc"}, None),
        ("title", {"title": {"fr": "Un banc", "en": "A bench"}}, "Un banc"),
        ("title.en", {"title": {"fr": "Un banc", "en": "A bench"}}, "A bench"),
        ("title", {"title": {"en": "A bench"}}, None),
        ("place", {"place": "whole_territory"}, "whole_territory"),
        ("place.address", {"place": {"address": "1 quai Neuf"}}, "1 quai Neuf"),
        ("place.address", {"place": "whole_territory"}, None),
        ("ideas", {"ideas": ["2024-0001", "2024-0002"]}, "2024-0001, 2024-0002"),
        ("priority_area", {"priority_area": False}, False),
        ("steps.works.note", {"steps": [{"kind": "works", "note": "Oui"}, {"kind": "works", "note": "Non"}]}, "Oui"),
        ("steps.works.note", {"steps": [{"kind": "design", "note": "Oui"}]}, None),
        ("state", {"status": [{"state": "winner"}, {"state": "works"}]}, "works"),
        ("state", {}, None),
        ("photos", {"photos": [{"file": "banc.svg"}]}, [{"file": "banc.svg"}]),
    ],
)
def test_what_stands_in_a_column(name, shown, expected):
    assert value(by_name("project")[name], "2024-P001", shown, {}, "fr") == expected


@pytest.mark.parametrize("type_name", PUBLISHED)
def test_the_schema_marks_what_an_import_leaves_alone(type_name):
    fields = {field["name"]: field for field in table_schema(TYPES[type_name], LANGUAGES)["fields"]}
    assert set(fields) == set(by_name(type_name))
    derived = {name for name, field in fields.items() if field.get("laureat:derived")}
    assert {"url", "zone.words"} <= derived
    left = {name for name, field in fields.items() if field.get("laureat:imported") is False}
    assert left == derived | {name for name, column in by_name(type_name).items() if column.holds is Holds.ROWS}


@pytest.mark.parametrize("type_name", PUBLISHED)
@pytest.mark.parametrize("languages", [("fr",), ("fr", "en"), ("en", "fr")])
def test_the_mapping_back_names_every_column_and_no_derived_one_is_read(type_name, languages):
    checked = read_mapping(mapping(TYPES[type_name], languages).encode(), "retour.yml")
    read = {name for source in checked.sources for name in source.columns}
    if checked.state:
        read |= set(checked.state.columns)
    declared = columns(TYPES[type_name], languages)
    assert read | {"id"} == {column.name for column in declared if column.imported}
    assert checked.reading.guarded


@pytest.mark.parametrize(
    ("type_name", "file"),
    [
        ("project", "donnees-ouvertes-projets.yml"),
        ("idea", "donnees-ouvertes-idees.yml"),
        ("event", "donnees-ouvertes-rendez-vous.yml"),
    ],
)
def test_the_examples_of_the_docs_are_what_a_site_in_french_publishes(type_name, file):
    assert (DOCS / "examples" / file).read_text(encoding="utf-8") == mapping(TYPES[type_name])
