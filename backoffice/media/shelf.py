"""The files of one commit as pages list them: kind, words, where each is used, which are twins. No request here.

Made again only for what changed (`Shelf.of`): thousands of files are searched and filtered in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from backoffice.records.lines import fold, key_of
from participation.library import FACTS, MEDIA, facts_path, file_of, files_of, kind_of, read_facts, title_of
from participation.messages import mark as _
from participation.records import Record
from participation.records.fields import Plain
from participation.records.media import WITHHELD, MediaFile
from participation.store.snapshot import Snapshot

PER_PAGE = 48

FILTERS = {
    "photos": _("Photos et dessins"),
    "documents": _("Documents"),
    "unused": _("Inutilisés"),
    "wordless": _("Sans texte de remplacement"),
    "twins": _("En double"),
    "unagreed": _("Accord manquant"),
}


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a record shows a file or leads to it: its key in addresses, the dotted field, the words there."""

    file: str
    key: str
    title: str
    field: str
    alt: str
    worded: bool  # a place that needs words for those who do not see, and has them


@dataclass(frozen=True, slots=True)
class Item:
    """One file. `blob` names its bytes, `facts_blob` what is known of it ("" where nothing is)."""

    path: str
    blob: str
    facts_blob: str
    facts: Mapping[str, Plain]
    title: str
    text: str = field(repr=False)

    @property
    def kind(self) -> str:
        """`photo`, `document` or `file`."""
        return kind_of(self.path)

    @property
    def alt(self) -> str:
        """Its words for those who do not see it, in the first language that they are in."""
        words = self.facts.get("alt", "")
        return str(next(iter(words.values()), "")) if isinstance(words, Mapping) else str(words)


@dataclass(frozen=True)
class Shelf:
    """Every file of one commit, the latest first."""

    commit: str
    entries: Mapping[str, str] = field(repr=False)
    items: Mapping[str, Item] = field(repr=False)
    uses_by_record: Mapping[str, tuple[Use, ...]] = field(repr=False)  # by the path of the record

    @classmethod
    def of(cls, snapshot: Snapshot, before: Shelf | None = None) -> Shelf:
        """The shelf of a snapshot; with the one before, only files that differ are looked at."""
        was: Mapping[str, str] = before.entries if before is not None else {}
        items = dict(before.items) if before is not None else {}
        uses = dict(before.uses_by_record) if before is not None else {}
        touched: dict[str, None] = {}
        changed = [path for path, blob in snapshot.entries.items() if was.get(path) != blob]
        for path in (*changed, *(path for path in was if path not in snapshot.entries)):
            if path.startswith((MEDIA, FACTS)):
                touched[path.removeprefix(MEDIA) if path.startswith(MEDIA) else file_of(path)] = None
            uses.pop(path, None)
        if before is None:
            list(snapshot)  # in one go: file by file, the cache would be asked thousands of times
        for record_path in changed:
            if record_path in snapshot.places:
                found = tuple(use for record in snapshot.reading(record_path).records for use in _uses(record))
                if found:
                    uses[record_path] = found
        for path, item in _items(snapshot, touched):
            if item is None:
                items.pop(path, None)
            else:
                items[path] = item
        if touched:
            latest = sorted(items.values(), key=lambda item: item.path)
            latest.sort(key=lambda item: str(item.facts.get("added", "")), reverse=True)
            items = {item.path: item for item in latest}
        return cls(snapshot.commit, snapshot.entries, items, uses)

    @cached_property
    def uses(self) -> Mapping[str, list[Use]]:
        """Where each file is used."""
        found: dict[str, list[Use]] = {}
        for uses in self.uses_by_record.values():
            for use in uses:
                found.setdefault(use.file, []).append(use)
        return found

    @cached_property
    def _twins(self) -> Counter[str]:
        named = (
            name for item in self.items.values() for name in {item.blob, str(item.facts.get("source", ""))} if name
        )
        return Counter(named)

    def twins(self, item: Item) -> list[Item]:
        """The other files with the same bytes, or made from the same ones."""
        if not self.is_twin(item):
            return []
        mine = _names(item)
        return [other for other in self.items.values() if other.path != item.path and mine & _names(other)]

    def is_twin(self, item: Item) -> bool:
        """True when there is another one like it."""
        return any(self._twins[name] > 1 for name in _names(item))

    def like(self, source: str) -> Item | None:
        """The file that was made from these bytes (SHA-256), whatever made it since."""
        return self._by_source.get(source)

    @cached_property
    def _by_source(self) -> Mapping[str, Item]:
        return {str(item.facts["source"]): item for item in self.items.values() if "source" in item.facts}

    def wordless(self, item: Item) -> bool:
        """True for a picture without words for those who do not see it: where it is shown, or else where it lies."""
        if item.kind != "photo":
            return False
        shown = [use for use in self.uses.get(item.path, ()) if use.field.endswith(".file")]
        return not all(use.worded for use in shown) if shown else not item.alt

    def matching(self, text: str, wanted: str, open_to: Callable[[str], bool]) -> list[Item]:
        """The files that a search and a filter ask for; `open_to` tells of a record's key whether it may be read."""
        words = fold(text).split()
        kept = _FILTERS.get(wanted, _every)
        return [
            item
            for item in self.items.values()
            if all(word in item.text for word in words) and kept(self, item) and self.visible(item.path, open_to)
        ]

    def visible(self, path: str, open_to: Callable[[str], bool]) -> bool:
        """True when nobody uses the file, or a record does that may be read."""
        uses = self.uses.get(path)
        return not uses or any(open_to(use.key) for use in uses)


def _every(_shelf: Shelf, _item: Item) -> bool:
    return True


_FILTERS: dict[str, Callable[[Shelf, Item], bool]] = {
    "photos": lambda _shelf, item: item.kind == "photo",
    "documents": lambda _shelf, item: item.kind != "photo",
    "unused": lambda shelf, item: item.path not in shelf.uses,
    "wordless": lambda shelf, item: shelf.wordless(item),
    "twins": lambda shelf, item: shelf.is_twin(item),
    "unagreed": lambda _shelf, item: item.facts.get("people") == WITHHELD,
}


def _names(item: Item) -> set[str]:
    return {item.blob, str(item.facts.get("source", ""))} - {""}


def _items(snapshot: Snapshot, paths: Iterable[str]) -> Iterable[tuple[str, Item | None]]:
    """These files as they are now, None for one that is gone."""
    there = [path for path in paths if f"{MEDIA}{path}" in snapshot.entries]
    described = [facts_path(path) for path in there if facts_path(path) in snapshot.entries]
    contents = dict(snapshot.contents(described))
    for path in paths:
        blob = snapshot.entries.get(f"{MEDIA}{path}")
        if blob is None:
            yield path, None
            continue
        beside = facts_path(path)
        facts = read_facts(path, contents.get(beside))
        yield path, _item(path, blob, snapshot.entries.get(beside, ""), facts)


def _item(path: str, blob: str, facts_blob: str, facts: MediaFile) -> Item:
    title = title_of(facts)
    said = [title, path, str(facts.data.get("alt", "")), str(facts.data.get("credit", ""))]
    return Item(path, blob, facts_blob, facts.data, title, fold(" ".join(said)))


def _uses(record: Record) -> Iterable[Use]:
    for name, file in files_of(record):
        holder = _holder(record.data, name)
        alt = holder.get("alt", "") if isinstance(holder, Mapping) else ""
        words = str(next(iter(alt.values()), "")) if isinstance(alt, Mapping) else str(alt)
        rows = name.startswith("photos.")
        yield Use(file, key_of(record), record.display_title, name, words, worded=not rows or bool(words))


def _holder(data: Mapping[str, Plain], name: str) -> Plain:
    """The row or group that holds the field at a dotted path."""
    here: Plain = data
    for step in name.split(".")[:-1]:
        if isinstance(here, list) and step.isdecimal() and 0 < int(step) <= len(here):
            here = here[int(step) - 1]
        elif isinstance(here, Mapping):
            here = here.get(step)
    return here
