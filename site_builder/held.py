"""The index of a full build: every question that is asked of many lists is answered from memory, the rest of SQLite.

Answers equal those of `index.Index`, in the same order; a test asks both.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from site_builder.cards import Card
from site_builder.index import FACETS, Entry, Index, Member, ZoneSum, micro, zone_sum
from site_builder.measures import Group, gather
from site_builder.stages import stage_of

_Asked = tuple[str, str, str]
"""Type, facet, value: what names a list."""


class HeldIndex(Index):
    """All cards in memory. It never changes: what is put in the file beneath it is not seen here."""

    def __init__(self, connection: sqlite3.Connection, cards: Iterable[Card], entries: Iterable[Entry] = ()) -> None:
        super().__init__(connection)
        self._by_id = {card.id: card for card in cards}
        self._entries = {entry.card.id: entry for entry in entries}
        self._sources: dict[str, list[str]] = {}
        for card in self._by_id.values():
            for target in card.refs:
                self._sources.setdefault(target, []).append(card.id)
        self._lists: dict[_Asked, list[Card]] = {}
        self._days: dict[str, list[Card]] = {}
        self._sums: dict[_Asked, dict[str, ZoneSum]] = {}

    def card(self, id: str) -> Card | None:
        return self._by_id.get(id)

    def backlinks(self, id: str) -> list[Card]:
        return [self._by_id[source] for source in sorted(self._sources.get(id, ()))]

    def members(self, type_name: str, facet: str = "", value: str = "") -> list[Member]:
        entries = self._entries
        return [Member(card.id, entries[card.id].digest) for card in self._list(type_name, facet, value)]

    def rows(self, ids: Iterable[str]) -> list[str]:
        return [self._entries[id].row for id in ids]

    def cards(self, type_name: str, facet: str = "", value: str = "", limit: int = -1) -> list[Card]:
        found = self._list(type_name, facet, value)
        return found[:limit] if limit >= 0 else list(found)

    def located(self, type_name: str, facet: str = "", value: str = "", stages: Sequence[str] = ()) -> list[Card]:
        return [
            card
            for card in self._list(type_name, facet, value)
            if card.longitude is not None and (not stages or stage_of(card.type, card.state) in stages)
        ]

    def zone_sums(
        self, type_name: str, facet: str = "", value: str = "", stages: Sequence[str] = ()
    ) -> dict[str, ZoneSum]:
        if stages:
            return super().zone_sums(type_name, facet, value, stages)
        asked = (type_name, facet, value)
        if asked not in self._sums:
            self._sums[asked] = _sums(self._list(*asked))
        return self._sums[asked]

    def facts(self, type_name: str, edition: str) -> list[str]:
        return [self._entries[card.id].facts for card in self._list(type_name, "edition", edition)]

    def counts(self, type_name: str, facet: str, edition: str = "") -> dict[str, int]:
        asked = (type_name, facet, edition)
        if asked not in self._counts:
            cards = self._list(type_name, "edition" if edition else "", edition)
            counted = Counter(_value(card, facet) for card in cards)
            self._counts[asked] = {value: counted[value] for value in sorted(counted) if value}
        return self._counts[asked]

    def moved(self) -> list[Card]:
        return sorted((card for card in self._by_id.values() if "old" in card.more), key=lambda card: card.id)

    def groups(self, type_name: str, edition: str) -> list[Group]:
        cards = self._list(type_name, "edition", edition)
        return gather((card.theme, card.zone, stage_of(card.type, card.state), card.more) for card in cards)

    def waits(self, edition: str) -> list[tuple[str, str]]:
        cards = [card for card in self._list("project", "edition", edition) if _value(card, "stage") == "delivered"]
        return [(card.more.get("won", ""), card.more.get("done", "")) for card in cards]

    def count(self, type_name: str) -> int:
        return len(self._list(type_name, "", ""))

    def between(self, type_name: str, first: str, last: str) -> Iterator[Card]:
        if type_name not in self._days:
            dated = [card for card in self._list(type_name, "", "") if card.day]
            self._days[type_name] = sorted(dated, key=lambda card: (card.day, card.id))
        last += "~"
        return (card for card in self._days[type_name] if card.day <= last and card.last_day >= first)

    def _list(self, type_name: str, facet: str, value: str) -> list[Card]:
        """The cards of a list, in order; all lists of a type are made the first time that one of them is asked for."""
        whole = (type_name, "", "")
        if whole not in self._lists:
            ordered = sorted(
                (card for card in self._by_id.values() if card.type == type_name),
                key=lambda card: (card.order, card.id),
            )
            ordered.sort(key=lambda card: card.edition, reverse=True)
            self._lists[whole] = ordered
            for card in ordered:
                for name in FACETS:
                    self._lists.setdefault((type_name, name, _value(card, name)), []).append(card)
        return self._lists.get((type_name, facet, value), [])


def _value(card: Card, facet: str) -> str:
    if facet == "stage":
        return stage_of(card.type, card.state)
    found: str = getattr(card, facet)
    return found


def _sums(cards: Iterable[Card]) -> dict[str, ZoneSum]:
    """Zone -> the sum of these cards; in millionths of a degree, so that it is the same in any order."""
    sums: dict[str, list[int]] = {}
    for card in cards:
        sum_ = sums.setdefault(card.zone, [0, 0, 0, 0])
        sum_[0] += 1
        east, north = micro(card.longitude), micro(card.latitude)
        if east is not None:
            sum_[1] += 1
            sum_[2] += east
            sum_[3] += north or 0
    return {zone: zone_sum(*sums[zone]) for zone in sorted(sums)}
