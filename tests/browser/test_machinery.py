"""The browser, axe-core and the servers of the fixtures do what the other tests take for granted."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

GOOD = '<!doctype html><html lang="fr"><title>Bien</title><main><h1>Bien</h1></main></html>'


def test_a_page_served_from_a_folder_opens_in_the_browser(page, serve_folder, tmp_path):
    (tmp_path / "index.html").write_text(GOOD, encoding="utf-8")
    with serve_folder(tmp_path) as address:
        page.goto(address + "/")
        assert page.title() == "Bien"


def test_axe_finds_nothing_on_a_good_page_and_an_image_without_words_on_a_bad_one(page, axe):
    page.set_content(GOOD)
    assert axe(page) == []
    page.set_content(GOOD.replace("</main>", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></main>'))
    assert [violation.split(":")[0] for violation in axe(page)] == ["image-alt"]


def test_an_application_with_a_strict_policy_is_served_and_examined(page, axe, serve_app):
    policy = ("Content-Security-Policy", "default-src 'none'")

    def application(_environ, start):
        start("200 OK", [("Content-Type", "text/html; charset=utf-8"), policy])
        return [GOOD.encode()]

    with serve_app(application) as address:
        assert page.goto(address).status == 200
        assert axe(page) == []
