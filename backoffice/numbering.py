"""The number of a new record: the next one of its series. Numbers are never used again, not even those in the trash."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What stands before the number, and its digits.
LETTERS = {"idea": ("", 4), "project": ("P", 3), "event": ("E", 3), "article": ("A", 3), "polling_place": ("V", 3)}


def next_id(type_name: str, series: str, taken: Iterable[str], office: int = 0) -> str:
    """`2026-0053`, `2026-P008`, `2026-E015`: one more than the highest number of the series.

    `office` (0 to 9) is the instance's own range where several offices share one content: 2 gives `2026-20001`.
    """
    letter, digits = LETTERS[type_name]
    shape = re.compile(rf"{re.escape(series)}-{letter}(\d{{1,9}})")
    numbers = [int(match[1]) for name in taken if (match := shape.fullmatch(name))]
    size = 10**digits
    if office:
        numbers = [number for number in numbers if number // size == office]
    highest = max(numbers, default=office * size)
    return f"{series}-{letter}{highest + 1:0{digits}d}"
