"""Outlines of a file set against the zones there are: which becomes which, and what a save would do, in sentences.

Pure: the plan is made for the page and again for the save; writing is the content's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backoffice.i18n import _
from backoffice.records.lines import fold
from backoffice.zones.geojson import Feature
from participation import journal
from participation.journal import Voice
from participation.records import Zone
from participation.store.saving import Change

NEW, SKIP = "+", "-"  # what an outline may become besides a zone that is there


@dataclass(frozen=True, slots=True)
class Row:
    """One outline of the file: `to` is a zone's identifier, NEW or SKIP.

    `kind` is new, changed, same, error or skipped.
    """

    number: int
    name: str
    to: str
    kind: str
    words: Sequence[str] = ()
    advice: str = ""


@dataclass(slots=True)
class Plan:
    """What the file does: a row for each outline, the zones that it does not have, and the changes to save."""

    rows: list[Row] = field(default_factory=list)
    absent: list[Zone] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def count(self, kind: str) -> int:
        """How many outlines are of that kind."""
        return sum(row.kind == kind for row in self.rows)

    @property
    def ready(self) -> bool:
        """True when there is something to save and nothing that forbids it."""
        return bool(self.changes) and not self.count("error")


def plan(features: Sequence[Feature], zones: Sequence[Zone], by: str, chosen: Mapping[int, str], voice: Voice) -> Plan:
    """Match by the property `by`, or as `chosen` (number of the outline -> zone, NEW or SKIP) says."""
    made = Plan()
    known = {zone.id: zone for zone in zones}
    taken: set[str] = set()
    for number, feature in enumerate(features, 1):
        name = feature.properties.get(by, "") or feature.properties.get("id", "")
        to = chosen.get(number, "") or _match(feature, name, zones)
        if to not in (NEW, SKIP) and to not in known:
            to = NEW
        row, change = _row(number, name, feature, to, known, taken, voice)
        made.rows.append(row)
        made.changes += [change] if change is not None else []
    made.absent = [zone for zone in zones if zone.id not in taken]
    return made


def _match(feature: Feature, name: str, zones: Sequence[Zone]) -> str:
    """The zone of that identifier or name; NEW when there is none."""
    asked = feature.properties.get("id", "")
    for zone in zones:
        if asked == zone.id or (name and fold(name) in (fold(zone.display_title), fold(zone.id))):
            return zone.id
    slug = slug_of(name)
    return next((zone.id for zone in zones if slug and slug in (zone.id, slug_of(zone.display_title))), NEW)


def _row(
    number: int,
    name: str,
    feature: Feature,
    to: str,
    known: Mapping[str, Zone],
    taken: set[str],
    voice: Voice,
) -> tuple[Row, Change | None]:
    if to == SKIP:
        return Row(number, name, to, "skipped"), None
    if feature.geometry is None:
        return Row(number, name, to, "error", [feature.fault]), None
    zone = known.get(to)
    zone_id = zone.id if zone is not None else _free(slug_of(name), {*known, *taken})
    if not name and zone is None:
        return Row(number, name, to, "error", [_("Ce contour n’a pas de nom\u00a0: choisissez un quartier.")]), None
    if zone_id in taken:
        return Row(number, name, to, "error", [_("Deux contours sont pour le même quartier.")]), None
    taken.add(zone_id)
    if zone is None:
        data = {"id": zone_id, "title": name, "geometry": feature.geometry}
        return Row(number, name, NEW, "new", (), feature.advice), Change(Zone, zone_id, data, fresh=True)
    data = {**zone.data, "geometry": feature.geometry}
    if data == zone.data:
        return Row(number, name, to, "same", (), feature.advice), None
    ordered = {key: data[key] for key in Zone.fields if key in data}
    said = journal.sentences(Zone, zone.data, ordered, voice)
    return Row(number, name, to, "changed", said, feature.advice), Change(Zone, zone.id, ordered, zone.blob)


def slug_of(name: str) -> str:
    """`Les Hauts-Prés` as `les-hauts-pres`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60].rstrip("-")


def _free(slug: str, taken: set[str]) -> str:
    slug = slug or "zone"
    return next(name for name in (slug, *(f"{slug}-{n}" for n in range(2, 1_000))) if name not in taken)
