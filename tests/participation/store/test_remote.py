"""Two stores with one remote: what is saved on either arrives on both, is merged by field, and is never forced."""

from __future__ import annotations

import threading

from participation.problems import LaureatError
from participation.records import Idea, Project
from participation.store.git import PUBLISHED
from participation.store.remote_exchange import waiting
from tests.participation.store.conftest import WHEN, later

PATH = "editions/2021/projects/2021-P001.yml"


def test_what_one_office_saves_appears_in_the_other(offices):
    one, two = offices
    one.save(title="Un verger")
    assert waiting(one.store) == 1
    sent, received = one.exchange(), two.exchange()
    assert (sent.sent, received.received, waiting(one.store)) == (1, 1, 0)
    assert two.data()["title"] == "Un verger"
    assert one.at() == two.at()


def test_an_exchange_with_nothing_to_say_asks_once_and_writes_nothing(offices, host):
    one, _two = offices
    before = one.at()
    host.requests.clear()
    done = one.exchange()
    assert (done.sent, done.received, one.at()) == (0, 0, before)
    assert all("receive-pack" not in line for line in host.requests)


def test_different_fields_of_one_record_are_merged_without_a_question(offices):
    one, two = offices
    mine = one.save(1, title="Un verger")
    other = two.save(2, budget_voted="52000")
    one.exchange()
    two.exchange()
    one.exchange()
    assert one.at() == two.at()
    assert (one.data()["title"], one.data()["budget_voted"]) == ("Un verger", "52000")
    assert one.clashes == two.clashes == []
    with two.store.repo() as repo:
        assert {mine.commit, other.commit} <= set(repo.reachable(two.at()))


def test_a_field_changed_on_both_sides_keeps_the_first_value_and_both_are_asked_about(offices):
    one, two = offices
    one.save(1, title="Un verger")
    two.save(2, title="Une mare", budget_voted="52000")
    one.exchange()
    two.exchange()
    [(commit, clash)] = two.clashes
    assert (clash.kind, clash.record_id, clash.fields) == ("fields", "2021-P001", ("title",))
    assert two.data()["title"] == "Un verger"
    assert two.data()["budget_voted"] == "52000"
    assert commit == two.at()
    with two.store.repo() as repo:
        assert b"Une mare" in repo.blob(clash.ours)
        assert b"Un verger" in repo.blob(clash.theirs)


def test_the_history_of_a_merged_record_tells_both_sides_and_who_they_were(offices):
    one, two = offices
    start = one.at()
    base = one.store.snapshot().entries[PATH]
    one.save(1, title="Un verger")
    two.save(2, budget_voted="52000")
    one.exchange()
    two.exchange()
    versions = two.store.history("2021-P001")
    assert [version.action for version in versions][:3] == ["merge", "save", "save"]
    told = two.store.sentences(versions)
    assert told[0] == ["Réunion de ce que deux machines avaient enregistré en même temps."]
    last = two.store.last_changes("2021-P001", ["title", "budget_voted"])
    assert {name: version.author for name, version in last.items()} == {"title": "agent-1", "budget_voted": "agent-2"}
    authors = two.store.authors_since(two.at(), {PATH: base})
    assert set(authors[PATH]) == {"laureat", "agent-1", "agent-2"}
    assert start != two.at()


def test_the_version_that_gave_way_is_in_the_history_of_the_record(offices):
    one, two = offices
    one.save(1, title="Un verger")
    other = two.save(2, title="Une mare")
    one.exchange()
    two.exchange()
    versions = two.store.history("2021-P001")
    assert [version.author for version in versions][:2] == ["agent-2", "agent-1"]
    assert other.commit in [version.commit for version in versions]
    assert two.store.sentences(versions)[0] == ["Le titre passe de «\u00a0Un jardin\u00a0» à «\u00a0Une mare\u00a0»."]
    assert two.store.last_changes("2021-P001", ["title"])["title"].author == "agent-1"


def test_a_record_removed_here_and_changed_there_stays_and_is_asked_about(offices):
    one, two = offices
    one.save(title="Un verger")
    two.store.trash("2021-P001", author="agent-2", when=WHEN, force=True)
    one.exchange()
    two.exchange()
    assert two.data()["title"] == "Un verger"
    assert [one.kind for _commit, one in two.clashes] == ["removed_here"]
    one.store.trash("2021-P002", author="agent-1", when=WHEN, force=True)
    two.save(record_id="2021-P002", title="Des bancs verts")
    one.exchange()
    two.exchange()
    assert two.data("2021-P002")["title"] == "Des bancs verts"
    assert [one.kind for _commit, one in two.clashes][1:] == ["removed_there"]


def test_two_new_records_of_one_number_are_not_mixed(offices):
    one, two = offices
    one.store.create(Idea, "2021-0009", {"title": "Une mare", "summary": "ici"}, author="agent-1", when=WHEN)
    two.store.create(Idea, "2021-0009", {"title": "Un mur", "need": "là"}, author="agent-2", when=WHEN)
    one.exchange()
    two.exchange()
    assert two.data("2021-0009") == {"title": "Une mare", "summary": "ici"}
    assert [(one.kind, one.record_id) for _commit, one in two.clashes] == [("created", "2021-0009")]


def test_services_are_merged_one_by_one(offices):
    from participation.records import Service

    one, two = offices
    for office, name in ((one, "eau"), (two, "parcs")):
        office.store.create(Service, name, {"title": name.title()}, author=f"agent-{office.series}", when=WHEN)
    one.exchange()
    two.exchange()
    assert [service.id for service in two.store.snapshot().of_type(Service)] == ["voirie", "eau", "parcs"]
    assert two.clashes == []


def test_saves_on_both_sides_at_once_are_all_there_in_the_end(offices):
    one, two = offices
    saved, faults = [], []

    def work(office):
        try:
            for number in range(4):
                name = f"2021-P{office.series}{number:02}"
                done = office.store.create(Project, name, {"title": name}, author=f"agent-{office.series}", when=WHEN)
                saved.append(done.commit)
                saved.append(office.save(number, votes=str(100 * office.series + number)).commit)
                office.exchange()
        except LaureatError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    one.exchange()
    two.exchange()
    one.exchange()
    assert one.at() == two.at()
    with one.store.repo() as repo:
        assert set(saved) <= set(repo.reachable(one.at()))
    assert len(saved) == 16
    assert all(one.store.snapshot().get(f"2021-P{series}{number:02}") for series in (1, 2) for number in range(4))


# ------------------------------------------------------------------------------------------------ publications


def test_what_one_office_publishes_is_public_in_the_other(offices):
    one, two = offices
    made = one.store.publish(author="agent-1", when=WHEN)
    one.exchange()
    assert two.exchange().public_moved
    assert two.store.published().commit == made.commit


def test_what_both_published_is_one_chain(offices):
    one, two = offices
    first = one.store.publish(author="agent-1", when=WHEN)
    one.exchange()
    two.exchange()
    one.save(1, title="Un verger")
    two.save(2, record_id="2021-P002", title="Des bancs verts")
    mine = one.store.publish(author="agent-1", when=later(3), reviewed_by=["agent-7"])
    other = two.store.publish(author="agent-2", when=later(4), reviewed_by=["agent-8"])
    one.exchange()
    two.exchange()
    one.exchange()
    assert one.at(PUBLISHED) == two.at(PUBLISHED)
    chain = two.store.publications()
    assert [link.commit for link in chain][1:] == [mine.commit, first.commit]
    assert chain[0].reviewed_by == ("agent-7", "agent-8")
    public = two.store.snapshot(chain[0].commit)
    assert (public.get("2021-P001").data["title"], public.get("2021-P002").data["title"]) == (
        "Un verger",
        "Des bancs verts",
    )
    with two.store.repo() as repo:
        assert other.commit in repo.reachable(two.at(PUBLISHED))
    assert two.store.pending(later(5)) == []


def test_what_was_taken_back_on_one_side_stays_taken_back(offices):
    one, two = offices
    one.store.publish(author="agent-1", when=WHEN)
    one.save(1, title="Un nom à ne pas dire")
    one.store.publish(author="agent-1", when=later(1))
    one.exchange()
    two.exchange()
    one.save(2, title="Un nom à ne pas dire, corrigé")
    one.store.publish(author="agent-1", when=later(3))
    two.store.rollback(author="agent-2", when=later(4))
    one.exchange()
    two.exchange()
    latest = two.store.published()
    assert two.store.snapshot(latest.commit).get("2021-P001").data["title"] == "Un jardin"
