"""No text becomes a formula in a spreadsheet, and every text comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.opendata.guards import guarded, unguarded

TEXTS = st.text() | st.text(alphabet="'=+-@\t\ra", max_size=6)


@given(TEXTS)
def test_a_guarded_text_comes_back(text):
    assert unguarded(guarded(text)) == text


@given(TEXTS)
def test_no_guarded_text_begins_like_a_formula(text):
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("=1+1", "'=1+1"), ("-5 degrés", "'-5 degrés"), ("'=1", "''=1"), ("’était", "’était"), ("'tis", "'tis"), ("", "")],
)
def test_only_what_would_be_calculated_is_guarded(text, expected):
    assert guarded(text) == expected
