"""The page « Données ouvertes »: what each file is, its rows and weight, the licence, how to use it again.

Made from the inventory, so that it leads to no file that is missing; rendered again by each build, which may have
changed the look of the site, and by the worker when it has made the files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from filelock import FileLock

from participation import wording
from participation.messages import mark as _
from site_builder.addresses import DATA
from site_builder.engine import Engine
from site_builder.opendata.dcat import DESCRIPTIONS, TITLES
from site_builder.opendata.inventory import FORMATS, Entry, read_inventory, replace
from site_builder.opendata.licences import licence_of
from site_builder.opendata.tables import FILE_NAMES
from site_builder.results import names as results
from site_builder.results.names import FORMATS as RESULTS

ADDRESS = DATA
CATALOGUE = "catalogue.jsonld"
_LOCK = "donnees.lock"
_LABELS = {"csv": "CSV", "xlsx": "XLSX", "json": "JSON", "geojson": "GeoJSON", "pb": "PB", "pdf": "PDF", "zip": "ZIP"}


def listing_lock(cache: Path) -> FileLock:
    """Held while the page and what it lists change together: for some milliseconds."""
    cache.mkdir(parents=True, exist_ok=True)
    return FileLock(cache / _LOCK)


def refresh(engine: Engine, folder: Path, place: Path, cache: Path) -> bool:
    """Make the page, in the folder `place`, of what lies in `folder`; False when it says the same already."""
    folder.mkdir(parents=True, exist_ok=True)
    with listing_lock(cache):
        return write_page(engine, folder, place)


def write_page(engine: Engine, folder: Path, place: Path) -> bool:
    """The same for a caller who holds the lock."""
    place.mkdir(parents=True, exist_ok=True)
    return replace(place / "index.html", render(engine, read_inventory(folder), folder))


def render(engine: Engine, entries: list[Entry], folder: Path) -> bytes:
    """The whole page."""
    translate = engine.translate
    way = f"../{engine.up}{DATA}" if engine.up else ""  # there is one set of files for all languages
    listed = {one.file for one in entries}
    subjects = []
    for type_name, name in FILE_NAMES.items():
        rows = _rows(engine, [one for one in entries if one.type == type_name and one.format in FORMATS], way)
        if rows:
            subjects.append(
                {
                    "id": name,
                    "title": translate(TITLES[type_name]),
                    "words": translate(DESCRIPTIONS[type_name]),
                    "rows": rows,
                    "schema": _there(way, f"{name}.table-schema.json", listed),
                    "json_schema": _there(way, f"{name}.json-schema.json", listed),
                    "mapping": _there(way, f"{name}.correspondance.yml", listed),
                }
            )
    votes = _votes(engine, entries, way)
    title = translate(_("Données ouvertes"))
    lead = translate(_("Tout ce que ce site montre, en fichiers à télécharger et à réutiliser."))
    html = engine.render(
        "donnees.html",
        base="../",
        lead=lead,
        formats=[_LABELS[one] for one in FORMATS],
        subjects=subjects,
        votes=votes,
        vote_formats=[_LABELS[one] for one in RESULTS],
        vote_schema=_there(way, results.SCHEMA_NAME, listed),
        made=max((one.made for one in entries), default="")[:10],
        licence=licence_of(engine.town.legal.get("licence", "")),
        publisher=engine.town.legal.get("publisher") or engine.town.name,
        way=way,
        catalogue=CATALOGUE if (folder / CATALOGUE).is_file() and entries else "",
    )
    return engine.page(ADDRESS, ADDRESS, title, lead, html)


def _there(way: str, name: str, listed: set[str]) -> str:
    return way + name if name in listed else ""


def _votes(engine: Engine, entries: list[Entry], way: str) -> list[dict[str, Any]]:
    """One row for each edition with announced results, latest first; a cell for each format."""
    found: dict[str, dict[str, Entry]] = {}
    for one in entries:
        if one.type == results.TYPE and one.format in RESULTS:
            found.setdefault(one.edition, {})[one.format] = one
    return [
        {
            "words": engine.town.edition(edition),
            "cells": [
                {
                    "label": _LABELS[name],
                    "file": way + of[name].file,
                    "weight": wording.size(of[name].bytes, engine.lang),
                }
                if name in of
                else None
                for name in RESULTS
            ],
        }
        for edition, of in sorted(found.items(), reverse=True)
    ]


def _rows(engine: Engine, entries: list[Entry], way: str) -> list[dict[str, Any]]:
    """One row for all editions, then one for each, latest first; a cell for each format."""
    editions = sorted({one.edition for one in entries}, key=lambda one: (one != "", one), reverse=True)
    editions.sort(key=lambda one: one != "")
    found = []
    for edition in editions:
        of = {one.format: one for one in entries if one.edition == edition}
        cells = [
            {
                "label": _LABELS[name],
                "file": way + of[name].file,
                "weight": wording.size(of[name].bytes, engine.lang),
                "entry": of[name],
            }
            if name in of
            else None
            for name in FORMATS
        ]
        left = max(one.left_out for one in of.values())
        words = engine.town.edition(edition) if edition else engine.translate(_("Toutes les éditions"))
        found.append({"words": words, "count": max(one.rows for one in of.values()), "cells": cells, "left": left})
    return found
