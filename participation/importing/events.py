"""Calendars of others to a plan of events: which format, which identifiers, what is left out of each event.

An event is recognised by its origin (system, identifier), so that its own identifier never changes. The formats are in
`ical` and `openagenda`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from participation.importing.errors import ImportRefused, refused
from participation.importing.people import without_contacts
from participation.importing.plan import Draft, Plan
from participation.importing.planner import Planner
from participation.importing.wordforms import shortened
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import Event, Record
from participation.records.event import EVENT_KINDS
from participation.records.fields import Plain, Refused
from participation.records.texts import Text, Url
from participation.store.snapshot import Snapshot

LARGEST_FILE = 20 << 20
MOST_EVENTS = 20_000
SERIES = 1_000  # numbers of events that an office has for itself in a year


@dataclass(slots=True)
class Found:
    """One event as a format's module found it; `given` is nested raw data, `origin` its identifier there."""

    origin: str
    given: dict[str, Plain]
    line: int | None = None
    problems: list[Problem] = field(default_factory=list)

    def say(self, message: str, where: str = "", hint: str = "", *, error: bool = False) -> None:
        """Add a problem; its file is filled in later."""
        severity = Severity.ERROR if error else Severity.WARNING
        self.problems.append(Problem(message, line=self.line, field=where, hint=hint, severity=severity))


@dataclass(slots=True)
class Calendar:
    """All events of a file, and what was noticed about the file."""

    system: str
    start_word: str  # what the format calls the start
    events: list[Found] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Reader = Callable[[bytes, str, ZoneInfo], Calendar]


def plan_events(
    content: bytes,
    file: str,
    snapshot: Snapshot,
    *,
    kind: str = "",
    edition: str = "",
    system: str = "",
    trashed: Mapping[str, Record] | None = None,
) -> Plan:
    """The plan of an `.ics` file or an OpenAgenda export. Raises ImportRefused.

    `kind` and `edition` are given to every event; `system` names the origin when several calendars are imported.
    Records in `trashed` are left there, and their numbers are not used again.
    """
    for name, value in (("--edition", edition), ("--system", system)):
        if value and not re.fullmatch(r"[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*", value):
            raise ImportRefused(
                [Problem(_("«\u00a0%s\u00a0» n’est pas un identifiant valable.") % value[:40], field=name)]
            )
    if kind and kind not in EVENT_KINDS:
        raise ImportRefused(
            [Problem(_("Le type «\u00a0%s\u00a0» est inconnu.") % kind[:40], hint=", ".join(EVENT_KINDS))]
        )
    if not content.strip():
        raise refused(_("Le fichier est vide."), file)
    if len(content) > LARGEST_FILE:
        raise refused(_("Le fichier dépasse %s\u00a0Mo.") % (LARGEST_FILE >> 20), file)
    zone = snapshot.instance.zone
    calendar = _reader(content, file)(content, file, zone)
    if len(calendar.events) > MOST_EVENTS:
        raise refused(_("Le fichier a plus de %s rendez-vous.") % MOST_EVENTS, file)
    planner = Planner(snapshot, file, trashed)
    for note in calendar.notes:
        planner.note(note)
    if not calendar.events:
        planner.note(_("Ce fichier ne contient aucun rendez-vous."))
    _Identifiers(planner, system or calendar.system).add(calendar, kind, edition)
    return planner.plan()


def _reader(content: bytes, file: str) -> Reader:
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:200]
    if start[:1] in (b"{", b"["):
        from participation.importing.openagenda import read_openagenda  # noqa: PLC0415  # only the format that is asked for

        return read_openagenda
    if b"BEGIN:" in start.upper():
        from participation.importing.ical import read_ical  # noqa: PLC0415  # only the format that is asked for

        return read_ical
    raise refused(
        _("Ce fichier n’est ni un calendrier .ics ni un export JSON d’OpenAgenda."),
        file,
        1,
        _("Un tableau CSV ou XLSX s’importe avec «\u00a0laureat import table\u00a0»."),
    )


class _Identifiers:
    """Gives each event its identifier: the one it has, else the next number of its year."""

    def __init__(self, planner: Planner, system: str) -> None:
        self.planner, self.system = planner, system
        self.records: dict[str, Record] = {event.id: event for event in planner.snapshot.of_type(Event)}
        self.known: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        # Several offices on one content draw from their own range: 2 gives 2026-E2001, as in the office itself.
        self.first = (planner.snapshot.instance.series or 0) * SERIES
        for event in [*planner.trashed.values(), *self.records.values()]:
            origin = event.data.get("origin", {})
            if origin.get("system") == system and origin.get("id"):
                self.known[origin["id"]] = event.id
            if (match := re.fullmatch(r"(\d{4})-E(\d{1,9})", event.id)) and self._ours(int(match[2])):
                self.numbers[match[1]] = max(self.numbers.get(match[1], self.first), int(match[2]))

    def _ours(self, number: int) -> bool:
        return not self.first or number // SERIES * SERIES == self.first

    def add(self, calendar: Calendar, kind: str, edition: str) -> None:
        """Make a draft of each event, in the order of the file."""
        planner, contacts = self.planner, 0
        for found in calendar.events:
            contacts += _without_contacts(found.given)
            known = self.known.get(found.origin)
            draft = Draft("event", known or self._next(found), found.given, found.line, planner.source)
            draft.problems = [problem.at(planner.source) for problem in found.problems]
            draft.whole = frozenset(("exceptions", "extra_dates"))
            draft.columns = {"start": calendar.start_word}
            draft.given["origin"] = {"system": self.system, "id": found.origin, **draft.given.get("origin", {})}
            if kind:
                draft.given["kind"] = kind
            if edition:
                draft.given["edition"] = draft.edition = edition
            self._respect(draft)
            planner.add(draft)
            self.known[found.origin] = draft.id
        if contacts:
            planner.note(_("Adresses électroniques et téléphones retirés de %s textes.") % contacts)

    def _next(self, found: Found) -> str:
        year = str(found.given.get("start") or "")[:4]
        if not re.fullmatch(r"\d{4}", year):
            year = "0000"  # held back anyway: an event without a start is an error
        self.numbers[year] = self.numbers.get(year, self.first) + 1
        return f"{year}-E{self.numbers[year]:03d}"

    def _respect(self, draft: Draft) -> None:
        """A cancellation made here is not undone by a source that simply says "confirmed"."""
        event = self.records.get(draft.id)
        given = draft.given.get("state")
        if given == "confirmed" and (event is None or event.data.get("state") in (None, "confirmed", "tentative")):
            if event is None or "state" not in event.data:
                del draft.given["state"]  # what an empty field means already
        elif given == "confirmed":
            del draft.given["state"]
            words = _("Le fichier dit «\u00a0confirmé\u00a0»\u202f; l’état noté ici est gardé.")
            draft.problems.append(Problem(words, draft.file, draft.line, "state", severity=Severity.WARNING))


def _without_contacts(given: dict[str, Plain]) -> int:
    changed = 0
    for name in ("title", "summary", "description", "access"):
        text = given.get(name)
        if isinstance(text, str) and (bare := without_contacts(text)) != text:
            given[name] = bare
            changed += 1
    return changed


def put_text(found: Found, name: str, text: str) -> None:
    """Give a text field its words, cut to what it takes; a cut is told."""
    field = Event.fields[name]
    assert isinstance(field, Text)  # noqa: S101  # the names are ours
    text = text.strip() if field.multiline else " ".join(text.split())
    if not text:
        return
    if len(text) > field.limit:
        found.say(
            _("Texte de %(length)s caractères raccourci à %(limit)s.") % {"length": len(text), "limit": field.limit},
            name,
        )
        text = shortened(text, field.limit)
    found.given[name] = text


def web_address(text: object) -> str:
    """A usable web address, else nothing."""
    if not isinstance(text, str) or not text.strip():
        return ""
    try:
        return Url("").parse(text)
    except Refused:
        return ""
