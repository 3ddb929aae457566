"""Words of the office in the language of whoever reads: gettext with French as its source.

Declarations of the domain are marked at import and translated here, when they are shown.
"""

from __future__ import annotations

import gettext
from functools import lru_cache

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
    return gettext.translation(DOMAIN, CATALOGUES, [code], fallback=True)


class _French(gettext.NullTranslations):
    """French is the source: messages are themselves, and zero is singular."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if abs(n) < 2 else msgid2
