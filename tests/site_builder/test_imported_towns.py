"""Towns that came from elsewhere: no ideas, zones and themes with names of their own; a site in a plain folder."""

from __future__ import annotations

import json
import re

import pytest

from site_builder import derived
from site_builder.build import Options, build
from site_builder.targets import FolderTarget
from tests.site_builder.small_town import EDITION, INSTANCE, NOW, SmallTown, project

ZONES = ("10e arrondissement", "Centre", "2e arrondissement", "École militaire", "1er arrondissement")
THEMES = {
    "education-et-jeunesse": "theme-education",
    "eco-mobilite": "theme-mobilite",
    "culture-et-patrimoine": "theme-culture",
    "environnement": "theme-nature",
    "proprete": "theme-autre",
}


@pytest.fixture
def imported(tmp_path):
    """Projects in five zones and of five themes; no idea, no event."""
    town = SmallTown(tmp_path / "imported.git")
    town.put("instance", "instance", {name: INSTANCE[name] for name in ("schema", "title", "name", "current_edition")})
    town.put("edition", "2026", EDITION | {"themes": [{"id": theme} for theme in THEMES]})
    features = [
        {"type": "Feature", "properties": {"id": str(number), "title": title}, "geometry": None}
        for number, title in enumerate(ZONES)
    ]
    town.files["zones.geojson"] = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    for number, theme in enumerate(THEMES):
        town.put("project", f"2026-P00{number}", project(f"Projet {number}", zone=str(number), theme=theme))
    return town


def test_zones_to_choose_from_stand_as_people_count(imported, sites):
    sites.build(imported.commit())
    shown = re.findall(r'data-facet="zone"[^>]*><span>([^<]+)', sites.page("projets"))
    assert shown == ["1er arrondissement", "2e arrondissement", "10e arrondissement", "Centre", "École militaire"]


@pytest.mark.parametrize(("number", "theme"), list(enumerate(THEMES)))
def test_a_theme_of_any_name_gets_the_drawing_that_its_words_say(imported, sites, number, theme):
    sites.build(imported.commit())
    assert re.findall(r"img/(theme-\w+)\.svg", sites.page(f"projets/2026-P00{number}"))[0] == THEMES[theme]


def test_the_home_page_sends_nobody_to_an_empty_list(imported, sites):
    sites.build(imported.commit())
    buttons = re.search(r'<p class="lr-actions">(.*?)</p>', sites.page(""), re.DOTALL)[1]
    assert re.findall(r'href="([^"]*)"', buttons) == ["projets/"]


def test_a_site_in_a_plain_folder_can_be_searched(imported, tmp_path, shells):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "shells").symlink_to(shells, target_is_directory=True)
    source, options = imported.commit(), Options(now=NOW, cache=cache, processes=1)
    target = FolderTarget(tmp_path / "out", cache / "places")
    try:
        build(source, target, options)
        first, again = (derived.make(source, target, options)["indexes for search"] for _time in range(2))
    finally:
        target.close()
    assert (first, again) == (["fr-2026"], [])
    assert sorted(path.name for path in (tmp_path / "out/recherche").iterdir()) == ["index", "index.html"]
