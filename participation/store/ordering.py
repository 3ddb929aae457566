"""The order of the records of one file: zones stand on the site as they stand in `zones.geojson`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from participation.records import Record
from participation.store.content import Repository
from participation.store.errors import InvalidRecord
from participation.store.slots import Slot, file_at
from participation.store.writing import Ground, Step, Trailers, commit, message
from participation.yamltext.reader import read_file
from participation.yamltext.writer import write_list, write_zones


def reorder(
    store: Repository, record_type: type[Record], ids: Sequence[str], *, author: str, when: dt.datetime, subject: str
) -> str:
    """Put the records of a collective type into this order; those not named follow as they stood. The newest commit.

    Works on what the file holds now: a record that a colleague has just added or changed is kept as it is. Raises
    InvalidRecord for a file that cannot be read.
    """
    path = Slot.of(record_type, ids[0]).path

    def prepare(ground: Ground) -> Sequence[Step]:
        blob, content = file_at(ground.repo, ground.tree, path)
        reading = read_file(content or b"", path, blob or "")
        if content is None or reading.faulty:  # what could not be read would be lost
            raise InvalidRecord(path, reading.problems)
        wanted = {name: place for place, name in enumerate(ids)}
        rows = [dict(record.data) for record in reading.records]
        ordered = sorted(rows, key=lambda row: wanted.get(str(row["id"]), len(wanted)))
        if ordered == rows:
            return []
        geojson = path.endswith(".geojson")
        written = write_zones(ordered, content) if geojson else write_list(record_type, ordered, content)
        return [Step({path: written}, message(subject, [], Trailers("order", list(ids))))]

    return commit(store, author, when, prepare)
