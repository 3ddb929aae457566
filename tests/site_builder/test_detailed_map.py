"""The offer of the detailed map: where it stands, what it names, which files it needs; and where there is none."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from site_builder import maps
from site_builder.shipped import THEME
from tests.site_builder.small_town import INSTANCE, ZONES, event, idea, project

PLACE = {"longitude": "2.05", "latitude": "47.05"}
OFFER, CONSENT = '<div class="lr-carte', "data-fond "
TILES = {"tiles": "https://tiles.example:8443/{z}/{x}/{y}.png", "credit": "Le <Service> des plans", "max_zoom": 17}


@pytest.fixture
def theme(tmp_path):
    """A copy of the theme whose bundle is there, whether set-up made one or not."""
    copy = tmp_path / "theme"
    shutil.copytree(THEME, copy, ignore=shutil.ignore_patterns("bundled"))
    (copy / "bundled").mkdir()
    (copy / "bundled" / "carte.js").write_text("export function show() {}\n")
    (copy / "bundled" / "carte.css").write_text(".lr-point{}\n")
    return copy


@pytest.fixture
def placed(town):
    """A project, an idea and an event with a place."""
    town.put("project", "2026-P001", project("Un jardin", place=PLACE))
    town.put("idea", "2026-0001", idea("Un « banc » & un arbre", place=PLACE))
    town.put("event", "2026-E001", event("Visite", "2026-06-03T18:30", place=PLACE))
    town.put("page", "donnees-personnelles", {"title": "Vos données", "body": "Rien."})
    return town


PAGES = (
    "projets",
    "idees",
    "projets/etat/en-travaux",
    "projets/2026-P001",
    "idees/2026-0001",
    "agenda/2026-E001",
    "quartiers/bief",
)


def settings_of(sites) -> dict:
    (name,) = [name for name in sites.files() if re.fullmatch(r"assets/carte\.[0-9a-f]{8}\.json", name)]
    return json.loads(sites.files()[name])


def test_pages_with_a_place_offer_the_map_say_from_whom_and_load_nothing(placed, sites, theme):
    sites.build(placed.commit(), theme=theme)
    assert [page for page in PAGES if sites.page(page).count(OFFER) != 1] == []
    for page in PAGES:
        html = sites.page(page)
        box = re.search(r'<div class="lr-carte.*?</div>', html)[0]
        assert " hidden>" in box.partition("<p>")[0]
        assert "data.geopf.fr (IGN, Géoplateforme). Rien n’est chargé sans votre accord." in box
        assert 'data-origin="https://data.geopf.fr"' in box
        assert re.findall(r'(?:src|href)="[^"#]*carte[^"]*"', html) == [
            f'src="{"../" * (page.count("/") + 1)}assets/carte.js"'
        ]
    assert OFFER not in sites.page("")


def test_a_record_tells_the_map_its_place_and_a_list_its_files(placed, sites, theme):
    sites.build(placed.commit(), theme=theme)
    assert 'data-at="47.050000,2.050000" data-title="Un « banc » &amp; un arbre" data-family="' in sites.page(
        "idees/2026-0001"
    )
    assert 'data-type="project" data-folder="../projets/" data-base="../"' in sites.page("projets")
    assert 'data-facet="stage" data-value="works"' in sites.page("projets/etat/en-travaux")
    assert 'data-facet="zone" data-value="bief" data-zone="bief"' in sites.page("quartiers/bief")


def test_settings_program_and_borders_are_files_of_the_site(placed, sites, theme):
    sites.build(placed.commit(), theme=theme)
    settings, files = settings_of(sites), sites.files()
    assert files[settings["script"]] == b"export function show() {}\n"
    assert files[settings["style"]] == b".lr-point{}\n"
    assert (settings["lang"], settings["max_zoom"], settings["words"]["project"]) == ("fr", 19, ["projet", "projets"])
    borders = json.loads(files[settings["borders"]])
    corners = [[round(number, -2) for number in point] for point in unfolded(borders["bief"][0])]
    assert sorted(corners) == [[4700000, 200000], [4700000, 210000], [4710000, 200000], [4710000, 210000]]


def unfolded(steps: list[int]) -> list[list[int]]:
    """The points of a ring from its first one and the steps, in hundred-thousandths of a degree."""
    found = [steps[:2]]
    for n in range(2, len(steps), 2):
        found.append([found[-1][0] + steps[n], found[-1][1] + steps[n + 1]])
    return found


def test_a_town_names_its_own_tiles_and_the_policy_allows_that_host_alone(placed, sites, theme):
    placed.put("instance", "instance", INSTANCE | {"map": TILES})
    sites.build(placed.commit(), theme=theme)
    policy = sites.files()["assets/politique.txt"].decode()
    assert "img-src 'self' data: https://tiles.example:8443;" in policy
    assert policy.count("http") == 1
    assert settings_of(sites)["tiles"] == TILES["tiles"]
    assert "tiles.example (Le &lt;Service&gt; des plans)" in sites.page("projets")


def test_the_policy_is_stated_with_the_plan_of_ign_when_the_town_says_nothing(placed, sites, theme):
    sites.build(placed.commit(), theme=theme)
    policy = sites.files()["assets/politique.txt"].decode()
    assert "img-src 'self' data: https://data.geopf.fr;" in policy
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy


@pytest.mark.parametrize("without", ["tiles", "program"])
def test_without_tiles_or_program_the_drawn_map_stays_and_nothing_is_offered(placed, sites, theme, without):
    if without == "tiles":
        placed.put("instance", "instance", INSTANCE | {"map": {"tiles": "none"}})
    else:
        shutil.rmtree(theme / "bundled")
    sites.build(placed.commit(), theme=theme)
    assert [
        page for page in (*PAGES, "donnees-personnelles") if OFFER in sites.page(page) or CONSENT in sites.page(page)
    ] == []
    assert [page for page in PAGES if 'class="lr-map' not in sites.page(page)] == []
    assert [name for name in sites.files() if re.search(r"assets/(carte\.[0-9a-f]{8}|zones\.)", name)] == []
    assert "http" not in sites.files()["assets/politique.txt"].decode()


def test_the_page_on_personal_data_tells_the_choice_and_takes_it_back(placed, sites, theme):
    sites.build(placed.commit(), theme=theme)
    page = sites.page("donnees-personnelles")
    assert 'data-origin="https://data.geopf.fr"' in re.search(r"<section[^>]*data-fond.*?</section>", page)[0]
    assert "data-fond-off hidden>Ne plus charger la carte détaillée</button>" in page


def test_points_without_outlines_are_offered_on_the_map_alone(placed, sites, theme):
    placed.files["zones.geojson"] = re.sub(rb'"geometry": \{.*?\}\}', b'"geometry": null}', ZONES, flags=re.DOTALL)
    sites.build(placed.commit(), theme=theme)
    page = sites.page("projets")
    assert OFFER in page
    assert "<noscript><p" in page
    assert "lr-map" not in page
    assert settings_of(sites)["borders"] == ""


def test_a_record_without_place_nor_outlined_zone_is_offered_nothing(placed, sites, theme):
    everywhere = project("Partout", place="whole_territory")
    placed.put("project", "2026-P002", {key: value for key, value in everywhere.items() if key != "zone"})
    sites.build(placed.commit(), theme=theme)
    assert OFFER not in sites.page("projets/2026-P002")


def test_another_program_is_another_address_on_every_page(placed, sites, theme):
    sites.build(placed.commit(), theme=theme)
    before = settings_of(sites)["script"]
    (theme / "bundled" / "carte.js").write_text("export function show() { return 2; }\n")
    assert sites.build(placed.commit(), theme=theme).full
    after = settings_of(sites)["script"]
    assert before != after
    assert before not in sites.files()


def test_one_change_gives_the_same_bytes_as_a_whole_build(placed, sites, theme):
    sites.build(placed.commit(), theme=theme)
    placed.put("project", "2026-P001", project("Un jardin déplacé", place=PLACE | {"longitude": "2.15"}, zone="halles"))
    source = placed.commit()
    assert sites.build(source, theme=theme).full is False
    sites.build(source, "b", theme=theme)
    assert sites.files() == sites.files("b")


@pytest.mark.parametrize("script", ["assets/catalogue.js", "scripts/carte/marks.js"])
def test_shapes_are_the_same_wherever_they_are_drawn(script):
    text = (THEME / script).read_text("utf-8")
    assert [family for family, shape in maps.SHAPES.items() if f"{family}: '{shape}'" not in text] == []
