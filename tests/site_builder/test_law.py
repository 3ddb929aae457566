"""The pages that the law asks for: there in every town, true to the fields, replaced by the town's own words."""

from __future__ import annotations

import pytest

from participation.store.starting import start
from site_builder.law import conformity
from site_builder.sources import GitSource
from tests.site_builder.pages_read import ReadPage
from tests.site_builder.small_town import INSTANCE, NOW

ADDRESSES = ("accessibilite", "mentions-legales", "donnees-personnelles", "ecoconception")


def words(html: str) -> str:
    return " ".join("".join(ReadPage(html).words).split())


def test_a_new_town_has_every_page_that_the_law_asks_for_and_they_say_what_is_missing(tmp_path, sites):
    commit = start(tmp_path / "new.git", "Ville de Valmont", author="agent-1", when=NOW)
    assert sites.build(GitSource(tmp_path / "new.git", commit)).problems == []
    home = ReadPage(sites.page(""))
    for address in ADDRESSES:
        assert f"{address}/" in home.addresses()
        assert sites.page(address).count("<h1") == 1
    assert "Ville de Valmont s’engage à rendre ses sites internet accessibles" in words(sites.page("accessibilite"))
    assert "est non conforme avec le référentiel" in words(sites.page("accessibilite"))
    assert "La direction de la publication n’est pas encore indiquée." in words(sites.page("mentions-legales"))
    assert "L’hébergeur n’est pas encore indiqué." in words(sites.page("mentions-legales"))
    assert "Aucun cookie" in words(sites.page("donnees-personnelles"))
    assert "seront pesées juste après la publication" in words(sites.page("ecoconception"))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "none"),
        ({"rate": 92}, "none"),
        ({"audited_on": "2026-02-03"}, "none"),
        ({"rate": 49, "audited_on": "2026-02-03"}, "none"),
        ({"rate": 50, "audited_on": "2026-02-03"}, "partial"),
        ({"rate": 99, "audited_on": "2026"}, "partial"),
        ({"rate": 100, "audited_on": "2026-02"}, "full"),
    ],
)
def test_a_site_is_compliant_only_as_far_as_an_audit_found(facts, expected):
    assert conformity(facts) == expected


def test_the_statement_tells_the_audit_and_the_foot_of_every_page_its_result(town, sites):
    audit = {
        "audited_on": "2026-02-03", "audited_by": "Cabinet Clair", "rate": 83, "established": "2026-02-10",
        "defects": "- des PDF sans titres ;", "burden": "Le plan de 1911.", "exempt": "Une carte tierce.",
        "tested": "NVDA et Firefox.", "plan": "https://budget.example/schema",
    }  # fmt: skip
    town.put("instance", "instance", INSTANCE | {"accessibility": audit})
    sites.build(town.commit())
    said = words(sites.page("accessibilite"))
    assert "est partiellement conforme avec le référentiel" in said
    assert "(RGAA), version 4.1, en raison des non-conformités et des dérogations énumérées ci-dessous." in said
    assert "réalisé le 3 février 2026 par Cabinet Clair révèle que 83 % des critères" in said
    for part in ("des PDF sans titres", "Le plan de 1911.", "Une carte tierce.", "NVDA et Firefox.", "10 février 2026"):
        assert part in said
    for address in ("", "projets", "projets/2026-P001"):
        assert "Accessibilité : partiellement conforme" in words(sites.page(address))


def test_a_page_of_the_town_takes_the_place_of_ours(town, sites):
    town.put("page", "mentions-legales", {"title": "Mentions de Valmont", "body": "Écrit par nous."})
    town.put("page", "ecoconception", {"title": "Sobriété", "summary": "Peu.", "body": "Écrit par nous aussi."})
    assert sites.build(town.commit()).problems == []
    assert "Écrit par nous." in words(sites.page("mentions-legales"))
    assert "Éditeur" not in words(sites.page("mentions-legales"))
    assert "Écrit par nous aussi." in words(sites.page("ecoconception"))
    assert "Mentions de Valmont" in words(sites.page("projets"))
    town.put("page", "ecoconception", {"title": "Sobriété", "body": "Changé."})
    sites.build(town.commit())
    assert "Changé." in words(sites.page("ecoconception"))
    del town.files["pages/mentions-legales.yml"]
    sites.build(town.commit())
    assert "Éditeur" in words(sites.page("mentions-legales"))


def test_the_pages_stand_in_the_site_map(town, sites):
    sites.build(town.commit(), now=NOW)
    listed = sites.files()["plan-du-site/pages.xml"].decode()
    assert [address for address in ADDRESSES if f"https://budget.example/{address}/" not in listed] == []
