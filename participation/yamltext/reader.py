"""Files to checked records: one record per YAML file, several in `zones.geojson` and `services.yml`.

Reads bytes, never the disk; every fault becomes a `Problem` with its file and line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from participation.layout import Location, locate
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import TYPES, Record
from participation.records.base import check_raw
from participation.values import PARIS, in_zone
from participation.yamltext.nodes import Tree, YamlFault, parse

LARGEST_YAML = 1 << 20  # bytes; design, section 2
LARGEST_GEOJSON = 10 << 20
_BETWEEN = re.compile(r"[\s,]*(?=[^\s,\]])")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: its usable records and every problem, each with file and line."""

    records: list[Record]
    problems: list[Problem]

    @property
    def faulty(self) -> bool:
        """True when an error holds the file's record back from publication."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def read_file(content: bytes, path: str, blob: str = "") -> Reading:
    """Read the file at `path`; a path where no record lies gives nothing."""
    with in_zone(PARIS):  # a file means the same whoever reads it
        return _read_file(content, path, blob)


def _read_file(content: bytes, path: str, blob: str) -> Reading:
    location = locate(path)
    if location is None:
        return Reading([], [])
    largest = LARGEST_GEOJSON if path.endswith(".geojson") else LARGEST_YAML
    if len(content) > largest:
        return _refuse(path, _("Le fichier dépasse %s\u00a0Mo.") % (largest >> 20), None)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _refuse(path, _("Le fichier n’est pas en UTF-8."), line, _("Enregistrez-le avec l’encodage UTF-8."))
    if location.type_name == "zone":
        return _read_zones(text, path, blob)
    try:
        tree = parse(text)
    except YamlFault as fault:
        return _refuse(path, fault.message, fault.line, fault.hint)
    if location.type_name == "service":
        return _read_list(tree, path, blob)
    if not isinstance(tree.plain, Mapping):
        return _refuse(path, _("Une fiche est faite de lignes «\u00a0clé\u00a0: valeur\u00a0»."), 1)
    record, problems = _check(location, tree.plain, path, blob, lambda field: tree.line(field.split(".")))
    return Reading([record], problems)


def _refuse(path: str, message: str, line: int | None, hint: str = "") -> Reading:
    return Reading([], [Problem(message, file=path, line=line, hint=hint)])


def _check(
    location: Location, raw: Mapping[str, Any], path: str, blob: str, line_of: Callable[[str], int | None]
) -> tuple[Record, list[Problem]]:
    record_type = TYPES[location.type_name]
    checked = check_raw(record_type, raw)
    problems = [problem.at(path, line_of(problem.field)) for problem in checked.problems]
    return record_type(checked.data, id=location.id, path=path, blob=blob), problems


def _read_list(tree: Tree, path: str, blob: str) -> Reading:
    entries = tree.plain or []
    if not isinstance(entries, list):
        return _refuse(path, _("Ce fichier est une liste\u00a0: chaque service commence par un tiret."), 1)
    return _read_several(
        "service", entries, path, blob, lambda index, field: tree.line([str(index), *field.split(".")])
    )


def _read_zones(text: str, path: str, blob: str) -> Reading:
    try:
        collection = json.loads(text, object_pairs_hook=_without_duplicates) if text.strip() else {"features": []}
    except json.JSONDecodeError as error:
        return _refuse(path, _("Ce fichier n’est pas du JSON lisible à cet endroit."), error.lineno)
    except (ValueError, RecursionError) as error:
        return _refuse(path, _("Ce fichier n’est pas du GeoJSON utilisable."), None, str(error)[:80])
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type", "FeatureCollection") != "FeatureCollection":
        return _refuse(path, _("Un fichier de zones est une FeatureCollection GeoJSON."), 1)
    lines: list[int] = []

    def line_of(index: int, _field: str) -> int | None:
        if not lines:
            lines.extend(line for line, _feature in _features(text))
        return lines[index - 1] if index <= len(lines) else None

    return _read_several("zone", [_zone_entry(feature) for feature in features], path, blob, line_of)


def _zone_entry(feature: Any) -> Any:
    """GeoJSON puts text and numbers in `properties`, the outline beside it: one mapping for our reader."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature" or "geometry" not in feature:
        return None
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        return None
    entry = {
        name: str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        for name, value in properties.items()
        if value is not None
    }
    if "id" not in entry and isinstance(feature.get("id"), str | int):
        entry["id"] = str(feature["id"])  # where map tools put it
    if feature["geometry"] is not None:
        entry["geometry"] = feature["geometry"]
    return entry


def feature_ids(text: str) -> dict[str, int]:
    """The line of each zone of a file, by identifier. ValueError when the file is no JSON."""
    found = ((_zone_entry(feature), line) for line, feature in _features(text))
    return {str(entry["id"]): line for entry, line in found if entry and "id" in entry}


def _features(text: str) -> Iterator[tuple[int, Any]]:
    """The line of each feature, found by reading the list again one element after the other."""
    decoder = json.JSONDecoder()
    start = re.search(r'"features"\s*:\s*\[', text)
    line, counted, position = 1, 0, start.end() if start else len(text)
    while match := _BETWEEN.match(text, position):
        line += text.count("\n", counted, match.end())
        counted = match.end()
        feature, position = decoder.raw_decode(text, counted)
        yield line, feature


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _read_several(
    type_name: str, entries: list[Any], path: str, blob: str, line_of: Callable[[int, str], int | None]
) -> Reading:
    records: list[Record] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, raw in enumerate(entries, 1):

        def line(field: str, index: int = index) -> int | None:
            return line_of(index, field)

        if not isinstance(raw, Mapping):
            words = (
                _("Un groupe de clés est attendu ici.")
                if type_name == "service"
                else _("Une Feature est attendue ici.")
            )
            problems.append(Problem(words, path, line(""), field=str(index)))
            continue
        record, found = _check(Location(type_name, ""), raw, path, blob, line)
        problems += [Problem(p.message, p.file, p.line, f"{index}.{p.field}", p.hint, p.severity) for p in found]
        if record.id and record.id not in seen:
            seen.add(record.id)
            records.append(record)
        elif record.id:
            problems.append(
                Problem(_("L’identifiant «\u00a0%s\u00a0» est déjà pris.") % record.id, path, line("id"), f"{index}.id")
            )
    return Reading(records, problems)
