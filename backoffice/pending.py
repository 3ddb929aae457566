"""What waits to be published, record by record, in sentences; and the publications that there were.

Composing and writing a publication is the store's; building pages the generator's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from backoffice import limits
from backoffice.checking import Checker
from backoffice.content import Content
from backoffice.embargo import HIDDEN
from backoffice.i18n import _, language
from backoffice.look import spots
from backoffice.publish.reviewing import UNSAID, Standing, embargoes, facts_in
from backoffice.records.lines import key_of
from backoffice.records.words import WORDS
from backoffice.telling import FieldTold, account_name, field_told, person
from participation import journal, library
from participation.journal import Voice
from participation.layout import COLLECTIVE_FILES, locate
from participation.library import MEDIA
from participation.problems import Problem, Severity
from participation.records import TYPES, Record
from participation.records.parts import Status
from participation.store.publications import Publication
from participation.store.snapshot import Snapshot

MOST_QUOTED = 400  # characters of a text of the town, for whoever reviews it
MOST_TOLD = 200  # files on a page: a first import has thousands
MOST_COUNTED = 64

_counted: dict[tuple[str, str], int] = {}  # by public and newest commit

STOPPING = ("instance", "edition")  # a fault in one of these stops the whole publication


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a record in words, with its field."""

    record_id: str
    title: str
    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One record that differs from what is public; `id` is its key in addresses."""

    id: str
    title: str
    kind: str
    sentences: Sequence[str]
    faults: Sequence[Fault]
    embargo: str
    held: bool
    gone: bool
    openable: bool
    path: str = ""
    hold_name: str = ""  # how it is put aside
    fields: Sequence[FieldTold] = ()
    authors: Sequence[str] = ()  # names
    stay: str = ""  # why it does not leave: a reviewing.Stay
    needs: str = ""  # the record it waits for
    held_by: str = ""
    held_why: str = ""
    held_since: dt.datetime | None = None
    reader: str = ""  # who approved it, or sent it back, with the remark
    remark: str = ""
    read_at: dt.datetime | None = None
    mine: bool = False  # whoever reads this page made the change

    @property
    def first(self) -> str:
        """The first sentence, for a short list."""
        return self.sentences[0] if self.sentences else ""


@dataclass(frozen=True, slots=True)
class PendingChanges:
    """What waits: the records told, how many there are in all, and how many would leave now."""

    told: list[Waiting]
    total: int
    leaving: int
    blocking: list[Fault]


@dataclass(frozen=True, slots=True)
class Published:
    """One publication for the list."""

    revision: str
    when: dt.datetime
    who: str
    summary: str
    readers: str = ""
    back: bool = False


def count(content: Content) -> int:
    """How many files differ from what is public, for the top of every page: looked at again when either has moved."""
    before, after = _public(content), content.snapshot()
    if limits.viewer() is not None:
        return len(_changed(before, after))
    key = (before.commit if before is not None else "", after.commit)
    found = _counted.get(key)
    if found is None:
        if len(_counted) >= MOST_COUNTED:
            _counted.clear()
        found = _counted[key] = len(_changed(before, after))
    return found


def changes(
    content: Content, voice: Voice, now: dt.datetime, held: Collection[str], most: int = MOST_TOLD
) -> PendingChanges:
    """What waits to be published."""
    before, after = _public(content), content.snapshot()
    paths = _changed(before, after)
    checker = Checker(after)
    told = [one for path in paths[:most] for one in _told(checker, before, path, voice, now, held)]
    staying = sum(1 for one in told if one.held or one.faults)
    return PendingChanges(told, len(paths), max(0, len(paths) - staying), _blocking(after))


def reviewed(
    content: Content, voice: Voice, now: dt.datetime, found: Standing, reader: str, page: int = 1
) -> PendingChanges:
    """The same for page `page` (1, 2…) of the review, with what a `Standing` says; `reader` is whose page it is."""
    before, after = _public(content), content.snapshot()
    checker = Checker(after)
    paths = limits.open_paths(
        sorted(found.changes, key=lambda path: found.stays.get(path, "") == "embargo"), before, after
    )
    told = [
        _with_standing(one, found, reader, before, after, voice)
        for path in paths[(page - 1) * MOST_TOLD : page * MOST_TOLD]
        for one in _told(checker, before, path, voice, now, ())
    ]
    faulty = {one.path for one in told if one.faults and not one.stay}
    leaving = [one for one in found.leaving if one.path not in faulty]
    return PendingChanges(told, len(paths), len(leaving), _blocking(after))


def between(content: Content, older: str, newer: str, voice: Voice, now: dt.datetime) -> list[Waiting]:
    """What one publication changed, record by record; `older` is "" before the first one."""
    before = content.seen(content.store.snapshot(older)) if older else None
    after = content.seen(content.store.snapshot(newer))
    checker = Checker(after)
    paths = _changed(before, after)[:MOST_TOLD]
    told = [one for path in paths for one in _told(checker, before, path, voice, now, ())]
    return [replace(one, fields=_fields(before, after, one, voice), faults=[], embargo="") for one in told]


def problems(content: Content) -> list[Fault]:
    """Everything that cannot be published as it is written."""
    found = []
    for problem in content.snapshot().problems:
        if problem.severity is Severity.ERROR:
            place = locate(problem.file)
            record_id = place.id if place is not None else ""
            record = content.record(record_id) if record_id else None
            if not limits.sees(record.data if record is not None else {}):
                continue
            title = record.display_title if record is not None else problem.file
            found.append(Fault(record_id if record is not None else "", title, problem.field, _words(problem)))
    return found


def published(publication: Publication) -> Published:
    """A publication with the names of its author and of those who read it before."""
    return Published(
        publication.commit,
        publication.when,
        person(publication.author),
        _(publication.subject),
        ", ".join(person(one) for one in publication.reviewed_by),
        publication.action == "rollback",
    )


def _embargo_words(data: Mapping[str, object], now: dt.datetime) -> str:
    later = embargoes(data, now)
    if not later:
        return ""
    return _("Reste caché jusqu’au %s.") % Status.fields["visible_from"].show(max(later).isoformat(), language(), _)


def _public(content: Content) -> Snapshot | None:
    latest = content.published()
    return content.seen(content.store.snapshot(latest.commit)) if latest is not None else None


def _changed(before: Snapshot | None, after: Snapshot) -> list[str]:
    was: Mapping[str, str] = before.entries if before is not None else {}
    now = after.entries
    changed = [path for path, blob in now.items() if was.get(path) != blob]
    changed += [path for path in was if path not in now]
    return limits.open_paths([path for path in changed if not path.startswith(UNSAID)], before, after)


def _told(
    checker: Checker,
    before: Snapshot | None,
    path: str,
    voice: Voice,
    now: dt.datetime,
    held: Collection[str],
) -> Iterator[Waiting]:
    after = checker.snapshot
    old = {record.id: record for record in before.reading(path).records} if before is not None else {}
    new = {record.id: record for record in after.reading(path).records}
    place = locate(path)
    if place is None or not old | new:
        faults = [Fault("", path, "", _words(one)) for one in after.reading(path).problems]
        kind, title, sentences = _of_a_file(before, after, path, voice)
        yield Waiting(
            path,
            title,
            kind,
            sentences,
            faults,
            "",
            path in held,
            path not in after.entries,
            openable=False,
            path=path,
        )
        return
    for record_id in dict.fromkeys([*new, *old]):
        was, is_now = old.get(record_id), new.get(record_id)
        sentences = _sentences(was, is_now, voice)
        record = is_now or was
        if record is None or not sentences:
            continue
        faults = _faults(checker, is_now) if is_now is not None else []
        yield Waiting(
            id=key_of(record),
            title=record.display_title,
            kind=_(TYPES[record.type_name].title_words).lower(),
            sentences=sentences,
            faults=faults,
            embargo=_embargo_words(is_now.data, now) if is_now is not None else "",
            held=record.id in held,
            gone=is_now is None,
            openable=is_now is not None and record.type_name in WORDS,
            path=path,
        )


def _of_a_file(before: Snapshot | None, after: Snapshot, path: str, voice: Voice) -> tuple[str, str, list[str]]:
    """Kind, title and sentence of a file that is no record."""
    there, is_there = before is not None and path in before.entries, path in after.entries
    if path.startswith(MEDIA):
        facts = facts_in(after if is_there or before is None else before, path.removeprefix(MEDIA))
        words = (library.REPLACED if there else library.ADDED) if is_there else library.REMOVED
        kind = _("document") if library.kind_of(path) == "document" else _("photo")
        return kind, library.title_of(facts), [library.said(words, facts, voice)]
    sentence = (_("Fichier remplacé.") if there else _("Fichier ajouté.")) if is_there else _("Fichier retiré.")
    if (several := COLLECTIVE_FILES.get(path)) is not None:  # as a new town has them
        return _("liste"), WORDS[several].plural, [_("Encore vide.")]
    named = spots.title_of(path)
    if named and is_there and path.endswith(".md"):
        text = next(iter(after.contents([path])))[1].decode("utf-8", "replace").strip()
        told = text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}…"
        return _("texte"), _(named), [_("Nouveau texte\u00a0: «\u00a0%s\u00a0»") % told]
    return _("fichier"), _(named) if named else path, [sentence]


def _with_standing(
    one: Waiting, found: Standing, reader: str, before: Snapshot | None, after: Snapshot, voice: Voice
) -> Waiting:
    change, stay = found.changes[one.path], found.stays.get(one.path)
    hold, review = found.holds.get(one.path), found.reviews.get(one.path)
    return replace(
        one,
        held=hold is not None,
        hold_name=change.name,
        fields=_fields(before, after, one, voice),
        authors=[person(author) for author in change.authors],
        stay=stay.value if stay is not None else "",
        needs=found.needs.get(one.path, ""),
        held_by=account_name(hold.account_id) if hold is not None else "",
        held_why=hold.reason if hold is not None else "",
        held_since=hold.since if hold is not None else None,
        reader=person(review.pseudonym) if review is not None else "",
        remark=review.remark if review is not None else "",
        read_at=review.at if review is not None else None,
        mine=reader in change.authors,
    )


def _fields(before: Snapshot | None, after: Snapshot, one: Waiting, voice: Voice) -> list[FieldTold]:
    """Before and after of each field of a record that was there and still is."""
    sides = []
    for snapshot in (before, after):
        records = snapshot.reading(one.path).records if snapshot is not None else []
        sides.append(next((record for record in records if key_of(record) == one.id), None))
    was, now = sides
    if was is None or now is None:
        return []
    return [
        field_told(now, name, was.data.get(name), now.data.get(name), voice)
        for name in now.fields
        if was.data.get(name) != now.data.get(name)
    ]


def _sentences(was: Record | None, now: Record | None, voice: Voice) -> list[str]:
    if now is None:
        return [journal.trashed(was, voice)] if was is not None else []
    if was is None:
        return [journal.created(now, voice)]
    if was.data == now.data and now.withheld:
        return [_(HIDDEN)]
    if was.data == now.data and not was.collective:
        return [journal.restyled(now, voice)]
    return journal.sentences(type(now), was.data, now.data, voice)


def _faults(checker: Checker, record: Record) -> list[Fault]:
    return [
        Fault(record.id, record.display_title, problem.field, _words(problem))
        for problem in checker.problems(record)
        if problem.severity is Severity.ERROR
    ]


def _words(problem: Problem) -> str:
    return " ".join(filter(None, (_(problem.message), _(problem.hint))))


def _blocking(snapshot: Snapshot) -> list[Fault]:
    """Faults of the instance or of an edition: they stop the whole publication."""
    paths = [path for path, place in snapshot.places.items() if place.type_name in STOPPING]
    return [
        Fault("", path, problem.field, _("%(label)s\u00a0: %(value)s") % {"label": path, "value": _words(problem)})
        for path in paths
        for problem in snapshot.reading(path).problems
        if problem.severity is Severity.ERROR
    ]
