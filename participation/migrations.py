"""The version of the content's format, and how a content of an older version becomes one of this version.

A migration is a pure function of path and text; what reads and writes the files, and makes the one commit, is
`laureat migrate`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from participation.messages import mark as _
from participation.problems import LaureatError

SCHEMA = 1
"""The version that this code reads and writes; `schema` in instance.yml says that of a content."""

Change = Callable[[str, str], str | None]
"""(path, text) -> the new text; None leaves the file as it is."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: it makes version `to` out of version `to - 1`. `words` say to an agent what changes."""

    to: int
    words: str
    change: Change


MIGRATIONS: tuple[Migration, ...] = ()
"""All steps, oldest first. A step is never changed once released: contents of its version are out there."""


class FormatTooNewError(LaureatError):
    """The content was made by a later version of the software."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a migration would do: from which version, the steps, and the new text of each file that changes."""

    version: int
    steps: Sequence[Migration]
    changes: Mapping[str, str]


def plan(files: Iterable[tuple[str, str]], version: int) -> Plan:
    """What brings a content from `version` to this one. `files` are (path, text); raises FormatTooNewError."""
    if version > SCHEMA:
        raise FormatTooNewError(
            _("Ce contenu est au format %(version)s, plus récent que celui de ce logiciel (%(known)s).")
            % {"version": version, "known": SCHEMA},
            kept=_("Rien n’a été changé."),
            hint=_("Installez la dernière version de Lauréat."),
        )
    steps = [step for step in MIGRATIONS if version < step.to <= SCHEMA]
    return Plan(version, steps, dict(_changed(files, steps)) if version < SCHEMA else {})


def _changed(files: Iterable[tuple[str, str]], steps: Sequence[Migration]) -> Iterator[tuple[str, str]]:
    for path, text in files:
        migrated = text
        for step in steps:
            migrated = step.change(path, migrated) or migrated
        if path == "instance.yml":
            migrated = with_version(migrated, SCHEMA)
        if migrated != text:
            yield path, migrated


def with_version(text: str, version: int) -> str:
    """The text of instance.yml with that schema version, its other lines untouched."""
    line = f"schema: {version}"
    changed, found = re.subn(r"^schema:[^#\n]*?(?=\s*(?:#.*)?$)", line, text, count=1, flags=re.MULTILINE)
    return changed if found else f"{line}\n{text}"
