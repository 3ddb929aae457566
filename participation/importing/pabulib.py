"""Pabulib files to a plan: projects, costs, themes, places, votes received, and the totals of the edition.

Several files may make one edition: a file of the whole town, files of its districts. The same project in two of them
is one record, whatever the order of the files. Ballots and voters are not read; proposers are people and dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from participation.importing.errors import ImportRefused
from participation.importing.overlay import Reached
from participation.importing.pabulib_file import PabulibFile, PabulibProject, read_pabulib
from participation.importing.people import without_contacts
from participation.importing.plan import Creation, Draft, Plan
from participation.importing.planner import Planner
from participation.importing.wordforms import shortened, slug
from participation.messages import mark as _
from participation.problems import Problem
from participation.records import Record
from participation.records.fields import Plain
from participation.store.snapshot import Snapshot
from participation.wording import listing

TITLE_LIMIT = 200
TAKEN = {
    "project_id",
    "cost",
    "votes",
    "score",
    "name",
    "category",
    "district",
    "subunit",
    "neighborhood",
    "neighbourhood",
    "latitude",
    "longitude",
    "selected",
    "description",
}
PROPOSERS = {"proposer", "proposers"}


def plan_pabulib(
    files: Sequence[tuple[str, bytes]],
    snapshot: Snapshot,
    edition: str,
    *,
    proposers_are_organisations: bool = False,
    trashed: Mapping[str, Record] | None = None,
) -> Plan:
    """The plan of one or more `.pb` files (name, content) as one edition. Raises ImportRefused."""
    if not re.fullmatch(r"[A-Za-z0-9_]+", edition):
        problem = Problem(_("«\u00a0%s\u00a0» ne peut pas nommer une édition.") % edition[:40], field="--edition")
        raise ImportRefused([problem])
    read: list[PabulibFile] = []
    faults: list[Problem] = []
    for name, content in files:
        try:
            read.append(read_pabulib(content, name))
        except ImportRefused as refusal:
            faults += refusal.problems
    if faults:
        raise ImportRefused(faults)
    _refuse_other_currency(read)
    others = _(" et %s autres fichiers") % (len(read) - 1) if len(read) > 2 else f", {read[-1].file}"
    planner = Planner(snapshot, read[0].file + (others if len(read) > 1 else ""), trashed)
    _Edition(planner, edition, proposers_are_organisations).run(read)
    return planner.plan()


def _refuse_other_currency(files: list[PabulibFile]) -> None:
    currencies = {file.meta["currency"]: file for file in files if file.meta.get("currency")}
    if len(currencies) > 1:
        words = _("Ces fichiers comptent en monnaies différentes\u00a0: %s.") % listing(sorted(currencies))
        raise ImportRefused([Problem(words, file=files[0].file)])
    for currency, file in currencies.items():
        if not re.fullmatch(r"[A-Z]{3}", currency):
            words = _("«\u00a0%s\u00a0» n’est pas le code d’une monnaie.") % currency[:40]
            raise ImportRefused([Problem(words, file=file.file, field="META currency", hint="EUR, CHF, PLN…")])


class _Edition:
    """All files of one edition; a project met again is compared with what was read of it first."""

    def __init__(self, planner: Planner, edition: str, organisations: bool) -> None:
        self.planner, self.edition, self.organisations = planner, edition, organisations
        self.seen: dict[str, tuple[PabulibFile, PabulibProject, Draft]] = {}
        self.again = 0
        self.proposers = 0
        self.several_themes = 0
        self.left: set[str] = set()

    def run(self, files: list[PabulibFile]) -> None:
        """Whole town first, so that totals and places of its file count."""
        for file in sorted(files, key=lambda file: bool(file.part)):
            self.left |= set(file.columns) - TAKEN - PROPOSERS
            for project in file.projects:
                self._project(file, project)
        for _file, _project, draft in self.seen.values():
            self.planner.add(draft)
        self._totals(files)
        self._tell()

    # ---- projects

    def _project(self, file: PabulibFile, project: PabulibProject) -> None:
        values = project.values
        draft = Draft("project", "", {}, project.line, file.file, edition=self.edition)
        number = values.get("project_id", "")
        place = zone_name(file.part or values.get("district", ""))
        inside = short_name(file.part or values.get("district", ""))
        draft.id = project_id(self.edition, inside, number)
        if project.fault:
            draft.refuse(project.fault)
        if not number:
            draft.refuse(_("Le projet n’a pas de numéro."), "project_id")
            draft.id = f"{self.edition}-ligne-{project.line}"
        if (first := self.seen.get(draft.id)) is not None:
            self._met_again(first, file, project, draft)
            return
        self.seen[draft.id] = (file, project, draft)
        nearby = values.get("neighborhood") or values.get("neighbourhood") or ""
        place = place or zone_name(values.get("subunit") or _first(nearby))
        if place:
            zone = zone_id(file.unit, place)
            draft.given["zone"] = zone
            draft.creations.append(Creation("zone", zone, shortened(place, 160)))
        self._words(draft, values)
        self._figures(draft, values)
        self._theme(draft, values.get("category", ""))
        if values.get("latitude") and values.get("longitude"):
            draft.given["place"] = {"longitude": values["longitude"], "latitude": values["latitude"]}
        self._selected(draft, values.get("selected", ""))
        origin = "/".join(part for part in (file.unit, file.meta.get("instance", ""), inside, number) if part)
        draft.given["origin"] = {"system": "pabulib", "id": shortened(origin, 200)}
        self._proposer(draft, values)

    def _met_again(
        self,
        first: tuple[PabulibFile, PabulibProject, Draft],
        file: PabulibFile,
        project: PabulibProject,
        draft: Draft,
    ) -> None:
        other_file, other, kept = first
        differing = [
            name
            for name in project.values.keys() & other.values.keys() & TAKEN
            if _comparable(project.values[name]) != _comparable(other.values[name])
        ]
        if not differing and other_file is not file:
            self.again += 1
            return
        words = _("Le projet %(id)s est déjà dans %(file)s, ligne %(line)s%(what)s.") % {
            "id": draft.id,
            "file": other_file.file,
            "line": other.line,
            "what": _(", avec un autre contenu (%s)") % ", ".join(sorted(differing)) if differing else "",
        }
        kept.problems.append(Problem(words, file.file, project.line, "project_id"))

    def _words(self, draft: Draft, values: Mapping[str, str]) -> None:
        title = " ".join(values.get("name", "").split())
        description = values.get("description", "")
        if len(title) > TITLE_LIMIT:
            description = f"{title}\n\n{description}".strip()
            title = shortened(title, TITLE_LIMIT)
        description = without_contacts(description)
        if title:
            draft.given["title"] = title
        if description:
            draft.given["description"] = description

    def _figures(self, draft: Draft, values: Mapping[str, str]) -> None:
        for field, column in (("cost", "cost"), ("votes", "votes"), ("points", "score")):
            text = values.get(column, "")
            if not text:
                continue
            amount = _amount(text)
            if amount is None:
                draft.refuse(_("«\u00a0%s\u00a0» n’est pas un nombre.") % text[:40], column)
            elif field == "cost":
                draft.given[field] = amount
            elif "." in amount:
                self.planner.note(
                    _("Un nombre de points à virgule n’est pas repris."), draft.line, file=draft.file, where=column
                )
            else:
                draft.given[field] = amount

    def _theme(self, draft: Draft, category: str) -> None:
        names = [name.strip() for name in re.split(r",(?!\s)", category) if name.strip()]
        if not names:
            return
        self.several_themes += len(names) > 1
        theme = slug(names[0])
        draft.given["theme"] = theme
        draft.creations.append(Creation("theme", theme, shortened(names[0], 80), edition=self.edition))

    def _selected(self, draft: Draft, selected: str) -> None:
        if not selected:
            return
        if not selected.isdecimal():
            draft.refuse(_("«\u00a0%s\u00a0» n’est pas 0 ou 1.") % selected[:40], "selected")
            return
        draft.reached = Reached("winner" if int(selected) else "not_selected")

    def _proposer(self, draft: Draft, values: Mapping[str, str]) -> None:
        proposer = next((values[name] for name in PROPOSERS if values.get(name)), "")
        if proposer and self.organisations:
            draft.given["owner"] = {"organisation": proposer}
        elif proposer:
            self.proposers += 1

    # ---- the edition

    def _totals(self, files: list[PabulibFile]) -> None:
        data = self.planner.edition_data(self.edition)
        given: dict[str, Plain] = {}
        whole_town = [file for file in files if not file.part]
        if currency := next((file.meta["currency"] for file in files if file.meta.get("currency")), ""):
            given["currency"] = currency
        if phase := self._vote(files):
            given["phases"] = [phase]
        envelopes = self._envelopes([file for file in files if file.part], data.get("envelopes", []))
        if envelopes:
            given["envelopes"] = envelopes
        counted = whole_town or files
        budget = self._sum(counted, "budget")
        voters = self._sum(counted, "num_votes")
        if whole_town or "budget" not in data:
            given |= {"budget": budget} if budget else {}
        if voters and (whole_town or "voters" not in data.get("turnout", {})):
            given["turnout"] = {"voters": voters}
            if len(counted) > 1:
                self.planner.note(
                    _("Votantes et votants de %s fichiers additionnés\u00a0: une personne peut compter deux fois.")
                    % len(counted)
                )
        self.planner.edit_edition(self.edition, given, frozenset({"envelopes"}))

    def _vote(self, files: list[PabulibFile]) -> dict[str, Plain]:
        row: dict[str, Plain] = {"phase": "vote"}
        for name, key in (("start", "date_begin"), ("end", "date_end")):
            dates = {date for file in files if (date := _date(file.meta.get(key, "")))}
            if dates:
                row[name] = min(dates) if name == "start" else max(dates)
        return row if len(row) > 1 else {}

    def _envelopes(self, files: list[PabulibFile], before: list[Plain]) -> list[Plain]:
        """One per district; those of other districts stay."""
        fresh: dict[tuple[str, str], dict[str, Plain]] = {}
        for file in files:
            amount = _amount(file.meta.get("budget", ""))
            if amount is None:
                self.planner.note(_("Le budget du fichier n’est pas un nombre."), file=file.file, where="META budget")
                continue
            zone = zone_id(file.unit, zone_name(file.part))
            row: dict[str, Plain] = {"zone": zone}
            if label := file.part.partition("|")[2].strip():
                row["label"] = label
            fresh[zone, label] = row | {"amount": amount}
        kept = [row for row in before if (row.get("zone", ""), row.get("label", "")) not in fresh]
        return [*kept, *fresh.values()]

    def _sum(self, files: list[PabulibFile], key: str) -> str:
        amounts = [amount for file in files if (amount := _amount(file.meta.get(key, ""))) is not None]
        total = sum((Decimal(amount) for amount in amounts), Decimal(0))
        return (_amount(str(total)) or "") if amounts and total else ""

    def _tell(self) -> None:
        if self.again:
            self.planner.note(_("%s projets sont dans deux fichiers\u00a0: chacun ne compte qu’une fois.") % self.again)
        if self.proposers:
            self.planner.note(
                _("%s noms de porteurs ne sont pas repris.") % self.proposers,
                hint=_("Si aucun n’est celui d’une personne, dites que ce sont des organisations."),
            )
        if self.several_themes:
            self.planner.note(
                _("%s projets ont plusieurs catégories\u00a0: la première est reprise.") % self.several_themes
            )
        if self.left:
            self.planner.note(_("Colonnes qui ne sont pas reprises\u00a0: %s.") % listing(sorted(self.left)))


def zone_name(part: str) -> str:
    """The district in `9 - Stare Miasto | large`: what stands after the bar is a kind of envelope."""
    return " ".join(part.partition("|")[0].split())


def short_name(part: str) -> str:
    """What tells districts apart in identifiers: `10` of `10 - Jolimont / …`, or the name; and the kind of envelope."""
    name, _bar, kind = part.partition("|")
    number = re.match(r"\s*(\d+)\s*[-–.:]\s", name)
    return "-".join(piece for piece in (number[1] if number else slug(name, 30), slug(kind, 20)) if piece)


def zone_id(unit: str, place: str) -> str:
    """The zone of a district: `toulouse-10`."""
    return slug(f"{unit} {short_name(place)}")


def project_id(edition: str, inside: str, number: str) -> str:
    """The project of that number in the part of the town with that short name: `2022-10-P116`."""
    return "-".join(part for part in (edition, inside, f"P{_plain_id(number)}") if part)


def _first(text: str) -> str:
    return text.split(",", maxsplit=1)[0].strip()


def _plain_id(number: str) -> str:
    return number if re.fullmatch(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*", number) else slug(number)


def _comparable(text: str) -> str:
    return _amount(text) or text


def _amount(text: str) -> str | None:
    """`4000.0` -> `4000`; None when it is no amount of at most 12 digits, or has more than two decimals."""
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount < 0 or amount >= Decimal(10) ** 12:
        return None
    exact = amount.quantize(Decimal("0.01"))
    return str(exact.to_integral_value()) if exact == exact.to_integral_value() else str(exact)


def _date(text: str) -> str:
    """`03.10.2022` or `2022` as ISO text; empty for anything else."""
    if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text.strip()):
        return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
    return text.strip() if re.fullmatch(r"(?:19|20)\d{2}", text.strip()) else ""
