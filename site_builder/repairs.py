"""The known faults of Material's shell, mended when it is cut: a short table, tested on a real page.

When an entry no longer finds its fault in a new version of Material, a test says so and the entry goes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repair:
    """A fault in words, the pattern that finds it, and what replaces it."""

    fault: str
    pattern: re.Pattern[str]
    replacement: str


def _repair(fault: str, pattern: str, replacement: str = "") -> Repair:
    return Repair(fault, re.compile(pattern, re.DOTALL), replacement)


REPAIRS = (
    _repair(
        "switches of Material's drawer and search: controls without a label that need its script",
        r'<input class="md-toggle"[^>]*>',
    ),
    _repair(
        "the drawer's overlay: an empty label of a control that is gone",
        r'<label class="md-overlay"[^>]*></label>',
    ),
    _repair(
        "skip link to the first heading only if there is one; ours stands in the header",
        r'<div data-md-component="skip">.*?</div>',
    ),
    _repair(
        "an empty box for an announcement; ours stands in the header",
        r'<div data-md-component="announce">\s*</div>',
    ),
    _repair(
        "the skip link has no target",
        r'<main class="md-main"',
        '<main class="md-main" id="contenu" tabindex="-1"',
    ),
    _repair("an empty dialogue without a name", r'<div class="md-dialog".*?</div>\s*</div>'),
    _repair(
        "scripts inside the page, forbidden by a strict policy, for a bundle that we leave out",
        r"<script>.*?</script>",
    ),
    _repair(
        "links to neighbours and address of the placeholder page",
        r'<link rel="(?:canonical|prev|next)"[^>]*>',
    ),
    _repair("versions told to everybody", r'<meta name="generator"[^>]*>'),
    _repair("lines left empty", r"\n\s*\n+", "\n"),
    _repair("spaces at the head of lines", r"\n[ \t]+", "\n"),
)


def mend(html: str) -> str:
    """A page of Material's with the repairs of the table made."""
    for repair in REPAIRS:
        html = repair.pattern.sub(repair.replacement, html)
    return html.lstrip()
