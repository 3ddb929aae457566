"""French typography, where agents and citizens read: the guides, and every word of the pages.

Spaces that do not break before : ; ! ? and inside guillemets and numbers, the apostrophe that curves, units of a file
as people say them. Code, addresses and what a template fills in are left out.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "themes" / "default" / "messages" / "en" / "LC_MESSAGES" / "laureat.po"
IN_ENGLISH = {"back-up.md", "deploy.md", "import.md", "maps.md", "write-by-hand.md"}  # for those who install

_NO_PROSE = re.compile(
    r"```.*?```|`[^`\n]*`|\]\([^)]*\)|<?https?://\S+|^!!! \w+|%\(\w+\)\w|%%|%s|<[^>]*>|«\u00a0\w+: \w+\u00a0»",
    re.DOTALL | re.MULTILINE,
)
_LETTER = "[A-Za-zÀ-ÿœŒ]"
FAULTS = {
    "no U+202F before ; ! ?": re.compile(rf"(?:{_LETTER}|(?<!«)[ \u00a0)»])[;!?](?=\s|$)"),
    "no U+00A0 before :": re.compile(rf"(?:{_LETTER}|[ )\u202f]):(?=\s|$)"),
    "no U+00A0 inside « »": re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"),
    "an apostrophe that does not curve": re.compile(rf"{_LETTER}'{_LETTER}"),
    "no U+202F inside a number": re.compile(r"\d[ \u00a0.]\d{3}(?!\d)"),
    "no U+00A0 before a unit": re.compile(r"\d (?:€|%|[Mk]o\b|km\b|m²)"),
    "a unit that people do not say": re.compile(r"\b(?:[KM]io|Ko)\b"),
}


def faults_of(text: str) -> list[str]:
    """What is wrong with a French text, each with what stands around."""
    prose = _NO_PROSE.sub(lambda found: "·" * len(found[0]), text)
    return [
        f"{words}: {prose[max(0, found.start() - 25) : found.end() + 10]!r}"
        for words, fault in FAULTS.items()
        for found in fault.finditer(prose)
    ]


@pytest.mark.parametrize(
    "text", ["Est-ce fini?", "Attention :", "« oui »", "l'idée", "45 000", "20\u202f%, 3 Mo", "3\u00a0Mio"]
)
def test_the_reader_of_these_tests_sees_each_fault(text):
    assert faults_of(text) != []


def test_guides_in_french_are_written_as_french_is():
    pages = [page for page in sorted((ROOT / "docs" / "guides").glob("*.md")) if page.name not in IN_ENGLISH]
    assert len(pages) > 8
    assert {page.name: found for page in pages if (found := faults_of(page.read_text("utf-8")))} == {}


def test_the_words_of_pages_are_written_as_french_is():
    with CATALOGUE.open("rb") as file:
        sources = [one.id if isinstance(one.id, tuple) else (one.id,) for one in read_po(file) if one.id]
    assert {words: found for each in sources for words in each if (found := faults_of(words))} == {}
