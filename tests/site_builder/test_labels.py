"""Where a file says a person's label: as whole words, however the file writes them."""

from __future__ import annotations

import gzip

import pytest

from site_builder.labels import finder
from site_builder.publish import publish
from site_builder.withdrawal import withdraw
from tests.site_builder import publishing
from tests.site_builder.small_town import idea

NOW = publishing.NOW


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Ana", "Ana"),
        ("Ana", "<b>Ana</b>, du Bief"),
        ("Ana", "l’idée d’Ana."),
        ("Ana", r'{"text": "Bonjour\nAna"}'),
        ("Ana", r'{"text": "Bonjour\tAna\r\n"}'),
        ("Ana", r'{"text": "de\u00a0Ana"}'),
        ("Ana", r'{"text": "de\u202fAna\u202f!"}'),
        ("Ana", r'{"text": "3\u00d7Ana\u00f74"}'),
        ("Ana", r"{\"text\": \"Bonjour\\nAna\"}"),
        ("Ana", "de&nbsp;Ana&nbsp;!"),
        ("Ana", "de&#160;Ana&#xa0;!"),
        ("Ana", "mailto:?subject=de%20Ana%2Fici"),
        ("Ana", "_Ana_ et **Ana**"),
        ("Ana", "2026Ana2"),
        ("Ana", "Ana-Maria"),
        ("Ana", "BEGIN:VCALENDAR\r\nSUMMARY:chez A\r\n na\r\n"),
        ("Ana", "BEGIN:VCALENDAR\r\nSUMMARY:chez\\nAna\r\n"),
        ("Ana", "chez\r\n Ana"),
        ("Amina B.", "Amina\u00a0B. et"),
        ("Amina B.", "par Amina\n  B."),
        ("Amina B.", "Amina&nbsp;B.</p>"),
        ("Amina B.", r"Amina\u00a0B."),
        ("Amina B.", "Amina%20B."),
        ("Amina B.", "q=Amina+B."),
        ("Élise d'A.", "&Eacute;lise, Élise d&#39;A."),
        ("Élise d'A.", r'{"by": "\u00c9lise d\u0027A."}'),
        ("Élise d'A.", "%C3%89lise%20d%27A."),
        ("A & B", "A &amp; B"),
        ("A & B", r"A \u0026 B"),
        ("🌻 Ana", r"\ud83c\udf3b Ana"),
        ("李", "par 李, ici"),
        ("Ana\u0308", "Ana\u0308"),
    ],
)
def test_a_label_is_never_missed(label, text):
    assert finder([label])(text.encode())
    assert finder([label])(gzip.compress(text.encode()))


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Ana", "Anatole, la banane et Diana"),
        ("Ana", "ana"),
        ("Ana", "Anaïs, Anaé"),
        ("Ana", r'{"text": "Ana\u00efs, \u00c9Ana"}'),
        ("Amina B.", "Amina Benkacem"),
        ("Amina B.", "Amina et B."),
    ],
)
def test_a_part_of_a_word_is_no_label(label, text):
    assert not finder([label])(text.encode())


def test_bytes_that_are_no_text_are_looked_through_too():
    says = finder(["Ana"])
    assert says(b"\xff\xfe\x00Ana\x00")
    assert says(b"\x1f\x8bAna, cut off")
    assert not finder([])(b"Ana")


def test_a_short_label_takes_no_page_with_it_that_has_it_within_words(town, place):
    carried = {"kind": "inhabitant", "person": "p-ana0000001"}
    town.put("idea", "2026-0001", idea("Un jardin partagé", owner=carried))
    town.put("idea", "2026-0002", idea("Une cabane pour Anatole"))
    for title in ("Une cabane pour Anatole", "La cabane d’Anatole et de Diana"):
        town.put("idea", "2026-0002", idea(title))
        town.commit()
        publish(town.path, place, author="agent-7", when=NOW, processes=1, people=lambda: {"p-ana0000001": "Ana"})
    done = withdraw(town.path, place, ["Ana"], when=NOW, processes=1)
    kept = [file.read_text() for file in (place / "kept").rglob("*") if file.is_file()]
    assert any("Une cabane pour Anatole" in text for text in kept)
    assert done.still == ()
