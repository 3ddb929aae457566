"""The past of a record, the trash, and the way back."""

from __future__ import annotations

import pytest

from participation.records import Idea, Project, Service
from participation.store.errors import RecordExists, RecordNotFound, RevisionUnknown, StillReferenced
from participation.store.history import FieldChange
from tests.participation.store.conftest import WHEN, later


def test_the_history_of_a_record_is_its_changes_in_sentences_newest_first(store, save):
    save("2021-P001", budget_voted="52000", author="agent-17", when=later(1))
    save("2021-P002", title="Bancs", when=later(2))
    save("2021-P001", title="Le jardin", author="agent-2", when=later(3))
    versions = store.history("2021-P001")
    assert [(version.author, version.action, version.when) for version in versions] == [
        ("agent-2", "save", later(3)),
        ("agent-17", "save", later(1)),
        ("laureat", "", WHEN),
    ]
    assert store.sentences(versions) == [
        ["Le titre passe de «\u00a0Un jardin\u00a0» à «\u00a0Le jardin\u00a0»."],
        ["Le budget voté passe de 45\u202f000\u00a0€ à 52\u202f000\u00a0€."],
        ["Fiche créée\u00a0: projet «\u00a0Un jardin\u00a0»."],
    ]
    assert store.history("2021-P001", limit=1, skip=1) == versions[1:2]


def test_any_two_versions_are_compared_field_by_field(store, save):
    first = store.head()
    save("2021-P001", budget_voted="52000")
    save("2021-P001", title="Le jardin", budget_voted=None)
    assert store.difference("2021-P001", first, store.head()) == [
        FieldChange("title", "Un jardin", "Le jardin"),
        FieldChange("budget_voted", "45000", None),
    ]
    assert store.difference("2021-P001", first, first) == []
    with pytest.raises(RevisionUnknown):
        store.difference("2021-P001", first, "HEAD")


def test_it_is_known_who_last_changed_a_field(store, save):
    save("2021-P001", budget_voted="1", author="agent-2", when=later(1))
    save("2021-P001", title="Le jardin", author="agent-3", when=later(2))
    changes = store.last_changes("2021-P001")
    assert {name: version.author for name, version in changes.items()} == {
        "title": "agent-3",
        "budget_voted": "agent-2",
        "theme": "laureat",
        "service": "laureat",
        "steps": "laureat",
        "status": "laureat",
    }
    assert list(store.last_changes("2021-P001", ["title"])) == ["title"]


@pytest.mark.parametrize("record_id", ["2021-P999", "", "../x", "$(id)", "a.*"])
def test_a_record_that_never_was_has_no_history(store, record_id):
    with pytest.raises(RecordNotFound):
        store.history(record_id)


def test_a_service_has_a_history_of_its_own_inside_its_file(store):
    store.create(Service, "ecoles", {"title": "Écoles"}, author="agent-1", when=later(1))
    blob = store.snapshot().entries["services.yml"]
    store.save(Service, "voirie", {"title": "Voiries"}, base_blob=blob, author="agent-2", when=later(2))
    assert [version.author for version in store.history("voirie")] == ["agent-2", "laureat"]
    assert store.sentences(store.history("ecoles")) == [["Fiche créée\u00a0: service «\u00a0Écoles\u00a0»."]]


def test_a_record_goes_into_the_trash_and_comes_back_byte_for_byte(store):
    path = "editions/2021/ideas/2021-0001.yml"
    before = store.snapshot().entries[path]
    trashed = store.trash("2021-0001", author="agent-1", when=later(1), force=True)
    assert trashed.sentences == ("Fiche mise à la corbeille\u00a0: idée «\u00a0Des bancs partout\u00a0».",)
    assert path not in store.snapshot().entries
    assert [(item.record.id, item.author, item.when) for item in store.trashed()] == [
        ("2021-0001", "agent-1", later(1))
    ]
    assert [version.action for version in store.history("2021-0001")] == ["trash", ""]
    back = store.undelete("2021-0001", author="agent-2", when=later(2))
    assert store.snapshot().entries[path] == back.blob == before
    assert store.trashed() == []
    assert [said for (said,) in store.sentences(store.history("2021-0001"))] == [
        "Fiche sortie de la corbeille\u00a0: idée «\u00a0Des bancs partout\u00a0».",
        "Fiche mise à la corbeille\u00a0: idée «\u00a0Des bancs partout\u00a0».",
        "Fiche créée\u00a0: idée «\u00a0Des bancs partout\u00a0».",
    ]


def test_a_record_that_others_name_is_not_removed_unless_forced(store):
    head = store.head()
    with pytest.raises(StillReferenced) as refused:
        store.trash("2021-0001", author="agent-1", when=WHEN)
    assert refused.value.referrers == ["2021-P002"]
    with pytest.raises(StillReferenced, match="2021-P001"):
        store.trash("voirie", author="agent-1", when=WHEN)
    assert store.head() == head
    store.trash("2021-0001", author="agent-1", when=WHEN, force=True)
    assert store.snapshot().get("2021-0001") is None


def test_a_service_goes_and_comes_back_inside_its_file(store):
    store.create(Service, "ecoles", {"title": "Écoles"}, author="agent-1", when=WHEN)
    store.trash("ecoles", author="agent-1", when=WHEN)
    assert [record.id for record in store.snapshot().of_type(Service)] == ["voirie"]
    assert [item.record.id for item in store.trashed()] == ["ecoles"]
    store.undelete("ecoles", author="agent-1", when=WHEN)
    assert [record.id for record in store.snapshot().of_type(Service)] == ["voirie", "ecoles"]


def test_what_is_not_there_cannot_be_removed_or_brought_back(store):
    with pytest.raises(RecordNotFound):
        store.trash("2021-P999", author="agent-1", when=WHEN)
    with pytest.raises(RecordNotFound):
        store.undelete("2021-P001", author="agent-1", when=WHEN)


def test_a_taken_id_does_not_come_back(store):
    store.trash("2021-0001", author="agent-1", when=WHEN, force=True)
    store.create(Idea, "2021-0001", {"title": "Une autre"}, author="agent-1", when=WHEN)
    assert store.trashed() == []
    with pytest.raises(RecordNotFound):
        store.undelete("2021-0001", author="agent-1", when=WHEN)
    store.trash("2021-0001", author="agent-1", when=WHEN, force=True)
    assert [item.record.data["title"] for item in store.trashed()] == ["Une autre"]


def test_a_record_goes_back_to_an_older_version_as_a_new_save(store, save):
    first = store.head()
    save("2021-P001", title="Le jardin", budget_voted="1")
    save("2021-P001", votes=3)
    store.restore("2021-P001", first, author="agent-1", when=later(3), field="title")
    data = store.snapshot().get("2021-P001").data
    assert (data["title"], data["budget_voted"], data["votes"]) == ("Un jardin", "1", 3)
    store.restore("2021-P001", first, author="agent-1", when=later(4))
    data = store.snapshot().get("2021-P001").data
    assert (data["title"], data["budget_voted"], "votes" in data) == ("Un jardin", "45000", False)
    assert [version.action for version in store.history("2021-P001")] == ["restore", "restore", "save", "save", ""]
    assert store.restore("2021-P001", first, author="agent-1", when=later(5)).nothing_changed


def test_a_removed_record_can_be_restored_too(store):
    first = store.head()
    store.trash("2021-P001", author="agent-1", when=WHEN)
    store.restore("2021-P001", first, author="agent-1", when=WHEN)
    assert store.snapshot().get("2021-P001").data["title"] == "Un jardin"


def test_restoring_what_was_not_there_is_refused(store, save):
    first = store.head()
    store.create(Project, "2021-P003", {"title": "Neuf"}, author="agent-1", when=WHEN)
    for version in (first, "HEAD", "12" * 20):
        with pytest.raises(RevisionUnknown):
            store.restore("2021-P003", version, author="agent-1", when=WHEN)
    with pytest.raises(RevisionUnknown):
        store.restore("2021-P001", first, author="agent-1", when=WHEN, field="inconnu")
    with pytest.raises(RecordExists):
        store.create(Project, "2021-P003", {"title": "x"}, author="agent-1", when=WHEN)


def test_who_changed_a_file_is_told_since_the_version_that_is_known(store, save):
    path = "editions/2021/projects/2021-P001.yml"
    first = store.snapshot().entries[path]
    save("2021-P001", author="agent-1", title="Le jardin")
    second = store.snapshot().entries[path]
    save("2021-P001", author="agent-2", title="Un jardin")
    save("2021-P001", author="agent-3", votes=12)
    save("2021-P002", author="agent-4", title="Bancs")
    store.trash("2021-P002", author="agent-5", when=WHEN, force=True)
    removed = "editions/2021/projects/2021-P002.yml"
    head = store.head()
    assert store.authors_since(head, {path: second}) == {path: ("agent-3", "agent-2")}
    assert store.authors_since(head, {path: first}) == {path: ("agent-3",)}
    assert store.authors_since(head, {path: None})[path] == ("agent-3", "agent-2", "agent-1", "laureat")
    assert store.authors_since(head, {removed: None})[removed] == ("agent-5", "agent-4", "laureat")
