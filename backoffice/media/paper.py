"""PDF: what is refused before a document is kept. It cannot be drawn again, so it is never shown inside a page.

A document is handed out as a file to download, its own policy forbidding everything; one that carries a program, starts
one, or hides another file is refused. What is compressed is looked into, as far as a few megabytes.
"""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

MOST_INFLATED = 40_000_000  # bytes, over all streams of a document
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|GoToE|SubmitForm|ImportData|XFA)(?![A-Za-z0-9])")
"""Long names only: three letters stand by chance in any photo. A script is always named `/JavaScript` as well."""
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")


class Fault(NamedTuple):
    """Why a document is refused: `broken`, `active` or `locked`."""

    why: str


def fault_of(data: bytes) -> Fault | None:
    """What is wrong with a document; None when it may be kept."""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        return Fault("broken")
    plain = _unescaped(data)
    if _LOCKED.search(plain):
        return Fault("locked")  # nobody could look inside, a screen reader neither
    if _ACTIVE.search(plain):
        return Fault("active")
    left, view = MOST_INFLATED, memoryview(data)
    for start in _STREAM.finditer(data):
        described = _before(data, start.start())
        if b"/ObjStm" not in described or b"/Filter" not in described:
            continue  # a picture, letters, a page: no objects inside; or objects in plain sight, looked at above
        try:
            inner = zlib.decompressobj().decompress(view[start.end() :], left)
        except zlib.error:
            return Fault("broken")
        left -= len(inner)
        if left <= 0:
            return Fault("active")  # larger inside than any document of a town: it hides something
        inner = _unescaped(inner)
        if _ACTIVE.search(inner) or _LOCKED.search(inner):
            return Fault("active")
    return None


def _before(data: bytes, at: int) -> bytes:
    """The dictionary of the stream that begins at `at`."""
    begin = data.rfind(b"obj", max(0, at - 2_000), at)
    return _unescaped(data[begin if begin >= 0 else max(0, at - 2_000) : at])


def _unescaped(data: bytes) -> bytes:
    """Names may be written `/J#53`: they are read as they mean."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data) if b"#" in data else data
