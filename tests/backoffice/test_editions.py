"""A new edition from the last one: proposed, corrected on one page, written as one change that can be taken back."""

from __future__ import annotations

import re

import pytest

from backoffice.editions.copying import next_id, shifted
from backoffice.services import KEY
from participation.records import Edition
from tests.backoffice.conftest import fields_of
from tests.backoffice.town import FILES, make_repository

EDITION = """\
title: Édition 2026
phases:
  - phase: ideas
    start: "2025-11-03"
    end: "2026-01-31"
    note: En ligne et sur papier
  - phase: vote
    start: 2026-06
    end: "2026-06-14"
budget: "450000"
minimum_age: 11
envelopes:
  - zone: gare
    amount: "50000"
themes:
  - id: nature
    title: Nature en ville
eligibility: Dès 11 ans.
description: La deuxième édition.
turnout:
  voters: 812
"""
RULE = """\
schema: 1
method: greedy
ballot:
  type: approval
  max_length: 3
seed:
  text: "12 7 31"
"""


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The small town with a full edition and its rule."""
    path = tmp_path_factory.mktemp("editions") / "content.git"
    more = {"editions/2026/edition.yml": EDITION, "editions/2026/rule.yml": RULE}
    return make_repository(path, {**FILES, **more})


@pytest.fixture
def content(app):
    return app.extensions[KEY].content


def copied(html: str) -> list[tuple[str, str]]:
    """What a browser sends: the fields, and the boxes that are ticked."""
    pairs = [(name, value) for name, value in fields_of(html).items() if name != "_copy"]
    return pairs + [("_copy", name) for name in re.findall(r'name="_copy" value="(\w+)" checked', html)]


def changed(pairs: list[tuple[str, str]], **changes: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in pairs if name not in changes] + list(changes.items())


def test_the_next_edition_is_proposed_with_its_dates_moved(browser_of):
    page = browser_of("publisher").get("/gestion/editions/nouvelle").text
    fields = fields_of(page)
    assert {
        "_edition": "2028",
        "title": "Édition 2028",
        "phases.1.start": "03/11/2027",
        "phases.1.end": "31/01/2028",
        "phases.2.start": "06/2028",
        "budget": "450 000",
        "envelopes.1.zone": "gare",
        "themes.1.id": "nature",
    }.items() <= {name: re.sub(r"[\u00a0\u202f]", " ", value) for name, value in fields.items()}.items()
    assert [name for name, value in copied(page) if name == "_copy"]
    assert "L’édition en cours ne change pas" in page


def test_a_new_edition_is_one_change_with_its_texts_and_rule_and_nothing_of_the_old_vote(browser_of, content):
    boss = browser_of("publisher")
    head = content.store.head()
    page = boss.get("/gestion/editions/nouvelle").text
    answer = boss.post("/gestion/editions/nouvelle?depuis=2026", changed(copied(page), budget="500 000 €"))
    assert answer.status_code == 303
    new = content.record("2028").data
    assert (new["budget"], new["minimum_age"], new["eligibility"]) == ("500000", 11, "Dès 11 ans.")
    assert new.keys().isdisjoint({"turnout", "description"})
    assert content.record("2028-rule").data == {
        name: plain for name, plain in content.record("2026-rule").data.items() if name != "seed"
    }
    assert content.current_edition() == "2026"
    with content.store.repo() as repo:
        assert [entry.commit for entry in repo.log(content.store.head(), limit=2)][1] == head


def test_a_new_edition_is_taken_back_at_once(browser_of, content):
    boss = browser_of("publisher")
    page = boss.get("/gestion/editions/nouvelle").text
    answer = boss.post("/gestion/editions/nouvelle?depuis=2026", copied(page))
    undo = re.search(r'action="(/gestion/lot/[0-9a-f]{40}/annuler)"', boss.get(answer.location).text)[1]
    assert boss.post(undo).status_code == 303
    assert (content.record("2028"), content.record("2028-rule")) == (None, None)


def test_texts_that_are_not_ticked_stay_behind(browser_of, content):
    boss = browser_of("publisher")
    page = boss.get("/gestion/editions/nouvelle").text
    pairs = [pair for pair in copied(page) if pair[0] != "_copy"]
    assert boss.post("/gestion/editions/nouvelle?depuis=2026", pairs).status_code == 303
    assert "eligibility" not in content.record("2028").data
    assert content.record("2028-rule") is None


def test_dates_follow_the_year_when_asked_and_what_else_was_typed_stays(browser_of):
    boss = browser_of("publisher")
    page = boss.get("/gestion/editions/nouvelle?depuis=2026").text
    sent = changed(copied(page), _edition="2030", budget="1", _do="shift")
    fields = fields_of(boss.post("/gestion/editions/nouvelle?depuis=2026", sent).text)
    assert (fields["phases.1.start"], fields["budget"]) == ("03/11/2029", "1")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"_edition": "2024"}, "Une édition porte déjà cet identifiant."),
        ({"_edition": "l’an prochain"}, "Écrivez l’année de l’édition"),
        ({"phases.1.start": "bientôt"}, "«\u00a0bientôt\u00a0» n’est pas une date."),
    ],
)
def test_what_cannot_be_is_told_and_everything_typed_is_there(browser_of, content, changes, words):
    boss, head = browser_of("publisher"), content.store.head()
    page = boss.get("/gestion/editions/nouvelle?depuis=2026").text
    answer = boss.post("/gestion/editions/nouvelle?depuis=2026", changed(copied(page), **changes, title="Tapé"))
    assert (answer.status_code, words in answer.text) == (422, True)
    assert fields_of(answer.text)["title"] == "Tapé"
    assert content.store.head() == head
    again = boss.get("/gestion/editions/nouvelle?depuis=2026&reprendre=1").text
    assert fields_of(again)["title"] == "Tapé"


@pytest.mark.parametrize(
    ("iso", "years", "moved"),
    [("2024-02-29", 1, "2025-02-28"), ("2024-02", 3, "2027-02"), ("2024", 2, "2026"), ("2026-11-02", 0, "2026-11-02")],
)
def test_dates_keep_their_precision(iso, years, moved):
    assert shifted(iso, years) == moved


@pytest.mark.parametrize(
    ("ids", "proposed"),
    [(("2024", "2026"), "2028"), (("2024",), "2025"), (("pilote",), ""), (("pilote", "2026"), "2027")],
)
def test_the_next_year_follows_the_rhythm_of_the_editions(ids, proposed):
    editions = [Edition({}, id=one) for one in ids]
    assert next_id(editions, editions[-1]) == proposed
