"""The lines of problems that were found in records, not in files: each file that has some is parsed once more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from participation.problems import Problem
from participation.yamltext.nodes import Tree, YamlFault, parse
from participation.yamltext.reader import feature_ids


def placed(problems: Iterable[Problem], contents: Mapping[str, bytes]) -> list[Problem]:
    """The same problems with their lines, as far as `contents` has their files and these can be parsed."""
    known: dict[str, Tree | Mapping[str, int] | None] = {}
    found = []
    for problem in problems:
        if problem.line is None and problem.field and problem.file in contents:
            if problem.file not in known:
                known[problem.file] = _parsed(problem.file, contents[problem.file])
            problem = replace(problem, line=_line(known[problem.file], problem.field))  # noqa: PLW2901  # the same one
        found.append(problem)
    return found


def _parsed(path: str, content: bytes) -> Tree | Mapping[str, int] | None:
    try:
        text = content.decode("utf-8-sig")
        return feature_ids(text) if path.endswith(".geojson") else parse(text)
    except (YamlFault, ValueError):
        return None


def _line(place: Tree | Mapping[str, int] | None, field: str) -> int | None:
    if place is None:
        return None
    steps = field.split(".")
    if not isinstance(place, Tree):
        return place.get(steps[0])
    if isinstance(place.plain, list):  # several records in a file: the first step is an identifier
        steps[0] = str(1 + next((row for row, entry in enumerate(place.plain) if _id(entry) == steps[0]), -1))
    return place.line(steps)


def _id(entry: Any) -> str:
    return str(entry.get("id", "")) if isinstance(entry, Mapping) else ""
