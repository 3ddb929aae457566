"""What is worth telling of the colours of a town while its form is open: how well text can be read on them."""

from __future__ import annotations

from participation.problems import Problem
from participation.records import Instance, Record
from site_builder import colours
from site_builder.look import Colours


def of(record: Record) -> list[Problem]:
    """The warnings of the site's builder about the colours of the instance; [] for every other record."""
    if not isinstance(record, Instance):
        return []
    look = record.data.get("look", {})
    return colours.check(Colours(*(str(look.get(name, "")) for name in ("brand", "brand_dark", "tint"))))
