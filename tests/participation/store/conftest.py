"""A small town in a real bare repository, and the time that tests live in."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest

from participation.records import Project
from participation.store import open_store
from participation.store.git import EMPTY_TREE, MAIN, GitRepo

WHEN = dt.datetime(2024, 5, 12, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
TOWN = {
    "instance.yml": b"schema: 1\ntitle: Budget participatif\nname: Valmont\n",
    "services.yml": b"- id: voirie\n  title: Voirie\n",
    "zones.geojson": b'{"type": "FeatureCollection", "features": []}\n',
    "editions/2021/edition.yml": "title: Édition 2021\n".encode(),
    "editions/2021/projects/2021-P001.yml": (
        b"title: Un jardin\ntheme: nature\nservice: voirie\nbudget_voted: 45000\n"
        b"steps:\n  - kind: works\n    planned_start: 2024-05\n  - kind: delivery\n    planned_end: 2025-12\n"
        b"status:\n  - state: winner\n    date: 2021-11-30\n"
    ),
    "editions/2021/projects/2021-P002.yml": b"title: Des bancs\nideas:\n  - 2021-0001\n",
    "editions/2021/ideas/2021-0001.yml": b"title: Des bancs partout\nproject: 2021-P002\n",
}


def later(minutes):
    return WHEN + dt.timedelta(minutes=minutes)


def make_town(path, files=TOWN):
    with GitRepo.init_bare(path) as repo:
        tree, new = repo.build(EMPTY_TREE, files)
        commit = repo.write_commit(tree, new, [], "Début", "laureat", WHEN)
        repo.compare_and_swap(MAIN, commit, None)
    return path


@pytest.fixture
def store(tmp_path):
    return open_store(make_town(tmp_path / "town.git"))


@pytest.fixture
def save(store):
    """Save fields of a project as they stand now: `save("2021-P001", title="…")`."""

    def save_fields(record_id, *, author="agent-1", when=WHEN, base=None, **fields):
        blob = base or store.snapshot().get(record_id).blob
        return store.save(Project, record_id, fields, base_blob=blob, author=author, when=when)

    return save_fields


@pytest.fixture
def offices(tmp_path, host):
    """Two offices that start from the same content, which the remote has too."""
    from tests.participation.store.offices import Office

    one = make_town(tmp_path / "one.git")
    two = shutil.copytree(one, tmp_path / "two.git")
    first, second = Office(one, host, 1), Office(two, host, 2)
    first.exchange()
    second.exchange()
    return first, second
