"""The index in memory, which a full build asks, answers every question as the one in SQLite does, in the same order."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from site_builder.fragments import Fragments
from site_builder.held import HeldIndex
from site_builder.index import FACETS, Entry, Index, unpack

TYPES = ("project", "idea", "event", "article")


@pytest.fixture(scope="module")
def both(demonstration):
    """The demonstration town's index as it lies on the disk, and the same held in memory."""
    file = next(demonstration[0].parent.rglob("index.sqlite"))
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT card, row, digest, facts FROM record ORDER BY random()").fetchall()
        entries = [Entry(unpack(packed), packed, row, digest, facts) for packed, row, digest, facts in rows]
        yield Index(connection), HeldIndex(connection, [entry.card for entry in entries], entries)


def values(index, type_name):
    return [("", ""), *((facet, value) for facet in FACETS for value in index.counts(type_name, facet))]


@pytest.mark.parametrize("type_name", TYPES)
def test_lists_are_the_same(both, type_name):
    index, held = both
    assert index.count(type_name) > 0
    assert held.count(type_name) == index.count(type_name)
    for facet, value in values(index, type_name):
        asked = (type_name, facet, value)
        members = index.members(*asked)
        assert held.members(*asked) == members
        ids = [member.id for member in members]
        assert held.rows(ids) == index.rows(ids)
        assert held.cards(*asked) == index.cards(*asked)
        assert held.cards(*asked, limit=3) == index.cards(*asked, limit=3)
        assert held.located(*asked) == index.located(*asked)
        assert held.located(*asked, stages=("works", "received")) == index.located(*asked, stages=("works", "received"))


@pytest.mark.parametrize("type_name", TYPES)
def test_counts_and_sums_are_the_same(both, type_name):
    index, held = both
    editions = list(index.counts(type_name, "edition"))
    for facet in FACETS:
        assert list(held.counts(type_name, facet).items()) == list(index.counts(type_name, facet).items())
        for edition in editions:
            assert held.counts(type_name, facet, edition) == index.counts(type_name, facet, edition)
    for facet, value in values(index, type_name):
        sums = index.zone_sums(type_name, facet, value)
        assert list(held.zone_sums(type_name, facet, value).items()) == list(sums.items())
    for edition in editions:
        assert held.facts(type_name, edition) == index.facts(type_name, edition)


def test_days_and_links_are_the_same(both):
    index, held = both
    for first, last in (("2026-01-01", "2026-12-31"), ("2024-03-01", "2024-03-31"), ("2026-11-21", "2026-11-21")):
        assert list(held.between("event", first, last)) == list(index.between("event", first, last))
    linked = 0
    for type_name in TYPES:
        for card in index.cards(type_name):
            assert held.card(card.id) == card
            assert held.backlinks(card.id) == index.backlinks(card.id)
            linked += len(held.backlinks(card.id))
    assert linked > 0
    assert held.card("2024-P9999") is None
    assert held.members("project", "zone", "nowhere") == []


def test_what_was_kept_in_the_cache_comes_back_as_it_was(both, tmp_path):
    index, _held = both
    entries = [Entry.of(card, f"<li>{card.id}</li>") for card in index.cards("idea")]
    cache = Fragments(tmp_path / "fragments.sqlite", "salt")
    cache.keep_entries((entry, []) for entry in entries)
    known = {blob: entry for blob, entry, _problems in cache.entries(entry.card.blob for entry in entries)}
    cache.close()
    assert known == {entry.card.blob: entry for entry in entries}
