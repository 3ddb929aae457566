"""Fields that hold other fields: lists of texts and references, groups, rows, owners' places.

A `Part` declares the fields of a group or of one row in the same way as a record declares its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from participation.coordinates import read_one, read_pair
from participation.messages import mark as _
from participation.records.base import Fielded, nested, read_fields
from participation.records.fields import Field, Plain, Refused, Required, Translate
from participation.records.texts import Code, Text
from participation.values import Place

MOST_ROWS = 500


class Part(Fielded):
    """The fields of a group, or of one row of a list."""


P = TypeVar("P", bound=Part)


def read_part(part: type[Part], raw: Mapping[str, Plain], report: Callable[[Refused], None]) -> dict[str, Plain]:
    """Check one group or row; what it needs and does not have is reported unless nothing at all was written."""
    data = read_fields(part, raw, report)
    for field in part.needed:
        if field.name not in data and not raw.get(field.name) and any(raw.values()):
            words = _("«\u00a0%s\u00a0» manque.") % field.label
            report(Refused(words, at=field.name, warning=field.required is Required.ADVISED))
    return data


class Texts(Field[list[str]]):
    """A list of short texts; as one text, separated by new lines, or else by semicolons, or else by commas."""

    kind = "texts"

    def __init__(self, label: str, *, item: Field[Any] | None = None, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.item = item or Text(label)

    def empty(self) -> list[str]:
        return []

    def read(self, raw: Plain, report: Callable[[Refused], None]) -> Plain | None:
        if isinstance(raw, str):
            raw = [part for part in raw.split(next((mark for mark in "\n;" if mark in raw), ",")) if part.strip()]
        if not isinstance(raw, list):
            report(Refused(_("Une liste est attendue ici.")))
            return None
        if len(raw) > MOST_ROWS:
            report(Refused(_("La liste est trop longue.")))
            return None
        read: list[Plain] = []
        for index, entry in enumerate(raw):
            checked = self.item.read(entry, nested(report, str(index + 1)))
            if checked is not None and checked not in read:
                read.append(checked)
        return read or None

    def parse(self, text: str) -> Plain:
        return _parse_by_reading(self, text)

    def value(self, plain: Plain) -> list[str]:
        return [str(entry) for entry in plain]

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        return ", ".join(self.item.show(entry, lang, translate) for entry in plain)

    def edit(self, plain: Plain) -> str:
        entries = [self.item.edit(entry) for entry in plain]
        text = "".join(entries)
        separator = "\n" if ";" in text else ";" if "," in text else ","
        joined = f"{separator} ".join(entries) if separator != "\n" else "\n".join(entries)
        return f"{joined}{separator}" if len(entries) == 1 and separator != "," else joined

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema(), "uniqueItems": True}


class Refs(Texts):
    """The identifiers of other records of type `to`, in order."""

    kind = "refs"

    def __init__(self, label: str, *, to: str, **rest: Any) -> None:
        super().__init__(label, item=Code(label), **rest)
        self.to = to


class Group(Field[P], Generic[P]):
    """A few fields that belong together, as a mapping."""

    kind = "group"
    scalar = False

    def __init__(self, part: type[P], label: str, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.part = part

    def empty(self) -> P:
        return self.part({})

    def read(self, raw: Plain, report: Callable[[Refused], None]) -> Plain | None:
        if not isinstance(raw, Mapping):
            report(Refused(_("Un groupe de clés est attendu ici.")))
            return None
        return read_part(self.part, raw, report) or None

    def value(self, plain: Plain) -> P:
        return self.part(plain)

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        return _show_part(self.part, plain, lang, translate)

    def public_value(self, plain: Plain) -> Plain:
        return self.part.public_data(plain)

    def schema(self) -> dict[str, Any]:
        return part_schema(self.part)


class Rows(Field[list[P]], Generic[P]):
    """A list of groups with the same fields; `key` names the field that tells rows apart when two people edit."""

    kind = "rows"
    scalar = False

    def __init__(self, part: type[P], label: str, *, key: str = "", row: str = "", **rest: Any) -> None:
        super().__init__(label, **rest)
        self.part = part
        self.key = key
        self.row = row or label  # the word for one row: "Étape"

    def empty(self) -> list[P]:
        return []

    def read(self, raw: Plain, report: Callable[[Refused], None]) -> Plain | None:
        if not isinstance(raw, list) or len(raw) > MOST_ROWS:
            report(Refused(_("Une liste de groupes est attendue ici, de 500 lignes au plus.")))
            return None
        rows = []
        for index, entry in enumerate(raw):
            inner = nested(report, str(index + 1))
            if not isinstance(entry, Mapping):
                inner(Refused(_("Un groupe de clés est attendu ici.")))
            elif row := read_part(self.part, entry, inner):
                rows.append(row)
        return rows or None

    def value(self, plain: Plain) -> list[P]:
        return [self.part(row) for row in plain]

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        return "\u202f; ".join(_show_part(self.part, row, lang, translate) for row in plain)

    def public_value(self, plain: Plain) -> Plain:
        return [row for row in map(self.part.public_data, plain) if row]

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": part_schema(self.part), "maxItems": MOST_ROWS}


_PLACE_WORDS = Text(_("Nom ou adresse"))


class PlaceField(Field[Place | None]):
    """The whole territory, or a place with a name, an address and WGS84 coordinates in degrees."""

    kind = "place"
    scalar = False
    WHOLE = "whole_territory"
    KEYS = ("name", "address", "longitude", "latitude")

    def read(self, raw: Plain, report: Callable[[Refused], None]) -> Plain | None:
        if raw in (self.WHOLE, ""):
            return raw or None
        if not isinstance(raw, Mapping):
            report(Refused(_("Écrivez whole_territory, ou un groupe name, address, longitude, latitude.")))
            return None
        place: dict[str, str] = {}
        for key, text in _apart(raw).items():
            inner = nested(report, key)
            if key not in self.KEYS:
                inner(Refused(_("Cette clé n’existe pas dans un lieu."), ", ".join(self.KEYS), warning=True))
            elif key in ("name", "address"):
                checked = _PLACE_WORDS.read(text, inner)
                if checked:
                    place[key] = checked
            elif text not in ("", None):
                self._coordinate(key, str(text), place, inner)
        if ("longitude" in place) != ("latitude" in place):
            report(Refused(_("Un point a besoin de ses deux coordonnées."), _("Ajoutez celle qui manque.")))
            place.pop("longitude", None)
            place.pop("latitude", None)
        return place or None

    @staticmethod
    def _coordinate(key: str, text: str, place: dict[str, str], report: Callable[[Refused], None]) -> None:
        degrees = read_one(text, key)
        if degrees is None:
            report(
                Refused(_("Cette coordonnée n’est pas un nombre de degrés possible."), _("Par exemple\u00a0: 2.3522."))
            )
        else:
            place[key] = degrees

    def parse(self, text: str) -> Plain:
        return _parse_by_reading(self, text if text == self.WHOLE else {"address": text})

    def value(self, plain: Plain) -> Place:
        if plain == self.WHOLE:
            return Place(whole=True)
        point = "longitude" in plain
        return Place(
            name=plain.get("name", ""),
            address=plain.get("address", ""),
            longitude=float(plain["longitude"]) if point else None,
            latitude=float(plain["latitude"]) if point else None,
        )

    def show(self, plain: Plain, lang: str = "fr", translate: Translate = str) -> str:
        if plain == self.WHOLE:
            return translate(_("tout le territoire"))
        words = [plain[key] for key in ("name", "address") if key in plain]
        return ", ".join(words) or f"{plain['latitude']}, {plain['longitude']}"

    def schema(self) -> dict[str, Any]:
        coordinate = {"type": ["number", "string"]}
        return {
            "anyOf": [
                {"const": self.WHOLE},
                {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string"},
                        "address": {"type": "string"},
                        "longitude": coordinate,
                        "latitude": coordinate,
                    },
                },
            ]
        }


def _apart(raw: Mapping[str, Plain]) -> Mapping[str, Plain]:
    """A place whose two coordinates were pasted into one of its fields, with each in its own."""
    for key, other in (("latitude", "longitude"), ("longitude", "latitude")):
        pair = read_pair(str(raw[key])) if raw.get(key) and not raw.get(other) else None
        if pair is not None:
            return {**raw, "latitude": pair[0], "longitude": pair[1]}
    return raw


def part_schema(part: type[Fielded]) -> dict[str, Any]:
    """JSON Schema of a mapping with these fields; unknown keys are allowed (they are kept, with a warning)."""
    properties = {
        name: field.schema()
        | {"title": field.label, "x-public": field.public}
        | ({"description": field.help} if field.help else {})
        for name, field in part.fields.items()
    }
    needed = [field.name for field in part.needed if field.required > Required.ADVISED]
    return {"type": "object", "properties": properties} | ({"required": needed} if needed else {})


def _show_part(part: type[Fielded], plain: Plain, lang: str, translate: Translate) -> str:
    words = [
        translate(_("%(label)s\u00a0: %(value)s"))
        % {"label": translate(field.label), "value": field.show(plain[name], lang, translate)}
        for name, field in part.fields.items()
        if name in plain
    ]
    return ", ".join(words)


def _parse_by_reading(field: Field[Any], raw: Plain) -> Plain:
    """Use a container's reader for one typed text: the first refusal is raised."""
    refusals: list[Refused] = []
    plain = field.read(raw, refusals.append)
    if refusals:
        raise refusals[0]
    return plain
