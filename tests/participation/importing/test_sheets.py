"""Tables of every usual shape are read; what cannot be read is refused with its line."""

from __future__ import annotations

import pytest

from participation.importing.errors import ImportRefused
from participation.importing.sheets import Reading, read_sheet


@pytest.mark.parametrize(
    "content",
    [
        "id;titre\n1;Été\n".encode(),
        "\ufeffid;titre\r\n1;Été\r\n".encode(),
        "id,titre\n1,Été\n".encode("cp1252"),
        "id\ttitre\n1\tÉté\n".encode(),
        "id|titre\n1|Été\n".encode("utf-16"),
        'sep=,\n"id","titre"\n"1","Été"\n'.encode(),
        "id;titre\r1;Été\r".encode(),
        "id;titre;;\n1;Été;;\n;;;\n".encode(),
    ],
    ids=["plain", "bom", "windows-1252", "tabs", "utf-16", "sep line", "old mac", "empty columns and rows"],
)
def test_a_table_is_read_whatever_program_wrote_it(content):
    sheet = read_sheet(content, "table.csv")
    assert (sheet.headers, [row.cells for row in sheet.rows]) == (("id", "titre"), [("1", "Été")])


def test_rows_know_their_line_in_the_file_even_after_quoted_line_breaks():
    sheet = read_sheet(b'id;texte\n1;"deux\nlignes"\n2;une\n', "table.csv")
    assert [(row.number, row.cells[1]) for row in sheet.rows] == [(2, "deux\nlignes"), (4, "une")]


def test_a_short_row_is_filled_up_and_a_long_one_is_a_fault_of_that_row():
    sheet = read_sheet(b"id;titre;lieu\n1;Banc\n2;Arbre;ici;encore\n", "table.csv")
    assert [row.cells for row in sheet.rows] == [("1", "Banc", ""), ("2", "Arbre", "ici")]
    assert [bool(row.fault) for row in sheet.rows] == [False, True]


def test_twenty_thousand_lines_are_read():
    content = "id;titre\n" + "".join(f"{number};Projet {number}\n" for number in range(20_000))
    assert len(read_sheet(content.encode(), "table.csv").rows) == 20_000


def test_windows_1252_is_told():
    sheet = read_sheet("id;titre\n1;Été\n".encode("cp1252"), "table.csv")
    assert "Windows-1252" in str(sheet.problems[0])


@pytest.mark.parametrize(
    ("content", "words", "line"),
    [
        (b"", "vide", None),
        (b" \n\n", "vide", None),
        (b"\n\n;;\n", "en-têtes est vide", 1),
        (b"id;id\n1;2\n", "même nom", 1),
        (b'id;titre\n1;"jamais ferm\xc3\xa9\n2;suite\n', "guillemet", 2),
        (b"id;titre\n1;" + b"x" * 10_000_000 + b"\n", "démesurée", 2),
        ("id;titre\n1;Été\n2;D".encode() + b"\xe9" + "jà éâ\n".encode(), "UTF-8", 3),
        (b"id;titre\n1;\x81\x8d\n", "encodage", 2),
        (b"\0\1\2\3" * 100, "pas du texte", None),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 500, "ancien classeur", None),
        (b"PK\x03\x04 rien de bon", "abîmé", None),
        (";".join(f"c{number}" for number in range(1_001)).encode(), "1000 colonnes", 1),
    ],
    ids=[
        "empty",
        "blank",
        "no names",
        "twins",
        "open quote",
        "ten megabytes in a cell",
        "one broken character",
        "no known encoding",
        "binary",
        "old excel",
        "broken archive",
        "too wide",
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(content, words, line):
    with pytest.raises(ImportRefused) as refusal:
        read_sheet(content, "table.csv")
    (problem,) = refusal.value.problems
    assert words in str(problem)
    assert (problem.file, problem.line) == ("table.csv", line)


def test_a_declared_encoding_is_taken_at_its_word():
    with pytest.raises(ImportRefused) as refusal:
        read_sheet("id;titre\n1;Été\n".encode("cp1252"), "table.csv", Reading(encoding="utf-8"))
    assert refusal.value.problems[0].line == 2


def test_more_rows_than_an_import_is_for_are_refused(monkeypatch):
    monkeypatch.setattr("participation.importing.sheets.MOST_ROWS", 3)
    with pytest.raises(ImportRefused) as refusal:
        read_sheet(b"id\n1\n2\n3\n4\n", "table.csv")
    assert refusal.value.problems[0].line == 5
