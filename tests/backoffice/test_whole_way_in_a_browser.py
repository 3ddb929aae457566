"""An idea comes in, is studied, becomes a project, is followed, published, and an earlier version comes back.

Once with script in French, once without in English: labels are asked for in the words of the sources.
"""

from __future__ import annotations

import re

import pytest

from site_builder.messages import load
from tests.backoffice.conftest import PASSWORD

pytestmark = pytest.mark.browser

TITLE, SECOND = "Une fontaine place du Bief", "Une fontaine, et de l’ombre"


@pytest.fixture(params=[("fr", True), ("en", False)], ids=["in French with script", "in English without script"])
def agent(request, browser, office):
    """A publisher at work: `said` gives the words of the office, `page` is theirs."""
    language, script = request.param
    context = browser.new_context(locale=language, timezone_id="Europe/Paris", java_script_enabled=script)
    yield Agent(context.new_page(), office, load(language).gettext)
    context.close()


class Agent:
    """What a person does in the office, in the words that it shows."""

    def __init__(self, page, office: str, said) -> None:
        self.page, self.office, self.said = page, office, said

    def sign_in(self) -> None:
        self.page.goto(f"{self.office}/gestion/")
        self.page.fill("#f-login", "publisher@ville.example")
        self.page.fill("#f-password", PASSWORD)
        self.press("Se connecter")

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=self.said(words), exact=True).first.click()

    def follow(self, words: str) -> None:
        """Press a link by its first words: a number may follow them."""
        self.page.get_by_role("link", name=re.compile(f"^{re.escape(self.said(words))}")).first.click()

    def save(self) -> str:
        """Save the form; the number of the record."""
        self.page.locator(".savebar").get_by_role("button", name=self.said("Enregistrer")).click()
        self.page.get_by_text(self.said("C’est enregistré. Rien n’est public avant publication.")).wait_for()
        return self.page.url.rpartition("/")[2]

    def state(self, words: str) -> None:
        self.page.get_by_role("radio", name=self.said(words), exact=True).check()


def test_from_an_idea_to_a_published_project_and_back(agent):
    page, said = agent.page, agent.said
    agent.sign_in()
    agent.follow("Idées")
    agent.follow("Nouvelle idée")
    page.locator("#f-title").fill(TITLE)
    page.locator("#f-summary").fill("De l’eau fraîche, l’été.")
    page.locator("#f-zone").select_option("gare")
    agent.state("Reçue")
    idea = agent.save()
    for state in ("Recevable", "À l’étude", "Réalisable"):
        agent.state(state)
        assert agent.save() == idea
    agent.follow("En faire un projet")
    assert page.locator("#f-title").input_value() == TITLE
    page.locator("#f-cost").fill("12 500 €")
    project = agent.save()
    assert (project.startswith("2026-P"), page.locator("#f-cost").input_value()) == (True, "12\u202f500")
    agent.state("Lauréat")
    page.locator("#f-budget_voted").fill("12500,00")
    agent.save()

    agent.follow("Relire et publier")
    page.locator("form[data-publish] button[value=now]").click()
    page.get_by_role("heading", name=said("C’est en ligne")).wait_for(timeout=60_000)
    page.goto(f"{agent.office}/projets/{project}/")
    assert page.locator("h1").inner_text() == TITLE
    assert re.search("12\\s500\\s€", page.inner_text("main"))
    page.goto(f"{agent.office}/idees/{idea}/")
    assert page.get_by_role("link", name=TITLE).first.is_visible()

    page.goto(f"{agent.office}/gestion/fiche/{project}")
    page.locator("#f-title").fill(SECOND)
    agent.save()
    page.locator(f"main a[href$='/fiche/{project}/historique']").first.click()
    before = page.locator(".log > li").nth(1)
    before.locator("summary").click()
    before.get_by_role("link").click()
    agent.press("Rétablir cette version")
    page.goto(f"{agent.office}/gestion/fiche/{project}")
    assert page.locator("#f-title").input_value() == TITLE
