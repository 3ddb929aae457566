"""Merging two people's changes: examples first, then the laws."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.records import Project
from participation.store.errors import FieldConflict
from participation.store.merge import three_way

FIELDS = Project.fields


def merge(base, mine, theirs):
    merged = three_way(FIELDS, base, mine, theirs)
    return merged.data, [(clash.field, clash.mine, clash.theirs) for clash in merged.conflicts]


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ({"title": "a"}, {"title": "b"}, {"title": "a"}, {"title": "b"}),
        ({"title": "a"}, {"title": "a"}, {"title": "b"}, {"title": "b"}),
        ({"title": "a"}, {"title": "b"}, {"title": "b"}, {"title": "b"}),
        ({"title": "a"}, {}, {"title": "a"}, {}),
        ({}, {"title": "b"}, {"votes": 3}, {"title": "b", "votes": 3}),
        ({"partners": ["a", "b"]}, {"partners": ["a"]}, {"partners": ["a", "b", "c"]}, {"partners": ["a", "c"]}),
        (
            {"partners": ["a", "b"]},
            {"partners": ["b", "a"]},
            {"partners": ["a", "b", "c"]},
            {"partners": ["b", "c", "a"]},
        ),
        (
            {"owner": {"kind": "other"}},
            {"owner": {"kind": "association"}},
            {"owner": {"kind": "other", "organisation": "Les Lilas"}},
            {"owner": {"kind": "association", "organisation": "Les Lilas"}},
        ),
        (
            {"steps": [{"kind": "design"}, {"kind": "works", "planned_end": "2024"}]},
            {"steps": [{"kind": "design"}, {"kind": "works", "planned_end": "2025"}]},
            {
                "steps": [
                    {"kind": "design", "actual_end": "2024-05"},
                    {"kind": "works", "planned_end": "2024"},
                    {"kind": "review"},
                ]
            },
            {
                "steps": [
                    {"kind": "design", "actual_end": "2024-05"},
                    {"kind": "works", "planned_end": "2025"},
                    {"kind": "review"},
                ]
            },
        ),
        (
            {"steps": [{"kind": "works", "planned_end": "2024"}]},
            {"steps": [{"kind": "works", "planned_end": "2025"}]},
            {"steps": [{"kind": "works", "planned_end": "2024", "note": "pluie"}]},
            {"steps": [{"kind": "works", "planned_end": "2025", "note": "pluie"}]},
        ),
    ],
)
def test_changes_that_do_not_clash_are_both_kept(base, mine, theirs, merged):
    assert merge(base, mine, theirs) == (merged, [])


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "clashes"),
    [
        ({"title": "a"}, {"title": "b"}, {"title": "c"}, [("title", "b", "c")]),
        ({"title": "a"}, {}, {"title": "c"}, [("title", None, "c")]),
        (
            {"steps": [{"kind": "works", "planned_end": "2024"}]},
            {"steps": [{"kind": "works", "planned_end": "2025"}, {"kind": "review"}]},
            {"steps": [{"kind": "works", "planned_end": "2026", "note": "pluie"}]},
            [
                (
                    "steps",
                    [{"kind": "works", "planned_end": "2025", "note": "pluie"}, {"kind": "review"}],
                    [{"kind": "works", "planned_end": "2026", "note": "pluie"}, {"kind": "review"}],
                )
            ],
        ),
        (
            {"status": [{"state": "winner"}]},
            {"status": [{"state": "winner"}, {"state": "design"}]},
            {"status": [{"state": "winner"}, {"state": "suspended"}]},
            [
                (
                    "status",
                    [{"state": "winner"}, {"state": "design"}],
                    [{"state": "winner"}, {"state": "suspended"}],
                )
            ],
        ),
    ],
)
def test_what_both_changed_differently_is_asked_and_nothing_else_is_lost(base, mine, theirs, clashes):
    data, found = merge(base, mine, theirs)
    assert found == clashes
    assert data == {name: theirs_value for name, _mine, theirs_value in clashes}


def test_rows_whose_key_tells_nothing_are_one_value():
    twice = [{"kind": "other", "title": "a"}, {"kind": "other", "title": "b"}]
    base, mine, theirs = {"steps": twice}, {"steps": twice[:1]}, {"steps": [*twice, {"kind": "works"}]}
    assert merge(base, mine, theirs)[1] == [("steps", twice[:1], [*twice, {"kind": "works"}])]


VALUES = st.sampled_from(["un", "deux", "trois"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["works", "design", "review"])}, optional={"note": VALUES, "title": VALUES}
    ),
    max_size=3,
    unique_by=lambda row: row["kind"],
).filter(bool)
DATA = st.fixed_dictionaries(
    {},
    optional={
        "title": VALUES,
        "note": VALUES,
        "partners": st.lists(VALUES, unique=True, min_size=1),
        "owner": st.fixed_dictionaries({"kind": VALUES}, optional={"organisation": VALUES}),
        "steps": ROWS,
        "status": st.lists(st.fixed_dictionaries({"state": VALUES}), min_size=1, max_size=2),
    },
)


def in_order(data):
    return {name: data[name] for name in FIELDS if name in data}


@given(DATA, DATA)
@settings(deadline=None)
def test_a_change_of_one_side_alone_is_that_side(base, changed):
    assert merge(base, changed, base) == (changed, [])
    assert merge(base, base, changed) == (changed, [])
    assert merge(base, changed, changed) == (changed, [])


@given(DATA, DATA, DATA)
@settings(max_examples=300, deadline=None)
def test_both_sides_ask_about_the_same_fields_and_see_them_mirrored(base, mine, theirs):
    here, there = three_way(FIELDS, base, mine, theirs), three_way(FIELDS, base, theirs, mine)
    assert [clash.field for clash in here.conflicts] == [clash.field for clash in there.conflicts]
    for ours, others in zip(here.conflicts, there.conflicts, strict=True):
        assert _unordered(ours.mine) == _unordered(others.theirs)
        assert _unordered(ours.theirs) == _unordered(others.mine)
    clashing = {clash.field for clash in here.conflicts}
    for name in FIELDS:
        if name not in clashing:
            assert _unordered(here.data.get(name)) == _unordered(there.data.get(name))


@given(DATA, DATA, DATA)
@settings(max_examples=300, deadline=None)
def test_no_change_of_one_side_alone_is_ever_lost(base, mine, theirs):
    merged = three_way(FIELDS, base, mine, theirs)
    asked = {clash.field for clash in merged.conflicts}
    for name in FIELDS:
        if theirs.get(name) == base.get(name):
            assert merged.data.get(name) == mine.get(name)
            assert name not in asked
        elif mine.get(name) == base.get(name):
            assert merged.data.get(name) == theirs.get(name)
            assert name not in asked
    for clash in merged.conflicts:
        for chosen in (clash.mine, clash.theirs):
            _assert_one_sided_entries_kept(
                clash, base.get(clash.field), mine.get(clash.field), theirs.get(clash.field), chosen
            )
    for name in ("partners", "steps"):
        if name not in asked:
            _assert_one_sided_entries_kept(
                FieldConflict(name, None, None, None),
                base.get(name),
                mine.get(name),
                theirs.get(name),
                merged.data.get(name),
            )


def _assert_one_sided_entries_kept(clash, base, mine, theirs, chosen):
    if clash.field not in ("partners", "steps"):
        return
    before, ours, others, after = (_keys(clash.field, value) for value in (base, mine, theirs, chosen))
    assert (ours - before) | (others - before) <= after
    changed_by_one = {key for key in before if (key in ours) != (key in others)}
    for key in changed_by_one:
        kept = next(row for row in (mine if key in ours else theirs) if key in _keys(clash.field, [row]))
        if kept in (base or []):  # the other side removed what this side had not touched
            assert key not in after


def _keys(name, value):
    return {entry["kind"] if name == "steps" else entry for entry in value or ()}


def _unordered(value):
    if not isinstance(value, list):
        return value
    return sorted(repr(sorted(entry.items())) if isinstance(entry, dict) else entry for entry in value)
