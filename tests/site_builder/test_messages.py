"""The words of a language reach templates; French is its own source."""

from __future__ import annotations

import io

import jinja2
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from site_builder import messages

CATALOGUE = """
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);"

msgid "Projets"
msgstr "Projects"

msgid "%(num)d projet"
msgid_plural "%(num)d projets"
msgstr[0] "%(num)d project"
msgstr[1] "%(num)d projects"
"""


@pytest.fixture
def theme(tmp_path):
    folder = tmp_path / "messages" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "laureat.mo").open("wb") as file:
        write_mo(file, read_po(io.StringIO(CATALOGUE)))
    return tmp_path


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", "Projets 1 projet 3 projets"), ("en", "Projects 1 project 3 projects")]
)
def test_templates_speak_the_language_asked_for(theme, language, expected):
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    messages.install(environment, language, theme)
    template = (
        "{{ _('Projets') }}{% for n in (1, 3) %} {{ ngettext('%(num)d projet', '%(num)d projets', n) }}{% endfor %}"
    )
    assert environment.from_string(template).render() == expected


def test_a_language_without_catalogue_is_named(theme):
    with pytest.raises(messages.MessagesMissingError, match="«\u00a0de\u00a0»"):
        messages.load("de", theme)
