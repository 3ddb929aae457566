"""A town's logo is published only when it is a plain drawing."""

from __future__ import annotations

import pytest

from site_builder.townfiles import town_logo
from tests.site_builder.looks import small_look

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">%s</svg>'


def logo(inside: str) -> tuple[bytes, list[str]]:
    raw = (SVG % inside).encode()
    published, problems = town_logo(small_look(town_files={"logo.svg": raw}))
    return (b"own" if published == raw else b"theme"), [problem.message for problem in problems]


def test_without_a_logo_of_the_town_the_theme_has_one():
    published, problems = town_logo(small_look())
    assert published.startswith(b"<svg")
    assert problems == []


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M0 0h9"/>',
        '<g fill="url(#a)"><title>Ville</title></g>',
        '<use xlink:href="#a"/>',
        "<style>.a{fill:red}</style>",
    ],
)
def test_a_plain_drawing_is_taken_as_it_is(inside):
    assert logo(inside) == (b"own", [])


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<script>alert(1)</script>", "«\u00a0script\u00a0»"),
        ('<path onclick="alert(1)"/>', "«\u00a0onclick\u00a0»"),
        ('<a xlink:href="javascript:alert(1)"/>', "«\u00a0a\u00a0»"),
        ('<use xlink:href="https://ailleurs.example/x.svg#a"/>', "d’ailleurs"),
        ('<use href="//ailleurs.example/x.svg#a"/>', "d’ailleurs"),
        ('<path style="fill:url(https://ailleurs.example/x)"/>', "d’ailleurs"),
        ("<style>@import url(x.css)</style>", "d’ailleurs"),
        ("<foreignObject/>", "«\u00a0foreignObject\u00a0»"),
        ('<image href="data:image/png;base64,AAAA"/>', "«\u00a0image\u00a0»"),
        ('<animate attributeName="href" values="javascript:alert(1)"/>', "«\u00a0animate\u00a0»"),
        ("<g>", "n’est pas un fichier SVG lisible"),
        ("x" * 110_000, "100\u00a0ko"),
    ],
)
def test_a_drawing_that_acts_or_calls_elsewhere_is_refused_with_its_reason(inside, words):
    published, messages = logo(inside)
    assert published == b"theme"
    assert words in messages[0]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>', "DOCTYPE"),
        (b"<html/>", "n’est pas un dessin SVG"),
        (b"\x89PNG", "lisible"),
    ],
)
def test_a_file_that_is_no_drawing_is_refused(raw, words):
    _published, problems = town_logo(small_look(town_files={"logo.svg": raw}))
    assert words in problems[0].message
    assert problems[0].file == "theme/logo.svg"
