"""What a vote gave and may not be told yet: who reads it before, and how it is left out for everybody else.

One policy: until the moment of the announcement, only those who may count (`Right.COUNT`) read what a proclamation
wrote: states, reasons, votes, ranks, sums. For anybody else it is cut out of the content itself, which lists, forms,
history, search, previews and tables are all made from; what such a person saves is completed before it is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from flask import g, has_app_context

from backoffice import policy
from backoffice.policy import Right
from backoffice.records.lines import line_of
from backoffice.registry.schema import Account
from participation.messages import mark as _
from participation.problems import Problem
from participation.records import Project, Record, Rule
from participation.records.fields import Plain
from participation.store.errors import InvalidRecord
from participation.store.snapshot import Snapshot

if TYPE_CHECKING:  # the content cuts its own index with this module
    from backoffice.records.listing import Index

R = TypeVar("R", bound=Record)

OUTCOMES = frozenset({"winner", "reserve", "not_selected"})
ROLE = "vote"  # of the states that a proclamation writes
HIDDEN = _("Résultat du vote, caché jusqu’à son annonce.")

Row = Mapping[str, Any]


def may_read(account: Account | None) -> bool:
    """True for whoever reads results before they are announced. None is the service itself."""
    return account is None or policy.allowed(account, Right.COUNT)


def reader() -> Account | None:
    """Whoever asks, when results must be hidden from that account; None where everything may be told."""
    account = g.get("account") if has_app_context() else None
    return None if may_read(account) else account


@dataclass(frozen=True)
class Embargo:
    """What is known of one commit: edition -> when its results are told; the projects of which a state is held."""

    moments: Mapping[str, dt.datetime]
    by_path: Mapping[str, Project]
    entries: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, snapshot: Snapshot, before: Embargo | None = None) -> Embargo:
        """Look for it; with what was known of another commit, only in files that differ from that one's."""
        moments = {
            rule.edition: dt.datetime.fromisoformat(moment)
            for rule in snapshot.of_type(Rule)
            if (moment := rule.data.get("announced"))
        }
        was: Mapping[str, str] = before.entries if before is not None else {}
        found = dict(before.by_path) if before is not None else {}
        changed = [path for path, blob in snapshot.entries.items() if was.get(path) != blob]
        for path in [path for path in found if path not in snapshot.entries]:
            del found[path]
        snapshot.read(changed)
        for path in changed:
            found.pop(path, None)
            for one in snapshot.reading(path).records:
                if isinstance(one, Project) and any(_held(row) for row in one.data.get("status", ())):
                    found[path] = one
        return cls(moments, found, snapshot.entries)

    @property
    def projects(self) -> Collection[Project]:
        """The projects of which a state is held."""
        return self.by_path.values()

    def rows(self, record: Record, now: dt.datetime) -> list[Row]:
        """The states of a record, in any version of it, that may not be told at `now`."""
        if record.type_name != Project.type_name:
            return []
        moment = self.moments.get(record.id.partition("-")[0])
        awaited = moment is not None and moment > now
        return [
            row
            for row in record.data.get("status", ())
            if _held(row)
            and (awaited or (row.get("role") == ROLE and dt.datetime.fromisoformat(row["visible_from"]) > now))
        ]

    def told(self, record: R, now: dt.datetime) -> R:
        """The record without them and the fields that they hold; itself where nothing is hidden."""
        rows = self.rows(record, now)
        if not rows:
            return record
        kept = [row for row in record.data["status"] if row not in rows]
        cut = record.with_data({"status": kept or None, **dict.fromkeys(_names(rows))})
        cut.withheld = True
        return cut

    def cut(self, projects: Iterable[Project], now: dt.datetime) -> dict[str, Project]:
        """Path -> project as it may be told, for those of which something is hidden."""
        told = ((one.path, self.told(one, now)) for one in projects)
        return {path: one for path, one in told if one.withheld}

    def completed(
        self, record: Record, data: Mapping[str, Plain] | None, now: dt.datetime
    ) -> Mapping[str, Plain] | None:
        """What to write when somebody who does not see what is hidden of `record` saves `data` in its place.

        Raises InvalidRecord when the data say something of their own of what the vote decides.
        """
        rows = self.rows(record, now) if data is not None else []
        if not rows or data is None or data.get("status") == record.data["status"]:
            return data
        problems = []
        if data.get("status", []) != [row for row in record.data["status"] if row not in rows]:
            problems.append(_problem("etat.state"))
        problems += [_problem(name) for name in _names(rows) if name in data and data[name] != record.data.get(name)]
        if problems:
            raise InvalidRecord(record.id, problems)
        hidden = {name: record.data[name] for name in ("status", *_names(rows)) if name in record.data}
        return record.with_data({**dict.fromkeys(record.fields), **data, **hidden}).data

    def demand_seen(self, record: Record, field: str | None, now: dt.datetime) -> None:
        """Refuse to bring a version (of one field) back over what is hidden. Raises InvalidRecord."""
        rows = self.rows(record, now)
        if rows and (field is None or field in ("status", *_names(rows))):
            raise InvalidRecord(record.id, [_problem(field or "status")])


def cut_snapshot(snapshot: Snapshot, projects: Mapping[str, Project]) -> Snapshot:
    """The snapshot with these projects in place of what was read, by their paths."""
    readings = {path: replace(snapshot.reading(path), records=[one]) for path, one in projects.items()}
    return snapshot.showing(readings)


def cut_index(index: Index, projects: Mapping[str, Project]) -> Index:
    """The index with the lines of these projects."""
    lines = {
        path: tuple(line_of(one, faulty=line.faulty) for line in index.by_path.get(path, ())[:1])
        for path, one in projects.items()
    }
    return replace(index, by_path={**index.by_path, **lines})


def _held(row: Row) -> bool:
    return row.get("state") in OUTCOMES and bool(row.get("visible_from"))


def _names(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.get("holds", ())))


def _problem(field: str) -> Problem:
    words = _("Le vote est proclamé et attend son annonce\u00a0: ceci en dépend et ne change pas avant.")
    return Problem(words, field=field)
