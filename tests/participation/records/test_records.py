"""Whole records: checking raw nested text, needs, order, copies, titles."""

from __future__ import annotations

import pytest

from participation.problems import Severity
from participation.records import TYPES, Edition, Idea, Project
from participation.records.base import check_raw
from participation.records.fields import Required


def told(record_type, raw):
    """Field, severity and words of every problem."""
    return [(p.field, p.severity.value, p.message) for p in check_raw(record_type, raw).problems]


@pytest.mark.parametrize(
    ("raw", "problems"),
    [
        ({}, [("title", "warning", "«\u00a0Titre\u00a0» manque.")]),
        ({"title": "  \u00a0 "}, [("title", "warning", "«\u00a0Titre\u00a0» manque.")]),
        (
            {"title": ["x"]},
            [("title", "error", "Un texte simple est attendu ici, pas une liste ni un groupe de clés.")],
        ),
        ({"title": "x", "colour": "y"}, [("colour", "warning", "La clé «\u00a0colour\u00a0» est inconnue.")]),
        ({"title": "x", "owner": "Amina"}, [("owner", "error", "Un groupe de clés est attendu ici.")]),
        (
            {"title": "x", "owner": {"name": "A"}},
            [("owner.name", "warning", "La clé «\u00a0name\u00a0» est inconnue.")],
        ),
        (
            {"title": "x", "photos": {"file": "a"}},
            [("photos", "error", "Une liste de groupes est attendue ici, de 500 lignes au plus.")],
        ),
        ({"title": "x", "photos": [{"alt": "un pont"}]}, [("photos.1.file", "error", "«\u00a0Fichier\u00a0» manque.")]),
        ({"title": "x", "photos": ["a.webp"]}, [("photos.1", "error", "Un groupe de clés est attendu ici.")]),
        (
            {"title": "x", "photos": [{"file": "é"}]},
            [("photos.1.file", "error", "Ce nom de fichier n’est pas utilisable.")],
        ),
        ({"title": "x", "status": [{"date": "2024"}]}, [("status.1.state", "error", "«\u00a0État\u00a0» manque.")]),
        ({"title": "x", "related": {"a": "b"}}, [("related", "error", "Une liste est attendue ici.")]),
        (
            {"title": "x", "related": ["a", ["b"]]},
            [("related.2", "error", "Un texte simple est attendu ici, pas une liste ni un groupe de clés.")],
        ),
        ({"title": "x", "related": ["a"] * 501}, [("related", "error", "La liste est trop longue.")]),
        (
            {"title": "x", "place": ["a"]},
            [("place", "error", "Écrivez whole_territory, ou un groupe name, address, longitude, latitude.")],
        ),
        (
            {"title": "x", "place": {"street": "a"}},
            [("place.street", "warning", "Cette clé n’existe pas dans un lieu.")],
        ),
        (
            {"title": "x", "place": {"longitude": "2.3"}},
            [("place", "error", "Un point a besoin de ses deux coordonnées.")],
        ),
        *(
            (
                {"title": "x", "place": {"longitude": degrees, "latitude": "48"}},
                [
                    ("place.longitude", "error", "Cette coordonnée n’est pas un nombre de degrés possible."),
                    ("place", "error", "Un point a besoin de ses deux coordonnées."),
                ],
            )
            for degrees in ("181", "nan", "inf", "1_0", "est", "1e1", "٢")
        ),
    ],
)
def test_a_fault_is_told_with_its_field(raw, problems):
    assert told(Idea, raw) == problems


@pytest.mark.parametrize("empty", ["", {}, []])
def test_a_key_without_a_value_is_as_if_it_were_not_there(empty):
    raw = {"title": "x", "photos": empty, "owner": empty, "place": empty, "cost": ""}
    checked = check_raw(Idea, raw)
    assert (checked.data, checked.problems) == ({"title": "x"}, [])


def test_data_come_back_in_the_declared_order():
    raw = {"note": "n", "cost": "1", "title": "t", "summary": "s"}
    assert list(check_raw(Idea, raw).data) == ["title", "summary", "cost", "note"]


def test_a_faulty_value_does_not_take_the_others_with_it():
    checked = check_raw(
        Project, {"title": "Pont", "votes": "beaucoup", "steps": [{"kind": "works", "planned_end": "?"}]}
    )
    assert checked.data == {"title": "Pont", "steps": [{"kind": "works"}]}
    assert [problem.field for problem in checked.problems] == ["votes", "steps.1.planned_end"]


def test_coordinates_may_be_typed_with_a_comma():
    checked = check_raw(Idea, {"title": "x", "place": {"longitude": "2,35", "latitude": "+48,85"}})
    assert checked.data["place"] == {"longitude": "2.35", "latitude": "48.85"}
    place = Idea(checked.data, id="2021-1").place
    assert (place.longitude, place.latitude, place.located) == (2.35, 48.85, True)


def test_what_publication_needs_holds_the_record_back():
    (problem,) = check_raw(TYPES["article"], {"title": "x"}).problems
    assert (problem.field, problem.severity, problem.hint) == (
        "date",
        Severity.ERROR,
        "La fiche attend cette information pour être publiée.",
    )


def test_typed_values_come_from_the_declarations():
    edition = Edition({"budget": "45000", "phases": [{"phase": "vote", "start": "2024-05"}]}, id="2024")
    assert edition.budget == 45000
    assert str(edition.phases[0].start) == "2024-05"
    assert edition.currency == "EUR"
    assert edition.submission.url == ""


def test_a_copy_has_the_changes_and_the_declared_order():
    idea = Idea({"title": "a", "cost": "5", "note": "n"}, id="2021-1", path="p", blob="b")
    changed = idea.with_data({"summary": "s", "cost": None})
    assert (list(changed.data.items()), changed.id, changed.path, changed.blob) == (
        [("title", "a"), ("summary", "s"), ("note", "n")],
        "2021-1",
        "p",
        "b",
    )
    assert idea.data["cost"] == "5"


def test_a_record_without_a_title_says_so():
    assert Project({}, id="2014-2204").display_title == "Sans titre (n°\u00a02014-2204)"
    assert Project({"title": {"fr": "Pont", "en": "Bridge"}}, id="x").display_title == "Pont"


def test_records_are_equal_by_type_and_data():
    assert Idea({"title": "a"}) == Idea({"title": "a"}, id="other")
    assert Idea({"title": "a"}) != Project({"title": "a"})
    assert Idea({"title": "a"}) != Idea({"title": "b"})


def test_missing_needs_are_told_by_level():
    assert [field.name for field in Idea({}).missing(Required.ADVISED)] == ["title"]
    assert [field.name for field in TYPES["event"]({}).missing(Required.PUBLISH)] == ["start"]


def test_an_idea_and_a_project_belong_to_the_edition_of_their_identifier():
    assert (Idea({}, id="2021-0042").edition, Project({}, id="2021-P007").edition) == ("2021", "2021")
