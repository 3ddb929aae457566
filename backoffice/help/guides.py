"""The guides of docs/guides that agents read, as pages of the office. They are shipped with the program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from site_builder import markdown
from site_builder.shipped import GUIDES

# Those written for agents, in the order of their days; the others of that folder are for technicians.
FOR_AGENTS = (
    "write-a-record",
    "add-photos",
    "review-and-publish",
    "find-and-restore",
    "import-and-export",
    "rule-of-the-vote",
    "count-night",
    "accounts-and-people",
    "announce-results",
    "places-and-zones",
    "settings-and-editions",
)

# `!!! warning "Title"` and its indented lines, which only the site of the documentation knows.
_ASIDE = re.compile(r'^!!! \w+ "([^"]*)"\n((?: {4}.*\n?)+)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide: its title, its safe HTML. Links between guides work as they are written (`other.md`)."""

    name: str
    title: str
    html: Markup


@lru_cache(maxsize=64)
def guide(name: str) -> Guide | None:
    """The guide of that name, None when there is none for agents."""
    file = GUIDES / f"{name}.md"
    if name not in FOR_AGENTS or not file.is_file():
        return None
    title, _line, text = file.read_text(encoding="utf-8").partition("\n")
    html = Markup(markdown.render(_ASIDE.sub(_quoted, text)))  # noqa: S704 -- sanitised there
    return Guide(name, title.removeprefix("# ").strip(), html)


def all_guides() -> list[Guide]:
    """Every guide for agents."""
    return [found for name in FOR_AGENTS if (found := guide(name)) is not None]


def _quoted(aside: re.Match[str]) -> str:
    lines = [f"**{aside[1]}**", "", *(line.strip() for line in aside[2].splitlines())]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n"
