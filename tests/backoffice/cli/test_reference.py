"""The reference pages: fresh, and naming everything there is."""

from __future__ import annotations

import re

import pytest

from backoffice.cli import reference
from backoffice.cli.reference import ROOT, generated_files
from participation.lifecycle import TABLES
from participation.records import TYPES
from participation.records.containers import Group, Rows
from participation.records.edition import PHASES

PAGES = ROOT / "docs" / "reference"
GLOSSARY = (PAGES / "glossary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", generated_files(), ids=lambda path: path.name)
def test_a_generated_file_is_fresh(path):
    there = path.read_text(encoding="utf-8") if path.is_file() else ""
    assert there == generated_files()[path], "out of date: make docs"


def test_stale_files_are_written_again_and_named(monkeypatch, tmp_path, capsys):
    files = {tmp_path / "a" / "fresh.md": "fresh\n", tmp_path / "stale.md": "new\n"}
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "fresh.md").write_text("fresh\n", encoding="utf-8")
    (tmp_path / "stale.md").write_text("old\n", encoding="utf-8")
    monkeypatch.setattr(reference, "generated_files", lambda: files)
    monkeypatch.setattr(reference, "ROOT", tmp_path)
    assert reference.main([]) == 0
    assert capsys.readouterr().out == "stale.md\n"
    assert (tmp_path / "stale.md").read_text(encoding="utf-8") == "new\n"


def parts_of(kind):
    for field in kind.fields.values():
        if isinstance(field, Group | Rows):
            yield field.part
            yield from parts_of(field.part)


def test_the_format_names_every_field_of_every_type_and_part():
    page = generated_files()[PAGES / "format.md"]
    sections = dict(re.findall(r"^##+ (\w+)$(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL))
    kinds = {*TYPES.values(), *(part for kind in TYPES.values() for part in parts_of(kind))}
    missing = [
        f"{kind.__name__}.{name}"
        for kind in kinds
        for name, field in kind.fields.items()
        if f"| `{name}` | {field.label} |" not in sections[kind.__name__]
    ]
    assert missing == []


def test_every_link_of_the_format_leads_to_a_heading_of_its_own():
    page = generated_files()[PAGES / "format.md"]
    headings = re.findall(r"^##+ (\w+)$", page, re.MULTILINE)
    assert len(headings) == len(set(headings))
    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= {heading.lower() for heading in headings}


def test_the_kinds_of_the_format_are_those_of_the_fields():
    page = generated_files()[PAGES / "format.md"]
    kinds = {
        field.kind
        for kind in (*TYPES.values(), *(p for k in TYPES.values() for p in parts_of(k)))
        for field in kind.fields.values()
    }
    assert [kind for kind in sorted(kinds) if f"\n| {kind} | " not in page] == []


def test_every_setting_is_on_its_page():
    source = (ROOT / "backoffice" / "settings.py").read_text(encoding="utf-8")
    page = generated_files()[PAGES / "settings.md"]
    assert [name for name in set(re.findall(r"LAUREAT_[A-Z_]*[A-Z]", source)) if f"| `{name}` |" not in page] == []


TERMS = [
    *((name, record_type.title_words) for name, record_type in TYPES.items()),
    *((state.code, state.words) for table in TABLES.values() for state in table.values()),
    *PHASES.items(),
]


@pytest.mark.parametrize(("code", "words"), TERMS)
def test_every_type_state_and_phase_is_in_the_glossary(code, words):
    assert f"| {words} | `{code}` | " in GLOSSARY


def test_the_glossary_explains_every_term():
    rows = [line for line in GLOSSARY.splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) > 60
    assert [row for row in rows if len(row.split("|")) != 5 or not row.split("|")[3].strip()] == []
