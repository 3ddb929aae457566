"""What readers of a site meet, and what a release costs, when nothing goes wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from site_builder.releases import Site, clean, forget, holding, returnable, roll_back
from site_builder.releases.errors import AddressRefused, ReleaseUnknown, SiteBusy

NOW = dt.datetime(2026, 3, 14, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def site(tmp_path):
    with Site.open(tmp_path / "site", keep=3) as opened:
        yield opened


def publish(site, pages, removed=(), *, fresh=False, summary="publication", also=None):
    with site.release("c" * 40, "publication", fresh=fresh) as release:
        for address, text in pages.items():
            release.put(address, text.encode(), key=f"key of {text}")
        for address in removed:
            release.remove(address)
        return release.commit(NOW, "agent-17", summary, also)


def what_is_live(site):
    return {
        path.relative_to(site.live).as_posix(): path.read_text()
        for path in sorted(site.live.rglob("*"))
        if path.is_file()
    }


def test_the_first_publication_goes_live_by_one_link(site):
    assert not site.live.exists()
    publish(site, {"index.html": "Bonjour", "projets/2021-P007/index.html": "Un jardin"})
    assert site.live.is_symlink()
    assert what_is_live(site) == {"index.html": "Bonjour", "projets/2021-P007/index.html": "Un jardin"}


def test_a_release_changes_only_what_differs(site):
    publish(site, {"a/index.html": "a", "b/index.html": "b", "c/index.html": "c"})
    untouched = (site.live / "a/index.html").stat()
    release = publish(site, {"a/index.html": "a", "b/index.html": "B", "d/index.html": "d"}, removed=["c/index.html"])
    assert what_is_live(site) == {"a/index.html": "a", "b/index.html": "B", "d/index.html": "d"}
    assert (release.added, release.changed, release.removed) == (1, 1, 1)
    after = (site.live / "a/index.html").stat()
    assert (after.st_ino, after.st_mtime_ns) == (untouched.st_ino, untouched.st_mtime_ns)


def test_a_folder_left_empty_goes_with_its_last_page(site):
    publish(site, {"index.html": "Bonjour", "agenda/2023/mai/index.html": "Réunion"})
    publish(site, {}, removed=["agenda/2023/mai/index.html"])
    assert not (site.live / "agenda").exists()


def test_a_release_without_a_difference_is_none_but_keeps_the_new_keys(site):
    publish(site, {"index.html": "Bonjour"})
    with site.release("c", "publication") as release:
        assert release.put("index.html", b"Bonjour", key="another key") is False
        assert release.commit(NOW, "agent-17", "rien") is None
    assert site.find("index.html").key == "another key"
    assert len(site.releases()) == 1


def test_a_release_that_is_left_without_commit_never_happened(site):
    publish(site, {"index.html": "Bonjour"})
    with site.release("c", "publication") as release:
        release.put("index.html", b"Bonsoir")
    assert what_is_live(site) == {"index.html": "Bonjour"}
    assert publish(site, {"index.html": "Bonsoir"}).id == 2


def test_a_page_put_twice_goes_live_as_it_was_put_last(site):
    publish(site, {"index.html": "Bonjour"})
    with site.release("c", "publication") as release:
        release.put("index.html", b"Bonsoir")
        release.put("index.html", b"Bonjour")
        release.put("deux.html", b"1")
        release.put("deux.html", b"2")
        release.remove("trois.html")
        release.put("trois.html", b"3")
        release.remove("trois.html")
        release.commit(NOW, "agent-17", "deux fois")
    assert what_is_live(site) == {"index.html": "Bonjour", "deux.html": "2"}


def test_pages_may_be_staged_where_another_process_wrote_them(site):
    publish(site, {"index.html": "Bonjour", "b.html": "b"})
    with site.release("c", "publication") as release:
        pages = [release.staging.write("index.html", b"Bonsoir"), release.staging.write("b.html", b"b")]
        assert [release.take(page) for page in pages] == [True, False]
        release.commit(NOW, "agent-17", "à deux")
    assert what_is_live(site) == {"index.html": "Bonsoir", "b.html": "b"}


def test_a_fresh_tree_replaces_everything_at_once_and_can_be_taken_back(site):
    publish(site, {"index.html": "ancien", "b.html": "b"})
    publish(site, {"index.html": "moins ancien"})
    publish(site, {"index.html": "nouveau"}, fresh=True)
    assert what_is_live(site) == {"index.html": "nouveau"}
    roll_back(site, 2, NOW, "agent-17", "retour")
    assert what_is_live(site) == {"index.html": "moins ancien", "b.html": "b"}
    roll_back(site, 3, NOW, "agent-17", "et retour")
    assert what_is_live(site) == {"index.html": "nouveau"}
    roll_back(site, 1, NOW, "agent-17", "tout au début")
    assert what_is_live(site) == {"index.html": "ancien", "b.html": "b"}


def test_a_rollback_brings_back_pages_keys_and_what_was_removed(site):
    publish(site, {"a.html": "a1", "b.html": "b1"})
    publish(site, {"a.html": "a2", "c.html": "c2"}, removed=["b.html"])
    publish(site, {"a.html": "a3", "b.html": "b3"})
    release = roll_back(site, 1, NOW, "agent-17", "retour")
    assert what_is_live(site) == {"a.html": "a1", "b.html": "b1"}
    assert {page.address: page.key for page in site.pages()} == {"a.html": "key of a1", "b.html": "key of b1"}
    assert (release.kind, release.added, release.changed, release.removed) == ("rollback", 0, 2, 1)


def test_a_rollback_can_be_rolled_back_and_again(site):
    publish(site, {"a.html": "1"})
    publish(site, {"a.html": "2", "b.html": "2"})
    for expected in ("1", "2", "1", "2"):
        roll_back(site, None, NOW, "agent-17", "retour")
        assert what_is_live(site)["a.html"] == expected
    publish(site, {"a.html": "5"})
    assert what_is_live(site) == {"a.html": "5", "b.html": "2"}


def test_only_the_last_releases_can_be_returned_to(site):
    for number in range(1, 8):
        publish(site, {"a.html": str(number)})
        clean(site)
    assert [release.id for release in returnable(site)] == [6, 5, 4]
    with pytest.raises(ReleaseUnknown):
        roll_back(site, 3, NOW, "agent-17", "trop tard")
    roll_back(site, 4, NOW, "agent-17", "retour")
    assert what_is_live(site) == {"a.html": "4"}
    assert sorted(path.name for path in (site.folder / "kept").iterdir()) == ["5", "6", "7", "8"]


def test_a_tree_that_was_switched_away_is_deleted_when_nobody_can_return_to_it(site):
    publish(site, {"a.html": "1"})
    publish(site, {"a.html": "2"}, fresh=True)
    for number in range(3, 7):
        publish(site, {"a.html": str(number)})
        clean(site)
    assert [path.name for path in site.trees.iterdir()] == ["2"]
    assert {page.address for page in site.pages()} == {"a.html"}


@pytest.mark.parametrize("number", [0, 2, 99])
def test_an_unknown_release_is_refused(site, number):
    publish(site, {"a.html": "1"})
    with pytest.raises(ReleaseUnknown):
        roll_back(site, number, NOW, "agent-17", "retour")


def test_there_is_nothing_to_return_to_after_the_first_publication(site):
    publish(site, {"a.html": "1"})
    with pytest.raises(ReleaseUnknown, match="Aucune publication antérieure"):
        roll_back(site, None, NOW, "agent-17", "retour")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/etc/passwd",
        "../secret",
        "a/../../b",
        "a//b",
        "a/",
        "a\\b",
        "a\0b",
        "a\nb",
        "é" * 128,
        "recherche/index/x.js",
    ],
)
def test_an_address_outside_the_site_or_of_derived_files_is_refused(site, address):
    with pytest.raises(AddressRefused), site.release("c", "publication") as release:
        release.put(address, b"")


@pytest.mark.parametrize(("first", "second"), [("a", "a/index.html"), ("a/index.html", "a")])
@pytest.mark.parametrize("fresh", [True, False])
def test_a_page_cannot_take_the_place_of_a_folder_nor_a_folder_that_of_a_page(site, first, second, fresh):
    publish(site, {"index.html": "Bonjour", first: "1"})
    with pytest.raises(AddressRefused):
        publish(site, {first: "1", second: "2"} if fresh else {second: "2"}, fresh=fresh)
    assert what_is_live(site) == {"index.html": "Bonjour", first: "1"}


def test_derived_files_are_seen_in_every_tree(site):
    publish(site, {"index.html": "1"})
    (site.shared("recherche/index") / "groupes.json").write_text("[]")
    assert (site.live / "recherche/index/groupes.json").read_text() == "[]"
    publish(site, {"index.html": "2", "recherche/index.html": "Rechercher"}, fresh=True)
    assert (site.live / "recherche/index/groupes.json").read_text() == "[]"


def test_rows_of_the_caller_are_written_with_the_release_or_not_at_all(tmp_path):
    with Site.open(tmp_path / "site", database=tmp_path / "build.sqlite") as site:
        site.connection.execute("CREATE TABLE built (commit_id TEXT)")
        publish(site, {"a.html": "1"}, also=lambda rows: rows.execute("INSERT INTO built VALUES ('first')"))
        with pytest.raises(ZeroDivisionError):
            publish(site, {"a.html": "2"}, also=lambda _rows: 1 // 0)
        assert site.connection.execute("SELECT * FROM built").fetchall() == [("first",)]
        assert what_is_live(site) == {"a.html": "1"}


def test_what_is_forgotten_leaves_every_kept_release_and_every_old_tree(site):
    publish(site, {"a.html": "par Amina B.", "b.html": "Amina B. et Chloé", "c.html": "c1"})
    publish(site, {"a.html": "par Amina B.", "b.html": "b2", "c.html": "c2"}, fresh=True)
    publish(site, {"a.html": "anonyme", "c.html": "c3"})
    publish(site, {}, removed=["b.html"])
    addresses = holding(site, lambda data: b"Amina B." in data)
    assert addresses == {"a.html", "b.html"}
    forget(site, addresses)
    assert holding(site, lambda data: b"Amina B." in data) == set()
    files = [path for path in site.folder.rglob("*") if path.is_file() and not path.name.startswith("state.")]
    assert [path for path in files if b"Amina" in path.read_bytes()] == []
    site.keep = 9
    roll_back(site, 2, NOW, "agent-17", "retour")
    assert what_is_live(site) == {"a.html": "anonyme", "c.html": "c2"}
    roll_back(site, 1, NOW, "agent-17", "retour")
    assert what_is_live(site) == {"a.html": "anonyme", "c.html": "c1"}


def test_pages_are_listed_by_the_beginning_of_their_address(site):
    publish(site, {"a.html": "a", "projets/1.html": "1", "projets/2.html": "2", "projetsx.html": "x"})
    assert [page.address for page in site.pages("projets/")] == ["projets/1.html", "projets/2.html"]


def test_a_second_publisher_is_told_that_the_first_is_not_done(site):
    publish(site, {"a.html": "1"})
    with Site.open(site.folder) as other, site.release("c", "publication"):
        with pytest.raises(SiteBusy):
            other.release("c", "publication", patience=0)
        other.recover()  # leaves at once: the site is in good hands
    with Site.open(site.folder) as other:
        publish(other, {"a.html": "2"})
    assert what_is_live(site) == {"a.html": "2"}


def test_a_release_reads_only_the_rows_of_its_pages(site):
    publish(site, {f"projets/{number}.html": str(number) for number in range(500)})
    asked = []
    site.connection.set_trace_callback(asked.append)
    publish(site, {"projets/7.html": "sept"})
    site.connection.set_trace_callback(None)
    plans = [
        row[-1]
        for statement in asked
        if statement.startswith("SELECT") and "site_page" in statement
        for row in site.connection.execute(f"EXPLAIN QUERY PLAN {statement}")
    ]
    assert plans
    assert all(plan.startswith("SEARCH") for plan in plans)
