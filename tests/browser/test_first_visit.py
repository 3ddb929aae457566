"""What a first visit costs, as a town's server sends it, and that nobody else is asked for anything in a crawl."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.browser.kinds import ENGLISH, KINDS, RECORDS

pytestmark = pytest.mark.browser

NARROW = {"width": 375, "height": 800}
MOST_REQUESTS, MOST_BYTES = 10, 150_000  # of a first load of any page, pictures left out
MOST_OF_A_RECORD = 60_000  # bytes: what of a record's page is ours; Material's style sheets and script are not
MOST_BEFORE_INTERACTION = 100_000  # bytes of one script or index, unpacked
# Of the pages in English, one of each template: those of a kind differ by their words alone.
TRANSLATED = ("home", "projects", "project in works, late", "idea feasible", "event", "agenda", "edition", "search")
PICTURES = (".webp", ".jpg", ".png", ".svg", ".ico")
MATERIAL = ("main.", "bundle.", "palette.")


@dataclass(frozen=True)
class Fetched:
    """One answer: its address, bytes on the wire, bytes once unpacked."""

    url: str
    sent: int
    unpacked: int

    @property
    def name(self) -> str:
        return posixpath.basename(urlsplit(self.url).path)

    @property
    def is_picture(self) -> bool:
        return self.name.endswith(PICTURES)

    @property
    def is_material(self) -> bool:
        return self.name.startswith(MATERIAL)


class Answers:
    """What a page was answered, and when nothing more is asked: sooner known than by the browser's half second."""

    REST = 100  # ms without a question under way

    def __init__(self, page) -> None:
        self.all = []
        self._page, self._open, self._asked = page, 0, 0
        page.on("response", lambda answer: self.all.append(answer))  # noqa: PLW0108  # no method of C is taken
        page.on("request", lambda _request: self._count(1))
        page.on("requestfinished", lambda _request: self._count(-1))
        page.on("requestfailed", lambda _request: self._count(-1))

    def _count(self, change: int) -> None:
        self._open += change
        self._asked += 1

    def wait(self) -> None:
        before = -1
        while self._open or self._asked != before:
            before = self._asked
            self._page.wait_for_timeout(self.REST)


@pytest.fixture(scope="module")
def visits(browser, deployed_site):
    """Kind -> what a visitor's first load of that page fetches, nothing in any cache, to its very end."""
    found, said = {}, []
    english = {f"{kind}, in English": ENGLISH[f"{kind}, in English"] for kind in TRANSLATED}
    for kind, address in (KINDS | english).items():
        context = browser.new_context(viewport=NARROW, locale="fr-FR")
        page = context.new_page()
        answers = Answers(page)
        page.on("console", lambda message, kind=kind: said.append(f"{kind}: {message.text}"))
        page.on("pageerror", lambda error, kind=kind: said.append(f"{kind}: {error}"))
        page.goto(f"{deployed_site}/{address}")
        page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        answers.wait()
        found[kind] = [
            Fetched(one.url, int(one.headers.get("content-length", 0)) or len(one.body()), len(one.body()))
            for one in answers.all
        ]
        assert context.cookies() == []
        context.close()
    found[""] = said
    return found


def pages_of(visits) -> dict[str, list[Fetched]]:
    return {kind: fetched for kind, fetched in visits.items() if kind}


def test_no_page_of_the_whole_crawl_asks_another_host_or_sets_a_cookie(visits, deployed_site):
    asked = {one.url for fetched in pages_of(visits).values() for one in fetched}
    assert [url for url in asked if not url.startswith(f"{deployed_site}/")] == []


def test_nothing_is_refused_by_the_policy_that_the_site_states(visits):
    assert visits[""] == []


def test_the_first_load_of_any_page_is_light(visits):
    heavy = {}
    for kind, fetched in pages_of(visits).items():
        counted = [one for one in fetched if not one.is_picture]
        weight = sum(one.sent for one in counted)
        if len(counted) > MOST_REQUESTS or weight > MOST_BYTES:
            heavy[kind] = (weight, [one.name for one in counted])
    assert heavy == {}


def test_what_is_ours_of_a_records_page_is_light(visits):
    weights = {
        kind: sum(one.sent for one in visits[kind] if not (one.is_picture or one.is_material)) for kind in RECORDS
    }
    assert {kind: weight for kind, weight in weights.items() if weight > MOST_OF_A_RECORD} == {}


def test_no_script_or_index_is_large_before_the_visitor_does_anything(visits):
    large = {
        (kind, one.name): one.unpacked
        for kind, fetched in pages_of(visits).items()
        for one in fetched
        if one.name.endswith((".js", ".json")) and one.unpacked > MOST_BEFORE_INTERACTION
    }
    assert large == {}


def test_pictures_that_are_far_down_wait_to_be_seen(browser, deployed_site):
    context = browser.new_context(viewport=NARROW)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{deployed_site}/idees/", wait_until="networkidle")
    before = sum(url.endswith(PICTURES) for url in asked)
    shown = page.locator("main img").count()
    context.close()
    assert before < shown
