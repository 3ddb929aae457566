"""What a rule says that contradicts itself, cannot be counted, or has changed since the vote opened.

Only the rule is looked at; whether its projects and zones exist is checked in `links.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import Record, Rule
from participation.records.base import Fielded
from participation.records.containers import Group, Rows
from participation.records.fields import Field
from participation.records.rule import MONEYS, Round

_NEEDS = {"amount": "amount", "each": "amount", "share": "share"}


def _warning(message: str, field: str, hint: str = "") -> Problem:
    return Problem(message, field=field, hint=hint, severity=Severity.WARNING)


def check_rule(record: Record) -> Iterator[Problem]:
    """Every contradiction of a rule, each with its field."""
    if not isinstance(record, Rule):
        return
    yield from _check_ballot(record)
    yield from _check_method(record)
    yield from _check_rounds(record)
    yield from _check_ties(record)
    yield from _check_decisions(record)
    for number, clause in enumerate(record.clauses, 1):
        if clause.key and not _exists(clause.key.split("."), record):
            yield _warning(_("La règle n’a pas de clé «\u00a0%s\u00a0».") % clause.key, f"clauses.{number}.key")
    if record.settled_fingerprint("rule") not in {"", record.fingerprint()}:
        yield Problem(
            _("La règle a changé depuis l’ouverture du vote."),
            field="frozen.rule",
            hint=_("Revenez à la règle figée, ou écrivez la date et la raison dans «\u00a0corrections\u00a0»."),
        )


def _check_ballot(rule: Rule) -> Iterator[Problem]:
    ballot = rule.ballot
    if ballot.maximum is not None and (ballot.minimum or 0) > ballot.maximum:
        yield Problem(_("Le nombre de choix demandé dépasse celui qui est permis."), field="ballot.minimum")
    if ballot.points_most is not None and (ballot.points_least or 0) > ballot.points_most:
        yield Problem(_("Le nombre de points demandé dépasse celui qui est permis."), field="ballot.points_least")
    kinds = {"points_each": "points", "points_least": "points", "points_most": "points"}
    kinds |= {"first_points": "ranking", "budget": "budget"}
    for name, kind in kinds.items():
        if name in ballot.data and ballot.kind != kind:
            yield _warning(_("Cette sorte de bulletin n’emploie pas cette clé."), f"ballot.{name}", f"kind: {kind}")
    if rule.order == "points" and ballot.kind in {"approval", "budget"}:
        yield _warning(_("Ces bulletins n’ont pas de points\u00a0: chaque choix en vaut un."), "order")


def _check_method(rule: Rule) -> Iterator[Problem]:
    if rule.threshold_share and rule.threshold_on == "points":
        yield Problem(
            _("Un pourcentage des bulletins se compte en voix, et le seuil porte ici sur les points."),
            field="threshold_share",
        )
    if rule.method == "greedy":
        for name in ("satisfaction", "completion", "step", "raise_to_the_end", "comparison"):
            if name in rule.data:
                yield _warning(_("Cette clé ne sert qu’aux parts égales."), name, "method: equal_shares")
    elif rule.completion in {"add1", "add1u"} and not rule.step:
        yield Problem(_("L’augmentation des parts ne peut pas être nulle."), field="step")
    if "part_minimum" in rule.data and "part" not in {rule.fit, *(one.fit for one in rule.rounds)}:
        yield _warning(
            _("Aucun projet n’est financé en partie\u00a0: cette clé ne sert pas."), "part_minimum", "fit: part"
        )


def _check_rounds(rule: Rule) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, one in enumerate(rule.rounds, 1):
        place = f"rounds.{number}"
        if one.id in seen:
            yield Problem(_("Deux tours portent le même repère."), field=f"{place}.id")
        seen.add(one.id)
        yield from _check_money(one, place)
        if one.by == "zone" and one.among == "unzoned":
            yield Problem(_("Un projet de tout le territoire n’est d’aucun quartier."), field=f"{place}.among")
        if one.voters == "zone" and one.by != "zone":
            yield Problem(
                _("Les bulletins du même quartier ne se comptent que quartier par quartier."),
                field=f"{place}.voters",
                hint="by: zone",
            )


def _check_money(one: Round, place: str) -> Iterator[Problem]:
    needed = _NEEDS.get(one.money)
    if needed is not None and needed not in one.data:
        words = _("«\u00a0%s\u00a0» demande un chiffre.") % MONEYS[one.money]
        yield Problem(words, field=f"{place}.{needed}")
    for name in {"amount", "share"} - {needed}:
        if name in one.data:
            yield _warning(
                _("L’argent de ce tour ne dépend pas de cette clé."), f"{place}.{name}", f"money: {one.money}"
            )


def _check_ties(rule: Rule) -> Iterator[Problem]:
    ties = rule.ties
    final = [place for place, name in enumerate(ties) if name in {"draw", "id"}]
    if ties and not final:
        yield Problem(
            _("Une égalité peut rester sans vainqueur."),
            field="ties",
            hint=_("Terminez par draw (tirage au sort) ou id."),
        )
    elif ties and final[0] < len(ties) - 1:
        yield _warning(_("Ce qui suit le tirage au sort ne sert jamais."), "ties")
    if "draw" in (ties or ["draw"]) and not rule.seed and not rule.seed_source:
        yield _warning(
            _("Personne ne sait d’où viendra la graine du tirage au sort."),
            "seed_source",
            _("Nommez un événement public qui suit la clôture du vote."),
        )


def _check_decisions(rule: Rule) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, one in enumerate(rule.decisions, 1):
        if one.project in seen:
            yield Problem(_("Deux décisions portent sur le même projet."), field=f"decisions.{number}.project")
        seen.add(one.project)
    decided = {one.project: one.decision for one in rule.decisions}
    for number, exclusive in enumerate(rule.exclusives, 1):
        if len(exclusive.projects) < 2:
            yield Problem(_("Il faut deux projets au moins."), field=f"exclusives.{number}.projects")
        kept = [project for project in exclusive.projects if decided.get(project) == "win"]
        open_still = [project for project in exclusive.projects if decided.get(project) != "lose"]
        if kept and len(open_still) > 1:
            yield Problem(
                _("%s est retenu par une décision, et ne peut pas exister avec les autres de cette liste.") % kept[0],
                field=f"exclusives.{number}.projects",
                hint=_("Ajoutez pour chacun des autres une décision qui l’écarte, avec sa raison."),
            )


def _exists(steps: list[str], rule: Rule) -> bool:
    """True when a dotted key names something of the rule; rounds are named by their identifier."""
    kind: type[Fielded] = type(rule)
    while steps:
        name, *steps = steps
        field: Field[Any] | None = kind.fields.get(name)
        if field is None:
            return False
        if isinstance(field, Group):
            kind = field.part
        elif isinstance(field, Rows):
            kind = field.part
            if steps and name == "rounds":
                if steps[0] not in {one.id for one in rule.rounds}:
                    return False
                steps = steps[1:]
        elif steps:
            return False
    return True
