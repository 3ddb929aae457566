"""The light index behind the lists: one short line for each record, searched, filtered and sorted in memory.

Made again only for records whose blob changed. No request here: `Query` is what a list was asked for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from participation.lifecycle import state_code
from participation.records import Edition, Event, Idea, Project, Record

PER_PAGE = 50
LISTED: dict[str, type[Record]] = {"idea": Idea, "project": Project, "event": Event}
SORTS = ("id", "title", "state", "zone", "theme", "when")
FILTERS = ("state", "edition", "zone", "theme")


@dataclass(frozen=True, slots=True)
class Line:
    """One record in a list. `text` is what a search looks in: folded, without accents."""

    id: str
    type_name: str
    blob: str
    title: str
    state: str
    edition: str
    zone: str
    theme: str
    when: str
    text: str
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What a list was asked for; empty values ask for nothing."""

    text: str = ""
    state: str = ""
    edition: str = ""
    zone: str = ""
    theme: str = ""
    sort: str = "-id"
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Query:
        """Read the parameters of an address; what is not understood is left out."""
        sort = args.get("sort", "")
        page = args.get("page", "")
        return cls(
            text=args.get("q", "").strip()[:200],
            state=args.get("state", "")[:64],
            edition=args.get("edition", "")[:64],
            zone=args.get("zone", "")[:64],
            theme=args.get("theme", "")[:64],
            sort=sort if sort.removeprefix("-") in SORTS else "-id",
            page=max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1,
        )

    @property
    def narrowed(self) -> bool:
        """True when something is asked for besides the order."""
        return bool(self.text or any(getattr(self, name) for name in FILTERS))

    def address(self, **changes: object) -> dict[str, Any]:
        """The parameters of the same list with some changed; empty ones left out."""
        asked = {
            "q": self.text,
            "sort": self.sort,
            "page": self.page,
            **{name: getattr(self, name) for name in FILTERS},
        }
        return {name: value for name, value in (asked | changes).items() if value not in ("", 1)}


@dataclass(frozen=True, slots=True)
class Found:
    """The lines of one page of a list, how many match in all, and how many pages that makes."""

    lines: list[Line]
    total: int
    pages: int


@dataclass(frozen=True)
class Index:
    """Every line of one commit, by type; `titles` names what records refer to (editions, zones, themes, services)."""

    commit: str
    lines: Mapping[str, list[Line]]
    titles: Mapping[str, Mapping[str, str]]
    by_id: Mapping[str, Line] = field(repr=False)
    faulty: frozenset[str] = frozenset()

    @cached_property
    def cited_by(self) -> dict[str, list[Line]]:
        """The lines of the records that name an id."""
        citing: dict[str, list[Line]] = {}
        for line in chain.from_iterable(self.lines.values()):
            for named in line.cites:
                citing.setdefault(named, []).append(line)
        return citing


def fold(text: str) -> str:
    """Lower case without accents: what people type finds what others wrote."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").replace("œ", "oe").replace("Œ", "OE"))
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


def line_of(record: Record) -> Line:
    """The line of a record."""
    data = record.data
    words: Iterable[object] = (record.id, record.display_title, data.get("summary", ""), data.get("note", ""))
    event = record.type_name == "event"
    return Line(
        id=record.id,
        type_name=record.type_name,
        blob=record.blob,
        title=record.display_title,
        state=str(data.get("state", "confirmed")) if event else state_code(record.type_name, data.get("status")),
        edition=record.id.partition("-")[0],
        zone=str(data.get("zone", "")),
        theme=str(data.get("kind" if event else "theme", "")),
        when=str(data.get("start", "")) if event else "",
        text=fold(" ".join(map(str, words))),
        cites=tuple(_cited(data)),
    )


def _cited(data: Mapping[str, object]) -> Iterable[str]:
    for name in ("project", "merged_into"):
        if name in data:
            yield str(data[name])
    for name in ("ideas", "projects", "related"):
        named = data.get(name)
        if isinstance(named, list):
            yield from map(str, named)


def search(index: Index, type_name: str, query: Query) -> Found:
    """The page of the list that the query asks for."""
    lines = index.lines.get(type_name, [])
    for name in FILTERS:
        wanted = getattr(query, name)
        if wanted:
            lines = [line for line in lines if getattr(line, name) == wanted]
    lines = matching(lines, query.text)
    name = query.sort.removeprefix("-")
    lines = sorted(lines, key=_order(index, name), reverse=query.sort.startswith("-"))
    start = (query.page - 1) * PER_PAGE
    return Found(lines[start : start + PER_PAGE], len(lines), max(1, -(-len(lines) // PER_PAGE)))


def everywhere(index: Index, text: str, most: int = PER_PAGE) -> Found:
    """Records of every type that match; an exact number comes first."""
    lines = matching(chain.from_iterable(index.lines.values()), text)
    exact = text.strip().casefold()
    lines.sort(key=lambda line: (line.id.casefold() != exact, fold(line.title)))
    return Found(lines[:most], len(lines), 1)


def matching(lines: Iterable[Line], text: str) -> list[Line]:
    """The lines in which every word is found."""
    words = fold(text).split()
    if not words:
        return list(lines)
    return [line for line in lines if all(word in line.text for word in words)]


def _order(index: Index, name: str) -> Callable[[Line], tuple[str, str]]:
    if name == "title":
        return lambda line: (fold(line.title), line.id)
    if name in ("zone", "theme"):
        titles = index.titles.get(name, {})
        return lambda line: (fold(titles.get(getattr(line, name), getattr(line, name))), line.id)
    if name == "when":
        return lambda line: (line.when or line.edition, line.id)
    return lambda line: (getattr(line, name), line.id)


def theme_titles(editions: Iterable[Edition]) -> dict[str, str]:
    """The themes of every edition: one list, since records of several editions are listed together."""
    titles: dict[str, str] = {}
    for edition in editions:
        for theme in edition.themes:
            titles.setdefault(theme.id, theme.title or theme.id)
    return titles
