"""Where each record lies in a content repository: path <-> type and identifier. No file is read here."""

from __future__ import annotations

import re
from typing import NamedTuple

_ID = r"[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*"
_EDITION = r"[A-Za-z0-9_]+"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (type_name, re.compile(pattern))
    for type_name, pattern in (
        ("project", rf"editions/(?P<edition>{_EDITION})/projects/(?P<id>(?P=edition)-{_ID})\.yml"),
        ("idea", rf"editions/(?P<edition>{_EDITION})/ideas/(?P<id>(?P=edition)-{_ID})\.yml"),
        ("event", rf"events/(?P<edition>{_EDITION})/(?P<id>(?P=edition)-{_ID})\.yml"),
        ("article", rf"articles/(?P<id>{_ID})\.yml"),
        ("page", rf"pages/(?P<id>{_ID})\.yml"),
        ("edition", rf"editions/(?P<id>{_EDITION})/edition\.yml"),
        ("polling_place", rf"editions/(?P<edition>{_EDITION})/votes/(?P<id>(?P=edition)-{_ID})\.yml"),
        ("rule", rf"editions/(?P<edition>{_EDITION})/rule\.yml"),
        ("instance", r"(?P<id>instance)\.yml"),
    )
)
COLLECTIVE_FILES = {"zones.geojson": "zone", "services.yml": "service"}
_OTHER_YAML = re.compile(rf"(?:media|library|theme|trash|bodies|watch)/|editions/{_EDITION}/votes/|\.")


class Location(NamedTuple):
    """A record's type and identifier; the identifier is empty for a file that holds several records."""

    type_name: str
    id: str


def locate(path: str) -> Location | None:
    """What lies at `path`, or None when no record lies there."""
    if (collective := COLLECTIVE_FILES.get(path)) is not None:
        return Location(collective, "")
    for type_name, pattern in _PATTERNS:
        if match := pattern.fullmatch(path):
            return Location(type_name, rule_id(match["edition"]) if type_name == "rule" else match["id"])
    return None


def rule_id(edition: str) -> str:
    """The identifier of an edition's rule: each edition has one."""
    return f"{edition}-rule"


def stray(path: str) -> bool:
    """True for a YAML file that lies where no record is read: worth a warning."""
    return path.endswith((".yml", ".yaml")) and locate(path) is None and not _OTHER_YAML.match(path)


def path_for(type_name: str, id: str) -> str:
    """The path of a record; ValueError when the identifier cannot name a file of that type."""
    year = id.partition("-")[0]
    paths = {
        "project": f"editions/{year}/projects/{id}.yml",
        "idea": f"editions/{year}/ideas/{id}.yml",
        "event": f"events/{year}/{id}.yml",
        "article": f"articles/{id}.yml",
        "page": f"pages/{id}.yml",
        "edition": f"editions/{id}/edition.yml",
        "polling_place": f"editions/{year}/votes/{id}.yml",
        "rule": f"editions/{year}/rule.yml",
        "instance": "instance.yml",
        "zone": "zones.geojson",
        "service": "services.yml",
    }
    path = paths[type_name]
    found = locate(path)
    if found is None or found.type_name != type_name or (type_name == "rule" and found.id != id):
        raise ValueError(f"{id!r} cannot name a {type_name}")
    return path
