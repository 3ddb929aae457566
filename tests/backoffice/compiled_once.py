"""Templates and addresses of the office, compiled once for all the applications that tests make: it takes longer than
most tests. Their sources decide, so a test that changes a template or a route has its own."""

from __future__ import annotations

from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class _Templates(BytecodeCache):
    """Compiled templates in memory, by name and by what was in the file."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key, bucket.checksum] = bucket.code


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
    monkeypatch.setattr(Flask, "jinja_options", {"bytecode_cache": _Templates()})
    monkeypatch.setattr(Flask, "url_rule_class", _Rule)
