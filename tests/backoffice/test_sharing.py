"""Two offices with one remote, as people see it: the outbox, the state in words, the questions that are left."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from backoffice import worker
from backoffice.app import create_app
from backoffice.jobs import outbox, queue
from backoffice.jobs.kinds import EXCHANGE, SHOW
from backoffice.registry import accounts, two_versions
from backoffice.services import KEY
from participation.records import Zone
from participation.store.remote_merge import Clash, Kind
from participation.store.saving import Change
from tests.backoffice.conftest import PASSWORD, Browser, fields_of
from tests.backoffice.town import NOW

PROJECT = "/gestion/fiche/2024-P007"


class Office:
    """An office with its own content, registry and worker; `administrator` and `editor` are signed in."""

    def __init__(self, settings, clock) -> None:
        self.settings, self.clock = settings, clock
        self.app = create_app(settings, clock)
        self.registry = self.app.extensions[KEY].registry
        for role in ("editor", "administrator", "publisher", "contributor"):
            accounts.create(self.registry, f"{role}@ville.example", role.title(), role, PASSWORD, NOW)
        self.watch = outbox.Watch(settings)
        self.browsers = {}

    def browser(self, role="editor") -> Browser:
        if role not in self.browsers:
            self.browsers[role] = Browser(self.app)
            self.browsers[role].sign_in(role)
            self.browsers[role].get("/gestion/compte")
        return self.browsers[role]

    def save(self, **changes):
        someone = self.browser()
        return someone.post(PROJECT, fields_of(someone.get(PROJECT).text) | changes)

    def work(self) -> list[str]:
        """What the worker does until nothing is due: look whether to exchange, then the jobs; their kinds."""
        done = []
        while self.watch.ask(self.registry, self.clock()) or queue.due(self.registry, self.clock(), EXCHANGE):
            job = queue.lease(self.registry, self.clock())
            if job.kind == EXCHANGE:
                worker.carry_out(worker.Work(self.settings, self.registry, job, self.clock))
            else:  # pages are made elsewhere
                queue.finish(self.registry, job, self.clock(), {})
            done.append(job.kind)
        return done

    def text(self, path="/gestion/", role="editor"):
        return self.browser(role).get(path).text


@pytest.fixture
def offices(tmp_path, settings, clock, host, repository):
    found = []
    for number in (1, 2):
        own = replace(
            settings,
            content=shutil.copytree(repository, tmp_path / f"office{number}.git"),
            site=tmp_path / f"site{number}",
            registry=f"sqlite:///{tmp_path / f'registry{number}.sqlite'}",
            remote=host.address(),
            office=number,
        )
        found.append(Office(own, clock))
    for office in found:
        office.work()
    yield found
    for office in found:
        office.registry.close()


def test_a_save_reaches_the_other_office_without_being_waited_for(offices, clock):
    one, two = offices
    assert one.save(title="La place à l’ombre").status_code == 303
    assert "1 enregistrement attend d’être envoyé" in one.text()
    assert one.work()[0] == EXCHANGE
    assert "À jour avec le dépôt distant, à l’instant." in one.text()
    clock.forward(seconds=61)
    two.work()
    assert "La place à l’ombre" in two.text(PROJECT)


def test_nothing_is_asked_of_the_remote_while_nothing_changes(offices, clock):
    one, _two = offices
    one.work()
    assert one.work() == []
    clock.forward(seconds=61)
    assert one.work() == [EXCHANGE]


def test_a_remote_that_is_down_is_told_in_words_and_its_answer_to_the_expert_alone(offices, clock, host):
    one, two = offices
    host.down = True
    one.save(title="La place à l’ombre")
    one.save(title="La place au frais")
    one.work()
    page = one.text()
    assert "2 enregistrements attendent d’être envoyés au dépôt distant." in page
    assert "Le dépôt distant n’a pas pu être joint." in page
    assert "503" not in page
    assert "503" in one.text("/gestion/expert", "administrator")
    assert one.work() == []
    host.down = False
    clock.forward(seconds=6)
    one.work()
    clock.forward(seconds=60)
    two.work()
    assert "La place au frais" in two.text(PROJECT)


def test_the_expert_asks_for_an_exchange_at_once(offices, host):
    one, _two = offices
    host.down = True
    one.save(title="La place à l’ombre")
    one.work()
    host.down = False
    expert = one.browser("administrator")
    expert.get("/gestion/expert")
    assert expert.post("/gestion/expert/echange").status_code == 303
    one.work()
    assert "À jour avec le dépôt distant" in one.text()


def test_an_exchange_is_tried_again_when_the_clock_was_set_back(offices, clock, host):
    one, _two = offices
    host.down = True
    clock.forward(days=40)
    one.save(title="La place à l’ombre")
    one.work()
    host.down = False
    clock.forward(days=-40)
    assert one.work()[0] == EXCHANGE
    assert "À jour" in one.text()


@pytest.fixture
def asked(offices, clock):
    """Both offices changed the title; the second one has to choose."""
    one, two = offices
    one.save(title="La place à l’ombre", votes="500")
    two.save(title="La place au frais", summary="Des tilleuls.")
    one.work()
    two.work()
    [row] = two_versions.waiting(two.registry)
    return two, f"/gestion/deux-versions/{row.id}"


def test_a_field_changed_on_both_is_asked_about_on_the_first_page(asked):
    two, page = asked
    assert "Changé sur deux machines à la fois" in two.text()
    shown = two.text(page)
    assert "À <" not in shown
    assert "l’ombre" in shown
    assert "frais" in shown
    project = two.text(PROJECT)
    assert "La place à l’ombre" in project
    assert "Des tilleuls." in project


@pytest.mark.parametrize(("choice", "title"), [("mine", "La place au frais"), ("theirs", "La place à l’ombre")])
def test_the_choice_is_an_ordinary_save_and_closes_the_question(asked, offices, clock, choice, title):
    two, page = asked
    two.text(page)
    assert two.browser().post(page, {"_keep.title": choice}).status_code == 303
    assert two.app.extensions[KEY].content.record("2024-P007").data["title"] == title
    assert two_versions.waiting(two.registry) == []
    assert two.browser().get(page).status_code == 404
    two.work()
    clock.forward(seconds=61)
    offices[0].work()
    assert offices[0].app.extensions[KEY].content.record("2024-P007").data["title"] == title


def test_no_answer_is_told_and_keeps_the_question(asked):
    two, page = asked
    two.text(page)
    answer = two.browser().post(page, {"_keep.title": "other"})
    assert (answer.status_code, "Choisissez une réponse" in answer.text) == (422, True)
    assert len(two_versions.waiting(two.registry)) == 1


def test_a_contributor_is_not_asked_about_records_of_others(asked):
    two, page = asked
    assert "Changé sur deux machines" not in two.text("/gestion/", "contributor")
    assert two.browser("contributor").get(page).status_code == 404


def test_two_records_of_one_number_become_two_records(offices, clock):
    one, two = offices
    content = [office.app.extensions[KEY].content for office in offices]
    for store, title in zip((one, two), ("Une mare", "Un mur"), strict=True):
        from participation.records import Idea

        store.app.extensions[KEY].content.store.create(
            Idea, "2026-0090", {"title": title}, author="agent-9", when=clock()
        )
    one.work()
    two.work()
    [row] = two_versions.waiting(two.registry)
    page = f"/gestion/deux-versions/{row.id}"
    assert "Un mur" in two.text(page)
    two.browser().post(page, {"choice": "new"})
    titles = {record.id: record.data["title"] for record in content[1].store.snapshot().of_type(Idea)}
    assert titles["2026-0090"] == "Une mare"
    assert [name for name, title in titles.items() if title == "Un mur"] == ["2026-20001"]


def test_a_record_removed_here_and_changed_there_can_still_go(offices):
    one, two = offices
    one.save(title="La place à l’ombre")
    two.browser().get(PROJECT)
    two.app.extensions[KEY].content.store.trash("2024-P007", author="agent-9", when=NOW, force=True)
    one.work()
    two.work()
    [row] = two_versions.waiting(two.registry)
    two.text(f"/gestion/deux-versions/{row.id}")
    two.browser().post(f"/gestion/deux-versions/{row.id}", {"choice": "trash"})
    assert two.app.extensions[KEY].content.store.snapshot().get("2024-P007") is None


def test_a_zone_that_is_gone_comes_back_without_its_whole_file(offices):
    office = offices[0]
    store = office.app.extensions[KEY].content.store
    blob = store.snapshot().entries["zones.geojson"]
    asked = Clash(Kind.FIELDS, "zones.geojson", "tanneries", "zone", blob, blob, blob, ("title",))
    two_versions.keep(office.registry, store.head(), [asked], NOW)
    changes = [Change(Zone, "tanneries", None), Change(Zone, "gare", {"id": "gare", "title": "Les Gares"})]
    store.save_many(changes, author="agent-9", when=NOW, subject="Quartiers")
    [row] = two_versions.waiting(office.registry)
    office.text(f"/gestion/deux-versions/{row.id}", "publisher")
    answer = office.browser("publisher").post(f"/gestion/deux-versions/{row.id}", {"choice": "mine"})
    assert answer.status_code == 303
    titles = {zone.id: zone.title for zone in store.snapshot().of_type(Zone)}
    assert titles == {"tanneries": "Les Tanneries", "gare": "Les Gares"}


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("media/2025/place.jpg", ["editor", "publisher", "administrator"]),
        ("editions/2024/votes/ballots-mairie.csv", ["publisher", "administrator"]),
        ("theme/town.css", ["administrator"]),
        ("README.md", ["administrator"]),
    ],
)
def test_a_file_that_is_no_record_is_asked_about_where_its_form_is_open(offices, path, may):
    office = offices[0]
    two_versions.keep(
        office.registry,
        office.app.extensions[KEY].content.head(),
        [Clash(Kind.FILE, path, "", "", None, None, None)],
        NOW,
    )
    [row] = two_versions.waiting(office.registry)
    page = f"/gestion/deux-versions/{row.id}"
    roles = ("contributor", "editor", "publisher", "administrator")
    assert [role for role in roles if office.browser(role).get(page).status_code == 200] == may
    assert [role for role in roles if "Changé sur deux machines" in office.text("/gestion/", role)] == may


def test_questions_of_a_commit_that_never_came_are_forgotten(asked):
    two, _page = asked
    lost = Clash(Kind.FILE, "theme/a.css", "", "", None, None, None)
    two_versions.keep(two.registry, "0" * 40, [lost], NOW)
    two.save(title="Autre")
    two.work()
    assert [row.record_id for row in two_versions.waiting(two.registry)] == ["2024-P007"]


def test_accounts_of_two_offices_have_pseudonyms_of_their_own(offices):
    one, two = offices
    assert {one.browser() and accounts.find(one.registry, "editor@ville.example").pseudonym} == {"agent-1-1"}
    assert accounts.find(two.registry, "editor@ville.example").pseudonym == "agent-2-1"


def test_what_another_office_published_is_asked_to_be_shown_here(offices, clock):
    one, two = offices
    one.app.extensions[KEY].content.store.publish(author="agent-1-1", when=clock())
    one.work()
    clock.forward(seconds=61)
    two.work()
    asked = [job.kind for job in queue.latest(two.registry, 20)]
    assert asked.count(SHOW) == 1


def test_an_office_alone_says_nothing_of_a_remote(app, browser_of):
    assert "dépôt distant" not in browser_of("administrator").get("/gestion/").text
    assert "Ce serveur travaille seul" in browser_of("administrator").get("/gestion/expert").text


def test_the_expert_reads_how_a_remote_is_set_and_the_public_half_of_the_key(app, settings, browser_of, tmp_path):
    expert = browser_of("administrator")
    page = expert.get("/gestion/expert").text
    assert f"-C laureat -f {settings.content.parent}/remote.key" in page
    assert f"LAUREAT_REMOTE_KEY={settings.content.parent}/remote.key" in page
    key = tmp_path / "remote.key"
    key.write_text("PRIVATE")
    key.with_name("remote.key.pub").write_text("ssh-ed25519 AAAAC3Nza laureat\n")
    shared = replace(settings, remote="git@127.0.0.1:ville/contenu.git", remote_key=key)
    app.extensions[KEY] = replace(app.extensions[KEY], settings=shared)
    page = expert.get("/gestion/expert").text
    assert ("ssh-ed25519 AAAAC3Nza laureat" in page, "PRIVATE" in page) == (True, False)
    key.with_name("remote.key.pub").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    assert "BEGIN OPENSSH" not in expert.get("/gestion/expert").text
