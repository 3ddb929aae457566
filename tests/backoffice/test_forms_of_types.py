"""Forms of every type: sent back untouched, created, copied, with rows put back and titles typed for numbers."""

from __future__ import annotations

import pytest

from backoffice.records import formdata
from backoffice.services import KEY
from tests.backoffice.conftest import fields_of
from tests.backoffice.town import FILES, make_repository

MORE = {
    "articles/2025-A001.yml": "title: Les votes sont ouverts\ndate: 2025-11-01\nprojects: [2024-P012]\n",
    "pages/comment.yml": "title: Comment ça marche\nbody: |\n  Écrivez-nous.\n",
}
KEYS = ("2025-A001", "comment", "2026", "zone:gare", "service:voirie", "instance", "2026-0050", "2025-E014")


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The small town with an article and a page."""
    path = tmp_path_factory.mktemp("types") / "content.git"
    return make_repository(path, {**FILES, **MORE})


@pytest.fixture
def store(app):
    return app.extensions[KEY].content.store


def send(browser, page: str, changes: dict[str, str]):
    return browser.post(page, fields_of(browser.get(page).text) | changes)


@pytest.mark.parametrize("key", KEYS)
def test_a_form_of_any_type_sent_back_untouched_makes_no_change(browser_of, store, key):
    browser, head = browser_of("administrator"), store.head()
    assert send(browser, f"/gestion/fiche/{key}", {}).status_code == 303
    assert store.head() == head


@pytest.mark.parametrize(
    ("key", "changes", "found"),
    [
        ("zone:gare", {"population": "2 400"}, {"population": 2400}),
        ("service:voirie", {"email": "voirie@ville.example"}, {"email": "voirie@ville.example"}),
        ("2026", {"budget": "450 000 €", "cost_cap": "45000,00"}, {"budget": "450000", "cost_cap": "45000"}),
        ("instance", {"second_person": "true"}, {"second_person": True}),
        ("comment", {"in_footer": "true", "order": "3"}, {"in_footer": True, "order": 3}),
        ("2025-A001", {"date": "2 novembre 2025"}, {"date": "2025-11-02"}),
    ],
)
def test_every_type_is_changed_in_its_form(app, browser_of, key, changes, found):
    assert send(browser_of("administrator"), f"/gestion/fiche/{key}", changes).status_code == 303
    data = app.extensions[KEY].content.record(key).data
    assert {name: data[name] for name in found} == found


@pytest.mark.parametrize(
    ("type_name", "typed", "key"),
    [
        ("page", {"title": "Mentions légales & accès"}, "mentions-legales-acces"),
        ("page", {"title": "Autre", "_edition": "contact"}, "contact"),
        ("zone", {"title": "Val-Fleuri"}, "zone:val-fleuri"),
        ("service", {"title": "Bâtiments"}, "service:batiments"),
        ("edition", {"title": "Édition 2027"}, "2027"),
        ("article", {"title": "Résultats", "date": "12/12/2025"}, "2025-A002"),
    ],
)
def test_a_record_of_any_type_is_created(browser_of, type_name, typed, key):
    answer = send(browser_of("administrator"), f"/gestion/nouveau/{type_name}", typed)
    assert answer.location == f"/gestion/fiche/{key}"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": "Encore", "_edition": "comment"}, "Cet identifiant est déjà pris."),
        ({"title": "Encore", "_edition": "../etc"}, "n’est pas un identifiant valable."),
        ({"title": ""}, "Donnez un titre ou un identifiant."),
    ],
)
def test_an_identifier_that_cannot_be_is_refused_beside_its_field(browser_of, typed, words):
    answer = send(browser_of("administrator"), "/gestion/nouveau/page", typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'href="#f-_edition"' in answer.text


@pytest.mark.parametrize("page", ["fiche/instance", "fiche/2026", "fiche/zone:gare", "nouveau/service"])
def test_settings_are_read_by_editors_and_changed_by_others(browser_of, store, page):
    editor, head = browser_of("editor"), store.head()
    shown = editor.get(f"/gestion/{page}")
    if page.startswith("fiche"):
        assert 'value="save"' in shown.text
        assert 'class="savebar"' not in shown.text
    assert editor.post(f"/gestion/{page}", {"title": "À moi"}).status_code == 403
    assert store.head() == head


def test_a_record_is_copied_without_what_is_its_own(browser_of, store):
    browser = browser_of("editor")
    copy = fields_of(browser.get("/gestion/nouveau/project?depuis=2024-P007").text)
    assert copy["title"].startswith("Copie de La place")
    assert copy["votes"] == ""
    answer = browser.post("/gestion/nouveau/project", copy | {"_edition": "2024"})
    made = store.snapshot().get(answer.location.rpartition("/")[2])
    assert made.id == "2024-P013"
    assert [row["kind"] for row in made.data["steps"]] == ["design", "works"]
    assert "status" not in made.data


def test_a_row_that_was_removed_is_put_back_where_it_was(browser_of, store):
    browser, page = browser_of("editor"), "/gestion/fiche/2024-P007"
    before = fields_of(browser.get(page).text)
    removed = browser.post(page, before | {"_do": "remove:steps:1"}).text
    assert fields_of(removed)["steps.1.kind"] == "works"
    back = fields_of(browser.post(page, fields_of(removed) | {"_do": "restore"}).text)
    assert {name: back[name] for name in before} == before
    assert store.snapshot().get("2024-P007").data["steps"][0]["kind"] == "design"


@pytest.mark.parametrize("told", ["", "[]", '["steps", "x", {}]', '["steps", 1]', "{", '["steps", 0, {}]'])
def test_a_row_that_nobody_removed_is_not_put_back(told):
    assert formdata.put_back({"steps.1.kind": "works"}, told) == ({"steps.1.kind": "works"}, "")


def test_a_title_typed_for_a_number_finds_its_record(browser_of, store):
    browser = browser_of("editor")
    send(browser, "/gestion/fiche/2025-E014", {"projects": "place des lavandières\n2024-P012"})
    assert store.snapshot().get("2025-E014").data["projects"] == ["2024-P007", "2024-P012"]


@pytest.mark.parametrize(
    ("typed", "words"), [("ou", "Plusieurs fiches correspondent"), ("licorne", "Aucune fiche ne correspond")]
)
def test_a_title_that_names_none_or_several_is_asked_about(browser_of, typed, words):
    answer = send(browser_of("editor"), "/gestion/fiche/2026-0050", {"related": typed, "project": ""})
    assert answer.status_code == (422 if words else 303)
    assert words in answer.text


def test_suggestions_name_what_matches(browser_of):
    found = browser_of("reader").get("/gestion/liste/project/choix?q=skate").json
    assert found == [{"id": "2024-P012", "title": "Un skatepark sous le viaduc"}]


def test_links_are_shown_on_both_sides(browser_of):
    text = browser_of("reader").get("/gestion/fiche/2024-P012").text
    cited = text[text.index("Cité par") :]
    assert "Les votes sont ouverts" in cited
    assert "Atelier d’idées à La Gare" in cited


def test_two_people_changing_two_zones_of_the_same_file_lose_nothing(app, browser_of):
    first, second = browser_of("publisher"), browser_of("administrator")
    forms = {
        who: fields_of(who.get(f"/gestion/fiche/zone:{key}").text)
        for who, key in ((first, "gare"), (second, "tanneries"))
    }
    assert first.post("/gestion/fiche/zone:gare", forms[first] | {"population": "10"}).status_code == 303
    assert second.post("/gestion/fiche/zone:tanneries", forms[second] | {"population": "20"}).status_code == 303
    content = app.extensions[KEY].content
    assert [content.record(f"zone:{key}").data["population"] for key in ("gare", "tanneries")] == [10, 20]


def test_a_page_goes_to_the_trash_and_the_town_itself_does_not(browser_of, store):
    browser = browser_of("administrator")
    browser.get("/gestion/fiche/comment")
    assert browser.post("/gestion/fiche/comment/corbeille").status_code == 303
    assert store.snapshot().get("comment") is None
    assert browser.post("/gestion/fiche/instance/corbeille").status_code == 404
