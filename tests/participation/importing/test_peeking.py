"""The row of headers is proposed from the first rows."""

from __future__ import annotations

import pytest

from participation.importing.peeking import header_row


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([["Numéro", "Titre"], ["7", "Un banc"]], 1),
        ([["Suivi des projets", "", ""], ["", "", ""], ["Numéro", "Titre", "Voix"], ["7", "Un banc", "3"]], 3),
        ([["Projet", "", "Budget", ""], ["Numéro", "Titre", "Voté", "Payé"], ["7", "Un banc", "3", "4"]], 2),
        ([["Numéro", "Titre", "Titre"], ["2024-P012", "a", "b"]], 1),  # twins are told, not passed over
    ],
)
def test_the_row_of_headers_is_found(rows, number):
    assert header_row(rows) == number
