"""What changed in a record, in sentences such as "Le budget voté passe de 45 000 € à 52 000 €".

Pure functions on plain data and the declarations of its fields; source sentences are French, translated on the way out.
Nothing here reads files or history.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from participation import lifecycle, wording
from participation.messages import mark as _
from participation.records import Record
from participation.records.containers import Group, Rows, Texts
from participation.records.fields import Field, Plain, Translate
from participation.records.parts import Photo, Status
from participation.records.project import Step
from participation.records.texts import Choice, Flag, Ref, Text

LONGEST_QUOTE = 90  # characters: a longer text is told by its number of words
NameOf = Callable[[str, str], str]  # (type, identifier) -> the title of what is named


@dataclass(frozen=True, slots=True)
class Voice:
    """Who the sentences are for: language, translation, and how to name what a reference points at."""

    lang: str = "fr"
    translate: Translate = str
    name_of: NameOf = lambda _type, identifier: identifier

    def say(self, sentence: str, **values: str) -> str:
        """A source sentence translated and filled in."""
        return self.translate(sentence) % values

    def show(self, field: Field[Any], plain: Plain) -> str:
        """A value in words: figures bare, texts and choices in quotation marks."""
        if isinstance(field, Ref):
            return self.quote(self.name_of(field.to, str(plain)))
        words = field.show(plain, self.lang, self.translate)
        return self.quote(words) if isinstance(field, Text | Choice) or not field.scalar else words

    def quote(self, words: str) -> str:
        """`« words »`, shortened."""
        short = words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1].rstrip() + "…"
        short = re.sub(r"[ \t\n]+", " ", short)
        return f"“{short}”" if self.lang == "en" else f"«\u00a0{short}\u00a0»"


FRENCH = Voice()


def sentences(
    record_type: type[Record], before: Mapping[str, Plain], after: Mapping[str, Plain], voice: Voice = FRENCH
) -> list[str]:
    """One sentence for each change between two versions of a record's plain data, in the order of the fields."""
    found: list[str] = []
    for name, field in record_type.fields.items():
        old, new = before.get(name), after.get(name)
        if old != new:
            found += _field(record_type.type_name, field, old, new, voice)
    return found


def created(record: Record, voice: Voice = FRENCH) -> str:
    """The sentence for a new record."""
    return _about(_("Fiche créée\u00a0: %(what)s."), record, voice)


def trashed(record: Record, voice: Voice = FRENCH) -> str:
    """The sentence for a record put into the trash."""
    return _about(_("Fiche mise à la corbeille\u00a0: %(what)s."), record, voice)


def undeleted(record: Record, voice: Voice = FRENCH) -> str:
    """The sentence for a record taken out of the trash."""
    return _about(_("Fiche sortie de la corbeille\u00a0: %(what)s."), record, voice)


def restyled(record: Record, voice: Voice = FRENCH) -> str:
    """The sentence for a file whose style, not meaning, changed."""
    return _about(_("Mise en forme du fichier, sans changement de contenu\u00a0: %(what)s."), record, voice)


def summary(found: Sequence[str], voice: Voice = FRENCH) -> str:
    """Several sentences as one line, for a list or the subject of a change."""
    if len(found) <= 1:
        return "".join(found)
    if len(found) == 2:
        return " ".join(found)
    more = voice.say(_("Et %(count)s autres changements."), count=wording.number(len(found) - 1, voice.lang))
    return f"{found[0]} {more}"


def _about(sentence: str, record: Record, voice: Voice) -> str:
    kind = voice.translate(record.title_words).lower()
    return voice.say(sentence, what=f"{kind} {voice.quote(record.display_title)}")


# ---------------------------------------------------------------------------------------------------- one field


def _field(type_name: str, field: Field[Any], old: Plain, new: Plain, voice: Voice, inside: str = "") -> Iterator[str]:
    """Sentences for one changed value; `inside` names the group or row that it is in."""
    if isinstance(field, Rows):
        yield from _rows(type_name, field, old or [], new or [], voice)
    elif isinstance(field, Group):
        label = voice.quote(voice.translate(field.label))
        for name, inner in field.part.fields.items():
            was, now = (old or {}).get(name), (new or {}).get(name)
            if was != now:
                yield from _field(type_name, inner, was, now, voice, label)
    elif isinstance(field, Texts):
        yield from _texts(field, old or [], new or [], voice)
    elif isinstance(field, Text) and _long(field, old, new):
        yield _text(field, _as_text(field, old, voice), _as_text(field, new, voice), voice, inside)
    elif not field.scalar and field.kind == "geometry":
        yield voice.say(_("%(label)s\u00a0: contour modifié."), label=_label(field, voice, inside))
    elif old is None:
        yield voice.say(
            _("%(label)s\u00a0: %(value)s."), label=_label(field, voice, inside), value=voice.show(field, new)
        )
    elif new is None:
        yield voice.say(
            _("%(label)s\u00a0: effacé, la valeur était %(value)s."),
            label=_label(field, voice, inside),
            value=voice.show(field, old),
        )
    else:
        yield voice.say(
            _("%(subject)s passe de %(before)s à %(after)s."),
            subject=_subject(field, voice, inside),
            before=voice.show(field, old),
            after=voice.show(field, new),
        )


def _label(field: Field[Any], voice: Voice, inside: str) -> str:
    label = voice.translate(field.label)
    return f"{inside}, {label[:1].lower()}{label[1:]}" if inside else voice.quote(label)


def _subject(field: Field[Any], voice: Voice, inside: str) -> str:
    """`Le budget voté` where the declaration says how, else the quoted label."""
    if inside or field.subject == field.label:
        return _label(field, voice, inside)
    return voice.translate(field.subject)


def _as_text(field: Field[Any], plain: Plain, voice: Voice) -> str:
    return "" if plain is None else field.show(plain, voice.lang, voice.translate)


def _long(field: Text, *versions: Plain) -> bool:
    texts = [
        text for plain in versions if plain for text in (plain.values() if isinstance(plain, Mapping) else [plain])
    ]
    return field.multiline or any(len(text) > LONGEST_QUOTE for text in texts)


def _text(field: Field[Any], old: str, new: str, voice: Voice, inside: str) -> str:
    before, after = re.findall(r"\w+", old), re.findall(r"\w+", new)
    label = _label(field, voice, inside)

    def words(count: int) -> str:
        return wording.number(count, voice.lang)

    if not before:
        return voice.say(
            _("%(label)s\u00a0: texte ajouté (mots\u00a0: %(count)s)."), label=label, count=words(len(after))
        )
    if not after:
        return voice.say(
            _("%(label)s\u00a0: texte effacé (mots\u00a0: %(count)s)."), label=label, count=words(len(before))
        )
    added, removed = _word_counts(before, after)
    if not added and not removed:
        return voice.say(_("%(label)s\u00a0: mise en forme du texte modifiée."), label=label)
    return voice.say(
        _("%(label)s\u00a0: texte modifié (mots ajoutés\u00a0: %(added)s, retirés\u00a0: %(removed)s)."),
        label=label,
        added=words(added),
        removed=words(removed),
    )


def _word_counts(before: list[str], after: list[str]) -> tuple[int, int]:
    """How many words were added and removed, in order; beyond some thousands of words, by their numbers alone."""
    if len(before) * len(after) > 4_000_000:
        return max(len(after) - len(before), 0), max(len(before) - len(after), 0)
    codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = [code for code in codes if code[0] != "equal"]
    return sum(d - c for _tag, _a, _b, c, d in changed), sum(b - a for _tag, a, b, _c, _d in changed)


def _texts(field: Texts, old: list[Plain], new: list[Plain], voice: Voice) -> Iterator[str]:
    label = _label(field, voice, "")
    target = getattr(field, "to", "")

    def named(entries: list[Plain]) -> str:
        shown = [voice.name_of(target, str(entry)) if target else str(entry) for entry in entries]
        return wording.listing([voice.quote(words) for words in shown], voice.lang)

    added = [entry for entry in new if entry not in old]
    removed = [entry for entry in old if entry not in new]
    if added:
        yield voice.say(_("%(label)s\u00a0: ajout de %(what)s."), label=label, what=named(added))
    if removed:
        yield voice.say(_("%(label)s\u00a0: retrait de %(what)s."), label=label, what=named(removed))
    if not added and not removed:
        yield voice.say(_("%(label)s\u00a0: ordre modifié."), label=label)


# ---------------------------------------------------------------------------------------------------- rows


def _rows(
    type_name: str, field: Rows[Any], old: list[dict[str, Plain]], new: list[dict[str, Plain]], voice: Voice
) -> Iterator[str]:
    if issubclass(field.part, Status):
        state = _state(type_name, old, new, voice)
        if state is not None:
            yield state
            new = new[:-1] if len(new) > len(old) else new
    pairs = _pairs(field.key, old, new)
    told = False
    for was, now in pairs:
        if was == now:
            continue
        told = True
        row = _row_name(type_name, field, now if now is not None else was or {}, voice)
        if was is None:
            yield _added(field, row, voice)
        elif now is None:
            yield _removed(field, row, voice)
        elif issubclass(field.part, Step):
            yield from _step(was, now, row, voice)
        else:
            yield from _row(type_name, field, was, now, f"{voice.translate(field.row)} {row}", voice)
    if not told and old != new and not issubclass(field.part, Status):
        yield voice.say(_("%(label)s\u00a0: ordre modifié."), label=_label(field, voice, ""))


def _row(
    type_name: str, field: Rows[Any], was: Mapping[str, Plain], now: Mapping[str, Plain], inside: str, voice: Voice
) -> Iterator[str]:
    for name, inner in field.part.fields.items():
        old, new = was.get(name), now.get(name)
        if old != new:
            if issubclass(field.part, Status) and name == "state":
                old, new = (_state_words(type_name, str(code), voice) for code in (old, new))
            yield from _field(type_name, inner, old, new, voice, inside)


def _pairs(
    key: str, old: list[dict[str, Plain]], new: list[dict[str, Plain]]
) -> list[tuple[dict[str, Plain] | None, dict[str, Plain] | None]]:
    """Rows of both versions side by side: the same ones, then those of the same key, then by place."""
    left, right = list(enumerate(old)), list(enumerate(new))
    pairs: list[tuple[int, dict[str, Plain] | None, dict[str, Plain] | None]] = []

    def match(same: Callable[[tuple[int, dict[str, Plain]], tuple[int, dict[str, Plain]]], bool]) -> None:
        for place, row in list(right):
            found = next((entry for entry in left if same(entry, (place, row))), None)
            if found is not None:
                left.remove(found)
                right.remove((place, row))
                pairs.append((place, found[1], row))

    match(lambda was, now: was[1] == now[1])
    if key:
        match(lambda was, now: bool(now[1].get(key)) and was[1].get(key) == now[1].get(key))
    else:
        match(lambda was, now: was[0] == now[0])
    pairs += [(place, None, row) for place, row in right] + [(place, row, None) for place, row in left]
    return [(was, now) for _place, was, now in sorted(pairs, key=lambda pair: pair[0])]


def _row_name(type_name: str, field: Rows[Any], row: Mapping[str, Plain], voice: Voice) -> str:
    """How a row is called: its title, else what its key says, else its first value."""
    if issubclass(field.part, Status):
        return voice.quote(_state_words(type_name, str(row.get("state", "")), voice))
    for name in ("title", "alt", "label", field.key, *field.part.fields):
        inner = field.part.fields.get(name)
        if inner is not None and not isinstance(inner, Flag) and row.get(name) is not None:
            return voice.quote(inner.show(row[name], voice.lang, voice.translate))
    return ""


def _added(field: Rows[Any], row: str, voice: Voice) -> str:
    if issubclass(field.part, Photo):
        return voice.say(_("Photo ajoutée\u00a0: %(row)s."), row=row)
    if issubclass(field.part, Step):
        return voice.say(_("Étape %(row)s ajoutée."), row=row)
    return voice.say(_("%(label)s\u00a0: ajout de %(what)s."), label=_label(field, voice, ""), what=row)


def _removed(field: Rows[Any], row: str, voice: Voice) -> str:
    if issubclass(field.part, Photo):
        return voice.say(_("Photo retirée\u00a0: %(row)s."), row=row)
    if issubclass(field.part, Step):
        return voice.say(_("Étape %(row)s retirée."), row=row)
    return voice.say(_("%(label)s\u00a0: retrait de %(what)s."), label=_label(field, voice, ""), what=row)


def _step(was: Mapping[str, Plain], now: Mapping[str, Plain], row: str, voice: Voice) -> Iterator[str]:
    """A step that begins, ends or moves."""
    for name, field in Step.fields.items():
        old, new = was.get(name), now.get(name)
        if old == new:
            continue
        if name == "actual_start" and old is None:
            yield voice.say(_("Étape %(row)s commencée (%(date)s)."), row=row, date=voice.show(field, new))
        elif name == "actual_end" and old is None:
            yield voice.say(_("Étape %(row)s terminée (%(date)s)."), row=row, date=voice.show(field, new))
        elif name in ("planned_end", "expected_end") and now.get("kind") == "delivery" and old and new:
            yield voice.say(
                _("La livraison passe de %(before)s à %(after)s."),
                before=voice.show(field, old),
                after=voice.show(field, new),
            )
        else:
            yield from _field("project", field, old, new, voice, f"{voice.translate(_('Étape'))} {row}")


def _state(type_name: str, old: list[dict[str, Plain]], new: list[dict[str, Plain]], voice: Voice) -> str | None:
    """The sentence for a new state at the end of the history, or None when something else changed in it."""
    if len(new) != len(old) + 1 or new[:-1] != old:
        return None
    row = new[-1]
    after = voice.quote(_state_words(type_name, str(row.get("state", "")), voice))
    if old:
        before = voice.quote(_state_words(type_name, str(old[-1].get("state", "")), voice))
        sentence = voice.say(_("L’état passe de %(before)s à %(after)s."), before=before, after=after)
    else:
        sentence = voice.say(_("L’état est maintenant %(after)s."), after=after)
    if row.get("visible_from"):
        until = voice.show(Status.fields["visible_from"], row["visible_from"])
        sentence += " " + voice.say(_("À ne pas publier avant le %(date)s."), date=until)
    return sentence


def _state_words(type_name: str, code: str, voice: Voice) -> str:
    state = lifecycle.TABLES.get(type_name, {}).get(code)
    return voice.translate(state.words) if state is not None else code
