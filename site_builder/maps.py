"""Maps drawn on the town's plan: SVG that asks for nothing but the plan's own file, with a mark for each record.

Shapes differ by family of states, so that colour is never alone. What stands on a map is decided in `views/plans.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from site_builder.tongues import spoken

SHAPES = {
    "done": '<circle r="15"/>',
    "work": '<path d="M0-18L18 0 0 18-18 0z"/>',
    "study": '<rect x="-14" y="-14" width="28" height="28" rx="3"/>',
    "stop": '<path d="M0-18L18 14H-18z"/>',
    "over": '<path d="M-8-15H8L15-7V7L8 15H-8L-15 7V-7z"/>',
    "vote": '<path d="M0-18L5-6 18-5 8 4 11 17 0 10-11 17-8 4-18-5-5-6z"/>',
}
APART = 64
"""Marks lie this far apart (in the units of a map 800 wide), so that a finger finds each of them on a phone."""
LARGE, MEDIUM, SMALL = 800, 560, 400
"""Pixels that the map of a page of its own, of half a page and of a side column is about as wide as."""
_NARROWEST = 150.0  # units that a part of the plan shows at least
_LABELLED = 14  # zones whose names fit on a map
_LETTER = 8.6  # units, at the size of a zone's name


class Mark(NamedTuple):
    """A record, or a number of them in one zone: where it lies, what is said of it and where it leads."""

    x: float
    y: float
    words: str
    href: str = ""
    family: str = ""
    number: int = 1
    zone: str = ""


class Area(NamedTuple):
    """A zone on a map: the number of its path (or -1), where it leads, what is said of it, its name, its middle."""

    number: int
    href: str
    words: str
    name: str
    x: int
    y: int
    width: int


class View(NamedTuple):
    """The part of a plan that a map shows: left, top, width, height; and how wide the map is on a large screen."""

    left: float
    top: float
    width: float
    height: float
    pixels: int = LARGE

    @property
    def scale(self) -> float:
        """How large marks are drawn, so that they look the same on every map."""
        return round(self.width / self.pixels, 3)


def whole(size: list[int]) -> View:
    """All of a plan."""
    return View(0, 0, size[0], size[1])


def around(box: tuple[float, float, float, float], pixels: int) -> View:
    """The part of a plan around a box (left, top, right, bottom), never taller than wide."""
    left, top, right, bottom = box
    width = max((right - left) * 1.2, (bottom - top) * 1.5, _NARROWEST)
    height = max((bottom - top) * 1.2, width * 0.62)
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    return View(round(middle_x - width / 2), round(middle_y - height / 2), round(width), round(height), pixels)


def spread(marks: Iterable[Mark], apart: float) -> list[list[Mark]]:
    """Marks gathered so that no two groups lie nearer than `apart`; the first of a group is where it stands."""
    groups: list[list[Mark]] = []
    near: dict[tuple[int, int], list[int]] = {}
    for mark in marks:
        column, line = int(mark.x // apart), int(mark.y // apart)
        found = -1
        for cell in ((column + a, line + b) for a in (-1, 0, 1) for b in (-1, 0, 1)):
            for number in near.get(cell, ()):
                first = groups[number][0]
                if (first.x - mark.x) ** 2 + (first.y - mark.y) ** 2 < apart * apart:
                    found = number
                    break
            if found >= 0:
                break
        if found >= 0:
            groups[found].append(mark)
        else:
            near.setdefault((column, line), []).append(len(groups))
            groups.append([mark])
    return groups


def draw(
    asset: str, view: View, areas: Iterable[Area], groups: list[list[Mark]], pins: Iterable[str], label: str
) -> str:
    """The map: areas that lead to their pages, their names, the pins. `asset` is the address of the plan's file."""
    listed = list(areas)
    shown = [_area(asset, area) for area in listed]
    names = []
    if len(listed) <= _LABELLED:
        names = [_name(area, view, groups) for area in listed if len(area.name) * _LETTER < area.width * 1.1]
    return _svg(view, label, (*shown, *names, *pins), "group")


def part(asset: str, view: View, here: int, pins: Iterable[str], label: str, role: str = "group") -> str:
    """A map of a part of the plan: one zone in another colour, only the pins may lead somewhere."""
    zone = f'<use class="zone is-here" href="{asset}#z{here}"/>' if here >= 0 else ""
    return _svg(view, label, (f'<use class="zone" href="{asset}#plan"/>{zone}', *pins), role)


def pin(group: list[Mark], scale: float, words: str, href: str) -> str:
    """One group of marks: the shape of its family, or a disc with their number."""
    first = group[0]
    count = sum(mark.number for mark in group)
    if count == 1:
        inner, kind = SHAPES[first.family or "over"], first.family or "over"
    else:
        radius = 18 if count < 100 else 23
        inner, kind = f'<circle r="{radius}"/><text y="6">{count}</text>', "many"
    said = escape(words)
    label = f'aria-label="{said}"{spoken(words)}'
    link = f'<a href="{escape(href)}" {label}>{inner}</a>' if href else f'<g role="img" {label}>{inner}</g>'
    return f'<g class="pin is-{kind}" transform="{_at(first, scale)}">{link}</g>'


def dot(mark: Mark, scale: float) -> str:
    """The mark of the record whose page this is: it leads nowhere."""
    kind = mark.family or "over"
    return f'<g class="pin is-{kind}" transform="{_at(mark, scale)}">{SHAPES[kind]}</g>'


def _at(mark: Mark, scale: float) -> str:
    return f"translate({mark.x:.0f} {mark.y:.0f}) scale({scale:g})"


def _svg(view: View, label: str, parts: Iterable[str], role: str) -> str:
    box = f"{view.left:g} {view.top:g} {view.width:g} {view.height:g}"
    return f'<svg viewBox="{box}" role="{role}" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def _area(asset: str, area: Area) -> str:
    if area.number < 0:
        return ""
    shape = f'<use class="zone" href="{asset}#z{area.number}"/>'
    return f'<a href="{escape(area.href)}" aria-label="{escape(area.words)}"{spoken(area.words)}>{shape}</a>'


def _name(area: Area, view: View, groups: list[list[Mark]]) -> str:
    """The name of a zone, moved up or down where a mark would hide it."""
    size = 16 * view.scale
    half = len(area.name) * _LETTER * view.scale / 2 + size
    marks = [group[0] for group in groups if abs(group[0].x - area.x) < half]
    spots = [area.y + step * size for step in (0.3, -1.7, 2.2, -3, 3.5)]
    free = (y for y in spots if all(abs(mark.y - y + size / 3) > 1.6 * size for mark in marks))
    y = next(free, spots[0])
    place = f'x="{area.x}" y="{y:.0f}" style="font-size:{size:g}px"'
    return f'<text class="name" {place}{spoken(area.name)}>{escape(area.name)}</text>'
