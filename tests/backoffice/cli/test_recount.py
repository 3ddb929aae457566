"""`laureat recount`: a package counts again to the announced result, an altered one says where it differs."""

from __future__ import annotations

import json

import pytest

from backoffice.cli.main import main
from participation.counting.ballots import Box, Totals
from participation.counting.count import count
from participation.counting.model import Candidate, Contest, CountRule
from participation.counting.package import write_package

CONTEST = Contest(1_000_00, {id: Candidate(id, 600_00, f"Projet {id}") for id in ("2026-A", "2026-B")})
BOX = Box({}, (Totals({"2026-A": 4, "2026-B": 7}, {}, 9, {"blank": 2}),))
RULE = CountRule(ties=("id",))


@pytest.fixture
def written(tmp_path):
    """`written(result)` is a package that announces this result."""

    def write(result):
        path = tmp_path / "recompte-2026.zip"
        path.write_bytes(write_package("Valmont", "2026", {}, RULE, CONTEST, {}, BOX, result))
        return str(path)

    return write


def test_the_announced_result_is_found_again(written, capsys):
    assert main(["recount", written(count(RULE, CONTEST, BOX).plain())]) == 0
    said = capsys.readouterr().out.replace("\u00a0", " ")
    assert "9 valid ballots, 2 void (blank 2)" in said
    assert "Retenu avec 7 voix, au rang 1" in said
    assert "The same result as announced, step by step." in said


def test_another_result_says_where_it_differs(written, capsys):
    altered = count(RULE, CONTEST, BOX).plain() | {"spent": 1}
    package = written(altered)
    assert main(["recount", package]) == 1
    assert "First difference: result.spent." in capsys.readouterr().out
    assert main(["recount", package, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["difference"] == "result.spent"


def test_what_is_no_package_is_refused_in_a_sentence(tmp_path, capsys):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8")
    assert main(["recount", str(path)]) != 0
    assert "dossier de recomptage" in capsys.readouterr().err
    assert main(["recount", str(tmp_path / "absent.zip")]) != 0
    assert "Traceback" not in capsys.readouterr().err
