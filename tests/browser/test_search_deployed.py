"""Searching the demonstration town as a visitor does, under the policy of the site and compressed."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

FIRST_QUERY = 300_000  # bytes on the wire, the search program included


@pytest.fixture
def searching(browser, deployed_site):
    """A page of search, what it said on the console, and the bytes that it fetched since it was open."""
    context = browser.new_context(viewport={"width": 375, "height": 800}, locale="fr-FR")
    page = context.new_page()
    faults, sent = [], []
    page.goto(f"{deployed_site}/recherche/", wait_until="networkidle")
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda answer: sent.append(int(answer.headers.get("content-length", 0))))
    yield page, sent
    context.close()
    assert faults == []


def ask(page, words: str) -> str:
    """Type, send by keyboard, wait for the answer; gives what is said to a screen reader."""
    page.fill("#lr-search-q", words)
    page.press("#lr-search-q", "Enter")
    for _time in range(2400):  # a minute
        said = page.locator("[role=status]").first.inner_text()
        if f"« {words} »" in said.replace("\u00a0", " "):
            return said.replace("\u00a0", " ")
        page.wait_for_timeout(25)
    pytest.fail(f"no answer to {words}: {said}")


def titles(page) -> list[str]:
    return page.locator(".lr-found a").all_inner_texts()


@pytest.mark.parametrize(
    ("typed", "same"),
    [("lavoir", "lavoirs"), ("ecole", "école"), ("ÉCOLE", "école"), ("veloroute", "véloroute"), ("arbre", "arbres")],
)
def test_accents_capitals_and_plurals_make_no_difference(searching, typed, same):
    page, _sent = searching
    count = ask(page, typed).split()[0]
    found = set(titles(page))
    assert found
    assert (ask(page, same).split()[0], set(titles(page))) == (count, found)


def test_filters_narrow_what_is_found_by_keyboard_and_stay_in_the_address(searching):
    page, _sent = searching
    everything = int(ask(page, "jardin").split()[0])
    page.locator("select[name=type]").focus()
    page.keyboard.type("Proj")
    page.keyboard.press("Enter")
    for _time in range(2400):  # a minute
        fewer = page.locator("[role=status]").first.inner_text().split()[0]
        if fewer.isdecimal() and int(fewer) < everything:
            break
        page.wait_for_timeout(25)
    assert 0 < int(fewer) < everything
    assert {meta.split(" · ")[0] for meta in page.locator(".lr-found .lr-meta").all_inner_texts()} == {"Projet"}
    assert "type=Projet" in page.url


def test_what_is_not_found_is_said_and_the_lists_lead_on(searching):
    page, _sent = searching
    assert ask(page, "xylophonistique").startswith("Aucun résultat")
    assert titles(page) == []
    assert page.locator("#lr-browse ~ ul a").first.is_visible()


def test_the_first_query_of_a_visit_is_light(searching):
    page, sent = searching
    ask(page, "jardin")
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sent) < FIRST_QUERY


def test_results_meet_wcag(searching, axe):
    page, _sent = searching
    ask(page, "jardin")
    assert axe(page) == []
