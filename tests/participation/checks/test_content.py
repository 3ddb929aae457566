"""Checks of a whole content: both ends of links, twins, the version of the format, and their speed."""

from __future__ import annotations

import time

import pytest

from participation.checks import check_content
from participation.layout import path_for
from participation.migrations import SCHEMA
from participation.records import TYPES


def record_of(type_name, id, **data):
    if type_name in {"zone", "service"}:
        data = {"id": id, **data}
    return TYPES[type_name](data, id=id, path=path_for(type_name, id))


INSTANCE = record_of("instance", "instance", schema=SCHEMA)
EDITION = record_of("edition", "2021", title="2021", themes=[{"id": "nature"}])
PATHS = {"instance.yml", "editions/2021/edition.yml", "zones.geojson"}


def told(*records, paths=PATHS, unreadable=()):
    """File, field and words of every problem."""
    problems = check_content([INSTANCE, EDITION, *records], paths, unreadable)
    return [(problem.file, problem.field, problem.message) for problem in problems]


def test_a_sound_content_has_no_problem():
    assert (
        told(
            record_of("zone", "nord", title="Nord"),
            record_of("idea", "2021-1", title="Un pont", theme="nature", zone="nord", project="2021-P1"),
            record_of("project", "2021-P1", title="Un pont", theme="nature", zone="nord", ideas=["2021-1"]),
        )
        == []
    )


def test_ideas_and_projects_name_each_other():
    idea = record_of("idea", "2021-1", title="a", project="2021-P1")
    other = record_of("idea", "2021-2", title="b")
    project = record_of("project", "2021-P1", title="c", ideas=["2021-2"])
    assert told(idea, other, project) == [
        (idea.path, "project", "Le projet 2021-P1 ne nomme pas cette idée."),
        (project.path, "ideas.1", "L’idée 2021-2 ne nomme pas ce projet."),
    ]


def test_the_same_title_twice_in_an_edition_is_told_once_for_each_twin():
    first, second = record_of("idea", "2021-1", title="Un pont"), record_of("idea", "2021-2", title="UN PONT")
    elsewhere = record_of("project", "2021-P1", title="Un pont")
    untitled = [record_of("idea", "2021-3"), record_of("idea", "2021-4")]
    assert told(first, second, elsewhere, *untitled) == [
        (second.path, "title", "«\u00a02021-1\u00a0» a le même titre dans la même édition.")
    ]


def test_files_that_only_capital_letters_tell_apart_are_told():
    first, second = record_of("page", "Regles", title="a"), record_of("page", "regles", title="b")
    assert told(first, second) == [
        (second.path, "", "Seules les majuscules distinguent ce fichier de «\u00a0pages/Regles.yml\u00a0».")
    ]


def test_an_old_address_that_two_records_claim_is_told_on_the_second():
    old = "/projets/pont/"
    instance = record_of("instance", "instance", schema=SCHEMA, redirects=[{"old": old, "new": "/"}])
    first = record_of("project", "2021-P1", title="a", old_addresses=[old])
    second = record_of("project", "2021-P2", title="b", old_addresses=[old, "/ailleurs/"])
    words = "L’ancienne adresse «\u00a0/projets/pont/\u00a0» est déjà celle de «\u00a0%s\u00a0»."
    assert told(first, second) == [(second.path, "old_addresses", words % "2021-P1")]
    problems = check_content([instance, EDITION, first], PATHS)
    assert [(problem.field, problem.message) for problem in problems] == [("old_addresses", words % "instance")]


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (SCHEMA, None),
        (SCHEMA + 1, f"Ce contenu est au format {SCHEMA + 1}, plus récent que celui de ce logiciel ({SCHEMA})."),
        (SCHEMA - 1, f"Ce contenu est encore au format {SCHEMA - 1}, ce logiciel attend le format {SCHEMA}."),
    ],
)
def test_the_version_of_the_format_must_be_that_of_the_code(version, words):
    problems = check_content([record_of("instance", "instance", schema=version)], {"instance.yml"})
    assert [problem.message for problem in problems] == ([words] if words else [])


def test_an_instance_is_needed():
    (problem,) = check_content([EDITION], set())
    assert (problem.file, problem.message) == ("instance.yml", "Le fichier instance.yml manque.")
    assert check_content([EDITION], {"instance.yml"}) == []  # it is there: its reader has told what is wrong


def test_nothing_is_told_twice_about_a_file_that_cannot_be_read():
    project = record_of("project", "2022-P1", title="a", theme="x", zone="nord", ideas=["2022-1"])
    unread = {*PATHS, "editions/2022/edition.yml", "editions/2022/ideas/2022-1.yml"}
    assert told(project, paths=unread, unreadable={"zones.geojson"}) == []
    assert [field for _file, field, _words in told(project, paths=unread)] == ["zone"]


def test_problems_come_by_file():
    projects = [record_of("project", f"2021-P{number}", title=str(number), zone="x") for number in (3, 1, 2)]
    files = [file for file, _field, _words in told(*projects)]
    assert files == sorted(files)
    assert len(files) == 3


def test_ten_thousand_records_are_checked_in_a_moment():
    sentence = "Un texte assez long pour une vraie description, en 2024, avec 1 250 voix et 45 000 €. "
    records = [INSTANCE, EDITION] + [
        record_of(
            "project",
            f"2021-P{number}",
            title=f"Projet {number}",
            description=sentence * 14,
            theme="nature",
            budget_voted="45000",
            budget_paid="40000",
            steps=[{"kind": "works", "planned_start": "2024-01", "planned_end": "2024-05"}],
            status=[{"state": "winner", "date": "2023"}, {"state": "design", "date": "2024"}],
        )
        for number in range(10_000)
    ]
    start = time.process_time()
    assert check_content(records, PATHS) == []
    assert time.process_time() - start < 4  # 0.3 s on an idle machine
