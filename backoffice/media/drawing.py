"""SVG made safe: a drawing is read, and written again from what is on a list; nothing else gets through.

The list holds shapes, text, colours, gradients, filters. What is not on it is left out: scripts, handlers (`onload`),
`foreignObject`, links, animations, pictures inside, styles that load something; a reference leads inside the drawing
or nowhere. Entities are refused, so is a drawing that unfolds into a hundred thousand parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr  # nosec B406  # writes only: what is read is read by expat, without entities

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
MOST_PARTS = 50_000
MOST_UNFOLDED = 100_000  # parts, once every `use` is drawn
DEEPEST = 100

ELEMENTS = frozenset(
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title desc style"
    " linearGradient radialGradient stop clipPath mask pattern marker filter feBlend feColorMatrix"
    " feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight"
    " feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology"
    " feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence".split()
)
STYLES = frozenset(
    "alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation"
    " color-interpolation-filters direction display dominant-baseline fill fill-opacity fill-rule filter flood-color"
    " flood-opacity font font-family font-size font-stretch font-style font-variant font-weight isolation"
    " letter-spacing lighting-color marker marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity"
    " overflow paint-order shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset"
    " stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration"
    " text-rendering transform transform-origin unicode-bidi vector-effect visibility white-space word-spacing"
    " writing-mode".split()
)
ATTRIBUTES = STYLES | frozenset(
    "amplitude azimuth baseFrequency bias class clipPathUnits cx cy d diffuseConstant divisor dx dy edgeMode"
    " elevation exponent filterUnits fr fx fy gradientTransform gradientUnits height id in in2 intercept k1 k2 k3 k4"
    " kernelMatrix kernelUnitLength lang lengthAdjust limitingConeAngle markerHeight markerUnits markerWidth"
    " maskContentUnits maskUnits method mode numOctaves offset operator order orient pathLength"
    " patternContentUnits patternTransform patternUnits points pointsAtX pointsAtY pointsAtZ preserveAlpha"
    " preserveAspectRatio primitiveUnits r radius refX refY result role rotate rx ry scale seed side slope spacing"
    " specularConstant specularExponent spreadMethod startOffset stdDeviation surfaceScale tableValues"
    " targetX targetY textLength type values version viewBox width x x1 x2 xChannelSelector y y1 y2"
    " yChannelSelector z".split()
)
_HERE = re.compile(r"#[\w.:-]+\Z")
_URL = re.compile(r"url\s*\(", re.IGNORECASE)
_URL_HERE = re.compile(r"url\(\s*(['\"]?)#[\w.:-]+\1\s*\)", re.IGNORECASE)
_NAMED = re.compile(r"#([\w.:-]+)")
_NEVER = re.compile(r"[\\@<]|expression|javascript|data:|/\*|image-set|src\s*\(", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class Unsafe(ValueError):
    """This is no drawing that can be made safe."""


class Cleaned(NamedTuple):
    """The drawing written again, and whether anything was left out."""

    data: bytes
    cut: bool


class _Cleaner:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.cut = False
        self.count = 0
        self.open: list[tuple[str, int]] = []  # what is open, and where its part lies
        self.skipping = 0  # depth inside something that is left out
        self.style: list[str] | None = None
        self.names: list[str] = []  # ids of what is open, "" where it has none
        self.sizes: dict[str, int] = {"": 0}  # id -> parts directly below it, down to the next id
        self.inside: dict[str, list[str]] = {"": []}  # id -> ids it holds or uses

    def doctype(self, _name: str, _system: str | None, _public: str | None, subset: int) -> None:
        if subset:
            raise Unsafe("entities")

    def entity(self, *_declared: object) -> None:
        raise Unsafe("entities")

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.count += 1
        if self.count > MOST_PARTS or len(self.open) + self.skipping > DEEPEST:
            raise Unsafe("too many parts")
        space, _space, local = name.rpartition(" ")
        if not self.open and not self.skipping and (space != SVG or local != "svg"):
            raise Unsafe("no drawing")
        if self.skipping or space != SVG or local not in ELEMENTS:
            self.skipping += 1
            self.cut = self.cut or space == SVG
            return
        kept = self._attributes(attributes)
        self._weigh(kept)
        if local == "style":
            self.style = []
        else:
            declared = f' xmlns="{SVG}"' if not self.open else ""
            written = "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())
            self.parts.append(f"<{local}{declared}{written}>")
        self.open.append((local, len(self.parts) - 1))

    def end(self, _name: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        local, place = self.open.pop()
        self.names.pop()
        if local == "style":
            text = _COMMENT.sub(" ", "".join(self.style or ()))
            self.style = None
            if safe_value(text):
                self.parts.append(f"<style>{escape(text)}</style>")
            else:
                self.cut = True
            return
        if place == len(self.parts) - 1:  # nothing inside
            self.parts[-1] = f"{self.parts[-1][:-1]}/>"
        else:
            self.parts.append(f"</{local}>")

    def text(self, words: str) -> None:
        if self.skipping:
            return
        if self.style is not None:
            self.style.append(words)
        elif self.open:
            self.parts.append(escape(words))

    def _attributes(self, attributes: Mapping[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for name, value in attributes.items():
            space, _space, local = name.rpartition(" ")
            if local == "href" and space in ("", XLINK):
                if _HERE.match(value):
                    kept["href"] = value
                else:
                    self.cut = True
            elif space:
                continue  # a drawing program's own notes
            elif local == "style":
                if styled := self._declarations(value):
                    kept["style"] = styled
            elif local in ATTRIBUTES and safe_value(value):
                kept[local] = value
            else:
                self.cut = self.cut or local.startswith("on") or local in ATTRIBUTES
        return kept

    def _declarations(self, text: str) -> str:
        """The declarations of a `style` attribute that are on the list."""
        kept = []
        for declaration in _COMMENT.sub(" ", text).split(";"):
            name, colon, value = declaration.partition(":")
            if colon and name.strip().lower() in STYLES and safe_value(value):
                kept.append(f"{name.strip()}:{value.strip()}")
            elif colon and not safe_value(value):
                self.cut = True
        return ";".join(kept)

    def _weigh(self, kept: Mapping[str, str]) -> None:
        """Note what holds and uses what, to know how large the drawing becomes once it is unfolded."""
        holder = next((name for name in reversed(self.names) if name), "")
        own = kept.get("id", "")
        if own:
            self.inside[holder].append(own)
            self.inside.setdefault(own, [])
            self.sizes[own] = self.sizes.get(own, 0) + 1
        else:
            self.sizes[holder] = self.sizes.get(holder, 0) + 1
        for name, value in kept.items():
            if name == "href" or "(" in value:
                self.inside[own or holder] += _NAMED.findall(value)
        self.names.append(own)

    def unfolded(self) -> int:
        """How many parts are drawn once everything that is used is unfolded; too many where it uses itself."""
        known: dict[str, int] = {}
        walking: set[str] = set()

        def size(name: str) -> int:
            if name in known:
                return known[name]
            if name in walking or len(walking) > DEEPEST:
                raise Unsafe("uses itself")
            walking.add(name)
            found = self.sizes.get(name, 0)
            for inner in self.inside.get(name, ()):
                found += size(inner)
                if found > MOST_UNFOLDED:
                    raise Unsafe("unfolds without end")
            walking.discard(name)
            known[name] = found
            return found

        return size("")


def safe_value(value: str) -> bool:
    """True for a value, or a sheet of styles, that loads nothing: what it names lies in the drawing itself."""
    return _NEVER.search(value) is None and len(_URL.findall(value)) == len(_URL_HERE.findall(value))


def clean(data: bytes) -> Cleaned:
    """The drawing written again. Raises Unsafe for what is no drawing, or hides something."""
    cleaner = _Cleaner()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = cleaner.doctype
    parser.EntityDeclHandler = cleaner.entity
    parser.StartElementHandler = cleaner.start
    parser.EndElementHandler = cleaner.end
    parser.CharacterDataHandler = cleaner.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as fault:
        raise Unsafe(str(fault)) from fault
    cleaner.unfolded()
    return Cleaned(("".join(cleaner.parts) + "\n").encode(), cleaner.cut)
