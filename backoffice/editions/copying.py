"""From one edition to the next: what is proposed, with dates moved by whole years, and what is written once agreed.

Pure: the page and the save are the views'.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from participation.layout import rule_id
from participation.messages import mark
from participation.records import Edition, Rule
from participation.records.fields import Plain
from participation.records.rule import OF_ONE_VOTE
from participation.store.saving import Change
from participation.values import PartialDate

EDITED = ("title", "phases", "budget", "cost_cap", "envelopes", "themes")
"""What the page shows in full, filled in."""

COPIED = ("currency", "minimum_age")
"""What goes along without a question: it has no date and is in the form of the new edition."""

TEXTS: dict[str, tuple[str, bool]] = {
    "eligibility": (mark("Qui peut proposer et voter"), True),
    "criteria": (mark("Critères de recevabilité"), True),
    "rules": (mark("Règlement"), True),
    "submission": (mark("Proposer une idée\u00a0: formulaires et lieux"), True),
    "summary": (mark("Résumé"), False),
    "description": (mark("Présentation"), False),
}
"""Texts that may go along: their words, and whether that is proposed (a presentation tells of its own edition)."""


def next_id(editions: Sequence[Edition], source: Edition) -> str:
    """The identifier proposed: as many years after the last edition as that one came after the one before."""
    years = sorted({int(one.id) for one in editions if re.fullmatch(r"\d{4}", one.id)})
    if not years or not re.fullmatch(r"\d{4}", source.id):
        return ""
    gap = years[-1] - years[-2] if len(years) > 1 else 1
    return str(years[-1] + gap)


def years_between(source: Edition, new_id: str) -> int:
    """By how many years dates move; 0 where an identifier holds no year."""
    found = [re.search(r"\d{4}", one) for one in (source.id, new_id)]
    return int(found[1][0]) - int(found[0][0]) if found[0] and found[1] else 0


def shifted(iso: str, years: int) -> str:
    """The same day, month or year so many years later; 29 February becomes the 28th where it has to."""
    date = PartialDate.parse(iso)
    day = date.day
    if date.month and day:
        day = min(day, calendar.monthrange(date.year + years, date.month)[1])
    return str(PartialDate(date.year + years, date.month, day))


def proposal(source: Edition, new_id: str) -> dict[str, Plain]:
    """The data that the page is filled in with."""
    years = years_between(source, new_id)
    data = {name: source.data[name] for name in EDITED if name in source.data}
    if "title" in data:
        data["title"] = _renamed(data["title"], source.id, new_id)
    if "phases" in data:
        data["phases"] = [_moved(phase, years) for phase in data["phases"]]
    return data


def _renamed(title: Plain, old: str, new: str) -> Plain:
    if isinstance(title, Mapping):
        return {lang: text.replace(old, new) for lang, text in title.items()}
    return str(title).replace(old, new)


def _moved(phase: Mapping[str, Plain], years: int) -> dict[str, Plain]:
    """A phase with its dates moved; its note, which tells of that year, stays behind."""
    moved = {name: plain for name, plain in phase.items() if name != "note"}
    return moved | {name: shifted(moved[name], years) for name in ("start", "end") if name in moved}


def with_texts(source: Edition, data: Mapping[str, Plain], texts: Collection[str]) -> dict[str, Plain]:
    """What was typed, and what goes along from the source."""
    names = (*COPIED, *(name for name in TEXTS if name in texts))
    whole: dict[str, Any] = {name: source.data[name] for name in names if name in source.data} | dict(data)
    return {name: whole[name] for name in Edition.fields if name in whole}


def changes(new_id: str, data: Mapping[str, Plain], rule: Rule | None) -> list[Change]:
    """What is written, as one: the edition, and its rule of the vote when one goes along, without its last vote."""
    found = [Change(Edition, new_id, data, fresh=True)]
    if rule is not None:
        kept = {name: plain for name, plain in rule.data.items() if name not in OF_ONE_VOTE}
        found.append(Change(Rule, rule_id(new_id), kept, fresh=True))
    return found
