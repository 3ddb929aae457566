"""Sentences that travel: filled in, stored, told again in another language."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from participation.messages import mark, stored, told

ENGLISH = {
    "« %s » n’existe pas.": "“%s” does not exist.",
    "« %(label)s » : %(count)s fois.": "“%(label)s”: %(count)s times.",
    "Le thème": "The theme",
    "Rien.": "Nothing.",
}


def english(message):
    return ENGLISH.get(message, message)


@pytest.mark.parametrize(
    ("words", "french", "expected"),
    [
        (mark("Rien."), "Rien.", "Nothing."),
        (mark("« %s » n’existe pas.") % "nature", "« nature » n’existe pas.", "“nature” does not exist."),
        (
            mark("« %(label)s » : %(count)s fois.") % {"label": mark("Le thème"), "count": 3},
            "« Le thème » : 3 fois.",
            "“The theme”: 3 times.",
        ),
        (mark("« %s » n’existe pas.") % "Rien.", "« Rien. » n’existe pas.", "“Rien.” does not exist."),
        (
            mark("« %s » n’existe pas.") % (mark("« %s » n’existe pas.") % "50 % de « tout »"),
            "« « 50 % de « tout » » n’existe pas. » n’existe pas.",
            "““50 % de « tout »” does not exist.” does not exist.",
        ),
        ("Une phrase de git", "Une phrase de git", "Une phrase de git"),
    ],
)
def test_a_sentence_is_stored_with_its_values_and_told_to_each_reader(words, french, expected):
    kept = json.loads(json.dumps(stored(words)))
    assert (str(words), told(kept), told(kept, english)) == (french, french, expected)


def test_a_sentence_keeps_what_it_is_made_of_on_its_way_to_another_process():
    words = mark("« %s » n’existe pas.") % "nature"
    for copied in (pickle.loads(pickle.dumps(words)), copy.deepcopy(words)):
        assert (copied, stored(copied)) == (words, stored(words))
