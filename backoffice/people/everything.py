"""Everything held about a person, for that person: what the law calls the right of access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backoffice.people.forms import typed
from backoffice.records.lines import Line
from backoffice.registry import people
from backoffice.registry.schema import AuditEvent, Person


def held_about(person: Person, lines: Sequence[Line], uses: Sequence[AuditEvent]) -> dict[str, Any]:
    """The row of the registry, the records that name the person, and what was done with the row."""
    return {
        "id": person.id,
        **{name: typed(getattr(person, name)) for name in people.FIELDS},
        "created": person.created.isoformat(),
        "updated": person.updated.isoformat(),
        "records": [{"id": line.id, "title": line.title} for line in lines],
        "uses": [{"at": one.at.isoformat(), "kind": one.kind} for one in uses],
    }
