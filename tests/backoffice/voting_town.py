"""A small town that votes: five projects of edition 2026, 100 000 €, three choices, three polling places."""

from __future__ import annotations

from tests.backoffice.town import FILES

PROJECTS = {
    1: ("Des arbres", "40000", "tanneries"),
    2: ("Un banc", "5000", "gare"),
    3: ("Un pont", "60000", "gare"),
    4: ("Une fontaine", "30000", "tanneries"),
    5: ("Un jardin", "20000", "gare"),
}

VOTING = FILES | {
    "editions/2026/edition.yml": FILES["editions/2026/edition.yml"]
    + """\
budget: "100000"
phases:
  - phase: vote
    start: "2026-06-01"
    end: "2026-06-14"
rules: |
  ## Article 1

  Chaque personne choisit trois projets au plus.
""",
    "editions/2026/rule.yml": """\
title: Dans l’ordre des voix
clauses:
  - key: ballot.maximum
    article: Article 1
    quote: Chaque personne choisit trois projets au plus.
ballot:
  kind: approval
  minimum: 1
  maximum: 3
threshold: 2
ties: [cheapest, draw]
seed: "4 17 23"
""",
    **{
        f"editions/2026/projects/2026-P{number:03}.yml": f"""\
title: {title}
zone: {zone}
cost: "{cost}"
owner:
  organisation: Association {number}
status:
  - state: on_ballot
    date: "2026-05-02"
"""
        for number, (title, cost, zone) in PROJECTS.items()
    },
    **{
        f"editions/2026/votes/2026-V00{number}.yml": f"""\
title: {title}
channel: paper
zone: {zone}
"""
        for number, title, zone in ((1, "Mairie", "tanneries"), (2, "Gare", "gare"), (3, "Marché", "tanneries"))
    },
}
