"""Outlines of zones as plane figures: what lies inside, whether they cross themselves, whether they are degrees at all.

Pure arithmetic on GeoJSON geometries (Polygon, MultiPolygon; longitude and latitude in degrees). A town is small: the
Earth is flat here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

Point = tuple[float, float]
Geometry = Mapping[str, Any]


def contains(geometry: Geometry, longitude: float, latitude: float) -> bool:
    """True when the point lies inside (holes are outside). A geometry without a surface contains nothing."""
    return any(_inside(polygon, longitude, latitude) for polygon in polygons(geometry))


def zone_at(zones: Iterable[tuple[str, Geometry | None]], longitude: float, latitude: float) -> str:
    """The identifier of the first zone whose outline contains the point; "" when none does."""
    return next((name for name, outline in zones if outline and contains(outline, longitude, latitude)), "")


def polygons(geometry: Geometry) -> list[list[list[list[float]]]]:
    """The polygons of a geometry, each a list of rings; [] for a point."""
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"]]
    return list(geometry["coordinates"]) if geometry["type"] == "MultiPolygon" else []


def crossing(geometry: Geometry) -> Point | None:
    """A place (longitude, latitude) where a ring crosses itself; None when every ring is simple."""
    for polygon in polygons(geometry):
        for ring in polygon:
            found = _crossing([(point[0], point[1]) for point in ring])
            if found is not None:
                return found
    return None


def projected(coordinates: Any) -> bool:
    """True when some numbers cannot be degrees: metres of a national grid, most of the time."""
    if isinstance(coordinates, list) and coordinates and not isinstance(coordinates[0], list):
        return len(coordinates) >= 2 and any(
            isinstance(part, int | float) and abs(part) > most
            for part, most in zip(coordinates, (180, 90), strict=False)
        )
    return isinstance(coordinates, list) and any(projected(inner) for inner in coordinates)


def rounded(geometry: Geometry, digits: int = 6) -> dict[str, Any]:
    """The same outline without heights, to a tenth of a metre, points that fall together taken once."""
    if geometry["type"] == "Point":
        longitude, latitude = geometry["coordinates"][:2]
        return {"type": "Point", "coordinates": [round(longitude, digits), round(latitude, digits)]}
    shaped = [
        [ring for one in polygon if len(ring := _thinned(one, digits)) >= 4] or polygon
        for polygon in polygons(geometry)
    ]
    single = geometry["type"] == "Polygon"
    return {"type": geometry["type"], "coordinates": shaped[0] if single else shaped}


def _thinned(ring: list[list[float]], digits: int) -> list[list[float]]:
    kept: list[list[float]] = []
    for longitude, latitude, *_height in ring:
        point = [round(longitude, digits), round(latitude, digits)]
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept


def _inside(rings: list[list[list[float]]], x: float, y: float) -> bool:
    crossed = False
    for ring in rings:
        for (a, b, *_h), (c, d, *_k) in pairwise(ring):
            if (b > y) != (d > y) and x < a + (y - b) * (c - a) / (d - b):
                crossed = not crossed
    return crossed


def _crossing(ring: list[Point]) -> Point | None:
    """Sides in order of their left ends, each compared with those not yet passed: near n log n for real outlines."""
    last = len(ring) - 2
    sides = sorted((min(one[0], two[0]), number, one, two) for number, (one, two) in enumerate(pairwise(ring)))
    open_sides: list[tuple[float, int, Point, Point]] = []
    for left, number, one, two in sides:
        open_sides = [side for side in open_sides if side[0] >= left]
        for _right, other, three, four in open_sides:
            near = abs(number - other) == 1 or {number, other} == {0, last}
            if not near and (found := _met(one, two, three, four)) is not None:
                return found
        open_sides.append((max(one[0], two[0]), number, one, two))
    return None


def _met(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    """Where two sides cross, ends that merely touch left aside."""
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] >= 0 or turns[2] * turns[3] >= 0:
        return None
    share = turns[2] / (turns[2] - turns[3])
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
