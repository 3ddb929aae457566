"""QR codes of addresses as inline SVG, drawn when a page is made: nothing is asked of anybody else."""

from __future__ import annotations

import segno
from markupsafe import Markup

# Any of the eight masks can be read; trying all to choose one makes a code four times as slow, for every project.
_MASK = 3


def code(address: str, label: str) -> Markup:
    """The QR code of a whole address (medium correction, quiet zone included), named `label` for screen readers."""
    made = segno.make(address, micro=False, error="m", boost_error=False, mask=_MASK)
    drawn = made.svg_inline(omitsize=True, border=4, svgclass=None, lineclass=None)
    return Markup(drawn.replace("<svg ", Markup('<svg role="img" aria-label="{}" ').format(label), 1))  # noqa: S704  # segno's drawing
