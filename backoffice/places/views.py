"""What the maps of forms ask for while one works: the outlines of the zones, and the zone of a point."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.wrappers import Response

from backoffice.places import placing
from backoffice.places.territory import territory, tiles
from backoffice.services import services

bp = Blueprint("places", __name__)


@bp.get("/lieux/plan.json")
def plan() -> Response:
    """The outlines of the zones, as the public map has them, their names, and the background."""
    content = services().content
    known = territory(content)
    return jsonify(borders=known.borders, titles=dict(known.titles), tiles=tiles(content))


@bp.get("/lieux/quartier.json")
def where() -> Response:
    """The zone of a point, in words; `chosen` is the one that the form names now."""
    pairs = {f"place.{axis}": request.args.get(axis, "")[:40] for axis in ("latitude", "longitude")}
    point = placing.point_of(pairs, "place")
    chosen = request.args.get("chosen")
    said = placing.where(territory(services().content), point, chosen) if point is not None else placing.Where()
    return jsonify(zone=said.zone, words=said.words, warning=said.warning, proposed=said.proposed)
