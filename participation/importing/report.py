"""A plan in words, for a terminal: numbers first, then what changes field by field, then what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from participation.importing.plan import Kind, Plan, Row
from participation.messages import mark as _
from participation.problems import Problem, Severity
from participation.records import TYPES
from participation.wording import number

FEW = 10
LONGEST_VALUE = 200
HEADS = {
    Kind.NEW: _("nouveau"),
    Kind.CHANGED: _("modifié"),
    Kind.UNCHANGED: _("inchangé"),
    Kind.ERROR: _("en erreur"),
}


def lines(plan: Plan, *, everything: bool = False) -> Iterator[str]:
    """The report, line by line; long lists are cut unless `everything` is asked for, changed fields never."""
    yield plan.source
    yield from _numbers(plan)
    for row in plan.of_kind(Kind.CHANGED):
        yield ""
        yield f"{row.id}  {row.title}"
        for change in row.changes:
            yield f"    {change.label}\u00a0: {_value(change.before)} → {_value(change.after)}"
    yield from _new(plan.of_kind(Kind.NEW), everything=everything)
    faulty = [problem for problem in plan.problems if problem.severity is Severity.ERROR]
    warnings = [problem for problem in plan.problems if problem.severity is Severity.WARNING]
    yield from _problems(_("Fiches en erreur, qui ne sont pas reprises"), faulty, everything=everything)
    yield from _problems(_("À savoir"), warnings, everything=everything)


def _numbers(plan: Plan) -> Iterator[str]:
    counts = plan.counts()
    names = list(dict.fromkeys(row.type_name for row in plan.rows))
    if not names:
        return
    width = max(len(TYPES[name].title_words) for name in names)
    yield ""
    yield " " * width + "".join(f"{words:>12}" for words in HEADS.values())
    for name in names:
        figures = "".join(f"{number(counts.get((name, kind), 0)):>12}" for kind in HEADS)
        yield f"{TYPES[name].title_words:<{width}}{figures}"


def _new(rows: list[Row], *, everything: bool) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield _("Nouvelles fiches (%s)") % number(len(rows))
    shown = rows if everything else rows[:FEW]
    for row in shown:
        yield f"    {row.id}  {row.title}"
    if len(shown) < len(rows):
        yield _("    … et %s autres (--all les montre toutes)") % number(len(rows) - len(shown))


def _problems(head: str, problems: list[Problem], *, everything: bool) -> Iterator[str]:
    if not problems:
        return
    yield ""
    yield f"{head} ({number(len(problems))})"
    for first, others in _alike(problems, everything=everything):
        more = _(" [de même\u00a0: %s]") % number(others) if others else ""
        yield f"    {first}{more}"


def _alike(problems: Iterable[Problem], *, everything: bool) -> Iterator[tuple[Problem, int]]:
    """Problems in the same words at the same field are told once, with their number."""
    groups: dict[object, list[Problem]] = {}
    for problem in problems:
        key = id(problem) if everything else (problem.file, problem.field, problem.message)
        groups.setdefault(key, []).append(problem)
    return ((group[0], len(group) - 1) for group in groups.values())


def _value(words: str) -> str:
    flat = " ".join(words.split(" ")).replace("\n", " ")
    return (flat if len(flat) <= LONGEST_VALUE else flat[: LONGEST_VALUE - 1] + "…") or _("(rien)")
