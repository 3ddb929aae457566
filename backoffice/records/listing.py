"""Lists in memory: what a list was asked for, and the lines that answer. No request and no file here.

The index is made again only for the files that changed (`Index.of`); 10,000 records are filtered in milliseconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from werkzeug.datastructures import MultiDict

from backoffice.records.lines import IDEAS_STUDIED, Line, fold, line_of, study_ends, theme_titles
from backoffice.records.words import WORDS
from participation.records import TYPES, Edition, Record, Service, Zone
from participation.store.snapshot import Snapshot

PER_PAGE = 50
MOST_COLUMNS = 12
LISTED: dict[str, type[Record]] = {name: TYPES[name] for name in WORDS if name not in ("instance", "rule")}
EDITED: dict[str, type[Record]] = {name: TYPES[name] for name in WORDS}
NONE = "-"  # the value of a filter that asks for records without one
YES = "1"
_ALWAYS = ("id", "title")

Matches = Callable[[Line], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """What a list was asked for; what is empty asks for nothing. `columns` is empty for those of the type."""

    type_name: str
    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    columns: tuple[str, ...] = ()
    view: int = 0

    @classmethod
    def of(cls, type_name: str, args: MultiDict[str, str], sortable: Iterable[str]) -> Query:
        """Read the parameters of an address; what is not understood is left out."""
        known, words = frozenset(sortable), WORDS[type_name]
        sort, page, view = args.get("sort", ""), args.get("page", ""), args.get("vue", "")
        asked = {name: args.get(name, "").strip()[:64] for name in words.filters}
        columns = tuple(dict.fromkeys(name for name in args.getlist("col") if name in known and name not in _ALWAYS))
        return cls(
            type_name,
            text=args.get("q", "").strip()[:200],
            filters={name: value for name, value in asked.items() if value},
            sort=sort if sort.removeprefix("-") in known else words.sort,
            page=max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1,
            columns=columns[:MOST_COLUMNS],
            view=int(view) if view.isdecimal() and len(view) < 10 else 0,
        )

    @property
    def narrowed(self) -> bool:
        """True when something is asked for besides the order."""
        return bool(self.text or self.filters)

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns of the page, number and title apart."""
        return self.columns or WORDS[self.type_name].columns

    def address(self, **changes: object) -> dict[str, Any]:
        """The parameters of the same list with some changed; those that ask for nothing are left out."""
        asked: dict[str, Any] = {
            "q": self.text,
            **self.filters,
            "sort": "" if self.sort == WORDS[self.type_name].sort else self.sort,
            "col": list(self.columns),
            "page": self.page,
            "vue": self.view,
        }
        usual = {"page": 1}
        return {name: value for name, value in (asked | changes).items() if value and value != usual.get(name)}


@dataclass(frozen=True, slots=True)
class Found:
    """The lines of one page of a list, how many match in all, and how many pages that makes."""

    lines: list[Line]
    total: int
    pages: int


@dataclass(frozen=True)
class Index:
    """Every line of one commit. `titles` names what records refer to (editions, zones, themes, services)."""

    commit: str
    entries: Mapping[str, str] = field(repr=False)
    by_path: Mapping[str, tuple[Line, ...]] = field(repr=False)
    titles: Mapping[str, Mapping[str, str]] = field(repr=False)
    study_ends: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot, before: Index | None = None) -> Index:
        """The index of a snapshot; with the one before, only files that differ are looked at."""
        was: Mapping[str, str] = before.entries if before is not None else {}
        by_path = dict(before.by_path) if before is not None else {}
        changed = [path for path, blob in snapshot.entries.items() if was.get(path) != blob and path in snapshot.places]
        gone = [path for path in was if path not in snapshot.entries]
        for path in gone:
            by_path.pop(path, None)
        snapshot.read(path for path in changed if snapshot.places[path].type_name in EDITED)
        for path in changed:
            if snapshot.places[path].type_name in EDITED:
                reading = snapshot.reading(path)
                faulty = reading.faulty and bool(snapshot.places[path].id)
                by_path[path] = tuple(line_of(record, faulty=faulty) for record in reading.records)
        if gone or any(path not in was for path in changed):
            by_path = {path: by_path[path] for path in snapshot.entries if path in by_path}
        settings = any(_names_things(path) for path in (*changed, *gone))
        if before is not None and not settings:
            return cls(snapshot.commit, snapshot.entries, by_path, before.titles, before.study_ends)
        editions = snapshot.of_type(Edition)
        titles = {
            "edition": {edition.id: edition.title or edition.id for edition in editions},
            "zone": {zone.id: zone.title or zone.id for zone in snapshot.of_type(Zone)},
            "service": {service.id: service.title or service.id for service in snapshot.of_type(Service)},
            "theme": theme_titles(editions),
        }
        return cls(snapshot.commit, snapshot.entries, by_path, titles, study_ends(editions))

    @cached_property
    def lines(self) -> dict[str, list[Line]]:
        """The lines of each type, by path."""
        found: dict[str, list[Line]] = {name: [] for name in EDITED}
        for lines in self.by_path.values():
            for line in lines:
                found[line.type_name].append(line)
        return found

    @cached_property
    def by_id(self) -> dict[str, Line]:
        """Every line by its key."""
        return {line.id: line for line in chain.from_iterable(self.by_path.values())}

    @cached_property
    def faulty(self) -> frozenset[str]:
        """Keys of the records that an error holds back from publication."""
        return frozenset(line.id for line in chain.from_iterable(self.by_path.values()) if line.faulty)

    @cached_property
    def cited_by(self) -> dict[str, list[Line]]:
        """The lines of the records that name an id."""
        citing: dict[str, list[Line]] = {}
        for line in chain.from_iterable(self.by_path.values()):
            for named in line.cites:
                citing.setdefault(named, []).append(line)
        return citing

    def title(self, to: str, record_id: str) -> str:
        """The title of what a reference names; the identifier where there is no such record."""
        if to in self.titles:
            return self.titles[to].get(record_id, record_id)
        line = self.by_id.get(record_id)
        return line.title if line is not None else record_id

    def due(self, line: Line) -> str:
        """The ISO day by which something was promised, "" where nothing is."""
        if line.type_name == "idea":
            return self.study_ends.get(line.edition, "") if line.state in IDEAS_STUDIED else ""
        return line.due


def _names_things(path: str) -> bool:
    return path in ("zones.geojson", "services.yml") or path.endswith("/edition.yml")


def search(index: Index, query: Query, today: dt.date, order: Callable[[Line], Any] | None = None) -> Found:
    """The page of the list that the query asks for; `order` gives what to sort by, None coming last."""
    lines = in_order(matching_query(index, query, today), query.sort, order)
    start = (query.page - 1) * PER_PAGE
    return Found(lines[start : start + PER_PAGE], len(lines), max(1, -(-len(lines) // PER_PAGE)))


def matching_query(index: Index, query: Query, today: dt.date) -> list[Line]:
    """Every line that the query asks for, in no particular order."""
    lines: Sequence[Line] = index.lines.get(query.type_name, [])
    for name, wanted in query.filters.items():
        matches = _filter(index, name, wanted, today.isoformat())
        lines = [line for line in lines if matches(line)]
    return matching(lines, query.text)


def in_order(lines: list[Line], by: str, order: Callable[[Line], Any] | None) -> list[Line]:
    """The lines in order; those without a value last, in either direction."""
    downwards = by.startswith("-")
    if order is None:
        return sorted(lines, key=lambda line: line.id, reverse=downwards)
    keyed = [(order(line), line) for line in lines]
    known = sorted(
        (pair for pair in keyed if pair[0] is not None), key=lambda pair: (pair[0], pair[1].id), reverse=downwards
    )
    return [line for _key, line in known] + [line for key, line in keyed if key is None]


def everywhere(index: Index, text: str, most: int = PER_PAGE) -> Found:
    """Records of every type that match; an exact number comes first."""
    lines = matching(chain.from_iterable(index.by_path.values()), text)
    exact = text.strip().casefold()
    lines.sort(key=lambda line: (line.id.casefold() != exact, fold(text) not in line.folded, line.folded))
    return Found(lines[:most], len(lines), 1)


def matching(lines: Iterable[Line], text: str) -> list[Line]:
    """The lines in which every word is found."""
    words = fold(text).split()
    found = list(lines)
    for word in words:
        found = [line for line in found if word in line.text]
    return found


def late(index: Index, line: Line, today: str) -> bool:
    """True when what was promised by a day before today (ISO) has not come."""
    due = index.due(line)
    return bool(due) and due < today


def _filter(index: Index, name: str, wanted: str, today: str) -> Matches:
    if name == "late":
        return lambda line: late(index, line, today)
    if name == "missing":
        return lambda line: line.faulty
    if name == "period":
        coming = wanted != "past"
        return lambda line: (str(line.data.get("start", ""))[:10] >= today) is coming
    if name in ("state", "edition"):
        return lambda line: getattr(line, name) == wanted
    if wanted == NONE:
        return lambda line: name not in line.data
    if wanted in (YES, "0"):
        return lambda line: bool(line.data.get(name)) is (wanted == YES)
    return lambda line: line.data.get(name) == wanted
