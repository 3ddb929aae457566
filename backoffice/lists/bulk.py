"""One change of many records: what may be changed so, what it would do to each in sentences, one commit, its undoing.

Nothing is decided about values here: the declarations and the life cycle do. Pages are the views'.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backoffice.content import Content
from backoffice.i18n import _
from backoffice.records import states
from backoffice.records.formdata import Pairs, form_fields
from backoffice.records.lines import key_of
from backoffice.records.listing import LISTED, NONE, Index
from backoffice.records.looks import states_of
from participation import journal
from participation.journal import Voice
from participation.lifecycle import TABLES
from participation.messages import mark
from participation.problems import Problem
from participation.records import TYPES, Edition, Record
from participation.records.fields import Field, Plain, Refused, Required
from participation.records.texts import Choice, Flag, Ref
from participation.store.errors import RevisionUnknown
from participation.store.git import checked
from participation.store.removal import cited
from participation.store.saving import Change
from participation.store.writing import trailers_of
from participation.yamltext.reader import read_file

PREFIX = "set."
ACTION = "bulk"
MOST_TOLD = 60  # records in the preview; beyond, they are counted only
REFERRED = ("edition", "zone", "theme", "service")


@dataclass(frozen=True, slots=True)
class Offer:
    """One field that may be changed on many records, with the values to choose from."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    clears: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One record of the preview: what changes in it, or why it does not."""

    key: str
    title: str
    sentences: Sequence[str] = ()
    refused: str = ""


@dataclass(slots=True)
class Plan:
    """What a change of many records would do."""

    changes: list[Change] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    refused: list[Told] = field(default_factory=list)
    unchanged: int = 0
    words: list[str] = field(default_factory=list)  # `Service chargé : Voirie`, in French: they go into the history


def offers(type_name: str, index: Index) -> list[Offer]:
    """The fields that a list of this type may change on many records, the state apart."""
    found = []
    for name, declared in form_fields(LISTED[type_name]).items():
        options = _options(declared, index)
        if options:
            found.append(Offer(f"{PREFIX}{name}", _(declared.label), options, declared.required is Required.NO))
    return found


def states_offered(type_name: str) -> list[tuple[str, str]]:
    """The states of types that have a life cycle."""
    return states_of(type_name) if type_name in TABLES else []


def _options(declared: Field[Any], index: Index) -> list[tuple[str, str]]:
    if isinstance(declared, Ref) and declared.to in REFERRED:
        return sorted(index.titles[declared.to].items(), key=lambda item: item[1].casefold())
    if isinstance(declared, Choice):
        return [(code, _(words)[:1].upper() + _(words)[1:]) for code, words in declared.options.items()]
    if isinstance(declared, Flag):
        return [("true", _("Oui")), ("false", _("Non"))]
    return []


def wishes(type_name: str, pairs: Pairs, index: Index) -> tuple[dict[str, Plain | None], list[Problem]]:
    """Field -> value (None empties it) of what was chosen, and what is wrong with it."""
    kind = LISTED[type_name]
    found: dict[str, Plain | None] = {}
    errors = []
    for offer in offers(type_name, index):
        name, typed = offer.name.removeprefix(PREFIX), pairs.get(offer.name, "")
        if typed == NONE and offer.clears:
            found[name] = None
        elif typed:
            try:
                found[name] = kind.fields[name].parse(typed)
            except Refused as refused:
                errors.append(Problem(refused.message, field=offer.name, hint=refused.hint))
            else:
                if typed not in dict(offer.options):
                    errors.append(Problem(mark("Ce choix n’existe plus."), field=offer.name))
    return found, errors


def plan(content: Content, type_name: str, records: Sequence[Record], pairs: Pairs, voice: Voice) -> Plan:
    """What the change asked for by `pairs` does to each of the records."""
    index = content.index()
    chosen, _errors = wishes(type_name, pairs, index)
    made = Plan(words=_words(LISTED[type_name], chosen, pairs, index))
    themes = _themes(content) if chosen.get("theme") else {}
    for record in records:
        after = {**record.data, **{name: value for name, value in chosen.items() if value is not None}}
        for name in [name for name, value in chosen.items() if value is None]:
            after.pop(name, None)
        refused = _no_such_theme(record, chosen, themes)
        if pairs.get(f"{states.PREFIX}state"):
            changed = [name for name in record.fields if after.get(name) != record.data.get(name)]
            row, problems = states.read(record, pairs, changed)
            refused = refused or " ".join(_(one.message) for one in problems)
            if row is not None:
                after["status"] = [*record.data.get("status", []), row]
        if refused:
            made.refused.append(Told(key_of(record), record.display_title, refused=refused))
        elif after == record.data:
            made.unchanged += 1
        else:
            ordered = {name: after[name] for name in record.fields if name in after}
            made.changes.append(Change(type(record), record.id, ordered, record.blob))
            if len(made.told) < MOST_TOLD:
                sentences = journal.sentences(type(record), record.data, ordered, voice)
                made.told.append(Told(key_of(record), record.display_title, sentences))
    return made


def subject(made: Plan, count: int) -> str:
    """The first line of the commit: `Service chargé : Voirie (14 fiches)`, in French like all of the history."""
    words = " ; ".join(made.words)
    return (
        mark("%(words)s (%(count)s fiches)") % {"words": words, "count": count}
        if count > 1
        else mark("%s (1 fiche)") % words
    )


def _words(kind: type[Record], chosen: Mapping[str, Plain | None], pairs: Pairs, index: Index) -> list[str]:
    words = []
    for name, value in chosen.items():
        declared = kind.fields[name]
        if value is None:
            told = "aucun"
        else:
            told = index.title(declared.to, str(value)) if isinstance(declared, Ref) else declared.show(value)
        words.append(f"{declared.label}\u00a0: {told}")
    code = pairs.get(f"{states.PREFIX}state", "")
    if code and (state := TABLES.get(kind.type_name, {}).get(code)) is not None:
        words.append(f"État\u00a0: {state.words}")
    return words


def _themes(content: Content) -> dict[str, set[str]]:
    """Edition -> its themes, for the editions that have some."""
    found = {one.id: {theme.id for theme in one.themes} for one in content.snapshot().of_type(Edition)}
    return {edition: themes for edition, themes in found.items() if themes}


def _no_such_theme(record: Record, chosen: Mapping[str, Plain | None], themes: Mapping[str, set[str]]) -> str:
    theme, edition = chosen.get("theme"), record.id.partition("-")[0]
    if theme and theme not in themes.get(edition, {theme}):
        return _("Ce thème n’existe pas dans l’édition %s.") % edition
    return ""


@dataclass(frozen=True, slots=True)
class Undoing:
    """How a change of many records is taken back: what to save, and the records that were changed again since."""

    changes: list[Change]
    left: list[str]
    subject: str
    keys: list[str]
    when: dt.datetime
    author: str


def undoing(content: Content, revision: str, actions: Collection[str] = (ACTION,)) -> Undoing:
    """What takes back a change of many records: each field it changed that still has the value it gave.

    A record that it made goes, unless it changed since or another one that stays names it. Raises RevisionUnknown.
    """
    with content.store.repo() as repo:
        entry = next(iter(repo.log(checked(revision), limit=1)), None)
        if entry is None or trailers_of(entry.message).get("Action", [""])[0] not in actions:
            raise RevisionUnknown(revision)
        changes, left, made, keys = [], [], [], []
        content.snapshot().read(one.path for one in entry.changes)
        for one in entry.changes:
            if one.new is None:
                continue
            blobs = (one.old, one.new)
            sides = [read_file(repo.blob(blob), one.path, blob).records if blob else [] for blob in blobs]
            before, after = ({record.id: record for record in records} for records in sides)
            keys += [key_of(one) for one in after.values() if one.id not in before or one.data != before[one.id].data]
            made += [record for record_id, record in after.items() if record_id not in before]
            for lost in [record for record_id, record in before.items() if record_id not in after]:
                back = content.record(key_of(lost)) is None
                changes += [Change(type(lost), lost.id, lost.data)] if back else []
            for record_id in before.keys() & after.keys():
                change, whole = _undone(content, before[record_id], after[record_id])
                changes += [change] if change is not None else []
                left += [] if whole else [before[record_id].display_title]
    removed, kept = _unmade(content, made)
    subject = entry.message.partition("\n")[0]
    return Undoing([*changes, *removed], [*left, *kept], subject, keys, entry.when, entry.author)


def undone(found: Undoing) -> str:
    """The first line of the commit that takes a change back."""
    return mark("Annulation\u00a0: %s") % found.subject


def told_back(content: Content, found: Undoing, voice: Voice) -> list[Told]:
    """What taking a change back does to each record, as far as a page holds them."""
    told = []
    for change in found.changes[:MOST_TOLD]:
        kind = change.record_type
        after = kind(change.data or {}, id=change.id)
        now = content.record(key_of(after))
        if now is None:
            told.append(Told(key_of(after), after.display_title, [_("La fiche revient.")]))
        elif change.data is None:
            told.append(Told(key_of(now), now.display_title, [_("La fiche est retirée.")]))
        else:
            told.append(
                Told(key_of(now), now.display_title, journal.sentences(kind, now.data, dict(change.data), voice))
            )
    return told


def _unmade(content: Content, made: Sequence[Record]) -> tuple[list[Change], list[str]]:
    """The removal of records that a change made; the titles of those that stay, changed or named by others since."""
    present = {key_of(one): current for one in made if (current := content.record(key_of(one))) is not None}
    same = [one for one in made if (now := present.get(key_of(one))) is not None and now.data == one.data]
    going = {(one.type_name, one.id) for one in same}
    named = cited(content.snapshot(), going) if going else set()
    removed = [
        Change(type(one), one.id, None, None if one.collective else present[key_of(one)].blob)
        for one in same
        if (one.type_name, one.id) not in named
    ]
    gone = {change.id for change in removed}
    return removed, [one.display_title for one in made if key_of(one) in present and one.id not in gone]


def _undone(content: Content, before: Record, after: Record) -> tuple[Change | None, bool]:
    """The record as it is now with what the change did taken back; False when somebody changed it again since."""
    touched = [name for name in before.fields if before.data.get(name) != after.data.get(name)]
    current = content.record(key_of(before))
    if not touched:
        return None, True
    if current is None or type(current) is not TYPES[before.type_name]:
        return None, False
    same = [name for name in touched if current.data.get(name) == after.data.get(name)]
    restored = current.with_data({name: before.data.get(name) for name in same})
    change = Change(type(current), current.id, restored.data, current.blob) if same else None
    return change, len(same) == len(touched)
