"""Making the files: which there are, which are out of date, in what order they are put in place.

Files come first, then the inventory, the catalogue and the page that list them, and only then what nobody lists any
more goes: a visitor never follows the page to a file that is not there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from filelock import FileLock

from participation.messages import mark as _
from participation.opendata.columns import PUBLISHED
from participation.opendata.json_schema import json_schema
from participation.opendata.table_schema import table_schema
from participation.opendata.way_back import mapping
from participation.problems import LaureatError
from participation.records import TYPES
from participation.yamltext.reader import read_file
from site_builder.addresses import slug
from site_builder.engine import Engine
from site_builder.opendata import files
from site_builder.opendata.dcat import catalogue
from site_builder.opendata.files import Made
from site_builder.opendata.inventory import NAME, Entry, read_inventory, replace, write_inventory
from site_builder.opendata.page import CATALOGUE, listing_lock, write_page
from site_builder.opendata.records import Datum, Part, in_order, read_parts
from site_builder.opendata.tables import FILE_NAMES, Table, columns_of
from site_builder.results import files as results
from site_builder.results import names
from site_builder.results.reading import Shown
from site_builder.results.reading import code as results_code
from site_builder.sources import Source

_VERSION = 2  # of what files hold beyond their columns: raise it when a format changes
_LISTS = frozenset({"index.html", NAME, CATALOGUE})


class DataFailed(LaureatError):
    """The disk refused the files of open data; those of the publication before stay, and the site with them."""

    def __init__(self, fault: OSError) -> None:
        super().__init__(
            _("Les fichiers de données ouvertes n’ont pas pu être écrits\u00a0: %s.") % fault,
            kept=_("Le site est en ligne\u202f; les données sont celles de la publication précédente."),
            hint=_("Ils seront refaits à la prochaine publication."),
        )


def update(
    source: Source,
    entries: Mapping[str, str],
    engine: Engine,
    folder: Path,
    cache: Path,
    now: dt.datetime,
    place_of: Callable[[str], Path] | None = None,
) -> list[str]:
    """Bring `folder` to the state of a content (path -> blob in `entries`) at `now`; the names of the files made.

    `place_of` tells where the page that lists them lies for the folder of another language. `cache` is the site's.
    One call at a time: another waits. Raises DataFailed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / "donnees-fabrication.lock"):
            parts = read_parts(source, entries, cache / "donnees", now, engine.lang)
            languages = languages_in(source, entries, engine.lang)
            return _Making(engine, languages, folder, now, place_of).run(parts, cache, source, entries)
    except OSError as fault:
        raise DataFailed(fault) from fault


def languages_in(source: Source, entries: Mapping[str, str], main: str) -> tuple[str, ...]:
    """The languages of the instance, the main one first."""
    found = [main]
    for path, content in source.files({path: blob for path, blob in entries.items() if path == "instance.yml"}):
        for record in read_file(content, path, entries[path]).records:
            found += record.data.get("languages", [])
    return tuple(dict.fromkeys(found))


class _Making:
    def __init__(
        self,
        engine: Engine,
        languages: tuple[str, ...],
        folder: Path,
        now: dt.datetime,
        place_of: Callable[[str], Path] | None,
    ) -> None:
        self.engine, self.languages, self.folder = engine, languages, folder
        self.place_of = place_of
        self.now = now.astimezone(dt.UTC).isoformat(timespec="seconds")
        self.before = {one.file: one for one in read_inventory(folder)}
        self.after: list[Entry] = []
        self.done: list[str] = []

    def run(self, parts: list[Part], cache: Path, source: Source, entries: Mapping[str, str]) -> list[str]:
        for type_name in PUBLISHED:
            self._type(type_name, [part for part in parts if part.type_name == type_name])
        for edition in self.engine.results.editions:
            if (shown := self.engine.results.of(edition)) is not None:
                self._result(shown, source, entries, cache / "resultats")
        with listing_lock(cache):
            write_inventory(self.folder, self.after)
            listed = catalogue(self.engine, self.after)
            replace(self.folder / CATALOGUE, json.dumps(listed, ensure_ascii=False, indent=1).encode() + b"\n")
            write_page(self.engine, self.folder, self.folder)
            if self.place_of is not None:
                for other in self.engine.others:
                    write_page(other, self.folder, self.place_of(other.town.folder))
            kept = _LISTS | {one.file for one in self.after}
            for file in self.folder.iterdir():
                if file.is_file() and file.name not in kept:
                    file.unlink()
        return self.done

    def _type(self, type_name: str, parts: list[Part]) -> None:
        records = [one for part in parts for one in part.records]
        if not records:
            return
        columns = columns_of(type_name, self.languages)
        name = FILE_NAMES[type_name]
        editions = sorted({one.edition for one in records} - {""})
        for edition in ("", *editions):
            of_it = list(in_order([one for one in records if edition in ("", one.edition)]))
            digests = [part.digest for part in parts if not edition or any(o.edition == edition for o in part.records)]
            table = Table(
                type_name,
                edition,
                f"{name}-{slug(edition)}" if edition else name,
                columns,
                of_it,
                self.engine.town,
                self.engine.people,
            )
            self._table(table, self._key(type_name, digests, of_it))
        described: dict[str, Callable[[], bytes]] = {
            f"{name}.table-schema.json": lambda: _plain(table_schema(TYPES[type_name], self.languages)),
            f"{name}.json-schema.json": lambda: _plain(json_schema(TYPES[type_name])),
            f"{name}.correspondance.yml": lambda: mapping(TYPES[type_name], self.languages).encode(),
        }
        for file, make in described.items():
            data = make()
            self._put(file, type_name, "", file.partition(".")[2], Made(data, 0, []), hashlib.sha256(data).hexdigest())

    def _result(self, shown: Shown, source: Source, entries: Mapping[str, str], cache: Path) -> None:
        town, edition = self.engine.town, shown.outcome.edition
        titles = [one.title for one in shown.outcome.contest.candidates.values()]
        words = [town.name, town.title, town.edition(edition), town.zones, town.themes, self.engine.lang]
        made_from = [_VERSION, results_code(), shown.key, titles, [str(one) for one in words]]
        key = hashlib.sha256(json.dumps(made_from).encode()).hexdigest()
        for format, file, make in results.makers(self.engine, source, entries, shown, cache):
            known = self.before.get(file)
            if known is not None and known.key == key:
                self.after.append(known)
            else:
                self._put(file, names.TYPE, edition, format, make(), key)
        schema = _plain(results.SCHEMA)
        if names.SCHEMA_NAME not in {one.file for one in self.after}:
            made = Made(schema, 0, [])
            self._put(names.SCHEMA_NAME, names.TYPE, "", "json-schema.json", made, hashlib.sha256(schema).hexdigest())

    def _key(self, type_name: str, digests: list[str], records: list[Datum]) -> str:
        """What a table is made of besides its format: records, labels of people, columns, the words of codes."""
        town = self.engine.town
        names = [town.zones, town.themes, town.services, {id: town.edition(id) for id in town.editions}, town.words]
        labels = {one.id: self.engine.people[one.person] for one in records if one.person in self.engine.people}
        made = [_VERSION, digests, labels, table_schema(TYPES[type_name], self.languages), names, town.url, town.legal]
        return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()

    def _table(self, table: Table, key: str) -> None:
        for format, make in self._formats(table):
            file = f"{table.name}.{format}"
            known = self.before.get(file)
            if known is not None and known.key == key:
                self.after.append(known)
                continue
            made = make()
            if made is not None:
                self._put(file, table.type_name, table.edition, format, made, key)

    def _formats(self, table: Table) -> Iterator[tuple[str, Callable[[], Made | None]]]:
        yield "csv", lambda: files.csv_file(table)
        yield "xlsx", lambda: files.xlsx_file(table, self._about(table), self.engine.translate)
        yield "json", lambda: files.json_file(table)
        yield "geojson", lambda: files.geojson_file(table)

    def _about(self, table: Table) -> dict[str, str]:
        town, translate = self.engine.town, self.engine.translate
        name = FILE_NAMES[table.type_name]
        found = {
            translate(_("Source")): town.legal.get("publisher") or town.name or town.title,
            translate(_("Licence")): town.legal.get("licence", "") or translate(_("non indiquée")),
            translate(_("Données du")): self.now[:10],
            translate(_("Colonnes")): f"{town.url}/donnees/{name}.table-schema.json" if town.url else "",
        }
        return {label: words for label, words in found.items() if words}

    def _put(self, file: str, type_name: str, edition: str, format: str, made: Made, key: str) -> None:
        known = self.before.get(file)
        if known is not None and known.key == key:
            self.after.append(known)
            return
        replace(self.folder / file, made.data)
        entry = Entry(file, type_name, edition, format, made.rows, len(made.data), len(made.left), self.now, key)
        self.after.append(entry)
        self.done.append(file)


def _plain(schema: dict[str, object]) -> bytes:
    return json.dumps(schema, ensure_ascii=False, indent=1).encode() + b"\n"
