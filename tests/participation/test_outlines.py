"""Outlines as plane figures."""

from __future__ import annotations

import math

import pytest

from participation.outlines import contains, crossing, projected, rounded, zone_at

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]]}
HOLED = {"type": "Polygon", "coordinates": [*SQUARE["coordinates"], [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]]}
ISLANDS = {
    "type": "MultiPolygon",
    "coordinates": [SQUARE["coordinates"], [[[6, 0, 12.5], [8, 0, 12.5], [7, 2, 12.5], [6, 0, 12.5]]]],
}
BOW = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}


@pytest.mark.parametrize(
    ("geometry", "point", "inside"),
    [
        (SQUARE, (2, 2), True),
        (SQUARE, (5, 2), False),
        (HOLED, (2, 2), False),
        (HOLED, (0.5, 2), True),
        (ISLANDS, (7, 1), True),
        (ISLANDS, (5, 1), False),
        ({"type": "Point", "coordinates": [2, 2]}, (2, 2), False),
    ],
)
def test_a_point_lies_inside_an_outline_or_not(geometry, point, inside):
    assert contains(geometry, *point) is inside


def test_the_zone_of_a_point_is_the_first_that_contains_it():
    zones = [("sans", None), ("est", ISLANDS), ("tout", SQUARE)]
    assert [zone_at(zones, *point) for point in ((7, 1), (2, 2), (9, 9))] == ["est", "est", ""]


def test_an_outline_that_crosses_itself_is_told_with_the_place():
    assert crossing(BOW) == (1, 1)


@pytest.mark.parametrize("geometry", [SQUARE, HOLED, ISLANDS, {"type": "Point", "coordinates": [0, 0]}])
def test_a_simple_outline_does_not_cross_itself(geometry):
    assert crossing(geometry) is None


def test_a_long_outline_is_looked_at_side_by_side():
    ring = [[math.cos(turn / 2000 * math.tau), math.sin(turn / 2000 * math.tau)] for turn in range(2000)]
    assert crossing({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}) is None
    ring[1000], ring[1003] = ring[1003], ring[1000]
    assert crossing({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}) is not None


def test_metres_of_a_national_grid_are_recognised():
    assert projected([[[652_000.1, 6_862_000.2], [652_100, 6_862_000]]])
    assert not projected(ISLANDS["coordinates"])


def test_rounding_keeps_the_shape_without_heights_and_repeated_points():
    ring = [[0.00000049, 0], [0, 0.0000001], [1, 0], [1, 1, 8], [0, 0]]
    assert rounded({"type": "Polygon", "coordinates": [ring]}) == {
        "type": "Polygon",
        "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]],
    }
