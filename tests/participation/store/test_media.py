"""Files under `media/`: added, replaced, described, thrown away and taken back, by several people at once."""

from __future__ import annotations

import threading

import pytest

from participation.library import facts_path, is_path, read_facts
from participation.records import Project
from participation.store import media, open_store
from participation.store.errors import (
    Conflict,
    InvalidRecord,
    MediaChanged,
    MediaNotFound,
    StillReferenced,
    StoreFull,
)
from participation.store.media import NewFile
from tests.participation.store.conftest import TOWN, WHEN, later, make_town

FACTS = {"title": "Le pont", "alt": "Un pont de pierre", "people": "none"}


def one(path="2024/pont.jpg", content=b"pont", facts=FACTS):
    return NewFile(path, content, facts)


def add(store, *files, author="agent-1", when=WHEN):
    return media.add(store, files or [one()], author=author, when=when)


def facts_of(store, path):
    entries = store.snapshot().entries
    with store.repo() as repo:
        return read_facts(path, repo.blob(entries[facts_path(path)])).data


def newest(store):
    with store.repo() as repo:
        return repo.commit(store.head())


def test_a_file_and_what_is_known_of_it_are_one_commit_told_in_a_sentence(store):
    (added,) = add(store)
    assert (added.path, added.known) == ("2024/pont.jpg", False)
    assert store.snapshot().entries["media/2024/pont.jpg"] == added.blob
    assert facts_of(store, "2024/pont.jpg") == FACTS
    commit = newest(store)
    assert commit.message == "Photo ajoutée\u00a0: «\u00a0Le pont\u00a0».\n\nAction: add-media\nFile: 2024/pont.jpg\n"
    assert commit.author == "agent-1"


def test_several_files_are_one_commit_and_a_taken_name_gets_a_number(store):
    added = add(store, one(content=b"a"), one(content=b"b"), one("2024/PONT-2.jpg", b"c"))
    assert [item.path for item in added] == ["2024/pont.jpg", "2024/pont-2.jpg", "2024/PONT-2-2.jpg"]
    assert newest(store).message.startswith("Fichiers ajoutés à la médiathèque\u00a0: 3.\n\nPhoto ajoutée")
    assert len(newest(store).parents) == 1


def test_the_same_bytes_are_never_added_twice(store):
    add(store)
    head = store.head()
    (again,) = add(store, one("2025/autre.jpg"))
    assert (again.path, again.known) == ("2024/pont.jpg", True)
    assert store.head() == head
    first, second = add(store, one("x.jpg", b"x"), one("y.jpg", b"x"))
    assert (first.path, second.path, second.known) == ("x.jpg", "x.jpg", True)


def test_two_people_who_add_the_same_file_at_once_share_it(store):
    found, ready = [], threading.Barrier(4)

    def drop(number):
        ready.wait()
        (added,) = media.add(
            open_store(store.path), [one(f"{number}.jpg")], author=f"agent-{number}", when=later(number)
        )
        found.append(added)

    people = [threading.Thread(target=drop, args=(number,)) for number in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len({added.path for added in found}) == 1
    assert sorted(added.known for added in found) == [False, True, True, True]
    assert sum(path.startswith("media/") for path in store.snapshot().entries) == 1


def test_files_and_records_saved_at_once_are_all_there(store):
    def photos(number):
        mine = open_store(store.path)
        for turn in range(5):
            path = f"{number}-{turn}.jpg"
            media.add(mine, [one(path, path.encode())], author=f"agent-{number}", when=later(turn))

    def records():
        mine = open_store(store.path)
        for turn in range(5):
            mine.create(Project, f"2021-P{turn + 10}", {"title": "x"}, author="agent-9", when=later(turn))

    people = [threading.Thread(target=photos, args=(number,)) for number in range(3)]
    people.append(threading.Thread(target=records))
    for person in people:
        person.start()
    for person in people:
        person.join()
    entries = store.snapshot().entries
    assert sum(path.startswith("media/") for path in entries) == 15
    assert sum(path.startswith("library/") for path in entries) == 15
    assert all(f"editions/2021/projects/2021-P{turn + 10}.yml" in entries for turn in range(5))
    with store.repo() as repo:
        assert len(repo.reachable(store.head())) == 21
        assert repo.fsck() == ""


@pytest.mark.parametrize(
    "path",
    ["../instance.yml", "/etc/passwd", "a/../../b.jpg", ".git/config", "a//b.jpg", "é.jpg", "a b.jpg", "a\n.jpg", "",
     "a/.b.jpg", "x" * 201, "a/", "-a.jpg", "a\x00.jpg"],
)  # fmt: skip
def test_a_path_that_could_lead_elsewhere_is_refused(store, path):
    head = store.head()
    assert not is_path(path)
    with pytest.raises(InvalidRecord):
        add(store, one(path))
    for act in (
        lambda: media.trash(store, path, author="agent-1", when=WHEN),
        lambda: media.describe(store, path, {"title": "x"}, base_blob=None, author="agent-1", when=WHEN),
        lambda: media.replace(store, path, b"", base_blob="0" * 40, source="", author="agent-1", when=WHEN),
        lambda: media.undelete(store, path, author="agent-1", when=WHEN),
    ):
        with pytest.raises(MediaNotFound):
            act()
    assert store.head() == head


def test_facts_that_cannot_be_are_refused(store):
    with pytest.raises(InvalidRecord) as refused:
        add(store, one(facts={"people": "beaucoup", "secret": "x"}))
    assert [problem.field for problem in refused.value.problems] == ["people", "secret"]


def test_a_replaced_file_keeps_its_address_and_what_is_known_of_it(store):
    (added,) = add(store)
    blob = media.replace(
        store, added.path, b"autre", base_blob=added.blob, source="a" * 64, author="agent-2", when=later(1)
    )
    assert store.snapshot().entries["media/2024/pont.jpg"] == blob != added.blob
    assert facts_of(store, added.path) == {**FACTS, "source": "a" * 64}
    assert newest(store).message.startswith("Photo remplacée\u00a0: «\u00a0Le pont\u00a0».\n")


def test_a_file_that_somebody_replaced_meanwhile_is_not_replaced_unseen(store):
    (added,) = add(store)
    again = {"base_blob": added.blob, "source": "", "author": "agent-2", "when": later(1)}
    media.replace(store, added.path, b"autre", **again)
    with pytest.raises(MediaChanged, match="Quelqu’un a remplacé"):
        media.replace(store, added.path, b"encore", **again)
    with store.repo() as repo:
        assert repo.blob(store.snapshot().entries["media/2024/pont.jpg"]) == b"autre"


def test_what_two_people_know_of_a_file_is_merged_by_field(store):
    (added,) = add(store)
    base = store.snapshot().entries[facts_path(added.path)]

    def describe(**fields):
        return media.describe(store, added.path, fields, base_blob=base, author="agent-1", when=later(1))

    assert describe(credit="La ville")
    assert describe(title="Le vieux pont")
    assert facts_of(store, added.path) == {**FACTS, "title": "Le vieux pont", "credit": "La ville"}
    with pytest.raises(Conflict) as asked:
        describe(title="Le pont neuf")
    assert [field.field for field in asked.value.fields] == ["title"]
    assert not describe(credit="La ville")


def test_a_file_that_came_by_hand_can_be_described(tmp_path):
    store = open_store(make_town(tmp_path / "a.git", {**TOWN, "media/pont.jpg": b"x"}))
    assert media.describe(store, "pont.jpg", {"alt": "Un pont"}, base_blob=None, author="agent-1", when=WHEN)
    assert facts_of(store, "pont.jpg") == {"alt": "Un pont"}
    assert store.snapshot().problems == []


def test_a_file_goes_to_the_trash_with_its_facts_and_comes_back_byte_for_byte(store):
    (added,) = add(store)
    facts = store.snapshot().entries[facts_path(added.path)]
    media.trash(store, added.path, author="agent-3", when=later(1))
    assert not [path for path in store.snapshot().entries if path.startswith(("media/", "library/"))]
    (item,) = media.trashed(store)
    assert (item.path, item.author, item.facts.data["title"]) == (added.path, "agent-3", "Le pont")
    assert store.trashed() == []
    media.undelete(store, added.path, author="agent-3", when=later(2))
    entries = store.snapshot().entries
    assert (entries["media/2024/pont.jpg"], entries[facts_path(added.path)]) == (added.blob, facts)
    assert media.trashed(store) == []


def test_a_file_that_records_show_is_not_thrown_away_unasked(store):
    add(store)
    photo = {"photos": [{"file": "2024/pont.jpg", "alt": "Un pont"}]}
    store.create(Project, "2021-P009", {"title": "x", **photo}, author="agent-1", when=WHEN)
    text = {"title": "y", "description": "![Le pont](media/2024/pont.jpg)"}
    store.create(Project, "2021-P010", text, author="agent-1", when=WHEN)
    with pytest.raises(StillReferenced) as cited:
        media.trash(store, "2024/pont.jpg", author="agent-1", when=WHEN)
    assert cited.value.referrers == ["2021-P009", "2021-P010"]
    media.trash(store, "2024/pont.jpg", author="agent-1", when=WHEN, force=True)
    assert len(media.trashed(store)) == 1


def test_a_file_whose_name_was_taken_meanwhile_comes_back_beside_the_other(store):
    add(store)
    media.trash(store, "2024/pont.jpg", author="agent-1", when=later(1))
    add(store, one(content=b"autre pont"))
    assert media.undelete(store, "2024/pont.jpg", author="agent-1", when=later(2)) == "2024/pont-2.jpg"
    assert facts_of(store, "2024/pont-2.jpg") == FACTS
    assert media.trashed(store) == []


def test_a_full_disk_adds_nothing_and_says_so(store, monkeypatch):
    from participation.store import process

    head, run = store.head(), process.run

    def full(git_dir, arguments, **more):
        if arguments[0] == "unpack-objects":
            raise process.failure(128, "fatal: write error: No space left on device", "")
        return run(git_dir, arguments, **more)

    monkeypatch.setattr(process, "run", full)
    with pytest.raises(StoreFull, match="plus de place"):
        add(store)
    assert store.head() == head
    monkeypatch.undo()
    assert not add(store)[0].known
