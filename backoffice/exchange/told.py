"""A dry run in the words of whoever reads: rows, problems at their line and column, notes; the errors as a sheet."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from backoffice.i18n import _
from backoffice.records.looks import Look
from backoffice.records.saving import label_of
from backoffice.registry.exchange_schema import ExchangeRow
from participation import messages
from participation.importing.plan import Kind
from participation.messages import mark
from participation.opendata.guards import guarded
from participation.records import TYPES, Record

PER_PAGE = 50
NAMELESS = "ligne-"  # what the domain calls a row without an identifier
FEW = 12  # changes of a row that are shown; the others fold away

VIEWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("a-regarder", mark("À regarder"), (Kind.ERROR.value, Kind.CHANGED.value, Kind.NEW.value)),
    ("nouvelles", mark("Nouvelles"), (Kind.NEW.value,)),
    ("modifiees", mark("Modifiées"), (Kind.CHANGED.value,)),
    ("erreurs", mark("En erreur"), (Kind.ERROR.value,)),
    ("inchangees", mark("Inchangées"), (Kind.UNCHANGED.value,)),
)
KINDS = {name: kinds for name, _words, kinds in VIEWS}

_LOOKS = {
    Kind.NEW.value: (mark("Nouvelle"), "done", "plus"),
    Kind.CHANGED.value: (mark("Modifiée"), "work", "edit"),
    Kind.UNCHANGED.value: (mark("Inchangée"), "study", "check"),
    Kind.ERROR.value: (mark("En erreur"), "stop", "warning"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A problem: where it is, what is wrong, what to do."""

    where: str
    words: str
    hint: str
    error: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the dry run as its page shows it; `changes` are label, before, after."""

    line: int | None
    look: Look
    number: str
    title: str
    kind_words: str
    key: str
    changes: Sequence[tuple[str, str, str]]
    more: Sequence[tuple[str, str, str]]
    problems: Sequence[Told]
    new: bool


def row(kept: ExchangeRow) -> Row:
    """A row in words."""
    words, tone, icon = _LOOKS[kept.kind]
    changes = [(_parts(label), before, after) for label, before, after in kept.told.get("changes", [])]
    kind = TYPES[kept.type_name]
    return Row(
        line=kept.line,
        look=Look(tone, icon, _(words)),
        number="" if kept.record_id.startswith(NAMELESS) else kept.record_id,
        title=kept.title,
        kind_words=_(kind.title_words),
        key=f"{kept.type_name}:{kept.record_id}" if kind.collective else kept.record_id,
        changes=changes[:FEW],
        more=changes[FEW:],
        problems=[problem(one, kind) for one in kept.told.get("problems", [])],
        new=kept.kind == Kind.NEW.value,
    )


def problem(kept: Mapping[str, Any], kind: type[Record] | None = None) -> Told:
    """A problem in words; a path of a field of `kind` is told by its label."""
    where, words, hint = (messages.told(kept[name], _) for name in ("where", "words", "hint"))
    if where == "id":
        where = ""
    elif kind is not None and where.partition(".")[0] in kind.fields:
        where = label_of(kind, where)
    return Told(_parts(where), words, hint, bool(kept["error"]))


def _parts(label: str) -> str:
    """`Travaux › Début réel` is made of declarations: each part is translated."""
    return " › ".join(_(part) for part in label.split(" › ")) if label else ""


def errors_sheet(rows: Sequence[ExchangeRow]) -> bytes:
    """The rows in error as a workbook: line, column, number, title, what is wrong, what to do."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Erreurs"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEF", (8, 30, 16, 40, 60, 50), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_("Ligne"), _("Colonne"), _("Numéro"), _("Titre"), _("Ce qui ne va pas"), _("Que faire")])
    for kept in rows:
        for one in (problem(each, TYPES[kept.type_name]) for each in kept.told.get("problems", []) if each["error"]):
            number = "" if kept.record_id.startswith(NAMELESS) else kept.record_id
            texts = [guarded(text) for text in (one.where, number, kept.title, one.words, one.hint)]
            sheet.append([kept.line, *texts])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
