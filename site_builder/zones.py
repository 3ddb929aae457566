"""Reading the zones once for each version of their file: their records and the plan drawn from their outlines.

A town's outlines may be megabytes; what pages need of them is twenty kilobytes, kept beside the other caches.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from participation.problems import Problem
from participation.records import Record
from participation.records.territory import Zone
from participation.yamltext.reader import read_file
from site_builder import outlines
from site_builder.sources import Source

PATH = "zones.geojson"
_KEPT = 8


def read_zones(
    source: Source, wanted: Mapping[str, str], cache: Path | None
) -> tuple[list[Record], list[Problem], dict[str, Any]]:
    """The zones without their outlines, what is wrong with their file, and the plan; `wanted` is path -> blob."""
    if PATH not in wanted:
        return [], [], {}
    blob = wanted[PATH]
    kept = cache / "plans" / f"{_key(blob)}.json" if cache is not None else None
    if kept is not None and kept.is_file():
        known = json.loads(kept.read_text("utf-8"))
        return [Zone(data, path=PATH, blob=blob) for data in known["zones"]], [], known["plan"]
    records: list[Record] = []
    problems: list[Problem] = []
    for path, content in source.files({PATH: blob}):
        reading = read_file(content, path, blob)
        records += reading.records
        problems += reading.problems
    plan = outlines.make_plan((record.id, record.data.get("geometry")) for record in records)
    plain = [{key: value for key, value in record.data.items() if key != "geometry"} for record in records]
    if kept is not None and not problems:
        _keep(kept, {"zones": plain, "plan": plan})
    return [Zone(data, path=PATH, blob=blob) for data in plain], problems, plan


def _key(blob: str) -> str:
    """What a kept plan depends on: the file, the fields of a zone, and the code that reads and draws it."""
    made = hashlib.blake2b(" ".join([blob, *Zone.fields]).encode(), digest_size=12)
    for code in (Path(outlines.__file__), Path(__file__)):
        made.update(code.read_bytes())
    return made.hexdigest()


def _keep(path: Path, known: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    half.replace(path)
    for old in sorted(path.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
        old.unlink(missing_ok=True)
