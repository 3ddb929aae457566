"""What a person chooses for a table: which column feeds what, what its words mean. As it is kept, guessed, and used.

Choices are plain JSON in the registry. No page and no form here, no file is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from backoffice.i18n import LANGUAGES, _, translations
from backoffice.records.lines import theme_titles
from participation.importing.guessing import guesses
from participation.importing.mapping import word_key
from participation.importing.matched import NUMBER, OURS, Matching
from participation.importing.people import folded, may_name_people
from participation.importing.targets import ID, NAMED, VERSION, Target, targets, vocabulary, worded
from participation.importing.wordforms import slug
from participation.layout import path_for
from participation.records import TYPES, Edition, Record, Service, Zone
from participation.records.figures import Date, When
from participation.records.texts import Ref
from participation.store.snapshot import Snapshot

MOST_SILENT = 10  # words that are proposed to mean "not known"
MOST_WORDS = 300  # different ones of a column that a person is asked about
TONGUES: tuple[Callable[[str], str], ...] = tuple(translations(code).gettext for code in LANGUAGES)
CREATED = ("zone", "service", "theme")  # what a word may create
NEW = "+"  # the answer of a person: create it


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: a few of its cells, and its different words where they are few enough to be asked about."""

    header: str
    samples: Sequence[str]
    words: Sequence[str] | None


@dataclass(slots=True)
class Choices:
    """Everything that was chosen for a table, as the registry keeps it."""

    columns: dict[str, str] = field(default_factory=dict)
    organisations: list[str] = field(default_factory=list)
    identity: str = OURS
    edition: str = ""
    empties: bool = False
    nothing: str = ""  # words that mean "not known", separated by semicolons
    lenient: bool = False
    words: dict[str, dict[str, str]] = field(default_factory=dict)  # header -> word -> value, "" or NEW
    sheet: str = ""
    header_row: int = 0
    event_kind: str = ""
    calendar: str = ""
    owners: bool = False  # of a Pabulib file: whoever proposed a project is an organisation, never a person
    reason: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Choices:
        """As they were kept; what is not known any more is left out."""
        return cls(**{name: value for name, value in kept.items() if name in cls.__dataclass_fields__})

    def kept(self) -> dict[str, Any]:
        """As they are kept."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def lasting(self) -> dict[str, Any]:
        """What the next table with the same headers starts from."""
        names = ("columns", "organisations", "identity", "empties", "nothing", "lenient", "words")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Ground:
    """What choices are made among: the targets of a type, and the titles of what records name."""

    record_type: type[Record]
    snapshot: Snapshot

    @cached_property
    def languages(self) -> list[str]:
        """The languages of the content, the main one first."""
        return self.snapshot.instance.languages or ["fr"]

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Everything that a column may feed."""
        return targets(self.record_type, self.languages)

    @cached_property
    def by_name(self) -> dict[str, Target]:
        """The targets by their names."""
        return {target.name: target for target in self.targets}

    @cached_property
    def titles(self) -> dict[str, dict[str, str]]:
        """Type -> identifier -> title of what tables name by its title; what is named in vain, by its identifier."""
        editions = self.snapshot.of_type(Edition)
        found = {
            "edition": {one.id: one.display_title for one in editions},
            "zone": {one.id: one.display_title for one in self.snapshot.of_type(Zone)},
            "service": {one.id: one.display_title for one in self.snapshot.of_type(Service)},
            "theme": dict(theme_titles(editions)),
        }
        named = [
            (target.path, leaf.to)
            for target in self.targets
            if target.path is not None and isinstance(leaf := target.path.leaf, Ref) and leaf.to in NAMED
        ]
        for record in self.snapshot.of_type(self.record_type):
            for path, to in named:
                if (id := path.get(record.data)) is not None:
                    found[to].setdefault(str(id), str(id))
        return found

    def words_of(self, target: str) -> dict[str, str] | None:
        """Words -> value of a target that takes only certain ones; None where anything may stand."""
        known = self.by_name.get(target)
        return vocabulary(self.record_type, known, self.titles, TONGUES) if known is not None else None

    def refers_to(self, target: str) -> str:
        """The type that a target names by its title, "" for none."""
        known = self.by_name.get(target)
        leaf = known.path.leaf if known is not None and known.path is not None else None
        return leaf.to if isinstance(leaf, Ref) and leaf.to in NAMED else ""


def ground(type_name: str, snapshot: Snapshot) -> Ground:
    """What choices for a type are made among."""
    return Ground(TYPES[type_name], snapshot)


def start(ground: Ground, columns: Sequence[Column], remembered: Mapping[str, Any], before: Choices) -> Choices:
    """What to begin with: what was chosen for such a table last, else what the headers say."""
    headers = [column.header for column in columns if column.header]
    found = Choices.of({**before.kept(), **remembered})
    if not remembered:
        found.columns = guesses(headers, ground.targets, TONGUES)
        ids = next((column.samples for column in columns if found.columns.get(column.header) == ID), ())
        ours = sum(_ours(ground.record_type.type_name, one) for one in ids)
        found.identity = OURS if ours * 2 >= len(ids) else NUMBER
    found.columns = {
        header: name for header, name in found.columns.items() if header in headers and name in ground.by_name
    }
    if not remembered:
        found.nothing = "; ".join(_silent(ground, columns, found))
    if exported(found):  # a table of ours: its columns are fields of records, as in a form
        found.organisations = list(found.columns)
    return found


def _silent(ground: Ground, columns: Sequence[Column], choices: Choices) -> list[str]:
    """The words of columns of dates that hold no figure: a person sees them proposed as "not known"."""
    found: dict[str, str] = {}
    for column in columns:
        target = ground.by_name.get(choices.columns.get(column.header, ""))
        if target is None or target.path is None or not isinstance(target.path.leaf, Date | When):
            continue
        for word in column.words or ():
            if ";" not in word and len(word) <= 40 and not any(sign.isdecimal() for sign in word):
                found.setdefault(word_key(word), word)
    return list(found.values())[:MOST_SILENT]


def _ours(type_name: str, text: str) -> bool:
    try:
        path_for(type_name, text)
    except ValueError:
        return False
    return True


def exported(choices: Choices) -> bool:
    """True for a table that was exported here to be edited."""
    return VERSION in choices.columns.values()


def personal(choices: Choices, headers: Sequence[str]) -> list[str]:
    """The columns that may name people and that nobody has declared: they stay out."""
    return [header for header in headers if header not in choices.organisations and may_name_people(header)]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Words of a column that mean nothing known here."""

    header: str
    target: str
    words: Sequence[str]
    options: Sequence[tuple[str, str]]
    creates: bool


def unknown(
    ground: Ground, columns: Collection[Column], choices: Choices, may_create: Callable[[str], bool]
) -> list[Unknown]:
    """The words that a person has to be asked about, column by column; those answered before included."""
    found = []
    for column in columns:
        target = choices.columns.get(column.header, "")
        known = ground.words_of(target) if target else None
        if known is None or not column.words or (target == "edition" and ground.by_name[target].path is None):
            continue
        silent = {word_key(word) for word in choices.nothing.split(";")}
        words = [word for word in column.words if word_key(word) not in known and word_key(word) not in silent]
        if words:
            to = ground.refers_to(target)
            creates = to in CREATED and may_create("edition" if to == "theme" else to)
            found.append(Unknown(column.header, target, words, options(ground, target), creates))
    return found


def options(ground: Ground, target: str) -> list[tuple[str, str]]:
    """The values of a target with their words, for a person to choose from."""
    if to := ground.refers_to(target):
        return sorted(ground.titles[to].items(), key=lambda item: item[1].casefold())
    found = [(code, _(words)) for code, words in worded(ground.record_type, ground.by_name[target])]
    return [(code, words[:1].upper() + words[1:]) for code, words in found]


def likely(unknown: Unknown, word: str) -> str:
    """The value whose words are nearly those of the cell: accents, marks and case apart; "" for none."""
    wanted = folded(word)
    return next((code for code, words in unknown.options if wanted and wanted in (folded(words), folded(code))), "")


def matching_of(ground: Ground, choices: Choices) -> Matching:
    """The choices as the import applies them: known words, those of the person, and what is to be created."""
    words: dict[str, dict[str, str]] = {}
    created: dict[str, dict[str, str]] = {}
    for header, target in choices.columns.items():
        known = ground.words_of(target)
        if known is None:
            continue
        answered = choices.words.get(header, {})
        words[header] = known | {word_key(word): value for word, value in answered.items() if value != NEW}
        if fresh := {slug(word): word for word, value in answered.items() if value == NEW}:
            words[header] |= {word_key(word): code for code, word in fresh.items()}
            created[header] = fresh
    return Matching(
        columns=choices.columns,
        words=words,
        created=created,
        organisations=frozenset(choices.organisations),
        identity=choices.identity,
        edition=choices.edition,
        empties=choices.empties,
        nothing=tuple(word for word in choices.nothing.split(";") if word.strip()),
        lenient=choices.lenient,
    )
