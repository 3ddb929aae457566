"""The marker of translatable words. French is the source language; translation happens where words are shown.

A sentence that was filled in with `%` still knows its source and its values, so that it can be stored as such and told
to each reader in their language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self


class Filled(str):
    """A sentence for people with its values put in: French as it reads, `source` and `values` as it was made."""

    __slots__ = ("source", "values")
    source: str
    values: tuple[Any, ...] | dict[str, Any]

    def __new__(cls, words: str, source: str, values: tuple[Any, ...] | dict[str, Any]) -> Self:
        """Keep beside the words what they were made of."""
        made = super().__new__(cls, words)
        made.source, made.values = source, values
        return made

    def __getnewargs__(self) -> tuple[str, str, tuple[Any, ...] | dict[str, Any]]:  # type: ignore[override]  # a plain str takes one argument
        """What a copy in another process is made of."""
        return str(self), self.source, self.values


class Marked(str):
    """A sentence of the sources; filled in, it gives a `Filled`."""

    __slots__ = ()

    def __mod__(self, values: Any) -> Filled:
        """Fill the places in."""
        kept = dict(values) if isinstance(values, Mapping) else values if isinstance(values, tuple) else (values,)
        return Filled(str.__mod__(self, values), str(self), kept)


def mark(message: str) -> str:
    """Return `message`: the name tells the extractor that it is for people.

    Declarations are made once at import, long before anybody's language is known.
    """
    return Marked(message)


def stored(words: str) -> dict[str, Any]:
    """A sentence as it is stored: its source and values where they are known, and the words themselves."""
    if not isinstance(words, Filled):
        return {"words": str(words)}
    keyed = isinstance(words.values, dict)
    values = words.values.items() if isinstance(words.values, dict) else enumerate(words.values)
    return {
        "words": str(words),
        "source": words.source,
        "keyed": keyed,
        "values": {str(name): _plain(value) for name, value in values},
    }


def told(kept: Mapping[str, Any], translate: Any = str) -> str:
    """A stored sentence in the language of `translate`; a value that is a sentence of ours is translated too."""
    if "source" not in kept:
        return str(translate(str(kept.get("words", ""))))
    values = {name: _told(value, translate) for name, value in kept["values"].items()}
    filled: Any = values if kept.get("keyed") else tuple(values[str(place)] for place in range(len(values)))
    return str(str(translate(kept["source"])) % filled)


def _plain(value: Any) -> Any:
    """A value for JSON: sentences of ours as such, figures as they are, anything else as its words."""
    if isinstance(value, Marked):
        return {"source": str(value), "keyed": True, "values": {}}
    if isinstance(value, Filled):
        return stored(value)
    return value if isinstance(value, bool | int | float) else str(value)


def _told(value: Any, translate: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return str(translate(value["source"])) if not value["values"] else told(value, translate)
