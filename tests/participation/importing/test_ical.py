"""iCalendar: zones, recurrence, changed dates, all-day events, people and private events left out."""

from __future__ import annotations

import datetime as dt

import pytest

from participation.importing.applying import apply
from participation.importing.errors import ImportRefused
from participation.importing.events import plan_events
from participation.importing.plan import Kind
from participation.records import Event

WHEN = dt.datetime(2025, 11, 21, 10, 0, tzinfo=dt.UTC)


def calendar(*events, other=""):
    body = "".join(
        f"BEGIN:VEVENT\nUID:{number}@x\nSUMMARY:Fête\n{event}\nEND:VEVENT\n" for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{other}{body}END:VCALENDAR\n"


def planned(store, text, **options):
    return plan_events(text.encode(), "agenda.ics", store.snapshot(), **options)


def only(store, event, other=""):
    (row,) = planned(store, calendar(event, other=other)).rows
    return row


CUSTOM = (
    "BEGIN:VTIMEZONE\nTZID:Bureau\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0500\n"
    "END:STANDARD\nEND:VTIMEZONE\n"
)


SERIES = (
    "DTSTART;TZID=Europe/Paris:20240514T183000\nRRULE:FREQ=DAILY;COUNT=9\n"
    "EXDATE;TZID=Europe/Paris:20240515T183000\nEXDATE:20240516T163000Z\nRDATE;VALUE=DATE:20240701"
)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20240512T183000\nDTEND:20240512T200000", {"start": "2024-05-12T18:30", "end": "2024-05-12T20:00"}),
        ("DTSTART:20240512T163000Z\nDURATION:PT1H", {"start": "2024-05-12T18:30", "end": "2024-05-12T19:30"}),
        ("DTSTART;TZID=Europe/Paris:20240512T183000", {"start": "2024-05-12T18:30"}),
        ("DTSTART;TZID=Romance Standard Time:20240512T183000", {"start": "2024-05-12T18:30"}),
        (
            "DTSTART;TZID=America/New_York:20240512T183000",
            {"start": "2024-05-12T18:30", "timezone": "America/New_York"},
        ),
        ("DTSTART;TZID=Bureau:20240512T120000", {"start": "2024-05-12T19:00"}),
        ("DTSTART;VALUE=DATE:20240512\nDTEND;VALUE=DATE:20240513", {"start": "2024-05-12"}),
        ("DTSTART;VALUE=DATE:20240512\nDTEND;VALUE=DATE:20240515", {"start": "2024-05-12", "end": "2024-05-14"}),
        (
            "DTSTART;TZID=Europe/Paris:20240514T183000\nRRULE:FREQ=WEEKLY;UNTIL=20240630T163000Z;BYDAY=TU",
            {"start": "2024-05-14T18:30", "recurrence": "FREQ=WEEKLY;UNTIL=20240630T183000;BYDAY=TU"},
        ),
        (
            "DTSTART:20240514T163000Z\nRRULE:FREQ=DAILY;COUNT=3",
            {"start": "2024-05-14T16:30", "timezone": "UTC", "recurrence": "FREQ=DAILY;COUNT=3"},
        ),
        (
            SERIES,
            {
                "start": "2024-05-14T18:30",
                "recurrence": "FREQ=DAILY;COUNT=9",
                "extra_dates": ["2024-07-01T18:30"],
                "exceptions": [
                    {"occurrence": "2024-05-15T18:30", "cancelled": True},
                    {"occurrence": "2024-05-16T18:30", "cancelled": True},
                ],
            },
        ),
        ("DTSTART:20240512T183000\nDTEND:20240512T100000", {"start": "2024-05-12T18:30"}),
        ("DTSTART:20240512T183000\nSTATUS:CANCELLED", {"start": "2024-05-12T18:30", "state": "cancelled"}),
        ("DTSTART:20240512T183000\nSTATUS:CONFIRMED", {"start": "2024-05-12T18:30"}),
    ],
)
def test_the_time_of_an_event_is_told_in_its_own_clock(store, event, expected):
    row = only(store, event, CUSTOM)
    times = ("start", "end", "timezone", "recurrence", "extra_dates", "exceptions", "state")
    assert {name: row.data[name] for name in times if name in row.data} == expected


def test_a_date_that_was_moved_and_one_that_was_cancelled_are_exceptions(store, faults):
    text = calendar(
        "DTSTART;TZID=Europe/Paris:20240514T183000\nRRULE:FREQ=WEEKLY;COUNT=5",
    ).replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\nUID:0@x\nSUMMARY:Fête au parc\nRECURRENCE-ID;TZID=Europe/Paris:20240521T183000\n"
        "DTSTART;TZID=Europe/Paris:20240522T190000\nDTEND;TZID=Europe/Paris:20240522T200000\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:0@x\nRECURRENCE-ID:20240528T163000Z\nDTSTART:20240528T163000Z\nSTATUS:CANCELLED\nEND:VEVENT\n"
        "END:VCALENDAR",
    )
    plan = planned(store, text)
    (row,) = plan.rows
    assert row.data["exceptions"] == [
        {
            "occurrence": "2024-05-21T18:30",
            "start": "2024-05-22T19:00",
            "end": "2024-05-22T20:00",
            "note": "Fête au parc",
        },
        {"occurrence": "2024-05-28T18:30", "cancelled": True},
    ]
    apply(plan, store, author="import", when=WHEN)
    assert faults() == []
    assert planned(store, text).writes == []


def test_people_and_contacts_are_left_out(store):
    row = only(
        store,
        "DTSTART:20240512T183000\nORGANIZER;CN=Amina B.:mailto:amina@example.org\nATTENDEE:mailto:b@example.org\n"
        "CONTACT:Amina B.\nDESCRIPTION:Écrire à amina@example.org ou au 06 12 34 56 78\nURL:https://example.org/fete",
    )
    assert "Amina" not in str(row.data)
    assert "example.org/fete" in row.data["website"]
    assert row.data["description"] == "Écrire à (…) ou au (…)"


def test_private_events_stay_out_and_are_counted(store):
    plan = planned(store, calendar("DTSTART:20240512T183000\nCLASS:PRIVATE", "DTSTART:20240513T183000"))
    assert len(plan.rows) == 1
    assert any("1 rendez-vous privés" in str(problem) for problem in plan.problems)


def test_an_event_keeps_its_identifier_when_it_moves_to_another_year(store):
    apply(planned(store, calendar("DTSTART:20241231T183000")), store, author="import", when=WHEN)
    plan = planned(store, calendar("DTSTART:20250102T183000", "DTSTART:20240101T100000"))
    assert [(row.id, row.kind) for row in plan.rows] == [("2024-E001", Kind.CHANGED), ("2024-E002", Kind.NEW)]


def test_numbers_of_trashed_events_are_not_used_again(store):
    apply(planned(store, calendar("DTSTART:20240512T183000")), store, author="import", when=WHEN)
    store.trash("2024-E001", author="agent-1", when=WHEN)
    trashed = {one.record.id: one.record for one in store.trashed()}
    plan = planned(store, calendar("DTSTART:20240512T183000", "DTSTART:20240513T183000"), trashed=trashed)
    assert [(row.id, row.kind) for row in plan.rows] == [("2024-E001", Kind.UNCHANGED), ("2024-E002", Kind.NEW)]


def test_a_cancellation_made_here_is_not_undone_by_a_source_that_says_confirmed(store):
    text = calendar("DTSTART:20240512T183000\nSTATUS:CONFIRMED")
    apply(planned(store, text), store, author="import", when=WHEN)
    event = store.snapshot().get("2024-E001")
    store.save(Event, event.id, {"state": "cancelled"}, base_blob=event.blob, author="agent-1", when=WHEN)
    plan = planned(store, text)
    assert plan.writes == []
    assert any("gardé" in str(problem) for problem in plan.problems)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("DURATION:PT1H", "pas de début"),
        ("DTSTART:demain", "illisible"),
        ("DTSTART:20240512T183000\nRRULE:FREQ=SECONDLY", "répétition"),
        ("DTSTART:20240512T183000\nRRULE:FREQ=DAILY;INTERVAL=0", "répétition"),
        ("DTSTART:20240512T183000\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "n’arrive jamais"),
        ("DTSTART:20240512T183000\nRRULE:FREQ=TOUJOURS", "illisible"),
        ("DTSTART:20240512T183000\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY", "EXRULE"),
    ],
)
def test_an_event_told_at_a_wrong_time_would_be_worse_than_none(store, event, words):
    plan = planned(store, calendar(event, "DTSTART:20240513T183000"))
    assert [row.kind for row in plan.rows] == [Kind.ERROR, Kind.NEW]
    told = [problem for problem in plan.problems if words in str(problem)]
    assert told, plan.problems
    assert (told[0].file, told[0].line) == ("agenda.ics", 4)


def test_times_at_the_end_of_time_and_changes_without_a_series_harm_nothing(store):
    plan = planned(store, calendar("RECURRENCE-ID:99991231T235959Z\nDTSTART:99991231T235959Z"))
    assert [row.id for row in plan.rows] == ["9999-E001"]


def test_a_zone_that_is_a_folder_refuses_the_calendar_without_naming_paths(store):
    with pytest.raises(ImportRefused) as refusal:
        planned(store, calendar("DTSTART;TZID=America:20240512T183000"))
    assert "fuseau" in str(refusal.value)
    assert "/" not in str(refusal.value)


def test_an_unknown_zone_is_told_and_its_clock_taken_as_it_is(store):
    row = only(store, "DTSTART;TZID=Lune/Cratère:20240512T183000")
    assert row.data["start"] == "2024-05-12T18:30"
    assert "Lune" in str(row.problems[0])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"bonjour", "ni un calendrier"),
        (b"BEGIN:VCALENDAR\nX\nEND:VCALENDAR\n", "lisible"),
        (b"BEGIN:VCALENDAR\nSUMMARY:\xe9\nEND:VCALENDAR\n", "UTF-8"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 3000, "lisible"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(store, content, words):
    with pytest.raises(ImportRefused) as refusal:
        plan_events(content, "agenda.ics", store.snapshot())
    assert words in str(refusal.value)


def test_kind_and_edition_can_be_given_to_all(store, faults):
    plan = planned(store, calendar("DTSTART:20240512T183000"), kind="meeting", edition="2024")
    apply(plan, store, author="import", when=WHEN)
    event = store.snapshot().get("2024-E001")
    assert (event.data["kind"], event.data["edition"]) == ("meeting", "2024")
    assert faults() == []


@pytest.mark.parametrize("options", [{"kind": "bal"}, {"edition": "../x"}, {"system": "a b"}])
def test_a_wrong_option_is_refused(store, options):
    with pytest.raises(ImportRefused):
        planned(store, calendar("DTSTART:20240512T183000"), **options)


def test_a_whole_day_that_ends_on_itself_is_that_day(store):
    """The format names the day after the last one; the calendars of the State name the day itself."""
    row = only(store, "DTSTART;VALUE=DATE:20250529\nDTEND;VALUE=DATE:20250529")
    assert (row.data["start"], row.data.get("end"), row.problems) == ("2025-05-29", None, ())
