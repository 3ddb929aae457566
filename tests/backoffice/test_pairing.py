"""An idea becomes a project: the form begins from it, both ends of the link are saved, the idea is on the ballot."""

from __future__ import annotations

import pytest

from backoffice.services import KEY
from participation.checks import check_content
from participation.records import Idea
from participation.store.errors import StoreFull
from tests.backoffice.conftest import fields_of
from tests.backoffice.town import NOW

IDEA = "2026-0050"
FEASIBLE = [
    {"state": "submitted", "date": "2025-11-09"},
    {"state": "admissible", "date": "2025-11-12"},
    {"state": "in_study", "date": "2025-11-13"},
    {"state": "feasible", "date": "2025-11-20"},
]


@pytest.fixture
def store(app):
    return app.extensions[KEY].content.store


@pytest.fixture
def feasible(store):
    """The idea, found feasible."""
    idea = store.snapshot().get(IDEA)
    store.save(Idea, IDEA, {"status": FEASIBLE}, base_blob=idea.blob, author="agent-0", when=NOW)


def data(store, record_id):
    return store.snapshot().get(record_id).data


def begun(browser, address):
    """Send the form that an address offers, as it stands; the number of the new record."""
    page = browser.get(address).text
    sent = browser.post(address.partition("?")[0], fields_of(page))
    assert sent.status_code == 303
    return sent.location.rpartition("/")[2]


def test_a_project_begun_from_an_idea_says_the_same_and_puts_it_on_the_ballot(browser_of, store, feasible):
    editor = browser_of("editor")
    assert "En faire un projet" in editor.get(f"/gestion/fiche/{IDEA}").text
    project = begun(editor, f"/gestion/nouveau/project?depuis={IDEA}")
    idea, made = data(store, IDEA), data(store, project)
    assert project.startswith("2026-P")
    assert [made[name] for name in ("title", "zone", "theme", "cost", "place")] == [
        idea[name] for name in ("title", "zone", "theme", "cost", "place")
    ]
    assert idea["need"] in made["description"]
    assert (made["ideas"], idea["project"]) == ([IDEA], project)
    assert idea["status"][-1] == {"state": "on_ballot", "date": "2025-11-24", "role": "agent"}
    told = [
        one for one in check_content(store.snapshot(), store.snapshot().entries) if one.field in ("project", "ideas")
    ]
    assert told == []
    assert "En faire un projet" not in editor.get(f"/gestion/fiche/{IDEA}").text


def test_an_idea_under_study_is_linked_and_keeps_its_state(browser_of, store):
    idea = store.snapshot().get(IDEA)
    store.save(Idea, IDEA, {"status": FEASIBLE[:3]}, base_blob=idea.blob, author="agent-0", when=NOW)
    project = begun(browser_of("editor"), f"/gestion/nouveau/project?depuis={IDEA}")
    found = data(store, IDEA)
    assert (found["project"], found["status"][-1]["state"]) == (project, "in_study")


def test_an_idea_taken_off_a_project_no_longer_names_it_and_the_other_way_round(browser_of, store, feasible):
    editor = browser_of("editor")
    project = begun(editor, f"/gestion/nouveau/project?depuis={IDEA}")
    form = f"/gestion/fiche/{project}"
    editor.post(form, fields_of(editor.get(form).text) | {"ideas": ""})
    assert "project" not in data(store, IDEA)
    form = f"/gestion/fiche/{IDEA}"
    editor.post(form, fields_of(editor.get(form).text) | {"project": project})
    assert data(store, project)["ideas"] == [IDEA]
    editor.post(form, fields_of(editor.get(form).text) | {"project": ""})
    assert "ideas" not in data(store, project)


def test_an_idea_of_another_project_stays_with_it(browser_of, store, feasible):
    editor = browser_of("editor")
    first = begun(editor, f"/gestion/nouveau/project?depuis={IDEA}")
    second = begun(editor, f"/gestion/nouveau/project?depuis={IDEA}")
    assert (first != second, data(store, IDEA)["project"]) == (True, first)


@pytest.mark.parametrize("type_name", ["event", "article"])
def test_an_event_or_a_piece_of_news_begun_from_a_project_names_it(browser_of, type_name):
    editor = browser_of("editor")
    assert f"nouveau/{type_name}?depuis=2024-P007" in editor.get("/gestion/fiche/2024-P007").text
    page = editor.get(f"/gestion/nouveau/{type_name}?depuis=2024-P007").text
    assert fields_of(page)["projects"] == "2024-P007"
    assert fields_of(page)["edition"] == "2024"


def test_nothing_is_offered_to_those_who_only_read(browser_of, feasible):
    assert "En faire un projet" not in browser_of("reader").get(f"/gestion/fiche/{IDEA}").text


def test_a_link_leaves_the_zeros_of_the_other_end_as_they_are(browser_of, store, feasible):
    place = store.snapshot().get("2024-P007")
    store.save(type(place), place.id, {"votes": 0}, base_blob=place.blob, author="agent-0", when=NOW)
    editor, form = browser_of("editor"), f"/gestion/fiche/{IDEA}"
    editor.post(form, fields_of(editor.get(form).text) | {"project": "2024-P007"})
    assert (data(store, "2024-P007")["ideas"], data(store, "2024-P007")["votes"]) == ([IDEA], 0)


def test_a_record_is_saved_even_if_the_other_end_of_its_link_cannot_be(browser_of, store, feasible, monkeypatch):
    def refuse(*_changes, **_more):
        raise StoreFull

    editor = browser_of("editor")
    page = editor.get(f"/gestion/nouveau/project?depuis={IDEA}").text
    monkeypatch.setattr(store, "save_many", refuse)
    answer = editor.post("/gestion/nouveau/project", fields_of(page))
    assert answer.status_code == 303
    assert data(store, answer.location.rpartition("/")[2])["ideas"] == [IDEA]


def test_a_record_beyond_a_contributors_limits_fills_in_no_form(browser_of):
    page = browser_of("contributor").get(f"/gestion/nouveau/idea?depuis={IDEA}").text
    assert "tannerie Roux" not in page
