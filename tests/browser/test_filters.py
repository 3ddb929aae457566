"""The filters of a catalogue in a real browser: combined, counted, shared by address, heard, and light before use."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.browser

NARROW, WIDE = 375, 1280


@pytest.fixture
def visitor(browser):
    """`visitor(width, scheme, script=True)`: a page in a context of its own; an error of a script fails the test."""
    contexts, faults = [], []

    def open_page(width=WIDE, scheme="light", *, script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script, locale="fr-FR"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def tick(page, name: str) -> None:
    page.locator(".lr-facets label").filter(has_text=name).first.click()


def titles(page) -> list[str]:
    return page.locator("#liste h3").all_inner_texts()


def number(page) -> int:
    return int(page.locator("#nombre").inner_text().split()[0])


def wait_for_list(page) -> None:
    page.wait_for_function("document.querySelector('.lr-chips').hidden === false")


def test_two_filters_together_give_what_both_pages_have_in_common(visitor, demonstration_site):
    plain = visitor(script=False)
    plain.goto(f"{demonstration_site}/projets/etat/livres/")
    delivered = set(titles(plain))
    plain.goto(f"{demonstration_site}/projets/quartier/croix-blanche/")
    wanted = delivered & set(titles(plain))
    page = visitor()
    page.goto(f"{demonstration_site}/projets/")
    tick(page, "Livrés")
    tick(page, "Croix-Blanche")
    page.wait_for_function(f"document.querySelectorAll('#liste h3').length === {len(wanted)}")
    assert set(titles(page)) == wanted
    assert number(page) == len(wanted)
    assert page.get_by_role("status").inner_text() == page.locator("#nombre").inner_text()


def test_the_count_beside_a_filter_is_what_ticking_it_would_give(visitor, demonstration_site):
    page = visitor()
    page.goto(f"{demonstration_site}/idees/")
    tick(page, "Les Tanneries")
    wait_for_list(page)
    label = page.locator(".lr-facets label").filter(has_text="Soumises au vote").first
    expected = int(label.locator("b").evaluate("b => parseInt(b.textContent, 10)"))
    label.click()
    page.wait_for_function(f"parseInt(document.querySelector('#nombre').textContent, 10) === {expected}")
    assert len(titles(page)) == expected > 0


def test_an_address_leads_back_to_the_same_list_and_the_back_button_to_the_one_before(visitor, demonstration_site):
    page = visitor()
    page.goto(f"{demonstration_site}/projets/")
    before = titles(page)
    tick(page, "Livrés")
    wait_for_list(page)
    delivered = titles(page)
    page.get_by_label("Trier par").select_option("titre")
    page.wait_for_function("location.search.includes('tri=titre')")
    by_title = titles(page)
    assert (sorted(by_title), by_title != delivered) == (sorted(delivered), True)
    other = visitor()
    other.goto(page.url)
    wait_for_list(other)
    assert titles(other) == by_title
    assert other.get_by_label("Trier par").input_value() == "titre"
    page.go_back()
    page.wait_for_function("!location.search.includes('tri')")
    assert titles(page) == delivered
    page.go_back()
    page.wait_for_function("!location.search")
    assert titles(page) == before


def test_list_and_plan_are_in_step(visitor, demonstration_site):
    page = visitor()
    page.goto(f"{demonstration_site}/projets/")
    tick(page, "Suspendus")
    wait_for_list(page)
    shown = titles(page)
    marks = page.locator("#carte .pin a").evaluate_all("all => all.map(a => a.getAttribute('aria-label'))")
    assert len(marks) == len(shown)
    assert all(any(title in mark for mark in marks) for title in shown)
    page.get_by_role("button", name="Effacer les choix").click()
    page.wait_for_function("document.querySelectorAll('#carte .pin').length > 1")


def test_a_filter_on_a_page_of_one_filter_leads_to_both(visitor, demonstration_site):
    page = visitor()
    page.goto(f"{demonstration_site}/projets/etat/livres/")
    tick(page, "Croix-Blanche")
    page.wait_for_url("**/projets/?*")
    wait_for_list(page)
    assert {"etat=delivered", "quartier=croix-blanche"} <= set(page.url.partition("?")[2].split("&"))
    assert page.get_by_role("button", name="Retirer : Livrés").count() == 1


def test_rows_look_as_the_generator_makes_them(visitor, demonstration_site):
    page = visitor()
    page.goto(f"{demonstration_site}/projets/etat/livres/")
    said = "all => all.map(e => e.innerText.replace(/\\s+/g, ' ').trim())"
    wanted = page.locator("#liste > li").evaluate_all(said)
    page.goto(f"{demonstration_site}/projets/?etat=delivered")
    wait_for_list(page)
    assert page.locator("#liste > li").evaluate_all(said) == wanted


def test_by_keyboard_alone_a_choice_is_made_heard_and_taken_back(visitor, demonstration_site):
    page = visitor()
    page.goto(f"{demonstration_site}/projets/")
    page.get_by_role("checkbox", name="En travaux").focus()
    page.keyboard.press("Space")
    wait_for_list(page)
    assert page.evaluate("document.activeElement.type") == "checkbox"
    page.get_by_role("button", name="Retirer : En travaux").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'nombre'")
    assert page.locator(".lr-chips").is_hidden()


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "light"), (WIDE, "dark"), (NARROW, "dark")])
def test_a_filtered_catalogue_meets_wcag(visitor, axe, demonstration_site, width, scheme):
    page = visitor(width, scheme)
    page.goto(f"{demonstration_site}/projets/?etat=delivered&tri=cout")
    wait_for_list(page)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_is_fetched_before_the_first_choice(visitor, demonstration_site):
    page = visitor()
    asked = []
    page.on("response", lambda response: asked.append((response.url, len(response.body()))))
    page.goto(f"{demonstration_site}/projets/", wait_until="networkidle")
    assert [url for url, _size in asked if "/filtres/" in url] == []
    assert max(size for url, size in asked if url.endswith(".js")) < 100_000
    tick(page, "Livrés")
    wait_for_list(page)
    assert [url for url, _size in asked if "/filtres/" in url] != []


def test_of_ten_thousand_records_fifty_are_in_the_page(visitor, demonstration_site):
    page = visitor()

    def many(route):
        rows = route.fetch().json()
        row = next(row for row in rows if row[8])
        found = [[f"x{n}", f"Projet {n}", *row[2:6], n * 37 % 200_000, *row[7:]] for n in range(10_000)]
        route.fulfill(body=json.dumps(found), content_type="application/json")

    page.route("**/filtres/2024.json", many)
    page.goto(f"{demonstration_site}/projets/?cout=1")
    wait_for_list(page)
    assert (number(page) > 400, len(titles(page))) == (True, 50)
    page.get_by_role("link", name="Page suivante").click()
    page.wait_for_url("**page=2")
    assert page.locator("#liste").get_attribute("start") == "51"
    assert page.evaluate("document.activeElement.id") == "nombre"


def test_without_script_the_filters_are_links(visitor, demonstration_site):
    page = visitor(script=False)
    page.goto(f"{demonstration_site}/projets/")
    assert page.locator(".lr-facets a[data-facet]").count() > 10
    assert page.locator(".lr-facets input").count() == 0
