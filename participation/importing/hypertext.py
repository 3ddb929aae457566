"""HTML of other programs to Markdown text: paragraphs, emphasis, lists, headings, links; everything else is its words.

nh3 reads the HTML as browsers do and drops scripts, styles and attributes; what is written here is sanitised once more
when it is shown.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

_TAGS = {
    "p",
    "br",
    "strong",
    "b",
    "em",
    "i",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "a",
    "blockquote",
    "div",
}
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_OPEN, _CLOSE, _END = "\ue000", "\ue001", "\ue002"  # private signs around marks until their spaces are known
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*"}


def to_markdown(html: str) -> str:
    """The text as Markdown; plain text without any tag comes back with its special signs escaped."""
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel=None,
        clean_content_tags={"script", "style", "template", "iframe", "object", "svg", "math", "textarea"},
    )
    writer = _Writer()
    writer.feed(clean)
    writer.close()
    return writer.text()


class _Writer(HTMLParser):
    """Writes Markdown for the few tags that nh3 leaves."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lists: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag in _MARKS:
            self.parts.append(f"{_OPEN}{_MARKS[tag]}{_END}")
        elif tag in ("ul", "ol"):
            self.lists.append(tag)
            self.parts.append("\n\n" if len(self.lists) == 1 else "")
        elif tag == "li":
            mark = "1. " if self.lists and self.lists[-1] == "ol" else "- "
            self.parts.append("\n" + "  " * max(0, len(self.lists) - 1) + mark)
        elif tag == "a":
            self.links.append(dict(attrs).get("href") or "")
            self.parts.append("[" if self.links[-1] else "")
        elif tag[0] == "h" and tag[1:].isdecimal():
            self.parts.append("\n\n### ")
        else:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKS:
            self.parts.append(f"{_CLOSE}{_MARKS[tag]}{_END}")
        elif tag in ("ul", "ol"):
            self.lists[-1:] = []
            self.parts.append("\n\n" if not self.lists else "")
        elif tag == "a" and self.links:
            address = self.links.pop()
            self.parts.append(f"]({address.replace(' ', '%20').replace(')', '%29')})" if address else "")
        elif tag not in ("br", "li"):
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        words = re.sub(r"[\s\x00-\x08\ue000-\ue002]+", " ", data)
        self.parts.append(_SPECIAL.sub(r"\\\1", words))

    def text(self) -> str:
        """Blank lines between paragraphs, hard breaks inside them, marks close to their words."""
        text = "".join(self.parts)
        text = re.sub(rf"{_OPEN}\*+{_END}(\s*){_CLOSE}\*+{_END}", r"\1", text)  # emphasis around nothing
        text = re.sub(rf"{_OPEN}(\*+){_END}(\s*)", r"\2\1", text)
        text = re.sub(rf"(\s*){_CLOSE}(\*+){_END}", r"\2\1", text)
        lines = [
            line.strip() if not line.lstrip().startswith(("- ", "1. ")) else line.rstrip() for line in text.split("\n")
        ]
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        return re.sub(r"(?<=[^\n])\n(?=[^\n])(?!\s*(?:- |1\. ))", "\\\\\n", text)
