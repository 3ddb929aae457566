"""Which pages are indexed together and when, what a visitor finds, and what the search page needs to work."""

from __future__ import annotations

import json
import stat

import pytest

from site_builder import search
from site_builder.search import IndexingFailed, SearchPage, index_groups, outdated, update
from tests.site_builder.search_page import search_page

TOWN = [
    ("projets/2024-P001", "2024", "Projet", "Un jardin partagé", "Des carottes cultivées au soleil des Tanneries."),
    (
        "projets/2024-P002",
        "2024",
        "Projet",
        "Des bancs à l’ombre",
        "Pour se reposer <b>près</b> du marché & des quais.",
    ),
    ("idees/2023-0007", "2023", "Idée", "Jardiner sur les toits", "Des jardins en terrasse, 3 < 4 mètres."),
    ("idees/2022-0009", "2022", "Idée", "Une fontaine", "De l’eau fraîche près du jardin public."),
]


def page_of(kind, edition, title, text):
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        "<nav>Secret du menu</nav>"
        f'<main data-pagefind-body><h1 data-pagefind-meta="title">{title}</h1>'
        f'<span data-pagefind-filter="type">{kind}</span> <span data-pagefind-filter="édition">{edition}</span>'
        f"<p>{text}</p></main></body></html>"
    )


def town(site):
    """Write the pages of the town; return them as `index_groups` wants them."""
    pages = []
    for address, edition, kind, title, text in TOWN:
        (site / address).mkdir(parents=True)
        (site / address / "index.html").write_text(page_of(kind, edition, title, text), "utf-8")
        pages.append(SearchPage(f"{address}/index.html", edition, title))
    (site / "mentions.html").write_text(page_of("Page", "", "Mentions", "Le jardin secret du règlement."), "utf-8")
    return [*pages, SearchPage("mentions.html", "", "1")]


@pytest.fixture(scope="module")
def indexed(tmp_path_factory):
    site = tmp_path_factory.mktemp("town")
    update(site, site / "recherche/index", index_groups(town(site), "2024", size=1))
    search_page(site)
    return site


# ---------------------------------------------------------------------------------------------------- groups


def pages(edition, count, language="fr"):
    return [SearchPage(f"{language}/{edition}/{number}/index.html", edition, "d", language) for number in range(count)]


def test_the_current_edition_is_a_group_and_older_ones_fill_groups_from_the_oldest_on():
    found = [*pages("2024", 5), *pages("2023", 2), *pages("2022", 2), *pages("2021", 2), *pages("", 1)]
    groups = index_groups(found, "2024", size=4)
    assert [(group.name, len(group.addresses)) for group in groups] == [
        ("fr-2024", 6), ("fr-2021_2022", 4), ("fr-2023", 2)
    ]  # fmt: skip


def test_each_language_has_its_own_groups():
    groups = index_groups([*pages("2024", 2), *pages("2024", 1, "en")], "2024")
    assert [(group.name, group.language) for group in groups] == [("en-2024", "en"), ("fr-2024", "fr")]


def test_an_edition_too_large_is_cut_so_that_a_new_page_changes_one_part():
    before = index_groups(pages("2024", 28), "2024", size=10)
    after = index_groups(pages("2024", 29), "2024", size=10)
    assert [group.name for group in before] == ["fr-2024.1", "fr-2024.2"]
    assert sorted(address for group in before for address in group.addresses) == sorted(
        page.address for page in pages("2024", 28)
    )
    assert sum(old.key != new.key for old, new in zip(before, after, strict=True)) == 1


def test_a_key_tells_whether_a_page_changed_whatever_the_order():
    one, two = SearchPage("a.html", "2024", "1"), SearchPage("b.html", "2024", "1")
    key = index_groups([one, two], "2024")[0].key
    assert index_groups([two, one], "2024")[0].key == key
    assert index_groups([one, SearchPage("b.html", "2024", "2")], "2024")[0].key != key


# ---------------------------------------------------------------------------------------------------- files


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_only_the_group_of_a_changed_page_is_indexed_again(tmp_path):
    found, folder = town(tmp_path), tmp_path / "recherche/index"
    groups = index_groups(found, "2024", size=2)
    assert update(tmp_path, folder, groups) == ["fr-2024", "fr-2022_2023"]
    assert update(tmp_path, folder, groups) == []
    (tmp_path / "idees/2023-0007/index.html").write_text(page_of("Idée", "2023", "Ruches", "Du miel."), "utf-8")
    found[2] = SearchPage(found[2].address, "2023", "changed")
    groups = index_groups(found, "2024", size=2)
    assert [group.name for group in outdated(groups, folder)] == ["fr-2022_2023"]
    assert update(tmp_path, folder, groups) == ["fr-2022_2023"]


def test_files_of_the_former_index_stay_one_turn_longer_unless_they_must_be_forgotten(tmp_path):
    found, folder = town(tmp_path), tmp_path / "recherche/index"
    place = folder / "fr-2024"

    def indexed_again(title, digest, **more):
        address = found[0].address
        (tmp_path / address).write_text(page_of("Projet", "2024", title, "Texte."), "utf-8")
        found[0] = SearchPage(address, "2024", digest)
        update(tmp_path, folder, index_groups(found, "2024"), **more)
        return files(place)

    first = indexed_again("Un", "1")
    second = indexed_again("Deux", "2")
    third = indexed_again("Trois", "3")
    assert first <= second
    assert not first <= third
    fourth = indexed_again("Quatre", "4", forget=True)
    assert fourth == {*(place / search.FILES).read_text("utf-8").split("\n"), search.FILES}


def test_a_group_that_is_no_more_is_deleted(tmp_path):
    found, folder = town(tmp_path), tmp_path / "recherche/index"
    update(tmp_path, folder, index_groups(found, "2024", size=1))
    update(tmp_path, folder, index_groups(found, "2024", size=9))
    entry = json.loads((folder / search.ENTRY).read_text("utf-8"))
    names = [group["name"] for group in entry["groups"]]
    assert names == ["fr-2024", "fr-2022_2023"]
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == sorted(names)


def test_only_what_the_search_page_loads_is_published(indexed):
    names = {name.split(".")[0] for name in files(indexed / "recherche/index/fr-2023") if "/" not in name}
    assert names == {"fichiers", "pagefind", "pagefind-entry", "pagefind-worker", "wasm"}


def test_an_index_that_cannot_be_made_is_told_and_the_former_one_stays(tmp_path, monkeypatch):
    found, folder = town(tmp_path), tmp_path / "recherche/index"
    update(tmp_path, folder, index_groups(found, "2024"))
    before = files(folder)
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho no room left >&2\nexit 3\n")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(search, "get_executable", lambda: broken)
    found[0] = SearchPage(found[0].address, "2024", "changed")
    with pytest.raises(IndexingFailed, match="version précédente") as caught:
        update(tmp_path, folder, index_groups(found, "2024"))
    assert "no room left" in caught.value.detail
    assert files(folder) == before
    assert list(folder.parent.glob(".travail-*")) == []


def test_pages_without_anything_to_search_are_told(tmp_path):
    (tmp_path / "a.html").write_text("<p>")
    with pytest.raises(IndexingFailed):
        update(tmp_path, tmp_path / "recherche/index", index_groups([SearchPage("b.html", "2024", "1")], "2024"))


# ---------------------------------------------------------------------------------------------------- the page


def ask(page, words):
    page.fill("#lr-search-q", words)
    page.press("#lr-search-q", "Enter")
    page.wait_for_function(
        "() => !['', 'Recherche en cours…'].includes(document.querySelector('[role=status]').textContent)"
    )
    return page.inner_text("[role=status]")


def found(page):
    return page.locator(".lr-found a").all_inner_texts()


@pytest.mark.browser
def test_nothing_of_the_index_is_loaded_before_somebody_searches(indexed, serve_folder, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with serve_folder(indexed) as address:
        page.goto(f"{address}/recherche/")
        page.wait_for_load_state("networkidle")
        assert [url for url in asked if "/index/" in url] == []
        ask(page, "jardin")
        assert [url for url in asked if "/index/" in url] != []


@pytest.mark.browser
def test_a_word_is_found_in_all_groups_by_its_stem_and_leads_to_the_pages(indexed, serve_folder, page):
    with serve_folder(indexed) as address:
        page.goto(f"{address}/recherche/")
        assert ask(page, "jardins") == "4 résultats pour «\u00a0jardins\u00a0»"
        links = page.eval_on_selector_all(".lr-found a", "links => links.map(link => link.pathname)")
        assert sorted(links) == ["/idees/2022-0009/", "/idees/2023-0007/", "/mentions.html", "/projets/2024-P001/"]
        page.click("text=Un jardin partagé")
        assert page.inner_text("h1") == "Un jardin partagé"


@pytest.mark.browser
def test_filters_narrow_the_results_and_the_address_remembers_them(indexed, serve_folder, page):
    with serve_folder(indexed) as address:
        page.goto(f"{address}/recherche/")
        ask(page, "jardin")
        page.select_option("[name=type]", "Idée")
        page.wait_for_function("() => document.querySelectorAll('.lr-found').length === 2")
        page.select_option("[name='édition']", "2022")
        page.wait_for_function("() => document.querySelectorAll('.lr-found').length === 1")
        assert page.inner_text("[role=status]") == "1 résultat pour «\u00a0jardin\u00a0»"
        assert page.inner_text(".lr-found .lr-meta") == "Idée · 2022"
        page.reload()
        page.wait_for_function("() => document.querySelectorAll('.lr-found').length === 1")
        assert found(page) == ["Une fontaine"]


@pytest.mark.browser
def test_small_words_are_left_out_and_what_is_on_no_article_is_not_found(indexed, serve_folder, page):
    with serve_folder(indexed) as address:
        page.goto(f"{address}/recherche/?q=l’eau de la fontaine")
        page.wait_for_selector(".lr-found")
        assert found(page) == ["Une fontaine"]
        assert ask(page, "de la").startswith("Ces mots sont sur toutes les pages")
        assert ask(page, "menu").startswith("Aucun résultat pour «\u00a0menu\u00a0»")
        assert found(page) == []


@pytest.mark.browser
def test_an_excerpt_is_text_whatever_the_page_says(indexed, serve_folder, page):
    with serve_folder(indexed) as address:
        page.goto(f"{address}/recherche/")
        ask(page, "terrasse")
        assert "3 < 4 mètres" in page.inner_text(".lr-found p:last-child")
        assert page.locator(".lr-found mark").all_inner_texts() == ["terrasse,"]


@pytest.mark.browser
def test_results_come_ten_at_a_time_and_the_keyboard_goes_on_with_the_new_ones(tmp_path, serve_folder, page):
    numbered = []
    for number in range(23):
        (tmp_path / f"p{number}").mkdir()
        (tmp_path / f"p{number}/index.html").write_text(page_of("Idée", "2024", f"Idée {number}", "Un arbre."))
        numbered.append(SearchPage(f"p{number}/index.html", "2024", "1"))
    update(tmp_path, tmp_path / "recherche/index", index_groups(numbered, "2024"))
    search_page(tmp_path)
    with serve_folder(tmp_path) as address:
        page.goto(f"{address}/recherche/")
        assert ask(page, "arbres") == "23 résultats pour «\u00a0arbres\u00a0»"
        assert len(found(page)) == 10
        page.press("text=Afficher plus de résultats", "Enter")
        page.wait_for_function("() => document.querySelectorAll('.lr-found').length === 20")
        focused = page.evaluate("document.activeElement.textContent")
        assert focused == found(page)[10]
        page.press("text=Afficher plus de résultats", "Enter")
        page.wait_for_function("() => document.querySelectorAll('.lr-found').length === 23")
        assert not page.is_visible("text=Afficher plus de résultats")


@pytest.mark.browser
def test_a_missing_index_is_told_and_the_lists_stay(tmp_path, serve_folder, page):
    search_page(tmp_path)
    with serve_folder(tmp_path) as address:
        page.goto(f"{address}/recherche/")
        assert ask(page, "jardin").startswith("La recherche n’est pas disponible")
        assert page.get_attribute("text=Tous les projets", "href") == "../projets/"


@pytest.mark.browser
def test_without_javascript_the_page_says_so_and_leads_to_the_lists(indexed, serve_folder, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    with serve_folder(indexed) as address:
        page.goto(f"{address}/recherche/?q=jardin")
        assert "a besoin de JavaScript" in page.inner_text("main")
        assert page.is_visible("text=Tous les projets")
    context.close()


@pytest.mark.browser
def test_the_page_breaks_no_rule_of_accessibility(indexed, serve_folder, page, axe):
    with serve_folder(indexed) as address:
        page.goto(f"{address}/recherche/")
        assert axe(page) == []
        ask(page, "jardin")
        assert axe(page) == []
