"""What is wrong with a text that should be YAML."""

from __future__ import annotations


class YamlFault(ValueError):
    """A text that is not YAML as content may hold it; `line` counts from 1."""

    def __init__(self, message: str, line: int | None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.hint = hint
