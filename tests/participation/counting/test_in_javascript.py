"""The recount of the site, in JavaScript, against the count in Python: every step, reason and draw, on every file."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
from dataclasses import asdict, replace
from pathlib import Path

from participation.counting.ballots import Box, approval, with_points
from participation.counting.count import count
from participation.counting.model import Candidate, Contest, CountRule, ExclusiveSet, Paper, RoundRule
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


def random_votes(number):
    """Elections of up to twelve projects by equal shares, whose shares are raised; the same at every run."""
    chance = random.Random(61)
    for _again in range(number):
        ids = [f"P{place:02}" for place in range(chance.randrange(2, 13))]
        costs = [chance.choice((chance.randrange(30) * 1000, 10_000, chance.randrange(1, 30_000))) for _id in ids]
        owners = chance.choices(("", "", "club", "ecole"), k=len(ids))
        candidates = {
            id: Candidate(id, cost, id, owner=owner) for id, cost, owner in zip(ids, costs, owners, strict=True)
        }
        kind = chance.choice(("approval", "points"))
        box = Box()
        for _ballot in range(chance.randrange(1, 40)):
            chosen = chance.sample(ids, chance.randrange(1, min(len(ids), 5) + 1))
            one = approval(chosen) if kind == "approval" else with_points((id, chance.randrange(1, 6)) for id in chosen)
            box += Box({one: chance.choice((1, 1, 3))})
        rule = CountRule(
            Paper(kind),
            method="equal_shares",
            satisfaction=chance.choice(("cost", "count")),
            completion=chance.choice(("add1", "add1u")),
            step=chance.choice((13, 100, 1000)),
            raise_to_the_end=chance.random() < 0.3,
            one_win_per_owner=chance.random() < 0.3,
            exclusives=(ExclusiveSet(frozenset(ids[:2])),) if chance.random() < 0.3 else (),
            rounds=(RoundRule(winners=chance.choice((None, None, 3))),),
            ties=("cheapest", "draw"),
            seed="4 17 23",
        )
        yield rule, Contest(chance.randrange(1, 40) * 10_000, candidates), box


def test_raised_shares_come_out_the_same_on_random_elections():
    votes = list(random_votes(300))
    assert sum(count(*vote).groups[0].steps for vote in votes) > 1500
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
