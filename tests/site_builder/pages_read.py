"""A built page as a parser sees it: its elements, links, identifiers and what it loads."""

from __future__ import annotations

import posixpath
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

LOADS = {"img": "src", "script": "src", "source": "src", "iframe": "src", "object": "data"}


class ReadPage(HTMLParser):
    """One page; `tags` holds (name, attributes) of every element in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _tag, attributes in self.tags if "id" in attributes]

    def count(self, name: str) -> int:
        return sum(tag == name for tag, _attributes in self.tags)

    def addresses(self) -> list[str]:
        """Every address that the page leads to or loads."""
        found = [attributes[key] for _tag, attributes in self.tags for key in ("href", "src") if key in attributes]
        sizes = [one.split() for _tag, attributes in self.tags for one in attributes.get("srcset", "").split(",")]
        return [one[0] for one in sizes if one] + found

    def loads(self) -> list[str]:
        """What a browser fetches by itself when it opens the page, pictures that wait for scrolling left out."""
        found = []
        for tag, attributes in self.tags:
            stylesheet = tag == "link" and attributes.get("rel") in ("stylesheet", "icon", "preload", "modulepreload")
            if stylesheet and attributes.get("media") != "print":
                found.append(attributes["href"])
            elif tag in LOADS and attributes.get(LOADS[tag]) and attributes.get("loading") != "lazy":
                found.append(attributes[LOADS[tag]])
        return found


def inside(page: str, address: str) -> tuple[str, str] | None:
    """The file of the site and the identifier in it that an address on a page means; None when it leads elsewhere.

    `page` is the file that holds the address (`projets/index.html`).
    """
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    if not parts.path:
        return page, unquote(parts.fragment)
    path = unquote(parts.path)
    joined = posixpath.normpath(posixpath.join("/", posixpath.dirname(page), path))[1:]
    if path.endswith(("/", "..", ".")) or not joined:
        joined = posixpath.join(joined, "index.html")
    return joined, unquote(parts.fragment)
