"""What one record says that cannot be, or is not enough: its life cycle, its dates, its money.

Only the record itself is looked at; what it refers to is checked in `links.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from participation import wording
from participation.checks import recurrence
from participation.checks.rules import check_rule
from participation.lifecycle import TABLES, allowed
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import Edition, Record
from participation.records.edition import PHASES
from participation.records.fields import Plain
from participation.records.project import STEP_KINDS


def surely_before(one: str, other: str) -> bool:
    """True when canonical date `one` lies before `other` whatever their missing months, days and hours are."""
    length = min(len(one), len(other))
    return one[:length] < other[:length]


def _warning(message: str, field: str, hint: str = "") -> Problem:
    return Problem(message, field=field, hint=hint, severity=Severity.WARNING)


# ---------------------------------------------------------------------------------------------- life cycle


def check_status(record: Record) -> Iterator[Problem]:
    """States that do not exist, do not follow each other, or lack what they need."""
    status: Sequence[Mapping[str, Plain]] = record.data.get("status", ())
    table = TABLES[record.type_name]
    before, day = "", ""
    for number, row in enumerate(status, 1):
        code = row.get("state", "")
        state = table.get(code)
        place = f"status.{number}"
        if state is None:
            if code:
                yield Problem(
                    _("L’état «\u00a0%s\u00a0» n’existe pas.") % code,
                    field=f"{place}.state",
                    hint=_("États possibles\u00a0: %s.") % ", ".join(table),
                )
            before = ""
            continue
        if before and before != code and not allowed(record.type_name, before, code):
            yield _warning(
                _("«\u00a0%(after)s\u00a0» ne suit pas «\u00a0%(before)s\u00a0» dans le cycle de vie.")
                % {"after": state.words, "before": table[before].words},
                f"{place}.state",
                _("Il manque peut-être un état entre les deux."),
            )
        if state.explains and not row.get("reason"):
            yield _warning(
                _("L’état «\u00a0%s\u00a0» demande une raison pour le public.") % state.words, f"{place}.reason"
            )
        date = row.get("date", "")
        if date and day and surely_before(date, day):
            yield _warning(_("Cet état est daté d’avant le précédent."), f"{place}.date")
        before, day = code, date or day
    if before:  # the present state
        for name in table[before].needs:
            if name not in record.data:
                yield _warning(
                    _("L’état «\u00a0%(state)s\u00a0» demande aussi «\u00a0%(field)s\u00a0».")
                    % {"state": table[before].words, "field": record.fields[name].label},
                    name,
                )


# --------------------------------------------------------------------------------------------------- dates

_STEP_DATES = (("planned_start", "planned_end"), ("actual_start", "actual_end"))


def check_project(record: Record) -> Iterator[Problem]:
    """Steps that end before they start, and more money paid than there is."""
    data = record.data
    for number, step in enumerate(data.get("steps", ()), 1):
        for start, end in _STEP_DATES:
            if start in step and end in step and surely_before(step[end], step[start]):
                words = step.get("title") or STEP_KINDS.get(step.get("kind", ""), "")
                yield _warning(
                    _("L’étape «\u00a0%s\u00a0» finit avant d’avoir commencé.") % words, f"steps.{number}.{end}"
                )
    ceiling = data.get("budget_revised") or data.get("budget_voted")
    if ceiling is not None:
        for name in ("budget_committed", "budget_paid"):
            if name in data and Decimal(data[name]) > Decimal(ceiling):
                yield _warning(
                    _("%(what)s (%(amount)s) dépasse le budget (%(ceiling)s).")
                    % {
                        "what": record.fields[name].subject,
                        "amount": wording.money(Decimal(data[name])),
                        "ceiling": wording.money(Decimal(ceiling)),
                    },
                    name,
                    _("Si le budget a changé, indiquez le budget révisé."),
                )


def check_event(record: Record) -> Iterator[Problem]:
    """Ends before starts, and a recurrence that calendars would not understand."""
    data = record.data
    rows = [("", data), *((f"exceptions.{number}.", row) for number, row in enumerate(data.get("exceptions", ()), 1))]
    for prefix, row in rows:
        if "start" in row and "end" in row and surely_before(row["end"], row["start"]):
            yield Problem(_("Le rendez-vous finit avant d’avoir commencé."), field=f"{prefix}end")
    if (rule := data.get("recurrence")) and (refused := recurrence.fault(rule)) is not None:
        yield Problem(refused.message, field="recurrence", hint=refused.hint)


# ------------------------------------------------------------------------------------------------- edition


def check_edition(record: Record) -> Iterator[Problem]:
    """Phases in an odd order, themes and envelopes declared twice, envelopes that do not make the budget."""
    assert isinstance(record, Edition)  # noqa: S101  # for mypy: called through a table of types
    yield from _check_phases(record.data.get("phases", ()))
    seen: set[str] = set()
    for number, theme in enumerate(record.data.get("themes", ()), 1):
        if theme.get("id") in seen:
            yield Problem(
                _("Le thème «\u00a0%s\u00a0» est déclaré deux fois.") % theme["id"], field=f"themes.{number}.id"
            )
        seen.add(theme.get("id", ""))
    yield from _check_envelopes(record)


def _check_phases(phases: Sequence[Mapping[str, Plain]]) -> Iterator[Problem]:
    order = list(PHASES)
    latest, where, what = "", -1, ""
    for number, phase in enumerate(phases, 1):
        code, start, end = phase.get("phase", ""), phase.get("start", ""), phase.get("end", "")
        place = f"phases.{number}"
        if not code:
            continue
        words = PHASES[code]
        if start and end and surely_before(end, start):
            yield Problem(_("La phase «\u00a0%s\u00a0» finit avant d’avoir commencé.") % words, field=f"{place}.end")
        if order.index(code) <= where:
            yield _warning(
                _("La phase «\u00a0%(this)s\u00a0» vient après «\u00a0%(before)s\u00a0», dans un ordre inhabituel.")
                % {"this": words, "before": what},
                f"{place}.phase",
                _("Rangez les phases dans l’ordre, chacune une fois."),
            )
        elif start and latest and surely_before(start, latest):
            yield _warning(
                _("La phase «\u00a0%(this)s\u00a0» commence avant la fin de «\u00a0%(before)s\u00a0».")
                % {"this": words, "before": what},
                f"{place}.start",
            )
        where, what = order.index(code), words
        latest = end or start or latest


def _check_envelopes(edition: Edition) -> Iterator[Problem]:
    envelopes: Sequence[Mapping[str, Plain]] = edition.data.get("envelopes", ())
    seen: set[tuple[str, ...]] = set()
    for number, envelope in enumerate(envelopes, 1):
        share = tuple(str(envelope.get(name, "")) for name in ("zone", "theme", "label"))
        if share in seen:
            yield Problem(
                _("Une autre enveloppe existe déjà pour la même zone et le même thème."),
                field=f"envelopes.{number}",
                hint=_("Réunissez les deux, ou donnez à chacune son intitulé."),
            )
        seen.add(share)
    if edition.budget is None or not envelopes or any("amount" not in envelope for envelope in envelopes):
        return
    total = sum((Decimal(envelope["amount"]) for envelope in envelopes), Decimal(0))
    if total != edition.budget:
        yield _warning(
            _("Les enveloppes font %(total)s, le budget de l’édition est de %(budget)s.")
            % {"total": wording.money(total), "budget": wording.money(edition.budget)},
            "envelopes",
        )


Check = Callable[[Record], Iterator[Problem]]
CHECKS: dict[str, tuple[Check, ...]] = {
    "idea": (check_status,),
    "project": (check_status, check_project),
    "event": (check_event,),
    "edition": (check_edition,),
    "rule": (check_rule,),
}
