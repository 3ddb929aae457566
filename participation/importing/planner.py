"""Drafts to a plan: each compared with the content as it is, and checked as the content will be checked.

A draft that would leave an error in the content becomes a row in error; the others go on. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from participation.checks import check_record, known_contacts
from participation.checks.whole import same_titles
from participation.importing.differences import differences
from participation.importing.overlay import overlay, with_state
from participation.importing.plan import Creation, Draft, Kind, Plan, Row
from participation.layout import path_for
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import TYPES, Edition, Record, Service, Zone
from participation.records.base import check_raw
from participation.records.fields import Plain
from participation.store.merge import three_way
from participation.store.snapshot import Snapshot

Older = Callable[[Record, str], Record | None]  # a record and a blob -> the record as it was in that file


class Planner:
    """Compares drafts with a snapshot, one by one; `plan` closes the import.

    Records in `trashed` (by identifier) were thrown away here and stay so. `older` finds the version that a draft
    says it was made from: what changed here since is kept, and a field that both changed is an error of the draft.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        source: str,
        trashed: Mapping[str, Record] | None = None,
        older: Older | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.older = older
        self.source = source
        self.notes: list[Problem] = []
        self.trashed = trashed or {}
        self._rows: dict[str, Row] = {}
        self._created: dict[tuple[str, str], dict[str, Plain]] = {}
        self._editions: dict[str, dict[str, Plain]] = {}
        self._collective = {
            (record.type_name, record.id): record
            for record_type in (Zone, Service)
            for record in snapshot.of_type(record_type)
        }
        self._language = str((snapshot.instance.data.get("languages") or ["fr"])[0])
        self._contacts = known_contacts([snapshot.instance, *snapshot.of_type(Service)])

    def note(self, message: str, line: int | None = None, *, file: str = "", hint: str = "", where: str = "") -> None:
        """Something to tell about the file that holds no record back."""
        self.notes.append(Problem(message, file or self.source, line, where, hint, Severity.WARNING))

    def add(self, draft: Draft) -> Row:
        """Compare one draft with the content and keep the result; an error holds back this record alone."""
        draft.file = draft.file or self.source
        row = self._judged(draft)
        key = f"{draft.type_name} {draft.id}"
        while key in self._rows:  # a second line with the same identifier is an error row of its own
            key += "'"
        self._rows[key] = row
        return row

    def edit_edition(self, edition: str, given: dict[str, Plain], whole: frozenset[str] = frozenset()) -> None:
        """Lay values over an edition, made if it is missing."""
        self._editions[edition] = overlay(Edition, self.edition_data(edition), given, whole, self._language)

    def edition_data(self, edition: str) -> dict[str, Plain]:
        """An edition's data as this import leaves it so far; a minimal one when it does not exist yet."""
        if edition in self._editions:
            return dict(self._editions[edition])
        found = self.snapshot.get(edition)
        if isinstance(found, Edition):
            return dict(found.data)
        return {"title": _("Budget participatif %s") % edition}

    def plan(self) -> Plan:
        """The finished plan: editions, zones and services first, then the records in the order of the file."""
        rows = [self._edition_row(edition, data) for edition, data in sorted(self._editions.items())]
        for (type_name, id), data in self._created.items():
            rows.append(Row(type_name, id, Kind.NEW, str(data["title"]), data, file=self.source))
        self._tell_same_titles()
        return Plan(self.source, (*rows, *self._rows.values()), tuple(self.notes))

    # ---- one draft

    def _judged(self, draft: Draft) -> Row:
        record_type = TYPES[draft.type_name]
        row = Row(draft.type_name, draft.id, Kind.ERROR, draft.id, line=draft.line, file=draft.file)
        if (thrown := self.trashed.get(draft.id)) is not None:
            words = Problem(_("Cette fiche est à la corbeille\u00a0: elle n’est pas reprise."), draft.file, draft.line)
            words = replace(words, field=draft.id, severity=Severity.WARNING)
            return replace(row, kind=Kind.UNCHANGED, title=thrown.display_title, problems=(words,))
        base = self._base(record_type, draft)
        start = self._start(base, draft)
        existing: Mapping[str, Plain] = start.data if start is not None else {}
        merged = overlay(record_type, existing, draft.given, draft.whole, self._language)
        if draft.reached is not None:
            merged["status"] = with_state(merged.get("status", []), draft.reached)
        if start is not base and base is not None:
            merged = self._together(record_type, existing, merged, base.data, draft)
        checked = check_raw(record_type, merged)
        told = {problem.field for problem in draft.problems if problem.severity is Severity.ERROR}
        problems = [
            problem for problem in self._placed(_fresh(checked.problems, base), draft) if problem.field not in told
        ]
        record = record_type(checked.data, id=draft.id, path=self._path(draft))
        if base is None or base.data != record.data:
            problems += self._placed(self._checked(record, base, draft), draft)
        problems = [*draft.problems, *problems]
        row = replace(row, title=record.display_title, base=base, problems=tuple(problems))
        if any(problem.severity is Severity.ERROR for problem in problems):
            return row
        self._prepare(draft)
        row = replace(row, data=dict(record.data))
        if base is None:
            return replace(row, kind=Kind.NEW)
        changes = tuple(differences(record_type, base.data, record.data, self._name_of))
        return replace(row, kind=Kind.UNCHANGED if base.data == record.data else Kind.CHANGED, changes=changes)

    def _start(self, base: Record | None, draft: Draft) -> Record | None:
        """The version that the draft changes: the present one, or the one that it says it was made from."""
        if not draft.version or self.older is None or (base is not None and base.blob == draft.version):
            return base
        if base is None:
            draft.refuse(
                _("Cette fiche n’existe plus\u00a0: elle a été retirée depuis que le tableau a été fait."), "id"
            )
            return None
        found = self.older(base, draft.version)
        if found is None:
            words = _("La version de départ de cette ligne est inconnue.")
            draft.refuse(words, "", _("Exportez de nouveau la fiche, et reportez-y vos changements."))
            return base
        return found

    def _together(
        self,
        record_type: type[Record],
        start: Mapping[str, Plain],
        wanted: Mapping[str, Plain],
        now: Mapping[str, Plain],
        draft: Draft,
    ) -> dict[str, Plain]:
        """What the table changed and what was changed here since, merged; a field that both changed is told."""
        mine = check_raw(record_type, wanted)
        found = three_way(record_type.fields, start, mine.data, now)
        for clash in found.conflicts:
            here = {} if clash.theirs is None else {clash.field: clash.theirs}
            there = {} if clash.mine is None else {clash.field: clash.mine}
            for one in differences(record_type, here, there, self._name_of):
                words = _(
                    "Changé ici depuis l’export\u00a0: %(field)s vaut «\u00a0%(here)s\u00a0», "
                    "et le tableau dit «\u00a0%(there)s\u00a0»."
                )
                values = {"field": one.label, "here": one.before[:120], "there": one.after[:120]}
                hint = _("Mettez dans le tableau la valeur à garder, ou exportez de nouveau la fiche.")
                where = draft.columns.get(one.path) or draft.columns.get(clash.field) or one.path
                draft.refuse(words % values, where, hint)
        refused = {problem.field.partition(".")[0] for problem in mine.problems}
        return found.data | {name: wanted[name] for name in refused if name in wanted}

    def _path(self, draft: Draft) -> str:
        try:
            return path_for(draft.type_name, draft.id)
        except ValueError:
            return ""

    def _base(self, record_type: type[Record], draft: Draft) -> Record | None:
        """The record that the draft is about; an identifier that cannot be its is refused."""
        if not self._path(draft):
            draft.refuse(_("«\u00a0%s\u00a0» ne peut pas être un identifiant.") % draft.id[:60], "id")
            return None
        if (twin := self._rows.get(f"{draft.type_name} {draft.id}")) is not None:
            words = _("L’identifiant «\u00a0%(id)s\u00a0» est déjà celui de la ligne %(line)s.")
            draft.refuse(words % {"id": draft.id, "line": twin.line}, "id")
            return None
        if record_type.collective:
            return self._collective.get((draft.type_name, draft.id))
        found = self.snapshot.get(draft.id)
        if found is not None and found.type_name != draft.type_name:
            words = _("L’identifiant «\u00a0%(id)s\u00a0» est déjà pris par une autre fiche (%(type)s).")
            draft.refuse(words % {"id": draft.id, "type": found.title_words}, "id")
            return None
        if found is None and self._path(draft) in self.snapshot.entries:
            draft.refuse(_("Le fichier de la fiche %s existe, mais n’est pas lisible.") % draft.id, self._path(draft))
        return found

    def _placed(self, problems: list[Problem], draft: Draft) -> list[Problem]:
        """The problems at their place in the source instead of the content."""
        found = []
        for problem in problems:
            where = draft.columns.get(problem.field) or draft.columns.get(problem.field.split(".")[0]) or problem.field
            found.append(replace(problem, file=draft.file, line=draft.line, field=where))
        return found

    def _checked(self, record: Record, base: Record | None, draft: Draft) -> list[Problem]:
        """What the checks of the content would say of the record, without what they say already."""

        def lookup(type_name: str, id: str) -> bool:
            return self._exists(type_name, id, draft)

        before = check_record(base, lookup, self._contacts) if base is not None else []
        known = {(problem.field, problem.message) for problem in before}
        found = check_record(record, lookup, self._contacts)
        return [problem for problem in found if (problem.field, problem.message) not in known]

    def _exists(self, type_name: str, id: str, draft: Draft) -> bool:
        """As the checks ask; what this draft or an earlier one creates exists already."""
        if any(creation.type_name == type_name and creation.id == id for creation in draft.creations):
            return True
        if type_name == "theme":
            edition, _slash, theme = id.partition("/")
            fresh = [creation.id for creation in draft.creations if creation.type_name == "theme"]
            known = [row.get("id") for row in self.edition_data(edition).get("themes", ())]
            return theme in (*fresh, *known)
        if type_name in ("zone", "service"):
            return (type_name, id) in self._collective or (type_name, id) in self._created
        if type_name == "edition" and id in (draft.edition, *self._editions):
            return True
        if type_name == "media":
            return f"media/{id}" in self.snapshot.entries
        other = self._rows.get(f"{type_name} {id}")
        return (other is not None and other.kind is not Kind.ERROR) or self.snapshot.get(id) is not None

    # ---- what records need

    def _prepare(self, draft: Draft) -> None:
        if draft.edition:
            self._editions.setdefault(draft.edition, self.edition_data(draft.edition))
        for creation in draft.creations:
            place = (creation.type_name, creation.id)
            if creation.type_name == "theme":
                self._add_theme(creation)
            elif place not in self._collective:
                data = {"id": creation.id, "title": creation.title or creation.id}
                if creation.type_name == "zone" and creation.kind:
                    data["kind"] = creation.kind
                self._created.setdefault(place, data)

    def _add_theme(self, creation: Creation) -> None:
        themes = self.edition_data(creation.edition).get("themes", [])
        if not any(theme.get("id") == creation.id for theme in themes):
            theme = {"id": creation.id, "title": creation.title}
            self.edit_edition(creation.edition, {"themes": [*themes, theme]})

    def _edition_row(self, edition: str, raw: dict[str, Plain]) -> Row:
        draft = Draft("edition", edition, raw, file=self.source, whole=frozenset(raw))
        return self._judged(draft)

    # ---- words

    def _name_of(self, type_name: str, id: str) -> str:
        created = self._created.get((type_name, id))
        if created is not None:
            return str(created["title"])
        record = self._collective.get((type_name, id))
        if record is None and type_name in TYPES:
            record = self.snapshot.get(id)
        return record.display_title if record is not None else id

    def _tell_same_titles(self) -> None:
        """Twins among the records of the import and those that were there."""
        planned: dict[str, Row] = {}
        records: dict[str, Record] = {}
        for row in self._rows.values():
            if row.type_name in ("project", "idea") and row.data is not None:
                path = path_for(row.type_name, row.id)
                planned[path] = row
                records[path] = TYPES[row.type_name](row.data, id=row.id, path=path)
        others = [
            record
            for type_name in {row.type_name for row in planned.values()}
            for record in self.snapshot.of_type(TYPES[type_name])
            if record.path not in records
        ]
        for problem in same_titles([*others, *records.values()]):
            row = planned[problem.file]
            self.notes.append(replace(problem, file=row.file, line=row.line, field=row.id))


def _fresh(problems: list[Problem], base: Record | None) -> list[Problem]:
    """The problems that the record does not have already: what was incomplete before is not the table's fault."""
    if base is None or not problems:
        return problems
    known = {(problem.field, problem.message) for problem in check_raw(type(base), base.data).problems}
    return [problem for problem in problems if (problem.field, problem.message) not in known]
