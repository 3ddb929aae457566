"""The cases counted by hand in tests/cases: each gives the winners, reasons, rest and sentences that it says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from participation.counting.ballots import Ballot, Box, Totals, approval, with_points
from participation.counting.contest import contest_of, rule_of
from participation.counting.count import count
from participation.counting.trace import REASONS
from participation.counting.words import SENTENCES, Voice, sentence
from participation.problems import errors
from participation.records import Edition, Project
from participation.yamltext.reader import read_file

FOLDER = Path(__file__).resolve().parents[2] / "cases"
KEYS = {
    *("cas", "calcul", "regle", "budget", "enveloppes", "projets", "bulletins", "bulletins_valables"),
    *("laureats", "non_retenus", "reste", "nuls", "votants", "a_tirer", "augmentations", "phrases"),
}
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['cas']}")
    for path in sorted(FOLDER.glob("*.yml"))
    for case in yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
]


def contest(case):
    """The contest of a case, made from records as a content has them."""
    envelopes = [{"zone": zone, "amount": amount} for zone, amount in case.get("enveloppes", {}).items()]
    edition = Edition({"budget": case["budget"], "envelopes": envelopes}, id="2024")
    projects = []
    for id, one in case["projets"].items():
        owner = {"organisation": one.get("porteur", ""), "kind": one.get("sorte", "")}
        data = {"cost": one["cout"], "zone": one.get("quartier", ""), "theme": one.get("theme", ""), "owner": owner}
        projects.append(Project({"title": id, **data}, id=id))
    made, problems = contest_of(edition, projects)
    assert errors(problems) == []
    return made


def rule(case):
    """The rule of a case, read as a file is."""
    text = yaml.safe_dump(case["regle"], allow_unicode=True).replace("'", "")
    reading = read_file(text.encode(), "editions/2024/rule.yml")
    assert [str(problem) for problem in reading.problems] == []
    return rule_of(reading.records[0])


def box(case, kind):
    """The ballots of a case, or the totals that it gives."""
    if "bulletins" not in case:
        votes = {id: int(one.get("voix", 0)) for id, one in case["projets"].items()}
        points = {id: int(one.get("points", 0)) for id, one in case["projets"].items()}
        return Box({}, (Totals(votes, points, int(case.get("bulletins_valables", sum(votes.values())))),))
    found = {}
    for row in case["bulletins"]:
        choices, zone, void = row["choix"].split(), row.get("quartier", ""), row.get("nul", "")
        if kind == "ranking":
            ballot = Ballot(tuple(choices), (), zone, False, void)
        elif kind == "points":
            ballot = with_points(zip(choices, map(int, row["points"].split()), strict=True), zone=zone, void=void)
        else:
            ballot = approval(choices, zone=zone, void=void)
        found[ballot] = int(row["fois"])
    return Box(found)


@pytest.mark.parametrize("case", CASES)
def test_a_case_counted_by_hand_comes_out_as_it_says(case):
    assert case.keys() <= KEYS
    its_rule, its_contest = rule(case), contest(case)
    result = count(its_rule, its_contest, box(case, its_rule.paper.kind))
    assert list(result.winners) == case["laureats"]
    assert {id: step.reason for id, step in result.decided.items() if id not in result.winners} == case["non_retenus"]
    assert result.left == int(case["reste"]) * 100
    assert {code: str(n) for code, n in result.void.items()} == case.get("nuls", {})
    assert [list(tie.projects) for tie in result.undecided] == case.get("a_tirer", [])
    if "votants" in case:
        assert result.voters == int(case["votants"])
    if "augmentations" in case:
        assert result.groups[0].steps == int(case["augmentations"])
    voice = Voice(its_contest, its_rule)
    for id, words in case.get("phrases", {}).items():
        plain = sentence(result.decided[id], voice).replace("\u00a0", " ").replace("\u202f", " ")
        assert plain == words


def test_every_reason_has_its_sentence():
    assert set(REASONS) <= set(SENTENCES)
