"""The 61 real Pabulib files: totals, the order of votes, equal shares and official results, as others have them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from participation.counting.contest import contest_of
from participation.counting.count import count
from participation.counting.model import ExclusiveSet, Paper, RoundRule
from participation.counting.pabulib import ballots_for
from participation.counting.trace import WINNING
from participation.importing.applying import apply
from participation.importing.pabulib import plan_pabulib
from participation.records import Project
from participation.store import open_store
from participation.store.git import EMPTY_TREE, MAIN, GitRepo

FILES = 61
WHEN = dt.datetime(2025, 11, 21, 10, 0, tzinfo=dt.UTC)
BEMOWO = "Poland_Warszawa_2022_Bemowo.pb"
VESZPREM = "Hungary_Veszprem_2025.pb"
TIED = {
    # Their count put equal projects in the order of the file, ours in that of their identifiers as text.
    "France_Toulouse_2022.pb": {"skip": {"143", "64", "8", "23"}, "stop": {"143", "149", "23"}},
    "Poland_Warszawa_2026_Rembertow.pb": {"stop": {"1275"}},
}


@pytest.fixture(scope="module")
def lax(votes):
    """`lax(name)`: file and rule, every ballot valid as in the published totals, winners in the order of votes."""

    def made(name):
        vote = votes(name)
        paper = Paper(vote.rule.paper.kind, 0, None, first_points=vote.rule.paper.maximum)
        greedy = replace(vote.rule, paper=paper, method="greedy", completion="none", comparison=False, fit="skip")
        return vote, greedy

    return made


def test_all_files_are_there(expected):
    assert len(expected) == FILES


def test_votes_and_points_are_those_of_every_file(expected, lax):
    wrong = []
    for name, known in expected.items():
        vote, rule = lax(name)
        result = count(rule, vote.contest, vote.box)
        wrong += [(name, id) for id, n in known["recount_votes"].items() if result.votes[id] != n]
        wrong += [(name, id) for id, n in known.get("recount_points", {}).items() if result.points[id] != n]
        wrong += [(name, id) for id, (n, _points) in vote.said.items() if n not in {None, result.votes[id]}]
        wrong += [(name, id) for id, (_votes, n) in vote.said.items() if n not in {None, result.points[id]}]
    assert wrong == []


@pytest.mark.parametrize(("fit", "key"), [("skip", "plain_greedy_skip"), ("stop", "plain_greedy_no_skip")])
def test_the_order_of_votes_gives_the_same_winners_or_the_difference_is_a_tie(expected, lax, fit, key):
    for name, known in expected.items():
        vote, rule = lax(name)
        result = count(replace(rule, fit=fit), vote.contest, vote.box)
        differing = set(result.winners) ^ set(known[key])
        assert differing == TIED.get(name, {}).get(fit, set()), name
        if differing:
            assert known.get("ties_in_votes") or known.get("ties_in_score")
            assert any(step.tie and step.project in differing for step in result.steps)


def test_the_differences_come_from_ties_alone(expected, lax):
    for name in TIED:
        vote, rule = lax(name)
        place = {project.values["project_id"]: f"{n:04}" for n, project in enumerate(vote.file.projects)}
        renamed = replace(
            vote.contest,
            candidates={place[id]: replace(one, id=place[id]) for id, one in vote.contest.candidates.items()},
        )
        box = replace(
            vote.box,
            ballots={
                ballot._replace(choices=tuple(sorted(place[choice] for choice in ballot.choices))): times
                for ballot, times in vote.box.ballots.items()
            },
        )
        back = {number: id for id, number in place.items()}
        for fit, key in (("skip", "plain_greedy_skip"), ("stop", "plain_greedy_no_skip")):
            result = count(replace(rule, fit=fit), renamed, box)
            assert {back[number] for number in result.winners} == set(expected[name][key])


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("pabutools_greedy_cost_sat", {}),
        ("pabutools_greedy_cardinality_sat", {"order": "value"}),
        ("pabutools_mes_cost_sat", {"method": "equal_shares"}),
        ("pabutools_mes_cardinality_sat", {"method": "equal_shares", "satisfaction": "count"}),
    ],
)
def test_pabutools_has_the_same_winners(expected, lax, key, changes):
    names = [name for name, known in expected.items() if key in known]
    assert len(names) == 48
    for name in names:
        vote, rule = lax(name)
        result = count(replace(rule, threshold=0, **changes), vote.contest, vote.box)
        assert set(result.winners) == set(expected[name][key]), name


def test_pabutools_has_the_same_winners_with_shares_raised(expected, lax):
    names = [name for name, known in expected.items() if "pabutools_mes_cost_sat_add1" in known]
    assert len(names) == 26
    for name in names:
        vote, rule = lax(name)
        result = count(replace(rule, threshold=0, method="equal_shares", completion="add1"), vote.contest, vote.box)
        assert set(result.winners) == set(expected[name]["pabutools_mes_cost_sat_add1"]), name


@pytest.mark.parametrize(
    "name",
    [
        "Switzerland_Zurich_D5.pb",
        "Worldwide_Mechanical_Turk_Utilities_3.pb",
        "France_Toulouse_2019.pb",
        "Poland_Czestochowa_2025_Stare_Miasto.pb",
    ],
)
def test_pabutools_has_the_same_winners_where_ballots_give_points(shared_data, lax, name):
    election = pytest.importorskip("pabutools.election")
    rules = pytest.importorskip("pabutools.rules")
    instance, profile = election.parse_pabulib(str(shared_data / "pabulib/pb_files" / name))
    theirs = rules.method_of_equal_shares(instance, profile, sat_class=election.Additive_Cardinal_Sat)
    vote, rule = lax(name)
    rule = replace(rule, threshold=0, method="equal_shares", satisfaction="count")
    assert set(count(rule, vote.contest, vote.box).winners) == {project.name for project in theirs}


def test_toulouse_is_one_edition_of_twenty_districts_and_what_they_leave(expected, votes):
    vote = votes("France_Toulouse_2022.pb")
    rounds = (RoundRule("quartiers", by="zone", money="each", amount=40_000_000), RoundRule("reste"))
    result = count(replace(vote.rule, rounds=rounds), vote.contest, vote.box)
    districts = [one for one in result.groups if one.round == "quartiers"]
    assert len(districts) == 20
    assert {one.allowance for one in districts} == {40_000_000}
    for name in expected:
        if not name.startswith("France_Toulouse_2022_"):
            continue
        part = votes(name)
        won = {step.project for step in result.winning_steps() if step.round == "quartiers"}
        assert won & set(part.contest.candidates) == set(expected[name]["plain_greedy_skip"])
    last = result.groups[-1]
    assert (last.round, last.allowance) == ("reste", vote.contest.budget - sum(one.spent for one in districts))
    assert len(result.winners) > len(won)
    assert result.left >= 0


def official(expected):
    return {name: set(known["official_selected"]) for name, known in expected.items() if known["official_selected"]}


def own_rule(name, vote):
    """The rule of a file's own town: what META says, and what its comment adds."""
    if name == BEMOWO:
        return replace(vote.rule, exclusives=(ExclusiveSet(frozenset({"773", "153"}), "ulica Konarskiego"),))
    return replace(vote.rule, raise_to_the_end=True)


def test_official_results_follow_from_the_rule_of_each_town(expected, votes):
    wrong = {}
    for name, winners in official(expected).items():
        vote = votes(name)
        result = count(own_rule(name, vote), vote.contest, vote.box)
        if set(result.winners) != winners:
            wrong[name] = set(result.winners) ^ winners
    assert len(official(expected)) == 28
    # Veszprém left project 44 out, which had the fourth most votes and just fitted; its file does not say why. It lies
    # beside the winner 45, in the same village: the next test shows that this would explain the result.
    assert wrong == {VESZPREM: {"44"}}


def test_veszprem_would_follow_from_one_winner_in_a_village_and_a_stop(expected, votes):
    vote = votes(VESZPREM)
    rule = replace(vote.rule, fit="stop", exclusives=(ExclusiveSet(frozenset({"44", "45", "46", "47"})),))
    assert set(count(rule, vote.contest, vote.box).winners) == set(expected[VESZPREM]["official_selected"])


@pytest.mark.parametrize(
    ("name", "void"),
    [
        ("Worldwide_Mechanical_Turk_Threshold_3.pb", {}),
        ("Worldwide_Mechanical_Turk_Utilities_3.pb", {"points": 11}),
    ],
)
def test_what_the_public_checker_refuses_has_clear_words(votes, name, void):
    vote = votes(name)
    assert len(vote.problems) == 6
    assert "une espace à côté d’une virgule" in str(vote.problems[0])
    assert all(problem.file == name and problem.line for problem in vote.problems)
    assert count(vote.rule, vote.contest, vote.box).void == void


def test_no_other_file_has_a_problem(expected, votes):
    assert [name for name in expected if "Turk" not in name and votes(name).problems] == []


def test_amounts_keep_their_currency_and_their_hundredths(expected, votes):
    currencies = {votes(name).contest.currency for name in expected}
    assert currencies == {"CHF", "EUR", "HUF", "PLN", "USD"}
    assert votes("Poland_Krakow_2024_Grzegorzki.pb").contest.budget == 153_890_442


def test_no_count_spends_more_than_there_is_and_every_project_is_told(expected, votes):
    for name in expected:
        vote = votes(name)
        if vote.rule.method == "greedy":
            result = count(vote.rule, vote.contest, vote.box)
            assert result.left >= 0
            assert result.decided.keys() == vote.contest.candidates.keys()
            assert [step.project for step in result.steps if step.reason in WINNING] == list(result.winners)


@pytest.mark.parametrize(
    "name", ["France_Toulouse_2022.pb", "Poland_Krakow_2024_Grzegorzki.pb", "France_Toulouse_2019.pb"]
)
def test_ballots_of_a_file_fit_the_edition_that_its_import_makes(tmp_path, shared_data, votes, name):
    path = tmp_path / "town.git"
    with GitRepo.init_bare(path) as repo:
        tree, new = repo.build(EMPTY_TREE, {"instance.yml": b"schema: 1\ntitle: Vote\nname: Ville\n"})
        repo.compare_and_swap(MAIN, repo.write_commit(tree, new, [], "x", "laureat", WHEN), None)
    store = open_store(path)
    plan = plan_pabulib([(name, (shared_data / "pabulib/pb_files" / name).read_bytes())], store.snapshot(), "2022")
    apply(plan, store, author="import", when=WHEN)
    snapshot = store.snapshot()
    contest, problems = contest_of(snapshot.get("2022"), snapshot.of_type(Project))
    assert problems == []
    vote = votes(name)
    rule = replace(vote.rule, paper=Paper(vote.rule.paper.kind, 0, first_points=vote.rule.paper.maximum))
    ours, theirs = count(rule, contest, ballots_for(vote, "2022")), count(rule, vote.contest, vote.box)
    assert (ours.voters, ours.void, ours.budget) == (theirs.voters, theirs.void, theirs.budget)
    assert sorted(ours.votes.values()) == sorted(theirs.votes.values())
    assert sorted(ours.points.values()) == sorted(theirs.points.values())
