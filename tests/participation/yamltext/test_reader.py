"""Reading files: what is accepted, what is refused with which words, and on which line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from participation.problems import Severity, errors
from participation.yamltext.libyaml import DEEPEST
from participation.yamltext.nodes import parse
from participation.yamltext.reader import LARGEST_YAML, read_file

ROOT = Path(__file__).resolve().parents[3]
UNREADABLE = "Ce fichier n’est pas lisible à cet endroit."
NO_ANCHOR = "Les ancres et les renvois (& et *) ne sont pas acceptés."
NO_OUTLINE = "Le contour doit être un polygone ou un point GeoJSON."
NO_COORDINATE = "Le contour contient une coordonnée impossible."
NO_JSON = "Ce fichier n’est pas du JSON lisible à cet endroit."
NO_GEOJSON = "Ce fichier n’est pas du GeoJSON utilisable."
PATH = "editions/2021/projects/2021-P007.yml"

GOOD = """\
# a comment
title: "Un pont : le nôtre"
description: |
  * une puce
  & un signe !

  [un lien](https://example.org) {et} des accolades
votes: 1250
place:
  longitude: 2.35
  latitude: 48.85
steps:
  - kind: works
    planned_start: 2024-01
"""


def read_record(content, path, blob=""):
    """The record of a file that holds one, None when nothing of it is usable, and the problems."""
    reading = read_file(content, path, blob)
    return (reading.records[0] if reading.records else None), reading.problems


def told(text, path=PATH):
    """Line and words of every problem of a file."""
    content = text if isinstance(text, bytes) else text.encode()
    return [(problem.line, problem.message) for problem in read_file(content, path).problems]


def test_a_good_file_gives_its_record_and_no_problem():
    record, problems = read_record(GOOD.encode(), PATH, "b10b")
    assert problems == []
    assert (record.type_name, record.id, record.path, record.blob) == ("project", "2021-P007", PATH, "b10b")
    assert record.data == {
        "title": "Un pont : le nôtre",
        "description": "* une puce\n& un signe !\n\n[un lien](https://example.org) {et} des accolades",
        "place": {"longitude": "2.35", "latitude": "48.85"},
        "votes": 1250,
        "steps": [{"kind": "works", "planned_start": "2024-01"}],
    }


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("01004", "01004"),
        ("12:30", "12:30"),
        ("No", "No"),
        ("1e3", "1e3"),
        ("2024-05-12", "2024-05-12"),
        ("0x1F", "0x1F"),
        ("~", "~"),
    ],
)
def test_yaml_guesses_nothing_about_a_text(written, kept):
    record, problems = read_record(f"title: {written}\n".encode(), PATH)
    assert (record.data, problems) == ({"title": kept}, [])


def test_a_byte_order_mark_and_windows_lines_do_no_harm():
    record, problems = read_record(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(), PATH)
    assert problems == []
    assert record.data == read_record(GOOD.encode(), PATH)[0].data


def test_an_empty_file_is_a_record_without_values():
    record, problems = read_record(b"# nothing yet\n", PATH)
    assert record.data == {}
    assert [problem.field for problem in problems] == ["title"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("title: a\ntitle: b\n", [(2, "La clé «\u00a0title\u00a0» est écrite deux fois.")]),
        ("steps:\n  - kind: works\n    kind: works\n", [(3, "La clé «\u00a0kind\u00a0» est écrite deux fois.")]),
        ("title: &a x\n", [(1, NO_ANCHOR)]),
        ("a: x\ntitle: *a\n", [(2, UNREADABLE)]),
        ("base: &a {x: y}\ntitle: x\nb:\n  <<: *a\n", [(1, NO_ANCHOR)]),
        ("title: x\nvotes: !!int 3\n", [(2, "Les types forcés (!) ne sont pas acceptés.")]),
        ("title: !!python/object/apply:os.system [ls]\n", [(1, "Les types forcés (!) ne sont pas acceptés.")]),
        ("title: a\n---\ntitle: b\n", [(2, UNREADABLE)]),
        ("title: a\n\tsummary: b\n", [(2, UNREADABLE)]),
        ("title: a: b\n", [(1, UNREADABLE)]),
        ('title: "a\n', [(2, UNREADABLE)]),
        ("title: a\nsummary: b\x07\n", [(2, "Ce fichier contient un caractère invisible interdit.")]),
        ("? [a, b]\n: c\n", [(1, "Une clé doit être un simple mot.")]),
        ("- a\n- b\n", [(1, "Une fiche est faite de lignes «\u00a0clé\u00a0: valeur\u00a0».")]),
        ("just words\n", [(1, "Une fiche est faite de lignes «\u00a0clé\u00a0: valeur\u00a0».")]),
        (b"title: caf\xe9\n", [(1, "Le fichier n’est pas en UTF-8.")]),
        (b"title: x\nsummary: caf\xe9\n", [(2, "Le fichier n’est pas en UTF-8.")]),
        ("title: x\n".encode("utf-16"), [(1, "Le fichier n’est pas en UTF-8.")]),
        (b"title: " + b"x" * LARGEST_YAML, [(None, "Le fichier dépasse 1\u00a0Mo.")]),
        ("a: " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), [(1, "Les listes sont emboîtées trop profondément.")]),
        ("title: x\n\ncolour: bleu\n", [(3, "La clé «\u00a0colour\u00a0» est inconnue.")]),
        ("title: x\nsteps:\n  - kind: works\n  - planned_start: 2024\n", [(4, "«\u00a0Étape\u00a0» manque.")]),
        ("title: x\nsteps:\n  - kind: works\n    planned_end: hier\n", [(4, "«\u00a0hier\u00a0» n’est pas une date.")]),
        ("title: x\nvotes:\n  - 3\n", [(2, "Un texte simple est attendu ici, pas une liste ni un groupe de clés.")]),
    ],
)
def test_what_is_refused_is_told_with_its_line(text, problems):
    assert told(text) == problems


def test_an_unknown_key_is_a_warning_and_is_not_in_the_data():
    record, (problem,) = read_record(b"title: x\ncolour: bleu\n", PATH)
    assert (problem.severity, problem.file, problem.line, problem.field) == (Severity.WARNING, PATH, 2, "colour")
    assert record.data == {"title": "x"}
    assert str(problem) == (
        f"{PATH}:2\u00a0: colour\u00a0: La clé «\u00a0colour\u00a0» est inconnue. "
        "(Elle est gardée dans le fichier et jamais publiée.)"
    )


@pytest.mark.parametrize("sign", ["*", "&", "!", "'*'", "- *", "a & b", "!important", "**gras**"])
def test_signs_inside_texts_are_words(sign):
    text = f"title: x\ndescription: |\n  {sign} un\n  deux\nsummary: >-\n  trois\n  {sign}\n"
    assert told(text) == []


def test_very_many_signs_inside_texts_take_no_time():
    text = "title: x\nb:\n" + '- "x\n *b"\n' * 20_000
    start = time.perf_counter()
    assert told(text) == [(2, "La clé «\u00a0b\u00a0» est inconnue.")]
    assert time.perf_counter() - start < 20


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "alias bomb": BOMB,
    "list that holds itself": "a: &a\n  - *a\n",
    "dashes": "-  " * 100_000,
    "one dash after the other": "- " * 100_000,
    "question marks": "? " * 100_000,
    "dashes and question marks": "a:\n  " + "- ? " * 100_000,
    "brackets": "[" * 100_000,
    "braces": "{a: " * 100_000,
    "question marks in braces": "{" + "? " * 100_000 + "a}",
    "staircase": "\n".join(" " * step + "a:" for step in range(500)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_and_the_process_lives_on(name):
    program = (
        "import sys; from participation.yamltext.reader import read_file\n"
        f"print([p.line is not None for p in read_file(sys.stdin.buffer.read(), {PATH!r}).problems][:1])"
    )
    command = [sys.executable, "-c", program]
    text = HOSTILE[name].encode()
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"[True]\n", b"")


def test_the_line_of_a_field_is_that_of_its_value_or_of_the_nearest_parent():
    tree = parse(GOOD)
    assert tree.line(["title"]) == 2
    assert tree.line(["place", "latitude"]) == 11
    assert tree.line(["steps", "1", "planned_start"]) == 14
    assert tree.line(["steps", "1", "planned_end"]) == 13
    assert tree.line(["steps"]) == 12
    assert tree.line(["steps", "2"]) == 12
    assert tree.line(["unknown"]) == 2


def test_a_path_where_no_record_lies_gives_nothing():
    reading = read_file(b"title: x", "editions/2021/notes.yml")
    assert (reading.records, reading.problems, reading.faulty) == ([], [], False)


# ------------------------------------------------------------------------------------------------- services

SERVICES = """\
- id: voirie
  title: Voirie
- id: parcs
  title: Parcs et jardins
  email: parcs@ville.example
"""


def test_services_are_a_list():
    reading = read_file(SERVICES.encode(), "services.yml", "b10b")
    assert reading.problems == []
    assert [(record.id, record.type_name, record.blob) for record in reading.records] == [
        ("voirie", "service", "b10b"),
        ("parcs", "service", "b10b"),
    ]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("voirie: Voirie\n", [(1, "Ce fichier est une liste\u00a0: chaque service commence par un tiret.")]),
        ("- voirie\n", [(1, "Un groupe de clés est attendu ici.")]),
        ("- id: a\n  title: A\n- title: B\n", [(3, "«\u00a0Identifiant\u00a0» manque.")]),
        ("- id: a\n  title: A\n- id: a\n  title: B\n", [(3, "L’identifiant «\u00a0a\u00a0» est déjà pris.")]),
        ("- id: a\n  title: A\n  phone: 3\n", [(3, "La clé «\u00a0phone\u00a0» est inconnue.")]),
        ("", []),
        ("[]\n", []),
    ],
)
def test_a_fault_of_the_services_has_its_line(text, problems):
    assert told(text, "services.yml") == problems


# ---------------------------------------------------------------------------------------------------- zones


def zones(*features):
    """A zones file with these features, one a line after two lines of head."""
    body = ",\n".join(json.dumps(feature) for feature in features)
    return f'{{"type": "FeatureCollection",\n"features": [\n{body}\n]}}\n'


def feature(geometry=None, **properties):
    """One feature; `nord` unless another id is given."""
    return {"type": "Feature", "properties": {"id": "nord", "title": "Nord", **properties}, "geometry": geometry}


def polygon(*ring):
    """An outline of one ring."""
    return {"type": "Polygon", "coordinates": [list(ring)]}


SQUARE = polygon([0, 0], [1, 0], [1, 1], [0, 0])


def test_zones_are_features():
    reading = read_file(zones(feature(SQUARE, population=1200, colour=None)).encode(), "zones.geojson")
    assert reading.problems == []
    (zone,) = reading.records
    assert zone.data == {"id": "nord", "title": "Nord", "population": 1200, "geometry": SQUARE}


def test_a_zone_may_be_named_where_map_tools_name_it():
    named = {"type": "Feature", "id": 75004, "properties": {"title": "4e"}, "geometry": None}
    assert [zone.id for zone in read_file(zones(named).encode(), "zones.geojson").records] == ["75004"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("{", [(1, NO_JSON)]),
        ('{"type": "FeatureCollection",\n "features": [}', [(2, NO_JSON)]),
        ('{"features": [], "features": []}', [(None, NO_GEOJSON)]),
        ("[" * 100_000, [(None, NO_GEOJSON)]),
        ("[]", [(1, "Un fichier de zones est une FeatureCollection GeoJSON.")]),
        ('{"type": "Topology", "features": []}', [(1, "Un fichier de zones est une FeatureCollection GeoJSON.")]),
        (zones(3), [(3, "Une Feature est attendue ici.")]),
        (zones(feature(), feature()), [(4, "L’identifiant «\u00a0nord\u00a0» est déjà pris.")]),
        (
            zones(feature(), feature(id="sud", population="?")),
            [(4, "Écrivez un nombre entier, sans lettre ni virgule.")],
        ),
        (zones(feature({"type": "Point", "coordinates": [652000, 6862000]})), [(3, NO_COORDINATE)]),
        (zones(feature(polygon([0, 0], [1, 0], [1, 1]))), [(3, "Le contour n’est pas fermé.")]),
        (zones(feature(polygon([0, 0], [1, 0], [1, float("nan")], [0, 0]))), [(3, NO_COORDINATE)]),
        (zones(feature({"type": "LineString", "coordinates": [[0, 0], [1, 0]]})), [(3, NO_OUTLINE)]),
        ("", []),
    ],
)
def test_a_fault_of_the_zones_is_told(text, problems):
    assert told(text, "zones.geojson") == problems


def as_zones(document):
    """Any GeoJSON document as a file of zones: a geometry in a feature, a feature in a collection."""
    if document.get("type") == "FeatureCollection":
        return json.dumps(document)
    if document.get("type") == "Feature" or "properties" in document:
        if isinstance(document.get("properties"), dict):
            document["properties"].update(id="nord", title="Nord")
        return zones(document)
    return zones(feature(document))


def test_every_valid_geojson_fixture_is_read_or_refused_for_its_kind(shared_data):
    kinds = {"Point", "Polygon", "MultiPolygon"}
    for path in sorted((shared_data / "geojson-fixtures" / "valid").rglob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        reading = read_file(as_zones(document).encode(), "zones.geojson")
        problems = [(problem.line, problem.message) for problem in errors(reading.problems)]
        usable = path.parent.name.startswith("feature") or document["type"] in kinds
        expected = [] if usable else [(3, NO_OUTLINE)]
        assert (path.name, problems) == (path.name, expected)


def test_every_invalid_geojson_fixture_is_a_problem_with_its_file(shared_data):
    paths = sorted((shared_data / "geojson-fixtures" / "invalid").rglob("*.json"))
    assert len(paths) > 10
    for path in paths:
        reading = read_file(as_zones(json.loads(path.read_text(encoding="utf-8"))).encode(), "zones.geojson")
        assert (path.parts[-2:], reading.faulty) == (path.parts[-2:], True)
        assert {problem.file for problem in reading.problems} == {"zones.geojson"}
