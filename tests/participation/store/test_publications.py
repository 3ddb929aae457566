"""Save is not publish: the chain of publications, what it holds back, and the way back."""

from __future__ import annotations

import datetime as dt
import subprocess

import pytest

from participation.records import Article, Project
from participation.store import open_store
from participation.store.errors import RevisionUnknown
from tests.participation.store.conftest import TOWN, WHEN, later, make_town

SOON = dt.datetime(2024, 6, 1, 8, 0, tzinfo=WHEN.tzinfo)


def public(store, record_id):
    record = store.snapshot(store.published().commit).get(record_id)
    return None if record is None else dict(record.data)


def publish(store, minutes=0, **options):
    return store.publish(author="agent-9", when=later(minutes), **options)


def test_the_first_publication_takes_everything(store):
    first = publish(store)
    assert first.main == store.head()
    assert first.previous is None
    assert (first.author, first.when, first.action) == ("agent-9", WHEN, "publish")
    assert store.published() == first
    assert store.snapshot(first.commit).entries == store.snapshot().entries


def test_each_publication_follows_the_one_before_and_names_the_commit_it_took(store, save):
    first = publish(store)
    save("2021-P001", title="Le jardin")
    assert public(store, "2021-P001")["title"] == "Un jardin"
    second = publish(store, 1)
    assert (second.previous, second.main) == (first.commit, store.head())
    assert public(store, "2021-P001")["title"] == "Le jardin"
    assert store.publications() == [second, first]
    assert store.publications(limit=1) == [second]
    with store.repo() as repo:
        assert repo.commit(second.commit).parents == (first.commit, store.head())
        assert repo.fsck() == ""


def test_publishing_twice_makes_one_publication(store):
    publish(store)
    assert publish(store, 1) is None


def test_held_back_and_faulty_records_stay_as_published_and_are_named(store, save):
    publish(store)
    save("2021-P001", title="Le jardin")
    save("2021-P002", title="Bancs")
    store.create(Project, "2021-P003", {"title": "Neuf"}, author="agent-1", when=WHEN)
    store.create(Project, "2021-P004", {"title": "Prêt"}, author="agent-1", when=WHEN)
    second = publish(store, 1, hold_back={"2021-P001"}, faulty={"2021-P003"})
    assert (second.held_back, second.faulty) == (("2021-P001",), ("2021-P003",))
    assert public(store, "2021-P001")["title"] == "Un jardin"
    assert public(store, "2021-P002")["title"] == "Bancs"
    assert public(store, "2021-P003") is None
    assert public(store, "2021-P004") == {"title": "Prêt"}
    assert store.snapshot().get("2021-P001").data["title"] == "Le jardin"
    third = publish(store, 2)
    assert third.held_back == ()
    assert public(store, "2021-P001")["title"] == "Le jardin"
    assert public(store, "2021-P003") == {"title": "Neuf"}


def test_a_removed_record_that_is_held_back_stays_public(store):
    publish(store)
    store.trash("2021-P001", author="agent-1", when=WHEN)
    store.create(Project, "2021-P003", {"title": "Neuf"}, author="agent-1", when=WHEN)
    publish(store, 1, hold_back={"2021-P001"})
    assert public(store, "2021-P001")["title"] == "Un jardin"
    publish(store, 2)
    assert public(store, "2021-P001") is None


def test_a_file_of_several_records_is_held_back_by_its_path(store):
    publish(store)
    blob = store.snapshot().entries["services.yml"]
    from participation.records import Service

    store.save(Service, "voirie", {"title": "x"}, base_blob=blob, author="agent-1", when=WHEN)
    assert publish(store, 1, faulty={"services.yml"}) is None
    assert publish(store, 2).faulty == ()


def test_any_other_file_is_held_back_by_its_path_too(tmp_path):
    photo = "media/photo.jpg"
    store = open_store(make_town(tmp_path / "photos.git", {**TOWN, photo: b"one"}))
    publish(store, hold_back={photo})
    assert photo not in store.snapshot(store.published().commit).entries
    publish(store, 1)
    assert photo in store.snapshot(store.published().commit).entries


def test_those_who_read_a_publication_before_stand_in_its_trailers(store, save):
    publish(store)
    save("2021-P001", title="Le jardin")
    second = publish(store, 1, reviewed_by={"agent-3", "agent-2"})
    assert second.reviewed_by == ("agent-2", "agent-3")
    with store.repo() as repo:
        text = repo.commit(second.commit).message
    assert text.endswith(
        "Reviewed-by: agent-2 <agent-2@laureat.invalid>\nReviewed-by: agent-3 <agent-3@laureat.invalid>\n"
    )
    save("2021-P001", title="Un grand jardin")
    with pytest.raises(ValueError, match="pseudonym"):
        publish(store, 2, reviewed_by={"Claire M. <c@ville.example>"})


def test_what_is_pending_is_told_in_sentences(store, save):
    assert {item.kind for item in store.pending(WHEN)} == {"new"}
    publish(store)
    assert store.pending(WHEN) == []
    save("2021-P001", budget_voted="52000", title="Le jardin")
    store.trash("2021-0001", author="agent-1", when=WHEN, force=True)
    store.create(Article, "A001", {"title": "Bonjour"}, author="agent-1", when=WHEN)
    told = [(item.record_id, item.kind, item.title, item.sentences) for item in store.pending(WHEN)]
    assert told == [
        ("A001", "new", "Bonjour", ("Fiche créée\u00a0: actualité «\u00a0Bonjour\u00a0».",)),
        (
            "2021-0001",
            "removed",
            "Des bancs partout",
            ("Fiche mise à la corbeille\u00a0: idée «\u00a0Des bancs partout\u00a0».",),
        ),
        (
            "2021-P001",
            "changed",
            "Le jardin",
            (
                "Le titre passe de «\u00a0Un jardin\u00a0» à «\u00a0Le jardin\u00a0».",
                "Le budget voté passe de 45\u202f000\u00a0€ à 52\u202f000\u00a0€.",
            ),
        ),
    ]
    assert [item.record_id for item in store.pending(WHEN, hold_back={"A001", "2021-0001"})] == ["2021-P001"]


def decided(until=SOON, **row):
    return {"state": "design", "date": "2024-05-12", "visible_from": until.isoformat(), **row}


def test_an_embargoed_state_waits_with_the_fields_it_holds(store, save):
    publish(store)
    status = [{"state": "winner", "date": "2021-11-30"}, decided(holds=["budget_voted", "votes"])]
    save("2021-P001", status=status, budget_voted="99000", votes=12, title="Le jardin")
    second = publish(store, 1)
    assert second.embargoed == ("2021-P001",)
    shown = public(store, "2021-P001")
    assert shown["status"] == [{"state": "winner", "date": "2021-11-30"}]
    assert (shown["budget_voted"], "votes" in shown, shown["title"]) == ("45000", False, "Le jardin")
    assert publish(store, 2) is None
    waiting = store.pending(later(2))
    assert [(item.record_id, item.kind, item.embargo) for item in waiting] == [("2021-P001", "held", SOON)]
    due = store.publish(author="worker", when=SOON)
    assert due.embargoed == ()
    assert public(store, "2021-P001") == dict(store.snapshot().get("2021-P001").data)


def test_other_changes_of_an_embargoed_record_are_pending_without_the_secret(store, save):
    publish(store)
    status = [{"state": "winner", "date": "2021-11-30"}, decided(holds=["budget_voted"])]
    save("2021-P001", status=status, budget_voted="99000", title="Le jardin")
    (item,) = store.pending(WHEN)
    assert item.sentences == ("Le titre passe de «\u00a0Un jardin\u00a0» à «\u00a0Le jardin\u00a0».",)
    assert (item.kind, item.embargo) == ("changed", SOON)


def test_a_record_of_which_nothing_may_be_told_is_absent(store):
    store.create(Project, "2021-P003", {"title": "Secret", "status": [decided()]}, author="agent-1", when=WHEN)
    until = {"title": "Article", "visible_from": SOON.isoformat()}
    store.create(Article, "A001", until, author="agent-1", when=WHEN)
    first = publish(store)
    assert set(first.embargoed) == {"2021-P003", "A001"}
    assert public(store, "2021-P003") is None
    assert public(store, "A001") is None
    listed = subprocess.run(
        ["git", "grep", "-c", "Secret", first.commit], cwd=store.path, capture_output=True, check=False
    ).stdout
    assert listed == b""
    store.publish(author="worker", when=SOON)
    assert public(store, "2021-P003")["title"] == "Secret"


def test_a_rollback_is_a_new_publication_of_an_older_tree(store, save):
    first = publish(store)
    save("2021-P001", title="Le jardin")
    second = publish(store, 1)
    back = store.rollback(author="agent-9", when=later(2))
    assert (back.previous, back.tree, back.main, back.action) == (second.commit, first.tree, first.main, "rollback")
    assert public(store, "2021-P001")["title"] == "Un jardin"
    assert store.snapshot().get("2021-P001").data["title"] == "Le jardin"
    assert [item.record_id for item in store.pending(later(3))] == ["2021-P001"]
    forth = store.rollback(second.commit, author="agent-9", when=later(4))
    assert (forth.tree, len(store.publications())) == (second.tree, 4)
    assert store.rollback(second.commit, author="agent-9", when=later(5)) is None
    assert publish(store, 6) is None


@pytest.mark.parametrize("to", ["HEAD", "12" * 20, None])
def test_a_rollback_goes_to_a_publication_only(store, to):
    publish(store)
    with pytest.raises(RevisionUnknown):
        store.rollback(to, author="agent-9", when=WHEN)
    with pytest.raises(RevisionUnknown):
        store.rollback(store.head(), author="agent-9", when=WHEN)


def test_an_older_commit_of_main_can_be_published(store, save):
    first = store.head()
    save("2021-P001", title="Le jardin")
    assert publish(store, main=first).main == first
    assert public(store, "2021-P001")["title"] == "Un jardin"


def test_before_the_first_publication_there_is_none(store):
    assert store.published() is None
    assert store.publications() == []
    with pytest.raises(RevisionUnknown):
        store.rollback(author="agent-9", when=WHEN)
