"""What a build gives: the same bytes however it came about, and nothing where the whole cannot be built."""

from __future__ import annotations

import random

import pytest

from participation.problems import ContentError, Severity
from site_builder.sources import FolderSource
from site_builder.targets import NotOurFolder
from tests.site_builder.photos import photo
from tests.site_builder.small_town import (
    EDITION,
    INSTANCE,
    PICTURE,
    ZONES,
    SmallTown,
    article,
    event,
    furnish,
    idea,
    project,
)

STATES = ("works", "delivered", "suspended", "abandoned", "design", "not_selected")
DAYS = ("2026-06-03T18:30", "2026-07-14", "2026-12-01T09:00", "2027-03-08T18:00", "2025-02-03", "")


class Editor:
    """Makes one random change after another, and says which."""

    def __init__(self, town, seed: int) -> None:
        self.town = town
        self.random = random.Random(seed)
        self.number = 1000

    def change(self) -> str:
        kind = self.random.choice([name for name in dir(self) if name.startswith("do_")])
        getattr(self, kind)()
        return kind

    def _any(self, folder: str) -> str | None:
        found = [path for path in self.town.files if f"/{folder}/" in f"/{path}"]
        return self.random.choice(found) if found else None

    def _id(self, path: str) -> str:
        return path.rpartition("/")[2].removesuffix(".yml")

    def _new(self, letter: str) -> str:
        self.number += 1
        return f"2026-{letter}{self.number}"

    def _project(self) -> dict[str, object]:
        more = {"zone": self.random.choice(["bief", "halles"]), "theme": self.random.choice(["nature", "sport"])}
        if self.random.random() < 0.7:
            east, north = self.random.randrange(1, 19), self.random.randrange(1, 99)
            more["place"] = {"longitude": f"2.{east}5", "latitude": f"47.0{north}5"}
        return project(f"Projet {self.random.random()}", self.random.choice(STATES), **more)

    def do_change_a_project(self) -> None:
        if path := self._any("projects"):
            self.town.put("project", self._id(path), self._project())

    def do_add_projects(self) -> None:
        for _time in range(self.random.choice([1, 1, 3, 60])):
            self.town.put("project", self._new("P"), self._project())

    def do_remove_projects(self) -> None:
        for _time in range(self.random.choice([1, 1, 3, 60])):
            if path := self._any("projects"):
                del self.town.files[path]

    def do_empty_a_list(self) -> None:
        for path in [path for path in self.town.files if "/projects/" in path]:
            if b"theme: sport" in self.town.files[path]:
                del self.town.files[path]

    def do_a_new_theme(self) -> None:
        self.town.put("project", self._new("P"), project("Autre", theme=self.random.choice(["culture", "eau"])))

    def do_an_idea(self) -> None:
        names = self._any("projects")
        more = {"project": self._id(names)} if names else {}
        self.town.put("idea", self._new("")[:9], idea(f"Idée {self.random.random()}", **more))

    def do_remove_an_idea(self) -> None:
        if path := self._any("ideas"):
            del self.town.files[path]

    def do_an_event(self) -> None:
        names = self._any("projects")
        day = self.random.choice(DAYS)
        more = {"kind": self.random.choice(["visit", "vote", "workshop"])}
        more |= {"zone": self.random.choice(["bief", "halles"])} if self.random.random() < 0.5 else {}
        data = event("Fête", day, projects=[self._id(names)] if names else [], **more)
        self.town.put("event", self._new("E"), data if day else {key: data[key] for key in data if key != "start"})

    def do_a_series(self) -> None:
        rule = self.random.choice(["FREQ=WEEKLY", "FREQ=MONTHLY;COUNT=9", "FREQ=WEEKLY;UNTIL=20270201"])
        moved = {"occurrence": "2026-07-14T18:00", "start": "2026-08-02T10:00"}
        data = event("Permanence", "2026-07-07T18:00", recurrence=rule, exceptions=[moved], extra_dates=["2028-01-05"])
        self.town.put("event", self._new("E"), data)

    def do_a_long_event(self) -> None:
        self.town.put("event", self._new("E"), event("Exposition", "2026-08-20", end="2026-11-02"))

    def do_move_an_event(self) -> None:
        if path := self._any("events"):
            self.town.put("event", self._id(path), event("Déplacé", self.random.choice(DAYS[:-1]), state="moved"))

    def do_cancel_an_event(self) -> None:
        if path := self._any("events"):
            self.town.put("event", self._id(path), event("Annulé", "2026-06-03T18:30", state="cancelled"))

    def do_remove_an_event(self) -> None:
        if path := self._any("events"):
            del self.town.files[path]

    def do_articles(self) -> None:
        for _time in range(self.random.choice([1, 1, 25])):
            self.town.put("article", self._new("A"), article(f"Nouvelle {self.random.random()}", "2026-05-11"))

    def do_remove_articles(self) -> None:
        for _time in range(self.random.choice([1, 30])):
            if path := self._any("articles"):
                del self.town.files[path]

    def do_change_a_page(self) -> None:
        body = f"Texte {self.random.random()}"
        self.town.put("page", self.random.choice(["mode-d-emploi", "contact"]), {"title": "Une page", "body": body})

    def do_remove_a_page(self) -> None:
        self.town.files.pop("pages/contact.yml", None)

    def do_change_a_picture(self) -> None:
        self.town.files["media/banc.svg"] = PICTURE + f"<!-- {self.random.random()} -->\n".encode()

    def do_add_or_remove_a_picture(self) -> None:
        if self.town.files.pop("media/arbre.svg", None) is None:
            self.town.files["media/arbre.svg"] = PICTURE

    def do_put_a_photo(self) -> None:
        file = f"media/{self.random.choice(['cour.jpg', 'place.png'])}"
        if self.town.files.pop(file, None) is None or self.random.random() < 0.7:
            self.town.files[file] = self.random.choice([photo(60, 40), photo(40, 70, "PNG"), b"pas une image"])

    def do_show_a_photo(self) -> None:
        photos = [{"file": self.random.choice(["cour.jpg", "place.png"]), "alt": "La cour"}]
        text = self.random.choice(["![](media/cour.jpg)", "Voir [la place](</media/place.png>).", "Rien."])
        self.town.put("project", self._new("P"), project("En photo", photos=photos * 2, description=text))

    def do_break_a_record(self) -> None:
        if path := self._any("projects"):
            self.town.files[path] = b"title: [\n"

    def do_rename_a_zone(self) -> None:
        self.town.files["zones.geojson"] = ZONES.replace(b"Les Halles", f"Les Halles {self.random.random()}".encode())

    def do_rename_and_redraw_a_zone(self) -> None:
        corner = f"[{self.random.uniform(2.2, 2.4)}, 47.1]"
        self.town.files["zones.geojson"] = ZONES.replace(b"[2.2, 47.1]", corner.encode())

    def do_a_zone_nobody_described(self) -> None:
        self.town.put("project", self._new("P"), project("Ailleurs", zone="lointain"))

    def do_rename_the_edition(self) -> None:
        self.town.put("edition", "2026", EDITION | {"title": f"Édition {self.random.random()}"})


def assert_same(first: dict[str, bytes], second: dict[str, bytes], why: object = "") -> None:
    """Compare two sites file by file; the names of the files that differ are the message."""
    differ = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    assert differ == [], why


@pytest.mark.parametrize("seed", range(2))
def test_whatever_changes_an_incremental_build_gives_the_bytes_of_a_full_one(town, sites, seed):
    for number in range(2, 101):
        state = STATES[number % len(STATES)]
        theme = "sport" if number < 53 else "nature"
        town.put("project", f"2026-P{number:03d}", project(f"Projet {number}", state, theme=theme))
    editor = Editor(town, seed)
    sites.build(town.commit())
    done = []
    for step in range(12):
        done.append([editor.change() for _time in range(editor.random.choice([1, 1, 2, 4]))])
        source = town.commit()
        report = sites.build(source)
        sites.build(source, f"fresh-{step}")
        assert_same(sites.files(), sites.files(f"fresh-{step}"), done)
        assert report.full is False or any("page" in one or "rename" in one for one in done[-1]), done[-1]
    again = sites.build(source, full=True)
    assert (again.full, again.changed) == (True, 0)


def test_two_processes_give_the_bytes_of_one(town, sites, monkeypatch):
    monkeypatch.setattr("site_builder.full.FEW", 10)
    for number in range(2, 90):
        town.put("project", f"2026-P{number:03d}", project(f"Projet {number}", ideas=["2026-0001"]))
    source = town.commit()
    sites.build(source, "one", processes=1)
    sites.build(source, "two", processes=2)
    assert_same(sites.files("one"), sites.files("two"))
    assert sites.build(source, "two", processes=2, full=True).changed == 0


def test_a_second_build_notices_that_nothing_changed(town, sites):
    source = town.commit()
    assert sites.build(source).nothing_to_do is False
    again = sites.build(source)
    assert (again.nothing_to_do, again.changed, again.records) == (True, 0, 4)


def test_a_folder_gives_the_bytes_of_the_repository_and_knows_what_changed_in_it(town, sites, tmp_path):
    folder = tmp_path / "content"
    for path, data in town.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    sites.build(town.commit(), "git")
    sites.build(FolderSource(folder))
    assert_same(sites.files("git"), sites.files())
    town.put("project", "2026-P001", project("Un autre jardin"))
    path = "editions/2026/projects/2026-P001.yml"
    (folder / path).write_bytes(town.files[path])
    sites.build(town.commit(), "git")
    assert sites.build(FolderSource(folder)).full is False
    assert_same(sites.files("git"), sites.files())


def test_a_place_built_from_another_repository_is_built_anew(town, sites, tmp_path):
    other = furnish(SmallTown(tmp_path / "other.git"))
    other.put("project", "2026-P001", project("Une fontaine"))
    sites.build(town.commit())
    sites.build(other.commit())
    sites.build(other.commit(), "fresh")
    assert_same(sites.files(), sites.files("fresh"))


def test_a_faulty_record_keeps_only_itself_back_and_is_reported(town, sites):
    path = town.put("project", "2026-P002", project("Un banc"))
    sites.build(town.commit())
    town.files[path] = b"title: Un banc\nbudget_voted: beaucoup\nstatus: [\n"
    report = sites.build(town.commit())
    assert report.held == {path}
    assert "projets/2026-P002/index.html" not in sites.files()
    assert "Un jardin" in sites.page("projets")
    assert "Un banc" not in sites.page("projets")


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("instance.yml", b"schema: 1\ntitle: [\n"),
        ("editions/2026/edition.yml", b"budget: beaucoup\n"),
    ],
)
def test_a_fault_of_the_instance_or_an_edition_stops_and_leaves_the_site(town, sites, path, data):
    sites.build(town.commit())
    before = sites.files()
    town.files[path] = data
    town.put("project", "2026-P002", project("Un banc"))
    with pytest.raises(ContentError) as stopped:
        sites.build(town.commit())
    assert {problem.file for problem in stopped.value.problems} == {path}
    assert_same(sites.files(), before)
    town.put("instance", "instance", INSTANCE)
    town.put("edition", "2026", EDITION)
    sites.build(town.commit())
    assert "projets/2026-P002/index.html" in sites.files()


def test_a_broken_link_in_a_text_is_a_warning_with_its_file(town, sites):
    path = town.put("project", "2026-P002", project("Un banc", description="[Ici](projets/2026-P999/) et [là](/x)."))
    problems = [problem for problem in sites.build(town.commit()).problems if problem.file == path]
    assert [problem.severity for problem in problems] == [Severity.WARNING] * 2
    assert "projets/2026-P999/" in problems[0].message


def test_a_broken_link_in_an_edition_or_a_page_of_the_town_is_a_warning_with_its_file(town, sites):
    pages = [
        town.put("edition", "2026", EDITION | {"description": "[Ici](nulle-part/)."}),
        town.put("page", "contact", {"title": "Contact", "body": "[Ici](nulle-part-non-plus/)."}),
    ]
    problems = sites.build(town.commit()).problems
    assert {(problem.file, problem.severity) for problem in problems} == {(path, Severity.WARNING) for path in pages}


def test_any_identifier_of_an_edition_a_zone_or_a_theme_leads_to_its_lists(town, sites):
    town.put("edition", "Ville_2019", {"title": "Ville 2019"})
    town.put("project", "Ville_2019-P001", project("A", zone="Le_Bief.2", theme="Theme_A"))
    town.put("idea", "Ville_2019-0001", idea("B", zone="Le_Bief.2", theme="Theme_A"))
    town.put("project", "2018-P001", project("D’une édition que personne n’a décrite"))
    assert sites.build(town.commit()).problems == []
    assert {"projets/edition/ville-2019/index.html", "projets/quartier/le-bief-2/index.html"} <= sites.files().keys()


def test_a_folder_with_other_files_is_never_built_into(town, sites):
    (sites.folder / "a").mkdir(parents=True)
    (sites.folder / "a" / "important.txt").write_text("à garder")
    with pytest.raises(NotOurFolder):
        sites.build(town.commit())
    assert sites.files() == {"important.txt": "à garder".encode()}


def test_the_first_build_of_a_town_without_any_record_says_so_on_every_page(tmp_path, sites):
    empty = SmallTown(tmp_path / "empty.git")
    empty.put("instance", "instance", {"schema": 1, "title": "Budget participatif", "name": "Valmont"})
    sites.build(empty.commit())
    assert "Aucun projet ici pour le moment" in sites.page("projets")
    assert "Aucune idée ici pour le moment" in sites.page("idees")
    assert "Aucun rendez-vous" in sites.page("agenda")
    assert "Pas encore d’actualité" in sites.page("actualites")
