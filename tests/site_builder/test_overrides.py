"""Templates of the server's own: they replace ours, their faults are named, and they never come from the content."""

from __future__ import annotations

import pytest

from participation.problems import Severity
from site_builder.overrides import TemplateFault, TemplatesRefused
from site_builder.sources import FolderSource


@pytest.fixture
def folder(tmp_path):
    """An empty folder of templates on the server."""
    place = tmp_path / "gabarits"
    place.mkdir()
    return place


def test_a_template_of_the_server_replaces_ours_and_may_take_it_in(town, sites, folder):
    (folder / "edition.html").write_text('{% include "laureat/edition.html" %}<p>{{ title }}, vue d’ici</p>')
    report = sites.build(town.commit(), templates=folder)
    page = sites.page("editions/2026")
    assert report.problems == []
    assert ("Édition 2026, vue d’ici" in page, page.count("<h1")) == (True, 1)


def test_a_changed_template_is_seen_although_the_content_is_the_same(town, sites, folder):
    source = town.commit()
    sites.build(source, templates=folder)
    (folder / "projet.html").write_text("<h1>Projet</h1>")
    changed = sites.build(source, templates=folder)
    unchanged = sites.build(source, templates=folder)
    assert (changed.nothing_to_do, unchanged.nothing_to_do) == (False, True)
    assert "<h1>Projet</h1>" in sites.page("projets/2026-P001")
    (folder / "projet.html").unlink()
    sites.build(source, templates=folder)
    assert "<h1>Projet</h1>" not in sites.page("projets/2026-P001")


@pytest.mark.parametrize(
    ("text", "words"), [("{% if %}", "editions.html:1"), ("{{ nothing.at.all }}", "'nothing' is undefined")]
)
def test_a_fault_of_a_template_is_named_and_leaves_the_site_as_it_was(town, sites, folder, text, words):
    source = town.commit()
    sites.build(source)
    before = sites.files()
    (folder / "editions.html").write_text(text)
    with pytest.raises(TemplateFault) as stopped:
        sites.build(source, templates=folder)
    assert words in stopped.value.message
    assert sites.files() == before


def test_a_fault_in_the_second_process_is_named_too(town, sites, folder, monkeypatch):
    monkeypatch.setattr("site_builder.full.FEW", 1)
    (folder / "idee.html").write_text("{{ nothing }}")
    with pytest.raises(TemplateFault):
        sites.build(town.commit(), templates=folder, processes=2)


def test_a_template_that_replaces_nothing_is_told(town, sites, folder):
    (folder / "edtion.html").write_text("<h1>Rien</h1>")
    (folder / "_morceau.html").write_text("un morceau")
    report = sites.build(town.commit(), templates=folder)
    assert [(one.file, one.severity) for one in report.problems] == [(str(folder / "edtion.html"), Severity.WARNING)]


def test_no_folder_of_the_content_holds_templates(town, sites, tmp_path):
    content = tmp_path / "content"
    (content / "theme" / "templates").mkdir(parents=True)
    (content / "instance.yml").write_bytes(town.files["instance.yml"])
    with pytest.raises(TemplatesRefused):
        sites.build(FolderSource(content), templates=content / "theme" / "templates")


def test_a_folder_that_is_not_there_is_refused(town, sites, tmp_path):
    with pytest.raises(TemplatesRefused):
        sites.build(town.commit(), templates=tmp_path / "absent")
