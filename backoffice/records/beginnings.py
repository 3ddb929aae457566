"""Forms of new records that begin from another one: a copy, the project of an idea, an event or a piece of news."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.i18n import _
from backoffice.records.formdata import Pairs, from_data
from participation.lifecycle import state_code
from participation.messages import mark
from participation.records import Article, Event, Idea, Project, Record
from participation.records.fields import Plain

# What belongs to one record alone: a copy starts without it.
_NOT_COPIED = ("old_addresses", "votes", "points", "rank", "report", "attendance", "visible_from", "turnout")
_OF_AN_IDEA = (
    "title",
    "summary",
    "theme",
    "zone",
    "place",
    "owner",
    "service",
    "cost",
    "upkeep",
    "photos",
    "documents",
)
_OPEN = frozenset({"admissible", "in_study", "feasible", "feasible_with_conditions", "upheld"})
"""States of an idea from which a project may be prepared; the ballot itself waits for its study."""


def offers(record: Record) -> list[tuple[str, str]]:
    """What may be begun from a record: the type, and the words of the button."""
    if isinstance(record, Idea):
        project = record.data.get("project") or state_code("idea", record.data.get("status")) not in _OPEN
        return [("project", mark("En faire un projet"))] if not project else []
    if isinstance(record, Project):
        return [("event", mark("Annoncer un rendez-vous")), ("article", mark("Écrire une actualité"))]
    return []


def pairs_from(model: Record, kind: type[Record]) -> Pairs:
    """The pairs of a form for a new record of a type, made from another one; none where nothing passes over."""
    if type(model) is kind:
        return _copied(model)
    data: Mapping[str, Plain] = {}
    if isinstance(model, Idea) and kind is Project:
        words = {name: model.data[name] for name in _OF_AN_IDEA if name in model.data}
        texts = [model.data[name] for name in ("proposal", "need") if isinstance(model.data.get(name), str)]
        data = words | {"description": "\n\n".join(texts), "ideas": [model.id]}
    elif isinstance(model, Project) and kind in (Event, Article):
        near = ("zone", "place") if kind is Event else ("zone",)
        data = {name: model.data[name] for name in near if name in model.data}
        data = data | {"projects": [model.id], "edition": model.edition}
    return from_data(kind, data)


def series_from(model: Record | None, kind: type[Record]) -> str:
    """The edition from which the new record draws its number, "" where the model does not say."""
    return model.edition if isinstance(model, Idea) and kind in (Idea, Project) else ""


def _copied(model: Record) -> Pairs:
    data = {name: plain for name, plain in model.data.items() if name not in _NOT_COPIED}
    pairs = from_data(type(model), data)
    for name in [name for name in pairs if name == "title" or name.startswith("title.")]:
        pairs[name] = _("Copie de %s") % pairs[name]
    return pairs
