"""Pictures that people who do not see them would miss: each one needs the words that replace it before it is public."""

from __future__ import annotations

from collections.abc import Iterator

from participation.messages import mark as _
from participation.problems import Problem
from participation.records import Record


def check_pictures(record: Record) -> Iterator[Problem]:
    """Photos without alternative text. They hold the record back, and never its saving."""
    for number, photo in enumerate(record.data.get("photos", ()), 1):
        if "file" in photo and not photo.get("alt"):
            yield Problem(
                _("Cette photo n’a pas de texte de remplacement."),
                field=f"photos.{number}.alt",
                hint=_("Dites en une phrase ce qu’elle montre, pour qui ne la voit pas."),
            )
