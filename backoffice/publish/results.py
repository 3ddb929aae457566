"""What became of a publication, for whoever reads: sentences in their language, links to records and live pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from backoffice.i18n import _, ngettext
from backoffice.jobs import queue
from backoffice.jobs.kinds import ROLLBACK
from backoffice.records.lines import key_of
from backoffice.records.saving import label_of
from backoffice.records.words import WORDS
from backoffice.registry.schema import Job
from backoffice.services import services
from participation import messages
from participation.records import TYPES

MOST_LINKS = 30
PAGED = frozenset({"idea", "project", "event", "article", "page", "edition"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the record and field that it is in, where to mend it ("" where no form shows it), what is wrong."""

    title: str
    field: str
    href: str
    words: str


def told(job: Job) -> dict[str, Any]:
    """What the page of progress shows."""
    result: Mapping[str, Any] = job.result or {}
    return {
        "over": queue.over(job),
        "heading": _("Retour à une publication précédente") if job.kind == ROLLBACK else _("Publication"),
        "outcome": _outcome(result),
        "pages": _links(result.get("records", [])),
        "why": [messages.told(one, _) for one in result.get("words", [])] or [_(one) for one in job.error.splitlines()],
        "faults": [_fault(one) for one in result.get("faults", [])],
        "notices": [_fault(one) for one in result.get("notices", [])],
        "revision": result.get("publication", ""),
    }


def _outcome(result: Mapping[str, Any]) -> str:
    if result.get("already"):
        return _("Ce que vous publiez est déjà en ligne, avec des changements plus récents.")
    changed = int(result.get("changed", 0))
    if not changed:
        return _("Rien n’avait changé sur le site.")
    words = ngettext("%(num)s fichier du site a changé.", "%(num)s fichiers du site ont changé.", changed)
    return words % {"num": changed}


def _links(record_ids: list[str]) -> list[tuple[str, str]]:
    """Address and title of the records that have a page on the live site."""
    content = services().content
    found = [record for one in record_ids[:MOST_LINKS] if (record := content.record(one)) is not None]
    records = [one for one in found if one.type_name in PAGED]
    return [(href, one.display_title) for one in records if (href := content.live_address(one))]


def _fault(kept: Mapping[str, Any]) -> Fault:
    """A fault as the job stored it."""
    record_id, field = str(kept.get("record_id", "")), str(kept.get("field", ""))
    record = services().content.record(record_id) if record_id else None
    kind = TYPES.get(str(kept.get("type", "")))
    href = ""
    if record is not None and record.type_name in WORDS:
        anchor = f"f-{field.replace('.', '-')}" if field else None
        href = url_for("records.edit", record_id=key_of(record), _anchor=anchor)
    said = kept.get("words", [])
    words = [messages.told(one, _) for one in said] if isinstance(said, list) else [_(str(said))]
    return Fault(
        record.display_title if record is not None else str(kept.get("file", "")),
        label_of(kind, field) if kind is not None and field else "",
        href,
        " ".join(filter(None, words)),
    )
