"""The outlines of the town's zones, projected and simplified once: a plan that every map of the site is drawn on.

Finer borders go with it, for the detailed map that a visitor may ask for. A plan is plain data, so that it can be kept
beside the other caches. Nothing here knows of pages or records' points.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

WIDTH, HEIGHT, MARGIN = 800, 640, 12  # of the plan, in its own units; a plan is as wide or as high as this
MOST_BYTES = 20_000  # of all paths together
FINER = 8  # borders for the detailed map are this much finer than the drawn plan's
MOST_BORDER_BYTES = 90_000
_TOLERANCES = (0.6, 1, 1.6, 2.5, 4, 6, 9, 14)  # how far a simplified outline may lie from the true one
_FINER_TOLERANCES = (1, 2, 4, 8, 16, 32, 64)  # the same for finer borders, in their eighths of a unit
_SMALLEST = 12.0  # square units: an island below this is left out, unless the zone has no other

Point = tuple[int, int]
Ring = list[Point]


def make_plan(zones: Iterable[tuple[str, Mapping[str, Any] | None]]) -> dict[str, Any]:
    """The plan of the zones (identifier, GeoJSON geometry), or {} when no zone has an outline.

    `frame` is [longitude, latitude, x per degree, y per degree] of the upper left corner, `size` [width, height],
    `svg` the drawing with one path `z<number>` for each zone, `asset` its address, and `zones` gives for each
    identifier [number of its path or -1, x and y of its middle, left, top, right, bottom, width at its middle].
    `borders` is JSON for the detailed map, `borders_asset` its address: for each identifier its rings, each
    [latitude, longitude, step, step, ...] in hundred-thousandths of a degree.
    """
    described = [(id, geometry) for id, geometry in zones if geometry]
    shapes = {id: _rings(geometry) for id, geometry in described if geometry["type"] != "Point"}
    if not shapes:
        return {}
    spots = {id: geometry["coordinates"] for id, geometry in described if geometry["type"] == "Point"}
    every = [point for rings in shapes.values() for ring in rings for point in ring] + list(spots.values())
    frame, size = _frame(every)
    rings = {id: [ring for one in shapes[id] if len(ring := _quantized(one, frame)) > 2] for id in shapes}
    drawn = {id: _worth_drawing(found) for id, found in rings.items()}
    paths = _paths(drawn)
    placed: dict[str, list[int]] = {}
    for number, (id, kept) in enumerate(drawn.items()):
        if kept:
            xs, ys = [x for ring in kept for x, _y in ring], [y for ring in kept for _x, y in ring]
            placed[id] = [number, *_middle(kept), min(xs), min(ys), max(xs), max(ys)]
            placed[id].append(_width_at(kept, placed[id][2], placed[id][1]))
    for id, (longitude, latitude, *_height) in spots.items():
        x, y = place(frame, longitude, latitude)
        placed[id] = [-1, round(x), round(y), round(x) - 40, round(y) - 40, round(x) + 40, round(y) + 40, 0]
    svg = _drawing(size, [paths[id] for id in drawn])
    name = hashlib.blake2b(svg.encode(), digest_size=4).hexdigest()
    borders = _borders(shapes, frame)
    return {
        "frame": frame,
        "size": size,
        "svg": svg,
        "asset": f"assets/plan.{name}.svg",
        "zones": placed,
        "borders": borders,
        "borders_asset": f"assets/zones.{hashlib.blake2b(borders.encode(), digest_size=4).hexdigest()}.json",
    }


def place(frame: list[float], longitude: float, latitude: float) -> tuple[float, float]:
    """Where a point of the Earth lies on a plan, in the plan's units."""
    west, north, across, down = frame
    return (longitude - west) * across, (north - latitude) * down


def frame_of(points: Iterable[tuple[float, float]]) -> tuple[list[float], list[int]]:
    """The frame and the size of a plan without outlines that shows these points."""
    return _frame([list(point) for point in points])


def _rings(geometry: Mapping[str, Any]) -> list[list[list[float]]]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def _frame(points: list[list[float]]) -> tuple[list[float], list[int]]:
    """Equirectangular, true at the middle latitude, and as large as the plan may be."""
    west, east = min(point[0] for point in points), max(point[0] for point in points)
    south, north = min(point[1] for point in points), max(point[1] for point in points)
    shrink = max(math.cos(math.radians((south + north) / 2)), 0.01)
    wide, high = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    size = [math.ceil(wide * scale) + 2 * MARGIN, math.ceil(high * scale) + 2 * MARGIN]
    across, down = scale * shrink, scale
    return [round(west - MARGIN / across, 7), round(north + MARGIN / down, 7), round(across, 4), round(down, 4)], size


def _quantized(ring: list[list[float]], frame: list[float]) -> Ring:
    """A ring on the plan, in whole units, without the points that fall together; its first point is not repeated."""
    found: Ring = []
    for longitude, latitude, *_height in ring:
        x, y = place(frame, longitude, latitude)
        point = (round(x), round(y))
        if not found or found[-1] != point:
            found.append(point)
    while len(found) > 1 and found[0] == found[-1]:
        found.pop()
    return found


def _worth_drawing(rings: list[Ring]) -> list[Ring]:
    kept = [ring for ring in rings if abs(_area(ring)) >= _SMALLEST]
    return kept or sorted(rings, key=lambda ring: abs(_area(ring)))[-1:]


def _area(ring: Ring) -> float:
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


# ---------------------------------------------------------------------------------------------------- simplifying


def _paths(drawn: Mapping[str, list[Ring]]) -> dict[str, str]:
    """The `d` of each zone. Borders are simplified once for both their sides, so that no gap opens between zones."""
    corners = _corners(ring for rings in drawn.values() for ring in rings)
    made: dict[str, str] = {}
    for tolerance in _TOLERANCES:
        known: dict[tuple[Point, ...], Ring] = {}
        made = {
            id: "".join(_written(_simplified(ring, corners, tolerance, known)) for ring in rings)
            for id, rings in drawn.items()
        }
        if sum(map(len, made.values())) <= MOST_BYTES:
            break
    return made


def _borders(shapes: Mapping[str, list[list[list[float]]]], frame: list[float]) -> str:
    """The rings of each zone as JSON, finer than the plan's, in hundred-thousandths of a degree."""
    west, north, across, down = frame[0], frame[1], frame[2] * FINER, frame[3] * FINER
    fine = [west, north, across, down]
    rings = {id: [ring for one in shapes[id] if len(ring := _quantized(one, fine)) > 2] for id in shapes}
    corners = _corners(ring for found in rings.values() for ring in found)
    text = "{}"
    for tolerance in _FINER_TOLERANCES:
        known: dict[tuple[Point, ...], Ring] = {}
        made = {}
        for id, found in rings.items():
            kept = [_simplified(ring, corners, tolerance, known) for ring in found]
            made[id] = [_steps([(north - y / down, west + x / across) for x, y in ring]) for ring in kept]
        text = json.dumps(made, separators=(",", ":"), ensure_ascii=False)
        if len(text) <= MOST_BORDER_BYTES:
            break
    return text


def _steps(ring: list[tuple[float, float]]) -> list[int]:
    """The first point, then the way from each point to the next."""
    whole = [(round(latitude * 1e5), round(longitude * 1e5)) for latitude, longitude in ring]
    found = [*whole[0]]
    for (a, b), (c, d) in itertools.pairwise(whole):
        found += (c - a, d - b)
    return found


def _corners(rings: Iterable[Ring]) -> set[Point]:
    """The points where three borders meet: they stay where they are."""
    beside: dict[Point, set[Point]] = {}
    for ring in rings:
        for before, here, after in zip([ring[-1], *ring[:-1]], ring, [*ring[1:], ring[0]], strict=True):
            beside.setdefault(here, set()).update((before, after))
    return {point for point, others in beside.items() if len(others) > 2}


def _simplified(ring: Ring, corners: set[Point], tolerance: float, known: dict[tuple[Point, ...], Ring]) -> Ring:
    fixed = [number for number, point in enumerate(ring) if point in corners]
    if len(fixed) < 2:
        first = fixed[0] if fixed else ring.index(min(ring))
        far = max(range(len(ring)), key=lambda number: (_apart(ring[first], ring[number]), ring[number]))
        fixed = sorted({first, far})
    turned = [*ring[fixed[0] :], *ring[: fixed[0]], ring[fixed[0]]]
    cuts = [number - fixed[0] for number in fixed] + [len(ring)]
    found: Ring = []
    for start, end in itertools.pairwise(cuts):
        border = turned[start : end + 1]
        forward = (border[0], border[1]) <= (border[-1], border[-2])
        key = tuple(border if forward else reversed(border))
        if key not in known:
            known[key] = _reduced(list(key), tolerance)
        found += (known[key] if forward else known[key][::-1])[:-1]
    return found if len(found) > 2 else ring[:: max(1, len(ring) // 3)]


def _reduced(line: Ring, tolerance: float) -> Ring:
    """Douglas and Peucker's line: no point of the true one lies further away than `tolerance`."""
    keep = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        worst, at = tolerance, -1
        for number in range(first + 1, last):
            away = _from_line(line[number], line[first], line[last])
            if away > worst:
                worst, at = away, number
        if at > 0:
            keep.add(at)
            waiting += [(first, at), (at, last)]
    return [line[number] for number in sorted(keep)]


def _apart(one: Point, other: Point) -> float:
    return math.hypot(one[0] - other[0], one[1] - other[1])


def _from_line(point: Point, start: Point, end: Point) -> float:
    length = _apart(start, end)
    if not length:
        return _apart(point, start)
    (x, y), (a, b), (c, d) = point, start, end
    return abs((c - a) * (b - y) - (a - x) * (d - b)) / length


def _written(ring: Ring) -> str:
    """A ring as a path in relative steps, the shortest way to write one."""
    parts = [f"M{ring[0][0]} {ring[0][1]}l"]
    for number, ((x, y), (u, v)) in enumerate(itertools.pairwise(ring)):
        step = f"{u - x}{'' if v < y else ' '}{v - y}"
        parts.append(step if not number or step[0] == "-" else f" {step}")
    return "".join(parts) + "z"


# ---------------------------------------------------------------------------------------------------- looking


def _middle(rings: list[Ring]) -> tuple[int, int]:
    """A point well inside the largest ring: the middle of the widest of a few cuts through it."""
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    top, bottom = min(y for _x, y in largest), max(y for _x, y in largest)
    best, spot = -1.0, largest[0]
    for share in (0.5, 0.42, 0.58, 0.34, 0.66):
        y = top + (bottom - top) * share
        for left, right in _inside([largest], y):
            if right - left > best * 1.1:
                best, spot = right - left, (round((left + right) / 2), round(y))
    return spot


def _width_at(rings: list[Ring], y: int, x: int) -> int:
    return max((round(right - left) for left, right in _inside(rings, y) if left <= x <= right), default=0)


def _inside(rings: list[Ring], y: float) -> list[tuple[float, float]]:
    """The parts of a horizontal line that lie inside."""
    y += 0.01  # never through a point
    crossings = sorted(
        a + (y - b) * (c - a) / (d - b)
        for ring in rings
        for (a, b), (c, d) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (b > y) != (d > y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _drawing(size: list[int], paths: list[str]) -> str:
    """The shared file: pages show its group `plan` whole, or one of its paths in another colour."""
    inner = "".join(f'<path id="z{number}" d="{d}"/>' for number, d in enumerate(paths))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}">'
    return f'{head}<g id="plan" fill-rule="evenodd" stroke-linejoin="round">{inner}</g></svg>\n'
