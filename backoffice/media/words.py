"""The form in which one says what is known of files: one of them on its page, several after they were added."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from backoffice import keeping as forms
from backoffice.i18n import _
from backoffice.media.shelf import Item
from backoffice.records.formdata import Pairs, from_data, last_values, to_raw
from backoffice.records.formview import FieldView, References, fields_of, place_errors
from backoffice.registry import kept
from backoffice.services import account, services
from participation.problems import Problem
from participation.records.base import read_fields
from participation.records.fields import Plain, Refused
from participation.records.media import MediaFile

ASKED = ("alt", "title", "credit", "date", "people", "note")
OF_DOCUMENTS = ("title", "credit", "date")


@dataclass(frozen=True, slots=True)
class Part:
    """The fields of one file; `base` names what was known of it when the form was made."""

    item: Item
    prefix: str
    base: str
    fields: list[FieldView]


@dataclass(frozen=True, slots=True)
class WordsForm:
    """The whole form, for its template."""

    page: str
    parts: list[Part]
    errors: list[tuple[str, str]]
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What the form says of one file: the fields to save, and what forbids it."""

    path: str
    base: str
    fields: dict[str, Plain | None]
    errors: list[Problem]


def words_form(
    items: Sequence[Item],
    page: str,
    pairs: Pairs | None = None,
    errors: Sequence[Problem] = (),
    *,
    resume: bool = False,
) -> WordsForm:
    """The form of these files: as they are known, as it was typed (`pairs`), or as it was left (`resume`)."""
    left = forms.offered(account(), page) if resume and pairs is None else None
    typed = pairs if pairs is not None else dict(numbered(kept.pairs_of(left), items)) if left is not None else None
    parts = []
    for number, item in enumerate(items, 1):
        prefix = f"f{number}."
        filled = from_data(MediaFile, item.facts, prefix) if typed is None else typed
        views = fields_of(MediaFile, _asked(item), filled, prefix, _nothing, services().content.languages())
        for view in (inner for one in views for inner in (one, *one.children)):
            view.private, view.need = False, ""  # none of it is public and all of it may wait: the page says so once
        place_errors(views, errors)
        base = item.facts_blob if typed is None else typed.get(f"_{prefix}base", "")
        parts.append(Part(item, prefix, base, views))
    told = [
        (one.field, _("%(label)s\u00a0: %(value)s") % {"label": _label(one), "value": _words(one)}) for one in errors
    ]
    return WordsForm(page, parts, told, resumed=left is not None)


def paths_of(sent: Sequence[tuple[str, str]]) -> list[str]:
    """The files that a form was about, in its order."""
    return [value for name, value in sent if re.fullmatch(r"_f\d+\.file", name)]


def numbered(sent: Sequence[tuple[str, str]], items: Sequence[Item]) -> list[tuple[str, str]]:
    """A form's pairs numbered as `items` are: a file thrown away meanwhile takes its words along, and no other's."""
    places = {item.path: number for number, item in enumerate(items, 1)}
    present = {match[1]: places.get(value) for name, value in sent if (match := re.fullmatch(r"_(f\d+)\.file", name))}
    found = []
    for name, value in sent:
        match = re.match(r"(_?)(f\d+)(?=\.)", name)
        if match is None or match[2] not in present:
            found.append((name, value))
        elif (number := present[match[2]]) is not None:
            found.append((f"{match[1]}f{number}{name[match.end() :]}", value))
    return found


def read(sent: Sequence[tuple[str, str]], items: Sequence[Item]) -> tuple[Pairs, list[Told]]:
    """What was sent for these files, to show it again, and to save it."""
    hidden = {name: value for name, value in sent if name.startswith("_")}
    pairs = last_values(sent) | hidden
    found = []
    for number, item in enumerate(items, 1):
        prefix, errors = f"f{number}.", list[Problem]()

        def report(refused: Refused, prefix: str = prefix, errors: list[Problem] = errors) -> None:
            errors.append(Problem(refused.message, field=f"{prefix}{refused.at}", hint=refused.hint))

        data = read_fields(MediaFile, to_raw(MediaFile, pairs, prefix), report)
        fields = {name: data.get(name) for name in _asked(item)}
        found.append(Told(item.path, hidden.get(f"_{prefix}base", ""), fields, errors))
    return pairs, found


def _asked(item: Item) -> Sequence[str]:
    return ASKED if item.kind == "photo" else OF_DOCUMENTS


def _nothing(_to: str) -> References:
    return References((), {})


def _label(problem: Problem) -> str:
    declared = MediaFile.fields.get(problem.field.partition(".")[2].partition(".")[0])
    return _(declared.label) if declared is not None else problem.field


def _words(problem: Problem) -> str:
    return f"{_(problem.message)} {_(problem.hint)}".strip()
