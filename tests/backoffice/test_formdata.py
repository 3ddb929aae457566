"""From plain data to the names and values of a form and back, whatever the type: nothing is lost on the way."""

from __future__ import annotations

import pytest

from backoffice.records import formdata, saving
from backoffice.records.formview import References, sections
from participation.records import Event, Idea, Project

PROJECT = {
    "title": "La place des Lavandières",
    "description": "Un paragraphe.\n\n- une liste\n- deux lignes",
    "theme": "nature",
    "ideas": ["2023-0007", "2023-0012"],
    "owner": {"kind": "association", "organisation": "Les Amis, du bief"},
    "place": {"name": "Place", "address": "1, rue du Bief", "longitude": "2.35", "latitude": "48.85"},
    "priority_area": False,
    "partners": ["Région, Ville", "État"],
    "votes": 1412,
    "budget_voted": "85000.50",
    "budget_as_of": "2025-03",
    "steps": [
        {"kind": "design", "planned_start": "2024-05", "actual_end": "2024-10-30"},
        {"kind": "works", "planned_end": "2025", "note": "Un collecteur a été découvert."},
    ],
    "scenarios": [{"code": "A", "title": "Minérale", "cost": "70000", "chosen": True}],
    "photos": [{"file": "2024/place.webp", "alt": "La place"}],
    "status": [{"state": "winner", "date": "2024-04-02"}],
    "note": "Note interne",
}
EVENT = {
    "title": {"fr": "Atelier", "en": "Workshop"},
    "kind": "workshop",
    "start": "2025-12-11T18:30",
    "place": "whole_territory",
    "extra_dates": ["2025-12-18", "2026-01-08T18:30"],
    "exceptions": [{"occurrence": "2025-12-18", "cancelled": True}],
    "visible_from": "2025-11-30T09:00:00+01:00",
    "sequence": 3,
}


@pytest.mark.parametrize(("kind", "data"), [(Project, PROJECT), (Event, EVENT), (Idea, {"title": "Un préau"})])
def test_a_form_that_is_sent_back_unchanged_changes_nothing(kind, data):
    record = kind(data, id="2024-P007", blob="b")
    reading = saving.read(record, formdata.from_data(kind, data))
    assert reading.errors == []
    assert reading.data == data


@pytest.mark.parametrize(
    ("name", "typed", "plain"),
    [
        ("budget_voted", "45 000 €", "45000"),
        ("budget_voted", "45\u202f000", "45000"),
        ("budget_voted", "45000,00", "45000"),
        ("budget_voted", "45.000,50 euros", "45000.50"),
        ("budget_as_of", "12/05/2024", "2024-05-12"),
        ("budget_as_of", "mai 2024", "2024-05"),
        ("budget_as_of", "1er mai 2024", "2024-05-01"),
        ("budget_as_of", "2024", "2024"),
        ("votes", "1 412", 1412),
        ("partners", "Région, Ville\n\n  État  ", ["Région, Ville", "État"]),
        ("title", "  Deux   espaces ", "Deux espaces"),
    ],
)
def test_what_people_type_is_understood(name, typed, plain):
    reading = saving.read(Project({}), {name: typed})
    assert reading.errors == []
    assert reading.data[name] == plain


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("budget_voted", "environ 30k", "Écrivez seulement le montant."),
        ("budget_as_of", "bientôt", "n’est pas une date"),
        ("budget_as_of", "31/02/2024", "n’est pas une date"),
        ("votes", "beaucoup", "nombre entier"),
        ("summary", "x" * 401, "401 caractères"),
        ("page", "exemple.fr/page", "adresse web"),
        ("place.latitude", "nord", "degrés"),
        ("steps.1.planned_start", "hier", "n’est pas une date"),
        ("owner.person", "Yvette R.", "identifiant valable"),
    ],
)
def test_what_cannot_be_understood_is_told_beside_its_field(name, typed, words):
    pairs = {name: typed, "steps.1.kind": "works"}
    reading = saving.read(Project({}), pairs)
    views = [view for part in sections(Project, pairs, reading.errors, nothing) for view in part.fields]
    marked = {found: view.errors for found, view in walk(views) if view.errors}
    assert list(marked) in ([name], [name.rpartition(".")[0]])
    assert words in next(iter(marked.values()))[0]


def test_the_summary_names_the_field_in_words_and_leads_to_it():
    reading = saving.read(
        Project({}), {"steps.1.kind": "design", "steps.2.kind": "works", "steps.2.planned_end": "hier"}
    )
    (line,) = saving.summary(Project, reading.errors)
    assert line[0] == "steps.2.planned_end"
    assert line[1].startswith("Étapes 2, Fin prévue\u00a0: «\u00a0hier\u00a0» n’est pas une date.")


def test_an_empty_row_between_two_others_is_dropped_and_does_not_shift_the_errors():
    pairs = {"steps.1.kind": "design", "steps.2.kind": "", "steps.3.kind": "works", "steps.3.planned_end": "hier"}
    reading = saving.read(Project({}), pairs)
    assert [row["kind"] for row in reading.data["steps"]] == ["design", "works"]
    assert [error.field for error in reading.errors] == ["steps.3.planned_end"]


def test_rows_that_were_left_empty_at_the_end_are_no_rows():
    sent = [("steps.1.kind", "design"), ("steps.2.kind", ""), ("steps.2.note", " "), ("_base", "x")]
    assert formdata.last_values(sent) == {"steps.1.kind": "design"}


@pytest.mark.parametrize(
    ("act", "order", "eye"),
    [
        ("up:steps:2", ["works", "design", "review"], "steps.1"),
        ("down:steps:2", ["design", "review", "works"], "steps.3"),
        ("remove:steps:1", ["works", "review"], "steps.1"),
        ("remove:steps:3", ["design", "works"], "steps.2"),
        ("up:steps:1", ["design", "works", "review"], ""),
        ("down:steps:3", ["design", "works", "review"], ""),
        ("remove:steps:9", ["design", "works", "review"], ""),
        ("add:steps", ["design", "works", "review"], "steps.4"),
        ("explode:steps:1", ["design", "works", "review"], ""),
    ],
)
def test_rows_are_moved_and_removed_with_all_they_hold(act, order, eye):
    kinds = ["design", "works", "review"]
    pairs = {"title": "x"}
    for number, kind in enumerate(kinds, 1):
        pairs |= {f"steps.{number}.kind": kind, f"steps.{number}.note": f"note de {kind}"}
    moved, seen = formdata.rearrange(pairs, act)
    rows = formdata.to_raw(Project, moved)["steps"]
    assert [row["kind"] for row in rows] == order
    assert [row["note"] for row in rows] == [f"note de {kind}" for kind in order]
    assert (moved["title"], seen) == ("x", eye)


def test_the_form_offers_one_more_row_than_there_are():
    pairs = formdata.from_data(Project, PROJECT)
    views = {view.name: view for part in sections(Project, pairs, [], nothing) for view in part.fields}
    assert [(row.title, row.blank) for row in views["steps"].rows] == [
        ("Étape 1\u00a0: Études", False),
        ("Étape 2\u00a0: Travaux", False),
        ("Étape 3", True),
    ]


def test_private_fields_are_marked_and_public_ones_are_not():
    views = dict(walk([view for part in sections(Project, {}, [], nothing) for view in part.fields]))
    assert (views["note"].private, views["owner.person"].private) == (True, True)
    assert (views["title"].private, views["owner.kind"].private) == (False, False)


def test_a_town_of_two_languages_gets_a_field_for_each():
    pairs = formdata.from_data(Event, EVENT)
    views = dict(walk([v for part in sections(Event, pairs, [], nothing, ("fr", "en")) for v in part.fields]))
    assert [view.name for view in views["title"].children] == ["title.fr", "title.en"]
    assert views["title.en"].value == "Workshop"


def nothing(_to: str) -> References:
    return References([], {})


def walk(views):
    for view in views:
        yield view.name, view
        yield from walk(view.children)
        for row in view.rows:
            yield from walk(row.children)
