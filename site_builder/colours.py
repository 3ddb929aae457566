"""Contrast of colours, as WCAG 2.2 counts it, and the shades derived from a town's own. Pure arithmetic."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator
from dataclasses import dataclass

from participation.messages import mark as _
from participation.problems import Problem, Severity
from site_builder.look import Colours

TEXT_RATIO = 4.5
LIGHT_PAPER, LIGHT_SAND, DARK_PAPER = "#ffffff", "#f8f3ea", "#121a19"
DARK_INK = "#06211f"
_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Scheme:
    """The four tokens that a town changes, for one scheme, as `#rrggbb`."""

    brand: str
    brand_dark: str
    on_brand: str
    tint: str


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 (black) to 1 (white)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, in either order."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def schemes(colours: Colours) -> tuple[Scheme, Scheme] | None:
    """The light and the dark tokens of a town; None when it keeps the theme's.

    A malformed colour counts as not given; `check` names it.
    """
    brand = _valid(colours.brand)
    if not brand:
        return None
    tint = _valid(colours.tint) or _mix(brand, LIGHT_PAPER, 0.88)
    brand_dark = _valid(colours.brand_dark) or _reach(_mix(brand, "#000000", 0.3), tint, 7.0, darker=True)
    on_brand = "#ffffff" if contrast("#ffffff", brand) >= TEXT_RATIO else DARK_INK
    light = Scheme(brand, brand_dark, on_brand, tint)
    # In the dark, a town's deep colour becomes a light one of the same hue, and its tint a deep one.
    bright = _reach(brand, DARK_PAPER, 8.0, darker=False)
    deep = _mix(_mix(brand, "#000000", 0.35), DARK_PAPER, 0.55)
    dark = Scheme(bright, _reach(bright, deep, 9.0, darker=False), DARK_INK, deep)
    return light, dark


def check(colours: Colours, file: str = "instance.yml") -> list[Problem]:
    """Warnings about colours that are malformed or on which text cannot be read well."""
    return [
        Problem(message, file=file, field=f"look.{name}", hint=hint, severity=Severity.WARNING)
        for name, message, hint in _faults(colours)
    ]


def _faults(colours: Colours) -> Iterator[tuple[str, str, str]]:
    for name in ("brand", "brand_dark", "tint"):
        value: str = getattr(colours, name)
        if value and not _valid(value):
            yield (
                name,
                _("La couleur «\u00a0%s\u00a0» n’est pas comprise.") % value,
                _("Écrire un dièse et six chiffres ou lettres de a à f, par exemple #0b5351."),
            )
    pair = schemes(colours)
    if pair is None:
        return
    light, _dark = pair
    for name, text, ground, where in (
        ("brand", light.brand, LIGHT_PAPER, _("sur le blanc des pages")),
        ("brand", light.brand, LIGHT_SAND, _("sur le fond sable des bandeaux")),
        ("brand_dark", light.brand_dark, light.tint, _("sur la teinte claire")),
        ("brand_dark", light.brand_dark, LIGHT_PAPER, _("sur le blanc des pages")),
    ):
        ratio = contrast(text, ground)
        if ratio < TEXT_RATIO:
            yield (
                name,
                _("La couleur %(colour)s se lit mal %(where)s\u00a0: contraste de %(ratio)s, il en faut 4,5.")
                % {"colour": text, "where": where, "ratio": f"{ratio:.1f}".replace(".", ",")},
                _("Choisir une couleur plus foncée."),
            )


def _valid(colour: str) -> str:
    return colour.lower() if _HEX.fullmatch(colour) else ""


def _mix(one: str, other: str, share: float) -> str:
    """`one` with a `share` (0 to 1) of `other`."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _reach(colour: str, ground: str, ratio: float, *, darker: bool) -> str:
    """The nearest darker or lighter colour of the same hue whose contrast on `ground` is at least `ratio`."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)))
    end = 0.0 if darker else 1.0
    for step in range(_STEPS + 1):
        rgb = colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / _STEPS, saturation)
        shade = "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)
        if contrast(shade, ground) >= ratio:
            return shade
    return "#000000" if darker else "#ffffff"
