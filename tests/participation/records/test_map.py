"""The background of the detailed map: which addresses are taken, and why others are not."""

from __future__ import annotations

import pytest

from participation.records.fields import Refused
from participation.records.instance import Tiles

FIELD = Tiles("Adresse", limit=600)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example/{z}/{x}/{y}.png"),
        ("http://127.0.0.1:8080/{z}/{y}/{x}", "http://127.0.0.1:8080/{z}/{y}/{x}"),
        (
            "https://data.geopf.fr/wmts?L=A.B&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
            "https://data.geopf.fr/wmts?L=A.B&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
        ),
        (" none ", "none"),
        ("Aucun", "none"),
    ],
)
def test_an_address_with_its_three_numbers_or_none_is_taken(text, kept):
    assert FIELD.parse(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "https://tiles.example/map.png",
        "https://tiles.example/{z}/{x}.png",
        "https://{s}.tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}/{y}/{y}.png",
        "ftp://tiles.example/{z}/{x}/{y}.png",
        "//tiles.example/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "https://user@tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example;script-src/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}/{y}.png; script-src *",
        "https://*/{z}/{x}/{y}.png",
        "javascript:alert(1)/{z}/{x}/{y}",
        "https://[::1/{z}/{x}/{y}",
    ],
)
def test_an_address_that_could_name_another_host_or_no_picture_is_refused(text):
    with pytest.raises(Refused, match="fond de carte"):
        FIELD.parse(text)
