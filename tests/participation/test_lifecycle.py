"""The life cycle: every state can be reached and has words, the paths of the design exist, the diagram shows them."""

from __future__ import annotations

import itertools

import pytest

from participation.lifecycle import (
    FIRST,
    TABLES,
    UNPUBLISHED_IDEAS,
    State,
    allowed,
    diagram,
    following,
    state_code,
    state_of,
)
from participation.records import TYPES, Idea, Project

FAMILIES = {"done", "work", "study", "stop", "over", "vote"}
STATES = [(type_name, state) for type_name, table in TABLES.items() for state in table.values()]


def names(value):
    return value.code if isinstance(value, State) else value


@pytest.mark.parametrize("type_name", TABLES)
def test_every_state_can_be_reached_from_the_first(type_name):
    reached, waiting = set(), [FIRST[type_name]]
    while waiting:
        code = waiting.pop()
        if code not in reached:
            reached.add(code)
            waiting += TABLES[type_name][code].following
    assert reached == set(TABLES[type_name])


@pytest.mark.parametrize(("type_name", "state"), STATES, ids=names)
def test_every_state_has_words_a_family_and_a_way_on(type_name, state):
    assert state.words
    assert state.words[0].isupper()
    assert state.family in FAMILIES
    assert state.following or state.ends
    assert set(state.following) <= set(TABLES[type_name])
    assert set(state.needs) <= set(TYPES[type_name].fields)


@pytest.mark.parametrize("type_name", TABLES)
def test_no_two_states_have_the_same_words(type_name):
    words = [state.words for state in TABLES[type_name].values()]
    assert len(words) == len(set(words))


IDEA_PATHS = """
draft submitted to_complete submitted admissible in_study to_complete in_study feasible on_ballot
submitted inadmissible appealed upheld in_study feasible_with_conditions on_ballot
in_study infeasible appealed rejected
submitted merged
submitted redirected
submitted withdrawn
"""
PROJECT_PATHS = """
on_ballot winner scoping design procurement works delivered inaugurated reviewed closed
design agreement works
on_ballot reserve winner
on_ballot not_selected
"""


@pytest.mark.parametrize(
    ("type_name", "path"),
    [
        (type_name, path.split())
        for type_name, paths in (("idea", IDEA_PATHS), ("project", PROJECT_PATHS))
        for path in paths.strip().splitlines()
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_the_paths_of_the_design_exist(type_name, path):
    steps = list(itertools.pairwise(path))
    assert [step for step in steps if not allowed(type_name, *step)] == []


@pytest.mark.parametrize(
    "code", ["on_ballot", "winner", "reserve", "scoping", "design", "procurement", "agreement", "works"]
)
def test_a_project_can_be_suspended_abandoned_or_merged_until_it_is_delivered(code):
    assert {"suspended", "abandoned", "merged"} <= set(TABLES["project"][code].following)


@pytest.mark.parametrize(
    ("type_name", "before", "after"),
    [
        ("idea", "draft", "feasible"),
        ("project", "closed", "works"),
        ("project", "nowhere", "works"),
        ("idea", "x", "x"),
    ],
)
def test_what_the_table_does_not_say_is_not_allowed(type_name, before, after):
    assert not allowed(type_name, before, after)


def test_the_present_state_is_the_last_of_the_history():
    project = Project({"status": [{"state": "winner"}, {"state": "works"}]}, id="2021-P1")
    assert state_of(project).code == "works"
    assert [state.code for state in following(project)] == ["delivered", "suspended", "abandoned", "merged"]


def test_a_record_without_history_is_in_the_first_state():
    assert state_of(Idea({}, id="2021-1")).code == "draft"
    assert state_code("project", None) == "on_ballot"
    assert state_code("project", [{"date": "2024"}]) == "on_ballot"
    assert {"draft"} == UNPUBLISHED_IDEAS


def test_an_unknown_state_is_shown_as_it_is_written():
    project = Project({"status": [{"state": "paused"}]}, id="2021-P1")
    assert (state_of(project).words, following(project)) == ("paused", [])


@pytest.mark.parametrize("type_name", TABLES)
def test_the_diagram_draws_every_state_and_every_arrow(type_name):
    lines = diagram(type_name).splitlines()
    arrows = {f"    {state.code} --> {code}" for state in TABLES[type_name].values() for code in state.following}
    ends = {f"    {state.code} --> [*]" for state in TABLES[type_name].values() if state.ends}
    assert lines[:2] == ["stateDiagram-v2", f"    [*] --> {FIRST[type_name]}"]
    assert set(lines[2:]) == arrows | ends
