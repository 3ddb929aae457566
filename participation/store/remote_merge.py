"""Two sides of one history become one again: file by file, record by record, field by field.

What one side alone changed is taken from it. What both changed differently keeps the remote's value, which others have
seen already, and is told as a `Clash` with all three versions, so that a person can choose; both versions stay in the
history. Nothing is committed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from participation.layout import locate
from participation.records import TYPES, Record
from participation.records.fields import Plain
from participation.store.errors import InvalidRecord
from participation.store.git import GitRepo
from participation.store.merge import three_way
from participation.store.objects import NewObject, Node
from participation.store.slots import Slot
from participation.yamltext.reader import Reading, read_file


class Kind(StrEnum):
    """What both sides did to the same thing."""

    FIELDS = "fields"  # changed some fields differently; the remote's values stand
    REMOVED_HERE = "removed_here"  # removed here, changed there; what was changed stands
    REMOVED_THERE = "removed_there"  # changed here, removed there; what was changed stands
    CREATED = "created"  # made a record of the same number each; the remote's stands
    FILE = "file"  # changed a file that is no readable record; the remote's stands unless it is the unreadable one


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that a person is asked about. Blobs of its file: before, here, there; None where it was not."""

    kind: Kind
    path: str
    record_id: str
    type_name: str
    base: str | None
    ours: str | None
    theirs: str | None
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class United:
    """The tree that unites both sides, what it needs written, what to ask about, and which records were merged."""

    tree: str
    new: list[NewObject]
    clashes: list[Clash] = field(default_factory=list)
    records: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Sides:
    """One file in three versions, as bytes and as records."""

    path: str
    blobs: tuple[str | None, str | None, str | None]  # base, ours, theirs
    bodies: tuple[bytes | None, bytes | None, bytes | None]

    def readings(self) -> list[Reading | None]:
        return [
            None if body is None else read_file(body, self.path, blob or "")
            for body, blob in zip(self.bodies, self.blobs, strict=True)
        ]


def unite(repo: GitRepo, base: str, ours: str, theirs: str, *, prefer_ours: bool = False) -> United:
    """Unite the trees `ours` and `theirs` that both come from the tree `base`; with `prefer_ours` our values stand."""
    files: dict[str, bytes | str | Node | None] = {}
    done = United(theirs, [])
    for change in repo.diff(base, ours):
        path = change.path
        mine, other, was = (repo.lookup(tree, path) for tree in (ours, theirs, base))
        if other == mine:
            continue
        if other == was and not _taken(repo, theirs, path):
            files[path] = mine
        elif mine is not None and mine.is_folder:
            continue  # a folder stands where a file was: its files come one by one
        else:
            merged = _both(repo, path, (was, mine, other), done)
            chosen = mine if prefer_ours and done.clashes and done.clashes[-1].path == path else merged
            if chosen is not other:
                files[path] = chosen
    done.tree, done.new = repo.build(theirs, files)
    return done


def _taken(repo: GitRepo, tree: str, path: str) -> bool:
    """True when a file stands where this path needs a folder."""
    parts = path.split("/")
    above = (repo.lookup(tree, "/".join(parts[:count])) for count in range(1, len(parts)))
    return any(node is not None and not node.is_folder for node in above)


def _both(
    repo: GitRepo, path: str, nodes: tuple[Node | None, Node | None, Node | None], done: United
) -> bytes | Node | None:
    """What both sides changed: the merged file, or the node that stands."""
    _was, mine, other = nodes
    blobs = tuple(None if node is None or not _plain(node) else node.hash for node in nodes)
    sides = _Sides(path, (blobs[0], blobs[1], blobs[2]), _bodies(repo, blobs))
    place = locate(path)
    odd = any(node is not None and not _plain(node) for node in nodes) or _taken(repo, done.tree, path)
    if place is None or odd:
        done.clashes.append(Clash(Kind.FILE, path, "", "", *sides.blobs))
        return other if other is not None else mine
    record_type = TYPES[place.type_name]
    readings = sides.readings()
    if any(one is not None and (one.faulty and not one.records) for one in readings[1:]) or (
        record_type.collective and any(one is not None and one.faulty for one in readings)
    ):
        done.clashes.append(Clash(Kind.FILE, path, place.id, place.type_name, *sides.blobs))
        theirs_unreadable = readings[2] is not None and (readings[2].faulty and readings[1] is not None)
        return mine if theirs_unreadable and not readings[1].faulty else other  # type: ignore[union-attr]  # told above
    records = [{one.id: one for one in reading.records} if reading is not None else {} for reading in readings]
    content = sides.bodies[2]
    for record_id in dict.fromkeys([*records[2], *records[1], *records[0]]):
        versions = [side.get(record_id) for side in records]
        content = _record(Slot(record_type, record_id, path), versions, content, sides, done)
    if content == sides.bodies[2]:
        return other
    return content


def _plain(node: Node) -> bool:
    return node.mode in (0o100644, 0o100755)


def _bodies(repo: GitRepo, blobs: Iterable[str | None]) -> tuple[bytes | None, bytes | None, bytes | None]:
    base, ours, theirs = (None if blob is None else repo.blob(blob) for blob in blobs)
    return base, ours, theirs


def _record(
    slot: Slot, versions: Sequence[Record | None], content: bytes | None, sides: _Sides, done: United
) -> bytes | None:
    """One record merged into the file's bytes, which hold the remote's version so far."""
    was, mine, other = versions
    if _data(mine) == _data(other) or _data(mine) == _data(was):
        return content

    def clash(kind: Kind, *fields: str) -> None:
        done.clashes.append(Clash(kind, slot.path, slot.id, slot.record_type.type_name, *sides.blobs, fields))

    done.records.append(slot.id)
    if _data(other) == _data(was):
        return _written(slot, _data(mine), content, sides)
    if mine is None:
        clash(Kind.REMOVED_HERE)
        return content
    if other is None:
        clash(Kind.REMOVED_THERE)
        return sides.bodies[1] if not slot.record_type.collective else _written(slot, mine.data, content, sides)
    if was is None:
        clash(Kind.CREATED)
        return content
    merged = three_way(slot.record_type.fields, was.data, mine.data, other.data)
    if merged.conflicts:
        clash(Kind.FIELDS, *(one.field for one in merged.conflicts))
    settled = slot.record_type.settled(other.data, merged.data)
    return content if settled == other.data else _written(slot, settled, content, sides)


def _data(record: Record | None) -> Mapping[str, Plain] | None:
    return None if record is None else record.data


def _written(slot: Slot, data: Mapping[str, Plain] | None, content: bytes | None, sides: _Sides) -> bytes | None:
    try:
        return slot.written(data, content if content is not None else sides.bodies[1])
    except InvalidRecord:  # the file cannot be written by us: it stays as the remote has it, and is told
        return content
