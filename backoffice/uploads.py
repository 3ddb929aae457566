"""How much a file that comes in may weigh, in bytes: said here once, for the gate, the forms and their errors.

Photos and documents have limits of their own, by kind, in `backoffice.media.intake`.
"""

from __future__ import annotations

from backoffice.media.intake import LARGEST_UPLOAD, MEGABYTE, MOST_BYTES

__all__ = ["BALLOTS", "FIELDS", "LARGEST", "MEGABYTE", "SCAN", "TABLE"]

BALLOTS = 40 * MEGABYTE
SCAN = 20 * MEGABYTE
TABLE = 20 * MEGABYTE

FIELDS = 64 << 10  # of the form around the file

# Endpoints that take more than a form, with what they take.
LARGEST = {
    "voteballots.receive": BALLOTS,
    "votenight.attach": SCAN,
    "exchange.receive": TABLE,
    "media.upload": LARGEST_UPLOAD,
    "media.replace": max(MOST_BYTES.values()),
}
