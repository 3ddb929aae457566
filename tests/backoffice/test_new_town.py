"""A town that `laureat init` has just made goes from nothing to a public site in the office alone, no file touched."""

from __future__ import annotations

import re

import pytest

from participation.records import Instance
from participation.store.starting import start
from tests.backoffice.conftest import fields_of
from tests.backoffice.publisher import PAGE, Publisher
from tests.backoffice.test_places import square
from tests.backoffice.test_zones import carried, collection, feature, send
from tests.backoffice.town import NOW

STEPS = (
    "Présenter la collectivité",
    "Créer la première édition",
    "Dire quelle édition est en cours",
    "Placer les quartiers",
    "Écrire une première page",
    "Publier une première fois",
)


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """What `laureat init` makes."""
    path = tmp_path_factory.mktemp("new") / "content.git"
    start(path, "Val-Neuf", author="laureat", when=NOW)
    return path


def fill(browser, page: str, **typed: str):
    answer = browser.post(page, fields_of(browser.get(page).text) | typed)
    assert answer.status_code == 303, answer.text[:4000]
    return answer


def left(browser) -> list[str]:
    """The steps that the first page still links to."""
    page = browser.get("/gestion/").text
    return [title for title in STEPS if f">{title}</a>" in page]


def test_a_new_town_goes_from_nothing_to_a_public_site_in_the_office_alone(app, browser_of):
    boss = browser_of("administrator")
    assert left(boss) == list(STEPS)

    fill(
        boss,
        "/gestion/fiche/instance",
        summary="Les habitants proposent, votent et suivent.",
        **{
            "contact.name": "Mission participation",
            "contact.email": "participation@val-neuf.example",
            "legal.publisher": "Ville de Val-Neuf",
            "look.brand": "#7a1f5c",
        },
    )
    fill(
        boss,
        "/gestion/nouveau/edition",
        title="Édition 2026",
        budget="100 000 €",
        **{"phases.1.phase": "ideas", "phases.1.start": "01/11/2025", "phases.1.end": "31/01/2026"},
        **{"themes.1.id": "nature", "themes.1.title": "Nature en ville"},
    )
    fill(boss, "/gestion/fiche/instance", current_edition="2026")
    assert left(boss) == list(STEPS[3:])

    boss.get("/gestion/quartiers/fichier")
    page = send(
        boss, collection(feature("Le Bourg", square(2.65, 47.4)), feature("La Plaine", square(2.66, 47.4)))
    ).text
    assert boss.post("/gestion/quartiers/fichier", carried(page, _do="apply")).status_code == 303
    fill(boss, "/gestion/nouveau/service", title="Espaces verts")
    fill(boss, "/gestion/nouveau/page", title="Comment participer", body="Écrivez-nous.")
    fill(
        boss,
        "/gestion/nouveau/idea",
        title="Des arbres place de la Mairie",
        theme="nature",
        zone="le-bourg",
        **{"place.latitude": "47,405 ; 2,655"},
    )
    fill(boss, "/gestion/fiche/instance", **{"menu.1.page": "comment-participer", "menu.1.label": "Participer"})
    assert left(boss) == [STEPS[-1]]

    waiting = boss.get(PAGE).text
    assert ("Comment participer" in waiting, ".schema" in waiting) == (True, False)
    office = Publisher(app, browser_of)
    assert boss.post(PAGE, office.seen(boss)).status_code == 303
    office.work()
    home = boss.get("/").text
    assert ("Val-Neuf" in home, "Participer" in home) == (True, True)
    assert "Le Bourg" in boss.get("/quartiers/le-bourg/").text
    assert left(boss) == []
    assert "Préparer le site" not in boss.get("/gestion/").text


def test_its_empty_lists_wait_under_their_names(browser_of):
    page = browser_of("administrator").get("/gestion/publier").text

    assert "<h3>Services" in page
    assert "<h3>Quartiers" in page
    assert "services.yml" not in re.sub("<[^>]*>", "", page)


def test_the_form_of_the_instance_is_in_parts(browser_of):
    page = browser_of("administrator").get("/gestion/fiche/instance").text
    parts = dict.fromkeys(field.section for field in Instance.fields.values() if field.name != "schema")
    assert [part for part in parts if f">{part}</a>" not in page] == []
