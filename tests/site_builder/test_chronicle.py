"""The public journal of changes: told between publications, over what was public, the same however it was built."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET

import pytest

from participation.records import Project
from participation.store import open_store
from participation.store.publications import prepare
from site_builder.chronicle import Chronicle
from site_builder.publish import publish, take_back
from site_builder.sources import FolderSource, GitSource
from tests.site_builder.pages_read import ReadPage
from tests.site_builder.small_town import INSTANCE, NOW, article, project
from tests.site_builder.test_build import Editor, assert_same

PAGE = "projets/2026-P001"
MARKER = "tressecret"
ATOM = "{http://www.w3.org/2005/Atom}"


class Press:
    """A town whose saves are published one by one, a day apart, and built into the site `a`."""

    def __init__(self, town, sites):
        self.town, self.sites = town, sites
        self.when = NOW
        self.edits = 0
        town.commit()
        self.store = open_store(town.path)

    def save(self, id="2026-P001", **fields):
        blob = self.store.snapshot().get(id).blob
        self.store.save(Project, id, fields, base_blob=blob, author="agent-1", when=self.when)

    def publish(self, **more):
        published = self.store.publish(author="agent-1", when=self.when, **more)
        self.build()
        self.when += dt.timedelta(days=1)
        return published

    def source(self):
        return GitSource(self.town.path, self.store.published().commit, published=True)

    def build(self, name="a", **more):
        # The day of the build stays the same: whole days are another reason to build everything.
        return self.sites.build(self.source(), name, **more)

    def journal(self, name="a"):
        """Date and sentences of each entry, as the page shows them."""
        page = self.sites.page(PAGE, name)
        if 'id="journal"' not in page:
            return None
        section = page[page.index('id="journal"') :].partition("</section>")[0]
        section = section[section.index("<ol") :] if "<ol" in section else ""
        rows = re.split(r"<time datetime=\"([0-9-]+)\">", section)[1:]
        pairs = zip(rows[::2], rows[1::2], strict=True)
        return [(day, list(re.findall(r"<(?:span|p)>([^<]+)</", html))) for day, html in pairs]


@pytest.fixture
def press(town, sites):
    return Press(town, sites)


def test_each_publication_is_told_once_with_its_date_latest_first_and_never_between_saves(press):
    press.publish()
    press.save(budget_voted="40000")
    press.save(budget_voted="45000")
    press.save(note="Appeler l’entreprise.")
    press.publish()
    press.save(budget_voted="52000", votes=120)
    press.publish()
    press.save(note="Rappeler.")
    press.publish()
    assert press.journal() == [
        (
            "2026-05-22",
            ["Le nombre de voix\u00a0: 120.".replace("Le nombre de voix", "«\u00a0Voix\u00a0»"),
             "Le budget voté passe de 45\u202f000\u00a0€ à 52\u202f000\u00a0€."],
        ),
        ("2026-05-21", ["«\u00a0Budget voté\u00a0»\u00a0: 45\u202f000\u00a0€."]),
        ("2026-05-20", ["Première publication de cette fiche."]),
    ]  # fmt: skip


def test_a_folder_and_a_branch_have_no_journal(press, tmp_path):
    folder = tmp_path / "content"
    for path, data in press.town.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    press.sites.build(FolderSource(folder), "folder")
    press.sites.build(GitSource(press.town.path, press.store.head()), "main")
    for name in ("folder", "main"):
        assert press.journal(name) is None
        assert f"{PAGE}/flux.xml" not in press.sites.files(name)
        assert "flux.xml" not in press.sites.page(PAGE, name)


def test_a_site_of_a_branch_gains_its_journals_when_publications_take_over_and_loses_them_again(press):
    press.sites.build(GitSource(press.town.path, press.store.head()))
    without = press.sites.files()
    press.publish()
    assert len(press.journal()) == 1
    press.sites.build(GitSource(press.town.path, press.store.head()))
    assert_same(press.sites.files(), without)


def test_what_is_embargoed_or_held_back_is_told_only_when_it_is_published(press):
    press.publish()
    later = press.when + dt.timedelta(days=2)
    status = press.store.snapshot().get("2026-P001").data["status"]
    row = {
        "state": "delivered",
        "date": "2026-05-21",
        "reason": f"{MARKER} raison",
        "visible_from": later.isoformat(),
        "holds": ["budget_final", "money_goes_to", "contractors"],
        "note": f"{MARKER} note",
    }
    held = {"budget_final": "98765", "money_goes_to": f"{MARKER} fonds", "contractors": [f"{MARKER} SARL"]}
    press.save(status=[*status, row], votes=7, note=f"{MARKER} interne", **held)
    press.publish(hold_back=["2026-P001"])
    press.save(votes=8)
    press.publish()
    told = press.journal()
    assert told[0] == ("2026-05-22", ["«\u00a0Voix\u00a0»\u00a0: 8."])
    assert_none_says(press, MARKER, "98\u202f765", "«\u00a0Livré")
    press.when = later + dt.timedelta(hours=1)
    press.publish()
    said = " ".join(press.journal()[0][1])
    assert "98\u202f765" in said
    assert "à «\u00a0Livré\u00a0»" in said
    assert f"{MARKER} SARL" in said
    assert_none_says(press, f"{MARKER} note", f"{MARKER} interne", "À ne pas publier")


def assert_none_says(press, *words):
    """None of these words is on the page or in the feed."""
    files = press.sites.files()
    for name in (f"{PAGE}/index.html", f"{PAGE}/flux.xml"):
        assert [word for word in words if word in files[name].decode()] == [], name


def test_publications_and_rollbacks_give_the_same_bytes_step_by_step_as_at_once(press):
    editor = Editor(press.town, 7)
    for number in range(2, 9):
        press.town.put("project", f"2026-P{number:03d}", project(f"Projet {number}"))
    press.town.commit()
    press.publish()
    for step in range(7):
        for _time in range(3):
            editor.change()
        press.town.commit()
        press.publish(faulty=broken(press.town))
        if step == 4:
            press.store.rollback(author="agent-1", when=press.when)
            press.build()
        press.build(f"fresh-{step}")
        assert_same(press.sites.files(), press.sites.files(f"fresh-{step}"), step)
    assert press.build(full=True).changed == 0


def broken(town):
    return [path.rpartition("/")[2].removesuffix(".yml") for path, data in town.files.items() if data == b"title: [\n"]


def test_two_processes_tell_what_one_tells(press, monkeypatch):
    monkeypatch.setattr("site_builder.full.FEW", 10)
    for number in range(2, 40):
        press.town.put("project", f"2026-P{number:03d}", project(f"Projet {number}"))
    press.town.commit()
    press.publish()
    for number in range(2, 40, 3):
        press.save(f"2026-P{number:03d}", votes=number)
    press.publish()
    press.build("two", processes=2)
    assert_same(press.sites.files(), press.sites.files("two"))


def test_a_publication_that_was_prepared_and_never_made_leaves_no_trace(press):
    press.publish()
    press.save(votes=5)
    lost = prepare(press.store, author="agent-1", when=press.when)
    press.sites.build(GitSource(press.town.path, lost.commit, published=True), "elsewhere", cache="a")
    press.save(votes=6)
    press.publish()
    assert press.journal()[0] == ("2026-05-21", ["«\u00a0Voix\u00a0»\u00a0: 6."])


def test_what_was_said_is_kept_and_a_damaged_file_is_made_anew(press, monkeypatch):
    press.publish()
    press.save(votes=5)
    press.publish()
    before = press.sites.files()
    compared = []
    monkeypatch.setattr(Chronicle, "_compared", lambda _self, path, _step: compared.append(path) or ("?",))
    press.build(full=True)
    assert compared == []
    monkeypatch.undo()
    (press.sites.folder / "cache-a" / "chronicle.sqlite").write_bytes(b"no database" * 100)
    press.build(full=True)
    assert_same(press.sites.files(), before)


def test_a_zone_that_is_renamed_has_its_new_name_in_old_sentences(press):
    press.publish()
    press.save(zone="halles")
    press.publish()
    assert press.journal()[0][1] == ["Le quartier passe de «\u00a0Le Bief\u00a0» à «\u00a0Les Halles\u00a0»."]
    path = "zones.geojson"
    press.town.files[path] = press.town.files[path].replace(b"Les Halles", b"Les Anciennes Halles")
    with press.store.repo() as repo:
        files = {entry.path: repo.blob(entry.blob) for entry in repo.tree(press.store.head())}
    press.town.files = files | {path: press.town.files[path]}
    press.town.commit()
    press.publish()
    assert "Anciennes" in press.journal()[0][1][0]


def test_the_whole_way_of_publishing_tells_and_taking_back_is_told_by_the_next(press, tmp_path, shells):
    place = tmp_path / "site"
    (place / "cache").mkdir(parents=True)
    (shells / "shells").mkdir(exist_ok=True)
    (place / "cache" / "shells").symlink_to(shells / "shells", target_is_directory=True)
    more = {"author": "agent-7", "when": NOW}
    publish(press.town.path, place, processes=1, **more)
    press.save(votes=5)
    publish(press.town.path, place, processes=1, **more)
    page = place / "current" / PAGE / "index.html"
    assert "«\u00a0Voix\u00a0»\u00a0: 5." in page.read_text()
    take_back(press.town.path, place, None, **more)
    assert "«\u00a0Voix\u00a0»" not in page.read_text()
    press.save(votes=9)
    publish(press.town.path, place, processes=1, **more)
    assert "effacé, la valeur était 5." in page.read_text()
    assert "«\u00a0Voix\u00a0»\u00a0: 9." in page.read_text()


# ---------------------------------------------------------------------------------------------------- Atom


def read_feed(data):
    """A feed whose required elements are all there (RFC 4287, 4.1): its root and its entries."""
    root = ET.fromstring(data)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    for one in (root, *entries):
        for name in ("id", "title", "updated"):
            (found,) = one.findall(f"{ATOM}{name}")
            assert found.text
        assert dt.datetime.fromisoformat(one.find(f"{ATOM}updated").text).tzinfo is not None
        assert len([link for link in one.findall(f"{ATOM}link") if link.get("rel") == "alternate"]) == 1
    assert root.find(f"{ATOM}author/{ATOM}name").text
    assert len({one.find(f"{ATOM}id").text for one in entries}) == len(entries)
    return root, entries


def text_of(entry, name):
    return entry.find(f"{ATOM}{name}").text


def test_the_feed_of_a_project_holds_its_journal_and_its_page_announces_it(press):
    press.publish()
    press.save(title="Un jardin & un <verger>", votes=3)
    press.publish()
    root, entries = read_feed(press.sites.files()[f"{PAGE}/flux.xml"])
    assert [text_of(one, "updated")[:10] for one in entries] == ["2026-05-21", "2026-05-20"]
    assert "Un jardin & un <verger>" in text_of(entries[0], "summary")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": f"https://budget.example/{PAGE}/flux.xml", "alternate": f"https://budget.example/{PAGE}/"}
    page = ReadPage(press.sites.page(PAGE))
    assert {"rel": "alternate", "type": "application/atom+xml"}.items() <= next(
        attributes for tag, attributes in page.tags if attributes.get("rel") == "alternate"
    ).items()
    assert "flux.xml" in page.addresses()


def test_the_feed_of_the_news_says_the_latest_and_is_announced_on_the_home_page(town, sites):
    for number in range(2, 40):
        town.put("article", f"2026-A{number:03d}", article(f"Nouvelle {number}", f"2026-04-{number % 28 + 1:02d}"))
    sites.build(town.commit())
    root, entries = read_feed(sites.files()["actualites/flux.xml"])
    assert len(entries) == 30
    assert text_of(entries[0], "title") == "Le jardin ouvre"
    assert text_of(root, "updated") == text_of(entries[0], "updated") == "2026-05-04T00:00:00+02:00"
    assert 'href="actualites/flux.xml"' in sites.page("")
    assert 'href="../actualites/flux.xml"' in sites.page("actualites")


def test_feeds_of_a_town_without_address_are_valid_and_lead_to_their_pages(press):
    press.town.put("instance", "instance", {key: value for key, value in INSTANCE.items() if key != "url"})
    press.town.commit()
    press.publish()
    root, entries = read_feed(press.sites.files()[f"{PAGE}/flux.xml"])
    assert entries[0].find(f"{ATOM}link").get("href") == f"../../{PAGE}/#journal"
    assert text_of(root, "id").startswith("tag:laureat.invalid,")
    read_feed(press.sites.files()["actualites/flux.xml"])
