"""History as people read it: of a record, of a person, field by field, version by version, and the way back."""

from __future__ import annotations

import re

import pytest

from backoffice.registry import accounts
from backoffice.services import KEY
from participation.store.git import MAIN
from tests.backoffice.conftest import fields_of

PROJECT = "/gestion/fiche/2024-P007"


@pytest.fixture
def team(app, browser_of):
    """Two people, each of whom changed the same project."""

    class Team:
        services = app.extensions[KEY]
        publisher, editor = browser_of("publisher"), browser_of("editor")

        def save(self, browser, changes, page=PROJECT):
            return browser.post(page, fields_of(browser.get(page).text) | changes)

        def pseudonym(self, role):
            return accounts.find(self.services.registry, f"{role}@ville.example").pseudonym

        def versions(self):
            return [one.commit for one in self.services.content.store.history("2024-P007")]

    made = Team()
    made.save(made.publisher, {"budget_voted": "92400"})
    made.save(made.editor, {"title": "La place à l’ombre", "votes": "500"})
    return made


def test_the_history_of_one_person_tells_their_work_only(team):
    page = team.publisher.get(f"/gestion/historique?par={team.pseudonym('editor')}").text
    assert "La place à l’ombre" in page
    assert "92\u202f400" not in page
    everything = team.publisher.get("/gestion/historique").text
    assert ("92\u202f400" in everything, "La place à l’ombre" in everything) == (True, True)
    assert "Budget voté, avant" in everything


@pytest.mark.parametrize("author", ["agent-999", "--all", "agent-1' OR 1=1", ".*"])
def test_the_history_of_nobody_is_no_page(team, author):
    assert team.publisher.get("/gestion/historique", query_string={"par": author}).status_code == 404


def test_each_field_says_who_changed_it_last(team):
    page = team.publisher.get(f"{PROJECT}/champs").text
    rows = {cells[0]: cells[1] for cells in re.findall(r"<strong>([^<]+)</strong>.*?</a> <span[^>]*>([^<]+)<", page)}
    assert (rows["Titre"], rows["Budget voté"]) == ("Editor", "Publisher")


def test_one_field_is_taken_back_and_the_others_stay(team):
    before = team.versions()[-1]
    page = team.publisher.get(f"{PROJECT}/version/{before}").text
    assert "Rétablir ce champ seulement" in page
    answer = team.publisher.post(f"{PROJECT}/version/{before}", {"field": "title"})
    assert answer.status_code == 303
    record = team.services.content.store.snapshot().get("2024-P007")
    assert (record.title, record.data["votes"]) == ("La place des Lavandières, à l’ombre et au frais", 500)


def test_a_field_that_does_not_exist_is_not_taken_back(team):
    before = team.versions()[-1]
    assert team.publisher.post(f"{PROJECT}/version/{before}", {"field": "../x"}).status_code == 404


def test_a_version_has_an_address_for_good_with_all_that_it_held_and_its_commit(team):
    first = team.versions()[-1]
    page = team.publisher.get(f"{PROJECT}/version/{first}").text
    assert "La place des Lavandières, à l’ombre et au frais" in page
    assert f"<code>{first}</code>" in page
    assert f'href="/gestion/fiche/2024-P007/version/{first}"' in page
    assert "Les Amis du bief" in page


def test_any_two_versions_are_compared(team):
    newest, *_middle, oldest = team.versions()
    page = team.publisher.get(f"{PROJECT}/comparer?a={oldest}&b={newest}").text
    assert ("85\u202f000" in page, "92\u202f400" in page, "La place à l’ombre" in page) == (True, True, True)
    assert "Rétablir" not in page
    assert team.publisher.get(f"{PROJECT}/comparer?a=HEAD&b=main").status_code == 404


def test_a_record_in_the_trash_still_has_its_history_and_comes_back_from_it(team):
    store = team.services.content.store
    store.trash("2024-P007", author="agent-0", when=team.services.clock(), force=True)
    page = team.publisher.get(f"{PROJECT}/historique").text
    assert "Cette fiche est dans la corbeille" in page
    assert "92\u202f400" in page
    version = store.history("2024-P007")[1].commit
    assert "La place à l’ombre" in team.publisher.get(f"{PROJECT}/version/{version}").text
    team.publisher.post("/gestion/corbeille/2024-P007")
    assert team.publisher.get(PROJECT).status_code == 200


def test_a_name_of_an_author_is_no_pattern(team):
    store = team.services.content.store
    with store.repo() as repo:
        assert repo.log(repo.resolve(MAIN), author=team.pseudonym("editor"))
        with pytest.raises(ValueError, match="pseudonym"):
            repo.log(repo.resolve(MAIN), author="agent-.*")
