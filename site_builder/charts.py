"""Bars drawn as SVG for charts: lengths in percent, so that they fit any width; colours come from the stylesheet.

A pattern and a number tell parts of a bar apart, never colour alone. Words stand beside the bars as HTML, where they
wrap and grow with the reader's letters. What a chart says is decided in `views/charts.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from typing import NamedTuple

from markupsafe import Markup

_ROOM = 3  # percent of the width that each figure of a number needs
_LINE = '<path d="{}" stroke="currentColor" stroke-width="{}" fill="none"/>'
_PATTERNS = {
    "work": (8, _LINE.format("M-2 10L10-2M-2 2L2-2M6 10L10 6", 1.6)),
    "study": (7, '<circle cx="3.5" cy="3.5" r="1.3" fill="currentColor"/>'),
    "stop": (6, _LINE.format("M3 0V6", 1.4)),
    "over": (8, _LINE.format("M0 0L8 8M8 0L0 8", 1)),
    "vote": (6, _LINE.format("M0 3H6", 1.4)),
}
_PATTERNS |= {"second": _PATTERNS["work"], "third": _PATTERNS["study"]}
"""Family of states, or second and third measure -> side of the tile and its drawing; any other family is plain."""


class Part(NamedTuple):
    """A part of a bar: how much, its family of colour and pattern, its words for those who cannot see it."""

    value: int
    family: str
    words: str


def definitions() -> Markup:
    """The patterns that bars of a page refer to: once on each page with charts."""
    tiles = "".join(
        f'<pattern id="m-{family}" width="{side}" height="{side}" patternUnits="userSpaceOnUse">{drawing}</pattern>'
        for family, (side, drawing) in _PATTERNS.items()
    )
    return _safe(f'<svg class="lr-patterns" width="0" height="0" aria-hidden="true" focusable="false">{tiles}</svg>')


def bar(parts: Iterable[Part], most: int, numbers: bool = False) -> Markup:
    """One bar of several parts; `most` is what the whole width stands for.

    With `numbers` each part says its own where it fits and the bar is a picture with words; without, the figure
    stands beside it and the bar says nothing to a screen reader.
    """
    drawn, left, shown = [], Decimal(0), [part for part in parts if part.value > 0]
    for part in shown:
        width = Decimal(part.value * 100) / Decimal(most or 1)
        drawn.append(_part(part, left, width, numbers))
        left += width
    said = escape(", ".join(part.words for part in shown))
    told = f'role="img" aria-label="{said}"' if numbers and said else 'aria-hidden="true" focusable="false"'
    return _safe(f'<svg class="lr-bar" {told}>{"".join(drawn)}</svg>')


def swatch(family: str) -> Markup:
    """A sample of a family's colour and pattern, for a legend."""
    inner = _rectangles(family, "0", "100%")
    return _safe(f'<svg class="lr-swatch is-{family}" aria-hidden="true" focusable="false">{inner}</svg>')


def _part(part: Part, left: Decimal, width: Decimal, numbers: bool) -> str:
    inner = _rectangles(part.family, _percent(left), _percent(width))
    said = str(part.value)
    if numbers and width >= _ROOM * (len(said) + 1):
        inner += f'<text x="{_percent(left + width / 2)}" y="50%" dy=".35em">{said}</text>'
    return f'<g class="is-{part.family}">{inner}</g>'


def _rectangles(family: str, left: str, width: str) -> str:
    place = f'x="{left}" width="{width}" height="100%"'
    pattern = f'<rect {place} fill="url(#m-{family})"/>' if family in _PATTERNS else ""
    return f'<rect class="full" {place}/>{pattern}'


def _percent(value: Decimal) -> str:
    return f"{value.quantize(Decimal('.01')).normalize():f}%"


def _safe(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704  # our own drawing, its words escaped above
