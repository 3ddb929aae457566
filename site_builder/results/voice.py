"""How results speak: titles as the site shows them, names of zones and themes, one short word for each reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from participation.counting.trace import WINNING, Step
from participation.counting.words import Voice, clause_key, sentence
from participation.messages import mark as _
from site_builder.addresses import of_record
from site_builder.cards import Card, text
from site_builder.engine import Engine
from site_builder.index import Index
from site_builder.results.names import of_results
from site_builder.results.reading import Shown

LABELS = {
    "won": _("Lauréat"),
    "won_part": _("Lauréat en partie"),
    "hand_win": _("Retenu par décision"),
    "hand_lose": _("Écarté par décision"),
    "over_cap": _("Trop cher pour le règlement"),
    "threshold": _("Sous le seuil"),
    "exclusive": _("Incompatible"),
    "owner": _("Même porteur"),
    "winners": _("Plus de place"),
    "money": _("Trop cher pour ce qui restait"),
    "stopped": _("Après l’arrêt du comptage"),
    "support": _("Soutiens sans assez d’argent"),
    "no_round": _("Dans aucun tour"),
}
"""The reason of a step in two or three words."""


class Line(NamedTuple):
    """What a project's own page says of the vote; `rank` counts all projects by their votes, equal ones the same."""

    rank: int
    votes: int
    points: int | None
    label: str
    won: bool
    why: str
    href: str


def voice_of(engine: Engine, index: Index, shown: Shown, projects: Iterable[str] | None = None) -> Voice:
    """The voice of a result in the language of the site; `projects` (all by default) have the titles of their pages."""
    contest = shown.outcome.contest
    wanted = contest.candidates if projects is None else [id for id in projects if id in contest.candidates]
    named = {}
    for id in wanted:
        one, title = contest.candidates[id], title_of(index, id)
        named[id] = replace(one, title=title) if title and title != one.title else one
    return Voice(
        replace(contest, candidates=named), shown.outcome.rule, _names(engine), str(engine.lang), engine.translate
    )


@lru_cache(maxsize=8)
def _names(engine: Engine) -> dict[str, str]:
    """Zones and themes by identifier: asked for on the page of every project."""
    return {id: str(name) for id, name in {**engine.town.zones, **engine.town.themes}.items()}


def title_of(index: Index, project: str) -> str:
    """The title of a project's page; "" when it has none."""
    card = index.card(project)
    return str(card.title) if card is not None else ""


def why(step: Step, voice: Voice, shown: Shown) -> str:
    """The sentence on a step, with the article of the rules that settled it."""
    told = sentence(step, voice)
    article = article_of(step, voice, shown)
    return f"{told.removesuffix('.')} ({article})." if article else told


def article_of(step: Step, voice: Voice, shown: Shown) -> str:
    """`Article 3` of the rules as adopted; "" where the town linked none to this clause."""
    key = clause_key(step)
    clauses = shown.outcome.record.get("clauses", ())
    return next((text(row["article"], voice.lang) for row in clauses if row.get("key") == key and "article" in row), "")


def line(engine: Engine, index: Index, card: Card, base: str) -> Line | None:
    """What the page of a project says of the vote; None before the results and for a project that was not in it."""
    shown = engine.results.of(card.edition)
    if shown is None or card.id not in shown.outcome.result.decided:
        return None
    outcome, step = shown.outcome, shown.outcome.result.decided[card.id]
    voice = voice_of(engine, index, shown, shown.related(card.id))
    return Line(
        shown.ranks[card.id],
        outcome.result.votes[card.id],
        outcome.result.points[card.id] if outcome.rule.order == "points" else None,
        engine.translate(LABELS[step.reason]),
        step.reason in WINNING,
        why(step, voice, shown),
        f"{base}{of_results(card.edition)}#{anchor(card.id)}",
    )


def anchor(project: str) -> str:
    """The row of a project in the ranking."""
    return f"p-{project}"


def page_of(index: Index, project: str, base: str) -> str:
    """The address of a project's page; "" when it has none."""
    return f"{base}{of_record('project', project)}" if index.card(project) is not None else ""
