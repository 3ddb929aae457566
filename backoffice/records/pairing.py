"""The other end of a link between an idea and its project: saved at one end, it is completed at the other.

A project names the ideas it comes from, each of which names it in return; an idea found feasible is then on the
ballot. Nothing is read or written here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from participation import lifecycle
from participation.records import Idea, Project, Record
from participation.store.saving import Change
from participation.store.snapshot import Snapshot

ON_BALLOT = "on_ballot"


def other_ends(snapshot: Snapshot, before: Record, after: Record, today: dt.date) -> list[Change]:
    """What else has to change once a record that was `before` is `after`, as it stands in the snapshot."""
    if isinstance(after, Project):
        return [change for change in _ideas_of(snapshot, before, after, today) if change is not None]
    if isinstance(after, Idea):
        return list(_projects_of(snapshot, before, after))
    return []


def _ideas_of(snapshot: Snapshot, before: Record, project: Project, today: dt.date) -> Iterator[Change | None]:
    named = project.data.get("ideas", ())
    for idea_id in named:
        idea = snapshot.get(idea_id)
        if isinstance(idea, Idea) and not idea.data.get("project"):
            yield _changed(idea, {"project": project.id, **_on_ballot(idea, project, today)})
    for idea_id in before.data.get("ideas", ()):
        idea = snapshot.get(idea_id)
        if idea_id not in named and isinstance(idea, Idea) and idea.data.get("project") == project.id:
            yield _changed(idea, {"project": None})


def _on_ballot(idea: Idea, project: Project, today: dt.date) -> dict[str, object]:
    rows = idea.data.get("status", [])
    ready = lifecycle.allowed("idea", lifecycle.state_code("idea", rows), ON_BALLOT)
    if not ready or lifecycle.state_code("project", project.data.get("status")) != ON_BALLOT:
        return {}
    return {"status": [*rows, {"state": ON_BALLOT, "date": today.isoformat(), "role": "agent"}]}


def _projects_of(snapshot: Snapshot, before: Record, idea: Idea) -> Iterator[Change]:
    now, was = idea.data.get("project"), before.data.get("project")
    project = snapshot.get(now) if now else None
    if isinstance(project, Project) and idea.id not in project.data.get("ideas", ()):
        yield _changed(project, {"ideas": [*project.data.get("ideas", ()), idea.id]})
    left = snapshot.get(was) if was and was != now else None
    if isinstance(left, Project) and idea.id in left.data.get("ideas", ()):
        yield _changed(left, {"ideas": [one for one in left.data["ideas"] if one != idea.id]})


def _changed(record: Record, fields: dict[str, object]) -> Change:
    data = record.with_data({name: plain or None for name, plain in fields.items()}).data
    return Change(type(record), record.id, data, record.blob)
