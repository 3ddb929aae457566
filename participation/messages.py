"""The marker of translatable words. French is the source language; translation happens where words are shown."""

from __future__ import annotations


def mark(message: str) -> str:
    """Return `message` unchanged: the name tells the extractor that it is for people.

    Declarations are made once at import, long before anybody's language is known.
    """
    return message
