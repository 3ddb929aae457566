"""What a person must choose after two machines changed the same thing, and what each choice does.

The values come from the content's history, where both versions are; the answer is an ordinary save, or the trash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice import limits
from backoffice.i18n import _
from backoffice.policy import may_edit, may_replace
from backoffice.records import conflict as clashing
from backoffice.records.conflict import Clash
from backoffice.registry import two_versions
from backoffice.registry.remote_schema import TwoVersions
from backoffice.services import account, now, services
from backoffice.telling import at_version_of
from participation.records import TYPES, Record
from participation.records.fields import Plain
from participation.store.errors import Conflict
from participation.store.merge import three_way
from participation.store.remote_merge import Kind
from participation.store.remote_settling import put_back
from participation.yamltext.reader import read_file


@dataclass(frozen=True, slots=True)
class Question:
    """One question with all that its page shows. `record` is the record as it is now, None where there is none."""

    row: TwoVersions
    title: str
    record: Record | None
    ours: Record | None
    clashes: list[Clash]
    lines: list[tuple[str, str]]  # of a whole version: label and value


def mine() -> list[TwoVersions]:
    """The questions that whoever is signed in may answer, oldest first."""
    rows = two_versions.waiting(services().registry)
    return [row for row in rows if _open_to(row)]


def _open_to(row: TwoVersions) -> bool:
    kind = row.type_name
    if not kind:
        return may_replace(account(), row.path)
    if limits.viewer() is None:
        return may_edit(account(), kind)
    found = _version(row, row.ours) or _version(row, row.theirs)
    return found is not None and limits.sees(found.data) and may_edit(account(), kind)


def title_of(row: TwoVersions) -> str:
    """What the question is about: the record's title, or the path of a file."""
    found = _now(row) or _version(row, row.ours) or _version(row, row.theirs)
    return found.display_title if found is not None else row.path


def find(number: int) -> Question | None:
    """The question of that number, when it is open and whoever asks may answer it."""
    row = two_versions.find(services().registry, number)
    if row is None or row.settled is not None or not _open_to(row):
        return None
    record, ours = _now(row), _version(row, row.ours)
    asked = _conflict(row, record, ours) if row.kind == Kind.FIELDS else None
    clashes = clashing.clashes(TYPES[row.type_name], asked) if asked is not None else []
    lines = at_version_of(ours) if row.kind == Kind.CREATED and ours is not None else []
    return Question(row, title_of(row), record, ours, clashes, lines)


def answer(question: Question, answers: Mapping[str, str]) -> bool:
    """Do what was chosen and close the question; False when something has no answer yet.

    Raises what a save raises; then the question stays.
    """
    row, content, registry = question.row, services().content, services().registry
    choice = answers.get("choice", "")
    record = question.record
    if row.kind == Kind.FIELDS and record is not None:
        asked = _conflict(row, record, question.ours)
        if asked is not None:
            data = clashing.decide(type(record), asked, answers)
            if data is None:
                return False
            if data != record.data:
                content.save(record, data, account(), now())
    elif choice not in ("keep", "mine", "new", "trash"):
        return False
    elif choice == "trash" and record is not None:
        content.discard(record, account(), now(), even_if_cited=True)
    elif choice == "mine" and record is not None and question.ours is not None:
        content.save(record, question.ours.data, account(), now())
    elif choice == "new" and question.ours is not None:
        series = row.record_id.partition("-")[0]
        content.save(type(question.ours)({}), question.ours.data, account(), now(), series)
    elif choice == "mine" and question.ours is not None and type(question.ours).collective:
        # It is gone, and its file has others, which may have changed since.
        content.save(type(question.ours)({}, id=row.record_id), question.ours.data, account(), now())
    elif choice == "mine":
        ours, theirs = row.ours or None, row.theirs or None
        put_back(content.store, row.path, ours, instead_of=theirs, author=account().pseudonym, when=now())
    two_versions.settle(registry, row.id, account().id, now())
    return True


def _conflict(row: TwoVersions, record: Record | None, ours: Record | None) -> Conflict | None:
    """The fields of the question that still differ, over the record as it is now; None when none does."""
    if record is None or ours is None:
        return None
    before: Mapping[str, Plain] = base.data if (base := _version(row, row.base)) is not None else {}
    asked = set(row.fields.split())
    merged = three_way(record.fields, before, ours.data, record.data)
    fields = [one for one in merged.conflicts if one.field in asked]
    return Conflict(row.record_id, fields, dict(record.data), record.blob) if fields else None


def _now(row: TwoVersions) -> Record | None:
    if not row.record_id:
        return None
    collective = TYPES[row.type_name].collective
    return services().content.record(f"{row.type_name}:{row.record_id}" if collective else row.record_id)


def _version(row: TwoVersions, blob: str) -> Record | None:
    """The record as it was in that file; None when it was not there or cannot be read."""
    if not blob or not row.record_id:
        return None
    with services().content.store.repo() as repo:
        records = read_file(repo.blob(blob), row.path, blob).records
    return next((one for one in records if one.id == row.record_id), None)


def choices(row: TwoVersions) -> list[tuple[str, str]]:
    """The answers that a question of this kind has, but for fields: code and words."""
    if row.kind in (Kind.REMOVED_HERE, Kind.REMOVED_THERE):
        return [("keep", _("Garder la fiche")), ("trash", _("Mettre la fiche à la corbeille"))]
    if row.kind == Kind.CREATED:
        return [
            ("keep", _("Garder celle de l’autre machine")),
            ("new", _("Garder les deux : la nôtre reçoit un nouveau numéro")),
            ("mine", _("Remplacer celle de l’autre machine par la nôtre")),
        ]
    return [("keep", _("Garder le fichier tel qu’il est")), ("mine", _("Remettre notre version du fichier"))]
