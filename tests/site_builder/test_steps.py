"""Steps against their promise: progress, slips, bars of the timeline."""

from __future__ import annotations

import datetime as dt

import pytest

from site_builder.steps import Slip, axis, bars, progress, slip, span


def step(kind="works", **dates):
    return {"kind": kind} | dates


DONE, UNDER_WAY, TO_COME = step(actual_end="2026-02"), step(actual_start="2026-03-02"), step("delivery")


@pytest.mark.parametrize(
    ("steps", "state", "family", "expected"),
    [
        ([], "works", "work", (3, 5, "works")),
        ([], "delivered", "done", (0, 0, "")),
        ([], "not_selected", "over", (0, 0, "")),
        ([TO_COME, TO_COME], "winner", "vote", (0, 2, "")),
        ([UNDER_WAY, TO_COME], "works", "work", (0, 2, "works")),
        ([DONE, UNDER_WAY, TO_COME], "works", "work", (1, 3, "works")),
        ([DONE, TO_COME], "works", "work", (1, 2, "")),
        ([DONE, DONE], "works", "work", (2, 2, "")),
        ([TO_COME, UNDER_WAY, TO_COME], "works", "work", (1, 3, "works")),
        ([UNDER_WAY, TO_COME], "delivered", "done", (2, 2, "")),
        ([DONE, UNDER_WAY], "abandoned", "over", (1, 2, "works")),
    ],
)
def test_progress_counts_the_steps_that_are_behind(steps, state, family, expected):
    assert tuple(progress({"steps": steps}, state, family))[:3] == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({}, None),
        ({"planned_end": "2026-03"}, None),
        ({"planned_end": "2026-03", "actual_end": "2026-03-31"}, Slip(0, certain=True)),
        ({"planned_end": "2026-03", "actual_end": "2026-04-10"}, Slip(10, certain=True)),
        ({"planned_end": "2026-03", "actual_end": "2026-05"}, Slip(61, certain=True)),
        ({"planned_end": "2026-03-31", "actual_end": "2026-02-28"}, Slip(-31, certain=True)),
        ({"planned_end": "2026", "actual_end": "2026-11-30"}, Slip(0, certain=True)),
        ({"planned_end": "2026-03-31", "expected_end": "2026-06-30"}, Slip(91, certain=False)),
        ({"planned_end": "2026-03-31", "expected_end": "2026-06", "actual_end": "2026-04-01"}, Slip(1, certain=True)),
        ({"planned_start": "2026-03-01", "actual_start": "2026-03-15"}, Slip(14, certain=True)),
        ({"planned_start": "2026-03", "planned_end": "2026-05", "actual_start": "2026-04-02"}, Slip(2, certain=True)),
    ],
)
def test_a_slip_compares_what_is_known_as_precisely_as_it_is_known(dates, expected):
    assert slip(step(**dates)) == expected


def test_bars_share_one_scale_and_stay_inside_it():
    rows = [
        step(planned_start="2026-01", planned_end="2026-06", actual_start="2026-02-01", expected_end="2026-12-31"),
        step(planned_end="2026-12-31"),
        step(actual_start="2026-12-31", actual_end="2026-12-31"),
        step(),
    ]
    first, last = span(rows)
    assert (first, last) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    drawn = [bars(row, first, last) for row in rows]
    assert [[bar.kind for bar in one] for one in drawn] == [["p", "r", "f"], ["p"], ["r"], []]
    assert drawn[0][0][1:] == (0.0, 49.5)
    for bar in [bar for one in drawn for bar in one]:
        assert bar.left >= 0
        assert bar.width >= 1.5
        assert bar.left + bar.width <= 100.1


def test_steps_without_any_date_have_no_timeline():
    assert span([step(), step()]) is None


def test_the_axis_names_the_month_of_each_tick():
    ticks = axis(dt.date(2025, 9, 1), dt.date(2027, 3, 31))
    assert [str(tick) for tick in ticks] == [
        "2025-09",
        "2025-11",
        "2026-02",
        "2026-05",
        "2026-07",
        "2026-10",
        "2027-01",
    ]
