"""Checks of one record: links, files, life cycle, dates, money, contacts."""

from __future__ import annotations

import pytest

from participation.checks import check_record, known_contacts
from participation.layout import path_for
from participation.problems import Severity
from participation.records import TYPES, Instance, Service

THERE = {
    ("edition", "2021"),
    ("theme", "2021/nature"),
    ("zone", "nord"),
    ("service", "parcs"),
    ("project", "2021-P1"),
    ("idea", "2021-0001"),
    ("idea", "2021-0002"),
    ("event", "2021-E1"),
    ("page", "regles"),
    ("media", "pont.webp"),
}
IDS = {"project": "2021-P1", "idea": "2021-0001", "event": "2021-E1", "edition": "2021", "instance": "instance"}


def record_of(type_name, **data):
    id = IDS.get(type_name, f"{type_name}-1")
    return TYPES[type_name](data, id=id, path=path_for(type_name, id))


def told(type_name, known=frozenset(), **data):
    """Field and words of every problem; warnings have a question mark before their field."""
    problems = check_record(record_of(type_name, **data), lambda *asked: asked in THERE, known)
    assert {problem.file for problem in problems} <= {record_of(type_name).path}
    return [("?" * (p.severity is Severity.WARNING) + p.field, p.message) for p in problems]


@pytest.mark.parametrize(
    ("type_name", "data"),
    [
        (
            "idea",
            {"theme": "nature", "zone": "nord", "service": "parcs", "project": "2021-P1", "related": ["2021-0002"]},
        ),
        (
            "project",
            {
                "theme": "nature",
                "zone": "nord",
                "ideas": ["2021-0001"],
                "photos": [{"file": "pont.webp", "alt": "Un pont"}],
            },
        ),
        ("event", {"zone": "nord", "edition": "2021", "projects": ["2021-P1"], "ideas": ["2021-0001"]}),
        ("article", {"edition": "2021", "projects": ["2021-P1"], "events": ["2021-E1"], "zone": "nord"}),
        ("edition", {"envelopes": [{"zone": "nord", "theme": "nature", "amount": "5"}], "themes": [{"id": "nature"}]}),
        ("instance", {"current_edition": "2021", "menu": [{"page": "regles"}], "look": {"logo": "pont.webp"}}),
    ],
)
def test_links_that_lead_somewhere_are_no_problem(type_name, data):
    assert told(type_name, **data) == []


@pytest.mark.parametrize(
    ("type_name", "data", "field", "words"),
    [
        ("idea", {"theme": "sport"}, "theme", "«\u00a0Thème\u00a0»\u00a0: «\u00a0sport\u00a0» n’existe pas."),
        ("idea", {"zone": "sud"}, "zone", "«\u00a0Quartier ou canton\u00a0»\u00a0: «\u00a0sud\u00a0» n’existe pas."),
        (
            "idea",
            {"project": "2021-P9"},
            "project",
            "«\u00a0Projet issu de l’idée\u00a0»\u00a0: «\u00a02021-P9\u00a0» n’existe pas.",
        ),
        (
            "idea",
            {"related": ["2021-0002", "2021-9"]},
            "related.2",
            "«\u00a0Idées proches\u00a0»\u00a0: «\u00a02021-9\u00a0» n’existe pas.",
        ),
        (
            "idea",
            {"merged_into": "2021-0001"},
            "merged_into",
            "«\u00a0Réunie avec l’idée\u00a0»\u00a0: la fiche se désigne elle-même.",
        ),
        (
            "project",
            {"service": "x"},
            "service",
            "«\u00a0Service responsable\u00a0»\u00a0: «\u00a0x\u00a0» n’existe pas.",
        ),
        (
            "project",
            {"photos": [{"file": "a.webp", "alt": "Un banc"}]},
            "photos.1.file",
            "Le fichier «\u00a0media/a.webp\u00a0» manque.",
        ),
        (
            "project",
            {"scenarios": [{"image": "b.svg"}]},
            "scenarios.1.image",
            "Le fichier «\u00a0media/b.svg\u00a0» manque.",
        ),
        ("event", {"edition": "1999"}, "edition", "«\u00a0Édition\u00a0»\u00a0: «\u00a01999\u00a0» n’existe pas."),
        (
            "edition",
            {"envelopes": [{"zone": "sud", "amount": "5"}]},
            "envelopes.1.zone",
            "«\u00a0Quartier ou canton\u00a0»\u00a0: «\u00a0sud\u00a0» n’existe pas.",
        ),
        (
            "edition",
            {"submission": {"paper": "f.pdf"}},
            "submission.paper",
            "Le fichier «\u00a0media/f.pdf\u00a0» manque.",
        ),
        (
            "instance",
            {"menu": [{"page": "x"}]},
            "menu.1.page",
            "«\u00a0Page\u00a0»\u00a0: «\u00a0x\u00a0» n’existe pas.",
        ),
    ],
)
def test_a_link_that_leads_nowhere_is_an_error_at_its_field(type_name, data, field, words):
    assert told(type_name, **data) == [(field, words)]


def test_a_missing_edition_is_one_error_and_its_themes_are_not_asked_for():
    idea = TYPES["idea"]({"theme": "x"}, id="1999-1", path=path_for("idea", "1999-1"))
    (problem,) = check_record(idea, lambda *asked: asked in THERE)
    assert (problem.message, problem.field) == ("L’édition «\u00a01999\u00a0» n’existe pas.", "")
    assert problem.hint == "Créez le fichier editions/1999/edition.yml."


# ---------------------------------------------------------------------------------------------- life cycle


@pytest.mark.parametrize(
    ("type_name", "data", "problems"),
    [
        ("project", {"status": [{"state": "winner"}, {"state": "winner"}, {"state": "design"}]}, []),
        ("project", {"status": [{"state": "works", "date": "2024"}, {"state": "delivered", "date": "2024-05"}]}, []),
        (
            "project",
            {"status": [{"state": "winner"}, {"state": "deliverd"}, {"state": "works"}]},
            [("status.2.state", "L’état «\u00a0deliverd\u00a0» n’existe pas.")],
        ),
        (
            "project",
            {"status": [{"state": "on_ballot"}, {"state": "works"}]},
            [
                (
                    "?status.2.state",
                    "«\u00a0En travaux\u00a0» ne suit pas «\u00a0Soumis au vote\u00a0» dans le cycle de vie.",
                )
            ],
        ),
        (
            "project",
            {"status": [{"state": "winner", "date": "2024-05"}, {"state": "design", "date": "2024-04-30"}]},
            [("?status.2.date", "Cet état est daté d’avant le précédent.")],
        ),
        (
            "project",
            {"status": [{"state": "winner"}, {"state": "abandoned"}]},
            [
                ("?status.2.reason", "L’état «\u00a0Abandonné\u00a0» demande une raison pour le public."),
                ("?money_goes_to", "L’état «\u00a0Abandonné\u00a0» demande aussi «\u00a0Où va l’argent\u00a0»."),
            ],
        ),
        (
            "idea",
            {"status": [{"state": "infeasible"}]},
            [("?status.1.reason", "L’état «\u00a0Non réalisable\u00a0» demande une raison pour le public.")],
        ),
        (
            "idea",
            {"status": [{"state": "on_ballot"}]},
            [("?project", "L’état «\u00a0Soumise au vote\u00a0» demande aussi «\u00a0Projet issu de l’idée\u00a0».")],
        ),
    ],
)
def test_the_history_of_states_follows_the_table(type_name, data, problems):
    assert told(type_name, **data) == problems


# ----------------------------------------------------------------------------------------- dates and money


@pytest.mark.parametrize(
    ("type_name", "data", "problems"),
    [
        (
            "project",
            {"steps": [{"kind": "works", "actual_start": "2024-06", "actual_end": "2024-05"}]},
            [("?steps.1.actual_end", "L’étape «\u00a0Travaux\u00a0» finit avant d’avoir commencé.")],
        ),
        (
            "project",
            {"steps": [{"kind": "other", "title": "Fête", "planned_start": "2024-06-02", "planned_end": "2024-06-01"}]},
            [("?steps.1.planned_end", "L’étape «\u00a0Fête\u00a0» finit avant d’avoir commencé.")],
        ),
        ("project", {"steps": [{"kind": "works", "actual_start": "2024-06-15", "actual_end": "2024"}]}, []),
        ("event", {"start": "2024-05-12T18:30", "end": "2024-05-12"}, []),
        (
            "event",
            {"start": "2024-05-12T18:30", "end": "2024-05-12T18:29"},
            [("end", "Le rendez-vous finit avant d’avoir commencé.")],
        ),
        (
            "event",
            {
                "start": "2024-05-12",
                "exceptions": [{"occurrence": "2024-05-19", "start": "2024-05-20", "end": "2024-05-18"}],
            },
            [("exceptions.1.end", "Le rendez-vous finit avant d’avoir commencé.")],
        ),
        (
            "project",
            {"budget_voted": "45000", "budget_paid": "45000.01", "budget_committed": "45000"},
            [("?budget_paid", "Le montant payé (45\u202f000,01\u00a0€) dépasse le budget (45\u202f000\u00a0€).")],
        ),
        ("project", {"budget_voted": "45000", "budget_revised": "52000", "budget_paid": "50000"}, []),
        ("project", {"budget_paid": "50000"}, []),
    ],
)
def test_dates_and_amounts_make_sense(type_name, data, problems):
    assert told(type_name, **data) == problems


def phases(*rows):
    return {"phases": [dict(zip(("phase", "start", "end"), row, strict=False)) for row in rows]}


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (phases(("ideas", "2024-01", "2024-02"), ("study", "2024-02", "2024-05"), ("vote", "2024-06")), []),
        (
            phases(("vote", "2024-06-10", "2024-06-01")),
            [("phases.1.end", "La phase «\u00a0Vote\u00a0» finit avant d’avoir commencé.")],
        ),
        (
            phases(("ideas", "2024-01", "2024-03-31"), ("study", "2024-03-01", "2024-05")),
            [
                (
                    "?phases.2.start",
                    "La phase «\u00a0Étude\u00a0» commence avant la fin de «\u00a0Dépôt des idées\u00a0».",
                )
            ],
        ),
        (
            phases(("vote", "2024-06"), ("ideas", "2024-01")),
            [
                (
                    "?phases.2.phase",
                    "La phase «\u00a0Dépôt des idées\u00a0» vient après «\u00a0Vote\u00a0», dans un ordre inhabituel.",
                )
            ],
        ),
        (
            phases(("vote", "2024-06"), ("vote", "2024-07")),
            [
                (
                    "?phases.2.phase",
                    "La phase «\u00a0Vote\u00a0» vient après «\u00a0Vote\u00a0», dans un ordre inhabituel.",
                )
            ],
        ),
        (
            {"themes": [{"id": "nature"}, {"id": "nature"}]},
            [("themes.2.id", "Le thème «\u00a0nature\u00a0» est déclaré deux fois.")],
        ),
        (
            {"envelopes": [{"zone": "nord", "amount": "5"}, {"zone": "nord", "amount": "6"}]},
            [("envelopes.2", "Une autre enveloppe existe déjà pour la même zone et le même thème.")],
        ),
        ({"envelopes": [{"zone": "nord", "label": "Jeunes", "amount": "5"}, {"zone": "nord", "amount": "6"}]}, []),
        (
            {"budget": "100000", "envelopes": [{"zone": "nord", "amount": "60000"}, {"amount": "30000.50"}]},
            [
                (
                    "?envelopes",
                    "Les enveloppes font 90\u202f000,50\u00a0€, le budget de l’édition est de 100\u202f000\u00a0€.",
                )
            ],
        ),
        ({"budget": "90000.50", "envelopes": [{"zone": "nord", "amount": "60000"}, {"amount": "30000.50"}]}, []),
    ],
)
def test_an_edition_makes_sense(data, problems):
    assert told("edition", **data) == problems


# ------------------------------------------------------------------------------------------------ contacts

EMAIL = "Ce texte contient une adresse électronique."
PHONE = "Ce texte contient un numéro de téléphone."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Écrire à amina.b+bp@exemple.fr.", EMAIL),
        ("amina (at) exemple.fr", EMAIL),
        ("amina arobase exemple point fr", EMAIL),
        ("06 12 34 56 78", PHONE),
        ("Tél. : 06.12.34.56.78.", PHONE),
        ("0612345678", PHONE),
        ("06-12-34-56-78, le soir", PHONE),
        ("06/12/34/56/78", PHONE),
        ("06\u00a012\u202f34 56 78", PHONE),
        ("+33 6 12 34 56 78", PHONE),
        ("+33 (0)6 12 34 56 78", PHONE),
        ("+33612345678", PHONE),
        ("0033 6 12 34 56 78", PHONE),
        ("(+32) ou +32 475 12 34 56", PHONE),
        ("+590 690 12 34 56", PHONE),
        ("En 2024, 45 000 € et 1 250 voix, soit +12 000 000 000 €", None),
        ("Le 01/02/2024 de 10 h 30 à 12 h 00", None),
        ("SIRET 217 500 016 00019, parcelle 0123", None),
        ("https://exemple.fr/fiche/0612345678?a=b@c.fr", None),
        ("39 39, ou 0 800 123 456", None),
        ("RGPD : contact (attention) et chez soi", None),
    ],
)
def test_contacts_in_a_free_text_are_a_warning(text, problem):
    assert told("project", description=text) == ([("?description", problem)] if problem else [])


def test_every_free_text_is_looked_at_whatever_its_depth_and_language():
    phone = "06 12 34 56 78"
    data = {
        "title": {"fr": "Pont", "en": f"Bridge {phone}"},
        "partners": ["Ville", phone],
        "owner": {"organisation": phone},
        "place": {"name": phone, "address": "1 rue"},
        "steps": [{"kind": "works", "note": phone}],
        "status": [{"state": "winner", "note": phone}],
        "note": phone,
    }
    fields = [field for field, _words in told("project", **data)]
    assert fields == [
        "?title.en",
        "?partners.2",
        "?owner.organisation",
        "?place.name",
        "?steps.1.note",
        "?status.1.note",
        "?note",
    ]


def test_identifiers_addresses_and_contact_fields_may_look_like_contacts():
    uid = "06 12 34 56 78 bp@exemple.fr"
    assert told("event", uid=uid, origin={"id": uid}, website="https://exemple.fr/0612345678") == []
    assert told("event", registration={"instructions": uid}) == []
    assert told("instance", contact={"email": "bp@ville.fr", "phone": "01 23 45 67 89"}, legal={"host": uid}) == []


def test_the_official_contacts_may_stand_anywhere_however_they_are_spelt():
    known = known_contacts(
        [
            Instance({"contact": {"email": "BP@ville.fr", "phone": "01 23 45 67 89"}}, id="instance"),
            Service({"id": "parcs", "email": "parcs@ville.fr"}),
        ]
    )
    text = "bp@Ville.fr, parcs@ville.fr, 01.23.45.67.89 ou +33 (0)1 23 45 67 89"
    assert told("project", known, description=text) == []
    assert told("project", known, description=f"{text}, amina@ville.fr") == [("?description", EMAIL)]


def test_a_record_of_several_in_a_file_is_named_in_the_field():
    service = Service({"id": "parcs", "title": "Parcs", "note": "06 12 34 56 78"}, path="services.yml")
    (problem,) = check_record(service, lambda *_asked: True)
    assert (problem.file, problem.field) == ("services.yml", "parcs.note")


def test_a_photo_without_words_for_those_who_do_not_see_it_is_an_error_at_its_field():
    photos = [{"file": "pont.webp", "alt": "Un pont"}, {"file": "pont.webp"}]
    assert told("article", photos=photos) == [("photos.2.alt", "Cette photo n’a pas de texte de remplacement.")]
