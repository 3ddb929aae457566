"""A table and its mapping become records: values, states, dates to come, people left out, second imports."""

from __future__ import annotations

import datetime as dt

import pytest

from participation.importing.errors import ImportRefused
from participation.importing.plan import Kind
from participation.records import Project, Zone

MAPPING = """
type: project
id: "{Année}-P{Numéro}"
unknown: [INCONNU]
nothing: [AUCUN]
fields:
  title: Titre
  budget_voted: Budget
  zone:
    column: Quartier
    template: "q{value:02}"
    create: {title: "Quartier {text}", kind: quartier}
  theme:
    column: Thème
    template: "{value:slug}"
    create: {}
  place.address: Adresse
  steps.works.actual_start: {column: Travaux, future: planned_start}
  status:
    column: État
    values: {FINI: closed, EN COURS: works, À VENIR: winner}
    dates: {works: Travaux}
"""
HEAD = "Année;Numéro;Titre;Budget;Quartier;Thème;Adresse;Travaux;État\n"
ROW = "2024;7;Un banc;1 500 €;3;Cadre de vie;1 rue Haute;05/2024;EN COURS\n"


def problems(plan):
    return [str(problem).replace("\u00a0", " ") for problem in plan.problems]


def test_a_row_becomes_a_record_with_the_edition_zone_and_theme_it_needs(table, store, faults):
    plan = table(MAPPING, HEAD + ROW, write=True)
    assert [(row.type_name, row.id, row.kind) for row in plan.rows] == [
        ("edition", "2024", Kind.NEW),
        ("zone", "q03", Kind.NEW),
        ("project", "2024-P7", Kind.NEW),
    ]
    snapshot = store.snapshot()
    assert snapshot.get("2024-P7").data == {
        "title": "Un banc",
        "theme": "cadre-de-vie",
        "zone": "q03",
        "place": {"address": "1 rue Haute"},
        "budget_voted": "1500",
        "steps": [{"kind": "works", "actual_start": "2024-05"}],
        "status": [{"state": "works", "date": "2024-05", "role": "import"}],
    }
    assert snapshot.get("2024").data == {
        "title": "Budget participatif 2024",
        "themes": [{"id": "cadre-de-vie", "title": "Cadre de vie"}],
    }
    assert [zone.data for zone in snapshot.of_type(Zone)] == [{"id": "q03", "title": "Quartier 3", "kind": "quartier"}]
    assert faults() == []


def test_the_same_table_again_changes_nothing_and_makes_no_commit(table, store):
    table(MAPPING, HEAD + ROW, write=True)
    head = store.head()
    assert {row.kind for row in table(MAPPING, HEAD + ROW, write=True).rows} == {Kind.UNCHANGED}
    assert store.head() == head


def test_an_import_is_one_commit_and_says_what_it_did(table, store):
    before = store.head()
    table(MAPPING, HEAD + ROW, write=True)
    with store.repo() as repo:
        (entry,) = repo.log(store.head(), limit=None, skip=0)[:1]
        assert entry.author == "import"
        assert len(repo.reachable(store.head(), [before])) == 1
    assert "Import de table.csv" in entry.message
    assert "Action: import" in entry.message


def test_what_changed_is_told_field_by_field_and_the_rest_is_left(table, store):
    table(MAPPING, HEAD + ROW, write=True)
    record = store.snapshot().get("2024-P7")
    store.save(
        Project,
        "2024-P7",
        {"summary": "Écrit ici."},
        base_blob=record.blob,
        author="agent-1",
        when=dt.datetime.now(dt.UTC),
    )
    again = ROW.replace("1 500 €", "1 800 €").replace("EN COURS", "FINI")
    plan = table(MAPPING, HEAD + again, write=True)
    (row,) = plan.of_kind(Kind.CHANGED)
    assert [(change.path, change.before, change.after) for change in row.changes] == [
        ("budget_voted", "1\u202f500\u00a0€", "1\u202f800\u00a0€"),
        ("status", "En travaux (mai 2024)", "Terminé"),
    ]
    data = store.snapshot().get("2024-P7").data
    assert data["summary"] == "Écrit ici."
    assert [state["state"] for state in data["status"]] == ["works", "closed"]


def test_a_state_given_here_stays_while_the_source_says_what_it_said(table, store):
    table(MAPPING, HEAD + ROW, write=True)
    record = store.snapshot().get("2024-P7")
    status = [*record.data["status"], {"state": "suspended", "reason": "Le terrain bouge."}]
    store.save(
        Project, "2024-P7", {"status": status}, base_blob=record.blob, author="agent-1", when=dt.datetime.now(dt.UTC)
    )
    assert table(MAPPING, HEAD + ROW).of_kind(Kind.CHANGED) == []


def test_a_date_that_lies_ahead_is_planned(table):
    plan = table(MAPPING, HEAD + ROW, today=dt.date(2024, 1, 15))
    assert plan.rows[-1].data["steps"] == [{"kind": "works", "planned_start": "2024-05"}]
    assert "date" not in plan.rows[-1].data["status"][0]


def test_a_planned_start_that_came_keeps_its_plan_beside_the_fact(table):
    table(MAPPING, HEAD + ROW, today=dt.date(2024, 1, 15), write=True)
    plan = table(MAPPING, HEAD + ROW, today=dt.date(2024, 6, 1))
    assert plan.rows[-1].data["steps"] == [{"kind": "works", "planned_start": "2024-05", "actual_start": "2024-05"}]


def test_unknown_keeps_what_is_there_and_is_told_while_nothing_removes_it(table):
    table(MAPPING, HEAD + ROW, write=True)
    plan = table(MAPPING, HEAD + ROW.replace("05/2024", "INCONNU").replace("1 500 €", ""))
    assert plan.of_kind(Kind.CHANGED) == []
    assert sum("gardent une valeur" in text for text in problems(plan)) == 2
    plan = table(MAPPING, HEAD + ROW.replace("05/2024", "AUCUN"))
    (row,) = plan.of_kind(Kind.CHANGED)
    assert [(change.path, change.after) for change in row.changes] == [("steps.works.actual_start", "")]
    assert "steps" not in row.data


def test_a_record_in_the_trash_stays_there(table, store):
    table(MAPPING, HEAD + ROW, write=True)
    store.trash("2024-P7", author="agent-1", when=dt.datetime.now(dt.UTC))
    trashed = {one.record.id: one.record for one in store.trashed()}
    plan = table(MAPPING, HEAD + ROW, trashed=trashed)
    assert plan.writes == []
    assert any("corbeille" in text for text in problems(plan))


def test_a_missing_title_is_a_warning_and_stays_empty(table):
    plan = table(MAPPING, HEAD + ROW.replace("Un banc", ""))
    assert plan.rows[-1].kind is Kind.NEW
    assert plan.rows[-1].title == "Sans titre (n°\u00a02024-P7)"
    assert any("« Titre » manque" in text for text in problems(plan))


def test_two_projects_of_the_same_title_are_told(table):
    plan = table(MAPPING, HEAD + ROW + ROW.replace(";7;", ";8;"))
    assert any("table.csv:3" in text and "même titre" in text for text in problems(plan))


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        (ROW.replace("1 500 €", "cher"), "table.csv:2 : colonne « Budget »", "montant"),
        (ROW.replace("05/2024", "13/2024"), "table.csv:2 : colonne « Travaux »", "pas une date"),
        (ROW.replace("EN COURS", "EN PAUSE"), "table.csv:2 : colonne « État »", "table des états"),
        (ROW.replace(";3;", ";trois;"), "table.csv:2 : colonne « Quartier »", "nombre entier"),
        (ROW.replace("2024;7", "2024;"), "table.csv:2", "« Numéro » est vide"),
        (ROW.replace("2024;7", "2024;../7"), "table.csv:2 : id", "identifiant"),
        (ROW.replace("Un banc", "Un\0banc"), "table.csv:2 : colonne « Titre »", "interdit"),
        (ROW.replace("Un banc", "x" * 300), "table.csv:2 : colonne « Titre »", "caractères"),
        (ROW.replace("\n", ";encore;trop\n"), "table.csv:2", "séparateur"),
    ],
    ids=["amount", "date", "state", "template", "no id", "path as id", "nul", "too long", "ragged"],
)
def test_a_row_in_error_stays_out_with_file_line_and_column_and_the_others_go_in(
    table, store, faults, row, place, words
):
    plan = table(MAPPING, HEAD + row + ROW.replace(";7;", ";8;"), write=True)
    assert [one.kind for one in plan.rows if one.type_name == "project"] == [Kind.ERROR, Kind.NEW]
    assert any(text.startswith(place) and words in text for text in problems(plan)), problems(plan)
    assert [record.id for record in store.snapshot().of_type(Project)] == ["2024-P8"]
    assert faults() == []


def test_the_second_row_of_an_identifier_is_an_error(table):
    plan = table(MAPPING, HEAD + ROW + ROW)
    assert [row.kind for row in plan.rows if row.type_name == "project"] == [Kind.NEW, Kind.ERROR]


def test_a_column_that_the_mapping_needs_and_the_file_lacks_refuses_everything(table):
    with pytest.raises(ImportRefused) as refusal:
        table(MAPPING, HEAD.replace("Budget", "Prix") + ROW)
    (problem,) = refusal.value.problems
    assert (problem.file, problem.line) == ("mapping.yml", 8)
    assert "Budget" in problem.message
    assert "Prix" in problem.hint


def test_names_of_columns_are_recognised_without_accents_and_capitals(table):
    assert table(MAPPING, HEAD.upper().replace("É", "E") + ROW).rows[-1].kind is Kind.NEW


# ---------------------------------------------------------------------------------------------------- people


def test_columns_that_may_name_people_are_never_read_unless_they_hold_organisations(table):
    mapping = 'type: idea\nid: "2024-{n}"\nfields:\n  title: titre\n  owner.organisation: %s\n'
    content = "n;titre;porteur;email;note\n1;Un banc;Amina B.;a@example.org;x\n"
    plan = table(mapping % "porteur", content)
    assert "owner" not in plan.rows[-1].data
    told = problems(plan)
    assert any("« porteur » peut nommer des personnes" in text for text in told)
    assert any("laissées de côté" in text and "email" in text for text in told)
    assert any("ne nomme pas : note" in text for text in told)
    plan = table(mapping % "{column: porteur, organisations: true}", content)
    assert plan.rows[-1].data["owner"] == {"organisation": "Amina B."}


@pytest.mark.parametrize(
    "column",
    [
        "Nom",
        "Prénom",
        "E-mail",
        "courriel du porteur",
        "Téléphone",
        "proposal_author_username",
        "auteur",
        "nom_complet",
    ],
)
def test_these_columns_may_name_people(table, column):
    plan = table(f'type: idea\nid: "2024-{{n}}"\nfields:\n  title: "{column}"\n', f"n;{column}\n1;Amina\n")
    assert "title" not in plan.rows[-1].data


@pytest.mark.parametrize("column", ["Nom du projet", "name", "Titre", "Thème", "mobilité", "Adresse", "Arrondissement"])
def test_these_columns_are_about_things(table, column):
    plan = table(f'type: idea\nid: "2024-{{n}}"\nfields:\n  title: "{column}"\n', f"n;{column}\n1;Un banc\n")
    assert plan.rows[-1].data["title"] == "Un banc"


def test_a_template_cannot_smuggle_a_name_in(table):
    mapping = 'type: idea\nid: "2024-{n}"\nfields:\n  title: {column: titre, template: "{value} de {auteur}"}\n'
    assert "title" not in table(mapping, "n;titre;auteur\n1;Un banc;Amina\n").rows[-1].data
    with pytest.raises(ImportRefused, match="identifiant"):
        table('type: idea\nid: "2024-{auteur}"\nfields:\n  title: titre\n', "titre;auteur\nUn banc;Amina\n")


def test_contacts_in_free_text_are_told_or_taken_out(table):
    mapping = 'type: idea\nid: "2024-{n}"\nfields:\n  need: {column: texte%s}\n'
    content = "n;texte\n1;Écrire à amina@example.org ou au 06 12 34 56 78\n"
    assert any("adresse électronique" in text for text in problems(table(mapping % "", content)))
    plan = table(mapping % ", without_contacts: true", content)
    assert plan.rows[-1].data["need"] == "Écrire à (…) ou au (…)"


# ---------------------------------------------------------------------------------------------------- other shapes


def test_a_value_that_does_not_fit_can_be_left_out_with_a_warning(table):
    mapping = 'type: project\nid: "2024-P{n}"\nif_wrong: warning\nfields:\n  title: t\n  cost: c\n'
    plan = table(mapping, "n;t;c\n1;Un banc;cher\n")
    assert plan.rows[-1].kind is Kind.NEW
    assert plan.rows[-1].data == {"title": "Un banc"}
    assert any("montant" in text for text in problems(plan))


def test_a_value_missing_from_its_table_is_an_error(table):
    mapping = 'type: project\nid: "2024-P{n}"\nfields:\n  priority_area: {column: q, values: {O: "true", N: "false"}}\n'
    plan = table(mapping, "n;q\n1;O\n2;peut-être\n")
    assert [row.kind for row in plan.rows[1:]] == [Kind.NEW, Kind.ERROR]


def test_a_reference_that_leads_nowhere_is_an_error(table):
    plan = table('type: project\nid: "2024-P{n}"\nfields:\n  title: t\n  zone: z\n', "n;t;z\n1;Un banc;nulle-part\n")
    assert plan.rows[-1].kind is Kind.ERROR
    assert any("nulle-part" in text for text in problems(plan))


def test_only_the_rows_that_are_asked_for_are_taken(table):
    mapping = 'type: idea\nid: "2024-{n}"\nonly: {sorte: proposition}\nfields:\n  title: t\n'
    plan = table(mapping, "n;t;sorte\n1;Un banc;Proposition\n2;Bravo;commentaire\n")
    assert [row.id for row in plan.rows] == ["2024", "2024-1"]
    assert any("1 lignes" in text for text in problems(plan))


def test_a_condition_decides_between_a_place_and_the_whole_territory(table):
    mapping = (
        'type: project\nid: "2024-P{n}"\nfields:\n  place: {value: whole_territory, when: {portée: ville}}\n'
        "  place.address: {column: adresse, when: {portée: quartier}}\n"
    )
    plan = table(mapping, "n;portée;adresse\n1;Ville;Hôtel de Ville\n2;quartier;1 rue Haute\n")
    assert [row.data["place"] for row in plan.rows[1:]] == ["whole_territory", {"address": "1 rue Haute"}]


def test_services_and_zones_can_be_imported_themselves(table, store, faults):
    mapping = 'type: service\nid: "{code:slug}"\nfields:\n  title: libellé\n'
    table(mapping, "code;libellé\nDVD;Voirie\n", write=True)
    plan = table(mapping, "code;libellé\nDVD;Voirie et déplacements\n", write=True)
    assert [row.kind for row in plan.rows] == [Kind.CHANGED]
    assert store.snapshot().get("dvd").data == {"id": "dvd", "title": "Voirie et déplacements"}
    assert faults() == []


def test_an_identifier_of_another_type_is_an_error(table):
    table('type: page\nid: "{n}"\nfields:\n  title: t\n  body: t\n', "n;t\n2024;Une page\n", write=True)
    plan = table(
        'type: article\nid: "{n}"\nfields:\n  title: t\n  date: {value: 2024-05-12}\n', "n;t\n2024;Un article\n"
    )
    assert [row.kind for row in plan.rows] == [Kind.ERROR]


def test_html_becomes_markdown(table):
    mapping = 'type: project\nid: "2024-P{n}"\nfields:\n  description: {column: d, html: true}\n'
    content = 'n;d\n1;<p>Un <b>banc</b></p><script>alert(1)</script><a href="javascript:x">ici</a>\n'
    assert table(mapping, content).rows[-1].data["description"] == "Un **banc**\n\nici"


def test_dates_in_other_orders_are_read_by_their_format(table):
    mapping = 'type: idea\nid: "2024-{n}"\nfields:\n  received: {column: d, formats: ["%m-%d-%Y", "%Y, %B"]}\n'
    plan = table(mapping, "n;d\n1;05-12-2024\n")
    assert plan.rows[-1].data["received"] == "2024-05-12"


@pytest.mark.parametrize(
    ("cell", "day"),
    [("45728", "2025-03-12"), ("45728.75", "2025-03-12"), ("12/03/2025", "2025-03-12"), ("2025", "2025")],
)
def test_a_day_that_a_spreadsheet_program_counts_is_that_day(table, store, cell, day):
    table(MAPPING, HEAD + ROW.replace("05/2024", cell), write=True)
    assert store.snapshot().get("2024-P7").data["steps"] == [{"kind": "works", "actual_start": day}]
