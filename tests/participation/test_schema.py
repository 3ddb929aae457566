"""JSON Schema files for text editors: sound, true to what the reader accepts, and those of content/ fresh."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation.layout import locate, path_for
from participation.lifecycle import TABLES
from participation.records import TYPES, Zone
from participation.records.base import check_raw
from participation.records.containers import Group, Rows
from participation.schema import FOLDER, modeline, schema_files, schema_for
from participation.yamltext.writer import write, write_list
from tests.participation.generated import raw

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content"


class EditorLoader(yaml.SafeLoader):
    """Reads YAML as text editors do: the core schema of YAML 1.2, where dates are texts and `no` is a word."""


EditorLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|)$", "~n\0"),
):
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", yaml.reader.re.compile(pattern), list(first))
EditorLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))


def faults(record_type, text):
    """What an editor would underline in a file."""
    document = json.loads(text) if record_type is Zone else yaml.load(text, EditorLoader)  # a safe loader
    validator = jsonschema.Draft202012Validator(schema_for(record_type))
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(document)]


@pytest.mark.parametrize("record_type", TYPES.values(), ids=list(TYPES))
def test_every_schema_is_a_schema(record_type):
    jsonschema.Draft202012Validator.check_schema(schema_for(record_type))


def declared(kind, properties):
    """(declaration, its schema) of every field at every depth."""
    for name, field in kind.fields.items():
        yield field, properties[name]
        if isinstance(field, Group):
            yield from declared(field.part, properties[name]["properties"])
        elif isinstance(field, Rows):
            yield from declared(field.part, properties[name]["items"]["properties"])


def properties_of(record_type):
    schema = schema_for(record_type)
    if record_type is Zone:
        feature = schema["properties"]["features"]["items"]["properties"]
        return {**feature["properties"]["properties"], "geometry": feature["geometry"]["anyOf"][1]}
    return schema["items"]["properties"] if record_type.collective else schema["properties"]


@pytest.mark.parametrize("record_type", TYPES.values(), ids=list(TYPES))
def test_every_field_is_there_with_its_label_its_help_and_whether_it_is_public(record_type):
    pairs = list(declared(record_type, properties_of(record_type)))
    assert pairs
    assert [field.name for field, schema in pairs if schema["x-public"] is not field.public] == []
    assert [field.name for field, schema in pairs if schema["title"] != field.label] == []
    assert [field.name for field, schema in pairs if schema.get("description", "") != field.help] == []


@pytest.mark.parametrize("type_name", TABLES)
def test_the_states_are_those_of_the_life_cycle(type_name):
    state = schema_for(TYPES[type_name])["properties"]["status"]["items"]["properties"]["state"]
    assert state["enum"] == list(TABLES[type_name])


@pytest.mark.parametrize(
    "record_type", [kind for kind in TYPES.values() if kind is not Zone], ids=lambda kind: kind.type_name
)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_written_satisfies_its_schema(record_type, data):
    drawn = data.draw(raw(record_type))
    for row in drawn.get("status", []):
        row["state"] = "merged"
    plain = check_raw(record_type, drawn).data
    needed = {"schema": 1, "title": "x", "name": "x", "start": "2024-05-12", "date": "2024", "id": "x"}
    plain = {name: value for name, value in needed.items() if name in record_type.fields} | plain
    if any(not set(needs_of(record_type, name)) <= row.keys() for name, row in rows_of(record_type, plain)):
        return  # the reader has told it
    text = write_list(record_type, [plain]) if record_type.collective else write(record_type, plain)
    assert faults(record_type, text.decode()) == []


def rows_of(record_type, plain):
    for name, field in record_type.fields.items():
        if isinstance(field, Rows):
            yield from ((name, row) for row in plain.get(name, ()))


def needs_of(record_type, name):
    return [field.name for field in record_type.fields[name].part.needed]


@pytest.mark.parametrize(
    ("record_type", "text", "fault"),
    [
        (TYPES["project"], "votes: beaucoup\n", "$.votes: 'beaucoup' is not of type 'integer'"),
        (TYPES["event"], "title: x\n", "$: 'start' is a required property"),
        (TYPES["event"], "start: 2024-05\n", "$.start: '2024-05' does not match"),
        (TYPES["idea"], "status:\n  - state: deliverd\n", "$.status[0].state: 'deliverd' is not one of"),
        (TYPES["idea"], "status:\n  - date: 2024\n", "$.status[0]: 'state' is a required property"),
        (TYPES["service"], "id: a\n", "$: {'id': 'a'} is not of type 'array'"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.type_name,
)
def test_what_the_reader_refuses_is_underlined_by_editors_too(record_type, text, fault):
    (found,) = faults(record_type, text)
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("instance.yml", "# yaml-language-server: $schema=.schema/instance.schema.json"),
        ("services.yml", "# yaml-language-server: $schema=.schema/service.schema.json"),
        (path_for("project", "2021-P1"), "# yaml-language-server: $schema=../../../.schema/project.schema.json"),
        (path_for("page", "regles"), "# yaml-language-server: $schema=../.schema/page.schema.json"),
        ("zones.geojson", ""),
        ("README.md", ""),
    ],
)
def test_a_file_names_its_schema_by_a_relative_path(path, line):
    assert modeline(path) == line


def content_files():
    return [path for path in sorted(CONTENT.rglob("*")) if locate(path.relative_to(CONTENT).as_posix()) is not None]


def test_every_file_of_the_content_satisfies_its_schema():
    paths = content_files()
    assert len(paths) > 50
    found = []
    for path in paths:
        place = locate(path.relative_to(CONTENT).as_posix())
        found += [f"{path}: {fault}" for fault in faults(TYPES[place.type_name], path.read_text(encoding="utf-8"))]
    assert found == []


def test_every_yaml_file_of_the_content_names_its_schema_in_its_first_line():
    lines = {path: modeline(path.relative_to(CONTENT).as_posix()) for path in content_files()}
    silent = [path for path, line in lines.items() if line and path.read_text(encoding="utf-8").split("\n")[0] != line]
    assert silent == []


def test_the_schemas_of_the_content_are_fresh():
    there = {file.name: file.read_text(encoding="utf-8") for file in (CONTENT / FOLDER).glob("*")}
    assert there == schema_files(), "make docs"
