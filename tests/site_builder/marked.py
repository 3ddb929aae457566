"""In which language a page says each of its words: for readers' voices, and for WCAG 3.1.2."""

from __future__ import annotations

from collections.abc import Collection
from html.parser import HTMLParser

_EMPTY = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_SILENT = frozenset(["script", "style", "head"])
_SAID = ("alt", "aria-label", "title", "placeholder", "label")


class _Voices(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[tuple[str, str, str]] = []
        self._open: list[tuple[str, str]] = [("", "")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        lang = given.get("lang") or self._open[-1][1]
        self.said += [(lang, f"{tag} {name}", given[name] or "") for name in _SAID if name in given]
        if tag not in _EMPTY:
            self._open.append((tag, lang))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1 and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not _SILENT & {tag for tag, _lang in self._open}:
            self.said.append((self._open[-1][1], self._open[-1][0], data.strip()))


def voices(html: str) -> list[tuple[str, str, str]]:
    """The language, the element (and attribute) and the words of everything that a page says."""
    parser = _Voices()
    parser.feed(html)
    parser.close()
    return parser.said


def unmarked(html: str, lang: str, words: Collection[str]) -> list[tuple[str, str]]:
    """Where a page says some of these words in another language than `lang`, which is theirs: element and text.

    An attribute has one language: where it says more than the words, theirs cannot be told in it.
    """
    return [
        (place, said)
        for spoken, place, said in voices(html)
        if spoken != lang and any(one == said or (one in said and " " not in place) for one in words)
    ]
