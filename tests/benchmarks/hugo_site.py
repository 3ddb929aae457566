"""The same generated records as a Hugo site: front matter with the same fields, the Markdown below it.

The layouts are in `hugo/`; here the content is written and the words that both sites share are handed over.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from participation.lifecycle import IDEA, PROJECT
from site_builder.engine import FAMILY_ICONS
from site_builder.icons import load_icons
from site_builder.shipped import THEME
from tests.benchmarks.content import EDITIONS, SERVICES, THEMES, ZONES, Data, Generated, records, yaml

LAYOUTS = Path(__file__).parent / "hugo"
FOLDERS = {"project": "projets", "idea": "idees", "event": "agenda"}
BODY = {"project": "description", "idea": "proposal", "event": "description"}
STEPS = {"design": "Études", "works": "Travaux"}
WORDS = {
    "inhabitant": "une habitante ou un habitant", "online": "en ligne",
    "workshop": "Atelier", "meeting": "Réunion publique", "visit": "Visite de chantier",
    "inauguration": "Inauguration", "committee": "Commission citoyenne",
}  # fmt: skip
_DATE = re.compile(r"^( *(?:- )?(?:\w+: |- ))(20\d\d(?:-\S*)?)$", re.MULTILINE)


def make(folder: Path, count: int) -> None:
    """The sources of the site of `count` records."""
    shutil.copytree(LAYOUTS, folder)
    content = folder / "content"
    for name, title, extra in (
        ("projets", "Les projets", {}),
        ("idees", "Les idées", {}),
        ("agenda", "Agenda", {"outputs": ["html", "calendar"], "cascade": {"outputs": ["html", "calendar"]}}),
        ("editions", "Les éditions", {}),
        ("actualites", "Les actualités", {}),
    ):
        (content / name).mkdir(parents=True)
        (content / name / "_index.md").write_text(json.dumps({"title": title, **extra}, ensure_ascii=False), "utf-8")
    for year in EDITIONS:
        data = {"title": f"Édition {year}", "summary": "Une année de projets.", "budget": 1_000_000}
        (content / "editions" / f"{year}.md").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    for record in records(count):
        (content / FOLDERS[record.type] / f"{record.id}.md").write_text(page(record), "utf-8")
    pad(folder, 0)


def page(record: Generated) -> str:
    """One content file: front matter in YAML with all fields, then the record's long text."""
    data: Data = {"id": record.id, **record.data}
    body = data.pop(BODY[record.type])
    if record.type == "event":
        data["genre"] = data.pop("kind")  # `kind` is a word of Hugo's own
        data |= {key: f"{data[key]}:00" for key in ("start", "end")}  # Hugo reads no time without seconds
        data["mois"] = [str(record.data["start"])[:7]]
        data["weight"] = int(str(record.data["start"])[:10].replace("-", ""))
    else:
        name = FOLDERS[record.type]
        state = record.data["status"][-1]["state"]
        data |= {"etat": state, "edition": record.edition}
        data |= {f"{name}_edition": [record.edition], f"{name}_theme": [record.data["theme"]]}
        data |= {f"{name}_quartier": [record.data["zone"]], f"{name}_etat": [state]}
        data["weight"] = (2030 - int(record.edition)) * 1_000 + record.data.get("rank", 0) + 1
    return f"---\n{_front(data)}---\n\n{body}\n"


def _front(data: Data) -> str:
    """YAML in which dates and years are strings, as a careful Hugo user writes them."""
    return _DATE.sub(r'\1"\2"', yaml(data))


def pad(folder: Path, characters: int) -> None:
    """Hand over the shared words, and a comment of that length (at least 7) that makes each page as heavy as ours."""
    icons = {name: str(markup) for name, markup in load_icons(THEME).items()}

    def states(table: dict[str, Any]) -> dict[str, Any]:
        return {
            code: {"words": state.words, "family": state.family, "icon": icons[FAMILY_ICONS[state.family]]}
            for code, state in table.items()
        }

    words = {code: state.words for table in (IDEA, PROJECT) for code, state in table.items()}
    words |= THEMES | ZONES | WORDS | {year: f"Édition {year}" for year in EDITIONS}
    params = {
        "words": words,
        "steps": STEPS,
        "services": SERVICES,
        "icons": icons,
        "project_states": states(PROJECT),
        "idea_states": states(IDEA),
        "padding": f"<!--{'.' * (characters - 7)}-->" if characters >= 7 else "",
    }
    place = folder / "config" / "_default"
    place.mkdir(parents=True, exist_ok=True)
    if (folder / "hugo.toml").exists():
        (folder / "hugo.toml").rename(place / "hugo.toml")
    (place / "params.json").write_text(json.dumps(params, ensure_ascii=False), "utf-8")
