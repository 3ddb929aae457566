"""The background of the detailed map: where its pictures come from, and the policy by which browsers keep to that.

A page asks nothing of another host before its visitor agrees; `views/detailed.py` says what pages carry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from participation.records.fields import Plain
from participation.records.instance import Tiles

IGN = {
    "tiles": "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
    "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
    "credit": "IGN, Géoplateforme",
    "credit_url": "https://geoservices.ign.fr/",
    "max_zoom": 19,
}
POLICY_FILE = "assets/politique.txt"
"""Holds the site's Content-Security-Policy, for whoever serves the site."""
_MAX_ZOOM = 18  # of tiles of which the town says nothing
_BUNDLED = ("carte.js", "carte.css")


class Bundle(NamedTuple):
    """The map's own program as set-up made it: the addresses of script and stylesheet, and their bytes."""

    script: str
    style: str
    files: dict[str, bytes]


def tiles_of(given: Mapping[str, Plain]) -> dict[str, Any]:
    """The settings of the background: the town's own, else those of IGN; {} when the town wants none.

    `tiles` is an address with {z}, {x} and {y}, `origin` its scheme and host, `host` how people name it, `credit` and
    `credit_url` who makes it, `max_zoom` the last zoom it has.
    """
    tiles = str(given.get("tiles", ""))
    if tiles == Tiles.NONE:
        return {}
    found: dict[str, Any] = dict(IGN) if not tiles else {"tiles": tiles, "credit": "", "credit_url": ""}
    found |= {key: given[key] for key in ("credit", "credit_url") if key in given}
    found["max_zoom"] = int(given.get("max_zoom", found.get("max_zoom", _MAX_ZOOM)))
    parts = urlsplit(str(found["tiles"]))
    return found | {"origin": f"{parts.scheme}://{parts.netloc}".lower(), "host": parts.hostname or ""}


def policy(tiles: Mapping[str, Any]) -> str:
    """The site's Content-Security-Policy: its own files, and pictures of that one other host if there is one.

    WebAssembly is for the search, styles in attributes for the lengths of bars.
    """
    origin = f" {tiles['origin']}" if tiles else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",
            f"img-src 'self' data:{origin}",
            "object-src 'none'",
            "form-action 'self'",
            "frame-ancestors 'self'",
            "base-uri 'self'",
        )
    )


def load_bundle(theme: Path) -> Bundle | None:
    """The map's program; None where set-up had no Node.js to make it, and pages then offer no such map."""
    paths = [theme / "bundled" / name for name in _BUNDLED]
    if not all(path.is_file() for path in paths):
        return None
    named = {}
    for path in paths:
        data = path.read_bytes()
        named[f"assets/{path.stem}.{hashlib.blake2b(data, digest_size=4).hexdigest()}{path.suffix}"] = data
    script, style = named
    return Bundle(script, style, named)
