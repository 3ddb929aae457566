"""What stands beside the form of a rule: the rule told back in sentences, the adopted text, what is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from backoffice import town_time
from backoffice.i18n import _
from backoffice.records import formview
from backoffice.records.formdata import Pairs, form_fields, to_raw
from backoffice.records.formview import References
from backoffice.services import services
from backoffice.vote import correcting
from backoffice.vote.election import Election
from participation.counting.contest import fingerprint, rule_of
from participation.counting.telling import rule_told
from participation.problems import Problem
from participation.records import Rule
from participation.records.base import read_fields
from participation.records.fields import Plain
from participation.records.rule import Clause, Correction
from site_builder import markdown


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the rule, the field that it comes from, and the articles of the adopted text that say so."""

    words: str
    anchor: str
    articles: Sequence[Clause]


def typed(record: Rule, pairs: Pairs) -> Rule:
    """The rule as the form holds it now, as far as it can be read; what no form shows stays."""
    data: dict[str, Plain] = read_fields(Rule, to_raw(Rule, pairs), lambda _refused: None)
    apart = {name: plain for name, plain in record.data.items() if name not in form_fields(Rule)}
    return Rule(apart | data, id=record.id, path=record.path)


def lines(record: Rule, election: Election) -> list[Line]:
    """The rule in sentences."""
    clauses = record.clauses
    told = rule_told(election.voice(rule_of(record)))
    return [Line(one.words, _anchor(record, one.key), [row for row in clauses if _says(row, one.key)]) for one in told]


def _says(clause: Clause, key: str) -> bool:
    """True when an article is about that sentence: the same key, or one below or above it."""
    return clause.key == key or clause.key.startswith(f"{key}.") or key.startswith(f"{clause.key}.")


def _anchor(record: Rule, key: str) -> str:
    """The id of the field on the page: rounds are named by their place there."""
    first, _dot, rest = key.partition(".")
    if first == "rounds" and rest:
        place = next((number for number, one in enumerate(record.rounds, 1) if one.id == rest), 1)
        return f"f-rounds-{place}"
    return f"f-{key.replace('.', '-')}"


def rule_beside(record: Rule, pairs: Pairs, errors: Sequence[Problem]) -> dict[str, Any]:
    """What the page of a rule needs besides its form."""
    content = services().content
    election = Election.of(content.snapshot(), record.edition)
    if election is None:
        return {"told": [], "adopted": "", "document": "", "correction": [], "election": None, "list_changed": False}
    today = town_time.today()
    asked = {f"{correcting.PREFIX}date": f"{today:%d/%m/%Y}"} | pairs
    views = formview.fields_of(
        Correction, correcting.ASKED, asked, correcting.PREFIX, lambda _to: References((), {}), content.languages()[:1]
    )
    formview.place_errors(views, errors)
    rules = election.edition.rules
    settled = record.settled_fingerprint("projects")
    return {
        "told": lines(typed(record, pairs), election),
        "adopted": Markup(markdown.render(rules, top=3)) if rules else "",  # noqa: S704 -- sanitised there
        "correction": views if record.frozen.rule else [],
        "election": election,
        "list_changed": bool(settled) and settled != fingerprint(election.contest),
        "missing": [_(problem.message) for problem in election.problems],
    }
