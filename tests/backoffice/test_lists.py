"""What is done with lists: filters and columns, views that are kept, many records changed at once, exports."""

from __future__ import annotations

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from openpyxl import load_workbook

from backoffice.records.lines import fold
from backoffice.records.listing import LISTED, Index
from backoffice.services import KEY
from participation.records import TYPES
from tests.backoffice.town import NOW

PROJECTS = "/gestion/liste/project"
IDEAS = "/gestion/liste/idea"
MANY = "/gestion/liste/project/lot"
ROWS = re.compile(r'<th role="rowheader"[^>]*><a href="/gestion/fiche/([^"#]+)"')


@pytest.fixture
def store(app):
    return app.extensions[KEY].content.store


def rows(browser, address: str) -> list[str]:
    return ROWS.findall(browser.get(address).text)


def data_of(store, record_id: str) -> dict[str, object]:
    return dict(store.snapshot().get(record_id).data)


def hidden(text: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', text)[1]


# ---------------------------------------------------------------------------------------------------- filters, columns


@pytest.mark.parametrize("type_name", LISTED)
def test_every_type_has_a_list(browser_of, type_name):
    assert browser_of("reader").get(f"/gestion/liste/{type_name}").status_code == 200


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        (f"{PROJECTS}?service=espaces-verts", ["2024-P007"]),
        (f"{PROJECTS}?service=-", ["2024-P012"]),
        (f"{PROJECTS}?late=1", []),
        (f"{PROJECTS}?late=1&state=works", []),
        (f"{PROJECTS}?missing=1", []),
        (f"{PROJECTS}?q=bief", ["2024-P007"]),
        (f"{PROJECTS}?col=budget_voted&sort=budget_voted", ["2024-P012", "2024-P007"]),
        (f"{PROJECTS}?sort=-budget_voted", ["2024-P007", "2024-P012"]),
        (f"{PROJECTS}?sort=votes", ["2024-P007", "2024-P012"]),
        (f"{PROJECTS}?sort=-votes", ["2024-P007", "2024-P012"]),
        (f"{IDEAS}?q=portail", ["2026-0050"]),
        (f"{IDEAS}?channel=workshop", ["2026-0050"]),
        (f"{IDEAS}?channel=-", ["2026-0052"]),
        ("/gestion/liste/event?period=coming&kind=workshop", ["2025-E014"]),
        ("/gestion/liste/event?period=past", []),
        ("/gestion/liste/zone", ["zone:gare", "zone:tanneries"]),
        ("/gestion/liste/service", ["service:espaces-verts", "service:voirie"]),
        ("/gestion/liste/edition", ["2026", "2024"]),
    ],
)
def test_filters_combine_and_every_column_sorts(browser_of, address, ids):
    assert rows(browser_of("reader"), address) == ids


def test_the_columns_of_a_list_are_chosen(browser_of):
    text = browser_of("reader").get(f"{PROJECTS}?col=budget_voted&col=votes&col=nimporte").text
    assert re.findall(r'<th role="columnheader"[^>]*><a[^>]*>([^<]+?)\s*<', text)[-2:] == ["Budget voté", "Voix"]
    assert "85\u202f000\u00a0€" in text


def test_a_project_is_late_once_an_open_step_should_be_over(browser_of, clock):
    clock.forward(days=60)
    assert rows(browser_of("reader"), f"{PROJECTS}?late=1") == ["2024-P007"]


def test_an_idea_is_late_once_the_study_of_its_edition_is_over(browser_of, store, clock):
    phases = [{"phase": "study", "start": "2025-11-01", "end": "2025-11-20"}]
    edition = store.snapshot().get("2026")
    store.save(TYPES["edition"], "2026", {"phases": phases}, base_blob=edition.blob, author="agent-1", when=NOW)
    assert rows(browser_of("reader"), f"{IDEAS}?late=1&sort=id") == ["2026-0050", "2026-0052"]


def test_words_are_folded_the_same_whatever_their_accents():
    assert fold("Œuvre d’Été à l'ÉCOLE") == "oeuvre d'ete a l'ecole"


def test_the_index_after_a_save_is_the_one_made_anew_and_keeps_the_other_lines(store):
    before = Index.of(store.snapshot())
    record = store.snapshot().get("2024-P012")
    store.save(TYPES["project"], record.id, {"zone": None}, base_blob=record.blob, author="agent-1", when=NOW)
    store.trash("2026-0052", author="agent-1", when=NOW)
    store.create(TYPES["idea"], "2026-0099", {"title": "Nouvelle"}, author="agent-1", when=NOW)
    after = Index.of(store.snapshot(), before)
    assert after == Index.of(store.snapshot())
    assert after.by_id["2024-P007"] is before.by_id["2024-P007"]
    assert list(after.by_path) == list(Index.of(store.snapshot()).by_path)


# ---------------------------------------------------------------------------------------------------- views


def test_a_view_is_kept_under_an_address_for_its_author_only(browser_of):
    mine, other = browser_of("editor"), browser_of("publisher")
    mine.get(PROJECTS)
    answer = mine.post(f"{PROJECTS}/vues", {"name": "Voirie sans zone", "_asked": "zone=-&service=voirie&col=votes"})
    led = mine.get(answer.location)
    assert led.location == f"{PROJECTS}?zone=-&service=voirie&col=votes&vue=1"
    assert "Voirie sans zone" in mine.get(led.location).text
    assert "Voirie sans zone" not in other.get(PROJECTS).text
    assert other.get(answer.location).status_code == 404


def test_a_shared_view_is_offered_to_all_and_removed_by_its_author(browser_of):
    mine, other = browser_of("editor"), browser_of("reader")
    mine.get(PROJECTS)
    address = mine.post(f"{PROJECTS}/vues", {"name": "Grands", "_asked": "sort=-budget_voted", "shared": "1"}).location
    assert "Grands" in other.get(PROJECTS).text
    assert other.get(address).status_code == 303
    other.get(PROJECTS)
    assert other.post(f"{address}/retirer").status_code == 403
    mine.get(PROJECTS)
    assert mine.post(f"{address}/retirer").status_code == 303
    assert "Grands" not in other.get(PROJECTS).text


def test_a_reader_keeps_views_and_shares_none(browser_of):
    reader = browser_of("reader")
    reader.get(PROJECTS)
    reader.post(f"{PROJECTS}/vues", {"name": "À moi", "_asked": "q=place", "shared": "1"})
    assert "À moi" in reader.get(PROJECTS).text
    assert "À moi" not in browser_of("editor").get(PROJECTS).text


# ---------------------------------------------------------------------------------------------------- many at once


def chosen(browser, data: list[tuple[str, str]], act: str, extra: dict[str, str] | None = None):
    browser.get(PROJECTS)
    return browser.post(MANY, [*data, *(extra or {}).items(), ("_do", act)])


TWO = [("id", "2024-P007"), ("id", "2024-P012")]


def test_many_records_are_changed_after_a_preview_in_sentences_as_one_commit(browser_of, store):
    browser = browser_of("editor")
    assert "Ne pas changer" in chosen(browser, TWO, "choose").text
    preview = chosen(browser, TWO, "preview", {"set.service": "voirie"})
    assert "Le service passe de «\u00a0Espaces verts\u00a0» à «\u00a0Voirie\u00a0»." in preview.text
    before = len(store.history("2024-P007"))
    again = {"set.service": "voirie", "_keys": hidden(preview.text, "_keys")}
    applied = browser.post(MANY, again | {"_do": "apply"})
    assert [data_of(store, one)["service"] for one in ("2024-P007", "2024-P012")] == ["voirie", "voirie"]
    assert store.history("2024-P007")[0].commit == store.history("2024-P012")[0].commit
    assert store.history("2024-P007")[0].subject == "Service responsable\u00a0: Voirie (2 fiches)"
    assert len(store.history("2024-P007")) > before
    assert "Annuler ce changement" in browser.get(applied.location).text


def test_a_change_of_many_is_taken_back_but_for_what_was_changed_since(browser_of, store):
    browser = browser_of("editor")
    preview = chosen(browser, TWO, "preview", {"set.zone": "gare"})
    browser.post(MANY, {"set.zone": "gare", "_keys": hidden(preview.text, "_keys"), "_do": "apply"})
    commit = store.head()
    record = store.snapshot().get("2024-P007")
    store.save(TYPES["project"], record.id, {"votes": "500"}, base_blob=record.blob, author="agent-1", when=NOW)
    browser.get(PROJECTS)
    answer = browser.post(f"/gestion/lot/{commit}/annuler")
    assert "1 fiche est revenue." in browser.get(answer.location).text
    assert data_of(store, "2024-P007")["zone"] == "tanneries"
    assert data_of(store, "2024-P007")["votes"] == 500
    head = store.head()
    browser.post(f"/gestion/lot/{commit}/annuler")
    assert store.head() == head


def test_a_change_of_many_is_taken_back_later_from_the_history_which_says_what_stays(browser_of, store):
    browser = browser_of("editor")
    preview = chosen(browser, TWO, "preview", {"set.zone": "gare"})
    browser.post(MANY, {"set.zone": "gare", "_keys": hidden(preview.text, "_keys"), "_do": "apply"})
    way = f"/gestion/lot/{store.head()}/annuler"
    for page in ("/gestion/historique", "/gestion/fiche/2024-P007/historique"):
        assert f'href="{way}"' in browser.get(page).text
        assert way not in browser_of("reader").get(page).text
    record = store.snapshot().get("2024-P007")
    asked = browser.get(way).text
    assert "Les Tanneries" in asked
    assert "restent comme elles sont" not in asked
    store.save(TYPES["project"], record.id, {"zone": None}, base_blob=record.blob, author="agent-1", when=NOW)
    asked = browser.get(way).text
    assert "Il n’y a plus rien à annuler" in asked
    assert "Annuler cette modification</button>" not in asked
    assert browser_of("contributor").get(way).status_code == 404


def test_only_a_change_of_many_can_be_taken_back_so(browser_of, store):
    browser = browser_of("editor")
    browser.get(PROJECTS)
    assert browser.post(f"/gestion/lot/{store.head()}/annuler").status_code == 404


def test_states_change_together_where_the_life_cycle_lets_them(browser_of, store):
    browser = browser_of("editor")
    asked = {"etat.state": "procurement", "etat.date": "20/11/2025", "etat.role": "agent"}
    preview = chosen(browser, TWO, "preview", asked)
    assert "Cet état ne peut pas suivre l’état présent de la fiche." in preview.text
    browser.post(MANY, asked | {"_keys": hidden(preview.text, "_keys"), "_do": "apply"})
    assert data_of(store, "2024-P007")["status"][-1] == {"state": "procurement", "date": "2025-11-20", "role": "agent"}
    assert data_of(store, "2024-P012")["status"][-1]["state"] == "works"


def test_a_theme_that_an_edition_does_not_have_is_refused_for_its_records(browser_of):
    preview = chosen(browser_of("editor"), TWO, "preview", {"set.theme": "mobilite"})
    assert preview.text.count("Ce thème n’existe pas dans l’édition 2024.") == 2


def test_a_record_saved_between_preview_and_apply_is_shown_again(browser_of, store):
    browser = browser_of("editor")
    preview = chosen(browser, TWO, "preview", {"set.service": "voirie"})
    record = store.snapshot().get("2024-P007")
    store.save(TYPES["project"], record.id, {"service": None}, base_blob=record.blob, author="agent-1", when=NOW)
    head = store.head()
    asked = {"set.service": "voirie", "_keys": hidden(preview.text, "_keys"), "_do": "apply"}
    answer = browser.post(MANY, asked)
    assert "Une fiche a changé entre-temps" in answer.text
    assert store.head() == head
    browser.post(MANY, asked | {"_keys": hidden(answer.text, "_keys")})
    assert data_of(store, "2024-P007")["service"] == "voirie"


def test_everything_that_the_list_shows_is_changed_not_only_its_page(browser_of, store):
    browser = browser_of("editor")
    preview = chosen(browser, [("_all", "1"), ("_asked", "zone=gare")], "preview", {"set.service": "voirie"})
    assert hidden(preview.text, "_keys").split("@")[0] == "2024-P012"
    assert "2024-P007" not in preview.text


def test_a_field_is_emptied_on_many_records(browser_of, store):
    browser = browser_of("editor")
    preview = chosen(browser, TWO, "preview", {"set.zone": "-"})
    browser.post(MANY, {"set.zone": "-", "_keys": hidden(preview.text, "_keys"), "_do": "apply"})
    assert "zone" not in data_of(store, "2024-P007") | data_of(store, "2024-P012")


def test_nothing_chosen_changes_nothing(browser_of, store):
    browser, head = browser_of("editor"), store.head()
    assert chosen(browser, [], "choose").status_code == 303
    assert chosen(browser, TWO, "apply").status_code == 422
    assert store.head() == head


def test_two_people_changing_many_at_once_lose_nothing(app, browser_of, store):
    asked = [("set.service", "voirie"), ("set.zone", "gare")]
    made = []
    for pair, role in zip(asked, ("editor", "publisher"), strict=True):
        browser = browser_of(role)
        made.append((browser, pair, hidden(chosen(browser, TWO, "preview", dict([pair])).text, "_keys")))

    def apply(one) -> None:
        browser, (name, value), keys = one
        for _attempt in range(5):
            answer = browser.post(MANY, {name: value, "_keys": keys, "_do": "apply"})
            if answer.status_code == 303:
                return
            keys = hidden(answer.text, "_keys")

    with ThreadPoolExecutor() as pool:
        list(pool.map(apply, made))
    found = [data_of(store, one) for one in ("2024-P007", "2024-P012")]
    assert [(one["service"], one["zone"]) for one in found] == [("voirie", "gare")] * 2


# ---------------------------------------------------------------------------------------------------- export


def test_what_is_shown_is_exported_as_a_workbook_with_typed_cells(browser_of):
    address = f"{PROJECTS}/export.xlsx?col=budget_voted&col=due&col=zone&sort=id"
    sheet = load_workbook(io.BytesIO(browser_of("editor").get(address).data)).worksheets[0]
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert found[0] == ["N°", "Titre", "Budget voté", "Échéance", "Quartier ou canton"]
    assert [found[1][2], found[1][4]] == [85000, "Les Tanneries"]
    assert (found[1][3].year, found[1][3].month, found[1][3].day) == (2025, 12, 31)
    assert [row[0] for row in found[1:]] == ["2024-P007", "2024-P012"]


def test_an_export_disarms_formulas_and_holds_only_what_was_found(browser_of, store):
    record = store.snapshot().get("2024-P012")
    fields = {"title": '=HYPERLINK("http://exemple.invalid")'}
    store.save(TYPES["project"], record.id, fields, base_blob=record.blob, author="agent-1", when=NOW)
    answer = browser_of("editor").get(f"{PROJECTS}/export.csv?state=works")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [line[:2] for line in lines[1:]] == [["2024-P012", '\'=HYPERLINK("http://exemple.invalid")']]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_all_columns_are_exported_when_asked(browser_of):
    answer = browser_of("editor").get(f"{PROJECTS}/export.csv?tout=1&q=2024-P007")
    header, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert dict(zip(header, row, strict=True))["Partenaires"] == "Les Amis du bief"


def test_an_export_of_an_unknown_kind_or_list_is_not_there(browser_of):
    browser = browser_of("editor")
    addresses = (f"{PROJECTS}/export.exe", "/gestion/liste/instance/export.csv", "/gestion/liste/rien/export.csv")
    assert [browser.get(one).status_code for one in addresses] == [404, 404, 404]
