"""Templates put values out escaped, exactly as Jinja2's own `escape` would, whatever the value is."""

from __future__ import annotations

import jinja2
import pytest
from markupsafe import Markup, escape

from site_builder import compiling

HOSTILE = "<script>alert('x' & \"y\")</script>"


class Titled:
    """A value that knows its own HTML."""

    def __html__(self):
        return "<b>déjà sûr</b>"


@pytest.mark.parametrize("value", [HOSTILE, Markup("<em>sûr</em>"), "", "L’été", 12, 1.5, None, Titled(), ["<i>"]])
def test_a_value_is_shown_as_escape_shows_it(value):
    assert compiling.shown(value) == str(escape(value))
    template = compiling.Environment(autoescape=True).from_string(
        "a {{ value }} b{% for v in [value] %}{{ v }}{% endfor %}"
    )
    assert template.render(value=value) == f"a {escape(value)} b{escape(value)}"


def test_what_a_macro_or_a_block_gives_is_not_escaped_twice():
    macro = "{% macro m(x) %}<p>{{ x }}</p>{% endmacro %}{% set s %}<u>{{ v }}</u>{% endset %}"
    source = macro + "{{ m(v) }}{{ s }}{{ v ~ m(v) }}"
    expected = jinja2.Environment(autoescape=True).from_string(source).render(v=HOSTILE)
    assert compiling.Environment(autoescape=True).from_string(source).render(v=HOSTILE) == expected


def test_a_value_that_nobody_gave_is_an_error():
    template = compiling.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string("{{ nobody }}")
    with pytest.raises(jinja2.UndefinedError):
        template.render()


def test_words_and_icons_have_their_own_compiled_templates(tmp_path):
    theme = tmp_path / "theme"
    first = compiling.compiled(tmp_path, "fr", theme, {"check": "<svg/>"})
    other = compiling.compiled(tmp_path, "fr", theme, {"check": "<svg class=x/>"})
    same = compiling.compiled(tmp_path, "fr", theme, {"check": "<svg/>"})
    assert first.directory == same.directory != other.directory
