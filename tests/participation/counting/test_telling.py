"""A rule told back: one sentence for each thing that it decides, and the fingerprints that keep it."""

from __future__ import annotations

import pytest

from participation.checks.rules import check_rule
from participation.counting.contest import rule_of
from participation.counting.model import Contest
from participation.counting.reading import rule_from
from participation.counting.telling import rule_told
from participation.counting.templates import TEMPLATES, template
from participation.counting.words import Voice
from participation.records import Rule


def told(text: str) -> dict[str, str]:
    record = rule_from(text.encode(), "2026", "rule.yml")
    return {one.key: one.words for one in rule_told(Voice(Contest(100, {}), rule_of(record)))}


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_template_is_told_in_sentences_that_name_its_keys(name):
    found = told(template(name))
    assert {"ballot.kind", "method", "fit", "ties"} <= found.keys()
    assert all(words.endswith(".") and "%" not in words.replace("\u00a0%", "") for words in found.values())


def test_a_department_says_its_floors_and_its_tenth_for_the_young():
    found = told(template("department"))
    assert "un lauréat au plus par groupe" in found["rounds.jeunes_canton"]
    assert "2 lauréats au plus par groupe, les lauréats des tours précédents comptent" in found["rounds.cantons"]
    assert "avec 10\u00a0% du budget" in found["rounds.jeunes"]


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("ballot: {kind: points, points_most: 5, points_each: 3}", "ballot.points_each", "3 au plus à un même projet"),
        ("ballot: {kind: ranking, maximum: 4}", "ballot.first_points", "vaut 4 points"),
        ("ballot: {kind: budget, budget: 90000}", "ballot.budget", "plus de 90\u202f000\u00a0€"),
        ("method: equal_shares\ncompletion: add1", "completion", "augmentées"),
        ("fit: part\npart_minimum: 50", "fit", "50\u00a0% de son coût"),
        ("threshold: 100", "threshold", "au moins 100 voix"),
        ("method: equal_shares\ncompletion: add1\nraise_to_the_end: true", "raise_to_the_end", "plus aucun projet"),
        ("method: equal_shares\ncompletion: utilitarian\nfit: stop", "fit", "on s’arrête"),
        ("rounds: [{id: a, fit: stop}]", "rounds.a", "on s’arrête au premier projet trop cher"),
        ("ballot: {minimum: 3, maximum: 3}", "ballot.maximum", "exactement 3"),
    ],
)
def test_what_a_rule_asks_is_said(text, key, words):
    assert words in told(text)[key]


def frozen(**more) -> Rule:
    rule = Rule({"threshold": 100}, id="2026-rule")
    kept = {"date": "2026-06-01", "rule": rule.fingerprint(), "projects": "a" * 64}
    return Rule({"threshold": 100, "frozen": kept} | more, id="2026-rule")


def faults(rule: Rule) -> list[str]:
    return [one.field for one in check_rule(rule) if one.severity.name == "ERROR"]


def test_a_correction_allows_the_state_that_it_led_to_and_no_later_one():
    assert faults(frozen()) == []
    assert faults(frozen(threshold=50)) == ["frozen.rule"]
    lower = Rule({"threshold": 50}).fingerprint()
    correction = {"date": "2026-06-03", "reason": "Erreur de copie.", "rule": lower}
    assert faults(frozen(threshold=50, corrections=[correction])) == []
    assert faults(frozen(threshold=10, corrections=[correction])) == ["frozen.rule"]


def test_a_correction_of_the_list_leaves_the_rule_as_frozen():
    correction = {"date": "2026-06-03", "reason": "Coût corrigé.", "projects": "b" * 64}
    rule = frozen(corrections=[correction])
    assert rule.settled_fingerprint("projects") == "b" * 64
    assert rule.settled_fingerprint("rule") == rule.fingerprint()
