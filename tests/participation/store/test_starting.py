"""A new repository, and a repository as a folder."""

from __future__ import annotations

import pytest

from participation.schema import FOLDER, schema_files
from participation.store import open_content, open_store
from participation.store.errors import InvalidRecord, RevisionUnknown
from participation.store.starting import PlaceTaken, export, start
from tests.participation.store.conftest import TOWN, WHEN


def test_a_new_repository_has_one_commit_and_no_problem(tmp_path):
    commit = start(tmp_path / "new" / "town.git", "Budget participatif de Belleville", author="laureat", when=WHEN)
    store = open_store(tmp_path / "new" / "town.git")
    snap = store.snapshot()
    assert store.head() == commit
    assert snap.problems == []
    schemas = [path for path in snap.entries if path.startswith(FOLDER)]
    assert [*snap.entries] == [*schemas, "instance.yml", "services.yml", "zones.geojson"]
    assert snap.instance.data["name"] == "Budget participatif de Belleville"
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["town.git"]
    with store.repo() as repo:
        assert repo.fsck() == ""


def test_an_empty_folder_may_become_the_repository(tmp_path):
    (tmp_path / "town.git").mkdir()
    start(tmp_path / "town.git", "Valmont", author="laureat", when=WHEN)
    assert open_store(tmp_path / "town.git").snapshot().instance.data["title"] == "Valmont"


def test_nothing_is_ever_overwritten(tmp_path, store):
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "x").write_text("à moi")
    (tmp_path / "file").write_text("à moi")
    for place in (tmp_path / "town", tmp_path / "file"):
        with pytest.raises(PlaceTaken):
            start(place, "Valmont", author="laureat", when=WHEN)
        with pytest.raises(PlaceTaken):
            export(store, place)
    assert (tmp_path / "town" / "x").read_text() == "à moi"


@pytest.mark.parametrize("name", ["", "   ", "x" * 200, "a\x00b"])
def test_a_name_that_cannot_be_one_is_refused_and_nothing_is_left(tmp_path, name):
    with pytest.raises(InvalidRecord):
        start(tmp_path / "town.git", name, author="laureat", when=WHEN)
    assert list(tmp_path.iterdir()) == []


def test_an_export_is_a_folder_that_reads_the_same(store, save, tmp_path):
    first = store.head()
    save("2021-P001", title="Le jardin")
    assert export(store, tmp_path / "out") == len(TOWN)
    folder = open_content(tmp_path / "out")
    assert [dict(record.data) for record in folder.snapshot()] == [dict(record.data) for record in store.snapshot()]
    export(store, tmp_path / "before", first)
    assert open_content(tmp_path / "before").snapshot().get("2021-P001").data["title"] == "Un jardin"
    with pytest.raises(RevisionUnknown):
        export(store, tmp_path / "never", "HEAD")


def test_the_starter_content_brings_the_schemas_that_its_files_name(tmp_path):
    start(tmp_path / "town.git", "Valmont", author="laureat", when=WHEN)
    export(open_store(tmp_path / "town.git"), tmp_path / "folder")
    files = {path.name: path.read_text("utf-8") for path in (tmp_path / "folder" / FOLDER).iterdir()}
    assert files == schema_files()
    for name in ("instance.yml", "services.yml"):
        first = (tmp_path / "folder" / name).read_text("utf-8").splitlines()[0]
        assert (tmp_path / "folder" / first.partition("$schema=")[2]).is_file()
