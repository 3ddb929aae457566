"""Whether a file of a site says a person's label, however it writes it: HTML, JSON, calendars, addresses, compressed.

Whole words only: "Ana" is in "d’Ana" and not in "Anatole". In doubt a file says it: an erasure must miss nothing.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable
from html import escape
from urllib.parse import quote

_SPACE = r"(?:\s|&nbsp;|&#160;|&#xa0;|\\[nrt]|\\u00a0|\\u202f|%20|%C2%A0|\+)+"
# Letters of Latin-1 as JSON may write them; other escaped signs end a word, as every sign but a letter does.
_ESCAPED_LETTER = r"\\u00(?:[c-fC-F][0-689a-fA-F]|[ceCE]7)"
_BEGINS = rf"(?<!{_ESCAPED_LETTER})(?:(?<![^\W\d_])|(?<=\\[nrtbf])|(?<=%[0-9A-Fa-f]{{2}})|(?<=\\u[0-9A-Fa-f]{{4}}))"
_ENDS = rf"(?![^\W\d_]|{_ESCAPED_LETTER})"
_PLAIN = re.compile(r"[A-Za-z0-9]+")


def finder(labels: Iterable[str]) -> Callable[[bytes], bool]:
    """Tells of the bytes of a file whether they say one of these labels; blank labels are said by none."""
    looked_for = [(_core(label), _pattern(label)) for label in labels if label.strip()]

    def says(data: bytes) -> bool:
        plain = _opened(data)
        near = [pattern for core, pattern in looked_for if core in plain]
        if not near:
            return False
        text = plain.decode("utf-8", "surrogateescape")
        return any(pattern.search(text) for pattern in near)

    return says


def _opened(data: bytes) -> bytes:
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error):
            return data
    return data.replace(b"\r\n ", b"") if data.startswith(b"BEGIN:VCALENDAR") else data


def _core(label: str) -> bytes:
    """The longest part of a label that is written the same everywhere: files without it need no closer look."""
    return max(_PLAIN.findall(label), key=len, default="").encode()


def _pattern(label: str) -> re.Pattern[str]:
    words = _SPACE.join("".join(map(_letter, word)) for word in label.split())
    first, last = label.strip()[0], label.strip()[-1]
    return re.compile((_BEGINS if first.isalpha() else "") + words + (_ENDS if last.isalpha() else ""))


def _letter(letter: str) -> str:
    """One letter in all its spellings."""
    if _PLAIN.fullmatch(letter):
        return letter
    code = "".join(f"\\u{ord(half):04x}" for half in _halves(letter))
    forms = {letter, escape(letter), json.dumps(letter)[1:-1], code, code.upper().replace("\\U", "\\u"), quote(letter)}
    forms |= {f"&#{ord(letter)};", f"&#x{ord(letter):x};", f"&#x{ord(letter):X};"}
    forms |= {"&apos;"} if letter == "'" else set()
    return f"(?:{'|'.join(map(re.escape, sorted(forms)))})"


def _halves(letter: str) -> str:
    """A letter beyond the first plane as the two surrogates that JSON writes it in."""
    data = letter.encode("utf-16-be", "surrogatepass")
    return "".join(chr(int.from_bytes(data[at : at + 2], "big")) for at in range(0, len(data), 2))
