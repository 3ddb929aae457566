"""What can be wrong with content, as values, and the root of every exception with words for people.

Faulty content is a list of `Problem`; a failed operation is a `LaureatError`. Nothing here reads content.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """An error holds a record back from publication, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the content: where it is (`file`, `line` from 1, dotted `field`), what it is, what to do."""

    message: str
    file: str = ""
    line: int | None = None
    field: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        parts = [part for part in (place, self.field, self.message) if part]
        text = "\u00a0: ".join(parts)
        return f"{text} ({self.hint})" if self.hint else text

    def at(self, file: str, line: int | None = None) -> Problem:
        """The same problem with its place filled in."""
        return replace(self, file=file, line=line if line is not None else self.line)


def errors(problems: list[Problem]) -> list[Problem]:
    """The problems that hold a record back."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


class LaureatError(Exception):
    """Root of all failures: a message fit for a citizen or an agent, what is kept, and what to do.

    Subclasses live beside their subject, one for each situation.
    """

    def __init__(self, message: str, *, kept: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.kept = kept
        self.hint = hint

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.kept, self.hint) if part)


class ContentError(LaureatError):
    """The content itself stops the operation; `problems` lists every fault found."""

    def __init__(self, message: str, problems: list[Problem], *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(str(problem) for problem in self.problems)])
