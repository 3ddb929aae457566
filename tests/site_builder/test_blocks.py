"""A town's own words at named spots, and its fonts: sanitised, checked, and nothing of the content ever runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from participation.problems import ContentError, Severity
from site_builder.blocks import SPOTS
from site_builder.stylesheets import site_stylesheet
from site_builder.townfiles import town_fonts
from tests.site_builder.looks import small_look

ROOT = Path(__file__).parents[2]
PAGES = {
    "accueil": "",
    "projets": "projets",
    "idees": "idees",
    "agenda": "agenda",
    "actualites": "actualites",
    "editions": "editions",
    "edition": "editions/2026",
    "projet": "projets/2026-P001",
    "idee": "idees/2026-0001",
    "evenement": "agenda/2026-E001",
    "quartiers": "quartiers",
    "quartier": "quartiers/bief",
    "recherche": "recherche",
}
FONT = b"wOF2\x00\x01\x00\x00" + (64).to_bytes(4, "big") + bytes(52)


def test_the_home_page_says_what_a_participatory_budget_is_unless_the_town_does(town, sites):
    sites.build(town.commit())
    assert "qu’est-ce que c’est" in sites.page("")
    assert '<a class="lr-more" href="mode-d-emploi/">Mode d’emploi' in sites.page("")
    town.files["theme/blocks/accueil.md"] = "Chez nous, on décide ensemble.".encode()
    sites.build(town.commit())
    assert ("Chez nous" in sites.page(""), "qu’est-ce que c’est" in sites.page("")) == (True, False)


def test_each_block_stands_at_its_spot_and_its_addresses_start_at_the_root(town, sites):
    for spot in SPOTS:
        town.files[f"theme/blocks/{spot}.md"] = f"Ici **{spot}**, [le mode d’emploi](mode-d-emploi/).".encode()
    report = sites.build(town.commit())
    assert report.problems == []
    for spot, address in PAGES.items():
        page = sites.page(address)
        base = "../" * len(address.split("/")) if address else ""
        words = f'Ici <strong>{spot}</strong>, <a href="{base}mode-d-emploi/" rel="noopener noreferrer">le mode'
        assert (spot, words in page, page.count("<h1")) == (spot, True, 1)
        assert page.count("Ici <strong>pied</strong>") == 1
    assert "Ici <strong>introuvable</strong>" in sites.files()["404.html"].decode()


def test_a_block_is_markdown_and_runs_nothing(town, sites):
    town.files["theme/blocks/accueil.md"] = (
        b"# Grand titre\n\n<script>alert(1)</script>\n\n{{ town.title }} {% raw %}\n\n[x](javascript:alert(1))"
    )
    sites.build(town.commit())
    page = sites.page("")
    assert ("alert" in page, page.count("<h1"), "<h2>Grand titre</h2>" in page) == (False, 1, True)
    assert "{{ town.title }} {% raw %}" in page


def test_a_block_may_have_a_file_for_the_language_of_the_site(town, sites):
    town.files["theme/blocks/accueil.md"] = b"Pour tout le monde."
    town.files["theme/blocks/accueil.en.md"] = b"For everybody."
    town.files["theme/blocks/accueil.fr.md"] = b"Pour nous."
    sites.build(town.commit())
    page = sites.page("")
    assert [words in page for words in ("Pour nous.", "For everybody.", "Pour tout le monde.")] == [True, False, False]


def test_a_changed_block_changes_its_pages_as_a_full_build_would(town, sites):
    town.files["theme/blocks/projet.md"] = b"Avant."
    sites.build(town.commit())
    town.files["theme/blocks/projet.md"] = "Après.".encode()
    source = town.commit()
    sites.build(source)
    sites.build(source, "b")
    assert "Après." in sites.page("projets/2026-P001")
    assert sites.files("a") == sites.files("b")


def test_a_broken_link_in_a_block_is_a_warning_with_its_file(town, sites):
    town.files["theme/blocks/accueil.md"] = b"[Rien](nulle-part/)"
    report = sites.build(town.commit())
    assert [(one.file, one.severity) for one in report.problems] == [("theme/blocks/accueil.md", Severity.WARNING)]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("templates/edition.html", "Un gabarit ne vient jamais du contenu"),
        ("accueil.html", "Un gabarit ne vient jamais du contenu"),
        ("blocks/acceuil.md", "Les emplacements sont : accueil, projets"),
        ("hook.py", "Le dossier theme/ accepte logo.svg"),
        ("laureat.js", "Le dossier theme/ accepte logo.svg"),
    ],
)
def test_what_the_site_makes_nothing_of_is_ignored_and_told(town, sites, name, words):
    sites.build(town.commit())
    before = sites.files()
    town.files[f"theme/{name}"] = b"{{ 1 / 0 }}"
    report = sites.build(town.commit())
    told = [(one.file, one.severity) for one in report.problems]
    assert told == [(f"theme/{name}", Severity.WARNING)]
    assert words in report.problems[0].hint.replace("\u00a0", " ")
    assert sites.files() == before


@pytest.mark.parametrize("raw", [b"x" * 21_000, b"\xff\xfe"])
def test_a_block_at_fault_stops_the_build_with_its_name(town, sites, raw):
    town.files["theme/blocks/accueil.md"] = raw
    with pytest.raises(ContentError) as stopped:
        sites.build(town.commit())
    assert [one.file for one in stopped.value.problems] == ["theme/blocks/accueil.md"]


def test_fonts_of_the_town_lie_beside_the_stylesheet_that_calls_them(town, sites):
    town.files["theme/fonts/ville.woff2"] = FONT
    town.files["theme/style.css"] = (
        b'@font-face { font-family: "Ville"; src: url("fonts/ville.woff2") format("woff2"); }'
    )
    report = sites.build(town.commit())
    files = sites.files()
    assert report.problems == []
    assert files["assets/fonts/ville.woff2"] == FONT
    assert any(b'url("fonts/ville.woff2")' in data for name, data in files.items() if name.endswith(".css"))


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("fonts/Ville Grasse.woff2", FONT, "Le nom d’une police"),
        ("fonts/ville.woff2", b"<script>" + bytes(60), "n’est pas une police WOFF2"),
        ("fonts/ville.woff2", FONT + b"more", "n’est pas une police WOFF2"),
        ("fonts/ville.woff2", FONT + bytes(110_000), "dépasse 100\u00a0ko"),
    ],
)
def test_a_file_that_is_no_small_whole_font_is_refused_with_its_reason(name, raw, words):
    fonts, problems = town_fonts(small_look(town_files={name: raw}))
    assert (fonts, [words in one.message for one in problems]) == ({}, [True])


@pytest.mark.parametrize("address", ["fonts/absente.woff2", "fonts/../x.woff2", "https://ailleurs.example/x.woff2"])
def test_a_stylesheet_calls_no_font_but_those_of_the_town(address):
    css = f"@font-face {{ src: url({address}) }}".encode()
    _css, problems = site_stylesheet(small_look(town_files={"style.css": css}))
    assert [one.file for one in problems] == ["theme/style.css"]


def test_every_spot_is_documented():
    reference = (ROOT / "docs" / "reference" / "theme.md").read_text("utf-8")
    assert [spot for spot in SPOTS if f"`{spot}`" not in reference] == []
