"""Writing a record's file: what changed changes, everything else stays byte for byte."""

from __future__ import annotations

import difflib
import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.records import Idea, Page, Project, Service, Zone
from participation.yamltext.nodes import parse
from participation.yamltext.reader import read_file
from participation.yamltext.style import guess
from participation.yamltext.writer import WriteFault, read_usable, restyled, write, write_list, write_zones

PATH = "editions/2021/projects/2021-P007.yml"
TOWN = """\
# Suivi par le pôle espaces verts
title: Un jardin partagé rue des Lilas  # nom du bulletin de vote

# Le budget a été revu en mai
budget_voted: 45000
description: |-
  Un jardin,

  # des carrés potagers

  et un banc.
couleur: [vert, jaune]   # clé d’un autre logiciel

steps:
  # première étape
  - kind: works  # entreprise retenue
    planned_start: 2024-05
    chantier: 12-B
    # voir le compte rendu
    note: Attendre la pluie
  # dernière étape
  - kind: review
votes: une douzaine
place:
  name: Jardin  # nom d’usage
  longitude: 2.35
  latitude: 48.85
# fin
"""


def data_of(text):
    [record] = read_file(text.encode() if isinstance(text, str) else text, PATH).records
    return dict(record.data)


def changed_lines(before, after):
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def test_nothing_changed_writes_the_same_bytes():
    assert write(Project, data_of(TOWN), TOWN.encode()) == TOWN.encode()


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"budget_voted": "52000"}, ["-budget_voted: 45000", "+budget_voted: 52000"]),
        (
            {"title": "Un jardin"},
            [
                "-title: Un jardin partagé rue des Lilas  # nom du bulletin de vote",
                "+title: Un jardin  # nom du bulletin de vote",
            ],
        ),
        ({"summary": "Oui : un jardin"}, ["+summary: 'Oui : un jardin'"]),
        ({"summary": "L'été: demain"}, ['+summary: "L\'été: demain"']),
        ({"budget_voted": None}, ["-budget_voted: 45000"]),
        (
            {"place": {"name": "Jardin", "longitude": "2.35", "latitude": "48.9"}},
            ["-  latitude: 48.85", "+  latitude: 48.9"],
        ),
        (
            {"place": {"name": "Le jardin"}},
            [
                "-  name: Jardin  # nom d’usage",
                "-  longitude: 2.35",
                "-  latitude: 48.85",
                "+  name: Le jardin  # nom d’usage",
            ],
        ),
        ({"votes": 12}, ["-votes: une douzaine", "+votes: 12"]),
        ({"priority_area": True}, ["+priority_area: true"]),
        ({"partners": ["2024", "No"]}, ["+partners:", "+  - '2024'", "+  - 'No'"]),
        (
            {"steps": [{"kind": "works", "planned_start": "2024-06", "note": "Attendre la pluie"}, {"kind": "review"}]},
            ["-    planned_start: 2024-05", "+    planned_start: 2024-06"],
        ),
        (
            {"steps": [{"kind": "works", "planned_start": "2024-05", "note": "Attendre la pluie"}]},
            ["-  - kind: review"],
        ),
        (
            {
                "steps": [
                    {
                        "kind": "works",
                        "planned_start": "2024-05",
                        "actual_start": "2024-05-12",
                        "note": "Attendre la pluie",
                    },
                    {"kind": "delivery", "planned_end": "2024"},
                    {"kind": "review"},
                ]
            },
            ["+    actual_start: 2024-05-12", "+  - kind: delivery", "+    planned_end: 2024"],
        ),
    ],
)
def test_a_change_touches_its_own_lines_only(changes, lines):
    before = data_of(TOWN)
    wanted = {name: value for name, value in {**before, **changes}.items() if value is not None}
    after = write(Project, wanted, TOWN.encode()).decode()
    assert changed_lines(TOWN, after) == lines
    assert data_of(after) == {name: wanted[name] for name in Project.fields if name in wanted}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("01004", "summary: '01004'"),
        ("12:30", "summary: '12:30'"),
        ("No", "summary: 'No'"),
        ("non", "summary: non"),
        ("1e3", "summary: '1e3'"),
        ("2024-05-12", "summary: '2024-05-12'"),
        ("~", "summary: '~'"),
        ("null", "summary: 'null'"),
        ("0x1F", "summary: '0x1F'"),
        ("1_000", "summary: '1_000'"),
        ("- tiret", "summary: '- tiret'"),
        ("a: b", "summary: 'a: b'"),
        ("a #b", "summary: 'a #b'"),
        ("fin:", "summary: 'fin:'"),
        ("@ici", "summary: '@ici'"),
        ("'cité'", "summary: \"'cité'\""),
        ("Été 2024 : c’est « prêt » 🌳", "summary: 'Été 2024 : c’est « prêt » 🌳'"),
        ("C’est prêt 🌳", "summary: C’est prêt 🌳"),
        ("a, b [c] {d}", "summary: a, b [c] {d}"),
    ],
)
def test_quotes_stand_where_another_reader_would_guess_wrong(text, line):
    assert write(Project, {"summary": text}) == f"{line}\n".encode()
    assert yaml.safe_load(line) == {"summary": text}


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("budget_voted", "45000", "budget_voted: 45000"),
        ("budget_voted", "45000.50", "budget_voted: 45000.50"),
        ("budget_as_of", "2024-05-12", "budget_as_of: 2024-05-12"),
        ("budget_as_of", "2024-05", "budget_as_of: 2024-05"),
        ("votes", 1250, "votes: 1250"),
        ("priority_area", False, "priority_area: false"),
    ],
)
def test_amounts_numbers_and_dates_stand_without_quotes(name, value, line):
    assert write(Project, {name: value}) == f"{line}\n".encode()


def test_long_and_many_lined_texts_stand_in_blocks():
    long = "Un mot et encore " * 8 + "un."
    assert write(Project, {"summary": long}) == f"summary: |-\n  {long}\n".encode()
    assert write(Project, {"description": "un\n\ndeux"}) == b"description: |-\n  un\n\n  deux\n"


def test_new_keys_come_in_the_order_of_the_schema():
    text = write(Project, {"note": "n2", "title": "t", "summary": "s"})
    assert text == b"title: t\nsummary: s\nnote: n2\n"
    assert write(Project, {"note": "n2", "title": "t", "summary": "s", "theme": "x"}, b"note: n2\ntitle: t\n") == (
        b"note: n2\ntitle: t\nsummary: s\ntheme: x\n"
    )


def test_an_empty_record_is_an_empty_mapping_and_may_fill_again():
    assert write(Project, {}) == b"{}\n"
    assert write(Project, {"title": "t"}, b"{}\n") == b"title: t\n"
    assert write(Project, {"title": "t"}, b"# rien encore\n") == b"# rien encore\ntitle: t\n"
    assert write(Project, {}, b"title: t\n") == b"{}\n"


def test_a_file_that_is_no_yaml_is_written_anew():
    assert write(Project, {"title": "t"}, b"title: [\n") == b"title: t\n"
    assert write(Project, {"title": "t"}, b"\xff\xfe") == b"title: t\n"


def test_what_would_not_read_back_is_not_written():
    with pytest.raises(WriteFault, match="budget_voted"):
        write(Project, {"budget_voted": "beaucoup"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: 'Un titre'\n", "title: Un titre\n"),
        ("{title: Un titre, votes: 3}\n", "title: Un titre\nvotes: 3\n"),
        ("title: Un titre\r\nvotes: 3\r\n", "title: Un titre\nvotes: 3\n"),
        ("\ufefftitle: Un titre\n", "title: Un titre\n"),
        ("title:    Un titre\n\n\nvotes: '3'", "title: Un titre\n\n\nvotes: 3\n"),
        ("title: Un\n  titre\n", "title: Un titre\n"),
        ("partners:\n- a\n- b\n", "partners:\n  - a\n  - b\n"),
        ("partners: [a, b]\n", "partners:\n  - a\n  - b\n"),
        ("theme: 01004 # insee\n", "theme: '01004' # insee\n"),
        ('description: "un\\n\\ndeux"\n', "description: |-\n  un\n\n  deux\n"),
        ("description: >-\n  un\n  deux\n\n# note\nvotes: 3\n", "description: un deux\n# note\nvotes: 3\n"),
        (
            "title: t\nsteps:\n- kind: works\n  planned_start: '2024-05-12'\n",
            "title: t\nsteps:\n  - kind: works\n    planned_start: 2024-05-12\n",
        ),
    ],
)
def test_restyling_gives_the_canonical_style_and_keeps_the_meaning(before, after):
    assert restyled(Project, before.encode()) == after.encode()
    assert restyled(Project, after.encode()) == after.encode()
    assert data_of(before) == data_of(after)


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x\n", "title: [\n", "a: 1\na: 2\n"])
def test_what_cannot_be_read_cannot_be_restyled(text):
    assert restyled(Project, text.encode()) is None


def test_a_flow_style_file_is_restyled_when_it_must_change():
    assert (
        write(Project, {"title": "t", "votes": 4}, b"{title: t, votes: 3, autre: x}\n")
        == b"title: t\nvotes: 4\nautre: x\n"
    )


# ------------------------------------------------------------------------------------------------ laws

AWKWARD = st.sampled_from(
    [
        *" #'\"\\\n\té’%@`{[|>0\u00a0\u2028\x85\u200b🌳",
        *("", ": ", "- ", "\n\n", "« »", "&a", "*a", "!t", "---", "...", "No", "1e3"),
        *("# titre\n", "  deux espaces", "\n    code\n"),
    ]
)
TEXTS = st.lists(AWKWARD | st.text(max_size=12), max_size=8).map("".join)
DATES = st.dates().map(str) | st.dates().map(lambda day: str(day)[:7]) | st.dates().map(lambda day: str(day)[:4])
STEPS = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["works", "design", "review", "other"])},
        optional={"title": TEXTS, "planned_start": DATES, "actual_end": DATES, "note": TEXTS},
    ),
    max_size=4,
)
RAW = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS,
        "summary": TEXTS,
        "description": TEXTS | st.fixed_dictionaries({"fr": TEXTS, "en": TEXTS}),
        "theme": st.sampled_from(["01004", "ecole", "No", "1e3"]),
        "partners": st.lists(TEXTS, max_size=4),
        "place": st.just("whole_territory")
        | st.fixed_dictionaries({"name": TEXTS, "longitude": st.just("2.5"), "latitude": st.just("48")}),
        "budget_voted": st.integers(0, 10**9).map(str),
        "votes": st.integers(0, 10**6),
        "priority_area": st.booleans(),
        "steps": STEPS,
        "owner": st.fixed_dictionaries({"kind": st.just("association"), "organisation": TEXTS}),
        "note": TEXTS,
    },
)
DATA = RAW.map(lambda raw: read_usable(Project.fields, raw))


@given(DATA)
@settings(max_examples=150, deadline=None)
def test_what_is_written_reads_back_and_is_canonical(data):
    text = write(Project, data)
    assert read_usable(Project.fields, parse(text.decode()).plain) == data
    assert write(Project, data, text) == text
    assert restyled(Project, text) == text
    assert isinstance(yaml.safe_load(text), dict)


@given(DATA, DATA)
@settings(max_examples=150, deadline=None)
def test_any_record_becomes_any_other_without_losing_comments_or_unknown_keys(before, after):
    lines = []
    for number, line in enumerate(write(Project, before).decode().splitlines(keepends=True)):
        top = line[:1] not in (" ", "\n", "{", "") and number
        lines += [f"# remarque {number}\n", line] if top else [line]
    original = "".join(lines).replace("{}\n", "") + "cle_inconnue: '01'  # gardée\n# fin\n"
    text = write(Project, after, original.encode()).decode()
    assert read_usable(Project.fields, parse(text).plain) == after
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in original.splitlines() if line.startswith("#")
    ]
    assert "cle_inconnue: '01'  # gardée\n" in text
    assert write(Project, after, text.encode()).decode() == text


@given(DATA, st.sampled_from(["title", "budget_voted", "note", "votes"]))
@settings(max_examples=100, deadline=None)
def test_one_changed_field_changes_only_its_lines(data, name):
    value = {"title": "Nouveau titre", "budget_voted": "123456789", "note": "Une note", "votes": 9_999_999}[name]
    before = write(Project, data).decode()
    after = write(Project, {**data, name: value}, before.encode()).decode()
    removed = [line for line in changed_lines(before, after) if line.startswith("-")]
    added = [line for line in changed_lines(before, after) if line.startswith("+")]
    assert added in ([f"+{name}: {value}"], [])
    own = write(Project, {name: data[name]}).decode().splitlines() if name in data else []
    assert not data or removed in ([f"-{line}" for line in own], [])


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_the_guess_agrees_with_a_yaml_reader(text):
    if guess(text) == "str" and text.isprintable() and text.strip() == text:
        try:
            loaded = yaml.safe_load(f"- {text}")
        except yaml.YAMLError:
            return  # not plain text at all: quoted for its signs
        assert not loaded or isinstance(loaded[0], str | dict | list | type(None))


# ------------------------------------------------------------------------------------------------ several in one file

SERVICES = b"""\
# Les services
- id: espaces-verts
  title: Espaces verts  # pole
  telephone: '01'
# voirie
- id: voirie
  title: Voirie
"""


def test_one_service_of_the_list_changes_alone():
    rows = [dict(record.data) for record in read_file(SERVICES, "services.yml").records]
    rows[1]["title"] = "Voirie et réseaux"
    rows.append({"id": "ecoles", "title": "Écoles"})
    after = write_list(Service, rows, SERVICES).decode()
    assert changed_lines(SERVICES.decode(), after) == [
        "-  title: Voirie",
        "+  title: Voirie et réseaux",
        "+- id: ecoles",
        "+  title: Écoles",
    ]
    assert write_list(Service, [], None) == b"[]\n"
    assert write_list(Service, rows[:1], b"[]\n") == b"- id: espaces-verts\n  title: Espaces verts\n"


def test_zones_keep_what_the_schema_does_not_know():
    original = json.dumps(
        {
            "type": "FeatureCollection",
            "name": "quartiers",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"id": "centre", "title": "Centre", "code_iris": 7},
                    "geometry": {"type": "Point", "coordinates": [2.5, 48.5]},
                }
            ],
        }
    ).encode()
    reading = read_file(original, "zones.geojson")
    rows = [dict(record.data) for record in reading.records]
    rows[0]["title"] = "Centre-ville"
    after = json.loads(write_zones(rows, original))
    assert after["name"] == "quartiers"
    assert after["features"][0]["properties"] == {"id": "centre", "title": "Centre-ville", "code_iris": 7}
    assert after["features"][0]["geometry"] == {"type": "Point", "coordinates": [2.5, 48.5]}
    again = read_file(write_zones(rows, original), "zones.geojson")
    assert [record.data for record in again.records] == rows
    assert json.loads(write_zones([]))["features"] == []
    assert Zone.collective


@pytest.mark.parametrize("record_type", [Idea, Page])
def test_every_type_is_written_by_the_same_means(record_type):
    assert write(record_type, {"title": "T"}) == b"title: T\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# c\n- {id: a, title: A}\n-   id: b\n    title: 'B'\n", "# c\n- id: a\n  title: A\n- id: b\n  title: B\n"),
        ("  - id: a\n    # why\n    title: A\n", "- id: a\n  # why\n  title: A\n"),
        ("- id: a\n  note: |\n    x\n\n      y\n", "- id: a\n  note: |\n    x\n\n      y\n"),
    ],
)
def test_a_list_of_services_has_its_dashes_at_the_margin(before, after):
    assert restyled(Service, before.encode()) == after.encode()
    assert restyled(Service, after.encode()) == after.encode()


def test_a_zone_named_where_map_tools_name_it_keeps_what_the_schema_does_not_know():
    original = b'{"features": [{"type": "Feature", "id": "nord", "bbox": [1], "properties": null, "geometry": null}]}'
    (feature,) = json.loads(write_zones([{"id": "nord", "title": "Nord"}], original))["features"]
    assert (feature["bbox"], feature["properties"]) == ([1], {"id": "nord", "title": "Nord"})


def test_no_field_of_a_zone_that_is_emptied_stays_in_its_file():
    every = {"id": "nord", "title": "Nord", "kind": "Canton", "population": "12", "description": "Ici."}
    every["old_addresses"] = ["/avant/"]
    full = write_zones([every])
    [zone] = read_file(full, "zones.geojson").records
    assert sorted([*zone.data, "geometry"]) == sorted(Zone.fields)
    assert json.loads(write_zones([{"id": "nord"}], full))["features"][0]["properties"] == {"id": "nord"}
