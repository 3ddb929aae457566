"""Changes read as sentences."""

from __future__ import annotations

import pytest

from participation import journal
from participation.journal import Voice, sentences
from participation.records import Idea, Project, Service

LONG = "Un jardin ouvert à toutes et à tous, avec des bancs, des carrés potagers et un composteur collectif."


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            {"budget_voted": "45000"},
            {"budget_voted": "52000"},
            ["Le budget voté passe de 45\u202f000\u00a0€ à 52\u202f000\u00a0€."],
        ),
        ({}, {"budget_voted": "45000"}, ["«\u00a0Budget voté\u00a0»\u00a0: 45\u202f000\u00a0€."]),
        (
            {"budget_voted": "45000"},
            {},
            ["«\u00a0Budget voté\u00a0»\u00a0: effacé, la valeur était 45\u202f000\u00a0€."],
        ),
        (
            {"title": "Bancs"},
            {"title": "Bancs publics"},
            ["Le titre passe de «\u00a0Bancs\u00a0» à «\u00a0Bancs publics\u00a0»."],
        ),
        (
            {"zone": "croix"},
            {"zone": "tanneries"},
            ["Le quartier passe de «\u00a0Croix-Blanche\u00a0» à «\u00a0Les Tanneries\u00a0»."],
        ),
        ({"priority_area": False}, {"priority_area": True}, ["Le quartier prioritaire passe de non à oui."]),
        ({}, {"description": LONG}, ["«\u00a0Description\u00a0»\u00a0: texte ajouté (mots\u00a0: 18)."]),
        (
            {"description": LONG},
            {"description": LONG.replace("des bancs", "trois bancs neufs")},
            ["«\u00a0Description\u00a0»\u00a0: texte modifié (mots ajoutés\u00a0: 2, retirés\u00a0: 1)."],
        ),
        (
            {"description": "a b"},
            {"description": "a  b"},
            ["«\u00a0Description\u00a0»\u00a0: mise en forme du texte modifiée."],
        ),
        (
            {"partners": ["Les Lilas", "Emmaüs"]},
            {"partners": ["Les Lilas", "Le Relais"]},
            [
                "«\u00a0Partenaires\u00a0»\u00a0: ajout de «\u00a0Le Relais\u00a0».",
                "«\u00a0Partenaires\u00a0»\u00a0: retrait de «\u00a0Emmaüs\u00a0».",
            ],
        ),
        ({"partners": ["a", "b"]}, {"partners": ["b", "a"]}, ["«\u00a0Partenaires\u00a0»\u00a0: ordre modifié."]),
        ({}, {"ideas": ["2021-0001"]}, ["«\u00a0Idées d’origine\u00a0»\u00a0: ajout de «\u00a02021-0001\u00a0»."]),
        (
            {"owner": {"kind": "association"}},
            {"owner": {"kind": "association", "organisation": "Les Lilas"}},
            ["«\u00a0Idée de\u00a0», nom de l’organisation\u00a0: «\u00a0Les Lilas\u00a0»."],
        ),
        (
            {"place": "whole_territory"},
            {"place": {"name": "Jardin"}},
            ["Le lieu passe de «\u00a0tout le territoire\u00a0» à «\u00a0Jardin\u00a0»."],
        ),
        (
            {"photos": []},
            {"photos": [{"file": "a.webp", "alt": "les deux premières plantations"}]},
            ["Photo ajoutée\u00a0: «\u00a0les deux premières plantations\u00a0»."],
        ),
        (
            {"steps": [{"kind": "works", "planned_end": "2025-12"}, {"kind": "delivery", "planned_end": "2025-12"}]},
            {
                "steps": [
                    {"kind": "works", "planned_end": "2025-12", "actual_start": "2025-05-12"},
                    {"kind": "delivery", "planned_end": "2026-02"},
                    {"kind": "inauguration"},
                ]
            },
            [
                "Étape «\u00a0Travaux\u00a0» commencée (12\u00a0mai 2025).",
                "La livraison passe de décembre 2025 à février 2026.",
                "Étape «\u00a0Inauguration\u00a0» ajoutée.",
            ],
        ),
        (
            {"steps": [{"kind": "works", "planned_end": "2025"}]},
            {"steps": [{"kind": "works", "planned_end": "2026"}]},
            ["Étape «\u00a0Travaux\u00a0», fin prévue passe de 2025 à 2026."],
        ),
        (
            {"status": [{"state": "design"}]},
            {"status": [{"state": "design"}, {"state": "works", "date": "2024-05-12"}]},
            ["L’état passe de «\u00a0À l’étude\u00a0» à «\u00a0En travaux\u00a0»."],
        ),
        (
            {},
            {"status": [{"state": "works", "visible_from": "2024-05-12T08:00:00+02:00"}]},
            ["L’état est maintenant «\u00a0En travaux\u00a0». À ne pas publier avant le 12\u00a0mai 2024, 8\u00a0h."],
        ),
        (
            {"status": [{"state": "works"}]},
            {"status": [{"state": "suspended"}]},
            ["État «\u00a0Suspendu\u00a0», état passe de «\u00a0En travaux\u00a0» à «\u00a0Suspendu\u00a0»."],
        ),
        (
            {"documents": [{"title": "Plan", "url": "https://a.fr"}]},
            {"documents": [{"title": "Plan", "url": "https://b.fr"}, {"title": "Devis"}]},
            [
                "Document «\u00a0Plan\u00a0», adresse web passe de «\u00a0https://a.fr\u00a0» à «\u00a0https://b.fr\u00a0».",
                "«\u00a0Documents\u00a0»\u00a0: ajout de «\u00a0Devis\u00a0».",
            ],
        ),
        (
            {"documents": [{"title": "a"}, {"title": "b"}]},
            {"documents": [{"title": "b"}, {"title": "a"}]},
            ["«\u00a0Documents\u00a0»\u00a0: ordre modifié."],
        ),
        ({"title": "a"}, {"title": "a"}, []),
    ],
)
def test_each_change_of_a_project_reads_as_a_sentence(before, after, said):
    voice = Voice(name_of=lambda _type, code: {"croix": "Croix-Blanche", "tanneries": "Les Tanneries"}.get(code, code))
    assert sentences(Project, before, after, voice) == said


def test_whole_records_have_their_sentences():
    idea = Idea({"title": "Un banc"}, id="2021-0042")
    assert journal.created(idea) == "Fiche créée\u00a0: idée «\u00a0Un banc\u00a0»."
    assert journal.trashed(Service({"id": "voirie"})) == (
        "Fiche mise à la corbeille\u00a0: service «\u00a0Sans titre (n°\u00a0voirie)\u00a0»."
    )


def test_several_sentences_make_one_line():
    assert journal.summary([]) == ""
    assert journal.summary(["A."]) == "A."
    assert journal.summary(["A.", "B."]) == "A. B."
    assert journal.summary(["A.", "B.", "C."]) == "A. Et 2 autres changements."


def test_english_readers_get_english_figures_and_quotation_marks():
    voice = Voice(
        "en", {"%(subject)s passe de %(before)s à %(after)s.": "%(subject)s: from %(before)s to %(after)s."}.get
    )
    assert sentences(Project, {"budget_voted": "45000"}, {"budget_voted": "52000.5"}, Voice("en")) == [
        "Le budget voté passe de €45,000 à €52,000.50."
    ]
    assert voice.quote("a") == "“a”"
