"""The fictitious people behind the numbers of the demonstration town: two may be named, one falls due."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # the registry takes a while to import
    from backoffice.registry import Registry

CONSENT = "J’accepte que ce nom paraisse à côté de mon idée. Dit à l’atelier."


class Citizen(NamedTuple):
    """Somebody who carries an idea of the town; `days` until their time of keeping is over."""

    id: str
    name: str
    label: str
    days: int


CITIZENS = (
    Citizen("p-7f3k2a9q", "Amina Benkacem", "", 700),  # for an organisation, which pages name
    Citizen("p-m41x8c0d", "Joël Marchetti", "Joël M.", 700),
    Citizen("p-d09v5r2t", "Suzanne Delorme", "Suzanne D.", 700),
    Citizen("p-u2h6n7b1", "Karim Haddad", "", -3),
)


def make_people(registry: Registry, now: dt.datetime) -> None:
    """Make those who are missing, once: who was erased stays erased."""
    from backoffice.registry import people

    for one in CITIZENS:
        if people.find(registry, one.id) is not None or people.erased_on(registry, one.id) is not None:
            continue
        values = dict.fromkeys(people.FIELDS, "") | {
            "name": one.name,
            "email": f"{one.id}@habitants.example",
            "public_label": one.label,
            "consent_on": now.date() if one.label else None,
            "consent_text": CONSENT if one.label else "",
            "minor": False,
            "retain_until": now.date() + dt.timedelta(days=one.days),
        }
        people.add(registry, values, now, one.id)
