"""Small templates such as `{edition}-P{Numéro}`, slugs, and texts cut to what a field takes.

The templates of mappings are ours and tiny: no attribute, no call, no expression can be written in them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator

from participation.messages import mark as _

_PLACEHOLDER = re.compile(r"\{([^{}:]+)(?::([^{}]+))?\}")
_PADDING = re.compile(r"0([1-9])")
CALCULATED = ("edition", "value", "text")  # names in templates that are no columns
SHAPES = ("slug", "year", "lower", "upper")


class TemplateFault(ValueError):
    """A template that cannot be filled, with words for its author."""


def placeholders(template: str) -> Iterator[str]:
    """The names that a template needs; TemplateFault for a shape that does not exist or a brace left open."""
    for match in _PLACEHOLDER.finditer(template):
        shape = match[2]
        if shape and shape not in SHAPES and not _PADDING.fullmatch(shape):
            raise TemplateFault(
                _("«\u00a0:%s\u00a0» n’existe pas dans un modèle\u00a0: 02, slug, year, lower ou upper.") % shape
            )
        yield match[1]
    if re.search(r"[{}]", _PLACEHOLDER.sub("", template)):
        raise TemplateFault(_("Une accolade n’est pas refermée dans le modèle «\u00a0%s\u00a0».") % template[:60])


def fill(template: str, value_of: Callable[[str], str]) -> str:
    """The template with its values; TemplateFault when a shape does not suit a value."""
    filled = _PLACEHOLDER.sub(lambda match: _shaped(value_of(match[1]).strip(), match[2] or ""), template)
    return re.sub(r"\n{3,}", "\n\n", filled).strip()


def _shaped(text: str, shape: str) -> str:
    if not shape or not text:
        return text
    if shape == "slug":
        return slug(text)
    if shape == "year":
        year = re.search(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text)
        if year is None:
            raise TemplateFault(_("«\u00a0%s\u00a0» ne contient pas d’année.") % text[:40])
        return year[0]
    if shape in ("lower", "upper"):
        return text.lower() if shape == "lower" else text.upper()
    if not text.isdecimal():
        raise TemplateFault(_("«\u00a0%s\u00a0» n’est pas un nombre entier.") % text[:40])
    return str(int(text)).zfill(int(shape[1:]))


def slug(text: str, limit: int = 60) -> str:
    """`Éco-mobilité & vélo` -> `eco-mobilite-velo`; too long a one is cut and told apart by a short digest."""
    letters = (
        text.replace("’", " ")
        .replace("œ", "oe")
        .replace("Œ", "oe")
        .replace("æ", "ae")
        .replace("ł", "l")
        .replace("Ł", "l")
    )
    bare = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    result = "-".join(re.findall(r"[a-z0-9]+", bare.lower()))
    if not result and text.strip():  # a writing without Latin letters
        return "x" + hashlib.sha256(text.encode()).hexdigest()[:10]
    if len(result) <= limit:
        return result
    return result[: limit - 7].rstrip("-") + "-" + hashlib.sha256(result.encode()).hexdigest()[:6]


def shortened(text: str, limit: int) -> str:
    """The text within `limit` characters, cut between two words and ended by an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:.") + "…"
