"""The picture that messengers show of a page: title, state and place on the town's own colours. Pillow draws it.

An image has no fonts of its own: the letters are Lato, from the package that the locks name. Every area has one ink
on one paper, so a picture is a palette of some fifty colours and weighs 10 to 20 kB.
"""

from __future__ import annotations

import io
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import font_lato
from PIL import Image, ImageDraw, ImageFont

from site_builder.colours import Scheme, schemes
from site_builder.look import Colours
from site_builder.sharing.names import CARD_SIZE

VERSION = 1  # raise it when cards are drawn another way
_WIDTH, _HEIGHT = CARD_SIZE
_MARGIN, _BAND, _RULE = 80, 140, 12  # the band below holds state and place, the rule is the line above it
_TITLE_TOP, _TITLE_FOOT = 150, _HEIGHT - _BAND - _RULE - 36
_SIZES = (92, 84, 76, 68, 60, 54, 48, 42)
_MOST_LINES = 6
_LEVELS = 16  # shades from paper to ink
_THEME = Scheme("#0b5351", "#073a39", "#ffffff", "#e1efec")  # the theme's own, for a town that gives none
_NO_BREAK = str.maketrans({"\u202f": "\u00a0", "\u2011": "-", "\t": " ", "\n": " "})
Font = ImageFont.FreeTypeFont


class Words(NamedTuple):
    """All that a card says and the colours it says it in: what it depends on, and nothing else."""

    title: str
    site: str
    state: str = ""
    place: str = ""
    brand: str = ""
    brand_dark: str = ""
    tint: str = ""


def draw(words: Words) -> bytes:
    """The card as PNG."""
    light = _scheme(Colours(words.brand, words.brand_dark, words.tint))
    canvas = Image.new("L", CARD_SIZE, 0)
    drawing = ImageDraw.Draw(canvas)
    width = _WIDTH - 2 * _MARGIN
    drawing.text((_MARGIN, 64), _cut(_drawable(words.site), _regular(36), width), fill=255, font=_regular(36))
    font, lines = _set(_drawable(words.title), width, _TITLE_FOOT - _TITLE_TOP)
    step = _step(font)
    top = _TITLE_TOP + (_TITLE_FOOT - _TITLE_TOP - step * len(lines)) / 2
    for number, line in enumerate(lines):
        drawing.text((_MARGIN, top + number * step), line, fill=255, font=font)
    made = canvas.point(_shades(0)).convert("P")
    made.paste(3 * _LEVELS, (0, _HEIGHT - _BAND - _RULE, _WIDTH, _HEIGHT - _BAND))
    _foot(made, words)
    ramps = [(light.brand, light.on_brand), (light.tint, light.brand_dark), (light.brand_dark, "#ffffff")]
    made.putpalette([part for paper, ink in ramps for part in _ramp(paper, ink)] + list(_rgb(light.brand_dark)))
    data = io.BytesIO()
    made.save(data, "PNG", compress_level=6)
    return data.getvalue()


def _scheme(colours: Colours) -> Scheme:
    found = schemes(colours)
    return found[0] if found else _THEME


def _foot(made: Image.Image, words: Words) -> None:
    """The band: the state as a label, then the place."""
    left = _MARGIN
    top = _HEIGHT - _BAND
    band = Image.new("L", (_WIDTH, _BAND), 0)
    state, place = _drawable(words.state), _drawable(words.place)
    font = _bold(38)
    state = _cut(state, font, _WIDTH - 2 * _MARGIN - 48)
    label = round(_length(state, font)) + 48 if state else 0
    if place and (room := _WIDTH - _MARGIN - left - label - 28) > 120:
        start = left + (label + 28 if label else 0)
        ImageDraw.Draw(band).text((start, _BAND / 2), _cut(place, _regular(38), room), 255, _regular(38), anchor="lm")
    made.paste(band.point(_shades(1)).convert("P"), (0, top))
    if state:
        tag = Image.new("L", (label, 72), 0)
        ImageDraw.Draw(tag).text((24, 36), state, 255, font, anchor="lm")
        made.paste(tag.point(_shades(2)).convert("P"), (left, top + (_BAND - 72) // 2))


def _set(title: str, width: int, height: int) -> tuple[Font, list[str]]:
    """The largest letters in which a title fits, and its lines; a title too long for the smallest is cut."""
    font, lines = _bold(_SIZES[-1]), list[str]()
    for size in _SIZES:
        font = _bold(size)
        lines = _wrapped(title, font, width)
        if len(lines) * _step(font) <= height and len(lines) <= _MOST_LINES:
            return font, lines
    kept = lines[: min(_MOST_LINES, int(height // _step(font)))]
    kept[-1] = _cut(f"{kept[-1]} {lines[len(kept)]}", font, width)
    return font, kept


def _wrapped(text: str, font: Font, width: int) -> list[str]:
    """Lines no wider than `width`, broken at spaces; a longer word is broken where it must be."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if _length(longer, font) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while _length(line, font) > width:
            fits = max(1, next(n for n in range(1, len(line) + 1) if _length(line[:n], font) > width) - 1)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line or not lines else lines


def _cut(text: str, font: Font, width: float) -> str:
    """The text, shortened by an ellipsis to `width`."""
    if _length(text, font) <= width:
        return text
    while text and _length(f"{text}…", font) > width:
        text = text[:-1]
    space = text.rfind(" ")
    return f"{text[:space] if space > len(text) // 2 else text}".rstrip(" ,;:·–-") + "…"


def _drawable(text: str) -> str:
    """The text in letters that the font has: accents it lacks are left out, and signs without a likeness too."""
    made = []
    for letter in unicodedata.normalize("NFC", text.translate(_NO_BREAK)):
        if _known(letter):
            made.append(letter)
        else:
            made += [part for part in unicodedata.normalize("NFKD", letter) if part.isascii() and part.isprintable()]
    return " ".join(part for part in "".join(made).split(" ") if part)


@lru_cache(maxsize=4096)
def _known(letter: str) -> bool:
    font = _bold(42)
    return letter == "\u00a0" or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


def _length(text: str, font: Font) -> float:
    """How wide a text is, letter by letter: asking the font for whole lines takes a hundred times as long."""
    return sum(_advance(letter, font) for letter in text)


@lru_cache(maxsize=4096)
def _advance(letter: str, font: Font) -> float:
    return font.getlength(letter)


@lru_cache
def _bold(size: int) -> Font:
    return ImageFont.truetype(font_lato.LatoBold, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache
def _regular(size: int) -> Font:
    return ImageFont.truetype(font_lato.Lato, size, layout_engine=ImageFont.Layout.BASIC)


def _step(font: Font) -> float:
    return font.size * 1.16


def _shades(area: int) -> list[int]:
    """How grey levels of the drawing become places in the palette of an area."""
    return [area * _LEVELS + value * (_LEVELS - 1) // 255 for value in range(256)]


def _ramp(paper: str, ink: str) -> list[int]:
    first, last = _rgb(paper), _rgb(ink)
    return [
        round(a + (b - a) * place / (_LEVELS - 1)) for place in range(_LEVELS) for a, b in zip(first, last, strict=True)
    ]


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
