"""The guard against formulas: a spreadsheet program must never take a citizen's text for one.

`unguarded(guarded(text)) == text` for every text, those that already begin with an apostrophe included.
"""

from __future__ import annotations

import re

_TAKEN_FOR_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet program would otherwise calculate."""
    return f"'{text}" if _TAKEN_FOR_A_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and _TAKEN_FOR_A_FORMULA.match(text) else text
