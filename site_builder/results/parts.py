"""What a results page tells besides the ranking: ties and draws, decisions, another rule, the rule clause by clause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from participation.counting.draw import number as drawn
from participation.counting.telling import Told
from participation.counting.words import Voice
from participation.messages import mark as _
from participation.records.rule import METHODS, TIES
from site_builder.cards import text
from site_builder.engine import Engine
from site_builder.index import Index
from site_builder.results import turnout
from site_builder.results.reading import Shown
from site_builder.results.voice import page_of


def ties(engine: Engine, shown: Shown, voice: Voice) -> list[dict[str, Any]]:
    """Each tie once, with what decided it and, for a draw, the number that each project drew."""
    found: dict[tuple[tuple[str, ...], str], dict[str, Any]] = {}
    for step in shown.outcome.result.steps:
        if step.tie is None:
            continue
        tie, seed = step.tie, shown.outcome.rule.seed
        criterion = engine.translate(TIES[tie.by]) if tie.by else engine.translate(_("pas encore départagés"))
        found.setdefault(
            (tie.projects, tie.by),
            {
                "projects": [
                    {"title": voice.title(id), "id": id, "drawn": drawn(seed, id) if tie.by == "draw" else ""}
                    for id in tie.projects
                ],
                "by": criterion,
                "draw": tie.by == "draw",
            },
        )
    return list(found.values())


def decisions(engine: Engine, shown: Shown, voice: Voice) -> list[dict[str, Any]]:
    """What was decided by hand, with its reason."""
    return [
        {
            "title": voice.title(row["project"]),
            "won": row.get("decision") == "win",
            "reason": text(row.get("reason", ""), engine.lang),
            "date": row.get("date", ""),
            "outside": bool(row.get("outside")),
        }
        for row in shown.outcome.record.get("decisions", ())
    ]


def others(engine: Engine, index: Index, shown: Shown, voice: Voice, base: str) -> list[dict[str, Any]]:
    """What the other usual rule would have given: the projects that it adds and those that it drops."""
    winners, outcome = set(shown.outcome.result.winners), shown.outcome

    def listed(projects: set[str]) -> list[tuple[str, str]]:
        order = sorted(projects, key=lambda one: (-outcome.result.votes[one], one))
        return [(voice.title(id), page_of(index, id, base)) for id in order]

    return [
        {
            "method": engine.translate(METHODS[other.method]),
            "gained": listed(set(other.winners) - winners),
            "lost": listed(winners - set(other.winners)),
            "left": voice.money(other.left),
            "served": turnout.percent(engine, other.served, outcome.ballots),
        }
        for other in outcome.others
    ]


def told(engine: Engine, shown: Shown, one: Told) -> dict[str, str]:
    """A sentence of the rule with the clause of the text as adopted that says it."""
    rows = [row for row in shown.outcome.record.get("clauses", ()) if row.get("key") == one.key]
    row: Mapping[str, Any] = rows[0] if rows else {}
    return {
        "words": one.words,
        "article": text(row.get("article", ""), engine.lang),
        "quote": text(row.get("quote", ""), engine.lang),
        "anchor": str(row.get("anchor", "")),
    }
