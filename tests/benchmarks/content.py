"""Generated content for the benchmarks: a town's records as plain data, the same for Lauréat and for Hugo.

The mix: 80 % projects, 15 % ideas (each second one became a project, both name the other), 5 % events (four in five
about a project), spread over ten editions, 20 zones, 8 themes and 6 services. A record has some 20 fields and 200
words. Nothing is drawn from the clock: the same count gives the same bytes. Nothing is measured here.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

EDITIONS = [str(year) for year in range(2015, 2025)]
THEMES = {
    "nature": "Nature en ville", "patrimoine": "Patrimoine", "mobilite": "Mobilités", "culture": "Culture",
    "solidarite": "Solidarités", "sport": "Sport et plein air", "education": "Éducation et jeunesse",
    "numerique": "Ville numérique",
}  # fmt: skip
ZONES = {f"quartier-{number}": f"Quartier {number}" for number in range(1, 21)}
SERVICES = {
    "espaces-verts": "Espaces verts", "voirie": "Voirie", "batiments": "Bâtiments", "sports": "Sports",
    "culture": "Culture et patrimoine", "participation": "Mission participation",
}  # fmt: skip
WORDS = (
    "le la les un une des ville quartier place rue école jardin arbre banc vélo eau sport culture nature projet "
    "idée budget travaux étude habitants enfants collège marché fontaine ombre chemin parc piste mobilier atelier "
    "association mairie service familles rencontre plantation éclairage sécurité accès entretien terrain pierre "
    "bois verger potager passage trottoir carrefour lecture musique théâtre solidaire partagé nouvelle ancien "
    "petite grand calme vivant ouvert"
).split()
# State reached -> the states on the way there; most projects of old editions are finished.
WAYS = {
    "closed": ["on_ballot", "winner", "design", "works", "delivered", "closed"],
    "delivered": ["on_ballot", "winner", "design", "works", "delivered"],
    "works": ["on_ballot", "winner", "design", "works"],
    "design": ["on_ballot", "winner", "design"],
    "winner": ["on_ballot", "winner"],
    "not_selected": ["on_ballot", "not_selected"],
}
PROJECT_STATES = ["closed", "works", "delivered", "not_selected", "design", "closed", "winner", "works"]
IDEA_ENDS = ["infeasible", "in_study", "inadmissible", "feasible"]
KINDS = ["workshop", "meeting", "visit", "inauguration", "committee"]

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Generated:
    """One record: its type, identifier, edition and plain data in the order of its file."""

    type: str
    id: str
    edition: str
    data: Data

    @property
    def path(self) -> str:
        """Its file in a content repository."""
        if self.type == "event":
            return f"events/{self.id[:4]}/{self.id}.yml"
        return f"editions/{self.edition}/{self.type}s/{self.id}.yml"


def records(count: int) -> Iterator[Generated]:
    """`count` records: for each 100, 80 projects, then 15 ideas, then 5 events."""
    for number in range(count):
        place = number % 100
        chance = random.Random(number)
        edition = EDITIONS[number * 7 % 10]
        if place < 80:
            idea = number - place + 80 + place // 2 if place < 15 and place % 2 == 0 else None
            yield _project(chance, number, edition, idea if idea is not None and idea < count else None)
        elif place < 95:
            # Ideas 80 to 87 of a hundred are those that became its projects 0, 2, 4 … 14.
            project = number - place + (place - 80) * 2 if place < 88 else None
            yield _idea(chance, number, edition, project)
        else:
            yield _event(chance, number, edition, number - 95 if place < 99 else None)


def id_of(number: int) -> str:
    """The identifier of the record of that number; a project, an idea and an event never share one."""
    edition = EDITIONS[number * 7 % 10]
    place = number % 100
    return f"{edition}-P{number:05d}" if place < 80 else f"{edition}-{number:05d}" if place < 95 else _event_id(number)


def _event_id(number: int) -> str:
    return f"{2016 + number // 100 % 10}-E{number:05d}"


def _project(chance: random.Random, number: int, edition: str, idea: int | None) -> Generated:
    year, cost = int(edition), 1_000 * (number % 200 + 5)
    state = PROJECT_STATES[number // 10 % 8] if edition != EDITIONS[-1] else "on_ballot"
    way = WAYS.get(state, ["on_ballot"])
    data: Data = {
        "title": f"{_words(chance, 6).capitalize()} {number}",
        "summary": f"{_words(chance, 18).capitalize()}.",
        "description": _long(chance),
        "theme": list(THEMES)[number % 8],
    }
    if idea is not None:
        data["ideas"] = [id_of(idea)]
    data |= {
        "owner": {"kind": "association", "organisation": f"Association {_words(chance, 2)}"},
        "zone": f"quartier-{number % 20 + 1}",
        "place": _place(chance, number),
        "service": list(SERVICES)[number % 6],
        "partners": [f"Collège {_words(chance, 2)}", f"Les amis {_words(chance, 2)}"],
        "votes": number % 900 + 10,
        "rank": number % 90 + 1,
        "cost": cost,
        "budget_voted": cost,
        "budget_revised": cost + 2_000,
        "budget_committed": cost * 9 // 10,
        "budget_paid": cost // 2,
        "budget_as_of": f"{year + 2}-10-31",
        "upkeep": cost // 100,
        "steps": [
            {
                "kind": "design",
                "planned_start": f"{year + 1}-01", "planned_end": f"{year + 1}-06",
                "actual_start": f"{year + 1}-02", "actual_end": f"{year + 1}-{6 + number % 4:02d}",
            },
            {
                "kind": "works",
                "planned_start": f"{year + 2}-01", "planned_end": f"{year + 2}-06",
                "actual_start": f"{year + 2}-02-15",
            },
        ],
        "status": [
            {"state": step, "date": f"{year + turn // 2}-{10 + turn % 2}-{number % 27 + 1:02d}", "role": "service"}
            for turn, step in enumerate(way)
        ],
        "note": f"{_words(chance, 10).capitalize()}.",
    }  # fmt: skip
    data["status"][-1]["reason"] = f"{_words(chance, 14).capitalize()}."
    return Generated("project", id_of(number), edition, data)


def _idea(chance: random.Random, number: int, edition: str, project: int | None) -> Generated:
    year = int(edition)
    end = IDEA_ENDS[number // 100 % 4] if project is None else "on_ballot"
    way = ["submitted", "admissible", "in_study", "feasible", "on_ballot"]
    way = way[: way.index(end) + 1] if end in way else [*way[: 1 if end == "inadmissible" else 3], end]
    data: Data = {
        "title": f"{_words(chance, 6).capitalize()} {number}",
        "summary": f"{_words(chance, 16).capitalize()}.",
        "need": f"{_words(chance, 25).capitalize()}.",
        "proposal": _long(chance, 40),
        "theme": list(THEMES)[number % 8],
        "zone": f"quartier-{number % 20 + 1}",
        "place": _place(chance, number),
        "owner": {"kind": "inhabitant"},
        "channel": "online",
        "received": f"{year}-03-{number % 27 + 1:02d}",
        "cost": 1_000 * (number % 90 + 5),
        "upkeep": 10 * (number % 90 + 5),
        "service": list(SERVICES)[number % 6],
        "study": f"{_words(chance, 25).capitalize()}.",
        "next_steps": f"{_words(chance, 12).capitalize()}.",
    }
    if project is not None:
        data["project"] = id_of(project)
    data["status"] = [
        {"state": step, "date": f"{year}-{4 + place:02d}-{number % 27 + 1:02d}", "role": "agent"}
        for place, step in enumerate(way)
    ]
    data["status"][-1]["reason"] = f"{_words(chance, 14).capitalize()}."
    data["note"] = f"{_words(chance, 10).capitalize()}."
    return Generated("idea", id_of(number), edition, data)


def _event(chance: random.Random, number: int, edition: str, project: int | None) -> Generated:
    day = f"{2016 + number // 100 % 10}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    data: Data = {
        "title": f"{_words(chance, 6).capitalize()} {number}",
        "kind": KINDS[number % 5],
        "summary": f"{_words(chance, 16).capitalize()}.",
        "description": _long(chance, 45),
        "start": f"{day}T18:30",
        "end": f"{day}T20:30",
        "place": {"name": f"Salle {_words(chance, 2)}", **_place(chance, number)},
        "zone": f"quartier-{number % 20 + 1}",
        "access": f"{_words(chance, 16).capitalize()}.",
        "organiser": "Mission participation",
        "registration": {"required": False, "capacity": number % 80 + 20},
        "agenda": f"- {_words(chance, 10)}\n- {_words(chance, 10)}\n- {_words(chance, 10)}",
        "report": f"{_words(chance, 30).capitalize()}.",
        "attendance": number % 90 + 8,
        "edition": edition,
    }
    if project is not None:
        data["projects"] = [id_of(project)]
    data["note"] = f"{_words(chance, 10).capitalize()}."
    return Generated("event", id_of(number), edition, data)


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def _long(chance: random.Random, count: int = 100) -> str:
    """Markdown with emphasis and a list, of some `count` + 50 words."""
    third = count // 3
    items = "\n".join(f"- {_words(chance, 8)}" for _item in range(3))
    return (
        f"{_words(chance, third).capitalize()}.\n\n**{_words(chance, 4)}**, {_words(chance, third)}.\n\n{items}\n\n"
        f"{_words(chance, third + 18).capitalize()}."
    )


def _place(chance: random.Random, number: int) -> Data:
    return {
        "address": f"{number % 200 + 1} rue {_words(chance, 2)}",
        "longitude": f"{2.2 + chance.random() / 5:.5f}",
        "latitude": f"{48.8 + chance.random() / 8:.5f}",
    }


# ---------------------------------------------------------------------------------------------------- text


def yaml(data: Data, indent: str = "") -> str:
    """The plain data of a record as YAML, in the style of the content folder."""
    lines = []
    for key, value in data.items():
        if isinstance(value, dict):
            lines.append(f"{indent}{key}:\n{yaml(value, indent + '  ')}")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            rows = (yaml(row, f"{indent}    ") for row in value)
            lines.append(f"{indent}{key}:\n" + "".join(f"{indent}  - {row[len(indent) + 4 :]}" for row in rows))
        elif isinstance(value, list):
            lines.append(f"{indent}{key}:\n" + "".join(f"{indent}  - {item}\n" for item in value))
        elif isinstance(value, str) and "\n" in value:
            text = "".join(f"{indent}  {line}\n" if line else "\n" for line in value.split("\n"))
            lines.append(f"{indent}{key}: |-\n{text}")
        elif isinstance(value, str) and value.startswith(("- ", "* ")):
            lines.append(f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}\n")
        else:
            lines.append(f"{indent}{key}: {_scalar(value)}\n")
    return "".join(lines)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}'" if isinstance(value, str) and text.isdigit() else text


def shared_files() -> dict[str, str]:
    """The files of the town: instance, zones, services, editions."""
    square = [[[2.2, 48.8], [2.4, 48.8], [2.4, 48.9], [2.2, 48.8]]]
    zones = [
        {
            "type": "Feature",
            "properties": {"id": id, "title": title, "kind": "quartier"},
            "geometry": {"type": "Polygon", "coordinates": square},
        }
        for id, title in ZONES.items()
    ]
    themes = [{"id": id, "title": title} for id, title in THEMES.items()]
    files = {
        "instance.yml": yaml(
            {
                "schema": 1,
                "title": "Budget participatif",
                "name": "Grandville",
                "url": "https://grandville.example",
                "contact": {
                    "name": "Mission participation",
                    "email": "budget@grandville.example",
                    "phone": "02 61 91 00 24",
                },
            }
        ),
        "zones.geojson": json.dumps({"type": "FeatureCollection", "features": zones}, ensure_ascii=False),
        "services.yml": "".join(f"- id: {id}\n  title: {title}\n" for id, title in SERVICES.items()),
    }
    for year in EDITIONS:
        data = {"title": f"Édition {year}", "summary": "Une année de projets.", "budget": 1_000_000, "themes": themes}
        files[f"editions/{year}/edition.yml"] = yaml(data)
    return files
