"""A table and its mapping to a plan: which column feeds which field, row by row.

What one cell means is in `cells`; what differs from the content is in `plan`. Columns that may name people are left
out unless the mapping says that they name organisations, and every column that is not taken is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from participation.importing.cells import Cell, Found, Said, value_of
from participation.importing.errors import ImportRefused
from participation.importing.mapping import MappingFile, Source, StateSource, word_key
from participation.importing.overlay import Reached
from participation.importing.people import folded, may_name_people
from participation.importing.plan import Creation, Draft, Plan
from participation.importing.planner import Older, Planner
from participation.importing.sheets import Line, Sheet, read_sheet
from participation.importing.wordforms import CALCULATED, TemplateFault, fill, placeholders, shortened
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import Record
from participation.records.fields import Plain, Refused
from participation.records.figures import Date
from participation.store.snapshot import Snapshot
from participation.values import PartialDate
from participation.wording import listing

# Fields that hold a name: a column enters only when the mapping says that it names organisations.
NAMES = ("owner.organisation", "organiser")

Progress = Callable[[int, int], None]
TOLD_EVERY = 100  # rows


def plan_table(
    content: bytes,
    file: str,
    mapping: MappingFile,
    snapshot: Snapshot,
    today: dt.date,
    *,
    edition: str = "",
    trashed: Mapping[str, Record] | None = None,
    older: Older | None = None,
    progress: Progress | None = None,
) -> Plan:
    """The plan of a table; `edition` replaces the mapping's fixed one. Raises ImportRefused.

    A date after `today` is one to come, whatever its column says. Records in `trashed` are left there. `older` finds
    the versions that rows say they were made from; `progress` is told of rows done, of how many.
    """
    sheet = read_sheet(content, file, mapping.reading)
    planner = Planner(snapshot, file, trashed, older)
    planner.notes += sheet.problems
    _Table(sheet, mapping, planner, today, edition).run(progress)
    return planner.plan()


class _Table:
    """One import of a table: the columns found once, then row after row."""

    def __init__(self, sheet: Sheet, mapping: MappingFile, planner: Planner, today: dt.date, edition: str) -> None:
        self.sheet, self.mapping, self.planner, self.today = sheet, mapping, planner, today
        self.fixed_edition = edition or mapping.edition_value
        self.exact = {name: index for index, name in enumerate(sheet.headers) if name}
        self.alike = {folded(name): index for name, index in reversed(self.exact.items())}
        self.used: set[int] = set()
        self.missing: list[Problem] = []
        self.silent: dict[str, int] = {}  # column -> records that keep a value the file no longer gives

    # ---- columns

    def run(self, progress: Progress | None = None) -> None:
        """Find the columns, refuse a mapping that does not suit the file, then make a draft of each row."""
        sources = [(source, self._column(source.columns, source.line)) for source in self.mapping.sources]
        sources = [(source, column) for source, column in sources if self._allowed(source, column)]
        state = self.mapping.state
        state_column = self._column(state.columns, state.line) if state else ""
        edition_column = self._column(self.mapping.edition_columns, 1)
        self._check_templates(sources)
        for name in (*(self.mapping.identity.columns if self.mapping.identity else ()), self.mapping.version):
            self._column((name,) if name else (), 1)
        for name in self.mapping.only:
            self._column((name,), 1)
        if self.missing:
            raise ImportRefused(self.missing)
        skipped = 0
        for place, line in enumerate(self.sheet.rows):
            if progress is not None and place % TOLD_EVERY == 0:
                progress(place, len(self.sheet.rows))
            cell = self._cell(line)
            if any(word_key(cell(name)) not in words for name, words in self.mapping.only.items()):
                skipped += 1
                continue
            self._row(line, cell, sources, (state, state_column), edition_column)
        self._tell(skipped)

    def _column(self, names: tuple[str, ...], mapping_line: int) -> str:
        """The first of the accepted names that the file has; a mapping without it does not suit the file."""
        for name in names:
            if (index := self._index(name)) is not None:
                self.used.add(index)
                return self.sheet.headers[index]
        if names:
            self.missing.append(
                Problem(
                    _("Le fichier n’a pas de colonne «\u00a0%s\u00a0».") % _("\u00a0» ni «\u00a0").join(names),
                    file=self.mapping.file,
                    line=mapping_line,
                    hint=_("Ses colonnes\u00a0: %s.") % shortened(", ".join(self.sheet.headers), 300),
                )
            )
        return ""

    def _index(self, name: str) -> int | None:
        """The place of a column; case, accents and marks do not matter where that leaves no doubt."""
        return self.exact.get(name, self.alike.get(folded(name)))

    def _allowed(self, source: Source, column: str) -> bool:
        """False for a column of people; its field stays empty and the report says so."""
        names = [*placeholders(source.template or source.value)] if "{" in source.template + source.value else []
        personal = [name for name in (column, *names) if name and name not in CALCULATED and may_name_people(name)]
        if str(source.path) in NAMES and column and not personal:
            personal = [column]
        if not personal or source.organisations:
            return True
        self.planner.note(
            _("La colonne «\u00a0%(column)s\u00a0» peut nommer des personnes\u00a0: %(field)s reste vide.")
            % {"column": personal[0], "field": source.path},
            source.line,
            file=self.mapping.file,
            hint=_("Si elle ne contient que des organisations, ajoutez «\u00a0organisations: true\u00a0»."),
        )
        return False

    def _check_templates(self, sources: list[tuple[Source, str]]) -> None:
        templates = [("" if self.mapping.identity else self.mapping.id_template, self.mapping.id_line)]
        for source, _column in sources:
            templates.append((source.template, source.line))
            templates.append((source.value, source.line) if "{" in source.value else ("", 1))
            for name in source.when:
                self._column((name,), source.line)
        for template, line in templates:
            for name in placeholders(template):
                if name in CALCULATED:
                    continue
                self._column((name,), line)
                if template is self.mapping.id_template and may_name_people(name):
                    words = (
                        _("L’identifiant ne peut pas être tiré de «\u00a0%s\u00a0», qui peut nommer des personnes.")
                        % name
                    )
                    self.missing.append(Problem(words, file=self.mapping.file, line=line))
        if "edition" in placeholders(self.mapping.id_template) and not (
            self.fixed_edition or self.mapping.edition_columns
        ):
            self.missing.append(
                Problem(
                    _("L’édition n’est pas donnée."),
                    file=self.mapping.file,
                    line=self.mapping.id_line,
                    hint=_("Ajoutez «\u00a0edition\u00a0» à la correspondance, ou --edition à la commande."),
                )
            )

    def _cell(self, line: Line) -> Cell:
        def cell(name: str) -> str:
            index = self._index(name)
            return "" if index is None else line.cells[index]

        return cell

    # ---- rows

    def _row(
        self,
        line: Line,
        cell: Cell,
        sources: list[tuple[Source, str]],
        state: tuple[StateSource | None, str],
        edition_column: str,
    ) -> None:
        edition = self.fixed_edition or (cell(edition_column).strip() if edition_column else "")
        belongs = "edition" in self.mapping.record_type.fields
        draft = Draft(
            self.mapping.record_type.type_name,
            "",
            {},
            line.number,
            self.sheet.file,
            edition=edition if belongs else "",
        )
        if line.fault:
            draft.refuse(line.fault)

        def cell_or_edition(name: str) -> str:
            return (edition or cell(name)) if name == "edition" else cell(name)

        draft.id = self._id(draft, cell_or_edition)
        draft.version = cell(self.mapping.version).strip() if self.mapping.version else ""
        if draft.type_name in ("project", "idea"):
            draft.edition = draft.id.partition("-")[0]
        columns: dict[str, str] = {}
        for source, column in sources:
            if column:
                columns.setdefault(source.path.steps[0], _("colonne «\u00a0%s\u00a0»") % column)
                columns[str(source.path)] = _("colonne «\u00a0%s\u00a0»") % column
                if (fault := line.faults.get(self.exact[column])) is not None:
                    draft.refuse(fault, columns[str(source.path)])
                    continue
            self._fill(draft, source, column, cell_or_edition)
        draft.columns = columns
        if state[0] is not None:
            if (fault := line.faults.get(self.exact[state[1]])) is not None:
                draft.refuse(fault, _("colonne «\u00a0%s\u00a0»") % state[1])
            self._reach(draft, state[0], state[1], cell)
        if self.mapping.record_type.collective:
            draft.given = {"id": draft.id, **draft.given}
        if "edition" in self.mapping.record_type.fields and edition:
            draft.given.setdefault("edition", edition)
        self.planner.add(draft)

    def _id(self, draft: Draft, cell: Cell) -> str:
        if self.mapping.identity is not None:
            try:
                return self.mapping.identity.compose(cell)
            except TemplateFault as fault:
                draft.refuse(str(fault), "id")
                return f"ligne-{draft.line}"
        empty = [name for name in placeholders(self.mapping.id_template) if not cell(name).strip()]
        if empty:
            draft.refuse(_("L’identifiant ne peut pas être composé\u00a0: «\u00a0%s\u00a0» est vide.") % empty[0])
            return f"ligne-{draft.line}"
        try:
            return fill(self.mapping.id_template, cell)
        except TemplateFault as fault:
            draft.refuse(str(fault), "id")
            return f"ligne-{draft.line}"

    def _fill(self, draft: Draft, source: Source, column: str, cell: Cell) -> None:
        try:
            found = value_of(source, self.mapping, column, cell)
        except Refused as refusal:
            severity = Severity.WARNING if source.lenient else Severity.ERROR
            where = _("colonne «\u00a0%s\u00a0»") % column if column else str(source.path)
            draft.refuse(refusal.message, where, refusal.hint, severity)
            return
        if found is Said.NOTHING:
            source.path.put(draft.given, None)
            if source.future is not None:
                source.future.put(draft.given, None)
        if not isinstance(found, Found):
            base = self.planner.snapshot.get(draft.id) if found is Said.UNKNOWN else None
            if base is not None and column and isinstance(source.path.get(base.data), str | int | list):
                self.silent[column] = self.silent.get(column, 0) + 1
            return
        self._put(draft, source, found.plain)
        if source.creates is not None:
            for target in found.plain if isinstance(found.plain, list) else [found.plain]:
                draft.creations.append(self._creation(source, str(target), found.text, draft, cell))

    def _put(self, draft: Draft, source: Source, plain: Plain) -> None:
        ahead = source.future is not None and PartialDate.parse(plain).first() > self.today
        if source.future is None or not ahead:
            source.path.put(draft.given, plain)
        else:  # what lies ahead is planned, whatever the name of the column says
            source.future.put(draft.given, plain)
            source.path.put(draft.given, None)

    def _creation(self, source: Source, target: str, text: str, draft: Draft, cell: Cell) -> Creation:
        creates = source.creates
        assert creates is not None  # noqa: S101  # the only caller has looked
        try:
            title = creates.titles.get(target) or fill(
                creates.title, lambda name: {"text": text, "value": target}.get(name) or cell(name)
            )
        except (TemplateFault, KeyError):
            title = text
        return Creation(creates.type_name, target, shortened(title, 80), creates.kind, draft.edition)

    def _reach(self, draft: Draft, source: StateSource, column: str, cell: Cell) -> None:
        text = cell(column).strip()
        if not text or word_key(text) in self.mapping.unknown | self.mapping.nothing:
            return
        state = source.values.get(word_key(text))
        if state is None:
            severity = Severity.WARNING if source.lenient else Severity.ERROR
            words = _("«\u00a0%s\u00a0» n’est pas dans la table des états.") % text[:60]
            draft.refuse(words, _("colonne «\u00a0%s\u00a0»") % column, self.mapping.hint, severity)
        elif state:
            date = self._date(source, state, cell) or ("" if source.role == "import" else self.today.isoformat())
            draft.reached = Reached(state, date, source.reasons.get(state, ""), source.role)

    def _date(self, source: StateSource, state: str, cell: Cell) -> str:
        """The date of a state where a column has it; never one that lies ahead."""
        for name in source.dates.get(state, ()):
            if (index := self._index(name)) is not None:
                self.used.add(index)
                try:
                    date = Date("").parse(cell(name).strip())
                except Refused:
                    return ""
                return date if PartialDate.parse(date).first() <= self.today else ""
        return ""

    # ---- the report

    def _tell(self, skipped: int) -> None:
        left = [
            name
            for name, index in self.exact.items()
            if index not in self.used and folded(name) not in self.mapping.drop
        ]
        personal = [name for name in left if may_name_people(name)]
        others = [name for name in left if name not in personal]
        if personal:
            self.planner.note(
                _("Colonnes laissées de côté parce qu’elles peuvent nommer des personnes\u00a0: %s.")
                % listing(personal)
            )
        if others:
            self.planner.note(_("Colonnes que la correspondance ne nomme pas\u00a0: %s.") % listing(others))
        if skipped:
            self.planner.note(_("%s lignes ne sont pas reprises («\u00a0only\u00a0»).") % skipped)
        for column, count in self.silent.items():
            self.planner.note(
                _("Fiches qui gardent une valeur que le fichier ne donne pas ou plus\u00a0: %s.") % count,
                where=_("colonne «\u00a0%s\u00a0»") % column,
            )
