"""The figures of one entry: what a line does to them, what must be equal, what is said when it is not.

A figure has a dotted name: `found`, `signed`, `valid`, `void.blank`, `votes.2026-P012`, `points.2026-P012`. In an entry
ballot by ballot all but `found` and `signed` follow from the lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backoffice.i18n import _, ngettext
from backoffice.registry.tallies import Apply, Figures
from backoffice.vote.election import Election, number_of
from participation import wording
from participation.counting.ballots import Ballot, fault, points_of
from participation.counting.typed import typed_again
from participation.records.polling import VOID

BY_HAND = ("illegible", "marked", "envelope", "other")
LARGEST = 999_999


def has_points(election: Election) -> bool:
    """True where projects get points besides votes."""
    return election.rule.paper.kind in ("points", "ranking")


def names(election: Election) -> list[str]:
    """Every figure of the sheet, in its order."""
    projects = sorted(election.contest.candidates)
    found = ["signed", "found", "valid", *(f"void.{code}" for code in VOID)]
    found += [f"votes.{project}" for project in projects]
    return found + ([f"points.{project}" for project in projects] if has_points(election) else [])


def label(election: Election, name: str) -> str:
    """The words for a figure: `Bulletins trouvés`, `N° 12, Un pont`."""
    kind, _dot, rest = name.partition(".")
    own = {"signed": _("Émargements"), "found": _("Bulletins trouvés"), "valid": _("Bulletins valables")}
    if kind in own:
        return own[kind]
    if kind == "void":
        return _("Nuls : %s") % _(VOID.get(rest, rest))
    words = _("N° %(number)s, %(title)s") % {"number": number_of(rest), "title": election.voice().title(rest)}
    return _("%s (points)") % words if kind == "points" else words


def numbers(election: Election) -> dict[str, str]:
    """What stands on the ballot paper -> project: the number, and the identifier without its edition."""
    found: dict[str, str] = {}
    for project in election.contest.candidates:
        found[project.partition("-")[2].upper()] = project
        found[number_of(project).upper()] = project
    return found


def ballot_from(plain: Mapping[str, Any]) -> Ballot:
    """A ballot as a line keeps it."""
    return Ballot(
        tuple(plain["choices"]),
        tuple(plain.get("points", ())),
        plain.get("zone", ""),
        bool(plain.get("youth", False)),
        plain.get("void", ""),
    )


def plain_of(ballot: Ballot) -> dict[str, Any]:
    """A ballot as a line keeps it; what it does not say is left out."""
    told = {"points": list(ballot.points), "zone": ballot.zone, "youth": ballot.youth, "void": ballot.void}
    return {"choices": list(ballot.choices)} | {name: value for name, value in told.items() if value}


def ballot_words(election: Election, ballot: Ballot) -> str:
    """`3 12 7`, or why it was put aside."""
    if ballot.void:
        return _(VOID.get(ballot.void, ballot.void))
    own = {project: number_of(project) for project in election.contest.candidates}
    words = typed_again(ballot, own)
    parts = [words, election.names.get(ballot.zone, ballot.zone), _("jeune") if ballot.youth else ""]
    return ", ".join(part for part in parts if part)


def counting(election: Election) -> Apply:
    """What a line does to the figures of an entry."""
    rule, contest = election.rule, election.contest

    def apply(figures: Figures, line: Mapping[str, Any], sign: int) -> None:
        if "name" in line:  # a total: what it became, and what it was before
            value = line["after"] if sign > 0 else line["before"]
            if value is None:
                figures.pop(line["name"], None)
            else:
                figures[line["name"]] = value
            return
        ballot = ballot_from(line)
        reason = fault(ballot, rule, contest)
        _add(figures, f"void.{reason}" if reason else "valid", sign)
        if not reason:
            for choice in ballot.choices:
                _add(figures, f"votes.{choice}", sign)
            if rule.paper.kind in ("points", "ranking"):
                for choice, points in points_of(ballot, rule):
                    _add(figures, f"points.{choice}", sign * points)

    return apply


def _add(figures: Figures, name: str, number: int) -> None:
    figures[name] = figures.get(name, 0) + number
    if not figures[name]:
        del figures[name]


def void_sum(figures: Mapping[str, int]) -> int:
    """All void ballots, blank ones among them."""
    return sum(value for name, value in figures.items() if name.startswith("void."))


def balance(figures: Mapping[str, int]) -> tuple[bool, str]:
    """Whether found = valid + blank + void, and the sentence that says so with its figures."""
    valid, blank, found = figures.get("valid", 0), figures.get("void.blank", 0), figures.get("found")
    void = void_sum(figures) - blank
    words = {"valid": _n(valid), "blank": _n(blank), "void": _n(void), "sum": _n(valid + blank + void)}
    if found is None:
        told = _("%(valid)s valables + %(blank)s blancs + %(void)s nuls = %(sum)s. Écrivez combien ont été trouvés.")
        return False, told % words
    words["found"] = _n(found)
    if found == valid + blank + void:
        return True, _("Le compte est juste : %(valid)s + %(blank)s + %(void)s = %(found)s.") % words
    words["gap"] = _n(abs(found - valid - blank - void))
    if found > valid + blank + void:
        told = _("%(valid)s + %(blank)s + %(void)s = %(sum)s, et %(found)s trouvés : il en manque %(gap)s.")
    else:
        told = _("%(valid)s + %(blank)s + %(void)s = %(sum)s, et %(found)s trouvés : il y en a %(gap)s de trop.")
    return False, told % words


def faults(election: Election, figures: Mapping[str, int]) -> list[str]:
    """What cannot be: each with its figures."""
    right, words = balance(figures)
    return [*([] if right else [words]), *_impossible(election, figures)]


def _impossible(election: Election, figures: Mapping[str, int]) -> Iterator[str]:
    valid, paper = figures.get("valid", 0), election.rule.paper
    votes = {name: value for name, value in figures.items() if name.startswith("votes.")}
    for name, value in votes.items():
        if value > valid:
            words = {"what": label(election, name), "votes": _n(value), "valid": _n(valid)}
            yield _("%(what)s : %(votes)s voix, plus que de bulletins valables (%(valid)s).") % words
    if paper.maximum is not None and sum(votes.values()) > valid * paper.maximum:
        words = {"votes": _n(sum(votes.values())), "most": _n(valid * paper.maximum), "each": _n(paper.maximum)}
        yield (
            _("%(votes)s voix en tout : avec %(each)s choix par bulletin, il ne peut y en avoir que %(most)s.") % words
        )
    if sum(votes.values()) < valid * max(paper.minimum, 1):
        words = {"votes": _n(sum(votes.values())), "valid": _n(valid)}
        yield _("%(votes)s voix en tout pour %(valid)s bulletins valables : il en manque.") % words


def advice(figures: Mapping[str, int]) -> str:
    """What is not wrong but to be written down: more or fewer signatures than ballots."""
    signed, found = figures.get("signed"), figures.get("found")
    if signed is None or found is None or signed == found:
        return ""
    gap = abs(signed - found)
    if signed > found:
        return ngettext(
            "%(num)s émargement de plus que de bulletins.", "%(num)s émargements de plus que de bulletins.", gap
        ) % {"num": gap}
    return ngettext(
        "%(num)s bulletin de plus que d’émargements.", "%(num)s bulletins de plus que d’émargements.", gap
    ) % {"num": gap}


def typed_figures(
    election: Election, pairs: Sequence[tuple[str, str]], mode: str
) -> tuple[dict[str, int | None], list[str]]:
    """The figures of a form, None where one was emptied; sentences for those that are no numbers."""
    allowed = set(names(election)) if mode == "totals" else {"found", "signed"}
    found: dict[str, int | None] = {}
    refused = []
    for name, text in pairs:
        if name not in allowed:
            continue
        plain = "".join(text.split())
        if not plain:
            found[name] = None
        elif plain.isdecimal() and int(plain) <= LARGEST:
            found[name] = int(plain)
        else:
            words = _("%(what)s : « %(typed)s » n’est pas un nombre.")
            refused.append(words % {"what": label(election, name), "typed": text[:40]})
    return found, refused


def _n(value: int) -> str:
    return wording.number(value)
