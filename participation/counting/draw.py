r"""The public draw: a number for each project from a seed that nobody could know before, so that anyone draws it again.

The number is the SHA-256 of seed, line feed and project identifier in UTF-8, read as hexadecimal; the smallest comes
first. It needs no list of the tied projects: each project's number is the same in every tie. In a shell:
`printf '%s\n%s' "SEED" "2024-P012" | sha256sum`.
"""

from __future__ import annotations

import hashlib


def number(seed: str, project: str) -> str:
    """What a project draws, as 64 hexadecimal digits; smaller is better."""
    return hashlib.sha256(f"{seed}\n{project}".encode()).hexdigest()
