"""The few facts by which a record is filtered, sorted and shown in a browser: one short JSON list for each.

    [id, title, summary, zone, theme, state, amount, day, longitude, latitude, picture, progress]

`zone` is "*" for the whole territory, `amount` whole units of money or null, `longitude` and `latitude` are
millionths of a degree or null, `progress` is null or [segments, done, code of the step under way, its own title]. On
a site in several languages a last value may follow: texts in another language than the page's (`{"title": "fr"}`).
"""

from __future__ import annotations

import json

from site_builder.cards import Card, text

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SUMMARY = 150  # characters


def facts_of(card: Card) -> str:
    """The facts of a project or an idea as JSON."""
    progress = card.progress
    steps = None
    if progress is not None and progress.total:
        title = progress.current_title
        named = title if isinstance(title, str) else text(title, "")
        steps = [progress.total, progress.done, progress.current, named]
    located = card.longitude is not None and card.latitude is not None
    return _JSON.encode(
        [
            card.id,
            card.title,
            card.summary if len(card.summary) <= _SUMMARY else f"{card.summary[: _SUMMARY - 1].rstrip()}…",
            "*" if card.more.get("whole") else card.zone,
            card.theme,
            card.state,
            round(float(card.amount)) if card.amount else None,
            card.day[:10],
            round((card.longitude or 0) * 1_000_000) if located else None,
            round((card.latitude or 0) * 1_000_000) if located else None,
            card.image,
            steps,
            *([card.more["foreign"]] if "foreign" in card.more else []),
        ]
    )
