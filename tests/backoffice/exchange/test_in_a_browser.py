"""An import and an export in a real browser, with script and without: dropped, matched, read, imported, taken back."""

from __future__ import annotations

import pytest

from tests.backoffice.test_lists_in_a_browser import office  # noqa: F401 -- a fixture
from tests.backoffice.visiting import sign_in

pytestmark = pytest.mark.browser

TABLE = "Numéro;Titre;Quartier;Voix\n2024-P012;Le skatepark du viaduc;Gare centrale;40\n2024-P099;Une serre;La Gare;x\n"


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "suivi.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def led_on(page, importer, heading: str) -> None:
    """Let the worker work; the page follows by itself, or is asked for again."""
    importer.work()
    page.reload()
    page.get_by_role("heading", name=heading).wait_for()


def test_a_spreadsheet_goes_in_and_comes_back_out(request, visitor, office, importer, table, axe):  # noqa: F811
    page, found = visitor, []

    def look() -> None:
        """What axe finds on the page, in both widths, where it may run."""
        if request.node.callspec.params["visitor"] != "with script":
            return
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 800})
            found.extend(axe(page))
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{page.url} is wider than {width} px")
        page.set_viewport_size({"width": 1280, "height": 800})

    sign_in(page, office)
    page.get_by_role("link", name="Importer, exporter").click()
    look()
    page.get_by_label("Ce que contient le fichier").select_option("project")
    page.get_by_label("Fichier", exact=True).set_input_files(table)
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/importer/*")
    led_on(page, importer, "Associer les colonnes")
    look()
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_role("heading", name="Des mots à préciser").wait_for()
    look()
    page.get_by_label("« Gare centrale »").select_option("gare")
    page.get_by_role("button", name="Vérifier").click()
    led_on(page, importer, "Vérifier avant d’importer")
    assert page.get_by_text("Écrivez un nombre entier").is_visible()
    look()
    page.get_by_label("Pourquoi cet import ?").fill("Suivi de novembre")
    page.get_by_role("button", name="Importer 1 fiche").click()
    led_on(page, importer, "Import terminé")
    look()
    page.get_by_role("button", name="Annuler cet import").click()
    led_on(page, importer, "Import annulé")
    page.get_by_role("link", name="Importer, exporter").click()
    page.get_by_role("link", name="Exporter pour modifier").click()
    look()
    page.get_by_role("button", name="Préparer le tableau").click()
    led_on(page, importer, "Le tableau est prêt")
    look()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Télécharger le tableau").click()
    assert waiting.value.suggested_filename == "laureat-project.xlsx"
    assert found == []
