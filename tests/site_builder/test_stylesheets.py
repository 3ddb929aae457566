"""The site's one stylesheet, a town's colours and what it may add."""

from __future__ import annotations

import re

import pytest

from participation.problems import Severity
from site_builder import colours
from site_builder.look import Colours
from site_builder.stylesheets import compact, site_stylesheet, theme_styles
from tests.site_builder.looks import small_look


def tokens(css: str, selector: str) -> dict[str, str]:
    """The custom properties of the rules with that selector."""
    rules = re.findall(re.escape(selector) + r"\{([^}]*)\}", css)
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+)", ";".join(rules)))


def test_the_dark_scheme_is_there_without_script_and_for_those_who_chose_it():
    css, problems = site_stylesheet(small_look())
    assert problems == []
    automatic = tokens(css, '(prefers-color-scheme:dark){:root:not([data-md-color-scheme="default"])')
    chosen = tokens(css, '@media screen{:root[data-md-color-scheme="slate"]')
    assert automatic == chosen
    assert automatic["--lr-paper"] == "#121a19"


def test_nothing_of_the_stylesheet_is_fetched_from_elsewhere():
    css, _problems = site_stylesheet(small_look())
    assert re.findall(r"url\(|@import|https?:", css) == []


@pytest.mark.parametrize("scheme", [":root", '@media screen{:root[data-md-color-scheme="slate"]'])
def test_every_pair_of_the_theme_reads_well(scheme):
    css, _problems = site_stylesheet(small_look())
    known = tokens(css, scheme)
    pairs = [("ink", "paper"), ("ink", "sand"), ("soft", "paper"), ("soft", "sand"), ("brand", "paper")]
    pairs += [("brand", "sand"), ("on-brand", "brand"), ("brand-2", "brand-tint"), ("ink", "brand-tint")]
    states = ("done", "work", "study", "stop", "over", "vote")
    pairs += [(state, f"{state}-bg") for state in states] + [(state, "paper") for state in states]
    colour = {name: re.sub("^#(.)(.)(.)$", r"#\1\1\2\2\3\3", known[f"--lr-{name}"]) for pair in pairs for name in pair}
    weak = [pair for pair in pairs if colours.contrast(colour[pair[0]], colour[pair[1]]) < 4.5]
    assert weak == []


def test_a_component_uses_names_of_colours_and_not_colours():
    own = {file.name: compact(file.read_text("utf-8")) for file in theme_styles(small_look().theme)}
    written = {
        name: re.findall(r"(?<!fill=)#[0-9a-f]{3,8}\b", css)
        for name, css in own.items()
        if not name.startswith(("01", "02", "14"))
    }
    assert {name: found for name, found in written.items() if set(found) - {"#fff"}} == {}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#0b5351", "#ffffff", 8.9)],
)
def test_contrast_is_counted_as_the_guidelines_say(one, other, expected):
    assert round(colours.contrast(one, other), 1) == expected


@pytest.mark.parametrize("brand", ["#0b5351", "#8a1538", "#003189", "#5a2a82", "#b00020", "#333333", "#00695c"])
def test_from_one_deep_colour_two_readable_schemes_are_made(brand):
    given = Colours(brand=brand)
    assert colours.check(given) == []
    light, dark = colours.schemes(given) or pytest.fail("no scheme")
    assert light.brand == brand
    for scheme, paper in ((light, "#ffffff"), (dark, "#121a19")):
        assert colours.contrast(scheme.brand, paper) >= 4.5
        assert colours.contrast(scheme.on_brand, scheme.brand) >= 4.5
        assert colours.contrast(scheme.brand_dark, scheme.tint) >= 4.5
        assert colours.contrast(scheme.on_brand, scheme.brand_dark) >= 4.5


def test_the_colours_of_a_town_come_after_those_of_the_theme():
    css, _problems = site_stylesheet(small_look(colours=Colours(brand="#8A1538")))
    assert css.index("--lr-brand:#8a1538") > css.index("--lr-brand: #0b5351")
    assert tokens(css, ":root")["--lr-brand"] == "#8a1538"


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        (Colours(brand="#f2b632"), "look.brand", "se lit mal sur le blanc"),
        (Colours(brand="#0b5351", brand_dark="#88aaaa"), "look.brand_dark", "se lit mal sur la teinte"),
        (Colours(brand="bleu"), "look.brand", "n’est pas comprise"),
        (Colours(brand="#fff"), "look.brand", "n’est pas comprise"),
        (Colours(brand="#0b5351", tint="rgb(1,2,3)"), "look.tint", "n’est pas comprise"),
    ],
)
def test_a_colour_that_fails_is_a_warning_that_says_why(given, field, words):
    problem = colours.check(given)[0]
    assert problem.field == field
    assert words in problem.message
    assert problem.severity is Severity.WARNING


def test_the_rules_of_a_town_come_last_and_untouched():
    rules = '.lr.lr h1 { color: var(--lr-brand); }\n/* note */ .x { background: url("../media/fond.png"); }'
    css, problems = site_stylesheet(small_look(town_files={"style.css": rules.encode()}))
    assert problems == []
    assert css.endswith(rules + "\n")


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ("a{}\n@import 'x.css';", "appelle un fichier d’ailleurs"),
        (".x { background: url(https://ailleurs.example/x.png) }", "appelle un fichier d’ailleurs"),
        (".x { background: url( '//ailleurs.example/x.png') }", "appelle un fichier d’ailleurs"),
        (".x { background: u\\72l(//ailleurs.example/x) }", "appelle un fichier d’ailleurs"),
        (".x { background: url/**/(//ailleurs.example/x) }", "appelle un fichier d’ailleurs"),
        ('@font-face { src: image-set("//ailleurs.example/x" 1x) }', "appelle un fichier d’ailleurs"),
        ("a { color: red", "n’est pas fermée"),
        (b"a { content: '\xe9' }", "UTF-8"),
        ("a{}" * 30_000, "64\u00a0ko"),
    ],
)
def test_rules_that_call_elsewhere_or_break_are_left_out_and_named(rules, words):
    raw = rules if isinstance(rules, bytes) else rules.encode()
    css, problems = site_stylesheet(small_look(town_files={"style.css": raw}))
    assert [words in problem.message for problem in problems] == [True]
    assert "ailleurs.example" not in css


def test_the_fault_of_a_stylesheet_has_its_line():
    _css, problems = site_stylesheet(small_look(town_files={"style.css": b"a{}\n\nb{}\n@import 'x';"}))
    assert problems[0].line == 4
