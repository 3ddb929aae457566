"""An import from the file to its undoing, as a person goes through it: matching, words, dry run, commit, limits."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook, load_workbook

from backoffice import worker
from backoffice.exchange import applying, choices, planning, stages
from backoffice.jobs import queue
from backoffice.jobs.kinds import IMPORTING
from backoffice.jobs.work import JobRefused
from backoffice.registry import accounts, exchanges
from participation.records import Project
from participation.store.saving import Change
from tests.backoffice.exchange.conftest import Importer, column, edited, saved
from tests.backoffice.town import NOW

TABLE = """\
Numéro;Titre du projet;Quartier;Montant voté;Avancement;Remarques;Couleur
2024-P012;Un skatepark sous le viaduc;La Gare;45 000 €;En travaux;;bleu
2024-P099;Une fontaine;Les Tanneries;12 000;Lauréat ;À revoir;vert
2024-P007;La place des Lavandières, à l’ombre et au frais;Les Tanneries;beaucoup;;;rouge
"""


def test_a_table_is_matched_checked_imported_and_taken_back(importer):
    importer.send(TABLE)
    assert "Associer les colonnes" in importer.page
    assert '<option value="budget_voted" selected>' in importer.browser.get(importer.address).text
    form = importer.form()
    assert [form[f"c{place}"] for place in range(7)] == [
        "id",
        "title",
        "zone",
        "budget_voted",
        "status",
        "note",
        "",
    ]
    importer.match()
    assert importer.counts() == {"new": 1, "changed": 1, "error": 1}
    assert "<del>40 000 €</del> <ins>45 000 €</ins>" in importer.page
    assert "colonne « Montant voté » : Écrivez seulement le montant." in importer.page
    assert "Colonnes que la correspondance ne nomme pas : Couleur." in importer.page
    assert importer.record("2024-P012").data["budget_voted"] == "40000"

    importer.press("appliquer", reason="Suivi de novembre")
    assert "1 fiche créée, 1 modifiée" in importer.page
    assert importer.record("2024-P012").data["budget_voted"] == "45000"
    assert importer.record("2024-P099").data["note"] == "À revoir"
    version = importer.services.content.store.history("2024-P012", limit=1)[0]
    assert version.subject.startswith("Suivi de novembre")
    assert exchanges.file_of(importer.services.registry, 1) is None

    importer.press("annuler")
    assert "2 fiches sont revenues" in importer.page
    assert importer.record("2024-P012").data["budget_voted"] == "40000"
    assert importer.record("2024-P099") is None


def test_words_that_mean_nothing_here_are_asked_about_once_and_remembered(importer):
    table = "Numéro;Quartier;Service\n2024-P012;Gare (la);Voiries\n2024-P007;Nord;Voirie\n"
    importer.send(table)
    importer.match()
    assert "Des mots à préciser" in importer.page
    assert importer.follow(importer.browser.post(f"{importer.address}/mots", {"w0-0": "?"})).status_code == 422
    assert "Dites ce que veut dire « Nord »." in importer.page
    importer.answer(**{"w0-0": "gare", "w0-1": "+", "w1-0": "voirie"})
    assert importer.counts() == {"new": 1, "changed": 2}
    importer.press("appliquer")
    assert importer.record("2024-P007").data["zone"] == "nord"
    importer.send(table)
    importer.match()
    importer.answer()
    assert importer.counts() == {"unchanged": 2}


def test_a_column_that_may_name_people_stays_out_unless_a_person_says_that_it_names_none(importer):
    importer.send("Numéro;Titre;Porteur\n2024-P012;Un skatepark;Les Amis du bief\n")
    assert "Les Amis du bief" not in importer.page
    assert importer.form()["c2"] == ""
    answer = importer.match(c2="owner.organisation")
    assert answer.status_code == 422
    assert "« Porteur » peut nommer des personnes" in importer.page
    importer.match(c2="owner.organisation", o2="1")
    importer.press("appliquer")
    assert importer.record("2024-P012").data["owner"] == {"organisation": "Les Amis du bief"}


def test_rows_without_a_number_are_known_by_their_title_or_numbered(importer):
    importer.send(
        "Titre;Quartier\nUn skatepark sous le viaduc;Les Tanneries\nUn abri à vélos;La Gare\n", edition="2024"
    )
    importer.match()
    assert importer.counts() == {"changed": 1, "new": 1}
    importer.press("appliquer")
    assert importer.record("2024-P013").data["title"] == "Un abri à vélos"
    assert importer.record("2024-P012").data["zone"] == "tanneries"


def test_numbers_of_elsewhere_are_completed_by_the_edition(importer):
    importer.send("N°;Intitulé;Année\n12;Le skatepark;2024\n3;Une serre;2026\n")
    assert importer.form()["identity"] == "number"
    importer.match()
    assert importer.counts() == {"changed": 1, "new": 1}
    importer.press("appliquer")
    assert importer.record("2024-P012").data["title"] == "Le skatepark"
    assert importer.record("2026-P003").data["title"] == "Une serre"


def test_an_import_is_refused_when_one_of_its_records_moved_and_checked_again(importer):
    importer.send("Numéro;Titre\n2024-P012;Le skatepark\n2024-P007;La place\n")
    importer.match()
    record = importer.record("2024-P012")
    change = Change(type(record), record.id, {**record.data, "votes": 12}, record.blob)
    importer.services.content.store.save_many([change], author="agent-9", when=NOW, subject="Ailleurs")
    importer.press("appliquer")
    assert "Des fiches de cet import ont changé depuis la vérification" in importer.page
    assert importer.record("2024-P007").data["title"].startswith("La place des Lavandières")
    importer.press("verifier")
    importer.press("appliquer")
    assert (
        importer.record("2024-P012").data | {"title": "Le skatepark", "votes": 12} == importer.record("2024-P012").data
    )


def test_an_import_whose_worker_died_after_the_commit_is_found_done(importer):
    importer.send("Numéro;Titre\n2024-P012;Le skatepark\n")
    importer.match()
    rows = exchanges.rows(importer.services.registry, 1, ("new", "changed"))
    content, account = importer.services.content, importer.services.registry
    author = next(one for one in accounts.everyone(account) if one.role == "publisher")
    first = applying.write(content, rows, "t.csv", "", author, NOW, lambda _done: None)
    again = applying.write(content, rows, "t.csv", "", author, NOW, lambda _done: None)
    assert again.commit == first.commit


def test_a_number_taken_while_an_import_begins_is_not_written_over(importer):
    importer.send("Titre;Quartier\nUne serre;La Gare\n", edition="2026")
    importer.match()
    services = importer.services
    rows = exchanges.rows(services.registry, 1, ("new", "changed"))
    author = next(one for one in accounts.everyone(services.registry) if one.role == "publisher")
    begun = planning.Held(services.settings)
    begun.snapshot()
    theirs = {"title": "Un lavoir"}
    services.content.store.create(Project, rows[0].record_id, theirs, author="agent-9", when=NOW)
    with pytest.raises(JobRefused):
        applying.write(begun, rows, "t.csv", "", author, NOW, lambda _done: None)
    assert importer.record(rows[0].record_id).data == theirs


def test_what_changed_or_is_named_since_stays_when_an_import_is_taken_back(importer):
    importer.send("Numéro;Titre\n2024-P090;Une serre\n2024-P091;Un four à pain\n2024-P092;Un banc\n")
    importer.match()
    importer.press("appliquer")
    store = importer.services.content.store
    event, oven = importer.record("2025-E014"), importer.record("2024-P091")
    changes = [
        Change(type(event), event.id, {**event.data, "projects": ["2024-P090"]}, event.blob),
        Change(type(oven), oven.id, {**oven.data, "votes": 3}, oven.blob),
    ]
    store.save_many(changes, author="agent-9", when=NOW, subject="Ailleurs")
    importer.press("annuler")
    assert "Une serre, Un four à pain" in importer.page
    assert [importer.record(f"2024-P09{place}") is None for place in range(3)] == [False, False, True]


def test_an_edition_that_an_import_made_goes_though_an_event_is_of_that_year(importer):
    importer.send("Numéro;Titre\n2025-P001;Une serre\n")
    importer.match()
    importer.press("appliquer")
    assert importer.record("2025-E014") is not None
    importer.press("annuler")
    assert "2 fiches sont revenues" in importer.page
    assert importer.record("2025") is None


# ---------------------------------------------------------------------------------------------------- meanwhile


def running(importer):
    """The worker has begun what waits, and is not through."""
    return queue.lease(importer.services.registry, importer.services.clock())


def test_an_import_is_not_forgotten_while_the_worker_writes_it(importer):
    importer.send("Numéro;Titre\n2024-P012;Le skatepark\n")
    importer.match()
    importer.browser.post(f"{importer.address}/appliquer", {})
    job = running(importer)
    answer = importer.browser.post(f"{importer.address}/abandonner", {})
    assert (answer.status_code, answer.location.endswith("/importer/1")) == (303, True)
    assert "Le travail est en cours" in importer.browser.get(answer.location).text
    worker.carry_out(worker.Work(importer.services.settings, importer.services.registry, job, importer.services.clock))
    importer.press("annuler")
    assert importer.record("2024-P012").data["title"] == "Un skatepark sous le viaduc"
    assert importer.browser.post(f"{importer.address}/abandonner", {}).location.endswith("/importer")


def test_an_import_that_still_waits_for_its_turn_can_be_forgotten_and_is_not_done(importer):
    importer.send("Numéro;Titre\n2024-P012;Le skatepark\n")
    importer.match()
    importer.browser.post(f"{importer.address}/appliquer", {})
    importer.press("abandonner")
    assert "est oublié" in importer.page
    importer.work()
    assert importer.record("2024-P012").data["title"] == "Un skatepark sous le viaduc"


def test_a_second_press_while_the_worker_takes_an_import_back_is_answered_by_a_sentence(importer):
    importer.send("Numéro;Titre\n2024-P012;Le skatepark\n")
    importer.match()
    importer.press("appliquer")
    importer.browser.post(f"{importer.address}/annuler", {})
    answer = importer.browser.post(f"{importer.address}/annuler", {})
    assert "Le travail est en cours" in importer.browser.get(answer.location).text
    payload = {"exchange": 1, "step": stages.UNDO}  # two requests in the very same moment
    queue.ask(importer.services.registry, IMPORTING, payload, NOW, accounts_id(importer))
    importer.work()
    importer.follow(importer.browser.get(importer.address))
    assert "1 fiche est revenue" in importer.page


def accounts_id(importer) -> int:
    return accounts.find(importer.services.registry, "publisher@ville.example").id


def test_an_import_under_way_is_not_among_the_oldest_that_go(importer):
    importer.send("Numéro;Titre\n2024-P012;Le skatepark\n")
    importer.match()
    registry, person = importer.services.registry, accounts_id(importer)
    importer.browser.post(f"{importer.address}/appliquer", {})
    for number in range(exchanges.MOST + 2):
        exchanges.begin(registry, person, "table", "project", f"{number}.csv", b"x", NOW, stage="new")
    exchanges.forget_old(registry, NOW + exchanges.KEPT * 2)
    assert exchanges.find(registry, 1, person) is not None
    importer.work()
    assert importer.record("2024-P012").data["title"] == "Le skatepark"
    exchanges.forget_old(registry, NOW + exchanges.KEPT * 2)
    assert exchanges.find(registry, 1, person) is None


# ---------------------------------------------------------------------------------------------------- who


def test_a_contributor_changes_its_own_records_only_and_learns_nothing_of_the_others(app, browser_of):
    importer = Importer(app, browser_of, "contributor")
    importer.send(
        "Numéro;Titre;Quartier\n2024-P012;Le skatepark;La Gare\n2024-P007;Prise;La Gare\n2024-P099;Neuf;Les Tanneries\n"
    )
    importer.match()
    assert importer.counts() == {"changed": 1, "error": 2}
    assert "Lavandières" not in importer.page
    assert "Votre compte est limité à certaines fiches" in importer.page
    importer.press("appliquer")
    assert importer.record("2024-P012").data["title"] == "Le skatepark"
    assert importer.record("2024-P007").data["zone"] == "tanneries"
    assert "Lavandières" not in str(load_workbook(io.BytesIO(importer.export())).worksheets[0]["B2"].value)


def test_an_editor_makes_no_edition_by_an_import(app, browser_of):
    importer = Importer(app, browser_of, "editor")
    importer.send("Numéro;Titre\n2031-P001;Trop tôt\n")
    importer.match()
    assert importer.counts() == {"error": 2}
    assert "zone" not in importer.browser.get("/gestion/importer").text.split("<select")[1]


def test_an_import_is_refused_once_its_author_may_no_longer_change_what_it_holds(importer):
    importer.send("Numéro;Titre\n2031-P001;Une serre\n")
    importer.match()
    registry = importer.services.registry
    accounts.set_role(registry, accounts.find(registry, "publisher@ville.example").id, "editor")
    importer.press("appliquer")
    assert "Votre rôle ne permet pas de changer ce type de fiche." in importer.page
    assert importer.record("2031") is None


@pytest.mark.parametrize(("type_name", "left_out"), [("polling_place", "tally"), ("rule", "frozen")])
def test_what_a_vote_leaves_is_written_by_no_table(importer, type_name, left_out):
    about = choices.ground(type_name, importer.services.content.store.snapshot())
    assert [name for name in about.by_name if name.partition(".")[0] == left_out] == []


def test_an_import_is_its_authors_own_and_outlives_a_sign_out(importer, browser_of):
    importer.send(TABLE)
    assert browser_of("administrator").get(importer.address).status_code == 404
    importer.browser.post("/gestion/deconnexion")
    importer.browser.sign_in("publisher")
    assert "table.csv" in importer.browser.get("/gestion/importer").text
    assert "Associer les colonnes" in importer.browser.get(importer.address).text


def test_an_import_that_nobody_touches_is_forgotten_with_its_file(importer, clock):
    importer.send(TABLE)
    clock.forward(days=8)
    exchanges.forget_old(importer.services.registry, clock())
    assert exchanges.file_of(importer.services.registry, 1) is None
    importer.send(TABLE)
    importer.press("abandonner")
    assert exchanges.file_of(importer.services.registry, 2) is None


# ---------------------------------------------------------------------------------------------------- edited tables


def test_a_table_exported_to_be_edited_comes_back_without_a_change(importer):
    for kind, count in (("project", 2), ("idea", 2), ("event", 1), ("zone", 2), ("service", 2), ("edition", 2)):
        importer.send(importer.export(kind), f"{kind}.xlsx", kind)
        importer.match()
        assert (kind, importer.counts()) == (kind, {"unchanged": count})


def test_a_cell_that_was_edited_changes_just_that_and_an_emptied_one_takes_the_value_away(importer):
    data = importer.export()
    votes, summary = column(data, "Voix"), column(data, "Résumé")
    importer.send(edited(data, **{f"{votes}2": 500, f"{summary}2": None}), "projets.xlsx")
    importer.match()
    importer.press("appliquer")
    before = {**importer.services.content.store.snapshot().get("2024-P007").data}
    assert (before["votes"], "summary" in before) == (500, False)
    assert importer.services.content.store.history("2024-P012", limit=5)[0].author == "agent-0"


def test_a_record_changed_here_meanwhile_is_merged_and_a_field_that_both_changed_is_shown(importer):
    data = importer.export(columns=("title", "votes"))
    record = importer.record("2024-P007")
    change = Change(type(record), record.id, {**record.data, "votes": 420, "rank": 1}, record.blob)
    importer.services.content.store.save_many([change], author="agent-9", when=NOW, subject="Ailleurs")
    importer.send(edited(data, B2="La place à l’ombre"), "projets.xlsx")
    importer.match()
    importer.press("appliquer")
    merged = importer.record("2024-P007").data
    assert (merged["title"], merged["votes"], merged["rank"]) == ("La place à l’ombre", 420, 1)

    importer.send(edited(data, C2=999), "projets.xlsx")
    importer.match()
    importer.see("erreurs")
    assert "Changé ici depuis l’export : Voix vaut « 420 », et le tableau dit « 999 »." in importer.page
    assert importer.counts() == {"error": 1, "unchanged": 1}


def test_a_row_whose_record_is_gone_is_told_and_a_new_row_is_numbered(importer):
    data = importer.export(columns=("title",))
    record = importer.record("2024-P012")
    importer.services.content.store.save_many(
        [Change(type(record), record.id, None, record.blob)], author="agent-9", when=NOW, subject="Ailleurs"
    )
    importer.send(edited(data, B4="Une ligne de plus"), "projets.xlsx")
    importer.match(edition="2024")
    importer.see("erreurs")
    assert "Cette fiche n’existe plus" in importer.page
    importer.see("nouvelles")
    assert "Une ligne de plus" in importer.page


# ---------------------------------------------------------------------------------------------------- sheets, calendars


def test_the_sheet_and_the_line_of_headers_are_asked_for_when_they_are_not_sure(importer):
    book = Workbook()
    book.active.title = "Mode d’emploi"
    book.active.append(["Lisez la deuxième feuille."])
    sheet = book.create_sheet("Suivi")
    for row in (["Suivi des projets"], [], ["Numéro", "Titre"], ["2024-P012", "Le skatepark"]):
        sheet.append(row)
    importer.send(saved(book), "suivi.xlsx")
    assert "La feuille et ses en-têtes" in importer.page
    importer.press("feuille", sheet="Suivi")
    assert '<input type="radio" name="header_row" value="3" checked>' in importer.page
    importer.press("feuille", sheet="Suivi", header_row="3")
    importer.match()
    assert importer.counts() == {"changed": 1}


def test_a_calendar_is_imported_with_what_is_said_of_all_its_events(importer):
    calendar = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1@x\r\nDTSTAMP:20250101T000000Z\r\n"
        "DTSTART:20251220T180000Z\r\nSUMMARY:Réunion de quartier\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert importer.send(calendar, "agenda.ics", "project").status_code == 422
    importer.send(calendar, "agenda.ics", "event")
    assert "Importer un calendrier" in importer.page
    importer.match(kind="meeting", edition="2026")
    assert importer.counts() == {"new": 1}
    importer.press("appliquer")
    assert [one.data["kind"] for one in importer.services.content.store.snapshot() if one.type_name == "event"] == [
        "workshop",
        "meeting",
    ]


def test_the_errors_are_downloaded_as_a_sheet(importer):
    importer.send(TABLE)
    importer.match()
    answer = importer.browser.get(f"{importer.address}/erreurs.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert [row[:3] for row in rows] == [
        ("Ligne", "Colonne", "Numéro"),
        (4, "colonne «\u00a0Montant voté\u00a0»", "2024-P007"),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"c1": "id"}, "« Numéro » et « Titre du projet » remplissent le même champ : Numéro de la fiche."),
        ({f"c{place}": "" for place in range(7)}, "Dites au moins ce que remplit une colonne."),
        ({"c0": "", "c1": ""}, "Il faut une colonne de numéros ou de titres"),
        ({"c0": ""}, "Choisissez l’édition de ces fiches, ou la colonne qui la donne."),
    ],
)
def test_a_matching_that_cannot_be_used_is_told_and_stays_on_the_page(importer, changes, said):
    importer.send(TABLE)
    answer = importer.match(**changes)
    assert (answer.status_code, said in importer.page) == (422, True)


# -------------------------------------------------------------------------------------------------- a vote's file

PABULIB = (
    "META\nkey;value\ndescription;Vote\ncountry;France\nunit;Valmont\ninstance;2024\nbudget;90000\n"
    "PROJECTS\nproject_id;cost;votes;name;selected;proposer\n1;500;2;Un banc;1;Les Amis du bief\n12;700;1;Un arbre;0;\n"
    "VOTES\nvoter_id;vote\n1;1\n2;1,12\n"
)


def test_the_file_of_a_vote_brings_its_projects_and_says_where_its_ballots_go(importer):
    assert importer.send(PABULIB, "vote.pb", "idea").status_code == 422
    assert "contient des projets mis au vote" in importer.page
    importer.send(PABULIB, "vote.pb")
    assert 'href="/gestion/vote"' in importer.page
    assert (importer.match(edition="").status_code, "Choisissez l’édition" in importer.page) == (422, True)
    importer.match(edition="2026")
    assert importer.counts() == {"new": 2, "changed": 1}  # two projects, and the totals of the edition
    importer.press("appliquer")
    bench = importer.record("2026-P1").data
    assert (bench["title"], bench["votes"], bench.get("owner")) == ("Un banc", 2, None)
    importer.press("annuler")
    assert importer.record("2026-P1") is None


def test_who_proposed_a_project_of_a_vote_is_taken_when_a_person_says_that_it_is_an_organisation(importer):
    importer.send(PABULIB, "vote.pb")
    importer.match(edition="2026", owners="1")
    importer.press("appliquer")
    assert importer.record("2026-P1").data["owner"] == {"organisation": "Les Amis du bief"}


def test_a_calendar_is_never_asked_for_its_columns(importer):
    calendar = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x;y;z\r\nBEGIN:VEVENT\r\nUID:1@x\r\nDTSTAMP:20250101T000000Z\r\n"
        'DTSTART:20251220T180000Z\r\nSUMMARY:Réunion\r\nDESCRIPTION:"Ouvert;sans fin\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    )
    importer.send(calendar, "agenda.ics", "event")
    assert "Importer un calendrier" in importer.page
    importer.match()
    assert importer.counts() == {"new": 1}


def test_words_in_a_column_of_dates_are_proposed_as_not_known(importer):
    importer.send("Numéro;Début travaux;Titre\n2024-P012;12/03/2025;Skate\n2024-P007;NON LANCÉS;Place\n")
    assert 'name="nothing" value="NON LANCÉS"' in importer.page
    importer.match(nothing="NON LANCÉS")
    assert importer.counts() == {"changed": 2}
