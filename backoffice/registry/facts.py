"""Facts that outlive a process and are no table of their own: the state of the remote, the last backup."""

from __future__ import annotations

import json
from typing import Any

from backoffice.registry.database import Registry
from backoffice.registry.schema import Meta

REMOTE, BACKUP = "remote", "backup"


def read(registry: Registry, name: str) -> dict[str, Any]:
    """What is known under that name; empty when nothing is."""
    with registry.read() as transaction:
        row = transaction.get(Meta, name)
    found = json.loads(row.value) if row is not None else {}
    return found if isinstance(found, dict) else {}


def write(registry: Registry, name: str, fact: dict[str, Any]) -> None:
    """Put this in place of what was known."""
    with registry.begin() as transaction:
        row = transaction.get(Meta, name)
        if row is None:
            transaction.add(Meta(name=name, value=json.dumps(fact)))
        else:
            row.value = json.dumps(fact)
