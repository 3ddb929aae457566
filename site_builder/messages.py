"""The words of the site in the visitor's language. French is the source: its words are the catalogues' keys.

Only loading lives here; marking words in declarations is `participation.messages.mark`.
"""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path

import jinja2

from participation.messages import mark as _
from participation.problems import LaureatError
from site_builder.shipped import THEME

DOMAIN = "laureat"
SOURCE_LANGUAGE = "fr"


class _Source(gettext.NullTranslations):
    """French gives messages back, as plain texts whatever they were marked as."""

    def gettext(self, message: str) -> str:
        return str(message)


class MessagesMissingError(LaureatError):
    """A language has no compiled catalogue."""


@lru_cache(maxsize=32)
def load(language: str, theme: Path = THEME) -> gettext.NullTranslations:
    """The translations for a language code (`fr`, `en`); French gives every message back unchanged."""
    if language == SOURCE_LANGUAGE:
        return _Source()
    try:
        return gettext.translation(DOMAIN, theme / "messages", [language])
    except FileNotFoundError as error:
        raise MessagesMissingError(
            _("Les messages du site n’existent pas dans la langue «\u00a0%s\u00a0».") % language,
            hint=_("Compilez les catalogues (make setup), ou retirez cette langue de instance.yml."),
        ) from error


def install(environment: jinja2.Environment, language: str, theme: Path = THEME) -> None:
    """Give a Jinja2 environment `_`, `ngettext`, `pgettext` and the `trans` block in a language."""
    environment.add_extension("jinja2.ext.i18n")
    translations = load(language, theme)
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined] # the extension adds it
