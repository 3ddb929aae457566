"""`laureat init`, `export` and `doctor`, from the command line to the disk."""

from __future__ import annotations

import os

from backoffice.cli.main import main
from participation.store import open_content, open_store


def test_a_town_is_made_exported_and_examined(tmp_path, capsys):
    town = tmp_path / "town.git"
    assert main(["init", str(town), "--name", "Valmont"]) == 0
    assert open_store(town).snapshot().instance.data["title"] == "Valmont"
    assert main(["export", str(town), str(tmp_path / "out")]) == 0
    files = [file for file in (tmp_path / "out").rglob("*") if file.is_file()]
    assert f" {len(files)} files" in capsys.readouterr().out
    assert open_content(tmp_path / "out").snapshot().instance.data["title"] == "Valmont"
    assert main(["doctor", str(town)]) == 0
    assert capsys.readouterr().out == "All is well.\n"


def test_what_exists_is_refused_with_words_and_a_code(tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    assert main(["init", str(tmp_path / "full"), "--name", "Valmont"]) == 1
    assert "existe déjà" in capsys.readouterr().err
    assert main(["doctor", str(tmp_path / "full")]) == 1
    assert main(["export", str(tmp_path / "full"), str(tmp_path / "out")]) == 1


def test_nothing_published_is_nothing_to_export(tmp_path, capsys):
    main(["init", str(tmp_path / "town.git"), "--name", "Valmont"])
    assert main(["export", str(tmp_path / "town.git"), str(tmp_path / "out"), "--published"]) == 1
    assert not (tmp_path / "out").exists()


def test_the_doctor_says_what_can_be_mended_and_mends_it(tmp_path, capsys):
    town = tmp_path / "town.git"
    main(["init", str(town), "--name", "Valmont"])
    store = open_store(town)
    list(store.snapshot())
    store.cache.path.write_bytes(b"rubbish" * 1000)
    (town / "index.lock").touch()
    os.utime(town / "index.lock", (1_700_000_000, 1_700_000_000))
    main(["doctor", str(town)])
    assert capsys.readouterr().out.count("can be mended with --repair") == 2
    assert main(["doctor", str(town), "--repair"]) == 0
    assert capsys.readouterr().out.count("[mended]") == 2
    assert main(["doctor", str(town)]) == 0
    assert "All is well." in capsys.readouterr().out
