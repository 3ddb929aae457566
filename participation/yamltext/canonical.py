"""A short way to read what `style` writes: one pattern, line after line, and None for anything that is not so plain.

Nearly all files are in the one canonical style, and reading them is a third of a build. What is read here is exactly
what libyaml reads; whatever might not be (other styles, comments, faults) is left to it, in `libyaml`.
"""

from __future__ import annotations

import re
from typing import Any

# No other line break, no tab, no control character (`fullmatch` of what is usual is faster than searching the rest).
_USUAL = re.compile(r"[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*")
_FARTHEST = 60  # columns; deeper lists are looked at by libyaml
# A line: column, dash, then `key:` with a block or a text or nothing, else the text of an entry.
_LINE = re.compile(
    r"( *)(- )?(?:"
    r"([a-z][a-z0-9_]{0,60}):(?: \|(-?)\n((?:(?(2)\1    |\1  )[^\n]*\n|\n)+)|(?: ([^\n]*))?\n)"
    r"|([^\n]*)\n)"
)
_BEGINS_NO_TEXT = frozenset("-?:,[]{}#&*!|>'\"%@`=<~ ")


class _Other(Exception):
    """Not the canonical style."""


def read(text: str) -> dict[str, Any] | list[Any] | None:
    """The mapping or list that a canonical text says, all scalars as text; None where libyaml has to read it."""
    if not text.endswith("\n") or not _USUAL.fullmatch(text):
        return None
    start = text.index("\n") + 1 if text.startswith("#") else 0  # the line that names the schema
    try:
        return _lines(text, start)
    except _Other:
        return None


def _lines(text: str, start: int) -> dict[str, Any] | list[Any]:
    root: dict[str, Any] | list[Any] = [] if text.startswith("-", start) else {}
    stack: list[tuple[int, Any]] = [(0, root)]
    here: Any = root
    column = 0  # where the keys or dashes of `here` stand, the innermost mapping or list
    waiting = ""  # a key of `here` that the lines below tell the value of
    match = _LINE.match
    while start < len(text):
        found = match(text, start)
        if found is None:
            raise _Other
        start = found.end()
        indent, dash, key, chomp, block, value, entry = found.groups()
        at = len(indent)
        if waiting:
            if at != column + 2 or at > _FARTHEST:
                raise _Other
            inner: Any = [] if dash else {}
            here[waiting] = inner
            waiting = ""
            column, here = at, inner
            stack.append((column, here))
        elif at != column:
            while at < column:
                stack.pop()
                column, here = stack[-1]
            if at != column:
                raise _Other
        if dash:
            if type(here) is not list:
                raise _Other
            if key is None:
                here.append(_text(entry))
                continue
            row: dict[str, Any] = {}
            here.append(row)
            column, here = at + 2, row
            stack.append((column, here))
        elif key is None or type(here) is list:
            raise _Other
        if key in here:
            raise _Other
        if value:
            if value[0] in _BEGINS_NO_TEXT or ": " in value or " #" in value or value[-1] in ": ":
                value = _quoted(value)
            here[key] = value
        elif block is not None:
            here[key] = _block(block, column + 2, chomp)
        elif value is None:
            waiting = key
        else:
            raise _Other
    if waiting or not root:
        raise _Other
    return root


def _text(written: str) -> str:
    """A text on one line, plain or in single quotes."""
    if not written:
        raise _Other
    plain = written[0] not in _BEGINS_NO_TEXT and ": " not in written and " #" not in written
    return written if plain and written[-1] not in ": " else _quoted(written)


def _quoted(written: str) -> str:
    """What stands between single quotes, where one quote is written as two."""
    inner = written[1:-1].replace("''", "")
    if written[0] != "'" or len(written) < 2 or written[-1] != "'" or "'" in inner:
        raise _Other
    return written[1:-1].replace("''", "'")


def _block(lines: str, column: int, chomp: str) -> str:
    """The text of a literal block whose lines begin at `column`."""
    indent = " " * column
    if not lines.startswith(indent) or lines[column] in " \n" or " \n" in lines:
        raise _Other
    text = f"\n{lines}".replace(f"\n{indent}", "\n")[1:].rstrip("\n")
    return text if chomp else f"{text}\n"
