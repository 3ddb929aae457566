"""A mapping is checked before anything is read: every fault with its line."""

from __future__ import annotations

import pytest

from participation.importing.errors import ImportRefused
from participation.importing.mapping_reader import read_mapping

GOOD = 'type: project\nid: "{edition}-P{n}"\nfields:\n  title: Titre\n'


def fields(text):
    return f'type: project\nid: "{{edition}}-P{{n}}"\nfields:\n{text}'


def test_a_short_mapping_says_where_each_field_comes_from():
    mapping = read_mapping(GOOD.encode(), "m.yml")
    assert [(str(source.path), source.columns) for source in mapping.sources] == [("title", ("Titre",))]


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("", "« »", None),
        ("- une\n- liste\n", "clé", 1),
        ("type: maison\n", "inconnu", 1),
        ("type: instance\n", "inconnu", 1),
        ("type: project\nfields:\n  title: T\n", "identifiant", 1),
        (GOOD + "colonnes: x\n", "n’existe pas ici", 5),
        (GOOD + "type: idea\n", "deux fois", 5),
        (GOOD.replace("{n}", "{n:majuscule}"), "majuscule", 2),
        (GOOD.replace("{n}", "{n"), "accolade", 2),
        (fields(""), "aucun champ", 3),
        (fields("  titre: T\n"), "pas un champ", 4),
        (fields("  steps.oeuvres.actual_start: T\n"), "oeuvres", 4),
        (fields("  steps.works: T\n"), "ne mène", 4),
        (fields("  owner: T\n"), "ne mène", 4),
        (fields("  title: {column: T, value: x}\n"), "l’une des deux", 4),
        (fields("  title: {}\n"), "l’une des deux", 4),
        (fields("  cost: {value: beaucoup}\n"), "montant", 4),
        (fields("  title: {column: T, extract: '('}\n"), "expression", 4),
        (fields("  title: {column: T, if_wrong: jamais}\n"), "error", 4),
        (fields("  title: {column: T, organisations: oui}\n"), "true", 4),
        (fields("  title: {column: T, create: {}}\n"), "zones", 4),
        (fields("  title: {column: T, future: summary}\n"), "date", 4),
        (fields("  steps.works.actual_start: {column: T, future: jamais}\n"), "ne mène", 4),
        (fields("  steps.works.actual_start: {column: T, formats: jour}\n"), "format", 4),
        (fields("  status: {column: E}\n"), "values", 4),
        (fields("  status:\n    column: E\n    values:\n      FIN: termine\n"), "termine", 6),
        (fields("  title: T\nfile: {encoding: ebcdic}\n"), "ebcdic", 5),
        (fields("  title: T\nfile: {separator: '::'}\n"), "un seul", 5),
        (fields("  title: T\nfile: {header_row: zéro}\n"), "1 à 1000", 5),
        (fields("  title: T\nfixed: {title: U}\n"), "deux fois", 4),
        ("type: project\nid: x\nfields: &a\n  title: *a\n", "ancres", 3),
        ("type: project\nid: [x\n", "lisible", None),
        ("type: event\nid: x\nfields:\n  status: {column: E, values: {}}\n", "états", 4),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_line(text, words, line):
    with pytest.raises(ImportRefused) as refusal:
        read_mapping(text.encode(), "m.yml")
    told = [problem for problem in refusal.value.problems if words.replace("« »", "") in str(problem)]
    assert told, refusal.value.problems
    assert told[0].file == "m.yml"
    if line is not None:
        assert line in {problem.line for problem in told}


def test_a_mapping_in_another_encoding_is_refused():
    with pytest.raises(ImportRefused, match="UTF-8"):
        read_mapping("type: projet été".encode("cp1252"), "m.yml")


def test_all_faults_are_told_at_once():
    with pytest.raises(ImportRefused) as refusal:
        read_mapping(fields("  titre: T\n  prix: P\n").encode(), "m.yml")
    assert len(refusal.value.problems) >= 2
