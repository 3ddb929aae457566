"""What a record gives to a template: fields it lacks are empty, so that templates need no word for each absence."""

from __future__ import annotations

from typing import Any


class Given(dict[str, Any]):
    """A record's values for a template. A variable that a view forgot stays an error; a field left empty is not one."""

    def __missing__(self, key: str) -> str:
        return ""
