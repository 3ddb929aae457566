"""What people type on count night, read as ballots: `3 12 7`, `12:2 3:1`, `12>3>7` in the order of preference.

Numbers are those of the ballot paper. One that no project has is kept, for the count to say that the ballot is void.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from participation.counting.ballots import Ballot, approval, with_points
from participation.messages import mark as _

_PART = re.compile(r"[^\s,;>]+")
_TOKEN = re.compile(r"(?P<number>[0-9A-Za-z_-]{1,20})(?:[:=](?P<points>\d{1,6}))?")


class NotTyped(ValueError):
    """What was typed is no ballot: the sentence says why. Nothing was counted."""


def ballot_of(
    text: str, numbers: Mapping[str, str], edition: str, kind: str, *, zone: str = "", youth: bool = False
) -> Ballot:
    """The ballot that was typed; `numbers` goes from what stands on the paper to projects. Raises NotTyped."""
    pairs: list[tuple[str, int]] = []
    for part in _PART.findall(text):
        match = _TOKEN.fullmatch(part)
        if match is None:
            raise NotTyped(_("«\u00a0%s\u00a0» n’est pas un numéro de projet.") % part[:40])
        number = match["number"].upper()
        known = numbers.get(number) or numbers.get(number.lstrip("0") or "0") or f"{edition}-{number}"
        if kind == "points" and match["points"] is None:
            raise NotTyped(_("Écrivez le numéro, deux points, les points\u00a0: 12:3."))
        if kind != "points" and match["points"] is not None:
            raise NotTyped(_("Ces bulletins n’ont pas de points\u00a0: écrivez seulement les numéros."))
        pairs.append((known, int(match["points"] or 0)))
    if kind == "points":
        return with_points(pairs, zone=zone, youth=youth)
    choices = [project for project, _points in pairs]
    if kind == "ranking":
        return Ballot(tuple(choices), (), zone, youth)
    return approval(choices, zone=zone, youth=youth)


def typed_again(ballot: Ballot, numbers: Mapping[str, str]) -> str:
    """A ballot as one would type it; `numbers` goes from projects to what stands on the paper."""
    named = [numbers.get(choice, choice.partition("-")[2] or choice) for choice in ballot.choices]
    if ballot.points:
        return " ".join(f"{name}:{points}" for name, points in zip(named, ballot.points, strict=True))
    return " ".join(named)
