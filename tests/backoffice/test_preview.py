"""Previews of public pages: the very page that goes live, of saved records and of forms, in a frame without script."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from backoffice.preview.making import _previewer
from backoffice.settings import Settings
from participation.records import TYPES
from participation.records.texts import Code, Text, Url
from site_builder import addresses
from site_builder.publish import publish
from tests.backoffice.conftest import fields_of
from tests.backoffice.town import FILES, NOW, make_repository
from tests.backoffice.visiting import sign_in

MORE = {
    "instance.yml": """\
schema: 1
title: Budget participatif
name: Saint-Aubin-des-Ponts
languages: [fr, en]
current_edition: "2026"
url: https://budget.ville.example
""",
    "articles/2025-A001.yml": """\
title: Les ateliers commencent
date: "2025-11-20"
body: Rendez-vous [à La Gare](agenda/2025-E014/).
projects: ["2024-P012"]
""",
    "pages/mode-d-emploi.yml": """\
title: Mode d’emploi
summary: Trois étapes.
body: |
  ## D’abord

  Une idée.
""",
    "editions/2026/ideas/2026-0060.yml": """\
title: Idée en préparation
theme: mobilite
zone: gare
status:
  - state: draft
    date: "2025-11-10"
""",
}
RECORDS = {
    "2024-P007": "projets/2024-P007/",
    "2026-0050": "idees/2026-0050/",
    "2025-E014": "agenda/2025-E014/",
    "2025-A001": "actualites/2025-A001/",
    "mode-d-emploi": "mode-d-emploi/",
    "2026": "editions/2026/",
    "zone:gare": "quartiers/gare/",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A town whose site is live; previews write nothing, so that all tests share it."""
    folder = tmp_path_factory.mktemp("previews")
    content = make_repository(folder / "content.git", FILES | MORE)
    publish(content, folder / "site", author="agent-1", when=NOW, processes=1)
    return folder


@pytest.fixture
def settings(tmp_path, published) -> Settings:
    return Settings(
        content=published / "content.git",
        site=published / "site",
        registry=f"sqlite:///{tmp_path / 'registry.sqlite'}",
        secret_key="0" * 64,
    )


def framed(answer) -> list[str]:
    """The pages inside the frames."""
    assert answer.status_code == 200
    return [html.unescape(found) for found in re.findall(r'srcdoc="([^"]*)"', answer.text)]


def preview_of(browser, record_id: str, **changes: str):
    pairs = fields_of(browser.get(f"/gestion/fiche/{record_id}").text)
    return browser.post(f"/gestion/apercu/{record_id}", pairs | changes)


@pytest.mark.parametrize(("record_id", "address"), RECORDS.items())
def test_the_preview_of_what_is_published_is_the_live_page_byte_for_byte(app, published, record_id, address):
    from backoffice.services import KEY

    with app.test_request_context():
        record = app.extensions[KEY].content.record(record_id)
        french, english = _previewer().pages(record, NOW)
    live = published / "site" / "current"
    assert (french.language, french.address, english.address) == ("fr", address, f"en/{address}")
    assert french.html == (live / addresses.file(address)).read_bytes()
    assert english.html == (live / "en" / addresses.file(address)).read_bytes()


def test_a_form_is_shown_as_it_stands_and_nothing_is_written(app, published, browser_of):
    from backoffice.services import KEY

    def everything() -> dict[str, tuple[int, int]]:
        files = (path for path in published.rglob("*") if path.is_file() and "sqlite" not in path.name)
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in files}

    editor = browser_of("editor")
    before, head = everything(), app.extensions[KEY].content.head()
    answer = preview_of(editor, "2024-P007", title="Une place toute neuve", note="Ne jamais publier")
    [page, _english] = framed(answer)
    assert "Aperçu – pas encore en ligne" in answer.text
    assert "<h1>Une place toute neuve</h1>" in re.sub(r"<h1[^>]*>", "<h1>", page)
    assert "Ne jamais publier" not in page
    assert '<base href="/projets/2024-P007/">' in page
    assert (everything(), app.extensions[KEY].content.head()) == (before, head)
    assert editor.get("/gestion/fiche/2024-P007").text.count("Une place toute neuve") == 0


def test_a_new_record_is_shown_under_the_number_it_would_get(browser_of):
    editor = browser_of("editor")
    pairs = fields_of(editor.get("/gestion/nouveau/event").text)
    pairs |= {"title": "Bal du printemps", "start": "21/03/2026 20:00"}
    [page, _english] = framed(editor.post("/gestion/apercu/nouveau/event", pairs))
    assert "Bal du printemps" in page
    assert '<base href="/agenda/2026-E001/">' in page


def test_faulty_fields_are_told_and_the_rest_is_shown(browser_of):
    answer = preview_of(browser_of("editor"), "2024-P007", budget_voted="beaucoup", summary="Nouveau résumé.")
    assert "Il manque encore une chose pour publier" in answer.text
    assert "Budget voté" in answer.text
    assert "Nouveau résumé." in framed(answer)[0]


def test_what_is_under_an_embargo_does_not_show(browser_of):
    changes = {"etat.state": "works", "etat.visible_from": "01/02/2026 08:00", "summary": "Encore un secret."}
    answer = preview_of(browser_of("editor"), "2024-P007", **changes)
    assert "Encore un secret." not in framed(answer)[0]


def test_a_record_that_does_not_show_yet_is_shown_as_it_will_be_on_its_day(browser_of):
    answer = preview_of(browser_of("editor"), "2025-A001", visible_from="01/02/2026 08:00")
    assert "Cette page ne paraîtra que le 1er février 2026" in answer.text.replace("\u00a0", " ")
    assert "Les ateliers commencent" in framed(answer)[0]
    draft = preview_of(browser_of("editor"), "2026-0060")
    assert "Cette idée est un brouillon" in draft.text
    assert "Idée en préparation" in framed(draft)[0]


def test_an_edition_a_zone_and_a_page_of_the_town_are_shown_with_what_the_form_says(browser_of):
    boss = browser_of("administrator")
    assert "Édition du printemps" in framed(preview_of(boss, "2026", title="Édition du printemps"))[0]
    assert "Gare et environs" in framed(preview_of(boss, "zone:gare", title="Gare et environs"))[0]
    assert "<h2>Enfin</h2>" in framed(preview_of(boss, "mode-d-emploi", body="## Enfin"))[0].replace(' id="enfin"', "")


def test_who_may_not_read_a_record_does_not_preview_it(browser_of):
    contributor = browser_of("contributor")
    assert contributor.get("/gestion/apercu/2024-P012").status_code == 200
    assert contributor.get("/gestion/apercu/2024-P007").status_code == 404
    contributor.get("/gestion/fiche/2024-P012")
    assert contributor.post("/gestion/apercu/2024-P007", {"title": "x"}).status_code == 404
    reader = browser_of("reader")
    assert reader.get("/gestion/apercu/2024-P007").status_code == 200
    assert reader.post("/gestion/apercu/2024-P007", {"title": "x"}).status_code == 403
    assert browser_of(None).get("/gestion/apercu/2024-P007").status_code == 303


def test_a_type_without_a_page_has_no_preview(browser_of):
    boss = browser_of("administrator")
    assert boss.get("/gestion/apercu/instance").status_code == 404
    assert "/apercu/" not in boss.get("/gestion/fiche/service:voirie").text
    boss.get("/gestion/compte")
    assert boss.post("/gestion/apercu/nouveau/service", {"title": "x"}).status_code == 404


def test_before_the_first_publication_a_preview_says_so(browser_of, settings, tmp_path):
    object.__setattr__(settings, "site", tmp_path / "elsewhere")
    answer = browser_of("editor").get("/gestion/apercu/2024-P007")
    assert "L’aperçu sera possible après la première publication du site." in answer.text
    assert "<iframe" not in answer.text


def test_the_look_of_a_newer_version_is_handed_out_while_it_is_not_online(browser_of, published):
    editor = browser_of("editor")
    sheet = next((published / "site" / "current" / "assets").glob("laureat.*.css"))
    [page, _english] = framed(editor.get("/gestion/apercu/2024-P007"))
    assert f'href="../../assets/{sheet.name}"' in page
    kept = sheet.rename(sheet.with_suffix(".away"))
    try:
        [page, _english] = framed(editor.get("/gestion/apercu/2024-P007"))
        assert f'href="/gestion/apercu/theme/assets/{sheet.name}"' in page
        assert editor.get(f"/gestion/apercu/theme/assets/{sheet.name}").data == kept.read_bytes()
        assert editor.get("/gestion/apercu/theme/assets/autre.css").status_code == 404
    finally:
        kept.rename(sheet)


# ---------------------------------------------------------------------------------------------------- scripts

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:alert(3)">x</a>'


def test_no_script_may_run_in_the_page_of_a_preview_nor_in_its_frames(browser_of):
    answer = browser_of("editor").get("/gestion/apercu/2024-P007")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert set(re.findall(r'<iframe[^>]* sandbox="([^"]*)"', answer.text)) == {"allow-same-origin"}
    assert "<script" not in re.sub(r'srcdoc="[^"]*"', "", answer.text)


@pytest.mark.parametrize("record_id", RECORDS)
def test_a_script_in_any_text_field_is_shown_as_text_in_a_preview(browser_of, record_id):
    boss = browser_of("administrator")
    pairs = fields_of(boss.get(f"/gestion/fiche/{record_id}").text)
    kind = next(kind for kind in TYPES.values() if kind.type_name == type_of(record_id))
    texts = {
        name: SCRIPT
        for name in pairs
        if isinstance(declared := kind.fields.get(name.split(".")[0]), Text) and not isinstance(declared, Code | Url)
    }
    assert len(texts) >= 2
    answer = boss.post(f"/gestion/apercu/{record_id}", pairs | texts)
    for page in [answer.text, *framed(answer)]:
        reader = Dangers()
        reader.feed(page)
        assert reader.found == []


class Dangers(HTMLParser):
    """What could run in a page: scripts that are no file, handlers, addresses of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        wrong = [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")[:20]]
        if wrong or (tag == "script" and "src" not in known and known.get("type") != "application/ld+json"):
            self.found.append(self.get_starttag_text())
        if tag == "img" and known.get("src") == "x":
            self.found.append(self.get_starttag_text())


def type_of(record_id: str) -> str:
    if record_id in ("mode-d-emploi", "2026"):
        return "page" if record_id != "2026" else "edition"
    return {"z": "zone", "P": "project", "E": "event", "A": "article"}.get(
        record_id[0] if record_id[0] == "z" else record_id[5], "idea"
    )


# ---------------------------------------------------------------------------------------------- in a real browser


@pytest.mark.browser
def test_a_form_is_looked_at_before_it_is_saved_wide_and_narrow(app, serve_app, page, axe):
    with serve_app(app) as office:
        sign_in(page, office, "editor")
        page.goto(f"{office}/gestion/fiche/2024-P007")
        page.fill("#f-title", "Une place toute neuve")
        with page.context.expect_page() as opened:
            page.get_by_role("button", name=re.compile("Aperçu")).click()
        preview = opened.value
        preview.get_by_role("heading", name="Aperçu – pas encore en ligne").wait_for()
        frame = preview.frame_locator("iframe.is-1")
        frame.get_by_role("heading", name="Une place toute neuve").wait_for()
        assert frame.locator("body").evaluate("node => getComputedStyle(node).margin") == "0px"
        assert preview.locator("iframe.is-1").bounding_box()["width"] > 1000
        preview.get_by_role("radio", name="Téléphone").check()
        assert preview.locator("iframe.is-1").bounding_box()["width"] < 400
        assert axe(preview) == []
        preview.get_by_role("radio", name="en").check()
        preview.frame_locator("iframe.is-2").locator("html[lang=en]").wait_for()
        assert page.input_value("#f-title") == "Une place toute neuve"  # the form is still there
