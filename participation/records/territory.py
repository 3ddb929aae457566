"""Zones (quartiers, cantons) and technical services: several records in one file each.

Zones are a GeoJSON file, so that map tools can open and draw them; services are a YAML list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from participation.messages import mark as _
from participation.records.base import Record
from participation.records.fields import Field, Plain, Refused, Required, Translate
from participation.records.figures import Integer
from participation.records.redirects import former_addresses
from participation.records.texts import Code, Markdown, Note, Text, Url

GEOMETRIES = ("Polygon", "MultiPolygon", "Point")


class Geometry(Field[dict[str, Any] | None]):
    """A GeoJSON geometry (RFC 7946), WGS84 longitude and latitude in degrees."""

    kind = "geometry"
    scalar = False

    def read(self, raw: Plain, report: Callable[[Refused], None]) -> Plain | None:
        if raw is None:
            return None
        if not isinstance(raw, Mapping) or raw.get("type") not in GEOMETRIES:
            report(Refused(_("Le contour doit être un polygone ou un point GeoJSON.")))
            return None
        points = list(_points(raw.get("coordinates"), {"Point": 0, "Polygon": 2, "MultiPolygon": 3}[raw["type"]]))
        if not points or None in points:
            report(
                Refused(
                    _("Le contour contient une coordonnée impossible."),
                    _("Longitude puis latitude, en degrés."),
                )
            )
            return None
        if raw["type"] != "Point" and not all(map(_closed, _rings(raw))):
            report(
                Refused(
                    _("Le contour n’est pas fermé."),
                    _("Chaque anneau a quatre points au moins, le dernier égal au premier."),
                )
            )
            return None
        return {"type": raw["type"], "coordinates": raw["coordinates"]}

    def value(self, plain: Plain) -> dict[str, Any]:
        return dict(plain)

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        return translate(_("contour de %s points")) % sum(
            1 for _point in _points(plain["coordinates"], {"Point": 0, "Polygon": 2, "MultiPolygon": 3}[plain["type"]])
        )

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "required": ["type", "coordinates"]}


def _rings(geometry: Mapping[str, Plain]) -> list[list[Plain]]:
    coordinates = geometry["coordinates"]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return [ring for polygon in polygons for ring in polygon]


def _closed(ring: list[Plain]) -> bool:
    return len(ring) >= 4 and ring[0] == ring[-1]


def _points(coordinates: Plain, depth: int) -> list[tuple[float, float] | None]:
    """All points at `depth` levels of lists; None stands for one that is not a point of the Earth."""
    if depth:
        if not isinstance(coordinates, list):
            return [None]
        return [point for inner in coordinates for point in _points(inner, depth - 1)]
    if not isinstance(coordinates, list) or len(coordinates) < 2:
        return [None]
    longitude, latitude = coordinates[0], coordinates[1]
    numbers = all(isinstance(part, int | float) and not isinstance(part, bool) for part in (longitude, latitude))
    if not numbers or not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        return [None]
    return [(longitude, latitude)]


class Zone(Record):
    """A part of the territory that records name and envelopes are kept for."""

    type_name = "zone"
    title_words = _("Quartier ou canton")
    collective = True

    id = Code(_("Identifiant"), public=True, required=Required.SAVE)
    title = Text(_("Nom"), limit=160, public=True, required=Required.PUBLISH)
    kind = Text(_("Type de zone"), limit=40, public=True)
    population = Integer(_("Population"), public=True)
    description = Markdown(_("Présentation"), limit=5_000, public=True)
    geometry = Geometry(_("Contour"), public=True)
    old_addresses = former_addresses()


class Service(Record):
    """A technical service of the authority."""

    type_name = "service"
    title_words = _("Service")
    collective = True

    id = Code(_("Identifiant"), public=True, required=Required.SAVE)
    title = Text(_("Nom"), limit=160, public=True, required=Required.PUBLISH)
    description = Text(_("Ce qu’il fait"), limit=400, public=True)
    email = Text(_("Courriel du service"), limit=120, public=True, contacts=True)
    url = Url(_("Page du service"), public=True)
    note = Note(_("Note interne"))
