"""OpenAgenda exports: timings, HTML, contacts, the shapes of its exports."""

from __future__ import annotations

import json

import pytest

from participation.importing.errors import ImportRefused
from participation.importing.events import plan_events
from participation.importing.hypertext import to_markdown
from participation.importing.plan import Kind


def timing(begin, end):
    return {"begin": f"{begin}+02:00", "end": f"{end}+02:00"}


def planned(store, *events, shape="records"):
    entries = [{"fields": event} for event in events] if shape == "records" else list(events)
    content = json.dumps(entries if shape == "list" else {shape: entries}).encode()
    return plan_events(content, "agenda.json", store.snapshot())


def event(*timings, **fields):
    return {"uid": "1", "title_fr": "Fête", "timings": json.dumps(list(timings)), **fields}


@pytest.mark.parametrize(
    ("timings", "expected"),
    [
        (
            [timing("2024-05-12T18:30:00", "2024-05-12T20:00:00")],
            {"start": "2024-05-12T18:30", "end": "2024-05-12T20:00"},
        ),
        (
            [
                timing("2024-05-12T18:30:00", "2024-05-12T20:00:00"),
                timing("2024-05-13T18:30:00", "2024-05-13T20:00:00"),
            ],
            {"start": "2024-05-12T18:30", "end": "2024-05-12T20:00", "extra_dates": ["2024-05-13T18:30"]},
        ),
        (
            [
                timing("2024-05-13T10:00:00", "2024-05-13T17:00:00"),
                timing("2024-05-12T10:00:00", "2024-05-12T12:00:00"),
            ],
            {
                "start": "2024-05-12T10:00",
                "end": "2024-05-12T12:00",
                "extra_dates": ["2024-05-13T10:00"],
                "exceptions": [{"occurrence": "2024-05-13T10:00", "end": "2024-05-13T17:00"}],
            },
        ),
        (
            [
                timing("2024-05-01T00:00:00", "2024-05-01T01:59:59"),
                timing("2024-05-01T02:00:00", "2024-05-03T23:59:59"),
            ],
            {"start": "2024-05-01", "end": "2024-05-03"},
        ),
    ],
    ids=["one", "alike", "of other lengths", "without a break"],
)
def test_timings_become_a_start_an_end_and_further_dates(store, timings, expected):
    (row,) = planned(store, event(*timings)).rows
    assert {
        name: row.data[name] for name in ("start", "end", "extra_dates", "exceptions") if name in row.data
    } == expected


@pytest.mark.parametrize("shape", ["records", "results", "events", "list"])
def test_every_shape_of_export_is_read(store, shape):
    single = event(timing("2024-05-12T18:30:00", "2024-05-12T20:00:00"))
    if shape == "events":
        single = {"uid": 1, "title": {"fr": "Fête"}, "timings": [timing("2024-05-12T18:30:00", "2024-05-12T20:00:00")]}
    (row,) = planned(store, single, shape=shape).rows
    assert (row.id, row.data["title"], row.data["origin"]) == (
        "2024-E001",
        "Fête",
        {"system": "openagenda", "id": "1"},
    )


def test_contacts_are_dropped_and_registration_keeps_web_addresses(store):
    registration = json.dumps(
        [{"type": "email", "value": "a@example.org"}, {"type": "link", "value": "https://example.org/x"}]
    )
    (row,) = planned(
        store,
        event(
            timing("2024-05-12T18:30:00", "2024-05-12T20:00:00"),
            registration=registration,
            conditions_fr="Écrire à a@example.org",
            longdescription_fr='<p>Chez <a href="mailto:a@example.org">a@example.org</a></p>',
            location_phone="0612345678",
            location_name="Salle",
            location_address="1 rue Haute",
            location_coordinates=[48.1, 2.3],
        ),
    ).rows
    assert row.data["registration"] == {"url": "https://example.org/x"}
    assert "example.org" not in row.data["description"]
    assert "0612345678" not in str(row.data)
    assert row.data["place"] == {"name": "Salle", "address": "1 rue Haute", "longitude": "2.3", "latitude": "48.1"}


@pytest.mark.parametrize("status", [6, '{"id": 6, "label": {"fr": "Annulé"}}'])
def test_a_cancelled_event_is_cancelled(store, status):
    (row,) = planned(store, event(timing("2024-05-12T18:30:00", "2024-05-12T20:00:00"), status=status)).rows
    assert row.data["state"] == "cancelled"


@pytest.mark.parametrize(
    "broken",
    [
        {"uid": "1", "title_fr": "Fête"},
        event({"begin": "demain", "end": "hier"}),
        event("rien"),
        {"uid": "1", "title_fr": "Fête", "timings": "[[["},
        event(timing("2024-05-12T20:00:00", "2024-05-12T18:00:00")),
    ],
)
def test_an_event_without_a_usable_time_stays_out_and_the_others_go_in(store, broken):
    good = event(timing("2024-05-12T18:30:00", "2024-05-12T20:00:00"), uid="2")
    plan = planned(store, broken, good)
    assert [row.kind for row in plan.rows] == [Kind.ERROR, Kind.NEW]
    assert any("n° 1" in str(problem) for problem in plan.problems)


@pytest.mark.parametrize(
    ("content", "line"),
    [(b'{"records": [\n{"fields": }]}', 2), (b'{"autre": []}', 1), (b"[" * 100_000, None), (b'{"records": "x"}', 1)],
)
def test_json_that_is_no_export_is_refused(store, content, line):
    with pytest.raises(ImportRefused) as refusal:
        plan_events(content, "agenda.json", store.snapshot())
    assert refusal.value.problems[0].line == line


def test_half_of_a_character_is_no_text_and_harms_nothing(store):
    half = event(timing("2024-05-12T18:30:00", "2024-05-12T20:00:00"), longdescription_fr="<p>Fête \ud83d</p>")
    (row,) = planned(store, half).rows
    assert row.data["description"] == "Fête ?"


def test_an_entry_that_is_no_event_is_an_error_of_its_own(store):
    plan = plan_events(b'{"records": ["x", 1, null]}', "agenda.json", store.snapshot())
    assert [row.kind for row in plan.rows] == [Kind.ERROR] * 3


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Un texte", "Un texte"),
        ("<p>Un</p><p>Deux</p>", "Un\n\nDeux"),
        ("Un<br>Deux", "Un\\\nDeux"),
        ("<b> gras </b>et <em>fin</em>", "**gras** et *fin*"),
        ("<b></b>vide", "vide"),
        ("<ul><li>a</li><li>b</li></ul>fin", "- a\n- b\n\nfin"),
        ("<h2>Titre</h2>texte", "### Titre\n\ntexte"),
        ('<a href="https://example.org/a b(c)">là</a>', "[là](https://example.org/a%20b(c%29)"),
        ('<a href="javascript:alert(1)">là</a>', "là"),
        ("<script>alert(1)</script>a<style>b</style>", "a"),
        ("2 &lt; 3 * 4_5", "2 \\< 3 \\* 4\\_5"),
        ("<img src=x onerror=alert(1)>a", "a"),
    ],
)
def test_html_becomes_markdown_without_scripts(html, expected):
    assert to_markdown(html) == expected
