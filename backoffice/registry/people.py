"""The people behind opaque ids: finding, keeping, erasing. Who may, and what the log says, are the views' business.

Records in Git hold `p-…` only. Erasing the row is the erasure; what colleagues typed about the person elsewhere in
the registry (kept forms, remarks, results of jobs) is blanked with it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, String, Text, func, select, update
from sqlalchemy.orm import Session as Transaction

from backoffice.records.lines import fold
from backoffice.registry.database import Registry
from backoffice.registry.schema import ErasedPerson, Person, Table

FIELDS = (
    "name",
    "email",
    "phone",
    "address",
    "public_label",
    "consent_on",
    "consent_text",
    "minor",
    "guardian",
    "guardian_contact",
    "note",
    "retain_until",
)
TELLING = ("name", "email", "phone", "address", "public_label", "guardian", "guardian_contact")
FEWEST = 5  # characters: a shorter text would be found in half of the registry
BLANK = "[…]"
SPARED = frozenset(
    {"meta", "accounts", "people", "erased_people", "audit"}
)  # hold nothing that was typed about a person
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def add(registry: Registry, values: Mapping[str, Any], now: dt.datetime, person_id: str = "") -> Person:
    """Make a person with a new opaque id, or the one that records already name; `values` has every one of FIELDS."""
    person_id = person_id or "p-" + "".join(secrets.choice(LETTERS) for _ in range(10))
    person = Person(id=person_id, created=now, updated=now, **{name: values[name] for name in FIELDS})
    with registry.begin() as transaction:
        transaction.add(person)
    return person


def find(registry: Registry, person_id: str) -> Person | None:
    """The person of that id."""
    with registry.read() as transaction:
        return transaction.get(Person, person_id)


def erased_on(registry: Registry, person_id: str) -> dt.datetime | None:
    """When the person of that id was erased; None for one who was not."""
    with registry.read() as transaction:
        erased = transaction.get(ErasedPerson, person_id)
    return erased.at if erased is not None else None


def search(registry: Registry, text: str) -> list[Person]:
    """People of whom every word is found in name, contact, label or id; all of them without words. By name."""
    with registry.read() as transaction:
        everyone = list(transaction.scalars(select(Person)))
    words = fold(text).split()
    found = [one for one in everyone if all(word in _text(one) for word in words)]
    return sorted(found, key=lambda one: (fold(one.name), one.id))


def due(registry: Registry, today: dt.date) -> list[Person]:
    """People whose time of keeping is over, the oldest first."""
    query = select(Person).where(Person.retain_until <= today).order_by(Person.retain_until, Person.id)
    with registry.read() as transaction:
        return list(transaction.scalars(query))


def count_due(registry: Registry, today: dt.date) -> int:
    """How many people are kept longer than was said."""
    with registry.read() as transaction:
        return transaction.scalar(select(func.count()).select_from(Person).where(Person.retain_until <= today)) or 0


def correct(registry: Registry, person_id: str, values: Mapping[str, Any], seen: dt.datetime, now: dt.datetime) -> bool:
    """Change a person as it was `seen`; False when a colleague changed it meanwhile."""
    same = update(Person).where(Person.id == person_id, Person.updated == seen)
    with registry.begin() as transaction:
        changed = transaction.execute(same.values(updated=now, **{name: values[name] for name in FIELDS}))
        return getattr(changed, "rowcount", 0) == 1


def keep_until(registry: Registry, person_id: str, day: dt.date, now: dt.datetime) -> None:
    """Keep a person until another day."""
    with registry.begin() as transaction:
        transaction.execute(update(Person).where(Person.id == person_id).values(retain_until=day, updated=now))


def erase(registry: Registry, person_id: str, now: dt.datetime) -> bool:
    """Erase a person and what the registry holds about them; False when there is no such person (any more)."""
    with registry.begin() as transaction:
        person = transaction.get(Person, person_id)
        if person is None:
            return False
        _blank(transaction, telling(person))
        transaction.delete(person)
        transaction.add(ErasedPerson(id=person_id, at=now))
    registry.forget_traces()
    return True


def labels(registry: Registry) -> dict[str, str]:
    """Person id -> public label, of those whose consent is noted: what the site may show today."""
    agreed = select(Person.id, Person.public_label).where(Person.consent_on.is_not(None), Person.public_label != "")
    with registry.read() as transaction:
        return {person_id: label for person_id, label in transaction.execute(agreed)}  # noqa: C416 -- see accounts.names


def telling(person: Person) -> list[str]:
    """The texts by which the person is known, the longest first."""
    texts = {str(getattr(person, name)).strip() for name in TELLING}
    return sorted((text for text in texts if len(text) >= FEWEST), key=len, reverse=True)


def _text(person: Person) -> str:
    digits = re.sub(r"\D", "", person.phone)
    return fold(
        " ".join((person.id, person.name, person.email, person.phone, digits, person.public_label, person.guardian))
    )


def _blank(transaction: Transaction, texts: list[str]) -> None:
    """Take these texts out of everything that people typed, in every table."""
    if not texts:
        return
    told = re.compile("|".join(re.escape(text) for text in texts), re.IGNORECASE)
    for name, table in Table.metadata.tables.items():
        columns = [column for column in table.columns if isinstance(column.type, String | Text | JSON)]
        if name in SPARED or not columns:
            continue
        keys = list(table.primary_key.columns)
        for row in transaction.execute(select(*keys, *columns)).mappings():
            changed = {
                column.name: after
                for column in columns
                if not column.primary_key and (after := _without(row[column.name], told)) != row[column.name]
            }
            if changed:
                transaction.execute(update(table).where(*(key == row[key.name] for key in keys)).values(**changed))


def _without(value: Any, told: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return told.sub(BLANK, value)
    if isinstance(value, dict | list):
        return json.loads(told.sub(BLANK, json.dumps(value, ensure_ascii=False)))
    return value
