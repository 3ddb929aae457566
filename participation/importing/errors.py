"""The one way an import is refused as a whole; a fault of one record is a `Problem` in the plan."""

from __future__ import annotations

from participation.messages import mark as _
from participation.problems import ContentError, Problem


class ImportRefused(ContentError):
    """The file or its mapping cannot be used at all; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_("Import refusé\u00a0: rien n’a été écrit."), problems)


def refused(message: str, file: str, line: int | None = None, hint: str = "", field: str = "") -> ImportRefused:
    """The refusal of a file for one reason, to be raised."""
    return ImportRefused([Problem(message, file=file, line=line, field=field, hint=hint)])
