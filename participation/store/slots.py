"""Where a record stands in the tree: alone in a file, or as one of several in `zones.geojson` and `services.yml`.

Reads and writes the bytes of that file; commits are made in `writing.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from participation.layout import locate, path_for
from participation.messages import mark as _
from participation.problems import Problem
from participation.records import TYPES, Record
from participation.records.fields import Plain
from participation.store.errors import InvalidRecord, RevisionUnknown
from participation.store.git import GitRepo
from participation.yamltext.reader import read_file


@dataclass(frozen=True, slots=True)
class Slot:
    """A record's place: its type, identifier and path."""

    record_type: type[Record]
    id: str
    path: str

    @classmethod
    def of(cls, record_type: type[Record], record_id: str) -> Slot:
        """The place of a record; InvalidRecord when the identifier cannot name one."""
        try:
            slot = cls(record_type, record_id, path_for(record_type.type_name, record_id))
        except ValueError:
            slot = None
        place = locate(slot.path) if slot is not None else None
        if slot is None or place is None or place.id not in ("", record_id):
            problem = Problem(_("«\u00a0%s\u00a0» n’est pas un identifiant valable.") % record_id[:60], field="id")
            raise InvalidRecord(record_id[:60], [problem])
        return slot

    def read(self, content: bytes | None, blob: str = "") -> Record | None:
        """The record in the file's bytes; None when it is not there. InvalidRecord when the file cannot be read."""
        if content is None:
            return None
        reading = read_file(content, self.path, blob)
        found = next((record for record in reading.records if record.id == self.id), None)
        if found is None and not self.record_type.collective:
            raise InvalidRecord(self.id, reading.problems)
        return found

    def written(self, data: Mapping[str, Plain] | None, original: bytes | None) -> bytes | None:
        """The file's bytes with the record's data, or without the record; None when no file is left."""
        from participation.yamltext.writer import write, write_list, write_zones  # noqa: PLC0415  # needed by writers only

        if not self.record_type.collective:
            return None if data is None else write(self.record_type, data, original)
        reading = read_file(original or b"", self.path)
        if original and reading.faulty:  # what could not be read would be lost with the next neighbour saved
            raise InvalidRecord(self.path, reading.problems)
        rows = [dict(record.data) for record in reading.records] if original else []
        at = next((index for index, row in enumerate(rows) if row.get("id") == self.id), len(rows))
        rows[at : at + 1] = [] if data is None else [{**data, "id": self.id}]
        return (
            write_zones(rows, original)
            if self.path.endswith(".geojson")
            else write_list(self.record_type, rows, original)
        )


def file_at(repo: GitRepo, tree: str, path: str) -> tuple[str | None, bytes | None]:
    """The blob and bytes of a file, or two None."""
    node = repo.lookup(tree, path)
    if node is None or node.is_folder:
        return None, None
    return node.hash, repo.blob(node.hash)


def version_at(repo: GitRepo, slot: Slot, commit: str) -> tuple[str, Record]:
    """The file's blob and the record as they were at a commit; RevisionUnknown when it was not there."""
    blob, content = file_at(repo, repo.commit(commit).tree, slot.path)
    record = slot.read(content, blob or "")
    if blob is None or record is None:
        raise RevisionUnknown(commit)
    return blob, record


def find(repo: GitRepo, tree: str, record_id: str) -> Slot | None:
    """The place of the record of that identifier, whatever its type; None when there is none."""
    for record_type in TYPES.values():
        try:
            slot = Slot.of(record_type, record_id)
        except InvalidRecord:
            continue
        blob, content = file_at(repo, tree, slot.path)
        if blob is None or (record_type.collective and slot.read(content) is None):
            continue
        return slot
    return None
