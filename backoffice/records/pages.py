"""What the templates of lists and forms are given. Views decide which page; nothing is read or written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from flask import g, render_template, url_for

from backoffice import telling
from backoffice.checking import Checker
from backoffice.i18n import _, language
from backoffice.look import advice
from backoffice.places import placing
from backoffice.places.placing import Sought
from backoffice.policy import may_edit
from backoffice.records import beginnings, formview, presence, saving, states
from backoffice.records.formdata import Pairs
from backoffice.records.formview import References
from backoffice.records.lines import Line, key_of
from backoffice.records.listing import EDITED, Index
from backoffice.records.looks import look_of_state
from backoffice.records.words import WORDS, Numbered
from backoffice.registry.schema import KeptForm
from backoffice.services import account, services
from backoffice.texts import filling
from backoffice.vote import beside
from participation.lifecycle import state_code
from participation.problems import Problem, Severity
from participation.records import Record, Rule
from site_builder import preview

LETTERS = ("idea", "project", "event")  # what one writes to people about
MOST_SUGGESTIONS = 300
REMOVED = "_removed"  # in a form: the row that was just removed, to be put back
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
    series: str = ""  # of a new record: the edition from which its number is drawn, or its chosen identifier
    removed: str = ""  # the row that was just removed, as text
    sought: Mapping[str, Sought] = field(default_factory=dict)  # addresses looked up, by the place they are for

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
        words = WORDS[kind.type_name]
        if isinstance(record, Rule):
            more |= beside.rule_beside(record, self.pairs, self.errors)
        return render_template(
            "vote/rule.html" if isinstance(record, Rule) else "records/edit.html",
            type_name=kind.type_name,
            words=words,
            record_id=key_of(record) if known else "",
            number=record.id if known else "",
            title=record.display_title if known and words.numbered is not Numbered.ONE else words.new,
            look=look_of(record) if known else None,
            only_one=words.numbered is Numbered.ONE,
            removed=self.removed,
            page=self.page,
            base=self.base,
            kept=self.kept,
            resumed=self.resumed,
            errors=saving.summary(kind, self.errors),
            sections=parts,
            standard_texts=filling.known(content, "reason") if offered else [],
            letters=filling.known(content, "letter") if known and kind.type_name in LETTERS else [],
            places=placing.helps(kind, self.pairs, self.sought, content),
            states=offered,
            state_chosen=self.pairs.get(f"{states.PREFIX}state", ""),
            state_errors=[
                " ".join(filter(None, (_(one.message), _(one.hint))))
                for one in self.errors
                if one.field == f"{states.PREFIX}state"
            ],
            state_fields=states.section(self.pairs, self.errors, find, content.languages()) if offered else [],
            confirm_discard=self.confirm_discard,
            choose_series=not known and words.numbered is Numbered.EDITION,
            choose_id=not known and words.numbered is Numbered.TYPED,
            series=self.series,
            series_error=next((_(one.message) for one in self.errors if one.field == SERIES), ""),
            editions=sorted(content.titles("edition").items(), reverse=True),
            limit_words=formview.limit_words,
            editable=may_edit(account(), kind.type_name),
            preview_href=self._preview(),
            text_language=content.languages()[0],
            others=presence.opening(key_of(record)) if known and may_edit(account(), kind.type_name) else "",
            **more,
        )

    def _preview(self) -> str:
        """Where the form is sent to see the public page, "" for types without one."""
        type_name = self.record.type_name
        if type_name not in preview.TYPES:
            return ""
        known = bool(self.record.blob)
        return (
            url_for("preview.saved", record_id=key_of(self.record))
            if known
            else url_for("preview.fresh", type_name=type_name)
        )

    @staticmethod
    def _beside(record: Record) -> dict[str, Any]:
        content = services().content
        problems = Checker(content.snapshot()).problems(record)
        return {
            "waiting": [one for one in problems if one.severity is Severity.ERROR],
            "advice": [*(one for one in problems if one.severity is Severity.WARNING), *advice.of(record)],
            "recent": telling.history(record, 3),
            "path_of_states": states.past(record, language()),
            "referrers": [(line.id, line.title) for line in content.index().cited_by.get(record.id, [])[:20]],
            "live_href": content.live_address(record),
            "offers": [one for one in beginnings.offers(record) if may_edit(account(), one[0])],
        }


NOTHING_BESIDE: dict[str, Any] = {
    "waiting": [],
    "advice": [],
    "recent": [],
    "path_of_states": [],
    "referrers": [],
    "live_href": "",
    "offers": [],
}


@dataclass(frozen=True, slots=True)
class _Titles(Mapping[str, str]):
    """Id -> title of the lines of a type, of which a form asks for a few: no dictionary of thousands is made for it."""

    index: Index
    to: str

    def __getitem__(self, record_id: str) -> str:
        line = self.index.by_id[record_id]
        if line.type_name != self.to:
            raise KeyError(record_id)
        return line.title

    def __iter__(self) -> Iterator[str]:
        return (line.id for line in self.index.lines.get(self.to, []))

    def __len__(self) -> int:
        return len(self.index.lines.get(self.to, []))


def finder(record: Record) -> formview.Finder:
    """What references of this record may name: everything, but only some suggestions of what there are thousands of."""
    content = services().content
    edition = record.id.partition("-")[0]

    def find(to: str) -> References:
        if to not in content.index().titles:
            index = content.index()
            near = islice(
                (line for line in index.lines.get(to, []) if not edition or line.edition == edition), MOST_SUGGESTIONS
            )
            return References([(line.id, line.title) for line in near], _Titles(index, to), complete=False)
        titles = dict(content.titles(to, edition))
        options = sorted(titles.items(), key=lambda item: item[1].casefold(), reverse=to == "edition")
        return References(options, titles)

    return find


def look_of(record: Record) -> Any:
    """The look of a record's present state; None for types without states."""
    if record.type_name != "event" and "status" not in record.fields:
        return None
    if record.type_name == "event":
        return look_of_state("event", str(record.data.get("state", "confirmed")))
    return look_of_state(record.type_name, state_code(record.type_name, record.data.get("status")))


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as a search over all types shows it."""

    id: str
    number: str
    title: str
    type_name: str
    kind: str
    state: str
    zone_title: str


def shown(line: Line) -> Shown:
    """The line with the titles of what it names."""
    zone = services().content.index().title("zone", line.zone) if line.zone else ""
    kind = _(EDITED[line.type_name].title_words)
    return Shown(line.id, line.id.rpartition(":")[2], line.title, line.type_name, kind, line.state, zone)
