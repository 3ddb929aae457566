"""Recurrence rules that a calendar of a town may hold, and those that it may not."""

from __future__ import annotations

import datetime as dt

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from participation.checks import check_record
from participation.checks.recurrence import fault
from participation.records import Event


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20250630",
        "RRULE:FREQ=DAILY;COUNT=10",
        "FREQ=MONTHLY;BYDAY=1SA,-1SU",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;WKST=MO",
        "freq=weekly;until=20250630T220000Z;",
    ],
)
def test_a_sound_rule(rule):
    assert fault(rule) is None


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("tous les mardis", "«\u00a0TOUS LES MARDIS\u00a0», qui ne se comprend pas"),
        ("BYDAY=TU", "ne dit pas sa fréquence"),
        ("FREQ=HOURLY", "«\u00a0FREQ=HOURLY\u00a0»"),
        ("FREQ=SECONDLY;COUNT=5", "«\u00a0FREQ=SECONDLY\u00a0»"),
        ("FREQ=WEEKLY;FREQ=DAILY", "deux fois FREQ"),
        ("FREQ=WEEKLY;INTERVAL=0", "«\u00a0INTERVAL=0\u00a0»"),
        ("FREQ=WEEKLY;COUNT=-1", "«\u00a0COUNT=-1\u00a0»"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20250101", "gardez l’un des deux"),
        ("FREQ=WEEKLY;BYDAY=MARDI", "«\u00a0BYDAY=MARDI\u00a0»"),
        ("FREQ=MONTHLY;BYDAY=0MO", "«\u00a0BYDAY=0MO\u00a0»"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "«\u00a0BYMONTHDAY=32\u00a0»"),
        ("FREQ=YEARLY;BYMONTH=13", "«\u00a0BYMONTH=13\u00a0»"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30,31", "n’arrive jamais"),
        ("FREQ=WEEKLY;UNTIL=20250231", "«\u00a0UNTIL=20250231\u00a0»"),
        ("FREQ=WEEKLY;UNTIL=demain", "«\u00a0UNTIL=DEMAIN\u00a0»"),
        ("FREQ=WEEKLY;RSCALE=HEBREW", "«\u00a0RSCALE=HEBREW\u00a0»"),
        ("", "«\u00a0\u00a0»"),
    ],
)
def test_a_rule_that_is_refused(rule, words):
    refused = fault(rule)
    assert words in refused.message
    assert refused.hint == "Par exemple\u00a0: FREQ=WEEKLY;BYDAY=TU;UNTIL=20250630."


def test_an_event_with_a_faulty_rule_is_held_back():
    event = Event({"start": "2024-05-12", "recurrence": "FREQ=NEVER"}, id="2024-E1", path="events/2024/2024-E1.yml")
    (problem,) = check_record(event, lambda *_asked: True)
    assert (problem.field, problem.severity.value) == ("recurrence", "error")


DAYS = st.sampled_from(["MO", "TU", "1SA", "-1SU", "FR"])
PARTS = st.fixed_dictionaries(
    {"FREQ": st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "x"])},
    optional={
        "INTERVAL": st.integers(-1, 4).map(str),
        "COUNT": st.integers(-1, 4).map(str),
        "BYDAY": st.lists(DAYS, min_size=1, max_size=3).map(",".join),
        "BYMONTH": st.integers(0, 14).map(str),
        "BYMONTHDAY": st.integers(-32, 33).map(str),
        "BYSETPOS": st.integers(-2, 3).map(str),
    },
)


@given(PARTS)
def test_what_is_found_sound_can_be_unfolded(parts):
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    if fault(rule) is None:
        rrulestr(rule, dtstart=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))


def test_the_rules_of_libical_are_sound_or_too_frequent_or_of_another_calendar(shared_data):
    text = (shared_data / "libical-recur" / "icalrecur_test.txt").read_text(encoding="utf-8")
    rules = [line.partition(":")[2] for line in text.splitlines() if line.startswith("RRULE:")]
    odd = ("HOURLY", "MINUTELY", "SECONDLY", "RSCALE", "SKIP")
    refused = [rule for rule in rules if fault(rule) is not None and not any(word in rule for word in odd)]
    assert len(rules) > 50
    assert refused == []
