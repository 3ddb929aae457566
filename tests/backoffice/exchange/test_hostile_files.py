"""Files that cannot be used, or not as they are: a clear sentence each, and nothing lost."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from tests.backoffice.exchange.conftest import saved


def workbook(*rows, merged: str = "") -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    return saved(book)


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (30 << 20))
    return held.getvalue()


REFUSED = {
    "an old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "C’est un ancien classeur Excel."),
    "a broken workbook": (workbook(["Numéro", "Titre"])[:900], "Ce classeur est abîmé ou d’un format inconnu."),
    "a bomb": (bomb(), "il est refusé sans être ouvert"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0\1" * 400, "Ce fichier n’est pas du texte."),
    "twin headers": ("Numéro;Titre;Titre\n1;a;b\n", "Deux colonnes portent le même nom : « Titre »."),
    "too many columns": (
        ";".join(f"C{place}" for place in range(2_000)) + "\n1\n",
        "Le fichier a plus de 1000 colonnes.",
    ),
    "an open quote": ('Numéro;Titre\n2024-P012;"Le skatepark\n', "Un guillemet n’est pas refermé."),
    "a broken letter": (
        "Numéro;Titre\n1;été à la plage\n".encode() + b"\xff\n",
        "sauf un caractère abîmé à cette ligne",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence_and_another_line_or_file_is_offered(importer, what):
    data, said = REFUSED[what]
    importer.send(data, "table.xlsx" if isinstance(data, bytes) and data[:2] == b"PK" else "table.csv")
    assert said in importer.page
    assert "/importer" in importer.page


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(importer):
    importer.browser.get("/gestion/importer")
    body = b"--x\r\n" + b"0" * (21 << 20)
    answer = importer.browser.client.post(
        "/gestion/importer", data=body, content_type="multipart/form-data; boundary=x"
    )
    assert (answer.status_code, "C’est trop lourd" in answer.text) == (413, True)


def test_an_empty_file_and_a_missing_type_are_told_on_the_page(importer):
    assert (importer.send(b"", "table.csv").status_code, "un fichier qui n’est pas vide" in importer.page) == (
        422,
        True,
    )
    assert (importer.send(b"a;b\n", "t.csv", "instance").status_code, "Dites ce que contient" in importer.page) == (
        422,
        True,
    )


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_separator_and_encoding_is_recognised(importer, separator, encoding):
    table = f"Numéro{separator}Résumé\n2024-P012{separator}À l’été prochain\n"
    importer.send(table.encode(encoding))
    importer.match()
    assert "<ins>À l’été prochain</ins>" in importer.page


def test_formulas_errors_and_merged_cells_are_faults_of_their_row_alone(importer):
    importer.send(
        workbook(
            ["Numéro", "Titre", "Voix"],
            ["2024-P012", "=1+1", 12],
            ["2024-P007", "La place", "#REF!"],
            ["2026-P001", "Une serre", 3],
            merged="B4:C4",
        ),
        "t.xlsx",
    )
    importer.match()
    assert "Cette cellule contient une formule" in importer.page
    assert importer.counts() == {"error": 2, "new": 1}


def test_the_same_number_twice_is_an_error_of_the_second_row(importer):
    importer.send("Numéro;Titre\n2024-P012;Le skatepark\n2024-P012;Un autre\n../../etc;Rien\n")
    importer.match()
    assert importer.counts() == {"changed": 1, "error": 2}
    assert "est déjà celui de la ligne 2" in importer.page
    assert "ne peut pas être un identifiant" in importer.page


def test_texts_that_a_browser_would_run_or_a_spreadsheet_calculate_stay_texts(importer):
    importer.send(
        'Numéro;Titre;<script>alert(1)</script>\n2024-P012;<img src=x onerror=alert(1)>;"=cmd|x"\n2024-P00!;=1+1;a\n'
    )
    raw = importer.browser.get(importer.address).text
    assert "<script>alert" not in raw
    importer.match()
    raw = importer.browser.get(importer.address).text
    assert "<img src=x" not in raw
    sheet = importer.browser.get(f"{importer.address}/erreurs.xlsx").data
    with zipfile.ZipFile(io.BytesIO(sheet)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
