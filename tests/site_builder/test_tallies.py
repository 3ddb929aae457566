"""The groups of records behind charts: a full build has them in memory, an incremental one asks the database."""

from __future__ import annotations

import sqlite3

from site_builder.held import HeldIndex
from site_builder.index import Index
from tests.site_builder.small_town import project


def test_memory_and_database_group_records_alike(town, sites, tmp_path):
    for number, state in enumerate(("works", "delivered", "works", "merged", "not_selected")):
        more = {"budget_voted": f"{number}.25", "zone": "halles" if number % 2 else "bief"}
        town.put("project", f"2026-P10{number}", project(f"Projet {number}", state, **more))
    sites.build(town.commit())
    index_file = next((tmp_path / "sites").rglob("index.sqlite"))
    index = Index(sqlite3.connect(index_file))
    cards = [card for name in ("project", "idea") for card in index.cards(name)]
    held = HeldIndex(index.connection, cards)
    for name in ("project", "idea"):
        assert sorted(held.groups(name, "2026")) == sorted(index.groups(name, "2026"))
    assert held.waits("2026") == index.waits("2026")
    index.connection.close()
