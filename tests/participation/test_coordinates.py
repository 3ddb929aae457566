"""Coordinates as people write them."""

from __future__ import annotations

import pytest

from participation.coordinates import read_one, read_pair
from participation.records import Idea
from participation.records.base import read_fields


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("48,93 ; 2,35", ("48.93", "2.35")),
        ("48.93, 2.35", ("48.93", "2.35")),
        ("48.93,2.35", ("48.93", "2.35")),
        ("48,93,2,35", ("48.93", "2.35")),
        ("48,93 2,35", ("48.93", "2.35")),
        ("(48.93; -1.55)", ("48.93", "-1.55")),
        ("geo:48.93,2.35", ("48.93", "2.35")),
        ("48.93 N, 1.55 O", ("48.93", "-1.55")),
        ("2.35 E 48.93 N", ("48.93", "2.35")),
        ("48°55'48\"N 2°21'00\"E", ("48.93", "2.35")),
        ("N 48° 55’ 48” E 2° 21’", ("48.93", "2.35")),
        ("12.5 S; 45 E", ("-12.5", "45")),
    ],
)
def test_a_pair_is_read_as_people_write_it(text, pair):
    assert read_pair(text) == pair


@pytest.mark.parametrize(
    "text", ["", "48,93", "rue du Bief", "48.93 2.35 12", "91 ; 2", "48 N 2 N", "48°75' 2°10'", "48;-181", "1e5 2"]
)
def test_what_is_no_pair_of_degrees_is_none(text):
    assert read_pair(text) is None


@pytest.mark.parametrize(
    ("text", "axis", "degrees"),
    [
        ("48,93", "latitude", "48.93"),
        ("+2.3500", "longitude", "2.3500"),
        ("1,55 O", "longitude", "-1.55"),
        ("91", "latitude", None),
        ("2.35 E", "latitude", None),
        ("deux", "latitude", None),
    ],
)
def test_one_coordinate_is_read_for_its_axis(text, axis, degrees):
    assert read_one(text, axis) == degrees


@pytest.mark.parametrize("key", ["latitude", "longitude"])
def test_both_coordinates_may_be_pasted_into_one_field_of_a_place(key):
    refused = []
    assert read_fields(Idea, {"place": {key: "48,93 ; 2,35"}}, refused.append) == {
        "place": {"latitude": "48.93", "longitude": "2.35"}
    }
    assert refused == []
