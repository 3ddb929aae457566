"""Saving: what is written, what is merged, what is refused."""

from __future__ import annotations

import subprocess

import pytest

from participation.records import Article, Event, Idea, Project, Service, Zone
from participation.store import open_store
from participation.store.errors import Conflict, InvalidRecord, RecordExists, RecordNotFound, RevisionUnknown
from participation.store.saving import Change
from tests.participation.store.conftest import WHEN, make_town


def commits(store):
    with store.repo() as repo:
        return len(repo.reachable(repo.resolve("refs/heads/main")))


def text(store, path):
    with store.repo() as repo:
        return repo.blob(store.snapshot().entries[path]).decode()


def test_a_save_is_a_commit_by_the_pseudonym_with_the_sentence_as_its_subject(store, save):
    saved = save("2021-P001", budget_voted="52000", author="agent-17")
    with store.repo() as repo:
        commit = repo.commit(store.head())
    assert saved.commit == commit.hash
    assert (commit.author, commit.committer, commit.when) == ("agent-17", "Lauréat", WHEN)
    sentence = "Le budget voté passe de 45\u202f000\u00a0€ à 52\u202f000\u00a0€."
    assert saved.sentences == (sentence,)
    assert commit.message == f"{sentence}\n\nRecord: 2021-P001\nAction: save\n"
    assert store.snapshot().get("2021-P001").blob == saved.blob
    assert "budget_voted: 52000\n" in text(store, saved.path)


def test_a_save_changes_only_its_lines(store, save):
    save("2021-P001", budget_voted="52000")
    shown = subprocess.run(
        ["git", "show", "--format=", "--unified=0", "refs/heads/main"], cwd=store.path, capture_output=True, check=True
    ).stdout.decode()
    assert [line for line in shown.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        "-budget_voted: 45000",
        "+budget_voted: 52000",
    ]


def test_several_sentences_stand_in_the_body_and_a_second_person_in_the_trailers(store):
    blob = store.snapshot().get("2021-P001").blob
    fields = {"title": "Le jardin", "budget_voted": "1", "votes": 3}
    store.save(Project, "2021-P001", fields, base_blob=blob, author="agent-1", when=WHEN, reviewed_by="agent-2")
    with store.repo() as repo:
        subject, body, trailers = repo.commit(store.head()).message.split("\n\n")
    assert subject == "Le titre passe de «\u00a0Un jardin\u00a0» à «\u00a0Le jardin\u00a0». Et 2 autres changements."
    assert len(body.split("\n")) == 3
    assert trailers.endswith("Action: save\nReviewed-by: agent-2 <agent-2@laureat.invalid>\n")


def test_nothing_changed_makes_no_commit(store, save):
    before = store.head()
    saved = save("2021-P001", budget_voted="45000", title="Un jardin")
    assert (saved.nothing_changed, saved.commit, store.head()) == (True, before, before)


def test_a_field_is_emptied_by_none_and_others_stay(store, save):
    save("2021-P001", budget_voted=None)
    assert "budget_voted" not in store.snapshot().get("2021-P001").data
    assert store.snapshot().get("2021-P001").data["theme"] == "nature"


def test_whole_data_empties_what_it_does_not_have(store):
    blob = store.snapshot().get("2021-P001").blob
    store.save(Project, "2021-P001", {"title": "Seul"}, base_blob=blob, author="agent-1", when=WHEN, whole=True)
    assert store.snapshot().get("2021-P001").data == {"title": "Seul"}


def test_two_people_in_different_fields_are_merged(store, save):
    base = store.snapshot().get("2021-P001").blob
    save("2021-P001", author="agent-1", base=base, title="Le jardin")
    saved = save("2021-P001", author="agent-2", base=base, budget_voted="52000")
    data = store.snapshot().get("2021-P001").data
    assert (data["title"], data["budget_voted"]) == ("Le jardin", "52000")
    assert saved.merged == ("title",)
    assert saved.sentences == ("Le budget voté passe de 45\u202f000\u00a0€ à 52\u202f000\u00a0€.",)


def test_two_people_in_the_same_field_are_asked(store, save):
    base = store.snapshot().get("2021-P001").blob
    save("2021-P001", author="agent-1", base=base, title="Le jardin", votes=12)
    head = store.head()
    with pytest.raises(Conflict) as asked:
        save("2021-P001", author="agent-2", base=base, title="Notre jardin", budget_voted="52000")
    clash = asked.value.fields[0]
    assert (clash.field, clash.base, clash.mine, clash.theirs) == ("title", "Un jardin", "Notre jardin", "Le jardin")
    assert asked.value.author == "agent-1"
    assert asked.value.blob == store.snapshot().get("2021-P001").blob
    assert asked.value.merged["votes"] == 12
    assert asked.value.merged["budget_voted"] == "52000"
    assert store.head() == head
    answer = {**asked.value.merged, "title": "Notre jardin"}
    store.save(Project, "2021-P001", answer, base_blob=asked.value.blob, author="agent-2", when=WHEN, whole=True)
    data = store.snapshot().get("2021-P001").data
    assert (data["title"], data["votes"], data["budget_voted"]) == ("Notre jardin", 12, "52000")


def test_the_same_change_by_two_people_is_no_change(store, save):
    base = store.snapshot().get("2021-P001").blob
    save("2021-P001", base=base, title="Le jardin")
    assert save("2021-P001", base=base, title="Le jardin").nothing_changed


def test_a_file_in_another_style_is_restyled_in_a_commit_of_its_own(tmp_path):
    path = "editions/2021/projects/2021-P001.yml"
    files = {"instance.yml": b"schema: 1\n", path: b"# suivi\ntitle:   'Un jardin'\npartners: [a, b]\n"}
    store = open_store(make_town(tmp_path / "town.git", files))
    blob = store.snapshot().get("2021-P001").blob
    store.save(Project, "2021-P001", {"title": "Le jardin"}, base_blob=blob, author="agent-1", when=WHEN)
    with store.repo() as repo:
        last, style, _first = repo.log(store.head())
        assert repo.blob(style.changes[0].new) == b"# suivi\ntitle: Un jardin\npartners:\n  - a\n  - b\n"
        assert repo.blob(last.changes[0].new) == b"# suivi\ntitle: Le jardin\npartners:\n  - a\n  - b\n"
    assert style.message.endswith("Action: restyle")


@pytest.mark.parametrize(
    ("record_id", "fields", "field"),
    [
        ("2021-P001", {"budget_voted": "beaucoup"}, "budget_voted"),
        ("2021-P001", {"steps": [{"kind": "works", "planned_start": "2024-13"}]}, "steps.1.planned_start"),
        ("2021-P001", {"inconnu": "x"}, "inconnu"),
    ],
)
def test_what_a_field_refuses_is_not_saved(store, record_id, fields, field):
    head, blob = store.head(), store.snapshot().get(record_id).blob
    with pytest.raises(InvalidRecord) as refused:
        store.save(Project, record_id, fields, base_blob=blob, author="agent-1", when=WHEN)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert store.head() == head


def test_a_record_without_what_publishing_needs_is_saved_and_waits(store):
    saved = store.create(Event, "2024-E001", {"title": "Atelier"}, author="agent-1", when=WHEN)
    assert store.snapshot().reading(saved.path).faulty


@pytest.mark.parametrize(
    ("fields", "sequence"),
    [
        ({"start": "2024-05-19T18:30"}, 4),
        ({"state": "cancelled"}, 4),
        ({"place": {"name": "Salle du bief"}}, 4),
        ({"start": "2024-05-19T18:30", "sequence": 9}, 9),
        ({"summary": "Venez nombreux"}, 3),
        ({"sequence": 1}, 3),
    ],
)
def test_a_change_that_calendars_must_notice_counts_up_whoever_saves_it(store, fields, sequence):
    event = {"title": "Atelier", "start": "2024-05-12T18:30", "sequence": 3}
    created = store.create(Event, "2024-E001", event, author="agent-1", when=WHEN)
    store.save(Event, "2024-E001", fields, base_blob=created.blob, author="agent-1", when=WHEN)
    assert store.snapshot().get("2024-E001").data["sequence"] == sequence


def test_two_changes_made_at_once_and_a_version_put_back_count_each(store):
    created = store.create(Event, "2024-E001", {"title": "Atelier", "start": "2024-05-12"}, author="agent-1", when=WHEN)
    for fields in ({"start": "2024-05-13"}, {"place": "whole_territory"}):
        store.save(Event, "2024-E001", fields, base_blob=created.blob, author="agent-1", when=WHEN)
    assert store.snapshot().get("2024-E001").data["sequence"] == 2
    store.restore("2024-E001", created.commit, author="agent-1", when=WHEN)
    restored = store.snapshot().get("2024-E001").data
    assert (restored["start"], restored["sequence"]) == ("2024-05-12", 3)


def test_an_import_that_counts_less_than_we_do_changes_nothing_the_second_time(store):
    event = {"title": "Atelier", "start": "2024-05-12", "sequence": 0}
    store.create(Event, "2024-E001", event, author="agent-1", when=WHEN)
    moved = [Change(Event, "2024-E001", {**event, "start": "2024-05-13"})]
    first = store.save_many(moved, author="agent-1", when=WHEN, subject="Import")
    again = store.save_many(moved, author="agent-1", when=WHEN, subject="Import")
    assert (first.changed, again.unchanged) == (("2024-E001",), ("2024-E001",))


def test_a_fresh_record_never_takes_the_place_of_one_made_meanwhile(store):
    theirs = store.snapshot().get("2021-P001").data
    with pytest.raises(RecordExists):
        store.save_many(
            [Change(Project, "2021-P001", {"title": "Autre"}, fresh=True)],
            author="agent-1",
            when=WHEN,
            subject="Import",
        )
    assert store.snapshot().get("2021-P001").data == theirs


def test_a_value_that_could_not_be_read_survives_the_saving_of_another(tmp_path):
    files = {
        "instance.yml": b"schema: 1\n",
        "editions/2021/projects/2021-P001.yml": b"title: Un jardin\nvotes: douze\n",
    }
    store = open_store(make_town(tmp_path / "town.git", files))
    blob = store.snapshot().get("2021-P001").blob
    store.save(Project, "2021-P001", {"title": "Le jardin"}, base_blob=blob, author="agent-1", when=WHEN)
    assert text(store, "editions/2021/projects/2021-P001.yml") == "title: Le jardin\nvotes: douze\n"


def test_an_unreadable_file_is_not_overwritten(tmp_path):
    files = {"instance.yml": b"schema: 1\n", "editions/2021/projects/2021-P001.yml": b"title: [\n"}
    store = open_store(make_town(tmp_path / "town.git", files))
    blob = store.snapshot().entries["editions/2021/projects/2021-P001.yml"]
    with pytest.raises(InvalidRecord):
        store.save(Project, "2021-P001", {"title": "x"}, base_blob=blob, author="agent-1", when=WHEN)


def test_a_new_record_gets_its_place_and_an_id_is_taken_once_over_all_types(store):
    saved = store.create(Idea, "2021-0002", {"title": "Une fontaine"}, author="agent-1", when=WHEN)
    assert saved.path == "editions/2021/ideas/2021-0002.yml"
    assert saved.sentences == ("Fiche créée\u00a0: idée «\u00a0Une fontaine\u00a0».",)
    for record_type in (Idea, Project, Article):
        with pytest.raises(RecordExists):
            store.create(record_type, "2021-0002", {"title": "x"}, author="agent-1", when=WHEN)


@pytest.mark.parametrize("record_id", ["../x", "2021-P001/../../x", "a b", "", "2021-", "é", "2021-P001\n"])
def test_an_id_that_cannot_name_a_file_is_refused(store, record_id):
    with pytest.raises(InvalidRecord):
        store.create(Project, record_id, {"title": "x"}, author="agent-1", when=WHEN)


def test_a_record_that_was_removed_meanwhile_is_said(store, save):
    base = store.snapshot().get("2021-P001").blob
    store.trash("2021-P001", author="agent-1", when=WHEN)
    with pytest.raises(RecordNotFound):
        save("2021-P001", base=base, title="x")


@pytest.mark.parametrize("blob", ["HEAD", "12" * 20, "main:instance.yml"])
def test_an_unknown_base_is_refused(store, save, blob):
    save("2021-P001", title="y")
    with pytest.raises(RevisionUnknown):
        save("2021-P001", base=blob, title="x")


def test_services_and_zones_are_saved_inside_their_files(store):
    blob = store.snapshot().entries["services.yml"]
    store.save(Service, "voirie", {"title": "Voirie et réseaux"}, base_blob=blob, author="agent-1", when=WHEN)
    store.create(Service, "ecoles", {"title": "Écoles"}, author="agent-1", when=WHEN)
    assert text(store, "services.yml") == "- id: voirie\n  title: Voirie et réseaux\n- id: ecoles\n  title: Écoles\n"
    shape = {"type": "Point", "coordinates": [2.5, 48.5]}
    store.create(Zone, "centre", {"title": "Centre", "geometry": shape}, author="agent-1", when=WHEN)
    zone = store.snapshot().get("centre")
    assert (zone.data["title"], zone.data["geometry"]) == ("Centre", shape)
    with pytest.raises(RecordExists):
        store.create(Zone, "centre", {"title": "x"}, author="agent-1", when=WHEN)


def test_many_changes_are_one_commit_and_a_second_time_none(store):
    changes = [Change(Project, f"2021-P{number:03}", {"title": f"Projet {number}"}) for number in range(2, 300)]
    changes.append(Change(Idea, "2021-0001", None))
    before = commits(store)
    first = store.save_many(changes, author="import", when=WHEN, subject="Reprise de 299 fiches")
    assert (len(first.created), first.changed, first.removed) == (297, ("2021-P002",), ("2021-0001",))
    assert commits(store) == before + 1
    again = store.save_many(changes, author="import", when=WHEN, subject="Reprise de 299 fiches")
    assert len(again.unchanged) == 299
    assert commits(store) == before + 1
    with store.repo() as repo:
        message = repo.commit(first.commit).message
        assert repo.fsck() == ""
    assert message.startswith("Reprise de 299 fiches\n")
    assert "Records: 299\nAction: import\n" in message


def test_one_refused_change_of_many_refuses_them_all(store):
    before = store.head()
    changes = [Change(Project, "2021-P010", {"title": "a"}), Change(Project, "2021-P011", {"votes": "douze"})]
    with pytest.raises(InvalidRecord, match="2021-P011"):
        store.save_many(changes, author="import", when=WHEN, subject="Reprise")
    assert store.head() == before


def test_a_pseudonym_is_asked_for(store, save):
    with pytest.raises(ValueError, match="not a pseudonym"):
        save("2021-P001", author="Jeanne Dupont", title="x")
