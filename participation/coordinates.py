"""Coordinates as people write or paste them: `48,93 ; 2,35`, `48.93, 2.35`, `48°55'48"N 2°21'E`.

WGS84 degrees only; what they mean for a record is decided by its fields.
"""

from __future__ import annotations

import re

_NUMBER = r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,20})?"
_SIXTIETHS = r"[0-9]{1,2}(?:[.,][0-9]{1,20})?"
_SIDE = "[NSEWO](?:ord|ud|st|uest)?"
_DEGREES = re.compile(
    rf"""\s*(?P<before>{_SIDE})?\s*(?P<degrees>{_NUMBER})\s*°?\s*
    (?:(?P<minutes>{_SIXTIETHS})\s*['’′]\s*)?(?:(?P<seconds>{_SIXTIETHS})\s*(?:"|″|”|''|’’|′′)\s*)?
    (?P<after>{_SIDE}\b)?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[;,/]?\s*")
_AXES = {"n": "latitude", "s": "latitude", "e": "longitude", "w": "longitude", "o": "longitude"}
MOST = {"latitude": 90, "longitude": 180}


def read_one(text: str, axis: str) -> str | None:
    """The decimal degrees of one latitude or longitude, digits as they were typed; None when it cannot be one."""
    match = _DEGREES.fullmatch(text)
    if match is None or _axis(match) not in ("", axis):
        return None
    return _decimal(match, axis)


def read_pair(text: str) -> tuple[str, str] | None:
    """Latitude and longitude, in that order, from one text that holds both; None when it holds anything else.

    Without letters that say which is which, the latitude comes first, as people and maps write it.
    """
    text = text.strip().removeprefix("geo:").strip("()[] ")
    first = _DEGREES.match(text)
    if first is None:
        return None
    second = _DEGREES.fullmatch(text, _BETWEEN.match(text, first.end()).end())  # type: ignore[union-attr]  # matches ""
    if second is None or text[second.start("degrees") - 1].isdecimal():  # one long number is no pair
        return None
    if _axis(first) == "longitude" or _axis(second) == "latitude":
        first, second = second, first
    if _axis(first) == "longitude" or _axis(second) == "latitude":
        return None
    latitude, longitude = _decimal(first, "latitude"), _decimal(second, "longitude")
    return (latitude, longitude) if latitude is not None and longitude is not None else None


def _axis(match: re.Match[str]) -> str:
    letter = (match["before"] or match["after"] or "")[:1].lower()
    return _AXES.get(letter, "")


def _decimal(match: re.Match[str], axis: str) -> str | None:
    degrees = match["degrees"].replace(",", ".").removeprefix("+")
    letter = (match["before"] or match["after"] or "")[:1].lower()
    if match["minutes"] or match["seconds"]:
        minutes, seconds = (float((match[name] or "0").replace(",", ".")) for name in ("minutes", "seconds"))
        if minutes >= 60 or seconds >= 60 or "." in degrees:
            return None
        whole = abs(int(degrees)) + minutes / 60 + seconds / 3600
        sign = "-" if degrees.startswith("-") else ""
        degrees = sign + f"{whole:.6f}".rstrip("0").rstrip(".")
    if letter in ("s", "w", "o"):
        if degrees.startswith("-"):
            return None
        degrees = f"-{degrees}"
    return degrees if abs(float(degrees)) <= MOST[axis] else None
