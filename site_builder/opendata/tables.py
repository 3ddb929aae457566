"""One table ready to be written: its columns and, for each record, what stands in them.

Values come from the declarations (`participation.opendata.columns`); here only what is derived is worked out: words of
codes, the address of the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from participation.opendata.columns import Column, Value, columns, value
from participation.records import TYPES
from participation.records.fields import Plain
from participation.records.texts import Choice
from site_builder.opendata.records import Datum
from site_builder.people import NOBODY
from site_builder.town import Town

FILE_NAMES = {"project": "projets", "idea": "idees", "event": "rendez-vous"}


@dataclass(frozen=True)
class Table:
    """The records of one type, of all editions or of one; `name` is that of its files, without their endings."""

    type_name: str
    edition: str
    name: str
    columns: tuple[Column, ...]
    records: list[Datum]
    town: Town
    people: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[tuple[Datum, list[Value]]]:
        """Each record with its values, in the order of the columns; worked out once for all formats."""
        lang = self.town.lang
        # Most of a hundred columns are empty in a record: what its projection lacks is not even asked for.
        needs = [one.path[0] if one.path and one.name not in ("id", "state") else "" for one in self.columns]
        found = []
        for one in self.records:
            shown, derived = one.shown, derived_values(one, self.type_name, self.town, self.people)
            values = [
                value(column, one.id, shown, derived, lang) if not need or need in shown else None
                for column, need in zip(self.columns, needs, strict=True)
            ]
            found.append((one, values))
        return found


def columns_of(type_name: str, languages: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of a type on a site with these languages."""
    return columns(TYPES[type_name], languages)


def derived_values(one: Datum, type_name: str, town: Town, people: Mapping[str, str] = NOBODY) -> dict[str, str]:
    """The values of derived columns by their names."""
    shown = one.shown
    status = shown.get("status")
    owner: Mapping[str, Plain] = shown.get("owner") or {}
    found = {
        "url": f"{town.url}/{one.address}" if town.url else one.address,
        "edition": one.edition,
        "edition.words": town.edition(one.edition) if one.edition else "",
        "state.words": town.words.get(type_name, {}).get(one.state, ""),
        "state.date": str(status[-1].get("date", "")) if status else "",
        "owner.words": str(owner.get("organisation") or town.words["owner"].get(owner.get("kind", ""), "")),
        "owner.label": people.get(one.person, ""),
        "zone.words": town.zone(str(shown["zone"])) if "zone" in shown else "",
        "theme.words": town.theme(str(shown["theme"])) if "theme" in shown else "",
        "service.words": town.services.get(str(shown.get("service")), {}).get("title", ""),
    }
    tables = {"kind": "event", "channel": "channel"} | ({"state": "event_state"} if type_name == "event" else {})
    for name, words in tables.items():
        field = TYPES[type_name].fields.get(name)
        if isinstance(field, Choice) and name in shown:
            found[f"{name}.words"] = str(town.words[words].get(shown[name], ""))
    return found
