"""Many changes as one commit while others save: nobody waits for them, nothing is lost where they meet."""

from __future__ import annotations

import pytest

from participation.records import Project
from participation.store import open_store, writing
from participation.store.errors import Conflict, RecordExists
from participation.store.git import GitRepo
from participation.store.lock import locked
from participation.store.saving import Change
from tests.participation.store.conftest import WHEN


class Meanwhile:
    """What somebody else does while many changes are prepared; `times` counts."""

    def __init__(self, act) -> None:
        self.act, self.times = act, 0

    def __call__(self, done):
        if done == 1:
            self.times += 1
            self.act(self.times)


@pytest.fixture
def bring(store):
    """Bring many changes in, with something done meanwhile."""

    def save_many(changes, meanwhile):
        return store.save_many(changes, author="import", when=WHEN, subject="Reprise", progress=meanwhile)

    return save_many


def changes(store):
    kept = store.snapshot().get("2021-P001")
    return [
        Change(Project, kept.id, {**kept.data, "budget_voted": "52000"}, kept.blob),
        Change(Project, "2021-P010", {"title": "Un lavoir"}, fresh=True),
    ]


def subjects(store):
    with store.repo() as repo:
        return [entry.message.partition("\n")[0] for entry in repo.log(store.head())]


def test_somebody_saves_while_many_changes_are_prepared(store, save, bring):
    def held_by_nobody(_times):
        with locked(store.path, patience=0.01):
            pass
        save("2021-P002", title="Des bancs à l’ombre")

    bring(changes(store), meanwhile := Meanwhile(held_by_nobody))
    data = {record.id: record.data for record in store.snapshot().of_type(Project)}
    assert data["2021-P002"]["title"] == "Des bancs à l’ombre"
    assert (data["2021-P001"]["budget_voted"], data["2021-P010"]["title"]) == ("52000", "Un lavoir")
    assert subjects(store)[0] == "Reprise"
    assert meanwhile.times == 1  # what was saved has nothing to do with them: nothing is prepared twice


def test_another_field_of_a_record_saved_meanwhile_is_merged(store, save, bring):
    def once(times):
        if times == 1:
            save("2021-P001", title="Le jardin")

    bring(changes(store), Meanwhile(once))
    data = store.snapshot().get("2021-P001").data
    assert (data["title"], data["budget_voted"]) == ("Le jardin", "52000")


def test_the_same_field_saved_meanwhile_refuses_all(store, save, bring):
    with pytest.raises(Conflict):
        bring(changes(store), Meanwhile(lambda _times: save("2021-P001", budget_voted="60000")))
    assert store.snapshot().get("2021-P001").data["budget_voted"] == "60000"
    assert store.snapshot().get("2021-P010") is None


def test_a_number_taken_meanwhile_by_any_type_refuses_all(store, bring):
    def taken(_times):
        store.create(Project, "2021-P010", {"title": "Une halle"}, author="agent-1", when=WHEN)

    with pytest.raises(RecordExists):
        bring(changes(store), Meanwhile(taken))
    assert store.snapshot().get("2021-P010").data == {"title": "Une halle"}
    assert store.snapshot().get("2021-P001").data["budget_voted"] == "45000"


def test_those_who_keep_saving_the_same_records_do_not_keep_many_changes_out(store, save, bring):
    def again(times):
        if times <= writing.FREE_ATTEMPTS:
            save("2021-P001", title=f"Le jardin, {times}")

    bring(changes(store), meanwhile := Meanwhile(again))
    data = store.snapshot().get("2021-P001").data
    assert (data["title"], data["budget_voted"]) == (f"Le jardin, {writing.FREE_ATTEMPTS}", "52000")
    assert meanwhile.times == writing.FREE_ATTEMPTS + 1  # the last time, everybody waits


def test_what_is_prepared_is_not_packed_again_under_the_lock(store, save, bring, monkeypatch):
    many = [Change(Project, f"2021-P{number}", {"title": f"Projet {number}"}) for number in range(100, 320)]
    stored = []
    written = GitRepo._store

    def counted(repo, new):
        stored.append(len(new))
        written(repo, new)

    monkeypatch.setattr(GitRepo, "_store", counted)
    bring(many, Meanwhile(lambda _times: save("2021-P001", title="Le jardin")))
    assert stored[-1] < 10
    assert len(store.snapshot().of_type(Project)) == 222


def test_who_reads_after_many_changes_finds_them_read(store, bring, monkeypatch):
    other = open_store(store.path)
    other.snapshot().read(other.snapshot().places)
    bring(changes(store), Meanwhile(lambda _times: None))
    after = other.snapshot()
    monkeypatch.setattr(after, "_fetch", lambda wanted: pytest.fail(f"{wanted} had to be read from git"))
    after.read(["editions/2021/projects/2021-P001.yml", "editions/2021/projects/2021-P010.yml"])
    assert after.get("2021-P010").data == {"title": "Un lavoir"}
