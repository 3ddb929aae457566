"""Rules as files: templates, contradictions with their field, what is frozen when the vote opens."""

from __future__ import annotations

import pytest

from participation.checks import check_record
from participation.counting.ballots import Box, approval, recognisable
from participation.counting.contest import contest_of, fingerprint, rule_of
from participation.counting.model import CountRule, RoundRule
from participation.counting.templates import TEMPLATES, template
from participation.problems import Severity
from participation.records import Edition, Project, Rule
from participation.yamltext.reader import read_file

PATH = "editions/2024/rule.yml"


def read(text):
    reading = read_file(text.encode(), PATH)
    return reading.records[0], reading.problems


def told(text):
    record, problems = read(text)
    assert problems == []
    return check_record(record, lambda *_asked: True)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_a_rule_without_a_fault(name):
    assert told(template(name)) == []
    assert rule_of(read(template(name))[0]).rounds


def test_an_unknown_template_is_none():
    with pytest.raises(KeyError):
        template("../rule")


def test_a_rule_that_says_nothing_counts_in_the_order_of_votes():
    assert rule_of(Rule({}, id="2024-rule")) == CountRule()


def test_amounts_become_hundredths():
    rule = rule_of(Rule({"cost_cap": "45000.50", "rounds": [{"id": "a", "money": "each", "amount": "10"}]}))
    assert (rule.cost_cap, rule.rounds[0].amount, rule.step) == (4_500_050, 1000, 100)


@pytest.mark.parametrize(
    ("text", "field", "words", "severity"),
    [
        ("ballot: {minimum: 4, maximum: 3}", "ballot.minimum", "dépasse", "error"),
        ("ballot: {kind: points, points_least: 9, points_most: 7}", "ballot.points_least", "dépasse", "error"),
        ("ballot: {kind: approval, points_each: 3}", "ballot.points_each", "n’emploie pas", "warning"),
        ("order: points", "order", "pas de points", "warning"),
        ("completion: add1", "completion", "parts égales", "warning"),
        ("method: equal_shares\ncompletion: add1\nstep: 0", "step", "nulle", "error"),
        ("part_minimum: 80", "part_minimum", "en partie", "warning"),
        ("rounds: [{id: a}, {id: a}]", "rounds.2.id", "même repère", "error"),
        ("rounds: [{id: a, money: each}]", "rounds.1.amount", "demande un chiffre", "error"),
        ("rounds: [{id: a, amount: 5}]", "rounds.1.amount", "ne dépend pas", "warning"),
        ("rounds: [{id: a, by: zone, among: unzoned}]", "rounds.1.among", "aucun quartier", "error"),
        ("rounds: [{id: a, voters: zone}]", "rounds.1.voters", "quartier par quartier", "error"),
        ("ties: [cheapest]", "ties", "sans vainqueur", "error"),
        ("ties: [id, cheapest]", "ties", "ne sert jamais", "warning"),
        ("ties: [draw]", "seed_source", "graine", "warning"),
        ("exclusives: [{projects: [2024-P1]}]", "exclusives.1.projects", "deux projets", "error"),
        ("threshold_share: 5\nthreshold_on: points\nballot: {kind: points}", "threshold_share", "en voix", "error"),
        ("clauses: [{key: rounds.x.winners}]", "clauses.1.key", "pas de clé", "warning"),
        ("clauses: [{key: seuil}]", "clauses.1.key", "pas de clé", "warning"),
    ],
)
def test_a_contradiction_is_told_with_its_field(text, field, words, severity):
    text = text if "ties" in text else f"{text}\nties: [id]"
    (problem,) = told(text)
    assert (problem.field, problem.severity) == (field, Severity(severity))
    assert words in problem.message
    assert problem.file == PATH


def test_two_decisions_on_one_project_are_told():
    row = "{project: 2024-P1, decision: win, reason: x}"
    (problem,) = told(f"ties: [id]\ndecisions: [{row}, {row}]")
    assert problem.field == "decisions.2.project"


def test_a_project_kept_by_hand_asks_for_a_decision_on_those_that_cannot_exist_with_it():
    exclusive = "ties: [id]\nexclusives: [{projects: [2024-P1, 2024-P2]}]"
    win = "{project: 2024-P1, decision: win, reason: x}"
    (problem,) = told(f"{exclusive}\ndecisions: [{win}]")
    assert (problem.field, problem.severity) == ("exclusives.1.projects", Severity.ERROR)
    assert told(f"{exclusive}\ndecisions: [{win}, {{project: 2024-P2, decision: lose, reason: x}}]") == []


@pytest.mark.parametrize("key", ["threshold", "ballot.maximum", "rounds.cantons.winners", "exclusives", "rounds"])
def test_a_clause_of_the_adopted_text_names_a_key(key):
    assert told(f"ties: [id]\nrounds: [{{id: cantons}}]\nclauses: [{{key: {key}, article: Article 4}}]") == []


def test_a_frozen_rule_may_learn_the_seed_and_nothing_else():
    record, _problems = read("threshold: 50\nties: [draw]\nseed_source: le Loto\n")
    frozen = f"frozen: {{date: 2024-11-01, rule: {record.fingerprint()}}}\n"
    assert told(f"threshold: 50\nties: [draw]\nseed_source: le Loto\nseed: 4 17 23\n{frozen}") == []
    changed = f"threshold: 40\nties: [draw]\nseed_source: le Loto\n{frozen}"
    (problem,) = told(changed)
    assert problem.field == "frozen.rule"
    assert told(f"{changed}corrections: [{{date: 2024-11-03, reason: Erreur de saisie.}}]\n") == []


def test_the_ballot_list_has_a_fingerprint_of_its_own():
    edition = Edition({"budget": "1000"}, id="2024")
    project = Project({"title": "Un banc", "cost": "400"}, id="2024-P1")
    first, second, third = (
        fingerprint(contest_of(edition, [one])[0])
        for one in (project, project.with_data({"title": "Des bancs"}), project.with_data({"cost": "401"}))
    )
    assert first == second != third


def test_what_keeps_an_edition_from_being_counted_is_told():
    edition = Edition({"envelopes": []}, id="2024", path="editions/2024/edition.yml")
    _contest, problems = contest_of(edition, [Project({"title": "Un banc"}, id="2024-P1", path="p.yml")])
    assert [(problem.file, problem.field) for problem in problems] == [
        ("p.yml", "cost"),
        ("editions/2024/edition.yml", "budget"),
    ]


def test_envelopes_come_in_their_order_and_beyond_the_budget_are_told():
    rows = [{"zone": "sud", "amount": "60"}, {"zone": "nord", "amount": "60"}, {"amount": "10"}]
    edition = Edition({"budget": "100", "envelopes": rows}, id="2024")
    contest, problems = contest_of(edition, [Project({"cost": "1", "zone": "est"}, id="2024-P1")])
    assert contest.zones == ("sud", "nord", "est")
    assert [problem.severity for problem in problems] == [Severity.WARNING]


def test_a_rule_says_what_ballots_must_tell_besides_their_choices():
    rounds = (RoundRule("a", by="zone", voters="zone"), RoundRule("b"), RoundRule("c", voters="youth"))
    assert CountRule(rounds=rounds).dimensions == {"zone", "youth"}
    assert CountRule().dimensions == frozenset()


def test_a_group_of_few_ballots_may_tell_who_chose_what():
    box = Box({approval(["P1"], zone="dax"): 12, approval(["P1"], zone="dax", youth=True): 2, approval(["P2"]): 9})
    assert recognisable(box, 10) == {("", False): 9, ("dax", True): 2}
