"""What the templates of lists and forms are given. Views decide which page; nothing is read or written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g, render_template, url_for

from backoffice import telling
from backoffice.checking import Checker
from backoffice.i18n import _, language
from backoffice.records import formview, saving, states
from backoffice.records.formdata import Pairs
from backoffice.records.formview import References
from backoffice.records.listing import FILTERS, Found, Line, Query
from backoffice.records.looks import look_of_state, states_of
from backoffice.records.words import WORDS, counted
from backoffice.registry.schema import KeptForm
from backoffice.services import services
from participation.lifecycle import state_code
from participation.problems import Problem, Severity
from participation.records import TYPES, Record
from participation.records.event import EVENT_KINDS
from participation.records.figures import When

MOST_SUGGESTIONS = 300
SERIES = "_edition"  # in the form of a new record: the edition that its number is drawn from


@dataclass(slots=True)
class FormPage:
    """A form to show: the record it is made from, what is typed in it, and what is said above it."""

    record: Record
    pairs: Pairs
    base: str
    page: str
    errors: list[Problem] = field(default_factory=list)
    kept: KeptForm | None = None
    resumed: KeptForm | None = None
    eye: str = ""
    confirm_discard: bool = False
    series: str = ""  # of a new record: the edition from which its number is drawn

    def render(self) -> str:
        """The page of the form."""
        record, kind = self.record, type(self.record)
        g.type_name = kind.type_name
        content = services().content
        find = finder(record)
        known = bool(record.blob)
        parts = formview.sections(kind, self.pairs, self.errors, find, content.languages(), self.eye)
        more = self._beside(record) if known else NOTHING_BESIDE
        offered = states.offered(record)
        return render_template(
            "records/edit.html",
            type_name=kind.type_name,
            words=WORDS[kind.type_name],
            record_id=record.id if known else "",
            title=record.display_title if known else WORDS[kind.type_name].new,
            look=look_of(record) if known else None,
            page=self.page,
            base=self.base,
            kept=self.kept,
            resumed=self.resumed,
            errors=saving.summary(kind, self.errors),
            sections=parts,
            states=offered,
            state_chosen=self.pairs.get(f"{states.PREFIX}state", ""),
            state_errors=[
                " ".join(filter(None, (_(one.message), _(one.hint))))
                for one in self.errors
                if one.field == f"{states.PREFIX}state"
            ],
            state_fields=states.section(self.pairs, self.errors, find, content.languages()) if offered else [],
            confirm_discard=self.confirm_discard,
            choose_series=not known and kind.type_name != "event",
            series=self.series,
            series_error=next((_(one.message) for one in self.errors if one.field == SERIES), ""),
            editions=sorted(content.titles("edition").items(), reverse=True),
            limit_words=formview.limit_words,
            **more,
        )

    @staticmethod
    def _beside(record: Record) -> dict[str, Any]:
        content = services().content
        problems = Checker(content.snapshot()).problems(record)
        return {
            "waiting": [one for one in problems if one.severity is Severity.ERROR],
            "advice": [one for one in problems if one.severity is Severity.WARNING],
            "recent": telling.history(record, 3),
            "path_of_states": states.past(record, language()),
            "referrers": [(line.id, line.title) for line in content.index().cited_by.get(record.id, [])[:20]],
            "live_href": content.live_address(record),
        }


NOTHING_BESIDE: dict[str, Any] = {
    "waiting": [],
    "advice": [],
    "recent": [],
    "path_of_states": [],
    "referrers": [],
    "live_href": "",
}


def finder(record: Record) -> formview.Finder:
    """What references of this record may name: everything, but only some suggestions of what there are thousands of."""
    content = services().content
    edition = record.id.partition("-")[0]

    def find(to: str) -> References:
        if to in WORDS:
            lines = content.index().lines.get(to, [])
            near = [line for line in lines if not edition or line.edition == edition][:MOST_SUGGESTIONS]
            titles = {line.id: line.title for line in lines}
            return References([(line.id, line.title) for line in near], titles, complete=False)
        titles = dict(content.titles(to, edition))
        options = sorted(titles.items(), key=lambda item: item[1].casefold(), reverse=to == "edition")
        return References(options, titles)

    return find


def look_of(record: Record) -> Any:
    """The look of a record's present state."""
    if record.type_name == "event":
        return look_of_state("event", str(record.data.get("state", "confirmed")))
    return look_of_state(record.type_name, state_code(record.type_name, record.data.get("status")))


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter above a list."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: its title sorts by it, then the other way round."""

    label: str
    href: str
    order: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as the list shows it."""

    id: str
    title: str
    type_name: str
    state: str
    zone_title: str
    theme_title: str
    edition: str
    when: str
    faulty: bool


def shown(line: Line) -> Shown:
    """The line with the titles of what it names."""
    index = services().content.index()
    titles = index.titles
    theme = (
        EVENT_KINDS.get(line.theme, "") if line.type_name == "event" else titles["theme"].get(line.theme, line.theme)
    )
    when = When.show(When(""), line.when, language()) if line.when else ""
    return Shown(
        id=line.id,
        title=line.title,
        type_name=line.type_name,
        state=line.state,
        zone_title=titles["zone"].get(line.zone, line.zone),
        theme_title=_(theme) if line.type_name == "event" else theme,
        edition=titles["edition"].get(line.edition, line.edition),
        when=when,
        faulty=line.id in index.faulty,
    )


def render_listing(type_name: str, query: Query, found: Found, total: int) -> str:
    """The page of a list."""
    event = type_name == "event"
    labels = {
        "id": _("N°"),
        "title": TYPES[type_name].title_words,
        "state": _("État"),
        "zone": _("Quartier"),
        "theme": _("Type") if event else _("Thème"),
        "when": _("Quand") if event else _("Édition"),
    }
    labels["title"] = _(labels["title"])
    return render_template(
        "records/listing.html",
        type_name=type_name,
        words=WORDS[type_name],
        counted=counted,
        query=query,
        total=total,
        found=found.total,
        pages=found.pages,
        lines=[shown(line) for line in found.lines],
        filters=_filters(type_name, query),
        columns=[_column(type_name, query, name, label) for name, label in labels.items()],
        page_href=lambda page: url_for("records.listing", type_name=type_name, **query.address(page=page)),
    )


def _filters(type_name: str, query: Query) -> list[Filter]:
    titles = services().content.index().titles
    kinds = {code: _(words)[:1].upper() + _(words)[1:] for code, words in EVENT_KINDS.items()}
    options = {
        "state": states_of(type_name),
        "edition": sorted(titles["edition"].items(), reverse=True),
        "zone": sorted(titles["zone"].items(), key=lambda item: item[1].casefold()),
        "theme": sorted((kinds if type_name == "event" else titles["theme"]).items(), key=lambda item: item[1]),
    }
    labels = {
        "state": _("État"),
        "edition": _("Édition"),
        "zone": _("Quartier"),
        "theme": _("Type") if type_name == "event" else _("Thème"),
    }
    return [Filter(name, labels[name], options[name], getattr(query, name)) for name in FILTERS]


def _column(type_name: str, query: Query, name: str, label: str) -> Column:
    sorted_by = query.sort.removeprefix("-") == name
    downwards = query.sort.startswith("-")
    turned = f"-{name}" if sorted_by and not downwards else name
    href = url_for("records.listing", type_name=type_name, **query.address(sort=turned, page=1))
    order = ("descending" if downwards else "ascending") if sorted_by else ""
    return Column(label, href, order)
