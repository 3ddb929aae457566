"""The languages of a site: where each lies, which texts are in another one and how a page says so.

The first language of the instance lies at the root, every other one in a folder of its own (`en/projets/…`), at the
same addresses below it. A site in one language meets nothing of this: its language is a plain `str`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from markupsafe import Markup, escape

from participation.records.fields import Plain

NAMES = {"fr": "Français", "en": "English"}
"""What a language is called by those who speak it."""
HERE = "laureat-ici/"
"""Stands in shells for the address of the page, below the folder of its language."""
_TOKEN = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{-?(.*?)-?\}\}|</?[A-Za-z][\w:-]*|[\"'>]", re.DOTALL)
_WORDS_ONLY = frozenset({"option", "title", "textarea", "text", "tspan", "desc", "script", "style"})
"""Elements that hold no element of HTML: a text in another language cannot be marked in them."""


class Language(str):
    """The language of one part of a site in several; `main` is that of texts that name none."""

    __slots__ = ("main",)
    main: str

    def __new__(cls, code: str, main: str) -> Self:
        made = super().__new__(cls, code)
        made.main = main
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # copies know it too
        return str(self), self.main


class Foreign(str):
    """A plain text in another language than the page's: templates mark it, wherever else it goes it is a plain text."""

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, words: str, lang: str) -> Self:
        made = super().__new__(cls, words)
        made.lang = lang
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # likewise
        return str(self), self.lang

    def marked(self) -> str:
        """HTML that tells the language to screen readers and browsers."""
        return f'<span lang="{self.lang}">{escape(str(self))}</span>'


class Tongue(NamedTuple):
    """A language of the site: its code, its folder from the root (`en/`; "" for the main language)."""

    code: str
    folder: str

    @property
    def name(self) -> str:
        """What it is called by those who speak it."""
        return NAMES.get(self.code, self.code)


def tongues(codes: Iterable[str]) -> list[Tongue]:
    """The languages of a site, the main one first; French where none is named."""
    listed = list(dict.fromkeys(codes)) or ["fr"]
    return [Tongue(code, f"{code}/" if place else "") for place, code in enumerate(listed)]


def in_words(all_tongues: list[Tongue]) -> list[str]:
    """The same languages as whoever makes words takes them: plain codes where there is only one."""
    main = all_tongues[0].code
    return [Language(one.code, main) for one in all_tongues] if len(all_tongues) > 1 else [main]


def code_of(words: str) -> str:
    """The language that a text is marked with, "" for one in the language of its page."""
    return words.lang if isinstance(words, Foreign) else ""


def like(words: str, of: str) -> str:
    """Words made of a text: in another language when that text is."""
    return Foreign(words, of.lang) if isinstance(of, Foreign) and words else words


def spoken(words: object) -> Markup:
    """The attribute of an element that holds nothing but this text; nothing where it is in the page's language."""
    return Markup(f' lang="{words.lang}"' if isinstance(words, Foreign) else "")  # noqa: S704  # a code


def joined(between: str, texts: Iterable[str]) -> str:
    """Texts one after the other, empty ones left out: HTML where only some of them are in another language."""
    found = [one for one in texts if one]
    if len({code_of(one) for one in found}) < 2:
        return like(between.join(found), found[0]) if found else ""
    return escape(between).join(map(_shown, found))


def filled(words: str, values: Mapping[str, str]) -> str:
    """A sentence with texts in it: HTML where one of them is in another language than the sentence."""
    if any(isinstance(one, Foreign) for one in values.values()):
        return escape(words) % {name: _shown(one) for name, one in values.items()}
    return words % values


def _shown(text: str) -> Markup:
    return Markup(text.marked()) if isinstance(text, Foreign) else escape(text)  # noqa: S704  # escaped there


def said(plain: Plain, lang: str) -> str:
    """A translatable plain text as a page in `lang` says it: in `lang`, else in the main language, else in any.

    A text that is in another language tells which; on a site in one language none does.
    """
    if not plain:
        return ""
    if not isinstance(lang, Language):
        return plain if isinstance(plain, str) else str(plain.get(lang) or next(iter(plain.values())))
    if isinstance(plain, str):
        return plain if lang == lang.main else Foreign(plain, lang.main)
    if given := plain.get(lang):
        return str(given)
    code = lang.main if plain.get(lang.main) else next((one for one, words in plain.items() if words), "")
    return Foreign(str(plain[code]), code) if code else ""


def unmarked(value: object) -> object:
    """The filter `unmarked` of templates: a text as it stands in an attribute."""
    return str(value) if type(value) is Foreign else value


def unmark_attributes(source: str) -> str:
    """A template in which a text in another language is never marked where no element may stand.

    Within a tag, and in elements that hold only words, `{{ title }}` becomes `{{ (title)|unmarked }}`.
    """
    in_tag, quote, words_only = False, "", ""

    def seen(token: re.Match[str]) -> str:
        nonlocal in_tag, quote, words_only
        text = token.group()
        if text.startswith(("{#", "{%")):
            return text
        if text.startswith("{{"):
            return f"{{{{ ({token[1].strip()})|unmarked }}}}" if in_tag or words_only else text
        if text in ('"', "'"):
            if in_tag and quote in ("", text):
                quote = "" if quote else text
        elif text == ">":
            in_tag = in_tag and bool(quote)
        elif not quote:
            in_tag = True
            name = text.strip("</").lower()
            if text.startswith("</"):
                words_only = "" if name == words_only else words_only
            elif name in _WORDS_ONLY and not words_only:
                words_only = name
        return text

    return _TOKEN.sub(seen, source)


def marked_block(page: str, words: str) -> str:
    """The HTML of a text, marked as a whole when it is in another language."""
    code = code_of(words)
    return f'<div lang="{code}">{page}</div>' if code else page


def keep(more: dict[str, Plain], **texts: str) -> None:
    """Note in what is kept of a card which of its texts are in another language."""
    foreign = {name: words.lang for name, words in texts.items() if isinstance(words, Foreign)}
    if foreign:
        more["foreign"] = foreign


def recall(values: list[Plain], names: Mapping[str, int], more: dict[str, Plain]) -> None:
    """Undo what keeping did: texts noted by `keep` are marked again, in a card's values or in `more`."""
    for name, code in more["foreign"].items():
        if name in names:
            values[names[name]] = Foreign(values[names[name]], code)
        else:
            more[name] = Foreign(more[name], code)
