"""Addresses of the office, compiled once for all the applications that tests make: it takes as long as a short test.

What each says decides, so a test that adds a route has its own.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import Rule


class _Rule(Rule):
    """An address whose builder, a function of the rule's text and its defaults alone, is compiled once."""

    known: dict[object, Any] = {}  # noqa: RUF012  # shared on purpose

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        key = (self.rule, self.subdomain, self.host, repr(self.defaults), append_unknown)
        if key not in self.known:
            self.known[key] = super()._compile_builder(append_unknown)
        return self.known[key]


def install(monkeypatch: Any) -> None:
    """Have every application made from now on take part."""
    monkeypatch.setattr(Flask, "url_rule_class", _Rule)
