"""Templates compiled once for a process, whichever application asks for them, and the daily ones before any request.

Compiling a form's templates takes a quarter of a second, which the first agent of each process waited for.
"""

from __future__ import annotations

from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

DAILY = ("home", "records", "lists", "history", "publish")

_compiled: dict[tuple[str, str], CodeType | None] = {}  # by name and source


class _Kept(BytecodeCache):
    """Code that was compiled stays in memory; a template that changed is another one."""

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = _compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        _compiled[bucket.key, bucket.checksum] = bucket.code


def install(app: Flask) -> None:
    """Let the application find what another one of this process has compiled."""
    app.jinja_env.bytecode_cache = _Kept()


def warm(app: Flask) -> None:
    """Compile the pages that agents open all day, and what all pages share."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        folder, inside, _file = name.rpartition("/")
        if not inside or folder in DAILY:
            app.jinja_env.get_template(name)
