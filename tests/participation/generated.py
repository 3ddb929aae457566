"""Data made from the declarations: any value of any field for Hypothesis, and one sample with every field filled."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from participation.records.base import Fielded
from participation.records.containers import Group, PlaceField, Rows, Texts
from participation.records.fields import Field, Plain
from participation.records.figures import Date, Day, Instant, Integer, Money, When
from participation.records.instance import Colour
from participation.records.territory import Geometry
from participation.records.texts import Choice, Code, Flag, Markdown, Media, Text, TimeZone, Url

WORDS = st.lists(
    st.sampled_from(
        "l’école No 12:30 01004 « à\u00a0faire\u202f! » --- # & * - : ; , '\" \\ {} [] | > 🌳 été".split(" ")
    )
    | st.text(max_size=8),
    max_size=6,
).map(" ".join)
LINES = st.lists(WORDS, max_size=4).map("\n".join)
CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}", fullmatch=True)
DAYS = st.dates().map(str)
CLOCKS = st.times().map(lambda time: f"{time:%H:%M:%S}") | st.times().map(lambda time: f"{time:%H:%M}")
WHENS = DAYS | st.builds(lambda day, clock: f"{day}T{clock}", DAYS, CLOCKS)
INSTANTS = st.builds(
    lambda day, clock: f"{day}T{clock}+02:00", st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)), st.times()
)
POINTS = st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(list)


def typed(field: Field[Any]) -> st.SearchStrategy[Plain]:
    """What a file may hold for a field: nested text, not all of it acceptable."""
    match field:
        case Group():
            return raw(field.part)
        case Rows():
            return st.lists(raw(field.part), max_size=3)
        case Texts():
            return st.lists(typed(field.item), max_size=4)
        case PlaceField():
            degrees = st.floats(-90, 90).map(lambda number: f"{number:.6f}")
            point = {"longitude": degrees, "latitude": degrees}
            return st.just(PlaceField.WHOLE) | st.fixed_dictionaries(point, optional={"name": WORDS, "address": WORDS})
        case Geometry():
            return POINTS.map(lambda point: {"type": "Point", "coordinates": point}) | st.lists(
                POINTS, min_size=3, max_size=6
            ).map(lambda ring: {"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
        case _:
            return _typed_scalar(field)


def _typed_scalar(field: Field[Any]) -> st.SearchStrategy[Plain]:
    match field:
        case Choice():
            return st.sampled_from(sorted(field.options))
        case Flag():
            return st.sampled_from(["true", "false"])
        case Integer():
            return st.integers(field.least, min(field.most, 10**9)).map(str)
        case Money():
            return st.decimals(0, 10**9, places=2).map(str) | st.integers(0, 10**9).map(str)
        case Day():
            return DAYS
        case Date():
            return DAYS | DAYS.map(lambda day: day[:7]) | DAYS.map(lambda day: day[:4])
        case Instant():
            return INSTANTS
        case When():
            return WHENS
        case Url():
            return CODES.map(lambda code: f"https://example.org/{code}")
        case TimeZone():
            return st.sampled_from(["Europe/Paris", "America/Guadeloupe", "UTC"])
        case Colour():
            return st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
        case Media():
            return CODES.map(lambda code: f"photos/{code}")
        case Code() if field.pattern.pattern != r"[A-Za-z0-9][A-Za-z0-9._-]*":
            return st.from_regex(field.pattern, fullmatch=True)
        case Code():
            return CODES
        case Markdown():
            return LINES
        case Text() if field.translatable:
            return WORDS | st.fixed_dictionaries({"fr": WORDS, "en": WORDS})
        case _:
            return WORDS


def raw(kind: type[Fielded]) -> st.SearchStrategy[dict[str, Plain]]:
    """Nested text of a record or a part, with any of its fields."""
    return st.fixed_dictionaries({}, optional={name: typed(field) for name, field in kind.fields.items()})


def planted(kind: type[Fielded], marker: str, *, private: bool = False) -> dict[str, Plain]:
    """Data with every field of every depth filled; what is private at any depth is or holds `marker`."""
    return {name: _planted(field, marker, private or not field.public) for name, field in kind.fields.items()}


def _planted(field: Field[Any], marker: str, private: bool) -> Plain:
    match field:
        case Group():
            return planted(field.part, marker, private=private)
        case Rows():
            return [planted(field.part, marker, private=private)] * 2
        case Texts():
            return [marker if private else "public"]
        case PlaceField():
            return {"name": marker if private else "public"}
        case _:
            return marker if private else "public"


def private_names(kind: type[Fielded], prefix: str = "") -> list[str]:
    """Dotted names of all private fields."""
    names = []
    for name, field in kind.fields.items():
        if not field.public:
            names.append(prefix + name)
        elif isinstance(field, Group | Rows):
            names += private_names(field.part, f"{prefix}{name}.")
    return names
