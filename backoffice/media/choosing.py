"""From a form to the choice of a file and back: the form is kept, and comes back with the file filled in.

`champ` names a field of the form by its dotted path. A field of a file takes its path, a text takes it as Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from backoffice import keeping
from backoffice.inside import safe_next
from backoffice.media.keeping import item_of
from backoffice.media.shelf import Item
from backoffice.records.formdata import Pairs
from backoffice.services import account, services
from participation.library import is_path
from participation.records.base import Fielded, Record
from participation.records.containers import Group, Rows
from participation.records.fields import Field
from participation.records.texts import Markdown, Media, Note
from participation.store.errors import MediaNotFound

ACT = "media:"  # what the button of a field of the form says, before the field
_FIELD = re.compile(r"[a-z_]+(?:\.[a-z_0-9]+){0,4}")


@dataclass(frozen=True, slots=True)
class Errand:
    """What a choice is for: the page of the form, the field; both empty where one only looks around."""

    page: str = ""
    field: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """The parameters of an address that carry it along."""
        return {"page": self.page, "champ": self.field} if self.field else {}

    def back(self, path: str) -> str:
        """The address of the form with that file filled in."""
        return f"{keeping.again(self.page)}&{urlencode({'champ': self.field, 'fichier': path})}"

    @property
    def away(self) -> str:
        """The address of the form as it was left."""
        return keeping.again(self.page)


def errand() -> Errand:
    """What this request says that the choice is for."""
    page, name = request.values.get("page", ""), request.values.get("champ", "")
    return Errand(safe_next(page), name) if page and _FIELD.fullmatch(name) else Errand()


def leave(page: str, record: Record, pairs: Pairs, name: str) -> str:
    """Keep the form just sent, and give the address where a file is chosen for one of its fields."""
    title = pairs.get("title", "") or record.display_title
    keeping.keep(account(), page, title, keeping.sent_pairs(), "media")
    return url_for("media.pick", page=page, champ=name)


def chosen(kind: type[Fielded], pairs: Pairs) -> Pairs:
    """The pairs of a form with the file put in that was chosen for it, when one comes from there."""
    name, path = request.args.get("champ", ""), request.args.get("fichier", "")
    if not _FIELD.fullmatch(name) or not is_path(path):
        return pairs
    try:
        return put(kind, pairs, name, item_of(services().content, path))
    except MediaNotFound:  # thrown away between the choice and now: the form is as it was
        return pairs


def put(kind: type[Fielded], pairs: Pairs, name: str, item: Item) -> Pairs:
    """The pairs of a form with a file put into one of its fields; what is known of it fills what is empty beside."""
    declared = field_at(kind, name)
    found = dict(pairs)
    if isinstance(declared, Media) and is_path(item.path):
        found[name] = item.path
        _fill_beside(kind, found, name, item)
    elif isinstance(declared, Markdown) and not isinstance(declared, Note):
        mark = "!" if item.kind == "photo" else ""
        words = re.sub(r"[\[\]\n]", " ", item.alt or item.title)
        before = found.get(name, "").rstrip()
        found[name] = f"{before}\n\n{mark}[{words}](media/{item.path})\n".lstrip()
    return found


def field_at(kind: type[Fielded], name: str) -> Field[Any] | None:
    """The declaration at a dotted path; None where there is none."""
    here, declared = kind, None
    for step in name.split("."):
        if step.isdecimal() and isinstance(declared, Rows):
            continue
        declared = here.fields.get(step)
        if isinstance(declared, Group | Rows):
            here = declared.part
    return declared


def _fill_beside(kind: type[Fielded], pairs: Pairs, name: str, item: Item) -> None:
    holder = name.rpartition(".")[0]
    known: Mapping[str, str] = {
        "alt": item.alt,
        "credit": str(item.facts.get("credit", "")),
        "date": str(item.facts.get("date", "")),
        "title": item.title,
    }
    for other, words in known.items():
        path = f"{holder}.{other}"
        declared = field_at(kind, path) if holder else None
        told = any(key == path or key.startswith(f"{path}.") for key in pairs if pairs[key])
        if declared is not None and words and not told:
            several = next((key for key in pairs if key.startswith(f"{path}.")), path)
            pairs[several] = declared.edit(words)
