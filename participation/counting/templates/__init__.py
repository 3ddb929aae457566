"""Rules to begin with, as files: `template("department")` is the text of a `rule.yml`."""

from __future__ import annotations

from importlib.resources import files

TEMPLATES = ("plain", "city", "department", "districts")


def template(name: str) -> str:
    """The text of a template; KeyError for an unknown name."""
    if name not in TEMPLATES:
        raise KeyError(name)
    return (files(__name__) / f"{name}.yml").read_text(encoding="utf-8")
