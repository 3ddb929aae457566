"""The catalogues: every word for people is in them, translated, and keeps its placeholders."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted((ROOT / "themes" / "default" / "messages").glob("*/LC_MESSAGES/laureat.po"))


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Catalog:
    """What `make messages` finds in the sources."""
    template = tmp_path_factory.mktemp("messages") / "laureat.pot"
    places = ["participation", "site_builder", "backoffice", "themes/default"]
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml", "-k", "mark"]
    subprocess.run([*command, "-o", str(template), *places], cwd=ROOT, check=True, capture_output=True)
    with template.open("rb") as file:
        return read_po(file)


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parts[-3])
def catalogue(request) -> Catalog:
    with request.param.open("rb") as file:
        return read_po(file, locale=request.param.parts[-3])


def test_every_word_of_the_sources_is_in_the_catalogue(sources, catalogue):
    absent = {message.id for message in sources if message.id} - {message.id for message in catalogue}
    assert sorted(map(str, absent)) == []


def test_every_word_of_the_catalogue_is_translated(catalogue):
    assert [message.id for message in catalogue if message.id and not all(words_of(message))] == []


def test_every_translation_keeps_the_placeholders_of_its_source(catalogue):
    assert [str(fault) for _, faults in catalogue.check() for fault in faults] == []


def words_of(message) -> list[str]:
    """The translations of a message: one, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string)
