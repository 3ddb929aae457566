"""Calendars, read back by another program's parser."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import icalendar
import pytest
from PIL import ImageColor

from participation.records import Event
from participation.records.event import EVENT_KINDS
from participation.store import open_store
from participation.values import Moment
from site_builder import ics
from site_builder.sources import GitSource
from tests.site_builder.small_town import event

LONG = "Réunion « publique », avec l’équipe\\ ; et des mots, beaucoup de mots : " + "été " * 40


def calendar(start, zone="Europe/Paris", title="Réunion", online=None, **more):
    text = ics.vevents(
        uid="2026-E001@budget.example",
        title=title,
        start=start,
        more=more,
        zone=zone,
        url="https://budget.example/agenda/2026-E001/",
        summary="Une\nphrase, deux ; trois.",
        location="Salle des fêtes, 3 rue du Bief",
        categories="Réunion publique",
        point=(47.40284, 0.00002),
        colour="purple",
        online=online,
    )
    source = "https://budget.example/agenda/agenda.ics"
    return ics.calendar(
        "Agenda",
        "Les rendez-vous",
        [zone],
        [text],
        source=source,
        page="https://budget.example/agenda/",
        category="Vote",
        colour="purple",
    )


def events(text):
    read = icalendar.Calendar.from_ical(text)
    return list(read.walk("VEVENT"))


def test_an_event_comes_back_with_its_words_times_and_place():
    (read,) = events(calendar("2026-05-12T18:30", end="2026-05-12T20:00", sequence=3, title=LONG))
    paris = ZoneInfo("Europe/Paris")
    assert str(read["UID"]) == "2026-E001@budget.example"
    assert str(read["SUMMARY"]) == LONG
    assert str(read["DESCRIPTION"]) == "Une\nphrase, deux ; trois."
    assert str(read["LOCATION"]) == "Salle des fêtes, 3 rue du Bief"
    assert read["SEQUENCE"] == 3
    assert str(read["STATUS"]) == "CONFIRMED"
    assert read.decoded("DTSTART") == dt.datetime(2026, 5, 12, 18, 30, tzinfo=paris)
    assert read.decoded("DTEND") == dt.datetime(2026, 5, 12, 20, 0, tzinfo=paris)
    assert (read["GEO"].latitude, read["GEO"].longitude) == (47.40284, 0.00002)


def test_whole_days_end_on_the_day_after_the_last():
    (read,) = events(calendar("2026-08-20", end="2026-08-23"))
    assert (read.decoded("DTSTART"), read.decoded("DTEND")) == (dt.date(2026, 8, 20), dt.date(2026, 8, 24))


@pytest.mark.parametrize(
    ("state", "expected"), [("cancelled", "CANCELLED"), ("tentative", "TENTATIVE"), ("moved", "CONFIRMED")]
)
def test_a_state_becomes_a_status(state, expected):
    (read,) = events(calendar("2026-08-20", state=state))
    assert str(read["STATUS"]) == expected


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        ("2026-05-05T18:00", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260630", "FREQ=WEEKLY;UNTIL=20260630T215959Z;BYDAY=TU"),
        ("2026-05-05T18:00", "rrule:freq=weekly;until=20260630T160000Z", "FREQ=WEEKLY;UNTIL=20260630T160000Z"),
        ("2026-05-05T18:00", "FREQ=WEEKLY;UNTIL=20261230T180000", "FREQ=WEEKLY;UNTIL=20261230T170000Z"),
        ("2026-05-05", "FREQ=MONTHLY;UNTIL=20261230T180000Z", "FREQ=MONTHLY;UNTIL=20261230"),
        ("2026-05-05", "FREQ=MONTHLY;COUNT=4", "FREQ=MONTHLY;COUNT=4"),
    ],
)
def test_a_rule_ends_as_the_standard_wants_it(start, rule, expected):
    (read,) = events(calendar(start, recurrence=rule))
    assert read["RRULE"].to_ical().decode() == expected


def test_a_faulty_rule_is_left_out():
    (read,) = events(calendar("2026-05-05", recurrence="FREQ=TOUJOURS;INTERVAL=0"))
    assert "RRULE" not in read


def test_exceptions_are_dates_left_out_or_events_of_their_own():
    more = {
        "end": "2026-05-05T20:00",
        "recurrence": "FREQ=WEEKLY;COUNT=4",
        "extra_dates": ["2026-07-02"],
        "exceptions": [
            {"occurrence": "2026-05-12T18:00", "start": "2026-05-14T17:00"},
            {"occurrence": "2026-05-19T18:00", "cancelled": True},
        ],
    }
    series, moved = events(calendar("2026-05-05T18:00", **more))
    paris = ZoneInfo("Europe/Paris")
    assert series["EXDATE"].dts[0].dt == dt.datetime(2026, 5, 19, 18, tzinfo=paris)
    assert series["RDATE"].dts[0].dt == dt.datetime(2026, 7, 2, 18, tzinfo=paris)
    assert str(moved["UID"]) == str(series["UID"])
    assert moved.decoded("RECURRENCE-ID") == dt.datetime(2026, 5, 12, 18, tzinfo=paris)
    assert moved.decoded("DTSTART") == dt.datetime(2026, 5, 14, 17, tzinfo=paris)
    assert moved.decoded("DTEND") == dt.datetime(2026, 5, 14, 19, tzinfo=paris)


def test_lines_have_at_most_75_bytes_and_end_as_the_standard_wants_them():
    text = calendar("2026-05-12T18:30", title=LONG, recurrence="FREQ=WEEKLY;BYDAY=" + "MO,TU,WE," * 20 + "TH")
    assert [line for line in text.encode().split(b"\r\n") if len(line) > 75] == []
    assert text.count("\n") == text.count("\r\n") == text.count("\r")
    assert text.endswith("END:VCALENDAR\r\n")


ZONES = [
    "Europe/Paris", "Australia/Sydney", "Pacific/Auckland", "America/Miquelon", "America/Santiago",
    "America/Guadeloupe", "Pacific/Noumea", "Asia/Kolkata", "UTC",
]  # fmt: skip


@pytest.mark.parametrize("name", ZONES)
def test_a_time_zone_is_right_every_day_of_2026(name):
    read = icalendar.Calendar.from_ical(calendar("2026-05-12T18:30", zone=name))
    (written,) = read.walk("VTIMEZONE")
    zone = written.to_tz(lookup_tzid=False)
    right = ZoneInfo(name)
    for day, hour in itertools.product(range(365), (6, 12)):  # no clock skips these hours
        clock = dt.datetime(2026, 1, 1, hour, tzinfo=zone) + dt.timedelta(days=day)
        assert clock.utcoffset() == clock.replace(tzinfo=right).utcoffset(), clock


def test_every_feed_of_a_site_reads_back_as_the_records_say(town, sites):
    recurrence = "FREQ=WEEKLY;BYDAY=WE;UNTIL=20260630"
    town.put(
        "event", "2026-E002", event("Permanence", "2026-06-03T09:00", end="2026-06-03T12:00", recurrence=recurrence)
    )
    town.put("event", "2026-E003", event("À Sydney", "2026-06-09T10:00", timezone="Australia/Sydney"))
    town.put("event", "2026-E004", event("Fête", "2026-07-14", uid="ancien@ailleurs", state="cancelled"))
    sites.build(town.commit())
    files = sites.files()
    whole = {str(one["UID"]): one for one in events(files["agenda/agenda.ics"].decode())}
    assert len(whole) == 4
    for id in ("2026-E001", "2026-E002", "2026-E003", "2026-E004"):
        (one,) = events(files[f"agenda/{id}/rendez-vous.ics"].decode())
        assert one == whole[str(one["UID"])]
    assert whole["2026-E002@budget.example"]["RRULE"]["BYDAY"] == ["WE"]
    sydney = dt.datetime(2026, 6, 9, 10, tzinfo=ZoneInfo("Australia/Sydney"))
    assert whole["2026-E003@budget.example"].decoded("DTSTART") == sydney
    assert str(whole["2026-E003@budget.example"]["URL"]) == "https://budget.example/agenda/2026-E003/"
    for name in files:
        if name.endswith(".ics"):
            assert [line for line in files[name].split(b"\r\n") if len(line) > 75] == []


def test_two_events_never_share_a_name_and_the_name_outlives_a_new_date(town, sites):
    sites.build(town.commit())
    (before,) = events(sites.files()["agenda/2026-E001/rendez-vous.ics"].decode())
    town.put("event", "2026-E001", event("Visite", "2026-07-01T10:00", state="moved", sequence=1))
    sites.build(town.commit())
    (after,) = events(sites.files()["agenda/2026-E001/rendez-vous.ics"].decode())
    assert (before["UID"], before["SEQUENCE"]) == (after["UID"], 0)
    assert after["SEQUENCE"] == 1
    assert Moment.parse("2026-07-01T10:00").at(ZoneInfo("Europe/Paris")) == after.decoded("DTSTART")


def test_a_calendar_says_what_it_is_where_it_is_fetched_again_and_where_it_can_be_read():
    read = icalendar.Calendar.from_ical(calendar("2026-05-12T18:30"))
    assert (str(read["NAME"]), str(read["DESCRIPTION"])) == ("Agenda", "Les rendez-vous")
    assert read["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert read.decoded("REFRESH-INTERVAL") == dt.timedelta(hours=12)
    assert (str(read["SOURCE"]), read["SOURCE"].params["VALUE"]) == (
        "https://budget.example/agenda/agenda.ics",
        "URI",
    )
    assert str(read["URL"]) == "https://budget.example/agenda/"
    assert read["CATEGORIES"].cats == ["Vote"]


def test_colours_and_ways_to_join_from_afar_are_those_of_rfc_7986():
    away = ("https://visio.example/salle;7,8?x=" + "1" * 80, "En ligne, à l’heure")
    read = icalendar.Calendar.from_ical(calendar("2026-05-12T18:30", online=away))
    (one,) = read.walk("VEVENT")
    assert (str(read["COLOR"]), str(one["COLOR"])) == ("purple", "purple")
    assert str(one["CONFERENCE"]) == away[0]
    assert (one["CONFERENCE"].params["VALUE"], one["CONFERENCE"].params["LABEL"]) == ("URI", away[1])


def test_each_kind_of_event_has_a_colour_of_its_own_with_a_name_of_css():
    assert list(ics.COLOURS) == list(EVENT_KINDS)
    assert len(set(ics.COLOURS.values())) == len(EVENT_KINDS)
    assert set(ics.COLOURS.values()) <= set(ImageColor.colormap)


def test_feeds_carry_the_colour_of_the_kind(town, sites):
    town.put("event", "2026-E002", event("Vote", "2026-06-05", kind="vote", online_url="https://visio.example/7"))
    sites.build(town.commit())
    files = {name: icalendar.Calendar.from_ical(data) for name, data in sites.files().items() if name.endswith(".ics")}
    assert {str(one["SUMMARY"]): str(one["COLOR"]) for one in files["agenda/agenda.ics"].walk("VEVENT")} == {
        "Visite du jardin": "saddlebrown",
        "Vote": "purple",
    }
    colours = {name.rpartition("/")[2]: str(one.get("COLOR", "")) for name, one in files.items() if "agenda/" in name}
    assert {colours["vote.ics"], colours["visite-de-chantier.ics"]} == {"purple", "saddlebrown"}
    assert colours["agenda.ics"] == ""


def titles(data):
    return sorted(str(one["SUMMARY"]) for one in events(data.decode()))


def test_there_is_a_feed_and_a_page_for_each_kind_each_zone_and_each_project_with_events(town, sites):
    town.put("event", "2026-E002", event("Vote au marché", "2026-06-05", kind="vote", zone="bief"))
    town.put("event", "2026-E003", event("Atelier", "2026-06-06", kind="workshop", projects=["2026-P001"]))
    town.put("event", "2026-E004", event("Sans date", "2026-06-06", kind="meeting", zone="halles"))
    sites.build(town.commit())
    files = sites.files()
    assert titles(files["agenda/agenda.ics"]) == ["Atelier", "Sans date", "Visite du jardin", "Vote au marché"]
    assert titles(files["agenda/type/vote.ics"]) == ["Vote au marché"]
    assert titles(files["agenda/quartier/bief.ics"]) == ["Vote au marché"]
    assert titles(files["agenda/quartier/halles.ics"]) == ["Sans date"]
    assert titles(files["projets/2026-P001/agenda.ics"]) == ["Atelier", "Visite du jardin"]
    page = sites.page("agenda/quartier/bief")
    assert "Vote au marché" in page
    assert "Atelier" not in page
    assert 'href="../../../agenda/quartier/bief.ics"' in page
    agenda = sites.page("agenda")
    for address in ("agenda/type/vote", "agenda/type/atelier", "agenda/quartier/bief", "agenda/quartier/halles"):
        assert f'href="../{address}/"' in agenda
        assert f'href="../{address}.ics"' in agenda
    assert 'href="agenda.ics"' in sites.page("projets/2026-P001")


def test_feeds_and_pages_go_with_their_last_event(town, sites):
    path = town.put("event", "2026-E002", event("Vote", "2026-06-05", kind="vote", zone="bief", projects=["2026-P001"]))
    sites.build(town.commit())
    town.put("event", "2026-E001", event("Visite du jardin", "2026-06-03T18:30"))
    del town.files[path]
    assert sites.build(town.commit()).full is False
    gone = ("agenda/type/vote.ics", "agenda/type/vote/index.html", "agenda/quartier/bief.ics")
    assert [name for name in (*gone, "projets/2026-P001/agenda.ics") if name in sites.files()] == []
    assert "agenda/type/vote" not in sites.page("agenda")
    assert "agenda.ics" not in sites.page("projets/2026-P001")


def test_an_event_that_is_moved_in_the_store_moves_in_the_calendar_of_a_subscriber(town, sites):
    store, when = open_store(town.path), dt.datetime(2026, 5, 20, tzinfo=dt.UTC)
    town.commit()

    def calendar_now():
        sites.build(GitSource(town.path, store.head()))
        return {str(one["UID"]): one for one in events(sites.files()["agenda/agenda.ics"].decode())}

    before = calendar_now()["2026-E001@budget.example"]
    blob = store.snapshot().get("2026-E001").blob
    moved = {"start": "2026-06-10T18:30", "state": "moved"}
    saved = store.save(Event, "2026-E001", moved, base_blob=blob, author="agent-1", when=when)
    after = calendar_now()["2026-E001@budget.example"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert (before.decoded("DTSTART").day, after.decoded("DTSTART").day) == (3, 10)
    store.save(Event, "2026-E001", {"state": "cancelled"}, base_blob=saved.blob, author="agent-1", when=when)
    cancelled = calendar_now()["2026-E001@budget.example"]
    assert (cancelled["SEQUENCE"], str(cancelled["STATUS"])) == (2, "CANCELLED")
