"""Words of the office in the language of whoever reads: gettext with French as its source.

Declarations of the domain are marked at import and translated here, when they are shown.
"""

from __future__ import annotations

import gettext
import re
from functools import cached_property, lru_cache

from flask import Flask, g, has_request_context, request

from site_builder import shipped

LANGUAGES = ("fr", "en")
DOMAIN = "laureat"
CATALOGUES = shipped.MESSAGES


def install(app: Flask) -> None:
    """Give the templates `_`, `ngettext` and the current language."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension above
        gettext=_, ngettext=ngettext, newstyle=True
    )
    app.jinja_env.globals["language"] = language


def language() -> str:
    """The account's language, else the browser's, else French."""
    if not has_request_context():
        return LANGUAGES[0]
    if "language" not in g:
        account = g.get("account")
        chosen = account.language if account is not None else ""
        g.language = chosen or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    return str(g.language)


def _(message: str) -> str:
    """The message in the current language; itself where the catalogue does not have it."""
    return translations(language()).gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """One or the other sentence by the count, with `%(num)s` left for the caller to fill."""
    return translations(language()).ngettext(one, many, count)


@lru_cache(maxsize=8)
def translations(code: str) -> gettext.NullTranslations:
    """The catalogue of a language; French needs none but for its plural rule (0 is singular)."""
    if code == "fr":
        return _French()
    try:
        return gettext.translation(DOMAIN, CATALOGUES, [code], class_=_Catalogue)
    except FileNotFoundError:  # not compiled: French is better than nothing
        return _French()


_PLACE = re.compile(r"%(?:\((\w+)\))?s")
_FEWEST_LETTERS = 8  # a sentence with fewer letters of its own would be recognised everywhere
_LONGEST = 1_000  # characters: nothing longer is one of our sentences


class _Catalogue(gettext.GNUTranslations):
    """A compiled catalogue that also recognises its sentences when their values are already filled in.

    The domain fills in its French sentences where a fault is found (`« 45O » n’est pas un nombre.`), and they
    travel as plain text through caches and jobs; the language of the reader is known only when they are shown.
    """

    _catalog: dict[str | tuple[str, int], str]  # declared by the standard library, not by its type stubs

    def gettext(self, message: str) -> str:
        words = super().gettext(message)
        return words if words != message or message in self._catalog else _recognised(self, message)

    @cached_property
    def sentences(self) -> list[tuple[re.Pattern[str], list[str], str]]:
        """Pattern, names of the places ("" where they have none), translation; the most particular first."""
        found = []
        for source, translated in self._catalog.items():
            if not isinstance(source, str) or not (names := _PLACE.findall(source)):
                continue
            literals = re.split(r"%(?:\(\w+\))?s", source)
            letters = sum(character.isalpha() for literal in literals for character in literal)
            if letters >= _FEWEST_LETTERS and (not names[0] or len(set(names)) == len(names)):
                pattern = "(.+?)".join(map(re.escape, literals))
                found.append((letters, re.compile(pattern, re.DOTALL), names, translated))
        return [row[1:] for row in sorted(found, key=lambda row: -row[0])]


@lru_cache(maxsize=2048)  # a list shows the same few faults again and again
def _recognised(catalogue: _Catalogue, message: str) -> str:
    for pattern, names, translated in catalogue.sentences if len(message) <= _LONGEST else ():
        if (found := pattern.fullmatch(message)) is not None:
            values = [catalogue.gettext(value) for value in found.groups()]
            return translated % (dict(zip(names, values, strict=True)) if names[0] else tuple(values))
    return message


class _French(gettext.NullTranslations):
    """French is the source: messages are themselves, and zero is singular."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if abs(n) < 2 else msgid2
