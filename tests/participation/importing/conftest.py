"""An almost empty town in a real bare repository, and the shortest way from a small table to a plan."""

from __future__ import annotations

import datetime as dt

import pytest

from participation.checks import check_content
from participation.importing.applying import apply
from participation.importing.mapping_reader import read_mapping
from participation.importing.table import plan_table
from participation.problems import Severity
from participation.store import open_store
from participation.store.git import EMPTY_TREE, MAIN, GitRepo

WHEN = dt.datetime(2025, 11, 21, 10, 0, tzinfo=dt.UTC)
TODAY = WHEN.date()


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "town.git"
    with GitRepo.init_bare(path) as repo:
        tree, new = repo.build(EMPTY_TREE, {"instance.yml": b"schema: 1\ntitle: Budget participatif\nname: Valmont\n"})
        commit = repo.write_commit(tree, new, [], "Début", "laureat", WHEN)
        repo.compare_and_swap(MAIN, commit, None)
    return open_store(path)


@pytest.fixture
def table(store):
    """`table(mapping, csv)` plans a small table; `apply=True` writes it too."""

    def planned(mapping, content, *, write=False, today=TODAY, **options):
        content = content.encode() if isinstance(content, str) else content
        checked = read_mapping(mapping.encode(), "mapping.yml")
        plan = plan_table(content, "table.csv", checked, store.snapshot(), today, **options)
        if write:
            apply(plan, store, author="import", when=WHEN)
        return plan

    return planned


@pytest.fixture
def faults(store):
    """Every error that `laureat check` would report, as text."""

    def found():
        snapshot = store.snapshot()
        problems = [*snapshot.problems, *check_content(snapshot, snapshot.entries)]
        return [str(problem) for problem in problems if problem.severity is Severity.ERROR]

    return found
