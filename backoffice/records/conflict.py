"""Two people changed the same field: how the page shows both sides, and how the choices become data.

Finding the conflict is the store's; saving the result too.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backoffice.i18n import _, language
from backoffice.records.saving import label_of
from participation.records.base import Record
from participation.records.fields import Field, Plain
from participation.records.texts import Markdown
from participation.store.errors import Conflict

KEEP, BOTH = "_keep.", "_both."
LONGEST = 20_000  # characters: beyond, differences are not marked word by word

Marks = list[tuple[str, str]]  # ("same" | "new" | "gone", text)


@dataclass(frozen=True, slots=True)
class Clash:
    """One field to ask about. `both` is the text that joins the two sides, None where that makes no sense."""

    field: str
    label: str
    before: str
    mine: Marks
    theirs: Marks
    both: str | None


def clashes(kind: type[Record], conflict: Conflict) -> list[Clash]:
    """What the page asks, field by field."""
    asked = []
    for one in conflict.fields:
        declared = kind.fields[one.field.split(".")[0]]
        before, mine, theirs = (_words(declared, value) for value in (one.base, one.mine, one.theirs))
        joined = None
        if isinstance(declared, Markdown) and isinstance(one.mine, str) and isinstance(one.theirs, str):
            joined = join(one.mine, one.theirs)
        asked.append(
            Clash(one.field, label_of(kind, one.field), before, marks(before, mine), marks(before, theirs), joined)
        )
    return asked


@dataclass(frozen=True, slots=True)
class Joined:
    """One field that was merged without a question; `mine` and `theirs` tell whose change it is."""

    label: str
    before: str
    after: str
    mine: bool
    theirs: bool


def joined(
    kind: type[Record], conflict: Conflict, base: Mapping[str, Plain], mine: Mapping[str, Plain]
) -> list[Joined]:
    """What both sides changed apart from each other, which nobody has to be asked about."""
    asked = {one.field.split(".")[0] for one in conflict.fields}
    found = []
    for name, declared in kind.fields.items():
        was, now = base.get(name), conflict.merged.get(name)
        if name in asked or was == now:
            continue
        changed_here = mine.get(name) != was
        words = (_words(declared, was), _words(declared, now))
        found.append(Joined(label_of(kind, name), *words, changed_here, not changed_here or mine.get(name) != now))
    return found


def decide(kind: type[Record], conflict: Conflict, answers: Mapping[str, str]) -> dict[str, Plain] | None:
    """The merged data with the answers put in; None when a field has no answer yet."""
    data: dict[str, Plain] = dict(conflict.merged)
    for one in conflict.fields:
        answer = answers.get(KEEP + one.field)
        if answer == "mine":
            chosen: Any = one.mine
        elif answer == "both":
            text = answers.get(BOTH + one.field, "").replace("\r\n", "\n")
            chosen = kind.fields[one.field].parse(text) if text.strip() else None
        elif answer == "theirs":
            continue
        else:
            return None
        if chosen is None:
            data.pop(one.field, None)
        else:
            data[one.field] = chosen
    return {name: data[name] for name in kind.fields if name in data}


def join(mine: str, theirs: str) -> str:
    """Both texts in one: paragraphs in common once, those of each side where they stood, mine first."""
    ours, others = mine.split("\n\n"), theirs.split("\n\n")
    joined: list[str] = []
    for act, a, b, c, d in difflib.SequenceMatcher(None, ours, others, autojunk=False).get_opcodes():
        joined += ours[a:b] if act == "equal" else [*ours[a:b], *others[c:d]]
    return "\n\n".join(joined)


def marks(before: str, after: str) -> Marks:
    """`after` in pieces: what is the same as `before`, new, or gone."""
    if len(before) + len(after) > LONGEST:
        return [("new", after)]
    old, new = (re.findall(r"\s+|[^\s]+", text) for text in (before, after))
    pieces: Marks = []
    gone = fresh = ""

    def settle() -> None:
        nonlocal gone, fresh
        pieces.extend((kind, text) for kind, text in (("gone", gone), ("new", fresh)) if text)
        gone = fresh = ""

    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (act, a, b, c, d) in enumerate(codes):
        alone = act == "equal" and not "".join(new[c:d]).strip() and 0 < place < len(codes) - 1
        if act == "equal" and not alone:  # a single space between two changed words does not part them
            settle()
            pieces.append(("same", "".join(new[c:d])))
        else:
            gone += "".join(old[a:b])
            fresh += "".join(new[c:d])
    settle()
    return pieces


def _words(declared: Field[Any], plain: Plain) -> str:
    return "" if plain is None else declared.show(plain, language(), _)
