"""Markdown of records to safe HTML: CommonMark with tables, then a strict list of what may remain.

Two walls: cmark leaves raw HTML out, nh3 keeps only the tags and addresses named here. French typography is
no business of this module, nor is the size of a text (refused by the reader).
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from cmarkgfm import cmark

_EXTENSIONS = ("table", "autolink")
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_MEDIA = re.compile(r"/?media/[\w./ %()-]+\Z")
_HEADING = re.compile(r"<(/?)h([1-6])>")
_ALIGNED = re.compile(r'<(t[hd](?: scope="col")?) align="(left|center|right)"')
_BARE_IMAGE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*?>")
_ALT = re.compile(r'\balt="([^"]*)"')
# cmark escapes ">" in text and attributes, so a tag of its output ends at the first one.
_TAG = re.compile(r"<[^>]*>")
# A plain sentence on one line, with no sign that means anything to Markdown or HTML: most reasons and notes.
_SENTENCE = re.compile(r"[^\W\d_][^\x00-\x1f*_\[\]<>&`#|~!\\@:/\"+={}$^]*(?<!\s)")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")  # no-break spaces stay
_REFUSED = '<a rel="noopener noreferrer">'  # what is left of a link whose address was refused: not valid HTML
_UP = re.compile(r"(?:\.\./)+")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0]")
# A wide table scrolls by itself, and by keyboard.
_SCROLL = '<div class="lr-scroll" tabindex="0">'
_CLASSES = {"left": "", "center": ' class="lr-center"', "right": ' class="lr-n"'}


def render(text: str, *, top: int = 2, base: str = "", files: str | None = None) -> str:
    """HTML of a Markdown text, safe to put into a page.

    `top` (2 to 6) is the level that the text's highest headings become, whichever their author chose; the others
    follow without a gap, none goes below 6.
    `base` is put before addresses inside the site (`../../`), which are written from its root, with or without
    a slash; `files`, the same by default, before those of pictures and documents (`media/…`).
    """
    if _SENTENCE.fullmatch(text) and "www." not in text:
        return f"<p>{text}</p>\n"
    page = cmark.markdown_to_html_with_extensions(text, extensions=_EXTENSIONS)
    if "<h" in page:
        used = sorted({level for _slash, level in _HEADING.findall(page)})
        levels = {level: min(top + place, 6) for place, level in enumerate(used)}
        page = _HEADING.sub(lambda m: f"<{m[1]}h{levels[m[2]]}>", page)
    page = _cleaner(base, base if files is None else files).clean(page)
    if _REFUSED in page:
        page = page.replace(_REFUSED, "<a>")
    if "<table" in page:
        page = _ALIGNED.sub(lambda m: f"<{m[1]}{_CLASSES[m[2]]}", page)
        page = page.replace("<table ", f"{_SCROLL}<table ").replace("</table>", "</table></div>")
    if "<img" in page:
        page = _BARE_IMAGE.sub(_alternative, page)
    return page


def plain(text: str, limit: int | None = None) -> str:
    """The words of a Markdown text on one line, cut at a space to `limit` characters and an ellipsis."""
    if limit is not None:
        # Markup is rarely more than the words themselves: no need to render a long text for its first lines.
        text = text[: limit * 4 + 400]
    page = cmark.markdown_to_html_with_extensions(text, extensions=("table",))
    words = _BLANKS.sub(" ", html.unescape(_TAG.sub("", page))).strip()
    if limit is None or len(words) <= limit:
        return words
    space = words.rfind(" ", 0, limit + 1)
    return words[: space if space > 0 else limit - 1].rstrip(" ,;:.–-") + "…"


@lru_cache(maxsize=64)
def _cleaner(base: str, files: str) -> nh3.Cleaner:
    def address(_tag: str, attribute: str, value: str) -> str | None:
        if attribute == "src":
            return files + value.removeprefix("/") if _MEDIA.match(value) and ".." not in value else None
        if attribute == "href":
            return _address(value, files if value.removeprefix("/").startswith("media/") else base)
        return value

    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=address,
        tag_attribute_values={name: {"align": {"left", "center", "right"}} for name in ("td", "th")},
        set_tag_attribute_values={
            "table": {"class": "lr-table"},
            "th": {"scope": "col"},
            "img": {"loading": "lazy"},
        },
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )


def _address(value: str, base: str) -> str | None:
    """Where a link may lead: elsewhere by its scheme (checked by nh3), to a heading, or inside the site."""
    if value.startswith("#") or _SCHEME.match(value):
        return value
    if not value:
        return None
    # "//elsewhere" and its spellings with backslashes leave the site without naming a scheme. Some authors copy an
    # address as a page has it, with "../" up to the root: it is dropped. What is then wrong is told as a broken link.
    inside = _UP.sub("", _CONTROL.sub("", value).removeprefix("/"))
    if inside.startswith(("/", "\\")) or "\\" in inside or ".." in inside.split("/") or _SCHEME.match(inside):
        return None
    return base + inside


def _alternative(image: re.Match[str]) -> str:
    """A refused image leaves its words."""
    found = _ALT.search(image.group())
    return found[1] if found else ""
