"""`laureat count` and `laureat simulate` on the demonstration town, and on a copy with ballots of its own."""

from __future__ import annotations

import json
import shutil

import pytest

from backoffice.cli.main import main
from participation.counting.ballot_files import write_ballots
from participation.counting.ballots import approval
from participation.counting.reading import read_vote
from participation.store import open_content
from tests.conftest import ROOT

CONTENT = ROOT / "content"


def laureat(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    return code, *capsys.readouterr()


@pytest.fixture
def town(tmp_path):
    """A copy of the demonstration town whose edition of 2021 has ten ballots."""
    copy = tmp_path / "town"
    shutil.copytree(CONTENT, copy)
    folder = copy / "editions" / "2021" / "votes"
    folder.mkdir()
    choices = [["2021-P001"]] * 5 + [["2021-P001", "2021-P009"]] * 3 + [["2021-P777"]] + [["2021-P001"] * 2]
    ids = [f"{number:012x}" for number in range(len(choices))]
    (content,) = write_ballots(map(approval, choices), ids, "2021")
    (folder / "ballots-mairie.csv").write_bytes(content)
    rule = copy / "editions" / "2021" / "rule.yml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("threshold: 150", "threshold: 4"), encoding="utf-8")
    return copy


@pytest.mark.parametrize("edition", ["2021", "2024"])
def test_the_recorded_votes_of_the_town_give_the_recorded_winners(edition):
    from participation.counting.count import count

    vote = read_vote(open_content(CONTENT).snapshot(), edition)
    result = count(vote.rule, vote.contest, vote.box)
    later = {"2024-P021"}  # on the waiting list, called up after another had been abandoned
    assert set(result.winners) == set(vote.recorded) - later
    assert result.undecided == ()


def test_count_tells_why_each_project_won_or_lost(capsys):
    code, out, _err = laureat(capsys, "count", CONTENT, "2024")
    assert code == 0
    assert "13 winners:" in out
    assert "Non retenu malgré 512 voix" in out


def test_count_speaks_english(capsys):
    _code, out, _err = laureat(capsys, "count", CONTENT, "2024", "--lang", "en")
    assert "Not selected" in out
    assert "Non retenu" not in out


def test_count_prints_every_step_for_programs(capsys, town):
    code, out, _err = laureat(capsys, "count", town, "2021", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["result"]["winners"] == ["2021-P001"]
    assert told["result"]["void"] == {"unknown": 1, "repeated": 1}
    assert told["result"]["voters"] == 8
    assert len(told["rule"]) == len(told["projects"]) == 64


def test_simulate_compares_another_rule(capsys, town, tmp_path):
    rule = tmp_path / "other.yml"
    rule.write_text("threshold: 1\nties: [id]\n", encoding="utf-8")
    code, out, _err = laureat(capsys, "simulate", town, "2021", "--rule", rule)
    assert code == 0
    assert "gained  2021-P009" in out
    assert "Ballots with at least one winner: 8, 8, of 8." in out
    _code, out, _err = laureat(capsys, "simulate", town, "2021", "--rule", rule, "--json")
    assert json.loads(out)["comparison"]["gained"] == ["2021-P009"]


@pytest.mark.parametrize(
    ("edition", "rule", "words"),
    [
        ("1999", None, "n’existe pas"),
        ("2027", None, "pas de règle de comptage"),
        ("2021", "threshold: beaucoup\n", "rule.yml:1"),
        ("2021", "ties: [cheapest]\n", "sans vainqueur"),
        ("2021", f"ties: [id]\nfrozen: {{projects: {'0' * 64}}}\n", "depuis l’ouverture du vote"),
    ],
)
def test_what_cannot_be_counted_says_why(capsys, town, edition, rule, words):
    if rule is not None:
        (town / "editions" / edition / "rule.yml").write_text(rule, encoding="utf-8")
    code, _out, err = laureat(capsys, "count", town, edition)
    assert code == 3
    assert words in err


def test_a_tie_that_waits_for_the_draw_ends_with_one(capsys, town):
    rule = town / "editions" / "2021" / "rule.yml"
    rule.write_text("threshold: 0\nrounds: [{id: a, winners: 2}]\nties: [draw]\nseed_source: Loto\n", encoding="utf-8")
    folder = town / "editions" / "2021" / "votes"
    (content,) = write_ballots([approval(["2021-P001"])], ["000000000000"], "2021")
    (folder / "ballots-mairie.csv").write_bytes(content)
    code, out, _err = laureat(capsys, "count", town, "2021")
    assert code == 1
    assert "Undecided, waiting for the draw" in out
