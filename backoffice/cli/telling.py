"""How commands tell what is wrong with a content: errors first, and no more lines than a person reads."""

from __future__ import annotations

from participation.problems import Problem, Severity

MOST = 40


def tell(problems: list[Problem]) -> None:
    """Print the problems, errors first; beyond forty only how many more there are."""
    ordered = sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)
    for problem in ordered[:MOST]:
        print(f"{problem.severity}: {problem}")
    if len(ordered) > MOST:
        print(f"… and {len(ordered) - MOST} more: laureat check CONTENT lists them all.")
