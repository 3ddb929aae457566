"""Each kind of field: what people type, what is stored, how it is shown and offered again, and what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.records import TYPES
from participation.records.containers import Group, Part, PlaceField, Refs, Rows, Texts
from participation.records.fields import Field, Refused, Required
from participation.records.figures import Date, Day, Instant, Integer, Money, When
from participation.records.instance import Colour
from participation.records.texts import Choice, Code, Flag, Markdown, Media, Note, Ref, Text, TimeZone, Url
from participation.values import Moment, PartialDate, Place
from tests.participation.generated import typed

TEXT = Text("Titre")
KINDS = Choice("Type", options={"workshop": "Atelier", "other": "Autre"})


@pytest.mark.parametrize(
    ("field", "text", "plain", "value", "words", "edited"),
    [
        (TEXT, "  Un  jardin\n ", "Un jardin", "Un jardin", "Un jardin", "Un jardin"),
        (TEXT, "Où\u202f? «\u00a0Ici\u00a0»", "Où\u202f? «\u00a0Ici\u00a0»", "Où\u202f? «\u00a0Ici\u00a0»", None, None),
        (Markdown("T"), "a  \r\n\r\n* b\r\n", "a\n\n* b", "a\n\n* b", "a\n\n* b", "a\n\n* b"),
        (Note("N"), " a\nb ", "a\nb", "a\nb", "a\nb", "a\nb"),
        (Code("C"), "01004", "01004", "01004", "01004", "01004"),
        (Ref("R", to="zone"), " nord ", "nord", "nord", "nord", "nord"),
        (Colour("C"), "#0A7c5b", "#0A7c5b", "#0A7c5b", "#0A7c5b", "#0A7c5b"),
        (TimeZone("F"), "Europe/Paris", "Europe/Paris", "Europe/Paris", "Europe/Paris", "Europe/Paris"),
        (Url("U"), "www.ville.fr/x", "https://www.ville.fr/x", "https://www.ville.fr/x", None, None),
        (Media("M"), "/media/2021/pont.webp", "2021/pont.webp", "2021/pont.webp", None, None),
        (Media("M"), "media/media/pont.webp", "pont.webp", "pont.webp", None, None),
        (KINDS, "ATELIER", "workshop", "workshop", "Atelier", "workshop"),
        (KINDS, "other", "other", "other", "Autre", "other"),
        (Flag("F"), "Oui", True, True, "oui", "true"),
        (Flag("F"), "no", False, False, "non", "false"),
        (Integer("I"), "1 250", 1250, 1250, "1\u202f250", "1250"),
        (Integer("I"), "1\u202f250", 1250, 1250, "1\u202f250", "1250"),
        (Money("M"), "45000", "45000", Decimal(45000), "45\u202f000\u00a0€", "45\u202f000"),
        (Money("M"), "45 000 €", "45000", Decimal(45000), "45\u202f000\u00a0€", "45\u202f000"),
        (Money("M"), "1.234.567,5 euros", "1234567.50", Decimal("1234567.50"), "1\u202f234\u202f567,50\u00a0€", None),
        (Money("M"), "007", "7", Decimal(7), "7\u00a0€", "7"),
        (Money("M"), "12,00", "12", Decimal(12), "12\u00a0€", "12"),
        (Money("M"), "0", "0", Decimal(0), "0\u00a0€", "0"),
        (Date("D"), "12/05/2024", "2024-05-12", PartialDate(2024, 5, 12), "12\u00a0mai 2024", "12/05/2024"),
        (Date("D"), "1er août 2024", "2024-08-01", PartialDate(2024, 8, 1), "1er\u00a0août 2024", "01/08/2024"),
        (Date("D"), "sept. 2024", "2024-09", PartialDate(2024, 9), "septembre 2024", "09/2024"),
        (Date("D"), "05/2024", "2024-05", PartialDate(2024, 5), "mai 2024", "05/2024"),
        (Date("D"), "2024", "2024", PartialDate(2024), "2024", "2024"),
        (Day("D"), "29-02-2024", "2024-02-29", PartialDate(2024, 2, 29), "29\u00a0février 2024", "29/02/2024"),
        (
            When("W"),
            "12/05/2024",
            "2024-05-12",
            Moment(dt.date(2024, 5, 12)),
            "dimanche 12\u00a0mai 2024",
            "12/05/2024",
        ),
        (
            When("W"),
            "12 OCTOBRE 2024 à 18h30",
            "2024-10-12T18:30",
            Moment(dt.date(2024, 10, 12), dt.time(18, 30)),
            "samedi 12\u00a0octobre 2024, 18\u00a0h\u00a030",
            "12/10/2024 18:30",
        ),
        (
            When("W"),
            "2024-05-12T18:30:15",
            "2024-05-12T18:30:15",
            Moment(dt.date(2024, 5, 12), dt.time(18, 30, 15)),
            "dimanche 12\u00a0mai 2024, 18\u00a0h\u00a030",
            "12/05/2024 18:30:15",
        ),
        (
            Instant("I"),
            "12/05/2024 8 h",
            "2024-05-12T08:00:00+02:00",
            dt.datetime(2024, 5, 12, 6, tzinfo=dt.UTC),
            "12\u00a0mai 2024, 8\u00a0h",
            "12/05/2024 08:00",
        ),
        (
            Instant("I"),
            "2024-10-27T02:30+01:00",  # the hour that autumn repeats
            "2024-10-27T02:30:00+01:00",
            dt.datetime(2024, 10, 27, 1, 30, tzinfo=dt.UTC),
            "27\u00a0octobre 2024, 2\u00a0h\u00a030",
            "2024-10-27T02:30:00+01:00",
        ),
        (
            Texts("T"),
            "Ville, Région, Ville",
            ["Ville", "Région"],
            ["Ville", "Région"],
            "Ville, Région",
            "Ville, Région",
        ),
        (Texts("T"), "Dupont, Martin et Cie;", ["Dupont, Martin et Cie"], None, None, "Dupont, Martin et Cie;"),
        (Texts("T"), "a, b\nc; d", ["a, b", "c; d"], None, "a, b, c; d", "a, b\nc; d"),
        (Refs("R", to="idea"), "2021-1 , 2021-2", ["2021-1", "2021-2"], None, None, "2021-1, 2021-2"),
        (PlaceField("L"), "whole_territory", "whole_territory", Place(whole=True), "tout le territoire", None),
    ],
)
def test_what_people_type_is_stored_shown_and_offered_again(field, text, plain, value, words, edited):
    assert field.parse(text) == plain
    if value is not None:
        assert field.value(plain) == value
    if words is not None:
        assert field.show(plain) == words
    if edited is not None:
        assert field.edit(plain) == edited
    assert field.parse(field.edit(plain)) == plain


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        (TEXT, "a\x07b", "caractère invisible"),
        (TEXT, "x" * 301, "301 caractères\u00a0: 300 au plus"),
        (Code("C"), "un deux", "n’est pas un identifiant"),
        (Code("C"), "../x", "n’est pas un identifiant"),
        (Colour("C"), "rouge", "n’est pas une couleur. Par exemple"),
        (TimeZone("F"), "Europe/Nulle", "fuseau horaire"),
        (TimeZone("F"), "../../etc/passwd", "identifiant"),
        (Url("U"), "javascript:alert(1)", "adresse web"),
        (Url("U"), "https://", "adresse web"),
        (Url("U"), "https://[x", "adresse web"),
        (Url("U"), 'https://a"b', "adresse web"),
        (Media("M"), "../secret", "nom de fichier"),
        (Media("M"), "été.webp", "nom de fichier"),
        (KINDS, "Fête", "Choix possibles\u00a0: workshop, other."),
        (Flag("F"), "peut-être", "ni oui ni non"),
        (Integer("I"), "12,5", "nombre entier"),
        (Integer("I"), "-1", "compris entre 0 et"),
        (Integer("I", most=9), "10", "compris entre 0 et 9"),
        (Money("M"), "-5", "seulement le montant"),
        (Money("M"), "1.234,5.6", "seulement le montant"),
        (Money("M"), "1e5", "seulement le montant"),
        (Money("M"), "٤٥", "seulement le montant"),
        (Date("D"), "31/02/2024", "n’est pas une date"),
        (Date("D"), "2024-13", "n’est pas une date"),
        (Date("D"), "2024-5-1", "n’est pas une date"),
        (Date("D"), "٢٠٢٤", "n’est pas une date"),
        (Date("D"), "12 brumaire 2024", "n’est pas une date"),
        (Day("D"), "mai 2024", "jour manque"),
        (When("W"), "mai 2024", "n’est pas une date"),
        (When("W"), "12/05/2024 25:00", "n’est pas une date"),
        (Instant("I"), "bientôt", "n’est pas une date"),
        (Instant("I"), "0001-01-01", "année"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_words(field, text, words):
    with pytest.raises(Refused) as refused:
        field.parse(text)
    assert words in f"{refused.value.message} {refused.value.hint}"


def scalars(kind, prefix=""):
    """Every field of every type that is edited as one text, at any depth."""
    for name, field in kind.fields.items():
        if isinstance(field, Group | Rows):
            yield from scalars(field.part, f"{prefix}{name}.")
        elif field.scalar:
            yield f"{prefix}{name}", field


SCALARS = [
    (f"{record_type.type_name}.{name}", field) for record_type in TYPES.values() for name, field in scalars(record_type)
]
DIFFERENT = list(
    {(type(field), field.kind, getattr(field, "limit", 0)): (name, field) for name, field in SCALARS}.values()
)


@pytest.mark.parametrize(("name", "field"), DIFFERENT, ids=[name for name, _field in DIFFERENT])
@settings(max_examples=30)
@given(data=st.data())
def test_what_is_offered_for_editing_is_read_back_the_same(name, field, data):
    refusals = []
    plain = field.read(data.draw(typed(field)), refusals.append)
    if plain is None or isinstance(plain, dict):  # refused, or a text in several languages: one form field for each
        return
    again = field.parse(field.edit(plain))
    assert again == plain
    assert field.read(again, refusals.append) == plain


@pytest.mark.parametrize(("name", "field"), DIFFERENT, ids=[name for name, _field in DIFFERENT])
def test_every_field_shows_its_value_in_both_languages(name, field):
    @settings(max_examples=30)
    @given(typed(field))
    def shown(raw):
        plain = field.read(raw, lambda _refused: None)
        if plain is not None:
            assert isinstance(field.show(plain, "fr"), str)
            assert isinstance(field.show(plain, "en"), str)

    shown()


def test_a_money_amount_is_the_same_whatever_was_shown_before():
    assert Money("M").show("1250.50") == "1\u202f250,50\u00a0€"
    assert Money("M").edit("1250.50") == "1\u202f250,50"
    assert Money("M").show("1250") == "1\u202f250\u00a0€"


def test_a_text_in_several_languages_is_shown_in_the_one_asked_for():
    title = Text("Titre", translatable=True)
    plain = title.read({"fr": "Le pont", "en": "The bridge"}, lambda _refused: None)
    assert (title.show(plain, "en"), title.show(plain, "de"), title.value(plain)) == (
        "The bridge",
        "Le pont",
        "Le pont",
    )


def test_a_language_is_named_by_its_code():
    refusals = []
    assert Text("T", translatable=True).read({"français": "x"}, refusals.append) is None
    assert [refused.message for refused in refusals] == ["«\u00a0français\u00a0» n’est pas un code de langue."]


def test_a_field_that_is_not_there_has_the_value_of_its_default():
    class Sample(Part):
        money = Money("M")
        title = Text("T")
        kind = Choice("K", options={"a": "A"}, default="a")
        flag = Flag("F", default=True)
        tags = Texts("T")

    sample = Sample({})
    assert (sample.money, sample.title, sample.kind, sample.flag, sample.tags) == (None, "", "a", True, [])


def test_a_field_answers_its_declaration_when_asked_on_the_class():
    assert isinstance(TYPES["project"].fields["cost"], Field)
    assert TYPES["project"].fields["cost"] is TYPES["project"].cost


@pytest.mark.parametrize("record_type", TYPES.values(), ids=list(TYPES))
def test_every_need_is_one_of_the_four(record_type):
    assert {field.required for field in record_type.fields.values()} <= set(Required)
