"""One short line for each record: what lists search, filter and sort without opening a file. No request here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from participation.lifecycle import state_code
from participation.records import Edition, Record
from participation.records.containers import Group, Refs, Rows, Texts
from participation.records.fields import Plain
from participation.records.texts import Code, Ref, Text, Url
from participation.values import PartialDate

COLLECTIVE = ":"  # between type and identifier in the key of a record that shares its file: `zone:gare`
LONGEST_TEXT = 20_000  # characters of a record that a search looks in

# Where someone still has to decide or to build.
IDEAS_STUDIED = frozenset({"submitted", "to_complete", "admissible", "in_study", "appealed", "upheld"})
PROJECTS_BUILT = frozenset({"winner", "scoping", "design", "procurement", "agreement", "works"})


@dataclass(frozen=True, slots=True)
class Line:
    """One record in a list. `id` is its key in addresses, `text` what a search looks in: folded, without accents.

    `due` is the ISO day by which something was promised, "" where nothing is; an idea's depends on its edition.
    """

    id: str
    type_name: str
    blob: str
    title: str
    folded: str
    state: str
    edition: str
    due: str
    faulty: bool
    text: str = field(repr=False)
    data: Mapping[str, Plain] = field(repr=False)
    cites: tuple[str, ...] = ()

    @property
    def zone(self) -> str:
        """The zone it names, "" for none."""
        return str(self.data.get("zone", ""))


def key_of(record: Record) -> str:
    """What names a record in an address: its identifier, with its type where the file is shared."""
    return f"{record.type_name}{COLLECTIVE}{record.id}" if record.collective else record.id


_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Lower case without accents: what people type finds what others wrote."""
    if text.isascii():
        return text.casefold()
    plain = text.replace("’", "'").replace("œ", "oe").replace("Œ", "oe")  # ten times as fast as `translate`
    return _MARKS.sub("", unicodedata.normalize("NFKD", plain)).casefold()


def line_of(record: Record, *, faulty: bool = False) -> Line:
    """The line of a record; `faulty` when an error holds it back from publication."""
    data, kind = record.data, record.type_name
    words = [record.id, record.display_title, *_texts(record)]
    return Line(
        id=key_of(record),
        type_name=kind,
        blob=record.blob,
        title=record.display_title,
        folded=fold(record.display_title),
        state=_state(record),
        edition=str(data.get("edition", "")) or (record.id.partition("-")[0] if kind not in _UNDATED else ""),
        due=_due(record),
        faulty=faulty,
        text=fold(" ".join(words)[:LONGEST_TEXT]),
        data=data,
        cites=tuple(dict.fromkeys(_cited(record))),
    )


_UNDATED = ("page", "zone", "service", "instance", "article", "edition")


def _state(record: Record) -> str:
    if record.type_name == "event":
        return str(record.data.get("state", "confirmed"))
    return state_code(record.type_name, record.data.get("status")) if "status" in record.fields else ""


def _texts(record: Record) -> Iterable[str]:
    """Everything that people wrote in a record."""
    fields = record.fields
    for name, plain in record.data.items():
        declared = fields.get(name)
        if isinstance(declared, Text) and not isinstance(declared, Code | Url):
            yield from plain.values() if isinstance(plain, Mapping) else (str(plain),)
        elif isinstance(declared, Texts) and not isinstance(declared, Refs):
            yield from map(str, plain)
        elif name == "place" and isinstance(plain, Mapping):
            yield from (str(plain[key]) for key in ("name", "address") if key in plain)
        elif name == "owner" and "organisation" in plain:
            yield str(plain["organisation"])


def _due(record: Record) -> str:
    """The last day of the promise that is not kept yet."""
    data = record.data
    if record.type_name == "event":
        return str(data.get("start", ""))[:10] if data.get("state") == "tentative" else ""
    if record.type_name != "project" or _state(record) not in PROJECTS_BUILT:
        return ""
    return min((due for _step, due in open_steps(data)), default="")


def open_steps(data: Mapping[str, Plain]) -> Iterable[tuple[Mapping[str, Plain], str]]:
    """The steps of a project that are not over, each with the ISO day by which it should be."""
    for step in data.get("steps", ()):
        promised = step.get("expected_end") or step.get("planned_end")
        if promised and "actual_end" not in step:
            yield step, PartialDate.parse(str(promised)).last().isoformat()


def study_ends(editions: Iterable[Edition]) -> dict[str, str]:
    """Edition -> the ISO day on which its study of ideas is to be over."""
    found = {}
    for edition in editions:
        studies = [phase for phase in edition.data.get("phases", ()) if phase.get("phase") == "study"]
        ends = [PartialDate.parse(str(phase["end"])).last() for phase in studies if "end" in phase]
        if ends:
            found[edition.id] = max(ends).isoformat()
    return found


def _cited(record: Record) -> Iterable[str]:
    """Every record that this one names, but for zones, themes, services and editions: they are named by all."""
    yield from _named(record.fields, record.data)


def _named(fields: Mapping[str, object], data: Mapping[str, Plain]) -> Iterable[str]:
    for name, plain in data.items():
        declared = fields.get(name)
        if isinstance(declared, Refs):
            yield from map(str, plain)
        elif isinstance(declared, Ref):
            if declared.to in ("idea", "project", "event", "article", "page"):
                yield str(plain)
        elif isinstance(declared, Rows) and name == "menu":
            for row in plain:
                yield from _named(declared.part.fields, row)
        elif isinstance(declared, Group):
            yield from _named(declared.part.fields, plain)


def theme_titles(editions: Sequence[Edition]) -> dict[str, str]:
    """The themes of every edition: one list, since records of several editions are listed together."""
    titles: dict[str, str] = {}
    for edition in editions:
        for theme in edition.themes:
            titles.setdefault(theme.id, theme.title or theme.id)
    return titles
