"""QR codes of addresses as SVG, on white in either scheme so that a camera reads them; nobody else is asked."""

from __future__ import annotations

import io

import segno

VERSION = 1
# Any of the eight masks can be read; trying all to choose one makes a code four times as slow, for every project.
_MASK = 3


def draw(address: str) -> bytes:
    """The code of a whole address: medium correction, the quiet zone that readers need included."""
    made = segno.make(address, micro=False, error="m", boost_error=False, mask=_MASK)
    data = io.BytesIO()
    made.save(data, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return data.getvalue()
