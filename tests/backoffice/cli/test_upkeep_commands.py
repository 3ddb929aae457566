"""`laureat check`, `fmt`, `schema` and `migrate`, on a folder and on a bare repository."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import stat
from pathlib import Path

import pytest

from backoffice.cli.main import main
from participation import migrations
from participation.migrations import Migration
from participation.records import TYPES
from participation.store import open_store
from participation.store.git import MAIN, GitRepo
from participation.store.objects import EMPTY_TREE

ROOT = Path(__file__).resolve().parents[3]
PROJECT = "editions/2021/projects/2021-P001.yml"
TOWN = {
    "instance.yml": b"schema: 1\ntitle: Budget participatif\nname: Valmont\n",
    "services.yml": b"- id: voirie\n  title: Voirie\n",
    "editions/2021/edition.yml": "title: Édition 2021\n".encode(),
    PROJECT: b"title: Un jardin\nservice: voirie\n",
}
FAULTY = {
    "services.yml": b"- id: voirie\n  title: Voirie\n- id: parcs\n  title: Parcs\n  note: Voir a@b.fr\n",
    PROJECT: b"# comment\ntitle: Un jardin\n\nzone: nord\ncolour: vert\nvotes: beaucoup\n",
    "projets/2021-P002.yml": b"title: x\n",
}
ODD = {PROJECT: b'# why\ntitle:   "Un jardin"\nservice: voirie   # roads\n'}


@pytest.fixture
def folder(tmp_path):
    """A function that lays the town, with these files besides, into a folder."""

    def lay(files=()):
        for path, content in {**TOWN, **dict(files)}.items():
            file = tmp_path / "town" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return tmp_path / "town"

    return lay


@pytest.fixture
def repository(tmp_path):
    """A function that commits the town, with these files besides, to a bare repository."""

    def commit(files=()):
        with GitRepo.init_bare(tmp_path / "town.git") as repo:
            tree, new = repo.build(EMPTY_TREE, {**TOWN, **dict(files)})
            when = dt.datetime(2024, 5, 12, tzinfo=dt.UTC)
            repo.compare_and_swap(MAIN, repo.write_commit(tree, new, [], "Début", "laureat", when), None)
        return tmp_path / "town.git"

    return commit


@pytest.fixture(params=["folder", "repository"])
def content(request):
    """The town in both of its forms."""
    return request.getfixturevalue(request.param)


# --------------------------------------------------------------------------------------------------- check


def test_a_sound_content_passes(content, capsys):
    assert main(["check", str(content())]) == 0
    assert capsys.readouterr().out == "4 records, 0 errors, 0 warnings.\n"


def test_every_problem_is_told_with_its_file_and_line(content, capsys):
    assert main(["check", "--json", str(content(FAULTY))]) == 1
    problems = json.loads(capsys.readouterr().out)
    assert [(one["severity"], one["file"], one["line"], one["field"]) for one in problems] == [
        ("error", PROJECT, 4, "zone"),
        ("warning", PROJECT, 5, "colour"),
        ("error", PROJECT, 6, "votes"),
        ("warning", "projets/2021-P002.yml", None, ""),
        ("warning", "services.yml", 5, "parcs.note"),
    ]


def test_problems_are_words_for_people_and_a_summary(folder, capsys):
    assert main(["check", str(folder(FAULTY))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == (
        f"warning: {PROJECT}:5\u00a0: colour\u00a0: La clé «\u00a0colour\u00a0» est inconnue. "
        "(Elle est gardée dans le fichier et jamais publiée.)"
    )
    assert lines[-1] == "5 records, 2 errors, 3 warnings."


def test_a_file_that_cannot_be_read_does_not_make_its_neighbours_faulty(folder, capsys):
    faulty = {
        "zones.geojson": b"{",
        "editions/2021/edition.yml": b"title: [\n",
        PROJECT: b"title: Un jardin\nzone: nord\ntheme: nature\n",
    }
    assert main(["check", "--json", str(folder(faulty))]) == 1
    assert [one["file"] for one in json.loads(capsys.readouterr().out)] == [
        "editions/2021/edition.yml",
        "zones.geojson",
    ]


def test_zones_have_lines_too(folder, capsys):
    zones = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"id": id, "title": id, "description": text}, "geometry": None}
            for id, text in (("nord", "x"), ("sud", "06 12 34 56 78"))
        ],
    }
    assert main(["check", "--json", str(folder({"zones.geojson": json.dumps(zones, indent=1).encode()}))]) == 0
    (problem,) = json.loads(capsys.readouterr().out)
    assert (problem["field"], problem["line"]) == ("sud.description", 13)


def test_an_older_version_of_the_content_can_be_checked(repository, capsys):
    town = repository(FAULTY)
    store = open_store(town)
    first = store.head()
    store.trash("2021-P001", author="agent-1", when=dt.datetime(2024, 5, 13, tzinfo=dt.UTC))
    assert main(["check", str(town)]) == 0
    assert main(["check", str(town), "--rev", first]) == 1


def test_the_demonstration_town_is_sound(capsys):
    assert main(["check", str(ROOT / "content")]) == 0
    assert " 0 errors, 0 warnings." in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "fmt", "migrate", "schema"])
def test_what_is_no_content_is_refused(command, tmp_path, capsys):
    assert main([command, str(tmp_path)]) == 1
    assert "n’est pas un dépôt de contenus" in capsys.readouterr().err


# ----------------------------------------------------------------------------------------------------- fmt

SHAPED = b"# why\ntitle: Un jardin\nservice: voirie   # roads\n"


def test_a_check_of_the_style_lists_the_files_and_changes_nothing(content, capsys):
    town = content(ODD)
    assert main(["fmt", "--check", str(town)]) == 1
    assert capsys.readouterr().out == f"{PROJECT}\n"
    assert main(["fmt", "--check", str(town)]) == 1


def test_files_of_a_folder_are_rewritten(folder, capsys):
    town = folder(ODD)
    (town / PROJECT).chmod(0o640)
    assert main(["fmt", str(town)]) == 0
    assert (town / PROJECT).read_bytes() == SHAPED
    assert stat.S_IMODE((town / PROJECT).stat().st_mode) == 0o640
    assert sorted(file.name for file in (town / PROJECT).parent.iterdir()) == ["2021-P001.yml"]
    capsys.readouterr()
    assert main(["fmt", "--check", str(town)]) == 0
    assert capsys.readouterr().out == ""


def test_a_repository_is_restyled_in_one_commit(repository):
    town = repository(ODD)
    before = open_store(town).head()
    assert main(["fmt", str(town)]) == 0
    store = open_store(town)
    with store.repo() as repo:
        assert [entry.commit for entry in repo.log(store.head())][1:] == [before]
    assert dict(store.snapshot().contents([PROJECT]))[PROJECT] == SHAPED
    assert main(["fmt", "--check", str(town)]) == 0
    head = store.head()
    assert main(["fmt", str(town)]) == 0
    assert open_store(town).head() == head


def test_what_cannot_be_read_is_named_and_left_alone(folder, capsys):
    town = folder({**ODD, "pages/a.yml": b"title: &x y\n"})
    assert main(["fmt", str(town)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "pages/a.yml: cannot be read (laureat check says why)",
        PROJECT,
    ]
    assert (town / "pages/a.yml").read_bytes() == b"title: &x y\n"
    assert (town / PROJECT).read_bytes() == SHAPED


def test_the_demonstration_town_is_in_canonical_style(capsys):
    assert main(["fmt", "--check", str(ROOT / "content")]) == 0
    assert capsys.readouterr().out == ""


# -------------------------------------------------------------------------------------------------- schema


def test_schemas_are_written_into_the_content_and_nothing_twice(folder, capsys):
    town = folder()
    assert main(["schema", str(town)]) == 0
    files = sorted((town / ".schema").iterdir())
    assert [file.name for file in files] == sorted(f"{name}.schema.json" for name in TYPES)
    times = [file.stat().st_mtime_ns for file in files]
    assert main(["schema", str(town)]) == 0
    assert [file.stat().st_mtime_ns for file in files] == times
    assert main(["check", str(town)]) == 0
    assert capsys.readouterr().out.endswith("4 records, 0 errors, 0 warnings.\n")


def test_schemas_may_be_written_elsewhere(repository, tmp_path, capsys):
    assert main(["schema", "--out", str(tmp_path / "a" / "b")]) == 0
    assert len(list((tmp_path / "a" / "b").iterdir())) == len(TYPES)
    assert main(["schema", str(repository())]) == 1
    assert "--out DIR" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------- migrate


def test_a_content_of_this_version_is_left_alone(repository, capsys):
    town = repository()
    head = open_store(town).head()
    assert main(["migrate", str(town)]) == 0
    assert capsys.readouterr().out == "Nothing to do: the content is at version 1.\n"
    assert open_store(town).head() == head


@pytest.fixture
def second_version(monkeypatch):
    """The code as it will be after one change of the format."""

    def words(path, text):
        return text.replace("Un jardin", "Un verger") if "/projects/" in path else None

    monkeypatch.setattr(migrations, "SCHEMA", 2)
    monkeypatch.setattr(migrations, "MIGRATIONS", (Migration(2, "Les jardins deviennent des vergers.", words),))


@pytest.mark.usefixtures("second_version")
def test_a_migration_is_one_commit_and_a_dry_run_lists_its_files(repository, capsys):
    town = repository()
    store = open_store(town)
    before = store.head()
    assert main(["migrate", "--dry-run", str(town)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 -> 2: Les jardins deviennent des vergers.",
        f"  {PROJECT}",
        "  instance.yml",
        "2 files would change, from version 1 to 2.",
    ]
    assert store.head() == before
    assert main(["migrate", str(town)]) == 0
    assert capsys.readouterr().out.endswith("2 files changed, from version 1 to 2, in one commit.\n")
    after = open_store(town).snapshot()
    assert (after.instance.schema, after.get("2021-P001").title) == (2, "Un verger")
    with store.repo() as repo:
        assert [entry.commit for entry in repo.log(after.commit)][1:] == [before]
    assert main(["migrate", str(town)]) == 0
    assert capsys.readouterr().out == "Nothing to do: the content is at version 2.\n"


@pytest.mark.usefixtures("second_version")
def test_a_content_of_an_older_version_is_an_error_that_says_what_to_do(repository, capsys):
    assert main(["check", str(repository())]) == 1
    assert "laureat migrate" in capsys.readouterr().out


def test_a_content_of_a_later_version_is_refused(repository, capsys):
    town = repository({"instance.yml": b"schema: 2\ntitle: x\nname: y\n"})
    assert main(["migrate", str(town)]) == 1
    assert "plus récent" in capsys.readouterr().err


def test_a_folder_is_read_only_for_a_migration(folder, capsys):
    town = folder()
    assert main(["migrate", str(town)]) == 1
    assert "simple dossier" in capsys.readouterr().err
    shutil.rmtree(town)
