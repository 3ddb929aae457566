"""`laureat build` and `laureat publish` make the open data when they are asked to."""

from __future__ import annotations

import pytest

from backoffice.cli import main
from tests.backoffice.town import make_repository


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return make_repository(tmp_path_factory.mktemp("derived") / "content.git")


def test_a_build_makes_the_open_data_unless_told_otherwise(repository, tmp_path, capsys):
    out = tmp_path / "site"
    main(["build", str(repository), "--out", str(out), "--processes", "1", "--no-data"])
    assert [path.name for path in (out / "donnees").iterdir()] == ["index.html"]
    main(["build", str(repository), "--out", str(out), "--processes", "1"])
    assert (out / "donnees" / "projets.csv").is_file()
    assert "files of open data made" in capsys.readouterr().out
    main(["build", str(repository), "--out", str(out), "--processes", "1"])
    assert "files of open data made" not in capsys.readouterr().out


def test_a_publication_makes_derived_files_when_asked(repository, tmp_path):
    site = tmp_path / "public"
    main(["publish", str(repository), "--site", str(site)])
    assert [path.name for path in (site / "current" / "donnees").iterdir()] == ["index.html"]
    main(["publish", str(repository), "--site", str(site), "--derived"])
    assert (site / "current" / "donnees" / "projets.xlsx").is_file()
    assert (site / "current" / "recherche" / "index" / "groupes.json").is_file()
