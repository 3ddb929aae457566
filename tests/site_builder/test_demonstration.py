"""Rules of the whole site, held against every page of the demonstration town."""

from __future__ import annotations

import itertools
import re

import pytest

from participation.problems import Severity
from tests.browser.kinds import ENGLISH, KINDS
from tests.site_builder.html_pages import faults
from tests.site_builder.pages_read import ReadPage, inside

HEAVIEST_PAGE = 120_000  # bytes of HTML, before compression
MOST_REQUESTS = 14  # of a first visit, the page itself included


@pytest.fixture(scope="session")
def pages(demonstration):
    """File -> page, of every HTML file."""
    folder, _report = demonstration
    return {
        path.relative_to(folder).as_posix(): ReadPage(path.read_text(encoding="utf-8"))
        for path in folder.rglob("*.html")
    }


def test_the_demonstration_town_has_no_problem(demonstration):
    _folder, report = demonstration
    assert [str(problem) for problem in report.problems if problem.severity is Severity.ERROR] == []
    assert [str(problem) for problem in report.problems] == []


def test_every_link_inside_the_site_leads_to_a_file_and_to_an_element_of_it(demonstration, pages):
    folder, _report = demonstration
    broken = []
    for file, page in pages.items():
        if file.endswith("404.html"):
            continue
        for address in page.addresses():
            target = inside(file, address)
            if target is None or not address:
                continue
            path, fragment = target
            if not (folder / path).is_file():
                broken.append(f"{file}: {address}")
            elif fragment and fragment not in _ids(folder, path, pages):
                broken.append(f"{file}: {address}: no such element")
    assert broken == []


def _ids(folder, path, pages):
    """The identifiers in a page or a drawing of the site."""
    return pages[path].ids if path in pages else ReadPage((folder / path).read_text(encoding="utf-8")).ids


def test_the_missing_page_names_its_files_from_the_root(demonstration, pages):
    folder, _report = demonstration
    named = [*pages["404.html"].addresses(), *pages["en/404.html"].addresses()]
    addresses = [inside("index.html", address.removeprefix("/")) for address in named]
    assert [one for one in addresses if one is not None and not (folder / one[0]).is_file()] == []


def test_every_page_has_a_language_a_title_one_heading_and_no_identifier_twice(pages):
    faults = []
    for file, page in pages.items():
        _tag, html = next(one for one in page.tags if one[0] == "html")
        faults += [f"{file}: lang"] * (html.get("lang") != ("en" if file.startswith("en/") else "fr"))
        faults += [f"{file}: {page.count('h1')} h1"] * (page.count("h1") != 1)
        faults += [f"{file}: {page.count('title')} title"] * (page.count("title") < 1)
        faults += [f"{file}: #{one} twice" for one in set(page.ids) if page.ids.count(one) > 1]
        for _tag, attributes in page.tags:
            for key in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
                faults += [f"{file}: {key}={id}" for id in attributes.get(key, "").split() if id not in page.ids]
    assert faults == []


def test_headings_go_down_one_level_at_a_time(pages):
    faults = []
    for file, page in pages.items():
        levels = [int(tag[1]) for tag, _attributes in page.tags if re.fullmatch(r"h[1-6]", tag)]
        faults += [f"{file}: h{a} then h{b}" for a, b in itertools.pairwise(levels) if b > a + 1]
    assert faults == []


def test_every_picture_has_words_and_a_size(pages):
    pictures = [(file, attributes) for file, page in pages.items() for tag, attributes in page.tags if tag == "img"]
    assert pictures
    assert [file for file, attributes in pictures if "alt" not in attributes] == []
    assert {
        file for file, attributes in pictures if not {"width", "height"} <= attributes.keys() and "/media/" not in file
    } - {file for file, attributes in pictures if attributes.get("loading") == "lazy"} == set()


def test_nothing_is_asked_of_another_host(pages):
    asked = {
        f"{file}: {address}"
        for file, page in pages.items()
        for address in page.loads()
        if re.match(r"(?:[a-z]+:)?//", address)
    }
    assert asked == set()


def test_no_page_is_heavy_and_a_first_visit_needs_few_requests(demonstration, pages):
    folder, _report = demonstration
    heavy = {file: size for file in pages if (size := (folder / file).stat().st_size) > HEAVIEST_PAGE}
    assert heavy == {}
    many = {file: count for file, page in pages.items() if (count := 1 + len(set(page.loads()))) > MOST_REQUESTS}
    assert many == {}


def test_every_kind_of_page_is_valid_html_in_both_languages(demonstration):
    folder, _report = demonstration
    addresses = [*KINDS.values(), *ENGLISH.values()]
    files = [folder / (one if one.endswith(".html") else f"{one}index.html") for one in addresses]
    assert [file for file in files if not file.is_file()] == []
    assert faults(files) == []
