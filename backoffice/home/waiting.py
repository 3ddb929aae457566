"""What waits for whoever opens the office: late, to study, to give to a service, to confirm, to complete, to tell.

Worked out from the index of the lists, for one service where the account has one. Nothing is decided or written here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from backoffice.i18n import _, language, ngettext
from backoffice.publish.reviewing import Remark
from backoffice.records.columns import day
from backoffice.records.lines import IDEAS_STUDIED, Line, open_steps
from backoffice.records.listing import NONE, YES, Index, late
from backoffice.records.looks import look_of_state
from backoffice.telling import person
from participation.records.fields import Plain
from participation.records.figures import When
from participation.records.project import STEP_KINDS

MOST = 5  # of each kind; the rest is one click away
SOON = dt.timedelta(days=45)
RECENT = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: the record it is about, what it is, how late, and the row of its state where one is told."""

    key: str
    title: str
    words: str
    late: str = ""
    row: int = -1


@dataclass(frozen=True, slots=True)
class Section:
    """Things to do of one kind; `more` leads to the list of all."""

    name: str
    title: str
    icon: str
    tone: str
    count: int
    items: Sequence[Item]
    more: str = ""


def sections(index: Index, today: dt.date, service: str, told: Collection[tuple[str, int]]) -> list[Section]:
    """What waits, the most pressing first; kinds of which there is nothing are left out."""
    iso = today.isoformat()
    found = [
        _late(index, iso, service),
        _studies(index, iso, service),
        _without_service(index, iso) if not service else None,
        _events_to_confirm(index, today),
        _events_to_complete(index, today),
        people(index, today, told),
    ]
    return [section for section in found if section is not None and section.count]


def returned(index: Index, remarks: Sequence[Remark]) -> list[Section]:
    """What a second person sent back to this account, with what they said of it."""
    items = [
        Item(
            one.record_id,
            one.title,
            _("%(name)s\u00a0: «\u00a0%(words)s\u00a0»") % {"name": person(one.who), "words": one.words},
        )
        for one in remarks
        if one.record_id in index.by_id
    ]
    return [Section("returned", _("Renvoyé avec une remarque"), "back", "stop", len(items), items)] if items else []


def _late(index: Index, iso: str, service: str) -> Section:
    lines = [
        line
        for name in ("project", "idea")
        for line in index.lines[name]
        if late(index, line, iso) and service in ("", line.data.get("service"))
    ]
    lines.sort(key=lambda line: (index.due(line), line.id))
    more = url_for("records.listing", type_name="project", late=YES, service=service or None)
    items = [
        Item(line.id, line.title, _promised(line, index, iso), _days(index.due(line), iso)) for line in lines[:MOST]
    ]
    return Section("late", _("En retard"), "clock", "stop", len(lines), items, more)


def _promised(line: Line, index: Index, iso: str) -> str:
    if line.type_name == "idea":
        return _("Étude à rendre pour le %s") % day(index.due(line))
    step, due = min(((step, due) for step, due in open_steps(line.data) if due < iso), key=lambda pair: pair[1])
    named = step.get("title")
    words = named if isinstance(named, str) else _(STEP_KINDS.get(str(step.get("kind", "")), ""))
    return _("« %(step)s », à finir pour le %(day)s") % {"step": words, "day": day(due)}


def _days(due: str, iso: str) -> str:
    days = (dt.date.fromisoformat(iso) - dt.date.fromisoformat(due)).days
    return ngettext("%(num)s jour de retard", "%(num)s jours de retard", days) % {"num": days}


def _studies(index: Index, iso: str, service: str) -> Section | None:
    """Ideas that a service has to study in time; told to that service only."""
    if not service:
        return None
    lines = [
        line
        for line in index.lines["idea"]
        if line.state in IDEAS_STUDIED and line.data.get("service") == service and not late(index, line, iso)
    ]
    items = [Item(line.id, line.title, _state(line, index)) for line in lines[:MOST]]
    more = url_for("records.listing", type_name="idea", service=service)
    return Section("studies", _("Études qui vous attendent"), "study", "study", len(lines), items, more)


def _without_service(index: Index, iso: str) -> Section:
    lines = [
        line
        for line in index.lines["idea"]
        if line.state in IDEAS_STUDIED and "service" not in line.data and not late(index, line, iso)
    ]
    items = [Item(line.id, line.title, _state(line, index)) for line in lines[:MOST]]
    more = url_for("records.listing", type_name="idea", service=NONE)
    return Section("service", _("Idées à confier à un service"), "people", "", len(lines), items, more)


def _state(line: Line, index: Index) -> str:
    words = [look_of_state(line.type_name, line.state).words, index.title("zone", line.zone) if line.zone else ""]
    due = index.due(line)
    words.append(_("à rendre pour le %s") % day(due) if due else "")
    return " · ".join(filter(None, words))


def _events_to_confirm(index: Index, today: dt.date) -> Section:
    until = (today + SOON).isoformat()
    lines = [
        line
        for line in index.lines["event"]
        if line.state == "tentative" and today.isoformat() <= _start(line) <= until
    ]
    lines.sort(key=_start)
    more = url_for("records.listing", type_name="event", state="tentative", period="coming")
    return Section("confirm", _("Rendez-vous à confirmer"), "calendar", "work", len(lines), _events(lines), more)


def _events_to_complete(index: Index, today: dt.date) -> Section:
    since = (today - RECENT).isoformat()
    lines = [
        line
        for line in index.lines["event"]
        if since <= _start(line) < today.isoformat()
        and line.state != "cancelled"
        and line.data.get("kind") not in ("deadline", "vote")
        and not line.data.keys() & {"report", "attendance"}
    ]
    lines.sort(key=_start, reverse=True)
    more = url_for("records.listing", type_name="event", period="past", sort="-start")
    title = _("Rendez-vous passés, à compléter")
    return Section("complete", title, "edit", "", len(lines), _events(lines), more)


def _start(line: Line) -> str:
    return str(line.data.get("start", ""))[:10]


def _events(lines: Iterable[Line]) -> list[Item]:
    return [
        Item(line.id, line.title, When.show(When(""), str(line.data.get("start", "")), language()))
        for line in list(lines)[:MOST]
    ]


def people(index: Index, today: dt.date, told: Collection[tuple[str, int]]) -> Section:
    """Decisions of the last months about ideas and projects whose owner is known, and has not been told yet."""
    since = (today - RECENT).isoformat()
    items = []
    for name in ("idea", "project"):
        for line in index.lines[name]:
            rows: Sequence[Mapping[str, Plain]] = line.data.get("status", ())
            row = len(rows) - 1
            if row < 1 or "person" not in line.data.get("owner", {}) or (line.id, row) in told:
                continue
            date = str(rows[-1].get("date", ""))
            if date >= since:
                words = look_of_state(name, line.state).words
                items.append((date, Item(line.id, line.title, f"{words} · {day(date)}", row=row)))
    items.sort(key=lambda pair: (pair[0], pair[1].key), reverse=True)
    return Section(
        "people", _("Personnes à prévenir"), "person", "vote", len(items), [item for _date, item in items[:MOST]]
    )
