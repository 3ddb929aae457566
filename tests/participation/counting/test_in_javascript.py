"""The recount of the site, in JavaScript, against the count in Python: every step, reason and draw, on every file."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from dataclasses import asdict, replace
from pathlib import Path

from participation.counting.count import count
from participation.counting.package import difference
from participation.counting.plain import plain_contest, plain_rule
from tests.conftest import ROOT, missing
from tests.participation.counting import test_cases, test_package
from tests.participation.counting.test_real_files import own_rule

PROGRAM = Path(__file__).with_name("recount.mjs")
SEEDED = {"ties": ("cheapest", "draw"), "seed": "4 17 23 é \U0001f3b2"}


def node():
    """The machine's Node.js, or the one that set-up installs."""
    own = ROOT / ".venv" / "bin" / "node"
    found = str(own) if own.is_file() else shutil.which("node")
    if found is None:
        missing("no Node.js on this machine")
    return found


def counted(votes):
    """The results of (rule, contest, box) by the JavaScript, all in one process."""
    lines = []
    for rule, contest, box in votes:
        ballots = [[*ballot, times] for ballot, times in box.ballots.items()]
        totals = [asdict(one) for one in box.totals]
        plain = {"rule": plain_rule(rule), "contest": plain_contest(contest), "ballots": ballots, "totals": totals}
        lines.append(json.dumps(plain))
    return run(lines)


def run(lines):
    made = subprocess.run([node(), PROGRAM], input="\n".join(lines).encode(), capture_output=True, check=True)
    return json.loads(made.stdout)


def differing(votes):
    """Where the two counts differ: place of the vote, path of the first difference."""
    ours = [json.loads(json.dumps(count(*vote).plain())) for vote in votes]
    pairs = enumerate(zip(ours, counted(votes), strict=True))
    return {place: found for place, (one, other) in pairs if (found := difference(one, other))}


def test_every_case_counted_by_hand_comes_out_the_same():
    votes = []
    for parameter in test_cases.CASES:
        (case,) = parameter.values
        rule = test_cases.rule(case)
        votes.append((rule, test_cases.contest(case), test_cases.box(case, rule.paper.kind)))
    assert len(votes) > 30
    assert differing(votes) == {}


def test_every_real_file_comes_out_the_same_by_its_own_rule_and_by_others(expected, votes):
    made = {}
    for name in expected:
        vote = votes(name)
        rules = {
            "own": own_rule(name, vote),
            "shares": replace(vote.rule, method="equal_shares", completion="utilitarian", comparison=True, **SEEDED),
            "value": replace(vote.rule, method="greedy", order="value", fit="part", **SEEDED),
        }
        made |= {f"{name} {words}": (rule, vote.contest, vote.box) for words, rule in rules.items()}
    assert len(made) == 3 * 61
    found = differing(list(made.values()))
    assert {list(made)[place]: path for place, path in found.items()} == {}


def test_a_package_is_read_and_counted_the_same():
    package = test_package.package()
    (found,) = run([json.dumps({"package": base64.b64encode(package).decode()})])
    assert (found["difference"], found["changed"]) == ("", [])
    assert found["result"]["winners"] == list(count(test_package.RULE, test_package.CONTEST, test_package.BOX).winners)


def test_a_package_whose_file_was_changed_says_which():
    package = test_package.package().replace(b'"title": "A"', b'"title": "Z"')
    (found,) = run([json.dumps({"package": base64.b64encode(package).decode()})])
    assert found["changed"] == ["projects.json"]
