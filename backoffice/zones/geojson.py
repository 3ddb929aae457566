"""A file of outlines that somebody brings: read, judged, and carried from one page of the form to the next.

Nothing is compared with the zones here: see `matching`. Everything in the file is somebody else's.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backoffice.i18n import _
from participation.outlines import crossing, projected, rounded
from participation.records import Zone
from participation.records.fields import Plain, Refused

LARGEST = 3 << 20  # bytes of a file
LARGEST_UNPACKED = 12 << 20
MOST = 500  # outlines in a file
LONGEST_NAME = 160
_LIKELY = ("title", "nom", "name", "libelle", "libellé", "label", "quartier", "canton")
_DEGREES = re.compile(r"CRS84|4326|WGS ?84", re.IGNORECASE)


class NotOutlines(ValueError):
    """A file of which nothing can be used; the message is for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One outline of a file: its properties as texts, its geometry (None: not usable, `fault` says why).

    `advice` is told and forbids nothing.
    """

    properties: Mapping[str, str]
    geometry: dict[str, Any] | None
    fault: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Outlines:
    """A file: its outlines, the properties that may hold a name, and the one that most likely does ("" for none)."""

    features: Sequence[Feature]
    names: Sequence[str]
    likely: str


def read(content: bytes) -> Outlines:
    """The outlines of a GeoJSON file. Raises NotOutlines."""
    if len(content) > LARGEST:
        raise NotOutlines(_("Le fichier dépasse 3\u00a0Mo. Simplifiez les contours avant de l’envoyer."))
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NotOutlines(_("Ce fichier n’est pas du GeoJSON lisible.")) from None
    if not isinstance(found, dict) or found.get("type") not in ("FeatureCollection", "Feature"):
        raise NotOutlines(_("Un fichier GeoJSON de type FeatureCollection est attendu, avec un contour par quartier."))
    features = [found] if found["type"] == "Feature" else found.get("features")
    if not isinstance(features, list) or not features:
        raise NotOutlines(_("Ce fichier ne contient aucun contour."))
    if len(features) > MOST:
        raise NotOutlines(_("Ce fichier contient plus de 500 contours."))
    _demand_degrees(found, features)
    read_features = [_feature(one) for one in features]
    names = _names(read_features)
    return Outlines(read_features, names, _likeliest(names, read_features))


def pack(outlines: Outlines) -> str:
    """The outlines as text that a form can carry; `unpack` reads it."""
    plain = [[dict(one.properties), one.geometry, one.fault, one.advice] for one in outlines.features]
    return base64.b64encode(zlib.compress(json.dumps(plain, ensure_ascii=False).encode())).decode("ascii")


def unpack(text: str) -> Outlines:
    """The outlines that a form carried, judged again. Raises NotOutlines."""
    try:
        opened = zlib.decompressobj()
        raw = opened.decompress(base64.b64decode(text, validate=True), LARGEST_UNPACKED)
        features = [
            _feature({"type": "Feature", "properties": properties, "geometry": geometry})
            if geometry is not None
            else Feature({str(name): str(value) for name, value in properties.items()}, None, str(fault))
            for properties, geometry, fault, _advice in json.loads(raw)  # what was cut at the limit is no JSON
        ]
    except (ValueError, TypeError, AttributeError, zlib.error, binascii.Error, RecursionError):
        features = []
    if not features:
        raise NotOutlines(_("Le fichier n’est plus là. Envoyez-le à nouveau."))
    names = _names(features)
    return Outlines(features, names, _likeliest(names, features))


def outline(raw: Any) -> tuple[dict[str, Any] | None, str, str]:
    """A geometry as the content holds it, or why it cannot be one; and what is worth telling."""
    if isinstance(raw, Mapping) and projected(raw.get("coordinates")):
        return None, _NOT_DEGREES(), ""
    refused: list[Refused] = []
    checked: Plain = Zone.fields["geometry"].read(_closed(raw), refused.append)
    if checked is None or refused:
        told = [f"{_(one.message)} {_(one.hint)}".strip() for one in refused]
        return None, " ".join(told) or _("Le contour manque."), ""
    shape = rounded(checked)
    place = crossing(shape)
    if place is None:
        return shape, "", ""
    return shape, "", _("Le contour se croise lui-même près de %s\u202f; %s.") % _french(place[1], place[0])


def _french(*degrees: float) -> tuple[str, ...]:
    return tuple(f"{one:.4f}".replace(".", ",") for one in degrees)


def _NOT_DEGREES() -> str:  # noqa: N802 -- a constant that is translated when it is asked for
    return _(
        "Les coordonnées sont projetées (en mètres, Lambert-93 par exemple), pas en longitude et latitude. "
        "Exportez le fichier en WGS 84 (EPSG:4326)."
    )


def _demand_degrees(found: Mapping[str, Any], features: Sequence[Any]) -> None:
    crs = found.get("crs")
    name = crs.get("properties", {}).get("name", "") if isinstance(crs, dict) else ""
    shapes = (one.get("geometry") for one in features if isinstance(one, dict))
    coordinates = [shape.get("coordinates") for shape in shapes if isinstance(shape, dict)]
    if (name and not _DEGREES.search(str(name))) or (coordinates and all(map(projected, coordinates))):
        raise NotOutlines(_NOT_DEGREES())


def _feature(raw: Any) -> Feature:
    given = raw.get("properties") if isinstance(raw, dict) else None
    properties = {
        str(name)[:80]: " ".join(str(value).split())[:LONGEST_NAME]
        for name, value in (given.items() if isinstance(given, dict) else ())
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }
    if isinstance(raw, dict) and isinstance(raw.get("id"), str | int) and "id" not in properties:
        properties["id"] = str(raw["id"])
    shape, fault, advice = outline(raw.get("geometry") if isinstance(raw, dict) else None)
    return Feature(properties, shape, fault, advice)


def _closed(raw: Any) -> Any:
    """Rings closed where only the last point is missing: some tools leave it out."""
    if not isinstance(raw, dict) or raw.get("type") not in ("Polygon", "MultiPolygon"):
        return raw
    many = raw["type"] == "MultiPolygon"
    polygons: Any = raw.get("coordinates") if many else [raw.get("coordinates")]
    try:
        closed = [[ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in polygon] for polygon in polygons]
    except (TypeError, IndexError, KeyError):
        return raw  # what it is will be said by the field
    return {**raw, "coordinates": closed if many else closed[0]}


def _names(features: Sequence[Feature]) -> list[str]:
    """The properties that most outlines have, in the order of the file."""
    found = dict.fromkeys(name for one in features for name in one.properties)
    return [name for name in found if sum(name in one.properties for one in features) * 2 >= len(features)]


def _likeliest(names: Sequence[str], features: Sequence[Feature]) -> str:
    """The property that names the outlines: one of the usual words, else a text that is never the same twice."""
    usual = [name for word in _LIKELY for name in names if name.casefold() == word]
    usual += [name for word in _LIKELY for name in names if word in name.casefold()]
    texts = []
    for name in names:
        values = [one.properties[name] for one in features if name in one.properties]
        if len(set(values)) == len(values) and not any(value.replace(".", "").isdecimal() for value in values):
            texts.append(name)
    return next(iter([*usual, *texts, *names]), "")
