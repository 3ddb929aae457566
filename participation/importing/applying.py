"""A plan into the store: one commit, or none at all."""

from __future__ import annotations

import datetime as dt

from participation.importing.plan import Kind, Plan
from participation.messages import mark as _
from participation.records import TYPES
from participation.store.saving import Change, SavedMany
from participation.store.store import Store
from participation.wording import number


def apply(plan: Plan, store: Store, *, author: str, when: dt.datetime) -> SavedMany | None:
    """Write the new and changed records of the plan; None when there is nothing to write.

    What was changed meanwhile is merged field by field; a field changed on both sides refuses the whole import
    (`Conflict`), and nothing is written. `author` is a pseudonym.
    """
    changes = [
        Change(
            TYPES[row.type_name],
            row.id,
            row.data,
            row.base.blob if row.base is not None and not TYPES[row.type_name].collective else None,
        )
        for row in plan.writes
    ]
    if not changes:
        return None
    return store.save_many(changes, author=author, when=when, subject=subject(plan), lines=_lines(plan))


def subject(plan: Plan) -> str:
    """The sentence for the history."""
    return _("Import de %(source)s\u00a0: %(new)s fiches créées, %(changed)s modifiées.") % {
        "source": plan.source,
        "new": number(len(plan.of_kind(Kind.NEW))),
        "changed": number(len(plan.of_kind(Kind.CHANGED))),
    }


def _lines(plan: Plan) -> list[str]:
    """Types and numbers, for whoever reads the history."""
    found = []
    for type_name in dict.fromkeys(row.type_name for row in plan.writes):
        counts = [len(plan.of_kind(kind, type_name)) for kind in (Kind.NEW, Kind.CHANGED)]
        words = _("%(type)s\u00a0: %(new)s créées, %(changed)s modifiées.")
        found.append(words % {"type": TYPES[type_name].title_words, "new": counts[0], "changed": counts[1]})
    return found
