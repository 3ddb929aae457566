"""`laureat import`: a dry run writes nothing, an import is one commit, the exit code tells."""

from __future__ import annotations

import datetime as dt

import pytest

from backoffice.cli import main
from participation.store import open_store
from participation.store.git import EMPTY_TREE, MAIN, GitRepo

MAPPING = 'type: project\nid: "2024-P{n}"\nfields:\n  title: titre\n  cost: coût\n'
WHEN = dt.datetime(2025, 11, 21, tzinfo=dt.UTC)


@pytest.fixture
def town(tmp_path):
    path = tmp_path / "town.git"
    with GitRepo.init_bare(path) as repo:
        tree, new = repo.build(EMPTY_TREE, {"instance.yml": b"schema: 1\ntitle: Budget participatif\nname: Valmont\n"})
        repo.compare_and_swap(MAIN, repo.write_commit(tree, new, [], "Début", "laureat", WHEN), None)
    return path


@pytest.fixture
def given(tmp_path):
    """`given(name, text)` writes a file and gives its path as text."""

    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def commits(town):
    with GitRepo(town) as repo:
        return len(repo.log(repo.resolve(MAIN)))


def test_a_dry_run_reports_and_writes_nothing(town, given, capsys):
    files = ["import", "table", given("t.csv", "n;titre;coût\n1;Un banc;500\n"), "--mapping", given("m.yml", MAPPING)]
    assert main([*files, str(town), "--dry-run"]) == 0
    assert "2024-P1  Un banc" in capsys.readouterr().out
    assert commits(town) == 1


def test_an_import_is_one_commit_and_a_second_one_none(town, given, capsys):
    files = ["import", "table", given("t.csv", "n;titre;coût\n1;Un banc;500\n"), "--mapping", given("m.yml", MAPPING)]
    assert main([*files, str(town)]) == 0
    assert commits(town) == 2
    assert main([*files, str(town)]) == 0
    assert "Rien à écrire." in capsys.readouterr().out
    assert commits(town) == 2


def test_changed_fields_are_listed_with_both_values(town, given, capsys):
    mapping = given("m.yml", MAPPING)
    main(["import", "table", given("t.csv", "n;titre;coût\n1;Un banc;500\n"), "--mapping", mapping, str(town)])
    main(["import", "table", given("t.csv", "n;titre;coût\n1;Un banc;800\n"), "--mapping", mapping, str(town)])
    assert "Coût mis au vote\u00a0: 500\u00a0€ → 800\u00a0€" in capsys.readouterr().out


def test_a_record_in_error_stays_out_and_the_exit_code_tells(town, given, capsys):
    table = given("t.csv", "n;titre;coût\n1;Un banc;cher\n2;Un arbre;5\n")
    assert main(["import", "table", table, "--mapping", given("m.yml", MAPPING), str(town)]) == 1
    assert "t.csv:2" in capsys.readouterr().out
    assert open_store(town).snapshot().get("2024-P2") is not None


@pytest.mark.parametrize(
    ("table", "mapping", "words"),
    [
        ("", MAPPING, "vide"),
        ("n;titre\n1;Un banc\n", MAPPING, "coût"),
        ("n;titre;coût\n1;Un banc;5\n", "type: rien\n", "m.yml:1"),
    ],
)
def test_a_file_or_mapping_that_cannot_be_used_writes_nothing(town, given, capsys, table, mapping, words):
    assert main(["import", "table", given("t.csv", table), "--mapping", given("m.yml", mapping), str(town)]) == 3
    captured = capsys.readouterr()
    assert words in captured.err
    assert "Traceback" not in captured.err
    assert commits(town) == 1


def test_a_folder_can_be_compared_with_but_not_written_to(tmp_path, given, capsys):
    given("instance.yml", "schema: 1\ntitle: Budget participatif\nname: Valmont\n")
    files = ["import", "table", given("t.csv", "n;titre;coût\n1;Un banc;5\n"), "--mapping", given("m.yml", MAPPING)]
    assert main([*files, str(tmp_path), "--dry-run"]) == 0
    assert main([*files, str(tmp_path)]) == 1
    assert "simple dossier" in capsys.readouterr().err


def test_several_pabulib_files_make_one_edition(town, given):
    text = (
        "META\nkey;value\nunit;V\n{}num_votes;5\nbudget;{}\ncurrency;EUR\n"
        "PROJECTS\nproject_id;cost;name;district\n1;5;Un banc;3 - Nord\n"
    )
    files = [given("v.pb", text.format("", "9")), given("n.pb", text.format("subunit;3 - Nord\n", "9"))]
    assert main(["import", "pabulib", *files, str(town), "--edition", "2024"]) == 0
    assert open_store(town).snapshot().get("2024-3-P1").data["title"] == "Un banc"


def test_events_come_from_a_calendar(town, given):
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Fête\nDTSTART:20240512T183000\nEND:VEVENT\nEND:VCALENDAR\n"
    assert main(["import", "events", given("a.ics", text), str(town), "--kind", "festival"]) == 0
    assert open_store(town).snapshot().get("2024-E001").data["kind"] == "festival"


def test_a_missing_file_is_told_in_words(town, given, capsys):
    assert main(["import", "events", "/nowhere/a.ics", str(town)]) == 1
    assert "/nowhere/a.ics" in capsys.readouterr().err
