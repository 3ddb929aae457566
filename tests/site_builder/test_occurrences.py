"""When an event takes place: rules, extra dates, exceptions, whole days, changes of the clock."""

from __future__ import annotations

import datetime as dt

import pytest

from site_builder.occurrences import occurrences

TUESDAYS = ["2026-12-01T09:00", "2026-12-08T09:00"]
YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def starts(start, first=YEAR[0], last=YEAR[1], zone="Europe/Paris", **more):
    return [str(one.start) for one in occurrences(start, more, first, last, zone)]


@pytest.mark.parametrize(
    ("start", "more", "expected"),
    [
        ("2026-05-12T18:30", {}, ["2026-05-12T18:30"]),
        ("2026-05-12", {}, ["2026-05-12"]),
        ("2025-05-12", {}, []),
        (
            "2026-05-05T18:00",
            {"recurrence": "FREQ=WEEKLY;COUNT=3"},
            ["2026-05-05T18:00", "2026-05-12T18:00", "2026-05-19T18:00"],
        ),
        ("2026-11-07", {"recurrence": "FREQ=MONTHLY;BYDAY=1SA"}, ["2026-11-07", "2026-12-05"]),
        ("2026-12-01T09:00", {"recurrence": "RRULE:freq=weekly;until=20261208;"}, TUESDAYS),
        ("2026-12-01T09:00", {"recurrence": "FREQ=WEEKLY;UNTIL=20261208T080000Z"}, TUESDAYS),
        ("2026-12-01T09:00", {"recurrence": "FREQ=WEEKLY;UNTIL=20261208T075959Z"}, TUESDAYS[:1]),
        (
            "2026-05-12T18:30",
            {"extra_dates": ["2026-06-01T10:00", "2026-07-02"]},
            ["2026-05-12T18:30", "2026-06-01T10:00", "2026-07-02T18:30"],
        ),
        ("2026-05-12T18:30", {"recurrence": "FREQ=TOUJOURS"}, ["2026-05-12T18:30"]),
        ("2026-05-12T18:30", {"recurrence": "FREQ=DAILY;INTERVAL=0"}, ["2026-05-12T18:30"]),
    ],
)
def test_an_event_takes_place_on_the_dates_of_its_rule(start, more, expected):
    assert starts(start, **more) == expected


def test_clock_times_stay_the_same_when_the_clocks_change():
    found = starts("2026-03-22T10:00", recurrence="FREQ=WEEKLY;COUNT=3")
    assert found == ["2026-03-22T10:00", "2026-03-29T10:00", "2026-04-05T10:00"]


def test_an_exception_moves_or_cancels_one_date_and_says_so():
    more = {
        "end": "2026-05-05T20:00",
        "recurrence": "FREQ=WEEKLY;COUNT=4",
        "exceptions": [
            {"occurrence": "2026-05-12T18:00", "start": "2026-05-14T17:00", "note": "Pont de l’Ascension"},
            {"occurrence": "2026-05-19", "cancelled": True},
        ],
    }
    found = list(occurrences("2026-05-05T18:00", more, *YEAR, "Europe/Paris"))
    assert [(str(one.start), str(one.end), one.cancelled, str(one.was or ""), one.note) for one in found] == [
        ("2026-05-05T18:00", "2026-05-05T20:00", False, "", ""),
        ("2026-05-14T17:00", "2026-05-14T19:00", False, "2026-05-12T18:00", "Pont de l’Ascension"),
        ("2026-05-19T18:00", "2026-05-19T20:00", True, "", ""),
        ("2026-05-26T18:00", "2026-05-26T20:00", False, "", ""),
    ]


def test_a_date_moved_out_of_a_month_is_there_in_its_new_month_only():
    moved = [{"occurrence": "2026-05-30", "start": "2026-06-02"}]
    assert starts("2026-05-30", dt.date(2026, 5, 1), dt.date(2026, 5, 31), exceptions=moved) == []
    assert starts("2026-05-30", dt.date(2026, 6, 1), dt.date(2026, 6, 30), exceptions=moved) == ["2026-06-02"]


def test_an_event_of_several_days_touches_each_of_them():
    for day in (dt.date(2026, 5, 29), dt.date(2026, 6, 1), dt.date(2026, 6, 3)):
        assert starts("2026-05-29", day, day, end="2026-06-03") == ["2026-05-29"]
    assert starts("2026-05-29", dt.date(2026, 6, 4), dt.date(2026, 6, 4), end="2026-06-03") == []


def test_all_dates_of_a_cancelled_event_are_cancelled():
    more = {"state": "cancelled", "recurrence": "FREQ=WEEKLY;COUNT=2", "change_note": "Faute de salle"}
    found = list(occurrences("2026-05-05", more, *YEAR))
    assert [(one.cancelled, one.note) for one in found] == [(True, "Faute de salle")] * 2


@pytest.mark.parametrize(
    "rule",
    ["FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2", "FREQ=DAILY;BYHOUR=0,1,2,3"],
)
@pytest.mark.timeout(30)
def test_a_rule_that_finds_nothing_is_given_up(rule):
    year = [dt.date(2026, 1, 1) + dt.timedelta(days=day) for day in range(365)]
    possible = {f"{day.isoformat()}T0{hour}:00" for day in year for hour in range(4)}
    assert set(starts("2016-01-01T00:00", recurrence=rule)) <= possible


def test_a_series_that_began_long_ago_still_takes_place():
    assert len(starts("2016-01-01T08:00", recurrence="FREQ=DAILY")) == 365
