"""What a column of a table may feed, and what an export made to be edited holds: the paths of a type, with their words.

The same targets serve both ways, so that a table that was exported is recognised when it comes back. Left out: rows
that no code tells apart (photos, documents, scenarios), contours, and what only programs write.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from participation import lifecycle
from participation.importing.mapping import word_key
from participation.importing.paths import FieldPath, resolve
from participation.messages import mark as _
from participation.records import Record
from participation.records.containers import Group, PlaceField, Rows
from participation.records.fields import Plain
from participation.records.figures import Date, Instant, Integer, Money, When
from participation.records.territory import Geometry
from participation.records.texts import Choice, Flag, Ref, Text

Titles = Mapping[str, Mapping[str, str]]  # type -> identifier -> title
Translate = Callable[[str], str]
Cell = str | int | Decimal | dt.date | dt.datetime | None

ID, STATE, VERSION = "id", "status", "version"
NAMED = ("edition", "zone", "theme", "service")  # what tables name by its title
LEFT_OUT = frozenset(
    {"id", "schema", "sequence", "uid", "status", "owner.person", "origin.system", "origin.url"}
    | {"frozen", "corrections", "tally", "reopened"}  # what a vote leaves is written by its own pages, never by a table
)
TOO_LONG = _("(trop long pour une cellule\u00a0: reste tel quel)")
LONGEST = 32_767  # UTF-16 units in a cell, of the format itself
_YES, _NO = _("oui"), _("non")
_OTHER_WORDS = {"true": True, "vrai": True, "x": True, "1": True, "false": False, "faux": False, "0": False}
_EPOCH = dt.date(1900, 3, 1)  # before, spreadsheet programs disagree about days


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that a column may feed. `parts` are its words from the outside in; what is no field has no `path`."""

    name: str
    parts: tuple[str, ...]
    section: str
    path: FieldPath | None = None

    def label(self, translate: Translate = str) -> str:
        """`Travaux › Début réel`."""
        return " › ".join(translate(part) for part in self.parts)


def targets(record_type: type[Record], languages: Sequence[str] = ("fr",)) -> tuple[Target, ...]:
    """Every target of a type, in the order of its declaration; the first language is the main one."""
    first = [Target(ID, (_("Numéro de la fiche"),), "")]
    if record_type.type_name in lifecycle.TABLES:
        first.append(Target(STATE, (_("État"),), ""))
        first.append(Target("edition", (_("Édition"),), ""))
    last = Target(VERSION, (_("Version (ne pas changer)"),), "")
    return (*first, *_fields(record_type, languages), last)


def _fields(record_type: type[Record], languages: Sequence[str]) -> Iterator[Target]:
    for name, field in record_type.fields.items():
        if name in LEFT_OUT or isinstance(field, Geometry):
            continue
        for path, parts in _paths(name, field, languages):
            if path not in LEFT_OUT:
                yield Target(path, parts, field.section, resolve(record_type, path))


def _paths(name: str, field: object, languages: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(field, Group):
        for inner, leaf in field.part.fields.items():
            yield f"{name}.{inner}", (field.label, leaf.label)
    elif isinstance(field, Rows):
        key = field.part.fields.get(field.key)
        for code, words in key.options.items() if isinstance(key, Choice) else ():
            for inner, leaf in field.part.fields.items():
                if inner != field.key:
                    yield f"{name}.{code}.{inner}", (words, leaf.label)
    elif isinstance(field, PlaceField):
        yield name, (field.label, _("Portée"))
        for key_name, words in zip(PlaceField.KEYS, _PLACE_WORDS, strict=True):
            yield f"{name}.{key_name}", (field.label, words)
    elif isinstance(field, Text) and field.translatable:
        yield name, (field.label,)
        for language in languages[1:]:
            yield f"{name}.{language}", (field.label, language)
    else:
        yield name, (getattr(field, "label", name),)


_PLACE_WORDS = (_("Nom du lieu"), _("Adresse du lieu"), _("Longitude"), _("Latitude"))


# ---------------------------------------------------------------------------------------------------- words


def vocabulary(
    record_type: type[Record], target: Target, titles: Titles, tongues: Collection[Translate] = (str,)
) -> dict[str, str] | None:
    """Words of cells -> value, for a target that takes only certain ones; None where anything may stand."""
    found: dict[str, str] = {}
    leaf = target.path.leaf if target.path is not None else None
    if target.name == STATE:
        states = lifecycle.TABLES[record_type.type_name]
        found = _coded({code: state.words for code, state in states.items()}, tongues)
    elif target.name == "edition" or (isinstance(leaf, Ref) and leaf.to in NAMED):
        named = titles.get(leaf.to if isinstance(leaf, Ref) else "edition", {})
        found = _coded(named, (str,))
    elif isinstance(leaf, Choice):
        found = _coded(leaf.options, tongues)
    elif isinstance(leaf, Flag):
        words = {word_key(tongue(one)): one == _YES for tongue in tongues for one in (_YES, _NO)}
        found = {word: "true" if value else "false" for word, value in (words | _OTHER_WORDS).items()}
    elif isinstance(leaf, PlaceField):
        found = _coded({PlaceField.WHOLE: _WHOLE}, tongues)
    else:
        return None
    return found


def worded(record_type: type[Record], target: Target) -> list[tuple[str, str]]:
    """The values of a target that takes only certain ones, with their words, those that name records apart."""
    leaf = target.path.leaf if target.path is not None else None
    if target.name == STATE:
        return [(code, state.words) for code, state in lifecycle.TABLES[record_type.type_name].items()]
    if isinstance(leaf, Choice):
        return [*leaf.options.items()]
    if isinstance(leaf, Flag):
        return [("true", _YES), ("false", _NO)]
    return [(PlaceField.WHOLE, _WHOLE)] if isinstance(leaf, PlaceField) else []


_WHOLE = _("tout le territoire")


def _coded(options: Mapping[str, str], tongues: Collection[Translate]) -> dict[str, str]:
    """Words and codes -> code; words that two codes share name neither."""
    found: dict[str, str] = {}
    for tongue in tongues:
        keyed = [(word_key(tongue(words)), code) for code, words in options.items()]
        often = [words for words, _code in keyed]
        found |= {words: code for words, code in keyed if often.count(words) == 1}
    return found | {word_key(code): code for code in options}


# ---------------------------------------------------------------------------------------------------- cells


def cell(target: Target, record: Record, titles: Titles, translate: Translate, main: str = "fr") -> Cell:
    """What an export made to be edited holds for a record; read again, it changes nothing."""
    if target.name == ID:
        return record.id
    if target.name == VERSION:
        return record.blob
    if target.name == STATE:
        status = record.data.get("status")
        return _state(record.type_name, str(status[-1].get("state", "")), translate) if status else None
    if target.path is None:
        return _titled("edition", record.id.partition("-")[0], titles) if target.name == "edition" else None
    plain = _spoken(target.path, target.path.get(record.data), main)
    if plain is None or plain == "":
        return None
    words = _shown(target.path, plain, titles, translate)
    return TOO_LONG if isinstance(words, str) and len(words.encode("utf-16-le")) // 2 > LONGEST else words


def _spoken(path: FieldPath, plain: Plain, main: str) -> Plain:
    """The value in the language of the path; a text that names no language is in the main one."""
    if isinstance(path.leaf, PlaceField):
        return plain if isinstance(plain, str) else None
    if not isinstance(path.leaf, Text) or not path.leaf.translatable:
        return plain
    translated = isinstance(path.top, Text) and len(path.steps) == 2
    return plain.get(path.steps[1] if translated else main) if isinstance(plain, Mapping) else plain


def _shown(path: FieldPath, plain: Plain, titles: Titles, translate: Translate) -> Cell:
    leaf = path.leaf
    if isinstance(path.top, PlaceField):
        if plain == PlaceField.WHOLE:
            return translate(_WHOLE)
        return Decimal(str(plain)) if path.steps[-1] in ("longitude", "latitude") else str(plain)
    if isinstance(leaf, Money):
        return Decimal(plain)
    if isinstance(leaf, Integer):
        return int(plain)
    if isinstance(leaf, Date | When):
        return _moment(str(plain))
    if isinstance(leaf, Instant):
        return leaf.edit(plain)
    if isinstance(leaf, Flag):
        return translate(_YES if plain else _NO)
    if isinstance(leaf, Choice):
        return _worded(leaf.options, str(plain), translate)
    if isinstance(leaf, Ref) and leaf.to in NAMED:
        return _titled(leaf.to, str(plain), titles)
    return leaf.edit(plain) if isinstance(plain, list) else str(plain)


def _moment(iso: str) -> Cell:
    """A day, or a moment with its minutes, as such; what is less precise, or more, as its text."""
    try:
        whole = dt.datetime.fromisoformat(iso) if len(iso) == 16 else dt.date.fromisoformat(iso)
    except ValueError:
        return iso
    day = whole.date() if isinstance(whole, dt.datetime) else whole
    midnight = isinstance(whole, dt.datetime) and whole.time() == dt.time(0)
    return iso if midnight or day < _EPOCH else whole


def _state(type_name: str, code: str, translate: Translate) -> str:
    states = lifecycle.TABLES.get(type_name, {})
    return _worded({name: state.words for name, state in states.items()}, code, translate)


def _worded(options: Mapping[str, str], code: str, translate: Translate) -> str:
    """The words of a code, or the code itself where its words name another one too."""
    words = translate(options.get(code, code))
    alike = [name for name, other in options.items() if word_key(translate(other)) == word_key(words)]
    return words if alike == [code] and (word_key(words) == code or words not in options) else code


def _titled(to: str, id: str, titles: Titles) -> str:
    return _worded(titles.get(to, {}), id, str)
