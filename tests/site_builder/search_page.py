"""The search page without the generator around it: its template, its script and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import jinja2

from site_builder import messages
from site_builder.shipped import THEME
from site_builder.tongues import spoken

FILTERS = [
    {"name": "type", "label": "Type", "values": ["Projet", "Idée", "Événement"]},
    {"name": "édition", "label": "Édition", "values": ["2024", "2023", "2022"]},
]
CATALOGUES = [{"label": "Tous les projets", "address": "projets/"}]


def search_page(site: Path) -> None:
    """Write `recherche/index.html` and `assets/search.js` into a folder."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(THEME / "templates"), undefined=jinja2.StrictUndefined, autoescape=True
    )
    messages.install(environment, "fr")
    environment.globals["spoken"] = spoken
    content = environment.get_template("recherche.html").render(
        root="../", up="", filters=FILTERS, catalogues=CATALOGUES, block=lambda _spot, _base: ""
    )
    (site / "recherche").mkdir(exist_ok=True)
    (site / "recherche/index.html").write_text(
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Rechercher</title></head>'
        f'<body><main class="lr">{content}</main><script src="../assets/search.js"></script></body></html>',
        "utf-8",
    )
    (site / "assets").mkdir(exist_ok=True)
    shutil.copyfile(THEME / "assets/search.js", site / "assets/search.js")
