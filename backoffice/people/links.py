"""Where a person is named: the records that hold the id, and those whose texts hold what only the registry should."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from itertools import chain

from backoffice.content import Content
from backoffice.records.lines import Line, fold
from backoffice.registry.people import telling
from backoffice.registry.schema import Account, Person
from participation.records import Record
from participation.records.fields import Plain

LINKED = ("idea", "project")


def of(content: Content, person_id: str) -> list[Line]:
    """The records that a person carries."""
    return [line for line in _lines(content) if named(line.data) == person_id]


def counts(content: Content) -> Counter[str]:
    """How many records each person carries."""
    return Counter(named(line.data) for line in _lines(content))


def mentions(content: Content, person: Person) -> list[Line]:
    """Records in whose texts the person's name or contact was typed: only a correction takes it out of there."""
    texts = [fold(text) for text in telling(person)]
    lines = chain.from_iterable(content.index().by_path.values())
    return [line for line in lines if any(text in line.text for text in texts)]


def link(content: Content, record: Record, person_id: str, author: Account, when: dt.datetime) -> None:
    """Make the person the one who carries that record ("": nobody). Raises what a save raises."""
    data = dict(record.data)
    owner = dict(data.get("owner") or {})
    if person_id:
        owner["person"] = person_id
    else:
        owner.pop("person", None)
    data["owner"] = owner
    if not owner:
        data.pop("owner")
    content.save(record, data, author, when)


def _lines(content: Content) -> list[Line]:
    lines = content.index().lines
    return [line for name in LINKED for line in lines.get(name, [])]


def named(data: Mapping[str, Plain]) -> str:
    """The number of the person that a record names, "" for none."""
    owner = data.get("owner")
    return str(owner.get("person", "")) if isinstance(owner, Mapping) else ""
