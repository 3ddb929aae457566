"""Paths and identifiers: each names the other, and nothing else lies at a record's place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.layout import COLLECTIVE_FILES, Location, locate, path_for, stray

PLACES = [
    ("project", "2021-P007", "editions/2021/projects/2021-P007.yml"),
    ("idea", "2021-0042", "editions/2021/ideas/2021-0042.yml"),
    ("event", "2023-E014", "events/2023/2023-E014.yml"),
    ("article", "2023-A031", "articles/2023-A031.yml"),
    ("page", "mentions-legales", "pages/mentions-legales.yml"),
    ("edition", "2021", "editions/2021/edition.yml"),
    ("rule", "2021-rule", "editions/2021/rule.yml"),
    ("instance", "instance", "instance.yml"),
]


@pytest.mark.parametrize(("type_name", "id", "path"), PLACES)
def test_a_record_has_one_place(type_name, id, path):
    assert path_for(type_name, id) == path
    assert locate(path) == Location(type_name, id)
    assert not stray(path)


@pytest.mark.parametrize(("path", "type_name"), COLLECTIVE_FILES.items())
def test_several_records_share_a_file(path, type_name):
    assert path_for(type_name, "any") == path
    assert locate(path) == Location(type_name, "")


@pytest.mark.parametrize(
    "path",
    [
        "editions/2021/projects/2022-P007.yml",
        "editions/2021/projects/P007.yml",
        "editions/2021/projects/2021-P007.yaml",
        "editions/2021/projects/2021-P007.yml\n",
        "editions/2021/projects/2021-P007.yml/x",
        "editions/2021/projects/../2021-P007.yml",
        "editions/../projects/..-P007.yml",
        "editions/2021/projects/2021-.yml",
        "editions/2021/projects/2021-a..b.yml",
        "editions/2021/projects/2021-.git.yml",
        "editions/2021/projects/2021-é.yml",
        "editions/2021/projects/sub/2021-P1.yml",
        "/pages/x.yml",
        "pages/.yml",
        "pages/-x.yml",
        "pages/a b.yml",
        "pages/a\\b.yml",
        "Pages/x.yml",
        "instance.yml/x",
        "",
    ],
)
def test_nothing_lies_at_an_odd_path(path):
    assert locate(path) is None


@pytest.mark.parametrize(
    ("type_name", "id"),
    [
        ("project", "2021"),
        ("project", "../2021-P1"),
        ("project", "2021-P1/../../x"),
        ("project", "2021-P1.yml\n"),
        ("project", ""),
        ("page", "../instance"),
        ("page", "."),
        ("page", "a/b"),
        ("edition", "2021/../2022"),
        ("event", "2023/E1"),
    ],
)
def test_an_identifier_that_cannot_name_a_file_is_refused(type_name, id):
    with pytest.raises(ValueError, match="cannot name"):
        path_for(type_name, id)


@given(st.sampled_from(["project", "idea", "event", "article", "page", "edition"]), st.text(max_size=20))
def test_a_path_leads_back_to_the_identifier_or_does_not_exist(type_name, id):
    try:
        path = path_for(type_name, id)
    except ValueError:
        return
    assert locate(path) == Location(type_name, id)
    assert ".." not in path
    assert not path.startswith("/")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("projets/2021-P007.yml", True),
        ("editions/2021/2021-P007.yml", True),
        ("instance.yaml", True),
        ("editions/2021/rule.yml", False),
        ("editions/2021/votes/bureau-1.yml", False),
        ("media/notes.yml", False),
        ("theme/look.yml", False),
        (".github/workflows/check.yml", False),
        ("README.md", False),
    ],
)
def test_a_yaml_file_out_of_place_is_stray(path, expected):
    assert stray(path) is expected
