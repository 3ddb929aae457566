"""What a save brings with it in other records, so that two records never say two things. Nothing is written here.

A project names the ideas it comes from, each of which names it in return; an idea found feasible is then on the
ballot. The results of a vote are announced at one moment: the projects wait for it with the rule that names it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from participation import lifecycle
from participation.messages import mark as _
from participation.records import Idea, Project, Record, Rule
from participation.store.saving import Change
from participation.store.snapshot import Snapshot
from participation.values import town_zone

ON_BALLOT = "on_ballot"


def concerns(record: Record) -> bool:
    """True for what may bring other records along."""
    return isinstance(record, Project | Idea | Rule)


def other_ends(snapshot: Snapshot, before: Record, after: Record, when: dt.datetime) -> list[Change]:
    """What else has to change once a record that was `before` is `after`, as it stands in the snapshot."""
    if isinstance(after, Project):
        return list(_ideas_of(snapshot, before, after, when.astimezone(town_zone()).date()))
    if isinstance(after, Idea):
        return list(_projects_of(snapshot, before, after))
    if isinstance(after, Rule):
        return list(_waiting_for(snapshot, before, after, when))
    return []


def subject(after: Record) -> str:
    """The sentence of the change that brings other records along."""
    if isinstance(after, Rule):
        return _("Le moment de l’annonce a changé\u00a0: les projets du vote l’attendent avec elle.")
    return _("Lien avec «\u00a0%s\u00a0».") % after.display_title


def _ideas_of(snapshot: Snapshot, before: Record, project: Project, today: dt.date) -> Iterator[Change]:
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


def _waiting_for(snapshot: Snapshot, before: Record, rule: Rule, when: dt.datetime) -> Iterator[Change]:
    """Projects whose result was to be told at the moment that the rule named before; what was told stays told."""
    was, now = before.data.get("announced"), rule.data.get("announced")
    if not was or not now or was == now or dt.datetime.fromisoformat(was) <= when:
        return
    for project in snapshot.of_type(Project):
        if project.edition != rule.id.partition("-")[0]:
            continue
        rows = project.data.get("status", [])
        moved = [{**row, "visible_from": now} if row.get("visible_from") == was else row for row in rows]
        if moved != rows:
            yield _changed(project, {"status": moved})


def _changed(record: Record, fields: dict[str, object]) -> Change:
    data = record.with_data({name: plain or None for name, plain in fields.items()}).data
    return Change(type(record), record.id, data, record.blob)
