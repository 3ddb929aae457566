"""The content at one moment: immutable, records read when asked for and never twice.

Knows how files become records, not where the files come from (`content.py`) nor how they change (`saving.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, cast

from participation.layout import Location, locate, stray
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import Instance, Record
from participation.store.cache import ReadingCache, decode, encode, key_of
from participation.yamltext.reader import Reading, read_file

R = TypeVar("R", bound=Record)
Fetch = Callable[[Sequence[tuple[str, str]]], Iterator[tuple[str, bytes]]]  # (path, blob) pairs -> (path, bytes)


class Snapshot:
    """All files (`entries`: path -> blob) and records at one commit; `commit` is empty for a plain folder.

    `when` is the commit's own time, None for a folder.
    """

    def __init__(
        self,
        commit: str,
        entries: dict[str, str],
        fetch: Fetch,
        cache: ReadingCache,
        *,
        tree: str = "",
        when: dt.datetime | None = None,
        refused: Iterable[Problem] = (),
        places: dict[str, Location] | None = None,
        readings: dict[str, Reading] | None = None,
    ) -> None:
        self.commit = commit
        self.tree = tree
        self.when = when
        self.entries = entries
        self._fetch = fetch
        self._cache = cache
        self.refused = tuple(refused)  # files that are no regular files, or too large to be read
        self.places = places if places is not None else _places(entries)
        self._readings: dict[str, Reading] = {} if readings is None else readings
        self._paths: dict[str, str] | None = None
        self._by_type: dict[str, list[str]] | None = None
        self._all_read = False

    def moved(self, commit: str, tree: str, when: dt.datetime, changes: Mapping[str, str | None]) -> Snapshot:
        """The snapshot after `changes` (path -> new blob, None for gone); everything else is taken over."""
        entries, places, readings = dict(self.entries), dict(self.places), dict(self._readings)
        added = removed = False
        for path, blob in changes.items():
            readings.pop(path, None)
            if blob is None:
                removed = entries.pop(path, None) is not None or removed
                places.pop(path, None)
                continue
            added = added or path not in entries
            entries[path] = blob
            if (place := locate(path)) is not None:
                places[path] = place
        if added:  # new paths at their place in the order
            entries = dict(sorted(entries.items()))
            places = dict(sorted(places.items()))
        made = Snapshot(
            commit,
            entries,
            self._fetch,
            self._cache,
            tree=tree,
            when=when,
            places=places,
            readings=readings,
        )
        if not added and not removed:
            made._paths, made._by_type = self._paths, self._by_type
        return made

    def showing(self, readings: Mapping[str, Reading]) -> Snapshot:
        """The same moment with these readings (by path) in place of what the files give."""
        made = Snapshot(
            self.commit,
            self.entries,
            self._fetch,
            self._cache,
            tree=self.tree,
            when=self.when,
            refused=self.refused,
            places=self.places,
            readings={**self._readings, **readings},
        )
        made._paths, made._by_type = self._paths, self._by_type
        return made

    # ------------------------------------------------------------------------------------------------ asking

    @property
    def paths(self) -> Mapping[str, str]:
        """Identifier -> path of every record that has a file of its own; the first path wins where two claim one."""
        if self._paths is None:
            found: dict[str, str] = {}
            for path, place in self.places.items():
                if place.id:
                    found.setdefault(place.id, path)
            self._paths = found
        return self._paths

    def get(self, record_id: str) -> Record | None:
        """The record of that identifier, of any type; None when there is none or its file cannot be read."""
        path = self.paths.get(record_id)
        if path is not None:
            return next(iter(self.reading(path).records), None)
        for path, place in self.places.items():
            if not place.id:
                found = next((record for record in self.reading(path).records if record.id == record_id), None)
                if found is not None:
                    return found
        return None

    def of_type(self, record_type: type[R]) -> list[R]:
        """All readable records of a type, by path."""
        if self._by_type is None:
            by_type: dict[str, list[str]] = {}
            for path, place in self.places.items():
                by_type.setdefault(place.type_name, []).append(path)
            self._by_type = by_type
        wanted = self._by_type.get(record_type.type_name, [])
        self._read(wanted)
        return [cast("R", record) for path in wanted for record in self._readings[path].records]

    def __iter__(self) -> Iterator[Record]:
        """All readable records, by path."""
        self._read_all()
        return (record for path in self.places for record in self._readings[path].records)

    def reading(self, path: str) -> Reading:
        """What the file at `path` gave: records and problems; empty where no record lies."""
        if path not in self.places:
            return Reading([], [])
        self._read([path])
        return self._readings[path]

    def read(self, paths: Iterable[str]) -> None:
        """Read these files in one go: asked for one by one, each would cost a look into the cache and at git."""
        self._read([path for path in paths if path in self.places])

    def contents(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of these files, each with its path."""
        return self._fetch([(path, self.entries[path]) for path in paths])

    @property
    def instance(self) -> Instance:
        """The town or department; an empty one when `instance.yml` is missing or cannot be read."""
        records = self.reading("instance.yml").records
        return cast("Instance", records[0]) if records else Instance({}, id="instance", path="instance.yml")

    @property
    def problems(self) -> list[Problem]:
        """Every problem of every file, unreadable ones and files out of place included."""
        self._read_all()
        found = [*self.refused]
        for path in self.places:
            found += self._readings[path].problems
        found += [
            Problem(
                _("Ce fichier n’est pas à une place où une fiche est lue."),
                path,
                severity=Severity.WARNING,
                hint=_("Vérifiez son nom et son dossier."),
            )
            for path in self.entries
            if stray(path)
        ]
        found += [
            Problem(_("L’identifiant «\u00a0%s\u00a0» est déjà pris.") % place.id, path, hint=self.paths[place.id])
            for path, place in self.places.items()
            if place.id and self.paths[place.id] != path
        ]
        return found

    def faulty(self) -> frozenset[str]:
        """Identifiers of the records that an error holds back from publication."""
        self._read_all()
        return frozenset(place.id for path, place in self.places.items() if place.id and self._readings[path].faulty)

    # ------------------------------------------------------------------------------------------------ reading

    def _read_all(self) -> None:
        if not self._all_read:
            self._read(list(self.places))
            self._all_read = True

    def _read(self, paths: Sequence[str]) -> None:
        """Fill in the readings of these paths: from memory, else from the cache, else from the files."""
        wanted = {
            path: key_of(self.places[path].type_name, self.entries[path])
            for path in paths
            if path not in self._readings
        }
        if not wanted:
            return
        known = self._cache.get(list(dict.fromkeys(wanted.values())))
        missing = []
        for path, key in wanted.items():
            payload = known.get(key)
            reading = None if payload is None else self._decoded(path, payload)
            if reading is None:
                missing.append((path, self.entries[path]))
            else:
                self._readings[path] = reading
        fresh = {}
        for path, content in self._fetch(missing) if missing else ():
            reading = read_file(content, path, self.entries[path])
            self._readings[path] = reading
            fresh[wanted[path]] = encode(reading)
        self._cache.put(fresh)

    def _decoded(self, path: str, payload: bytes) -> Reading | None:
        place = self.places[path]
        try:
            return decode(payload, place.type_name, place.id, path, self.entries[path])
        except ValueError:
            return None


def _places(entries: Iterable[str]) -> dict[str, Location]:
    return {path: place for path in entries if (place := locate(path)) is not None}
