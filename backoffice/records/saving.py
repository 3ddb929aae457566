"""From a form that was sent to the data of a record: reading, errors, and what is kept from before.

Writing itself is the store's; pages are the views'.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.i18n import _
from backoffice.records import states
from backoffice.records.formdata import APART, Pairs, form_fields, to_raw
from backoffice.records.lines import Line, fold
from backoffice.records.listing import Index, matching
from backoffice.records.words import WORDS, Numbered
from backoffice.vote import correcting
from participation.messages import mark
from participation.problems import Problem
from participation.records.base import Record, read_fields
from participation.records.containers import Refs
from participation.records.fields import Plain, Refused, Required
from participation.records.parts import Status
from participation.records.texts import Ref


@dataclass(frozen=True, slots=True)
class Reading:
    """What a form says: the data to save, and the errors that forbid it (each names its field)."""

    data: dict[str, Plain]
    errors: list[Problem]


def read(before: Record, pairs: Pairs) -> Reading:
    """Read a form over the version of the record that it was made from (an empty one for a new record)."""
    kind = type(before)
    errors: list[Problem] = []

    def report(refused: Refused) -> None:
        errors.append(Problem(refused.message, field=refused.at, hint=refused.hint))

    typed = read_fields(kind, to_raw(kind, pairs), report)
    data = {name: plain for name, plain in before.data.items() if name in APART} | typed
    for name, declared in form_fields(kind).items():
        if declared.required is Required.SAVE and name not in data and not _told(errors, name):
            errors.append(Problem(mark("Ce champ est nécessaire pour enregistrer."), field=name))
    changed = [name for name in kind.fields if data.get(name) != before.data.get(name)]
    state_errors = correcting.read(before, pairs, data)
    row, more_errors = states.read(before, pairs, changed)
    state_errors += more_errors
    if row is not None:
        data["status"] = [*before.data.get("status", []), row]
    ordered = {name: data[name] for name in kind.fields if name in data}
    return Reading(ordered, errors + state_errors)


def series_of(before: Record, data: Mapping[str, Plain], asked: str, now: dt.datetime) -> tuple[str, list[Problem]]:
    """From which series a new record draws its number: the edition chosen, or the year it happens in.

    For a type whose identifiers are typed, the identifier: that of the title's words where none was typed.
    """
    if before.blob:
        return before.id.partition("-")[0], []
    numbered = WORDS[before.type_name].numbered
    if numbered is Numbered.YEAR:
        return str(data.get("start", data.get("date", "")))[:4] or str(now.year), []
    if numbered is Numbered.TYPED:
        title = type(before)(data, id="").display_title if data.get("title") else ""
        chosen = asked.strip() or _slug(title, before.type_name)
        return chosen, [] if chosen else [Problem(mark("Donnez un titre ou un identifiant."), field="_edition")]
    if not re.fullmatch(r"[A-Za-z0-9_]{1,40}", asked):
        return "", [Problem(mark("Choisissez l’édition."), field="_edition")]
    return asked, []


def _slug(title: str, type_name: str) -> str:
    """`Les Tanneries` as `les-tanneries`; an edition is named by its year."""
    year = re.search(r"\d{4}", title) if type_name == "edition" else None
    return year[0] if year else re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:60].rstrip("-")


def named(kind: type[Record], pairs: Pairs, index: Index) -> tuple[Pairs, list[Problem]]:
    """The pairs with what was typed in place of a number replaced by the number: people know titles, not numbers."""
    found = dict(pairs)
    errors = []
    for name, declared in form_fields(kind).items():
        if not isinstance(declared, Ref | Refs) or declared.to not in _SEARCHED or not pairs.get(name, "").strip():
            continue
        numbers = []
        for typed in (text.strip() for text in pairs[name].split("\n") if text.strip()):
            numbers.append(typed)
            if typed in index.by_id or re.fullmatch(r"[0-9]{4}[0-9A-Za-z-]*", typed):
                continue
            lines = matching(index.lines[declared.to], typed)
            exact = [line for line in lines if line.folded == fold(typed)]
            if len(exact or lines) == 1:
                numbers[-1] = (exact or lines)[0].id
            else:
                errors.append(_not_one(name, typed, lines))
        found[name] = "\n".join(numbers)
    return found, errors


_SEARCHED = ("idea", "project", "event", "article", "page")


def _not_one(name: str, typed: str, lines: Sequence[Line]) -> Problem:
    if not lines:
        return Problem(_("Aucune fiche ne correspond à « %s ».") % typed[:60], field=name)
    several = ", ".join(f"{line.id} ({line.title})" for line in lines[:5])
    words = _("Plusieurs fiches correspondent à « %(typed)s » : %(several)s.")
    return Problem(words % {"typed": typed[:60], "several": several}, field=name)


def summary(kind: type[Record], errors: list[Problem]) -> list[tuple[str, str]]:
    """Field and sentence of each error for the top of the page: the sentence names the field."""
    told = []
    for problem in errors:
        words = f"{_(problem.message)} {_(problem.hint)}".strip()
        label = label_of(kind, problem.field)
        told.append((problem.field, _("%(label)s\u00a0: %(value)s") % {"label": label, "value": words}))
    return told


_ASIDE = {"_edition": mark("Numéro de la fiche"), "set": mark("Ce qui change")}


def label_of(kind: type[Record], path: str) -> str:
    """The words for a dotted path: `Étapes 2, Fin prévue`."""
    if path in _ASIDE:
        return _(_ASIDE[path])
    if path.startswith(states.PREFIX):
        inner = Status.fields.get(path.removeprefix(states.PREFIX))
        return _(inner.label) if inner is not None else _("Changer l’état")
    words: list[str] = []
    fields = dict(kind.fields)
    for part in path.split("."):
        if part.isdecimal():
            words[-1:] = [f"{words[-1]} {part}" if words else part]
            continue
        declared = fields.get(part)
        if declared is None:
            break
        words.append(_(declared.label))
        fields = dict(getattr(getattr(declared, "part", None), "fields", {}))
    return ", ".join(words) or path


def _told(errors: list[Problem], name: str) -> bool:
    return any(problem.field.split(".")[0] == name for problem in errors)
