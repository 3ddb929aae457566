"""What is wrong with single records of one snapshot, without reading the others: the domain's checks, asked cheaply."""

from __future__ import annotations

from participation.checks import check_record, known_contacts
from participation.layout import COLLECTIVE_FILES, path_for
from participation.problems import Problem
from participation.records import Edition, Record, Service, Zone
from participation.store.snapshot import Snapshot


class Checker:
    """The checks of one snapshot; make it once for many records."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        services = snapshot.of_type(Service)
        editions = snapshot.of_type(Edition)
        self._unreadable: set[str] = set()
        self._known = known_contacts([snapshot.instance, *services])
        self._listed = {
            "service": {service.id for service in services},
            "zone": {zone.id for zone in snapshot.of_type(Zone)},
        }
        for file, kind in COLLECTIVE_FILES.items():
            if file in snapshot.entries and not self._listed[kind] and snapshot.reading(file).problems:
                del self._listed[kind]  # its own problem is told elsewhere: what refers to it is nobody's fault
                self._unreadable.add(kind)
        self._editions = {edition.id for edition in editions}
        self._themes = {f"{edition.id}/{theme.id}" for edition in editions for theme in edition.themes}

    def problems(self, record: Record) -> list[Problem]:
        """What holds the record back from publication, and what is advised."""
        return [*self.snapshot.reading(record.path).problems, *self.of_form(record)]

    def of_form(self, record: Record) -> list[Problem]:
        """The same of a record that is in no file."""
        return check_record(record, self.exists, self._known)

    def exists(self, type_name: str, record_id: str) -> bool:
        """See `participation.checks.links.Lookup`."""
        if type_name == "media":
            return f"media/{record_id}" in self.snapshot.entries
        if type_name == "theme":
            edition = record_id.partition("/")[0]
            return record_id in self._themes or edition not in self._editions
        if type_name in self._unreadable:
            return True
        if type_name in self._listed:
            return record_id in self._listed[type_name]
        try:
            return path_for(type_name, record_id) in self.snapshot.entries
        except ValueError:
            return False
