"""Before the moment of the announcement, only those who may count read on any page what the vote gave."""

from __future__ import annotations

import pytest

from backoffice.exchange import planning
from backoffice.registry import accounts
from tests.backoffice.conftest import fields_of
from tests.backoffice.publisher import Publisher
from tests.backoffice.town import make_repository
from tests.backoffice.voting_town import VOTING

COUNT = "/gestion/vote/2026/depouillement"
PROCLAIM = "/gestion/vote/2026/proclamation"
MOMENT = "20/06/2026 18:00"
CHOICES = ["P001 P002"] * 5 + ["P002 P003"] * 3 + ["P003"] * 4 + ["P004"] * 2 + ["P005"]
WON = "2026-P003"
FORM = f"/gestion/fiche/{WON}"
TELLING = ("Lauréat</span>", "lauréat", "Retenu avec", "Réserve</span>", "60\u202f000\u00a0€ votés")


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The town after its vote: fifteen ballots."""
    lines = "".join(f"{number:012x},{choices}\n" for number, choices in enumerate(CHOICES))
    files = VOTING | {"editions/2026/votes/ballots-v001.csv": f"ballot,choices\n{lines}"}
    return make_repository(tmp_path_factory.mktemp("voted") / "content.git", files)


@pytest.fixture
def publisher(app, browser_of):
    """A publisher who proclaimed for some days later."""
    office = Publisher(app, browser_of)
    office.browser.get(COUNT)
    office.browser.post(COUNT)
    office.work()
    job = office.browser.get(PROCLAIM).text.split('name="job" value="')[1].split('"')[0]
    sent = {"job": job, "reserve": "1", "moment": MOMENT, "_do": "apply"}
    assert office.browser.post(PROCLAIM, sent).status_code == 303
    return office


def proclaimed(store) -> str:
    """The commit of the proclamation."""
    return store.history(WON, limit=1)[0].commit


def found_in(page: str) -> list[str]:
    return [words for words in TELLING if words in page]


PAGES = (
    FORM,
    f"{FORM}/historique",
    f"{FORM}/champs",
    f"{FORM}/comparer?a={{before}}&b={{after}}",
    f"{FORM}/version/{{after}}",
    "/gestion/historique",
    "/gestion/liste/project?col=state&col=votes&col=rank",
    "/gestion/liste/project?etat=winner",
    "/gestion/publier",
    "/gestion/",
    "/gestion/recherche?q=pont",
    f"/gestion/apercu/{WON}",
    "/gestion/vote/2026",
)


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_no_page_tells_who_won_to_those_who_may_not_count(publisher, browser_of, store, role):
    versions = [one.commit for one in store.history(WON, limit=2)]
    browser = browser_of(role)
    told = {}
    for page in PAGES:
        answer = browser.get(page.format(after=versions[0], before=versions[-1]))
        assert answer.status_code == 200, page
        if words := found_in(answer.text):
            told[page] = words
    assert told == {}


def test_those_who_may_count_read_it_everywhere(publisher, store):
    browser = publisher.browser
    for page in (FORM, f"{FORM}/historique", f"{FORM}/version/{proclaimed(store)}"):
        assert "auréat" in browser.get(page).text


def test_at_the_moment_of_the_announcement_everybody_reads_it(publisher, browser_of, clock):
    clock.forward(days=400)
    assert "Lauréat" in browser_of("reader").get(FORM).text
    assert "Retenu avec" in browser_of("reader").get(f"{FORM}/historique").text


def test_the_history_says_that_something_is_hidden_and_until_when_it_is(publisher, browser_of):
    page = browser_of("reader").get(f"{FORM}/historique").text
    assert "Résultat du vote, caché jusqu’à son annonce." in page


def test_a_table_of_the_list_tells_nothing(publisher, browser_of):
    page = browser_of("editor").get("/gestion/liste/project/export.csv?col=votes&col=rank&col=state")
    assert page.status_code == 200
    assert "Un pont" in page.text
    assert "auréat" not in page.text


def test_a_save_by_who_does_not_see_the_result_keeps_it(publisher, browser_of, store):
    browser = browser_of("editor")
    sent = fields_of(browser.get(FORM).text) | {"summary": "Un pont de bois."}
    assert browser.post(FORM, sent).status_code == 303
    won = store.snapshot().get(WON)
    assert won.data["summary"] == "Un pont de bois."
    assert (won.data["status"][-1]["state"], won.votes, str(won.budget_voted)) == ("winner", 7, "60000")


def test_a_state_or_a_figure_of_the_vote_waits_for_the_announcement(publisher, browser_of, store):
    browser = browser_of("editor")
    before = store.head()
    state = {"etat.state": "winner", "etat.date": "12/06/2026", "etat.role": "agent"}
    for typed, words in (
        (state, "Résultat du vote, caché jusqu’à son annonce"),
        ({"votes": "100"}, "Le vote est proclamé et attend son annonce"),
    ):
        answer = browser.post(FORM, fields_of(browser.get(FORM).text) | typed)
        assert answer.status_code == 422
        assert words in answer.text
    assert store.head() == before


def test_a_version_from_before_is_not_brought_back_over_a_hidden_result(publisher, browser_of, store):
    older = store.history(WON, limit=2)[-1].commit
    browser = browser_of("editor")
    browser.get(FORM)
    before = store.head()
    assert browser.post(f"{FORM}/version/{older}").status_code == 422
    assert store.head() == before


def test_a_publication_tells_who_may_not_count_nothing_of_the_result(publisher, browser_of, store):
    publisher.publish()
    page = browser_of("reader").get(f"/gestion/publier/publication/{store.published().commit}")
    assert page.status_code == 200
    assert found_in(page.text) == []


def test_a_table_made_by_the_worker_is_as_its_account_may_read(publisher, settings, clock):
    registry = publisher.services.registry
    agents = {role: accounts.find(registry, f"{role}@ville.example") for role in ("editor", "publisher")}
    told = {role: planning.Held(settings, clock, one).record(WON) for role, one in agents.items()}
    assert [row["state"] for row in told["editor"].data["status"]] == ["on_ballot"]
    assert "votes" not in told["editor"].data
    assert told["publisher"].data["votes"] == 7
