"""The plan drawn from the zones' outlines: light, without gaps, and where things truly lie."""

from __future__ import annotations

import itertools
import math
import random
import re

from site_builder.maps import APART, Mark, spread
from site_builder.outlines import MOST_BYTES, frame_of, make_plan, place

SQUARE = {"type": "Polygon", "coordinates": [[[2.0, 47.0], [2.1, 47.0], [2.1, 47.1], [2.0, 47.1], [2.0, 47.0]]]}


def crooked_zones(columns: int, seed: int = 1) -> list[tuple[str, dict[str, object]]]:
    """A country of zones whose borders wind, each border shared by two zones."""
    chance = random.Random(seed)
    corner = {
        (x, y): (2 + x * 0.05 + chance.uniform(-0.015, 0.015), 48 + y * 0.03 + chance.uniform(-0.01, 0.01))
        for x in range(columns + 1)
        for y in range(columns + 1)
    }
    borders: dict[tuple[object, object], list[tuple[float, float]]] = {}

    def wind(start, end, depth=6):
        if not depth:
            return [start]
        far = math.dist(start, end) * 0.16
        middle = [(a + b) / 2 + chance.uniform(-far, far) for a, b in zip(start, end, strict=True)]
        return wind(start, tuple(middle), depth - 1) + wind(tuple(middle), end, depth - 1)

    def border(start, end):
        if (start, end) not in borders:
            borders[start, end] = [*wind(corner[start], corner[end]), corner[end]]
            borders[end, start] = borders[start, end][::-1]
        return borders[start, end]

    zones = []
    for x in range(columns):
        for y in range(columns):
            around = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
            ring = [list(point) for a, b in itertools.pairwise(around) for point in border(a, b)[:-1]]
            zones.append((f"{x}-{y}", {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}))
    return zones


def points(path: str) -> list[tuple[int, int]]:
    """The points of a path's first ring."""
    numbers = [int(one) for one in re.findall(r"-?\d+", path.partition("z")[0])]
    x, y = numbers[0], numbers[1]
    found = [(x, y)]
    for across, down in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + across, y + down
        found.append((x, y))
    return found


def test_eighty_complex_zones_stay_under_twenty_five_kilobytes():
    plan = make_plan(crooked_zones(9))
    assert len(plan["zones"]) == 81
    assert MOST_BYTES * 0.5 < len(plan["svg"]) < 25_000


def test_simplified_zones_neither_overlap_nor_leave_gaps():
    zones = crooked_zones(9)
    paths = re.findall(r' d="([^"]+)"', make_plan(zones)["svg"])
    rings = {id: points(path) for (id, _shape), path in zip(zones, paths, strict=True)}
    edges = {id: list(zip(ring, [*ring[1:], ring[0]], strict=True)) for id, ring in rings.items()}
    every = {edge for of in edges.values() for edge in of}
    inside = [f"{x}-{y}" for x in range(1, 8) for y in range(1, 8)]
    # Each border of a zone with neighbours all around is also, the other way round, the border of one of them.
    assert [id for id in inside for start, end in edges[id] if (end, start) not in every] == []


def test_a_point_lies_inside_its_zone_and_the_middle_of_a_zone_too():
    plan = make_plan([("a", SQUARE)])
    _number, x, y, left, top, right, bottom, width = plan["zones"]["a"]
    assert left < x < right
    assert top < y < bottom
    assert width == right - left
    assert math.dist(place(plan["frame"], 2.05, 47.05), ((left + right) / 2, (top + bottom) / 2)) < 1


def test_a_degree_to_the_north_is_as_long_as_on_the_ground():
    frame, _size = frame_of([(2.0, 47.0), (2.2, 47.2)])
    assert math.isclose(frame[2] / frame[3], math.cos(math.radians(47.1)), rel_tol=1e-3)


def test_zones_without_outline_give_no_plan():
    assert make_plan([("a", None), ("b", {"type": "Point", "coordinates": [2.0, 47.0]})]) == {}


def test_holes_islands_and_points_are_drawn_and_specks_are_not():
    speck = [[[2.5, 47.5], [2.5001, 47.5], [2.5001, 47.5001], [2.5, 47.5]]]
    hole = [[2.04, 47.04], [2.06, 47.04], [2.06, 47.06], [2.04, 47.06], [2.04, 47.04]]
    shape = {"type": "MultiPolygon", "coordinates": [[SQUARE["coordinates"][0], hole], speck]}
    plan = make_plan([("a", shape), ("b", {"type": "Point", "coordinates": [2.3, 47.3]})])
    assert plan["svg"].count("z") - plan["svg"].count('"z') == 2
    assert plan["zones"]["b"][0] == -1


def test_marks_that_would_touch_are_gathered_and_none_is_lost():
    chance = random.Random(3)
    marks = [Mark(chance.uniform(0, 800), chance.uniform(0, 600), str(number)) for number in range(1341)]
    groups = spread(marks, APART)
    assert sum(map(len, groups)) == 1341
    firsts = [group[0] for group in groups]
    assert len(groups) < 160
    assert all(
        math.dist((a.x, a.y), (b.x, b.y)) >= APART for number, a in enumerate(firsts) for b in firsts[number + 1 :]
    )
