"""The short way to read canonical files says exactly what libyaml says, or leaves the text to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from participation.yamltext import canonical, libyaml, nodes
from participation.yamltext.nodes import YamlFault
from participation.yamltext.style import emit

CONTENT = Path(__file__).parents[3] / "content"
RECORD = """\
# yaml-language-server: $schema=../../../.schema/project.schema.json
title: 'C’est l’école : d''abord'
description: |-
  Un paragraphe.

    - en retrait
  # pas un commentaire : du texte
votes: 95
place:
  name: Place d’Armes
  longitude: 2.68426
steps:
  - kind: works
    note: |
      Une ligne.
    actual_end: 2024-05
  - kind: delivery
ideas:
  - 2024-0058
  - 'non'
"""


def by_libyaml(text):
    """What libyaml alone says of a text; the fault when it refuses."""
    try:
        root = libyaml.compose(text)
        return {} if root is None else libyaml.plain(root)
    except YamlFault as fault:
        return fault


def assert_agrees(text):
    plain = canonical.read(text)
    if plain is not None:
        assert plain == by_libyaml(text)


def test_every_file_of_the_demonstration_town_is_read_the_short_way():
    files = sorted(CONTENT.rglob("*.yml"))
    left = []
    for file in files:
        text = file.read_text("utf-8")
        assert_agrees(text)
        if canonical.read(text) is None:
            left.append(file.relative_to(CONTENT).as_posix())
    assert len(files) > 150
    assert len(left) < len(files) // 20, left


def test_a_record_of_every_form_is_read_the_short_way():
    plain = canonical.read(RECORD)
    assert plain == by_libyaml(RECORD)
    assert plain["steps"][0] == {"kind": "works", "note": "Une ligne.\n", "actual_end": "2024-05"}


def test_the_line_of_a_value_is_found_all_the_same():
    tree = nodes.parse(RECORD)
    assert tree.line(["steps", "1", "note"]) == 14
    assert tree.line(["votes"]) == 8


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n- b\n",
        "- a: b\n  c: d\n- a: e\n",
        "- a\nb: c\n",
        "a: b\n- c\n",
        "-\n",
        "-a\n",
        "a: 1",  # no last line break
        "a:\n",
        "a: \n",
        "a: b: c\n",
        "a: b #c\n",
        "a: b:\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !!str b\n",
        "a: [b]\n",
        "a: {}\n",
        'a: "b"\n',
        "a: 'b'c'\n",
        "a: 'b\n",
        "a: b\n  c\n",
        "a: b\n c: d\n",
        "a: 1\na: 2\n",
        "a:\n- b\n",
        "a:\n    b: c\n",
        "a:\n  b: c\n d: e\n",
        "a:\n  - b\n  c: d\n",
        "a:\n  - - b\n",
        "a:\n  -\n",
        "a:\tb\n",
        "a: |2-\n    b\n",
        "a: >-\n  b\n",
        "a: |-\n\n  b\n",
        "a: |-\n   b\n  c\n",
        "a: |-\n  b \n  c\n",
        "a: |-\nb: c\n",
        "a: |\n  b\n\n\n",
        "a: |-\n  b\n# c\n",
        "a: b\n---\nc: d\n",
        "---\na: b\n",
        "...\n",
        "%YAML 1.1\n",
        "? a\n",
        "A: b\n",
        "a : b\n",
        "a: b\r\n",
        "a: b\x85c: d\n",
        "a: b\u2028c\n",
        "\ufeffa: b\n",
        "a: b\x07\n",
        "# c\n# d\na: b\n",
        "\n",
        "# c\n",
        "  a: b\n",
        "a: 😀\n",
    ],
)
def test_what_is_not_canonical_is_never_misread(text):
    assert_agrees(text)


@pytest.mark.parametrize("count", [1, 2])
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_record_is_never_misread(count, data):
    """Characters that mean something to YAML are put into, or taken out of, a record at random."""
    text = RECORD
    for _turn in range(count):
        at = data.draw(st.integers(0, len(text)))
        put = data.draw(
            st.sampled_from([*"-:#'\"|>&*![]{}%@`?,\n\t \r=~<", "\n\n", "\n  ", ": ", " #", "- ", "\x85", "aé"])
        )
        text = text[:at] + put + text[at + data.draw(st.integers(0, 3)) :]
    assert_agrees(text)


TEXTS = st.text(st.sampled_from([*"ab é’:#-'\"|>\n&*!?,%@~=[]{}0. "]), max_size=24) | st.text(max_size=12)
PLAIN = st.recursive(
    TEXTS,
    lambda inner: (
        st.lists(
            TEXTS
            | st.dictionaries(st.from_regex(r"[a-z][a-z_0-9]{0,5}", fullmatch=True), inner, min_size=1, max_size=3),
            max_size=3,
        )
        | st.dictionaries(st.from_regex(r"[a-z][a-z_0-9]{0,5}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z_0-9]{0,5}", fullmatch=True), PLAIN, min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
@example({"a": "b\n\nc", "d": [{"e": "f\n"}]})
def test_what_we_write_is_read_as_libyaml_reads_it(plain):
    assert_agrees(emit(plain))
