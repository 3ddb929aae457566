"""XLSX: cells keep what they show, formulas are never evaluated, bombs are refused before they are opened."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from participation.importing.errors import ImportRefused
from participation.importing.sheets import Reading, read_sheet


def workbook(*rows, title="Feuille", formats=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(content, change, *, compression=zipfile.ZIP_DEFLATED):
    """The archive with some parts changed: `change(name, bytes)` gives bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(stream, "w", compression) as after:
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)))
    return stream.getvalue()


def test_typed_cells_become_the_text_that_they_show():
    content = workbook(
        ["id", "montant", "jour", "mois", "quand", "oui", "vide"],
        [7, 45000.0, dt.date(2024, 5, 12), dt.date(2024, 5, 1), dt.datetime(2024, 5, 12, 18, 30), True, None],  # noqa: DTZ001  # as spreadsheets have it
        [8, 27500.5, dt.date(2024, 5, 12), dt.date(2024, 1, 1), None, False, None],
        formats={"D2": "mm/yyyy", "D3": "yyyy"},
    )
    rows = [row.cells for row in read_sheet(content, "table.xlsx").rows]
    assert rows == [
        ("7", "45000", "2024-05-12", "2024-05", "2024-05-12 18:30", "true", ""),
        ("8", "27500.5", "2024-05-12", "2024", "", "false", ""),
    ]


def test_a_formula_is_not_evaluated_and_its_cell_is_a_fault_of_its_row():
    content = workbook(["id", "total"], [1, "=1+1"], [2, 5])
    first, second = read_sheet(content, "table.xlsx").rows
    assert (first.number, first.cells, list(first.faults)) == (2, ("1", ""), [1])
    assert second.faults == {}


def test_the_value_that_the_spreadsheet_kept_of_a_formula_is_taken_and_told():
    def kept(name, data):
        return data.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
        )

    content = repacked(workbook(["id", "total"], [1, "=1+1"]), kept)
    sheet = read_sheet(content, "table.xlsx")
    assert [row.cells for row in sheet.rows] == [("1", "2")]
    assert "formules" in str(sheet.problems[0])


def test_a_sheet_is_found_by_its_name():
    content = workbook(["id"], [1], title="Lauréats")
    assert read_sheet(content, "table.xlsx", Reading(sheet="Lauréats")).rows[0].cells == ("1",)
    with pytest.raises(ImportRefused, match="Autre"):
        read_sheet(content, "table.xlsx", Reading(sheet="Autre"))


def bomb():
    return repacked(workbook(["id"], [1]), lambda name, data: data + b" " * 30_000_000 if "sheet1" in name else data)


def entities():
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    return repacked(workbook(["id"], [1]), lambda name, data: laughs if "sheet1" in name else data)


def entities_in_utf_16():
    laughs = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'.encode("utf-16")
    return repacked(workbook(["id"], [1]), lambda name, data: laughs if "sheet1" in name else data)


def lying():
    """An archive whose directory says that a part is small."""
    content = bytearray(workbook(["id"], [1]))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    place = content.rindex(size.to_bytes(4, "little"))
    content[place : place + 4] = (20).to_bytes(4, "little")
    return bytes(content)


def other_archive():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("notes.txt", "rien")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bomb(), "se déplie"),
        (entities(), "entités"),
        (entities_in_utf_16(), "entités"),
        (lying(), "abîmé"),
        (other_archive(), "pas un classeur"),
        (repacked(workbook(["id"], [1]), lambda name, data: b"<" if "sheet1" in name else data), "abîmé"),
        (workbook(["id"], [1])[:-40], "abîmé"),
        (workbook([None], [1]), "en-têtes"),
    ],
    ids=["zip bomb", "xml bomb", "xml bomb in utf-16", "lying sizes", "other archive", "no xml", "cut", "no names"],
)
def test_a_hostile_or_broken_workbook_is_refused(content, words):
    with pytest.raises(ImportRefused) as refusal:
        read_sheet(content, "table.xlsx")
    assert words in str(refusal.value)


def test_a_workbook_with_any_byte_changed_is_read_or_refused():
    content = workbook(["id", "titre"], [1, "Un banc"])
    for place in range(0, len(content), 41):
        broken = bytearray(content)
        broken[place] ^= 0x55
        try:
            read_sheet(bytes(broken), "table.xlsx")
        except ImportRefused:
            continue


def test_a_declared_size_of_a_million_columns_costs_nothing():
    def wide(name, data):
        return data.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')

    assert len(read_sheet(repacked(workbook(["id"], [1]), wide), "table.xlsx").rows) == 1


def merged(content, *ranges):
    book = openpyxl.load_workbook(io.BytesIO(content))
    for one in ranges:
        book.worksheets[-1].merge_cells(one)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_cell_merged_over_several_rows_says_its_value_of_each_and_it_is_told():
    rows = [["id", "lieu", "note"], ["1", "Gare", "a"], ["2", None, None], ["3", None, None], ["4", "Pont", None]]
    sheet = read_sheet(merged(workbook(*rows), "B2:B4", "B5:C5"), "table.xlsx")
    assert [row.cells for row in sheet.rows] == [
        ("1", "Gare", "a"),
        ("2", "Gare", ""),
        ("3", "Gare", ""),
        ("4", "Pont", ""),
    ]
    assert [(one.line, one.field) for one in sheet.problems] == [(3, "colonne B")]


def test_twin_headers_are_told_by_their_cells():
    with pytest.raises(ImportRefused, match=r"A1 et AB1"):
        read_sheet(workbook(["Titre", *(f"c{place}" for place in range(26)), "Titre"]), "table.xlsx")


def test_a_workbook_of_another_kind_is_refused_with_what_to_do():
    with pytest.raises(ImportRefused, match=r"enregistrez-le de nouveau en \.xlsx"):
        read_sheet(b"PK\x03\x04 nothing more", "table.ods")
