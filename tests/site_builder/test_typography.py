"""French typography on every page of the demonstration town, whoever wrote the words: theme, program or agent."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

AS_WRITTEN = {"script", "style", "code", "pre", "template"}  # for machines, or shown as typed
SHOWN = {("donnees/index.html", "2024-05-12")}  # that page tells how dates are written in files
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
READ_OUT = ("alt", "aria-label", "placeholder", "title")


class FrenchWords(HTMLParser):
    """The pieces of text of a page that are in French, what is read out in attributes included."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []  # elements around, and whether their words are French prose
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        french = self._open[-1][1] if self._open else False
        if "lang" in given:
            french = given["lang"] == "fr"
        french = french and tag not in AS_WRITTEN
        if french:
            self.pieces += [given[name] for name in READ_OUT if name in given]
            if tag == "meta" and given.get("name") == "description":
                self.pieces.append(given["content"])
        if tag not in VOID:
            self._open.append((tag, french))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][1]:
            self.pieces.append(data)


@pytest.fixture(scope="module")
def words(demonstration):
    """(file, piece of text) for every piece of French text of the site."""
    folder, _report = demonstration
    return [
        (path.relative_to(folder).as_posix(), piece)
        for path in sorted(folder.rglob("*.html"))
        for piece in FrenchWords(path.read_text("utf-8")).pieces
    ]


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("a plain space before a double sign", r"[^\s|–-] (?:[;!?»]|:(?=\s|$))"),
        ("no space before a double sign", r"[\wé»)](?:[;!?]|:(?=\s))"),
        ("a wide no-break space where a narrow one stands", r"\u00a0[;!?]"),
        ("a plain space after an opening quotation mark", r"« |«\w"),
        ("a plain or missing space before a unit", r"\d ?[€%]"),
        ("a plain space inside a number", r"\d \d{3}(?!\d)"),
        ("thousands without a space in an amount", r"\d{4,}(?:,\d+)?\s€"),
        ("a decimal point in an amount", r"\d\.\d+\s?[€%]"),
        ("a straight apostrophe", r"\w'\w"),
        ("straight quotation marks", r'"\w+'),
        ("three dots for an ellipsis", r"\.\.\."),
        ("a date for machines", r"\b20\d\d-\d\d-\d\d\b"),
        (
            "the first of a month without its ending",
            r"\b1 (?:janv|févr|mars|avril|mai|juin|juil|août|sept|oct|nov|déc)",
        ),
        ("a month with a capital inside a date", r"\d (?:Janv|Févr|Mars|Avril|Mai|Juin|Juil|Août|Sept|Oct|Nov|Déc)"),
        ("an hour for machines", r"\b\d{1,2}:\d\d\b"),
    ],
)
def test_french_is_set_as_printers_set_it(words, fault, pattern):
    assert len(words) > 10_000
    found = [
        f"{file}: {match.group()!r} in {piece.strip()[:80]!r}"
        for file, piece in words
        for match in re.finditer(pattern, piece)
        if (file, match.group()) not in SHOWN
    ]
    assert found[:20] == [], fault
