"""Markdown of records becomes safe HTML, and plain words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.markdown import plain, render


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Une *rue* à **ombrager**.", "<p>Une <em>rue</em> à <strong>ombrager</strong>.</p>\n"),
        ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n"),
        ("3. trois", '<ol start="3">\n<li>trois</li>\n</ol>\n'),
        ("> dit-elle", "<blockquote>\n<p>dit-elle</p>\n</blockquote>\n"),
        ("# Un\n\n###### Six", "<h2>Un</h2>\n<h3>Six</h3>\n"),
        ("## Un\n\n#### Deux\n\n## Trois", "<h2>Un</h2>\n<h3>Deux</h3>\n<h2>Trois</h2>\n"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>\n"),
        ("", ""),
    ],
)
def test_common_markdown_is_rendered(text, expected):
    assert render(text) == expected


def test_headings_go_under_the_level_that_the_page_asks_for():
    assert render("# Un\n\n## Deux", top=4) == "<h4>Un</h4>\n<h5>Deux</h5>\n"


def test_a_table_scrolls_by_keyboard_and_names_its_columns():
    table = render("| Poste | Coût |\n|---|--:|\n| Bancs | 400 |")
    assert table.startswith('<div class="lr-scroll" tabindex="0"><table class="lr-table">')
    assert '<th scope="col">Poste</th>' in table
    assert '<td class="lr-n">400</td>' in table
    assert "align=" not in table


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("projets/2021-P007/", "../projets/2021-P007/"),
        ("/projets/2021-P007/", "../projets/2021-P007/"),
        ("../../projets/2021-P007/", "../projets/2021-P007/"),
        ("#budget", "#budget"),
        ("https://ville.example/a?b=1", "https://ville.example/a?b=1"),
        ("mailto:budget@ville.example", "mailto:budget@ville.example"),
        ("tel:+33100000000", "tel:+33100000000"),
    ],
)
def test_links_inside_the_site_follow_the_depth_of_the_page(written, expected):
    assert f'href="{expected}"' in render(f"[x]({written})", base="../")


def test_links_tell_no_other_site_where_the_reader_comes_from():
    assert 'rel="noopener noreferrer"' in render("[x](https://ailleurs.example/)")


def test_a_picture_of_the_media_folder_is_shown_and_waits_to_be_seen():
    expected = '<p><img src="../media/place.jpg" alt="La place" loading="lazy"></p>\n'
    assert render("![La place](media/place.jpg)", base="../") == expected


@pytest.mark.parametrize(
    "address",
    [
        "https://ailleurs.example/x.png",
        "//ailleurs.example/x.png",
        "data:image/png;base64,AAAA",
        "media/../../x.png",
        "x.png",
    ],
)
def test_a_picture_from_elsewhere_leaves_its_words(address):
    assert render(f"Avant ![La place]({address}) après") == "<p>Avant La place après</p>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "avant <script>alert(1)</script> après",
        "<ScRiPt src=//ailleurs.example/x.js></sCrIpT>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](&#x6A;avascript&colon;alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](\x01javascript:alert(1))",
        "[x](vbscript:msgbox(1))",
        "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
        "[x](//ailleurs.example/)",
        "[x](/javascript:alert(1))",
        "[x](../../javascript:alert(1))",
        "[x](..//ailleurs.example/)",
        "[x](/\\ailleurs.example/)",
        "[x](\\\\ailleurs.example/)",
        "[x](&#9;//ailleurs.example/)",
        "![x](javascript:alert(1))",
        '![x"onerror="alert(1)](media/x.png)',
        '[x](projets/ "a\\" onmouseover=\\"alert(1)")',
        '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
        "<p onclick=alert(1) style=position:fixed>x</p>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><animate attributeName=href values=javascript:alert(1) /></svg>",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
        "<style>@import '//ailleurs.example/x.css';</style>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<form action=//ailleurs.example><input name=x></form>",
        "<base href=//ailleurs.example/>",
        "<meta http-equiv=refresh content=0;url=//ailleurs.example>",
        "<!--><script>alert(1)</script>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?xml version='1.0'?><script>alert(1)</script>",
        '```html"><script>alert(1)</script>\n<script>alert(1)</script>\n```',
        "`<script>alert(1)</script>`",
        '<https://ailleurs.example/"onmouseover=alert(1)>',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;alert(1)&#0; &#xFFFFFFFF; &unknown; &amp;lt;",
        "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | `|` |",
        "<x" * 500,
        "[" * 2000 + "](" * 2000,
        "*a **b " * 2000,
        "> " * 500 + "x",
        "\u202e<script>\u2028alert(1)</script>\ufeff",
    ],
)
def test_hostile_markdown_leaves_nothing_that_acts(text):
    assert_harmless(render(text))
    assert_harmless(render(text, base=""))


def test_a_refused_link_leaves_its_words():
    assert render("[x](//ailleurs.example/)") == "<p><a>x</a></p>\n"


@given(st.text(alphabet=st.sampled_from(list("<>/\\\"'=[]()!#*_`|:;&- \n\tabjsx0é")), max_size=80))
def test_no_text_at_all_leaves_anything_that_acts(text):
    assert_harmless(render(text))


def assert_harmless(page: str) -> None:
    """Only tags and attributes of the list, and no address that runs or leaves without saying so."""
    tags = set(re.findall(r"<\s*/?\s*([^\s>/]+)", page))
    assert tags <= set(
        "a blockquote br code div em h2 h3 h4 h5 h6 hr img li ol p pre strong table tbody td th thead tr ul".split()
    )
    inside = re.findall(r"<[a-z0-9]+((?:\s+[a-z-]+=\"[^\"]*\")*)\s*>", page)
    assert len(inside) == len(re.findall(r"<[a-z]", page))
    names = {name for attributes in inside for name in re.findall(r"([a-z-]+)=\"", attributes)}
    assert names <= {"href", "title", "rel", "src", "alt", "loading", "start", "class", "scope", "tabindex"}
    for address in re.findall(r"(?:href|src)=\"([^\"]*)\"", page):
        assert re.match(r"(https?://|mailto:|tel:|#|(?![a-z+.-]+:|/|\\))", address, re.IGNORECASE), address


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("# Titre\n\nUne *rue* à [voir](x) &amp; <b>faire</b>.", None, "Titre Une rue à voir & faire."),
        ("Un mot, puis un autre encore", 12, "Un mot, puis…"),
        ("Un mot, puis", 8, "Un mot…"),
        ("Court", 10, "Court"),
        ("Anticonstitutionnellement", 10, "Anticonst…"),
        ("", 10, ""),
    ],
)
def test_plain_words_are_cut_at_a_space(text, limit, expected):
    assert plain(text, limit) == expected
