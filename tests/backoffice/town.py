"""A small town for the tests of the office: a few records of each type, in a bare repository of their own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

NOW = dt.datetime(2025, 11, 24, 9, tzinfo=dt.UTC)

FILES = {
    "instance.yml": """\
schema: 1
title: Budget participatif
name: Saint-Aubin-des-Ponts
languages: [fr]
current_edition: "2026"
""",
    "zones.geojson": """\
{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"id": "tanneries", "title": "Les Tanneries"}, "geometry": null},
 {"type": "Feature", "properties": {"id": "gare", "title": "La Gare"}, "geometry": null}]}
""",
    "services.yml": """\
- id: voirie
  title: Voirie
- id: espaces-verts
  title: Espaces verts
""",
    "editions/2024/edition.yml": """\
title: Édition 2024
themes:
  - id: nature
    title: Nature en ville
""",
    "editions/2026/edition.yml": """\
title: Édition 2026
themes:
  - id: nature
    title: Nature en ville
  - id: mobilite
    title: Mobilités
""",
    "editions/2026/ideas/2026-0050.yml": """\
title: Ouvrir le jardin de la tannerie Roux
summary: Rouvrir le portail de la rue du Bief.
need: |
  Le jardin est fermé depuis 2011.

  Les enfants n’ont plus de jardin.
theme: nature
zone: tanneries
place:
  address: 14, rue du Bief
channel: workshop
received: "2025-11-09"
cost: "27500"
status:
  - state: submitted
    date: "2025-11-09"
note: Rappelée le 14 novembre.
""",
    "editions/2026/ideas/2026-0052.yml": """\
title: Un abri à l’arrêt Alouettes
theme: mobilite
zone: gare
status:
  - state: submitted
    date: "2025-11-10"
""",
    "editions/2024/projects/2024-P007.yml": """\
# La place que tout le quartier attend.
title: La place des Lavandières, à l’ombre et au frais
summary: Des arbres, des bancs, une fontaine.
theme: nature
zone: tanneries
place: whole_territory
service: espaces-verts
partners:
  - Les Amis du bief
votes: 412
budget_voted: "85000"
steps:
  - kind: design
    planned_start: "2024-05"
    planned_end: "2024-09-30"
    actual_end: 2024-10
  - kind: works
    planned_start: "2025-01"
    planned_end: "2025-12"
status:
  - state: winner
    date: "2024-04-02"
  - state: design
    date: "2024-05-01"
note: Ne jamais publier cette note interne.
""",
    "editions/2024/projects/2024-P012.yml": """\
title: Un skatepark sous le viaduc
zone: gare
budget_voted: "40000"
status:
  - state: winner
    date: "2024-04-02"
  - state: works
    date: "2025-02-03"
""",
    "editions/2026/votes/2026-V001.yml": """\
title: Mairie
zone: gare
""",
    "events/2025/2025-E014.yml": """\
title: Atelier d’idées à La Gare
kind: workshop
start: "2025-12-11T18:30"
end: "2025-12-11T20:00"
place:
  name: Salle des Alouettes
zone: gare
projects: ["2024-P012"]
""",
}


def make_repository(path: Path, files: dict[str, str] = FILES) -> Path:
    """A bare repository whose first commit holds these files."""
    from participation.store.git import MAIN, GitRepo
    from participation.store.objects import EMPTY_TREE

    with GitRepo.init_bare(path) as git:
        tree, new = git.build(EMPTY_TREE, {name: text.encode() for name, text in files.items()})
        commit = git.write_commit(tree, new, [], "La ville", "agent-0", NOW - dt.timedelta(days=10))
        git.compare_and_swap(MAIN, commit, None)
    return path
