"""Old addresses: they lead on, never over a page of today, and what disappears without one is told."""

from __future__ import annotations

import pytest

from participation.problems import Severity
from tests.site_builder.pages_read import ReadPage
from tests.site_builder.small_town import EDITION, INSTANCE, ZONES, idea, project


def told(report) -> list[str]:
    """The warnings of a build about addresses."""
    assert all(problem.severity is Severity.WARNING for problem in report.problems)
    return [problem.message.replace("\u00a0", " ") for problem in report.problems]


def with_redirects(town, *pairs: tuple[str, str]) -> None:
    rows = [{"old": old, "new": new} for old, new in pairs]
    town.put("instance", "instance", INSTANCE | {"redirects": rows})


def test_the_old_address_of_a_record_leads_to_its_page_in_words_and_by_itself(town, sites):
    town.put("project", "2026-P001", project("Un jardin", ideas=["2026-0001"], old_addresses=["/projets/jardin/"]))
    report = sites.build(town.commit())
    page = ReadPage(sites.page("projets/jardin"))
    refresh = next(one["content"] for tag, one in page.tags if tag == "meta" and one.get("http-equiv") == "refresh")
    assert told(report) == []
    assert refresh == "0; url=../../projets/2026-P001/"
    assert ("link", {"rel": "canonical", "href": "https://budget.example/projets/2026-P001/"}) in page.tags
    assert ("meta", {"name": "robots", "content": "noindex"}) in page.tags
    assert ("a", {"href": "../../projets/2026-P001/"}) in page.tags
    assert (page.count("h1"), "Un jardin" in page.words) == (1, True)


def test_every_kind_of_page_may_have_had_another_address(town, sites):
    for number, (type_name, id, data) in enumerate(
        [
            ("idea", "2026-0001", idea("Une idée")),
            ("edition", "2026", EDITION),
            ("page", "mode-d-emploi", {"title": "Mode d’emploi", "body": "On vote."}),
            ("article", "2026-A001", {"title": "Le jardin", "date": "2026-05-04"}),
            ("event", "2026-E001", {"title": "Visite", "start": "2026-06-03"}),
        ]
    ):
        town.put(type_name, id, data | {"old_addresses": [f"/avant/{number}/"]})
    report = sites.build(town.commit())
    assert told(report) == []
    assert [sites.files()[f"avant/{number}/index.html"][:9] for number in range(5)] == [b"<!doctype"] * 5


def test_the_old_address_of_a_zone_leads_to_its_page_and_one_of_two_claims_wins(town, sites):
    old = b'"id": "bief", "old_addresses": ["/quartiers/moulins/", "/avant/"], '
    town.files["zones.geojson"] = ZONES.replace(b'"id": "bief", ', old)
    town.put("idea", "2026-0001", idea("Une idée", old_addresses=["/avant/"]))
    report = sites.build(town.commit())
    page = ReadPage(sites.page("quartiers/moulins"))
    assert ("a", {"href": "../../quartiers/bief/"}) in page.tags
    assert "Le Bief" in page.words
    assert told(report) == ["L’ancienne adresse « /avant/ » mène déjà à « /idees/2026-0001/ »."]
    assert [(one.file, one.field) for one in report.problems] == [("zones.geojson", "old_addresses")]


def test_servers_are_told_where_each_old_address_leads(town, sites):
    with_redirects(town, ("/blog/page-7.php", "/projets/"), ("/ancien/", "/blog/"), ("/blog/", "/"))
    town.put("project", "2026-P001", project("Un jardin", ideas=["2026-0001"], old_addresses=["/projets/été/"]))
    report = sites.build(town.commit())
    files = sites.files()
    assert told(report) == []
    assert files["_redirects"].decode().splitlines() == [
        "/ancien/ / 301",
        "/blog/ / 301",
        "/blog/page-7.php /projets/ 301",
        "/projets/%C3%A9t%C3%A9/ /projets/2026-P001/ 301",
    ]
    assert files["redirections.map"].decode().splitlines() == [
        '"/ancien/" "/";',
        '"/ancien" "/";',
        '"/blog/" "/";',
        '"/blog" "/";',
        '"/blog/page-7.php" "/projets/";',
        '"/projets/été/" "/projets/2026-P001/";',
        '"/projets/été" "/projets/2026-P001/";',
    ]
    assert ("blog/page-7.php" in files, "blog/index.html" in files) == (False, True)


def test_a_site_without_old_addresses_has_no_file_about_them(town, sites):
    sites.build(town.commit())
    assert {"_redirects", "redirections.map"} & set(sites.files()) == set()


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([("/projets/", "/idees/")], "L’ancienne adresse « /projets/ » est celle d’une page d’aujourd’hui."),
        ([("/robots.txt/a/", "/")], "L’ancienne adresse « /robots.txt/a/ » est celle d’une page d’aujourd’hui."),
        ([("/assets/a.html", "/")], "L’adresse « /assets/a.html » ne peut pas être celle d’une ancienne page."),
        ([("/gestion/", "/")], "L’adresse « /gestion/ » ne peut pas être celle d’une ancienne page."),
        ([("/a/", "/nulle-part/")], "Cette ancienne adresse mène à « /nulle-part/ », où il n’y a rien."),
        ([("/a/", "/a/")], "Cette ancienne adresse tourne en rond : « /a/ »."),
        ([("/a.html", "/"), ("/a.html/b/", "/")], "L’ancienne adresse « /a.html/b/ » passe par une autre."),
    ],
)  # fmt: skip
def test_an_old_address_that_cannot_lead_on_is_refused_and_the_rest_appears(town, sites, pairs, words):
    with_redirects(town, *pairs)
    before = sites.build(town.commit())
    assert told(before) == [words]
    assert sites.page("projets").count("<h1") == 1


def test_a_loop_of_old_addresses_is_refused_whole(town, sites):
    with_redirects(town, ("/a/", "/b/"), ("/b/", "/a/"))
    report = sites.build(town.commit())
    assert len(told(report)) == 2
    assert "a/index.html" not in sites.files()


def test_two_records_cannot_have_had_one_address(town, sites):
    town.put("idea", "2026-0001", idea("Une idée", old_addresses=["/avant/"]))
    town.put("idea", "2026-0002", idea("Une autre", old_addresses=["/avant/"]))
    report = sites.build(town.commit())
    assert told(report) == ["L’ancienne adresse « /avant/ » mène déjà à « /idees/2026-0001/ »."]
    assert "Une idée" in sites.page("avant")


def test_a_record_that_moves_takes_its_readers_along_and_one_that_goes_is_told(town, sites):
    town.put("idea", "2026-0002", idea("Une autre"))
    sites.build(town.commit())
    del town.files["editions/2026/ideas/2026-0002.yml"]
    town.put("idea", "2026-0009", idea("Une autre", old_addresses=["/idees/2026-0002/"]))
    moved = sites.build(town.commit())
    assert (moved.full, told(moved)) == (False, [])
    assert "../../idees/2026-0009/" in sites.page("idees/2026-0002")
    del town.files["editions/2026/ideas/2026-0009.yml"]
    gone = sites.build(town.commit())
    assert told(gone) == ["Ces adresses disparaissent : /idees/2026-0002/, /idees/2026-0009/."]


def test_a_new_theme_or_a_full_build_forgets_no_address(town, sites):
    town.put("idea", "2026-0002", idea("Une autre", theme="sport"))
    sites.build(town.commit())
    del town.files["editions/2026/ideas/2026-0002.yml"]
    town.put("instance", "instance", INSTANCE | {"look": {"brand": "#204060"}})
    report = sites.build(town.commit())
    assert (report.full, told(report)) == (True, ["Ces adresses disparaissent : /idees/2026-0002/."])
    del town.files["articles/2026-A001.yml"]
    report = sites.build(town.commit(), full=True)
    assert told(report) == ["Ces adresses disparaissent : /actualites/2026-A001/."]


OLD = {"old_addresses": ["/idees/2026-0005/"]}
CHANGES = {
    "a page takes its place again": lambda town: town.put("idea", "2026-0005", idea("De retour")),
    "it is no longer named": lambda town: town.put("idea", "2026-0001", idea("Une idée")),
    "the title changes": lambda town: town.put("idea", "2026-0001", idea("Titre", **OLD)),
    "the record goes": lambda town: town.files.pop("editions/2026/ideas/2026-0001.yml"),
    "another names it too": lambda town: town.put("idea", "2026-0000", idea("Zéro", **OLD)),
    "something else changes": lambda town: town.put("article", "2026-A001", {"title": "Autre", "date": "2026-05-04"}),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_old_addresses_are_those_of_a_full_build(town, sites, change):
    town.put("project", "2026-P001", project("Un jardin"))
    town.put("idea", "2026-0001", idea("Une idée", old_addresses=["/idees/2026-0005/"]))
    sites.build(town.commit())
    CHANGES[change](town)
    source = town.commit()
    report = sites.build(source)
    sites.build(source, "b")
    assert (report.full, sites.files("a") == sites.files("b")) == (False, True)
