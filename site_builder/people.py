"""The people whom pages may name: a dictionary of person id -> public label, handed in by whoever has the registry.

Records hold opaque ids only. A label stands in the cards of the records that a person carries, and so in the key of
every page that shows it; what remembers a build keeps digests of labels, never labels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

PERSON = "p-"
"""How the id of every person begins."""
NOBODY: Mapping[str, str] = MappingProxyType({})
"""The people of a site that is built without a registry: pages tell what kind of person it is."""
Asked = Callable[[], Mapping[str, str]]
"""Who may be named now: asked for by whoever holds the site, as a label may be withdrawn while they wait for it."""


def nobody() -> Mapping[str, str]:
    """The answer where there is no registry."""
    return NOBODY


def digests(people: Mapping[str, str]) -> dict[str, str]:
    """Person id -> what changes when the label does."""
    return {
        person: hashlib.blake2b(f"{person} {label}".encode(), digest_size=8).hexdigest()
        for person, label in sorted(people.items())
    }
