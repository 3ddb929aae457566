"""Lists and forms in the office: finding, changing, refusing kindly, two people at once, nothing typed is ever lost."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from backoffice.services import KEY
from tests.backoffice.conftest import fields_of
from tests.backoffice.town import NOW

PROJECT = "/gestion/fiche/2024-P007"
IDEA = "/gestion/fiche/2026-0050"


@pytest.fixture
def store(app):
    return app.extensions[KEY].content.store


def form_of(browser, page: str = PROJECT) -> dict[str, str]:
    """What a browser would send if nothing were touched."""
    return fields_of(browser.get(page).text)


def save(browser, changes: dict[str, str], page: str = PROJECT):
    return browser.post(page, form_of(browser, page) | changes)


# ---------------------------------------------------------------------------------------------------- lists


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["2024-P012", "2024-P007"]),
        ("q=lavandieres", ["2024-P007"]),
        ("q=PLACE+ombre", ["2024-P007"]),
        ("q=2024-P012", ["2024-P012"]),
        ("state=works", ["2024-P012"]),
        ("zone=tanneries&theme=nature", ["2024-P007"]),
        ("zone=gare&theme=nature", []),
        ("edition=2024&sort=title", ["2024-P007", "2024-P012"]),
        ("sort=-title", ["2024-P012", "2024-P007"]),
        ("sort=nimporte&page=zero", ["2024-P012", "2024-P007"]),
        ("page=99999", []),
    ],
)
def test_a_list_finds_filters_and_sorts(browser_of, query, ids):
    text = browser_of("reader").get(f"/gestion/liste/project?{query}").text
    assert re.findall(r'<th role="rowheader"[^>]*><a href="/gestion/fiche/([^"#]+)"', text) == ids


def test_a_list_follows_what_was_just_saved(browser_of):
    browser = browser_of("editor")
    save(browser, {"title": "La place aux érables"})
    assert "La place aux érables" in browser.get("/gestion/liste/project?q=erables").text


def test_an_exact_number_leads_straight_to_its_form(browser_of):
    assert browser_of("reader").get("/gestion/recherche?q=2024-P007").location == PROJECT


def test_the_search_finds_records_of_every_type(browser_of):
    text = browser_of("reader").get("/gestion/recherche?q=alouettes").text
    assert "2026-0052" in text


# ---------------------------------------------------------------------------------------------------- saving


def test_a_form_sent_back_untouched_makes_no_change(browser_of, store):
    browser, before = browser_of("editor"), store.head()
    answer = save(browser, {})
    assert answer.status_code == 303
    assert store.head() == before


def test_a_change_is_saved_under_the_pseudonym_and_told_in_a_sentence(browser_of, store):
    browser = browser_of("editor")
    assert save(browser, {"budget_voted": "92 400 €"}).location == PROJECT
    version = store.history("2024-P007", limit=1)[0]
    assert (version.author, version.when) == ("agent-2", NOW)
    assert store.snapshot().get("2024-P007").data["budget_voted"] == "92400"
    text = browser.get(f"{PROJECT}/historique").text
    assert "Le budget voté passe de 85\u202f000\u00a0€ à 92\u202f400\u00a0€." in text
    assert "Editor" in text


def test_a_save_changes_only_its_lines_and_keeps_the_comment(browser_of, store):
    save(browser_of("editor"), {"votes": "413"})
    with store.repo() as repo:
        blob = store.snapshot().entries["editions/2024/projects/2024-P007.yml"]
        text = repo.blob(blob).decode()
    assert text.startswith("# La place que tout le quartier attend.\n")
    assert "votes: 413\n" in text


def test_what_the_form_does_not_show_is_still_there_after_a_save(browser_of, store):
    before = store.snapshot().get("2024-P007").data
    save(browser_of("editor"), {"votes": "413"})
    after = store.snapshot().get("2024-P007").data
    assert {name: after.get(name) for name in before} == before | {"votes": 413}


def test_a_row_is_filled_in_moved_and_removed_without_script(browser_of, store):
    browser = browser_of("editor")
    pairs = form_of(browser) | {"steps.3.kind": "review", "steps.3.planned_start": "mai 2026", "_do": "up:steps:3"}
    page = browser.post(PROJECT, pairs)
    assert page.status_code == 200
    pairs = fields_of(page.text)
    assert pairs["steps.2.kind"] == "review"
    assert "<details" in page.text
    again = browser.post(PROJECT, pairs | {"_do": "remove:steps:1"})
    assert browser.post(PROJECT, fields_of(again.text)).status_code == 303
    assert [row["kind"] for row in store.snapshot().get("2024-P007").data["steps"]] == ["review", "works"]


def test_errors_come_first_each_leads_to_its_field_and_nothing_typed_is_lost(browser_of, store):
    browser, before = browser_of("editor"), store.head()
    answer = save(browser, {"budget_voted": "environ 30k", "summary": "Un résumé < neuf & « long »", "votes": "413"})
    assert answer.status_code == 422
    assert re.search(r"<title>Erreur[\u00a0 ]:", answer.text)
    assert 'href="#f-budget_voted"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    typed = fields_of(answer.text)
    assert (typed["budget_voted"], typed["summary"]) == ("environ 30k", "Un résumé < neuf & « long »")
    assert store.head() == before


def test_a_refused_form_is_offered_again_later_then_forgotten_once_saved(browser_of):
    browser = browser_of("editor")
    save(browser, {"budget_voted": "environ 30k", "summary": "Un résumé neuf"})
    assert "n’a pas été enregistrée" in browser.get(PROJECT).text
    assert "La place des Lavandières" in browser.get("/gestion/").text
    again = browser.get(f"{PROJECT}?reprendre=1")
    typed = fields_of(again.text)
    assert (typed["budget_voted"], typed["summary"]) == ("environ 30k", "Un résumé neuf")
    assert browser.post(PROJECT, typed | {"budget_voted": "30000"}).status_code == 303
    assert "n’a pas été enregistrée" not in browser.get(PROJECT).text


def test_a_kept_form_can_be_thrown_away(browser_of):
    browser = browser_of("editor")
    save(browser, {"votes": "beaucoup"})
    browser.post("/gestion/saisies", {"_page": PROJECT})
    assert "n’a pas été enregistrée" not in browser.get(PROJECT).text


def test_a_kept_form_is_shown_to_nobody_else(browser_of):
    save(browser_of("editor"), {"votes": "un secret"})
    other = browser_of("publisher")
    assert "un secret" not in other.get(f"{PROJECT}?reprendre=1").text
    assert "n’a pas été enregistrée" not in other.get(PROJECT).text


def test_text_that_looks_like_a_page_stays_text(browser_of):
    browser = browser_of("editor")
    save(browser, {"title": '<script>alert("x")</script>', "note": "</textarea><img src=x onerror=alert(1)>"})
    for path in (PROJECT, "/gestion/liste/project", f"{PROJECT}/historique", "/gestion/publier", "/gestion/"):
        text = browser.get(path).text
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
    assert form_of(browser)["note"] == "</textarea><img src=x onerror=alert(1)>"


def test_a_reader_sees_the_form_and_cannot_save_it(browser_of):
    text = browser_of("reader").get(PROJECT).text
    assert '<fieldset class="plain" disabled' in text
    assert 'value="save">' not in text.replace("hidden", "") or "savebar" not in text


# ---------------------------------------------------------------------------------------------------- new records


@pytest.mark.parametrize(
    ("type_name", "pairs", "record_id"),
    [
        ("idea", {"title": "Un préau", "_edition": "2026"}, "2026-0053"),
        ("project", {"title": "Une fontaine", "_edition": "2024"}, "2024-P013"),
        ("event", {"title": "Atelier", "start": "16/12/2025 18:30"}, "2025-E015"),
        ("event", {"title": "Atelier sans date"}, "2025-E015"),
    ],
)
def test_a_new_record_gets_the_next_number_of_its_series(browser_of, store, type_name, pairs, record_id):
    browser = browser_of("editor")
    page = f"/gestion/nouveau/{type_name}"
    answer = browser.post(page, form_of(browser, page) | pairs)
    assert answer.location == f"/gestion/fiche/{record_id}"
    assert store.snapshot().get(record_id).data["title"] == pairs["title"]


def test_the_number_of_a_record_in_the_trash_is_not_given_again(browser_of):
    browser = browser_of("editor")
    browser.post("/gestion/fiche/2026-0052/corbeille")
    page = "/gestion/nouveau/idea"
    assert browser.post(page, form_of(browser, page) | {"title": "x"}).location == "/gestion/fiche/2026-0053"


def test_the_current_edition_is_proposed_and_a_wrong_one_is_refused(browser_of):
    browser = browser_of("editor")
    page = "/gestion/nouveau/idea"
    assert form_of(browser, page)["_edition"] == "2026"
    answer = browser.post(page, form_of(browser, page) | {"title": "x", "_edition": "../2026"})
    assert answer.status_code == 422


# ---------------------------------------------------------------------------------------------------- states


def test_only_the_states_that_may_follow_are_offered(browser_of):
    offered = re.findall(r'name="etat.state" value="([^"]+)"', browser_of("editor").get(PROJECT).text)
    assert offered == ["procurement", "agreement", "works", "suspended", "abandoned", "merged"]


def test_a_new_state_is_added_with_its_date_and_reason(browser_of, store):
    pairs = {"etat.state": "works", "etat.date": "1er décembre 2025", "etat.reason": "Le marché est signé."}
    assert save(browser_of("editor"), pairs).status_code == 303
    row = store.snapshot().get("2024-P007").data["status"][-1]
    assert row == {"state": "works", "date": "2025-12-01", "role": "agent", "reason": "Le marché est signé."}


def test_an_embargo_holds_back_the_fields_changed_in_the_same_save(browser_of, store):
    pairs = {
        "etat.state": "abandoned",
        "etat.reason": "Le sous-sol ne le permet pas.",
        "etat.visible_from": "26/11/2025 09:00",
        "money_goes_to": "Le jardin de la tannerie",
        "note": "Prévenir les Amis du bief",
    }
    browser = browser_of("editor")
    save(browser, pairs)
    row = store.snapshot().get("2024-P007").data["status"][-1]
    assert (row["visible_from"], row["holds"]) == ("2025-11-26T09:00:00+01:00", ["money_goes_to"])
    assert "Reste caché jusqu’au 26" in browser.get("/gestion/publier").text


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ({"etat.state": "closed"}, "ne peut pas suivre"),
        ({"etat.state": "abandoned"}, "due au public"),
        ({"etat.state": "works", "etat.date": "bientôt"}, "n’est pas une date"),
    ],
)
def test_a_state_that_cannot_be_says_why_and_is_not_saved(browser_of, store, pairs, words):
    before = store.head()
    answer = save(browser_of("editor"), pairs)
    assert (answer.status_code, words in answer.text, store.head()) == (422, True, before)


# ---------------------------------------------------------------------------------------------------- two people


def test_two_people_who_change_different_fields_are_merged(browser_of, store):
    one, other = browser_of("editor"), browser_of("publisher")
    mine, theirs = form_of(one), form_of(other)
    other.post(PROJECT, theirs | {"votes": "500"})
    assert one.post(PROJECT, mine | {"budget_voted": "90000"}).status_code == 303
    data = store.snapshot().get("2024-P007").data
    assert (data["votes"], data["budget_voted"]) == (500, "90000")


@pytest.mark.parametrize(("answer", "expected"), [("mine", "Notre titre"), ("theirs", "Leur titre")])
def test_the_same_field_asks_and_the_answer_is_saved(browser_of, store, answer, expected):
    asked = clash(browser_of, {"title": "Notre titre", "votes": "413"}, {"title": "Leur titre", "rank": "3"})
    assert asked.page.status_code == 409
    assert "Rien n’est perdu" in asked.page.text
    assert "Celle de Publisher" in asked.page.text
    pairs = asked.hidden | {"_keep.title": answer}
    assert asked.browser.post(f"{PROJECT}/choix", pairs).status_code == 303
    data = store.snapshot().get("2024-P007").data
    assert (data["title"], data["votes"], data["rank"]) == (expected, 413, 3)


def test_two_long_texts_can_both_be_kept(browser_of, store):
    first = "Un paragraphe commun.\n\nNotre paragraphe."
    second = "Un paragraphe commun.\n\nLeur paragraphe."
    asked = clash(browser_of, {"description": first}, {"description": second})
    both = re.search(r'name="_both.description"[^>]*>\n(.*?)</textarea>', asked.page.text, re.DOTALL)[1]
    assert both == "Un paragraphe commun.\n\nNotre paragraphe.\n\nLeur paragraphe."
    asked.browser.post(f"{PROJECT}/choix", asked.hidden | {"_keep.description": "both", "_both.description": both})
    assert store.snapshot().get("2024-P007").data["description"] == both


def test_a_third_change_meanwhile_asks_again(browser_of, store):
    asked = clash(browser_of, {"title": "Notre titre"}, {"title": "Leur titre"})
    save(browser_of("administrator"), {"title": "Un troisième titre"})
    again = asked.browser.post(f"{PROJECT}/choix", asked.hidden | {"_keep.title": "mine"})
    assert again.status_code == 409
    assert "Un troisième" in re.sub(r"<del>[^<]*</del>|</?ins>", "", again.text)
    assert store.snapshot().get("2024-P007").data["title"] == "Un troisième titre"


def test_what_was_typed_before_a_clash_is_kept_too(browser_of):
    asked = clash(browser_of, {"title": "Notre titre"}, {"title": "Leur titre"})
    assert fields_of(asked.browser.get(f"{PROJECT}?reprendre=1").text)["title"] == "Notre titre"


def test_two_states_chosen_at_once_are_asked_about(browser_of, store):
    asked = clash(browser_of, {"etat.state": "works"}, {"etat.state": "suspended", "etat.reason": "Une crue."})
    assert asked.page.status_code == 409
    pairs = asked.hidden | {"_keep.status": "theirs"}
    assert asked.browser.post(f"{PROJECT}/choix", pairs).status_code == 303
    assert store.snapshot().get("2024-P007").data["status"][-1]["state"] == "suspended"


class Asked:
    """A clash as one of the two people sees it."""

    def __init__(self, browser, page) -> None:
        self.browser, self.page = browser, page
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
        import html

        self.hidden = {html.unescape(name): html.unescape(value) for name, value in hidden if name != "csrf_token"}


def clash(browser_of, mine: dict[str, str], theirs: dict[str, str]) -> Asked:
    """Two people open the form; the other saves first."""
    one, other = browser_of("editor"), browser_of("publisher")
    opened = form_of(one)
    assert save(other, theirs).status_code == 303
    return Asked(one, one.post(PROJECT, opened | mine))


# ---------------------------------------------------------------------------------------------------- left open


def test_a_form_left_open_over_lunch_is_saved(browser_of, clock, store):
    browser = browser_of("editor")
    pairs = form_of(browser)
    clock.forward(hours=9)
    assert browser.post(PROJECT, pairs | {"votes": "413"}).location == PROJECT
    assert store.snapshot().get("2024-P007").data["votes"] == 413


def test_a_form_left_open_overnight_comes_back_after_signing_in(browser_of, clock, store):
    browser = browser_of("editor")
    pairs = form_of(browser)
    clock.forward(hours=20)
    sent = browser.post(PROJECT, pairs | {"summary": "Écrit hier soir", "votes": "413"})
    assert sent.status_code == 303
    page = browser.get(sent.location)
    target = re.search(r'name="next" value="([^"]+)"', page.text)[1]
    answer = browser.post(
        "/gestion/connexion",
        {"login": "editor@ville.example", "password": "une phrase assez longue", "next": target},
    )
    again = browser.get(answer.location)
    assert "Voici ce que vous aviez saisi" in again.text
    typed = fields_of(again.text)
    assert typed["summary"] == "Écrit hier soir"
    assert browser.post(PROJECT, typed).location == PROJECT
    assert store.snapshot().get("2024-P007").data["votes"] == 413


def test_a_form_sent_after_signing_out_in_another_tab_comes_back_to_its_author_only(browser_of):
    browser = browser_of("editor")
    pairs = form_of(browser)
    browser.post("/gestion/deconnexion")
    browser.post(PROJECT, pairs | {"summary": "Mon brouillon"})
    browser.sign_in("publisher")
    assert "Mon brouillon" not in browser.get(f"{PROJECT}?reprendre=1").text
    browser.sign_in("editor")
    assert fields_of(browser.get(f"{PROJECT}?reprendre=1").text)["summary"] == "Mon brouillon"


def test_a_form_whose_token_is_no_longer_good_comes_back(browser_of):
    browser = browser_of("editor")
    pairs = form_of(browser)
    sent = browser.post(PROJECT, pairs | {"summary": "Écrit hier"}, token="ancien")
    assert sent.status_code == 303
    assert fields_of(browser.get(sent.location).text)["summary"] == "Écrit hier"


def test_nothing_is_kept_of_a_form_sent_by_another_site(browser_of):
    browser = browser_of("editor")
    browser.post(PROJECT, {"title": "Piège", "_page": PROJECT}, headers={"Origin": "https://mechant.example"})
    assert "Piège" not in browser.get("/gestion/").text


@pytest.mark.parametrize("page", ["https://mechant.example/", "//mechant.example", "/\\mechant", "javascript:1"])
def test_a_kept_form_leads_to_no_other_site(browser_of, page):
    browser = browser_of("editor")
    browser.post(PROJECT, form_of(browser) | {"_page": page, "votes": "beaucoup"}, token="ancien")
    assert "mechant" not in "".join(re.findall(r'href="([^"]*)"', browser.get("/gestion/").text))


def test_a_record_removed_meanwhile_keeps_what_was_typed(browser_of):
    browser = browser_of("editor")
    pairs = form_of(browser, "/gestion/fiche/2026-0052")
    browser_of("publisher").post("/gestion/fiche/2026-0052/corbeille")
    answer = browser.post("/gestion/fiche/2026-0052", pairs | {"title": "Mon nouveau titre"})
    assert answer.status_code == 404
    assert "Ce que vous aviez saisi est gardé" in answer.text
    assert "Mon nouveau titre" in browser.get("/gestion/").text


# ---------------------------------------------------------------------------------------------------- history


def test_a_version_is_compared_and_restored_as_a_new_change(browser_of, store):
    browser = browser_of("editor")
    first = store.head()
    save(browser, {"votes": "500"})
    second = store.head()
    text = browser.get(f"{PROJECT}/comparer?a={first}&b={second}").text
    assert "<del>412</del>" in text
    assert "<ins>500</ins>" in text
    assert "Rétablir cette version" in browser.get(f"{PROJECT}/version/{first}").text
    browser.post(f"{PROJECT}/version/{first}")
    assert store.snapshot().get("2024-P007").data["votes"] == 412
    assert len(store.history("2024-P007")) >= 3


@pytest.mark.parametrize("revision", ["HEAD", "main", "--all", "0" * 40, "../../etc", "a" * 39, "refs/heads/main"])
def test_a_revision_is_a_known_full_hash_or_nothing(browser_of, revision):
    browser = browser_of("editor")
    assert browser.get(f"{PROJECT}/version/{revision}").status_code == 404
    assert browser.get(f"{PROJECT}/comparer?a={revision}&b={revision}").status_code == 404
    assert browser.post(PROJECT, form_of(browser) | {"_base": revision}).status_code == 404


def test_the_trash_gives_back_what_was_removed(browser_of, store):
    browser = browser_of("editor")
    before = store.snapshot().get("2026-0052").data
    assert browser.post("/gestion/fiche/2026-0052/corbeille").status_code == 303
    assert store.snapshot().get("2026-0052") is None
    assert "Un abri à l’arrêt Alouettes" in browser.get("/gestion/corbeille").text
    browser.post("/gestion/corbeille/2026-0052")
    assert store.snapshot().get("2026-0052").data == before


def test_a_record_that_others_name_is_asked_about_before_it_goes(browser_of, store):
    browser = browser_of("editor")
    page = "/gestion/fiche/2024-P012/corbeille"
    asked = browser.post(page)
    assert asked.status_code == 409
    assert "2025-E014" in asked.text
    assert browser.post(page, {"confirm": "1"}).status_code == 303
    assert store.snapshot().get("2024-P012") is None


def test_the_history_of_everything_tells_who_did_what(browser_of):
    browser = browser_of("editor")
    save(browser, {"votes": "500"})
    text = browser.get("/gestion/historique").text
    assert "Editor" in text
    assert "500" in text


def test_the_present_is_told_from_the_clock_of_the_office(browser_of, clock):
    clock.now = dt.datetime(2026, 2, 1, 8, tzinfo=dt.UTC)
    assert "dimanche 1er\u00a0février 2026" in browser_of("reader").get("/gestion/").text
