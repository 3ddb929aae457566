"""What a preview shows and says: the record that a form means, the moment it is shown at, what is still missing.

Rendering is the generator's. Nothing here writes, and no number is drawn: a new record has the one it would get.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app

from backoffice import numbering, town_time
from backoffice.checking import Checker
from backoffice.i18n import _
from backoffice.records import saving
from backoffice.records.formdata import Pairs
from backoffice.records.saving import label_of
from backoffice.records.words import WORDS, Numbered
from backoffice.registry import people
from backoffice.services import now, services
from participation import wording
from participation.lifecycle import UNPUBLISHED_IDEAS, state_code
from participation.problems import ContentError, Problem, Severity
from participation.records import Record
from participation.records.fields import Plain
from participation.values import PartialDate
from site_builder.preview import Preview, Previewer

_KEY = "laureat.previewer"


@dataclass
class Made:
    """The pages to show, one for each language; what to say above them, and what the record still needs."""

    record: Record
    pages: list[Preview] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def of_form(before: Record, pairs: Pairs, asked_series: str) -> Made:
    """The preview of a form over the version it was made from. Faulty fields are left out and told."""
    kind = type(before)
    pairs, unnamed = saving.named(kind, pairs, services().content.index())
    reading = saving.read(before, pairs)
    told = saving.summary(kind, unnamed + reading.errors)
    data = kind.settled(before.data, reading.data)
    record = kind(
        data, id=before.id or _next_id(before, reading.data, asked_series), path=before.path, blob=before.blob
    )
    return _made(record, [words for _field, words in told])


def of_record(record: Record) -> Made:
    """The preview of a record as it is saved."""
    return _made(record, [])


def asset(address: str) -> Path | None:
    """The file that a previewed page calls for and that is not live."""
    return _previewer().asset(address, now(), people.labels(services().registry))


def _made(record: Record, faults: Sequence[str]) -> Made:
    made = Made(record, missing=list(dict.fromkeys([*faults, *_needed(record)])))
    try:
        _show(made)
    except ContentError as fault:
        made.notes.append(_(fault.message))
    return made


def _show(made: Made) -> None:
    """Fill in the pages; a record that does not show yet is shown as it will be when it does."""
    shown, moment = made.record, now()
    if shown.type_name == "idea" and state_code("idea", shown.data.get("status")) in UNPUBLISHED_IDEAS:
        made.notes.append(_("Cette idée est un brouillon\u00a0: elle n’aura de page qu’une fois reçue."))
        shown = shown.with_data({"status": [{"state": "submitted", "date": town_time.day_of(moment).isoformat()}]})
    labels = people.labels(services().registry)
    pages = _previewer().pages(shown, moment, labels)
    if pages == [] and (opens := _opening(shown, moment)) is not None:
        day = wording.date(PartialDate.of(town_time.day_of(opens)), "fr")
        made.notes.append(_("Cette page ne paraîtra que le %s\u00a0: la voici ce jour-là.") % day)
        pages = _previewer().pages(shown, opens, labels)
    if pages is None:
        made.notes.append(_("L’aperçu sera possible après la première publication du site."))
    made.pages = pages or []


def _opening(record: Record, moment: dt.datetime) -> dt.datetime | None:
    """When an embargo that hides the whole record ends."""
    rows = record.data.get("status", [])
    told = [record.data.get("visible_from"), *(row.get("visible_from") for row in rows)]
    ends = sorted(end for text in told if text and (end := dt.datetime.fromisoformat(text)) > moment)
    return ends[0] if ends else None


def _needed(record: Record) -> list[str]:
    """What holds the record back from publication."""
    kind = type(record)
    faults = Checker(services().content.snapshot()).of_form(record)
    return [_sentence(kind, one) for one in faults if one.severity is Severity.ERROR]


def _sentence(kind: type[Record], problem: Problem) -> str:
    words = f"{_(problem.message)} {_(problem.hint)}".strip()
    if not problem.field:
        return words
    return _("%(label)s\u00a0: %(value)s") % {"label": label_of(kind, problem.field), "value": words}


def _next_id(before: Record, data: dict[str, Plain], asked: str) -> str:
    """The identifier that saving would give."""
    series, errors = saving.series_of(before, data, asked, now())
    if WORDS[before.type_name].numbered is Numbered.TYPED:
        return series or "nouvelle-page"
    content = services().content
    year = content.current_edition() or str(now().year) if errors else series
    return numbering.next_id(before.type_name, year, content.snapshot().paths, content.snapshot().instance.series or 0)


def _previewer() -> Previewer:
    """One for the whole process: it keeps what all pages share."""
    found = current_app.extensions.get(_KEY)
    if found is None:
        settings = services().settings
        found = current_app.extensions[_KEY] = Previewer(settings.content, settings.site, settings.templates)
    assert isinstance(found, Previewer)  # noqa: S101 -- the only thing ever put there
    return found
