"""The count before the announcement, its proclamation as one change, and another rule on the same ballots."""

from __future__ import annotations

import pytest

from backoffice.jobs import queue
from backoffice.jobs.kinds import SIMULATE
from tests.backoffice.conftest import fields_of
from tests.backoffice.publisher import Publisher
from tests.backoffice.town import make_repository
from tests.backoffice.voting_town import VOTING

COUNT = "/gestion/vote/2026/depouillement"
PROCLAIM = "/gestion/vote/2026/proclamation"
VOTE = "/gestion/vote/2026"
CHOICES = ["P001 P002"] * 5 + ["P002 P003"] * 3 + ["P003"] * 4 + ["P004"] * 2 + ["P005"]


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The town after its vote: fifteen ballots."""
    lines = "".join(f"{number:012x},{choices}\n" for number, choices in enumerate(CHOICES))
    files = VOTING | {"editions/2026/votes/ballots-v001.csv": f"ballot,choices\n{lines}"}
    return make_repository(tmp_path_factory.mktemp("voted") / "content.git", files)


@pytest.fixture
def publisher(app, browser_of):
    return Publisher(app, browser_of)


def counted(publisher) -> str:
    publisher.browser.get(COUNT)
    publisher.browser.post(COUNT)
    publisher.work()
    return publisher.browser.get(COUNT).text


def states(store) -> dict[str, str]:
    projects = (store.snapshot().get(f"2026-P00{number}") for number in range(1, 6))
    return {one.id[-1]: one.data["status"][-1]["state"] for one in projects}


def test_the_count_says_why_each_project_wins_or_not(publisher):
    page = counted(publisher)
    assert "Retenu avec 8\u00a0voix" in page.replace("8 voix", "8\u00a0voix")
    assert page.count("Lauréat</span>") == 3
    assert "La règle n’est pas encore figée" in page
    assert "alors qu’il en fallait 2" in page


def test_only_those_who_may_see_the_count(browser_of, publisher):
    counted(publisher)
    for role in ("reader", "editor", "contributor"):
        assert browser_of(role).get(COUNT).status_code == 403


def test_a_count_on_what_has_changed_since_says_so(publisher):
    counted(publisher)
    publisher.save({"cost": "6000"}, page="/gestion/fiche/2026-P002")
    assert "ont changé depuis ce comptage" in publisher.browser.get(COUNT).text


def test_the_proclamation_is_read_first_and_is_one_change(publisher, store):
    counted(publisher)
    before = store.head()
    page = publisher.browser.get(PROCLAIM).text
    assert "Lauréat" in page
    assert store.head() == before
    sent = {"job": page.split('name="job" value="')[1].split('"')[0], "reserve": "1", "moment": "20/06/2026 18:00"}
    publisher.browser.post(PROCLAIM, sent | {"_do": "preview"})
    assert store.head() == before
    answer = publisher.browser.post(PROCLAIM, sent | {"_do": "apply"})
    assert answer.status_code == 303
    assert states(store) == {"1": "reserve", "2": "winner", "3": "winner", "4": "winner", "5": "not_selected"}
    won = store.snapshot().get("2026-P003")
    row = won.data["status"][-1]
    assert (row["role"], row["visible_from"][:16], row["holds"]) == (
        "vote",
        "2026-06-20T18:00",
        ["votes", "rank", "budget_voted"],
    )
    assert (won.votes, won.rank, str(won.budget_voted)) == (7, 2, "60000")
    assert store.snapshot().get("2026-rule").data["announced"].startswith("2026-06-20T18:00")


def test_a_proclamation_is_undone_as_one(publisher, store):
    counted(publisher)
    page = publisher.browser.get(PROCLAIM).text
    job = page.split('name="job" value="')[1].split('"')[0]
    publisher.browser.post(PROCLAIM, {"job": job, "moment": "20/06/2026 18:00", "_do": "apply"})
    publisher.browser.get("/gestion/liste/project")
    revision = publisher.browser.get(VOTE).text.split('name="revision" value="')[1].split('"')[0]
    publisher.browser.post(f"{PROCLAIM}/annuler", {"revision": revision})
    assert set(states(store).values()) == {"on_ballot"}
    assert store.snapshot().get("2026-rule").announced is None
    assert "Annuler la proclamation" not in publisher.browser.get(VOTE).text


def test_a_proclamation_is_undone_though_a_summary_changed_and_not_once_a_winner_went_on(publisher, store):
    counted(publisher)
    page = publisher.browser.get(PROCLAIM).text
    job = page.split('name="job" value="')[1].split('"')[0]
    publisher.browser.post(PROCLAIM, {"job": job, "moment": "20/06/2026 18:00", "_do": "apply"})
    publisher.save({"summary": "Sous les arbres."}, page="/gestion/fiche/2026-P002")
    assert "Annuler la proclamation" in publisher.browser.get(VOTE).text
    moved = {"etat.state": "scoping", "etat.date": "24/11/2025", "etat.role": "agent"}
    publisher.save(moved, page="/gestion/fiche/2026-P002")
    page = publisher.browser.get(VOTE).text
    assert "Annuler la proclamation" not in page
    assert "Ceci a changé depuis la proclamation\u00a0: Un banc." in page


def test_results_that_the_site_tells_are_not_undone_as_one(publisher, clock):
    counted(publisher)
    page = publisher.browser.get(PROCLAIM).text
    job = page.split('name="job" value="')[1].split('"')[0]
    publisher.browser.post(PROCLAIM, {"job": job, "_do": "apply"})
    assert "Annuler la proclamation" in publisher.browser.get(VOTE).text
    publisher.publish()
    assert "Les résultats sont déjà annoncés sur le site" in publisher.browser.get(VOTE).text


def test_an_announcement_put_off_keeps_its_projects_hidden_as_long(publisher, store):
    counted(publisher)
    page = publisher.browser.get(PROCLAIM).text
    job = page.split('name="job" value="')[1].split('"')[0]
    publisher.browser.post(PROCLAIM, {"job": job, "moment": "20/06/2026 18:00", "_do": "apply"})
    publisher.save({"announced": "27/06/2026 18:00"}, page="/gestion/fiche/2026-rule")
    announced = store.snapshot().get("2026-rule").data["announced"]
    rows = [store.snapshot().get(f"2026-P00{number}").data["status"][-1] for number in range(1, 6)]
    assert announced.startswith("2026-06-27T18:00")
    assert {row["visible_from"] for row in rows} == {announced}


def test_nothing_is_proclaimed_on_a_vote_that_moved(publisher, store):
    counted(publisher)
    page = publisher.browser.get(PROCLAIM).text
    publisher.save({"cost": "6000"}, page="/gestion/fiche/2026-P002")
    before = store.head()
    job = page.split('name="job" value="')[1].split('"')[0]
    assert publisher.browser.post(PROCLAIM, {"job": job, "_do": "apply"}).status_code == 409
    assert store.head() == before


def test_another_rule_is_tried_without_being_saved(publisher, store):
    before = store.head()
    form = "/gestion/vote/2026/simulateur/regle"
    browser = publisher.browser
    assert "Partir d’une copie" in browser.get("/gestion/vote/2026/simulateur").text
    sent = fields_of(browser.get(f"{form}?regle=2026-rule").text) | {"fit": "stop", "_do": "save"}
    answer = browser.post(form, sent)
    publisher.work()
    page = browser.get(answer.location).text
    assert "Deux règles, les mêmes bulletins" in page
    assert "Votants avec au moins un lauréat" in page
    assert "Ne gagnent plus" in page
    job = queue.last_finished(publisher.services.registry, SIMULATE)
    assert job.result["comparison"]["lost"] == ["2026-P004"]
    assert store.head() == before
    assert 'value="stop"' in browser.get(f"{form}?simulation={job.id}").text


def test_a_rule_that_cannot_count_these_ballots_says_why(publisher):
    form = "/gestion/vote/2026/simulateur/regle"
    browser = publisher.browser
    sent = fields_of(browser.get(f"{form}?regle=2026-rule").text) | {"ties": "votes", "_do": "save"}
    answer = browser.post(form, sent)
    publisher.work()
    assert "Une égalité peut rester sans vainqueur" in browser.get(answer.location).text
