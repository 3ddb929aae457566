"""The territory as maps of the office need it: outlines of the zones, in which of them a point lies, the background.

Worked out once for each version of the zones' file; nothing is written here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import g

from backoffice.content import Content
from participation.outlines import Geometry, polygons, zone_at
from participation.records import Zone
from site_builder import basemap, outlines
from site_builder.zones import PATH


@dataclass(frozen=True)
class Territory:
    """The zones of one version of their file, in its order: titles, and the outlines of those that have one."""

    blob: str
    titles: Mapping[str, str]
    geometries: Mapping[str, Geometry]

    @property
    def drawn(self) -> bool:
        """True when at least one zone has a surface."""
        return any(map(polygons, self.geometries.values()))

    def zone(self, longitude: float, latitude: float) -> str:
        """The identifier of the zone that the point lies in; "" outside of all."""
        return zone_at(self.geometries.items(), longitude, latitude)

    @cached_property
    def borders(self) -> dict[str, list[list[int]]]:
        """The rings of each zone as the public map draws them: see `site_builder.outlines.make_plan`."""
        plan = outlines.make_plan(list(self.geometries.items()))
        found: dict[str, list[list[int]]] = json.loads(plan["borders"]) if plan else {}
        return found

    @cached_property
    def middle(self) -> tuple[float, float] | None:
        """Longitude and latitude of the middle of the territory; None when no zone has an outline."""
        points = [point for shape in self.geometries.values() for polygon in polygons(shape) for point in polygon[0]]
        if not points:
            return None
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


_guard = threading.Lock()
_known: dict[str, Territory] = {}


def territory(content: Content) -> Territory:
    """The territory of the present content."""
    snapshot = content.snapshot()
    blob = snapshot.entries.get(PATH, "")
    with _guard:
        found = _known.get(blob)
        if found is None:
            zones = snapshot.of_type(Zone)
            found = Territory(
                blob,
                {zone.id: zone.display_title for zone in zones},
                {zone.id: zone.data["geometry"] for zone in zones if zone.data.get("geometry")},
            )
            _known.clear()
            _known[blob] = found
    return found


def tiles(content: Content) -> dict[str, Any]:
    """The background that the town chose for its maps, {} for none; see `site_builder.basemap.tiles_of`."""
    return basemap.tiles_of(content.snapshot().instance.data.get("map", {}))


def offer_map(content: Content) -> dict[str, Any]:
    """The background, and the policy of this very page opened to its pictures: they come only once asked for."""
    found = tiles(content)
    if found:
        g.pictures_from = found["origin"]
    return found
