"""Templates, slugs and shortened texts."""

from __future__ import annotations

import pytest

from participation.importing.wordforms import TemplateFault, fill, placeholders, shortened, slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Éco-mobilité & vélo", "eco-mobilite-velo"),
        ("Direction de l’Urbanisme", "direction-de-l-urbanisme"),
        ("Direction de l'Urbanisme", "direction-de-l-urbanisme"),
        ("Œuvres", "oeuvres"),
        ("Łódź", "lodz"),
        ("", ""),
    ],
)
def test_a_slug_keeps_the_words(text, expected):
    assert slug(text) == expected


def test_a_text_without_latin_letters_has_a_slug_of_its_own():
    assert slug("街道") != slug("公園")
    assert slug("街道").isascii()


def test_long_slugs_stay_different():
    one, other = slug("mot " * 40 + "un"), slug("mot " * 40 + "deux")
    assert one != other
    assert max(len(one), len(other)) <= 60


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{a}-P{n}", "Été-P7"),
        ("{n:03}", "007"),
        ("{a:slug}", "ete"),
        ("{a:upper}", "ÉTÉ"),
        ("{d:year}", "2016"),
        ("sans rien", "sans rien"),
    ],
)
def test_a_template_is_filled(template, expected):
    assert fill(template, {"a": "Été", "n": "7", "d": "09/02/2016"}.__getitem__) == expected


@pytest.mark.parametrize("template", ["{a:x}", "{a", "a}", "{}", "{a.__class__:02}{"])
def test_a_wrong_template_is_refused(template):
    with pytest.raises(TemplateFault):
        list(placeholders(template))


@pytest.mark.parametrize(("template", "value"), [("{a:02}", "sept"), ("{a:year}", "hier")])
def test_a_value_that_does_not_suit_its_shape_is_refused(template, value):
    with pytest.raises(TemplateFault):
        fill(template, lambda _name: value)


def test_a_text_is_cut_between_two_words():
    assert shortened("un texte trop long", 12) == "un texte…"
    assert shortened("court", 12) == "court"
