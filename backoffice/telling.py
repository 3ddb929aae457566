"""History for people: the store's versions and the journal's sentences, with names and dates as the pages show them.

Nothing is decided or written here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g

from backoffice import embargo, limits, town_time
from backoffice.embargo import HIDDEN
from backoffice.i18n import _, language
from backoffice.records.looks import look_of_state
from backoffice.registry import accounts
from backoffice.services import services
from participation import journal, wording
from participation.journal import Voice
from participation.records import Project, Record
from participation.records.containers import Rows
from participation.records.fields import Plain
from participation.records.parts import Status
from participation.records.texts import Ref
from participation.store.git import GitRepo, LogEntry
from participation.store.history import MERGE, Version
from participation.store.slots import Slot, version_at
from participation.store.writing import trailers_of
from participation.yamltext.reader import read_file

SERVICE = "laureat"  # the author of what the program does by itself
RESTYLE = "restyle"  # the action of a change of a file's style alone


@dataclass(frozen=True, slots=True)
class FieldTold:
    """One field before and after, in words."""

    label: str
    before: str
    after: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class FieldNow:
    """One field as it is now, and who gave it that value."""

    label: str
    value: str
    who: str
    when: dt.datetime
    revision: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One change as a log shows it. `revision` is the version after it."""

    revision: str
    when: dt.datetime
    who: str
    sentence: str
    record_ids: Sequence[str] = ()
    changes: Sequence[FieldTold] = field(default=())
    published: bool = True
    author: str = ""  # the pseudonym
    action: str = ""

    @property
    def day(self) -> str:
        """The day it belongs to, to group by."""
        return self._local().date().isoformat()

    @property
    def day_words(self) -> str:
        """`vendredi 21 novembre 2025`."""
        words = wording.weekday_date(self._local().date(), language())
        return words[:1].upper() + words[1:]

    @property
    def clock(self) -> str:
        """`16 h 20`."""
        return clock_of(self.when)

    def _local(self) -> dt.datetime:
        return town_time.local(self.when)


@dataclass(frozen=True, slots=True)
class InTrash:
    """One record of the trash."""

    id: str
    title: str
    when: dt.datetime
    who: str


def clock_of(moment: dt.datetime) -> str:
    """`16 h 20` in the town's time zone."""
    return wording.time(town_time.local(moment).time(), language())


def speaker() -> Voice:
    """The journal's voice for whoever reads this page: language, and titles in place of identifiers."""
    index = services().content.index()

    def name_of(to: str, record_id: str) -> str:
        line = index.by_id.get(record_id)
        return line.title if line is not None else index.titles.get(to, {}).get(record_id, record_id)

    return Voice(language(), _, name_of)


def person(pseudonym: str) -> str:
    """Who `agent-17` is, for colleagues; an author who has no account here is told as written."""
    if "names" not in g:
        g.names = accounts.names(services().registry)
    return "Lauréat" if pseudonym == SERVICE else str(g.names.get(pseudonym, pseudonym))


def account_name(account_id: int | None) -> str:
    """The name of the account of that number, "" when nobody has it."""
    if "numbers" not in g:
        g.numbers = {one.id: one.name for one in accounts.everyone(services().registry)}
    return str(g.numbers.get(account_id, ""))


def history(record: Record, limit: int, skip: int = 0, *, fields: bool = False) -> list[Entry]:
    """The changes of a record, the latest first; with `fields`, before and after of each."""
    content, voice = services().content, speaker()
    versions = content.store.history(record.id, limit=limit, skip=skip)
    told = [
        _without_results(record, version, voice) or sentences
        for version, sentences in zip(versions, content.store.sentences(versions, voice), strict=True)
    ]
    latest = content.published()
    public = content.store.snapshot(latest.commit).entries.get(record.path) if latest is not None else None
    entries, published = [], skip > 0
    for version, sentences in zip(versions, told, strict=True):
        published = published or (public is not None and version.blob == public)
        if version.action == RESTYLE:
            continue
        entries.append(
            Entry(
                revision=version.commit,
                when=version.when,
                who=_who(version),
                sentence=" ".join(sentences) if len(sentences) < 3 else journal.summary(sentences, voice),
                record_ids=(record.id,),
                changes=_fields(record, version, voice) if fields else (),
                published=published,
                author=version.author,
                action=version.action,
            )
        )
    return entries


def _without_results(record: Record, version: Version, voice: Voice) -> list[str]:
    """What a version changed, for whoever may not read all of it yet; nothing where the journal may tell it."""
    if embargo.reader() is None or record.type_name != Project.type_name or version.blob is None:
        return []
    content = services().content
    after = content.version(record, version.blob)
    before = content.version(record, version.before) if version.before else None
    if not after.withheld and not (before is not None and before.withheld):
        return []
    return _told_without(before, after, voice)


def _told_without(before: Record | None, after: Record, voice: Voice) -> list[str]:
    if before is None:
        return [journal.created(after, voice)]
    told = journal.sentences(type(after), before.data, after.data, voice) if before.data != after.data else []
    return [*told, _(HIDDEN)] if after.withheld and not before.withheld else told or [_(HIDDEN)]


def everything(limit: int, skip: int = 0, author: str = "") -> list[Entry]:
    """What everybody (or one pseudonym) saved, the latest first, but for changes of a file's style alone."""
    content, voice = services().content, speaker()
    known = content.snapshot().paths
    entries = []
    with content.store.repo() as repo:
        for one in repo.log(content.head(), limit=limit, skip=skip, author=author or None):
            trailers = trailers_of(one.message)
            if trailers.get("Action") == [RESTYLE] or not limits.sees_all(content, trailers.get("Record", [])):
                continue
            united = trailers.get("Action") == [MERGE]  # each side's own commits tell what they changed
            sentence, changes = ("", []) if united else _told_anew(repo, one, voice)
            entries.append(
                Entry(
                    revision=one.commit,
                    when=one.when,
                    who=person(one.author),
                    sentence=sentence or _(one.message.partition("\n")[0]),
                    record_ids=[name for name in trailers.get("Record", []) if name in known],
                    changes=changes,
                    author=one.author,
                    action=trailers.get("Action", [""])[0],
                )
            )
    return entries


def _told_anew(repo: GitRepo, entry: LogEntry, voice: Voice) -> tuple[str, list[FieldTold]]:
    """Sentence and fields of a change of one record, with today's titles; nothing for any other change."""
    if len(entry.changes) != 1 or entry.changes[0].new is None or entry.changes[0].old is None:
        return "", []
    change = entry.changes[0]
    sides = [read_file(repo.blob(blob), change.path, blob).records for blob in (change.old, change.new) if blob]
    if any(len(records) != 1 for records in sides):
        return "", []
    before, after = (services().content.told(records[0]) for records in sides)
    if before.withheld or after.withheld:
        return journal.summary(_told_without(before, after, voice), voice), _changed(
            after, before.data, after.data, voice
        )
    told = journal.summary(journal.sentences(type(after), before.data, after.data, voice), voice)
    return told, _changed(after, before.data, after.data, voice)


def trash() -> list[InTrash]:
    """What lies in the trash, the latest first."""
    found = [one for one in services().content.store.trashed() if limits.sees(one.record.data)]
    return [InTrash(one.record.id, one.record.display_title, one.when, person(one.author)) for one in found]


def in_trash(record_id: str) -> Record | None:
    """The record of that identifier as it went into the trash."""
    content = services().content
    trashed = (one.record for one in content.store.trashed())
    return next((content.told(one) for one in trashed if one.id == record_id), None)


def last_changes(record: Record) -> list[FieldNow]:
    """Every field that has a value, with who gave it that one and when."""
    voice = speaker()
    found = services().content.store.last_changes(record.id)
    return [
        FieldNow(
            _(record.fields[name].label),
            field_told(record, name, None, record.data[name], voice).after,
            _who(found[name]),
            found[name].when,
            found[name].commit,
        )
        for name in record.fields
        if name in found and name in record.data
    ]


def at_version(record: Record, revision: str) -> list[FieldTold]:
    """Every field of the record as it was at a commit (in `after`). Raises RevisionUnknown."""
    with services().content.store.repo() as repo:
        slot = Slot(type(record), record.id, record.path)
        found = version_at(repo, slot, revision)[1]
    return _changed(record, {}, services().content.told(found).data, speaker())


def at_version_of(record: Record) -> list[tuple[str, str]]:
    """Every field of a record, in words: label and value."""
    return [(one.label, one.after) for one in _changed(record, {}, record.data, speaker())]


def moment_of(revision: str) -> dt.datetime:
    """When a version was saved. Raises RevisionUnknown."""
    with services().content.store.repo() as repo:
        return repo.commit(revision).when


def differences(record: Record, older: str, newer: str) -> list[FieldTold]:
    """The fields that differ between a record at two commits, in words. Raises RevisionUnknown."""
    content = services().content
    with content.store.repo() as repo:
        slot = Slot(type(record), record.id, record.path)
        before, after = (content.told(version_at(repo, slot, one)[1]) for one in (older, newer))
    return _changed(record, before.data, after.data, speaker())


def _fields(record: Record, version: Version, voice: Voice) -> list[FieldTold]:
    content = services().content
    blobs = (version.before, version.blob)
    before, after = (content.version(record, blob).data if blob else {} for blob in blobs)
    return _changed(record, before, after, voice)


def _changed(record: Record, before: Mapping[str, Plain], after: Mapping[str, Plain], voice: Voice) -> list[FieldTold]:
    return [
        field_told(record, name, before.get(name), after.get(name), voice)
        for name in record.fields
        if before.get(name) != after.get(name)
    ]


def _rows(record: Record, declared: Rows[Any], rows: Sequence[Mapping[str, Plain]], voice: Voice) -> str:
    """Rows in words, one a line."""
    lines = []
    for row in rows:
        words = dict(row)
        if issubclass(declared.part, Status):
            words["state"] = look_of_state(record.type_name, str(row.get("state", ""))).words
            words.pop("holds", None)
        lines.append(declared.show([words], voice.lang, voice.translate))
    return "\n".join(lines)


def field_told(record: Record, name: str, before: Plain | None, after: Plain | None, voice: Voice) -> FieldTold:
    """One field of a record before and after, in words."""
    declared = record.fields[name]
    if isinstance(declared, Rows):  # rows that did not change tell nothing
        old, new = before or [], after or []
        gone, come = [row for row in old if row not in new], [row for row in new if row not in old]
        if gone or come:
            label = _(declared.label)
            return FieldTold(label, _rows(record, declared, gone, voice), _rows(record, declared, come, voice), name)

    def words(plain: Plain | None) -> str:
        if plain is None:
            return ""
        if isinstance(declared, Ref):
            return voice.name_of(declared.to, str(plain))
        return declared.show(plain, voice.lang, voice.translate)

    return FieldTold(_(declared.label), words(before), words(after), name)


def _who(version: Version) -> str:
    name = person(version.author)
    if version.reviewed_by:
        return _("%(name)s, relu par %(other)s") % {"name": name, "other": person(version.reviewed_by)}
    return name
