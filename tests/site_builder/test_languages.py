"""A site in two languages: one folder for each, one release, every page with its counterpart, nothing twice."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from site_builder.search import index_groups
from site_builder.tongues import Foreign, Language, said, tongues, unmark_attributes
from site_builder.town import languages
from tests.site_builder.pages_read import ReadPage
from tests.site_builder.small_town import INSTANCE, NOW, article, event, idea, project

BOTH = {**INSTANCE, "title": {"fr": "Budget participatif", "en": "Participatory budget"}, "languages": ["fr", "en"]}
ORCHARD = {
    "summary": {"fr": "Vingt pommiers.", "en": "Twenty apple trees."},
    "description": {"fr": "Des pommes pour tous.", "en": "Apples for all. [How](mode-d-emploi/)"},
}


@pytest.fixture
def bilingual(town):
    town.put("instance", "instance", BOTH)
    town.put("project", "2026-P002", project({"fr": "Un verger", "en": "An orchard"}, **ORCHARD))
    return town


def pages_of(files):
    return {name: data.decode() for name, data in files.items() if name.endswith(".html")}


# ---------------------------------------------------------------------------------------------------- what is where


def test_every_page_of_the_main_language_has_its_counterpart_at_the_same_address_below_the_folder(bilingual, sites):
    sites.build(bilingual.commit())
    files = sites.files()
    own = {name for name in files if not name.startswith("en/")}
    english = {name.removeprefix("en/") for name in files if name.startswith("en/")}
    shared = {name for name in own if name.startswith(("assets/", "media/", "partage/"))} | {
        "robots.txt",
        "sitemap.xml",
    }
    assert own - shared == english


def test_assets_and_media_lie_once_at_the_root(bilingual, sites):
    sites.build(bilingual.commit())
    assert [name for name in sites.files() if name.startswith(("en/assets", "en/media"))] == []


def test_a_page_says_its_language_and_its_interface_is_in_it(bilingual, sites):
    sites.build(bilingual.commit())
    assert '<html lang="fr"' in sites.page("projets/2026-P002")
    page = sites.page("en/projets/2026-P002")
    assert '<html lang="en"' in page
    assert "An orchard" in page
    assert "Apples for all." in page
    assert ">Projects<" in page
    assert "Un verger" not in page


def test_a_page_that_nobody_has_translated_shows_its_text_marked_and_says_so(bilingual, sites):
    sites.build(bilingual.commit())
    page = sites.page("en/projets/2026-P001")
    assert '<h1><span lang="fr">Un jardin</span></h1>' in page
    assert '<div lang="fr"><p>Un jardin, en détail.</p>\n</div>' in page
    assert "This text is only available in French." in page
    assert "<title>Un jardin – Participatory budget" in page


def test_a_translated_page_has_no_such_note_and_the_main_language_marks_nothing(bilingual, sites):
    sites.build(bilingual.commit())
    assert "only available" not in sites.page("en/projets/2026-P002")
    for address in ("projets/2026-P001", "projets/2026-P002", "projets"):
        assert 'lang="fr">' not in sites.page(address).partition("<main")[2]


def test_rows_of_lists_are_marked_where_they_are_not_translated(bilingual, sites):
    sites.build(bilingual.commit())
    page = sites.page("en/projets")
    assert '<span lang="fr">Un jardin</span>' in page
    assert ">An orchard<" in page


def test_no_mark_stands_inside_an_attribute_or_an_element_of_words_only(bilingual, sites):
    sites.build(bilingual.commit())
    for name, page in pages_of(sites.files()).items():
        assert not re.search(r'="[^"<>]*<span lang', page), name
        assert not re.search(r"<(title|option|text)\b[^>]*>[^<]*<span", page), name


def test_an_article_only_in_the_other_language_is_marked_in_the_main_one(bilingual, sites):
    bilingual.put("article", "2026-A002", article({"en": "Only here"}, "2026-05-10", body={"en": "Only in English."}))
    sites.build(bilingual.commit())
    page = sites.page("actualites/2026-A002")
    assert '<h1><span lang="en">Only here</span></h1>' in page
    assert "Ce texte n’est disponible qu’en anglais." in page


# ---------------------------------------------------------------------------------------------------- ways between


def head_links(page):
    found = [attributes for tag, attributes in ReadPage(page).tags if tag == "link" and "hreflang" in attributes]
    return {one["hreflang"]: one["href"] for one in found}


def test_every_page_names_itself_in_each_language_and_they_agree(bilingual, sites):
    sites.build(bilingual.commit())
    pages = pages_of(sites.files())
    root = "https://budget.example/"
    told = {
        name: head_links(page)
        for name, page in pages.items()
        if "noindex" not in page and not name.endswith("404.html")
    }
    for name, found in told.items():
        address = name.removeprefix("en/").removesuffix("index.html")
        assert found == {"fr": root + address, "x-default": root + address, "en": f"{root}en/{address}"}, name
        canonical = found["en" if name.startswith("en/") else "fr"]
        assert f'<link rel="canonical" href="{canonical}">' in pages[name], name


def test_the_switch_of_every_page_leads_to_the_same_page_in_the_other_language(bilingual, sites):
    sites.build(bilingual.commit())
    assert 'href="../../en/projets/2026-P002/" lang="en" hreflang="en"' in sites.page("projets/2026-P002")
    assert 'href="../../../projets/2026-P002/" lang="fr" hreflang="fr"' in sites.page("en/projets/2026-P002")
    assert 'href="en/" lang="en"' in sites.page("")
    assert 'href="../" lang="fr"' in sites.page("en")


def test_no_link_of_either_language_is_broken(bilingual, sites):
    bilingual.put("project", "2026-P003", project("Un banc", photos=[{"file": "banc.svg", "alt": "Banc"}]))
    report = sites.build(bilingual.commit())
    assert report.problems == []
    assert 'src="../../../media/banc.svg"' in sites.page("en/projets/2026-P003")
    assert 'src="../../media/banc.svg"' in sites.page("projets/2026-P003")


def test_a_broken_link_is_told_once_for_each_language_with_the_file_that_holds_it(bilingual, sites):
    bilingual.put("article", "2026-A002", article("Fautif", "2026-05-05", body="[Rien](nulle-part/)"))
    problems = sites.build(bilingual.commit()).problems
    assert [one.file for one in problems] == ["articles/2026-A002.yml"] * 2
    assert sorted("en/nulle-part/" in one.message for one in problems) == [False, True]


def test_site_maps_list_both_languages_with_their_counterparts(bilingual, sites):
    sites.build(bilingual.commit())
    files = sites.files()
    index = files["sitemap.xml"].decode()
    assert "https://budget.example/plan-du-site/pages.xml" in index
    assert "https://budget.example/en/plan-du-site/pages.xml" in index
    assert "en/sitemap.xml" not in files
    projects = files["en/plan-du-site/projets-2026.xml"].decode()
    assert "<loc>https://budget.example/en/projets/2026-P002/</loc>" in projects
    assert 'hreflang="x-default" href="https://budget.example/projets/2026-P002/"' in projects


def test_each_language_has_its_feeds_under_names_of_their_own(bilingual, sites):
    sites.build(bilingual.commit())
    files = sites.files()
    assert 'xml:lang="en"' in files["en/actualites/flux.xml"].decode()
    assert "tag:budget.example,2024:en/actualites/flux.xml" in files["en/actualites/flux.xml"].decode()
    assert "tag:budget.example,2024:actualites/flux.xml" in files["actualites/flux.xml"].decode()
    calendar = files["en/agenda/agenda.ics"].decode()
    assert "https://budget.example/en/agenda/2026-E001/" in calendar.replace("\r\n ", "")


def test_what_filters_read_is_in_the_language_of_the_page_and_finds_pictures_at_the_root(bilingual, sites):
    sites.build(bilingual.commit())
    files = sites.files()
    assert "An orchard" in files["en/projets/filtres/2026.json"].decode()
    assert json.loads(files["en/projets/filtres/filtres.json"])["up"] == "../"
    assert "up" not in json.loads(files["projets/filtres/filtres.json"])


def test_the_missing_page_of_each_language_is_in_it(bilingual, sites):
    sites.build(bilingual.commit())
    files = sites.files()
    assert '<html lang="en"' in files["en/404.html"].decode()
    assert 'href="/en/projets/"' in files["en/404.html"].decode()
    assert 'href="/projets/"' in files["404.html"].decode()
    assert 'href="/en/" lang="en"' in files["404.html"].decode()


def test_an_old_address_leads_on_in_both_languages(bilingual, sites):
    bilingual.put("project", "2026-P004", project("Déplacé", old_addresses=["/projets/vieux/"]))
    sites.build(bilingual.commit())
    files = sites.files()
    assert 'url=../../projets/2026-P004/"' in files["projets/vieux/index.html"].decode()
    english = files["en/projets/vieux/index.html"].decode()
    assert 'url=../../../en/projets/2026-P004/"' in english
    assert '<html lang="en">' in english
    assert "/en/projets/vieux/ /en/projets/2026-P004/ 301" in files["_redirects"].decode()


def test_search_has_an_index_for_each_language():
    from site_builder.search import SearchPage

    pages = [SearchPage("projets/a/index.html", "2026", "1"), SearchPage("en/projets/a/index.html", "2026", "2", "en")]
    assert [(group.name, group.addresses) for group in index_groups(pages, "2026")] == [
        ("en-2026", ("en/projets/a/index.html",)),
        ("fr-2026", ("projets/a/index.html",)),
    ]


def test_the_search_page_of_another_language_finds_the_index_and_the_pages_at_the_root(bilingual, sites):
    sites.build(bilingual.commit())
    page = sites.page("en/recherche")
    assert 'data-root="../../"' in page
    assert 'data-index="../../recherche/index/"' in page
    assert 'src="../../assets/search.js"' in page


def test_open_data_is_one_set_with_a_page_in_each_language(bilingual, sites):
    sites.build(bilingual.commit())
    assert "Open data" in sites.page("en/donnees")
    assert "Données ouvertes" in sites.page("donnees")
    assert [name for name in sites.files() if name.startswith("en/donnees/")] == ["en/donnees/index.html"]


# ---------------------------------------------------------------------------------------------------- incremental


def edited(town):
    """Records changed, new, gone, under embargo, in both languages and in one."""
    town.put("project", "2026-P001", project("Un jardin neuf", ideas=["2026-0001"]))
    town.put("project", "2026-P002", project({"fr": "Un verger", "en": "Orchards"}, **ORCHARD))
    town.put("project", "2026-P009", project("Tout neuf", zone="halles"))
    town.put("event", "2026-E002", event({"fr": "Fête", "en": "Party"}, "2026-07-03", zone="bief"))
    del town.files["articles/2026-A001.yml"]
    return town.commit()


def test_a_full_and_an_incremental_build_give_the_same_bytes(bilingual, sites):
    bilingual.put("idea", "2026-0007", idea("Au revoir"))
    sites.build(bilingual.commit())
    del bilingual.files["editions/2026/ideas/2026-0007.yml"]
    after = edited(bilingual)
    report = sites.build(after)
    sites.build(after, "b")
    assert not report.full
    assert sites.files("a") == sites.files("b")
    assert "en/idees/2026-0007/index.html" not in sites.files("a")


def test_two_processes_give_the_same_bytes_as_one(bilingual, sites, monkeypatch):
    monkeypatch.setattr("site_builder.full.FEW", 0)
    source = edited(bilingual)
    sites.build(source, "one")
    sites.build(source, "two", processes=2)
    assert sites.files("one") == sites.files("two")


def test_the_same_content_again_is_nothing_to_do(bilingual, sites):
    source = bilingual.commit()
    sites.build(source)
    assert sites.build(source).nothing_to_do


def test_a_language_that_comes_or_goes_makes_everything_again(bilingual, sites):
    bilingual.put("instance", "instance", INSTANCE)
    sites.build(bilingual.commit())
    alone = sites.files()
    bilingual.put("instance", "instance", BOTH)
    added = sites.build(bilingual.commit())
    assert added.full
    assert "en/projets/2026-P001/index.html" in sites.files()
    bilingual.put("instance", "instance", INSTANCE)
    gone = sites.build(bilingual.commit())
    assert gone.full
    now = {name: data for name, data in sites.files().items() if ".en." not in name}  # those to share go later
    assert now == alone
    assert "/en/" in next(one.message for one in gone.problems if "disparaissent" in one.message)


def test_a_lost_index_of_one_language_is_made_again(bilingual, sites):
    sites.build(bilingual.commit())
    for file in sites.folder.rglob("index.en.sqlite"):
        file.unlink()
    after = edited(bilingual)
    report = sites.build(after)
    sites.build(after, "b")
    assert report.full
    assert sites.files("a") == sites.files("b")


def test_an_embargo_holds_in_every_language(bilingual, sites):
    later = (NOW + dt.timedelta(days=2)).isoformat()
    bilingual.put("article", "2026-A009", article({"fr": "Caché", "en": "Hidden"}, "2026-05-21", visible_from=later))
    source = bilingual.commit()
    sites.build(source)
    assert not [name for name in sites.files() if "2026-A009" in name]
    sites.build(source, now=NOW + dt.timedelta(days=3))
    assert "Hidden" in sites.page("en/actualites/2026-A009")


def test_what_is_private_is_found_in_neither_language(bilingual, sites):
    secret = "SECRET-INTERNE-4711"
    bilingual.put("project", "2026-P005", project("Un banc", notes=secret))
    sites.build(bilingual.commit(), markers=(secret,))
    assert [name for name, data in sites.files().items() if secret.encode() in data] == []


def test_a_town_in_one_language_knows_nothing_of_others(town, sites):
    sites.build(town.commit())
    for name, page in pages_of(sites.files()).items():
        assert "hreflang" not in page, name
        assert "lr-header__language" not in page, name
        assert "laureat-ici" not in page, name
    assert not list(sites.folder.rglob("*.en.sqlite"))


def test_a_page_of_the_town_cannot_take_the_folder_of_a_language(bilingual, sites):
    bilingual.put("page", "en", {"title": "Anglais", "body": "Non."})
    report = sites.build(bilingual.commit())
    assert [one.file for one in report.problems] == ["pages/en.yml"]
    assert "Anglais" not in sites.page("en")


# ---------------------------------------------------------------------------------------------------- words


def test_a_text_says_its_language_only_when_it_is_another_one():
    english, french = Language("en", "fr"), Language("fr", "fr")
    both = {"fr": "oui", "en": "yes"}
    assert [said(both, english), said(both, french), said(both, "fr")] == ["yes", "oui", "oui"]
    assert said("oui", french) == "oui"
    assert not isinstance(said("oui", french), Foreign)
    assert said("oui", english).lang == "fr"
    assert said({"en": "yes"}, french).lang == "en"
    assert not isinstance(said({"en": "yes"}, "fr"), Foreign)
    assert said("", english) == said({}, english) == ""


def test_templates_leave_words_unmarked_where_no_element_may_stand():
    source = '<a title="{{ t }}" {% if x > 1 %}class="b"{% endif %}>{{ t }}</a><option>{{ t }}</option><p>{{ t }}</p>'
    assert unmark_attributes(source) == (
        '<a title="{{ (t)|unmarked }}" {% if x > 1 %}class="b"{% endif %}>{{ t }}</a>'
        "<option>{{ (t)|unmarked }}</option><p>{{ t }}</p>"
    )


def test_the_first_language_is_the_main_one_and_french_where_none_is_named():
    assert [(one.code, one.folder) for one in tongues(["en", "fr"])] == [("en", ""), ("fr", "fr/")]
    assert [(one.code, one.folder) for one in languages([])] == [("fr", "")]
