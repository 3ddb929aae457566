"""Shells as MkDocs and Material really draw them, and what is poured into them."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from participation.problems import ContentError
from site_builder import shells
from site_builder.look import Colours, Link
from site_builder.repairs import REPAIRS
from site_builder.shell_project import placeholder, write_project
from site_builder.tongues import HERE
from tests.site_builder.looks import small_look

CONTENT = '<div class="lr"><h1>Une place à l’ombre</h1></div>'


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("shells")


@pytest.fixture(scope="module")
def shell_set(cache):
    return shells.build_shells(small_look(), cache)


@pytest.fixture(scope="module")
def raw_pages(tmp_path_factory):
    """The pages as MkDocs and Material leave them."""
    folder = tmp_path_factory.mktemp("project")
    write_project(small_look(), folder)
    shells._run_mkdocs(folder)
    return [file.read_text("utf-8") for file in (folder / "site").rglob("*.html")]


class Addresses(HTMLParser):
    """The ids and the addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, _tag, attrs):
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        self.addresses += [found[name] for name in ("href", "src", "action") if name in found]


def poured(shell) -> str:
    head = b'<meta name="robots" content="all">'
    return shell.pour("Une place à l’ombre & au frais", head, CONTENT.encode()).decode()


def test_title_head_and_content_land_where_they_belong(shell_set):
    page = poured(shell_set.shell(2, "projets/"))
    assert page.startswith("<!doctype html>")
    assert "<title>Une place à l’ombre &amp; au frais</title>" in page
    assert page.index('<meta name="robots"') < page.index("</head>")
    assert page.index('<article class="md-content__inner md-typeset">') < page.index(CONTENT)
    assert "laureat-" not in re.sub(r"assets/[\w./-]+", "", page)


@pytest.mark.parametrize(("depth", "base"), [(0, ""), (1, "../"), (2, "../../"), (shells.ABSOLUTE, "/ville/")])
def test_every_address_of_a_shell_starts_at_the_root_of_the_site(shell_set, depth, base):
    shell = shell_set.shell(depth)
    assert shell.base == base
    inside = [to for to in Addresses(poured(shell)).addresses if not to.startswith("#")]
    root = base.rstrip("/")
    astray = [to for to in inside if not (to.startswith(base) or to in {root, "."}) or "//" in to]
    assert astray == []
    assert f"{base}projets/" in inside
    assert f"{base}contact/" in [to.removeprefix("./") for to in inside]


def test_every_file_that_a_shell_calls_for_is_among_its_assets(shell_set):
    called = {to.removeprefix("../") for to in Addresses(poured(shell_set.shell(1))).addresses if "assets/" in to}
    assert called <= set(shell_set.assets)
    assert all(Path(file).is_file() for file in shell_set.assets.values())


@pytest.mark.parametrize(
    ("depth", "active", "expected"),
    [
        (1, "projets/", ' aria-current="page">Projets'),
        (2, "projets/", ' aria-current="true">Projets'),
        (0, "", ' aria-current="page">Accueil'),
    ],
)
def test_the_active_entry_is_told_in_both_menus(shell_set, depth, active, expected):
    page = poured(shell_set.shell(depth, active))
    assert page.count(expected) == 2
    assert page.count("aria-current") == 2


def test_a_page_outside_the_menu_marks_no_entry(shell_set):
    page = poured(shell_set.shell(1))
    assert "aria-current" not in page
    assert "data-entry" not in page


def test_a_shell_holds_no_script_inside_the_page_no_double_id_and_no_address_elsewhere(shell_set):
    page = poured(shell_set.shell(2))
    found = Addresses(page)
    assert re.findall(r"<script(?! src=)", page) == []
    assert sorted(found.ids) == sorted(set(found.ids))
    assert [to for to in found.addresses if re.match(r"(https?:)?//", to)] == []


def test_a_first_visit_without_pictures_weighs_under_150_kb_in_at_most_10_requests(shell_set):
    import gzip

    page = shell_set.shell(0).pour("", b"", CONTENT.encode())
    called = [to for to in set(Addresses(page.decode()).addresses) if "assets/" in to]
    weight = sum(len(gzip.compress(shell_set.assets[to].read_bytes())) for to in called) + len(gzip.compress(page))
    assert len(called) + 1 <= 10
    assert weight < 150_000


def test_the_names_of_the_town_are_data_not_markup(cache):
    look = small_look(site_name="<b>Budget", town='"Ville" & {{ 1 + 1 }}', menu=(Link("A<i>", "a/"),), depths=(0,))
    page = poured(shells.build_shells(look, cache).shell(0))
    assert "&lt;b&gt;Budget" in page
    assert "&amp; {{ 1 + 1 }}" in page
    assert "A&lt;i&gt;" in page


def test_a_second_build_makes_nothing_again_and_does_not_load_mkdocs(shell_set, cache, monkeypatch):
    def never(_project):
        raise AssertionError("MkDocs was run")

    monkeypatch.setattr(shells, "_run_mkdocs", never)
    again = shells.build_shells(small_look(), cache)
    assert again.key == shell_set.key
    assert again.shell(1, "projets/") == shell_set.shell(1, "projets/")
    code = "import sys, site_builder.shells; sys.exit(any(n.split('.')[0] == 'mkdocs' for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "change",
    [
        {"site_name": "Budget citoyen"},
        {"menu": (Link("Accueil", ""),)},
        {"colours": Colours(brand="#123456")},
        {"town_files": {"style.css": b".lr { color: red }"}},
        {"language": "en"},
        {"depths": (0, 1)},
    ],
)
def test_the_key_changes_with_each_input(change, monkeypatch):
    monkeypatch.setattr(shells, "words", lambda _look: {})
    assert shells.shell_key(small_look(**change)) != shells.shell_key(small_look())


def test_the_key_changes_with_the_theme_and_is_quick(tmp_path):
    import shutil

    look = small_look()
    theme = tmp_path / "theme"
    shutil.copytree(look.theme, theme)
    same = shells.shell_key(replace(look, theme=theme))
    assert same == shells.shell_key(look)
    (theme / "styles" / "01-tokens.css").write_text(":root { --lr-1: 1px }", encoding="utf-8")
    assert shells.shell_key(replace(look, theme=theme)) != same


def test_a_depth_that_was_not_asked_for_is_refused_with_words(shell_set):
    with pytest.raises(shells.ShellError, match="profondeur 7"):
        shell_set.shell(7)


def test_a_faulty_file_of_the_town_stops_the_build_and_names_it(tmp_path):
    look = small_look(town_files={"style.css": b"@import url(https://ailleurs.example/x.css);"})
    with pytest.raises(ContentError) as refused:
        shells.build_shells(look, tmp_path)
    assert [problem.file for problem in refused.value.problems] == ["theme/style.css"]
    assert list(tmp_path.iterdir()) == []


def test_the_announcement_and_the_contact_of_the_town_are_markdown_made_safe(cache):
    files = {
        "announce.md": b"Le vote est **ouvert** : [voter](vote/) <script>alert(1)</script>",
        "footer.md": b"Mairie de Saint-Aubin",
    }
    page = poured(shells.build_shells(small_look(town_files=files, depths=(1,)), cache).shell(1))
    assert "<strong>ouvert</strong>" in page
    assert 'href="../vote/"' in page
    assert "<p>Mairie de Saint-Aubin</p>" in page
    assert "<script>" not in page


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda repair: repair.fault)
def test_each_repair_still_finds_its_fault_in_a_page_of_material(raw_pages, repair):
    assert any(repair.pattern.search(page) for page in raw_pages)


def test_the_same_tree_builds_with_zensical_and_is_cut_alike(shell_set, tmp_path):
    pytest.importorskip("zensical")
    look = small_look()
    write_project(look, tmp_path)
    zensical = Path(sys.executable).with_name("zensical")
    done = subprocess.run([zensical, "build"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for depth in look.depths:
        page = (tmp_path / "site" / placeholder(depth) / "index.html").read_text("utf-8")
        marked = [shells.mark_entry(part, look, depth, "projets/") for part in shells.cut(page)]
        shell = shell_set.shell(depth, "projets/")
        ours = re.compile(r'<header.*</header>|<nav class="lr-tabs.*?</nav>|<footer.*</footer>', re.DOTALL)
        mine = (shell.before_content + shell.after).decode()
        theirs = (marked[2] + marked[3]).replace('="./', '="')
        assert ours.findall(theirs) == ours.findall(mine.replace('="./', '="'))


def test_a_second_language_has_shells_of_its_own_and_the_same_files(shell_set, cache, monkeypatch):
    from site_builder import shell_project

    english = {name: f"en {name}" for name in shell_project.words(small_look())}
    monkeypatch.setattr(
        shell_project, "words", lambda look, ours=shell_project.words: english if look.language == "en" else ours(look)
    )
    monkeypatch.setattr(shells, "words", shell_project.words)
    looks = [small_look(), small_look(language="en", folder="en/", languages=(("fr", Link("Français", HERE)),))]
    both = shells.build_shells(looks, cache)
    page = poured(both.shell(1, language="en"))
    assert '<html lang="en"' in page
    assert ">en skip</a>" in page
    assert 'class="lr-logo" href="../"' in page
    assert 'href="../../assets/laureat.' in page
    assert 'href="../../" lang="fr" hreflang="fr" rel="alternate">' in page
    assert poured(both.shell(1)) == poured(shell_set.shell(1))
    assert both.assets.keys() == shell_set.assets.keys()
