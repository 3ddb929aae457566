"""The first look at a file that was dropped: what it is, its sheets and headers, a few cells, the words of columns."""

from __future__ import annotations

import re
from typing import Any

from backoffice.exchange.choices import MOST_WORDS, Choices, Column
from participation.importing.mapping import word_key
from participation.importing.peeking import Peek, peek
from participation.importing.sheets import Reading, Sheet, read_sheet

EVENTS, PABULIB, TABLE = "events", "pabulib", "table"
ONLY = {EVENTS: "event", PABULIB: "project"}  # what a file of that kind holds
SAMPLES = 3
LONGEST_SAMPLE = 80
LONGEST_WORD = 80


def kind_of(name: str, content: bytes) -> str:
    """`events` for a calendar or an OpenAgenda export, `pabulib` for a vote's file, `table` for everything else."""
    begins = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    if name.lower().endswith(".pb") or re.match(rb"META;*\s*[\r\n]", begins):
        return PABULIB
    calendar = begins[:15].upper() == b"BEGIN:VCALENDAR" or begins[:1] in (b"{", b"[")
    return EVENTS if calendar or name.lower().endswith((".ics", ".json")) else TABLE


def first(content: bytes, name: str, choices: Choices) -> Peek:
    """The beginning of the sheet that was chosen, or of the first one. Raises ImportRefused."""
    return peek(content, name, choices.sheet)


def reading_of(choices: Choices, *, guarded: bool) -> Reading:
    """How the file is to be read."""
    return Reading(sheet=choices.sheet, header_row=choices.header_row or 1, guarded=guarded)


def columns_of(sheet: Sheet) -> list[Column]:
    """The columns of a table, with what a person needs to recognise them."""
    found = []
    for index, header in enumerate(sheet.headers):
        cells = [line.cells[index].strip() for line in sheet.rows]
        samples = list(dict.fromkeys(_cut(cell) for cell in cells[:200] if cell))[:SAMPLES]
        found.append(Column(header, samples, _words(cells)))
    return found


def _words(cells: list[str]) -> list[str] | None:
    words: dict[str, str] = {}
    for cell in cells:
        if cell:
            words.setdefault(word_key(cell), cell)
            if len(words) > MOST_WORDS or len(cell) > LONGEST_WORD:
                return None
    return list(words.values())


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_SAMPLE else flat[: LONGEST_SAMPLE - 1].rstrip() + "…"


def look(content: bytes, name: str, choices: Choices) -> tuple[Sheet, list[Column]]:
    """The whole table and its columns. Raises ImportRefused."""
    sheet = read_sheet(content, name, reading_of(choices, guarded=False))
    return sheet, columns_of(sheet)


def kept(columns: list[Column]) -> list[dict[str, Any]]:
    """The columns as the registry keeps them."""
    return [{"header": one.header, "samples": list(one.samples), "words": one.words} for one in columns]


def columns_from(found: dict[str, Any]) -> list[Column]:
    """The columns as they were kept."""
    return [Column(one["header"], one["samples"], one["words"]) for one in found.get("columns", [])]
