"""What the demonstration town promises: it is sound, it shows everything once, and it is written with care."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from participation.checks.survey import survey
from participation.lifecycle import TABLES, state_of
from participation.records import Event, Idea, Project, Record, Zone
from participation.records.event import EVENT_KINDS, EVENT_STATES
from participation.store import open_content
from participation.store.checking import problems_of
from participation.store.snapshot import Snapshot
from site_builder.shipped import TOWN


@pytest.fixture(scope="module")
def town() -> Snapshot:
    return open_content(TOWN).snapshot()


def inside(longitude: float, latitude: float, ring: list[list[float]]) -> bool:
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def sentences(town: Snapshot) -> Iterator[tuple[str, str]]:
    for record in town:
        for path, text in survey(record).texts:
            if not path.endswith(".en"):
                yield f"{record.id} {path}", re.sub(r"\]\([^)]*\)|https?://\S+", "", text)


def test_the_town_has_nothing_to_complain_about(town: Snapshot) -> None:
    assert problems_of(town) == []


def test_the_town_is_large_enough_to_judge_the_pages_by(town: Snapshot) -> None:
    counts = {kind.type_name: len(town.of_type(kind)) for kind in (Idea, Project, Event)}

    assert counts["idea"] >= 60
    assert counts["project"] >= 24
    assert counts["event"] >= 40


@pytest.mark.parametrize("kind", [Idea, Project])
def test_every_state_of_the_life_cycle_is_shown(town: Snapshot, kind: type[Record]) -> None:
    shown = {state_of(record).code for record in town.of_type(kind)}

    assert set(TABLES[kind.type_name]) - shown == set()


def test_every_kind_and_state_of_an_event_is_shown(town: Snapshot) -> None:
    events = town.of_type(Event)

    assert set(EVENT_KINDS) - {event.kind for event in events} == set()
    assert set(EVENT_STATES) - {event.state for event in events} == set()
    assert any(event.recurrence and event.exceptions for event in events)


def test_every_refusal_says_what_can_be_done_next(town: Snapshot) -> None:
    refused = ("inadmissible", "infeasible", "rejected", "redirected")
    silent = [idea.id for idea in town.of_type(Idea) if state_of(idea).code in refused and not idea.next_steps]

    assert silent == []


def test_every_place_lies_in_the_zone_that_its_record_names(town: Snapshot) -> None:
    rings = {zone.id: zone.geometry["coordinates"][0] for zone in town.of_type(Zone) if zone.geometry is not None}
    located: list[Idea | Project | Event] = [*town.of_type(Idea), *town.of_type(Project), *town.of_type(Event)]
    strays = []
    for record in located:
        place = record.place
        if place is not None and place.longitude is not None and place.latitude is not None:
            found = {zone for zone, ring in rings.items() if inside(place.longitude, place.latitude, ring)}
            if record.zone not in found:
                strays.append(f"{record.id}: {record.zone} not in {found}")

    assert strays == []


def test_every_picture_is_used_and_described(town: Snapshot) -> None:
    files = {path.relative_to(TOWN / "media").as_posix() for path in (TOWN / "media").rglob("*") if path.is_file()}
    used = {name for record in town for _path, name in survey(record).files}
    undescribed = [record.id for record in town for photo in record.data.get("photos", ()) if not photo.get("alt")]

    assert files - used == set()
    assert undescribed == []


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("a straight apostrophe", r"\w'\w"),
        ("a plain space before a sign of two parts", r"[^\s|-] [;:!?»]"),
        ("a plain space after an opening quotation mark", r"« "),
        ("a plain space before a unit", r"\d [€%]"),
        ("a plain space inside a number", r"\d \d{3}(?!\d)"),
        ("three dots for an ellipsis", r"\.\.\."),
    ],
)
def test_texts_are_set_in_french_typography(town: Snapshot, fault: str, pattern: str) -> None:
    faulty = [place for place, text in sentences(town) if re.search(pattern, text)]

    assert faulty == [], fault
