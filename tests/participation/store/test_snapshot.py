"""Reading content: snapshots, their cache, plain folders."""

from __future__ import annotations

import os
import sqlite3
import threading

import pytest

from participation.records import Edition, Project, Service
from participation.store import cache, open_content, open_store, snapshot
from participation.store.errors import NotAContentRepository, ReadOnlyContent, RevisionUnknown
from participation.store.git import MAIN, GitRepo
from participation.store.objects import FOLDER, NewObject, Node, format_tree, in_order
from tests.participation.store.conftest import TOWN, WHEN, make_town


def told(snap):
    return sorted((record.type_name, record.id, record.path, record.blob, dict(record.data)) for record in snap)


@pytest.fixture
def no_parsing(monkeypatch):
    """Reading a file's text from now on is an error: what is needed must be known."""

    def refuse(*_args):
        pytest.fail("a file was parsed again")

    return lambda: monkeypatch.setattr(snapshot, "read_file", refuse)


def test_a_snapshot_knows_records_by_id_and_by_type(store):
    snap = store.snapshot()
    assert snap.get("2021-P001").data["title"] == "Un jardin"
    assert snap.get("voirie").data["title"] == "Voirie"
    assert snap.get("2021-P999") is None
    assert [record.id for record in snap.of_type(Project)] == ["2021-P001", "2021-P002"]
    assert [record.id for record in snap.of_type(Service)] == ["voirie"]
    assert [record.id for record in snap.of_type(Edition)] == ["2021"]
    assert snap.instance.data["name"] == "Valmont"
    assert snap.problems == []


def test_a_snapshot_does_not_change_when_the_content_does(store, save):
    before = store.snapshot()
    save("2021-P001", title="Le jardin")
    assert before.get("2021-P001").data["title"] == "Un jardin"
    assert store.snapshot(before.commit).get("2021-P001").data["title"] == "Un jardin"
    assert store.snapshot().get("2021-P001").data["title"] == "Le jardin"


def test_after_a_save_only_what_changed_is_read_again(store, save, monkeypatch):
    list(store.snapshot())
    save("2021-P001", title="Le jardin")
    read = []
    original = snapshot.read_file
    monkeypatch.setattr(snapshot, "read_file", lambda *args: read.append(args[1]) or original(*args))
    list(store.snapshot())
    assert read == ["editions/2021/projects/2021-P001.yml"]


def test_a_snapshot_made_from_the_one_before_is_the_same_as_one_made_afresh(store, save):
    list(store.snapshot())
    save("2021-P001", title="Le jardin")
    store.create(Project, "2021-P000", {"title": "Premier"}, author="agent-1", when=WHEN)
    store.trash("2021-0001", author="agent-1", when=WHEN, force=True)
    near, afresh = store.snapshot(), open_store(store.path).snapshot()
    assert told(near) == told(afresh)
    assert list(near.entries.items()) == list(afresh.entries.items())
    assert list(near.paths) == list(afresh.paths)


def test_after_a_restart_nothing_is_parsed_again(store, no_parsing):
    before = told(store.snapshot())
    no_parsing()
    assert told(open_store(store.path).snapshot()) == before


def test_problems_come_back_from_the_cache_with_file_and_line(tmp_path):
    files = {**TOWN, "editions/2021/projects/2021-P003.yml": b"title: x\nvotes: douze\n", "notes.yml": b"a: 1\n"}
    path = make_town(tmp_path / "town.git", files)
    first = open_store(path).snapshot().problems
    again = open_store(path).snapshot().problems
    assert [(problem.file, problem.line, problem.field) for problem in first] == [
        ("editions/2021/projects/2021-P003.yml", 2, "votes"),
        ("notes.yml", None, ""),
    ]
    assert first == again
    assert open_store(path).snapshot().faulty() == {"2021-P003"}


def test_the_same_text_in_two_places_is_two_records(tmp_path):
    text = b"title: Pareil\n"
    files = {"instance.yml": b"schema: 1\n", "articles/a.yml": text, "articles/b.yml": text, "pages/c.yml": text}
    path = make_town(tmp_path / "town.git", files)
    for _time in range(2):
        assert [(record.type_name, record.id) for record in open_store(path).snapshot()][:3] == [
            ("article", "a"),
            ("article", "b"),
            ("instance", "instance"),
        ]


def test_one_identifier_in_two_types_is_a_problem(tmp_path):
    files = {**TOWN, "articles/accueil.yml": b"title: a\n", "pages/accueil.yml": b"title: b\n"}
    snap = open_store(make_town(tmp_path / "town.git", files)).snapshot()
    assert snap.get("accueil").type_name == "article"
    assert [(problem.file, problem.hint) for problem in snap.problems if "déjà pris" in problem.message] == [
        ("pages/accueil.yml", "articles/accueil.yml")
    ]


@pytest.mark.parametrize("damage", ["empty", "rubbish", "cut", "other version", "rubbish rows", "a folder"])
def test_a_cache_in_any_state_is_thrown_away_or_done_without(store, damage):
    expected = told(store.snapshot())
    file = store.cache.path
    if damage == "empty":
        file.write_bytes(b"")
    elif damage == "rubbish":
        file.write_bytes(b"rubbish" * 4000)
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:5000])
    elif damage == "a folder":
        store.cache.throw_away()
        file.mkdir()
    else:
        with sqlite3.connect(file) as connection:
            if damage == "other version":
                connection.execute("UPDATE version SET value = 'old'")
                connection.execute("UPDATE reading SET payload = x'00'")
            else:
                connection.execute("UPDATE reading SET payload = x'c1'")
        connection.close()
    for _time in range(2):
        assert told(open_store(store.path).snapshot()) == expected
    if damage != "a folder":
        assert open_store(store.path).cache.check() == ""


def test_without_a_place_for_the_cache_everything_still_reads(store):
    content = open_store(store.path, cache_folder=store.path / "missing" / "folder")
    assert told(content.snapshot()) == told(store.snapshot())


def test_several_threads_read_and_save_at_once(store):
    failed = []

    def work(number):
        try:
            for turn in range(5):
                fields = {"title": f"{number}-{turn}"}
                store.create(Project, f"2021-P{number}{turn}", fields, author="agent-1", when=WHEN)
                assert store.snapshot().get(f"2021-P{number}{turn}").data == fields
        except Exception as error:  # noqa: BLE001  # told below
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(store.snapshot().of_type(Project)) == 22


def test_unused_readings_are_forgotten_when_tidying(store, save):
    for number in range(5):
        save("2021-P001", title=f"Titre {number}")
        store.snapshot().get("2021-P001")
    store.tidy()
    with sqlite3.connect(store.cache.path) as connection:
        rows = connection.execute("SELECT COUNT(*) FROM reading").fetchone()[0]
    connection.close()
    assert rows <= len(TOWN)
    assert store.snapshot().get("2021-P001").data["title"] == "Titre 4"


def test_a_link_in_the_tree_is_no_record(tmp_path):
    path = make_town(tmp_path / "town.git")
    with GitRepo(path) as repo:
        head = repo.resolve(MAIN)
        blob = NewObject.of("blob", b"/etc/passwd")
        page = NewObject.of("tree", format_tree({"x.yml": Node(0o120000, blob.hash)}))
        root = in_order({**repo.folder(repo.commit(head).tree), "pages": Node(FOLDER, page.hash)})
        tree = NewObject.of("tree", format_tree(root))
        commit = repo.write_commit(tree.hash, [blob, page, tree], [head], "Lien", "agent-1", WHEN)
        repo.compare_and_swap(MAIN, commit, head)
    store = open_store(path)
    assert store.snapshot(head).get("x") is None
    for snap in (store.snapshot(), open_store(path).snapshot()):
        assert snap.get("x") is None
        assert [problem.file for problem in snap.problems] == ["pages/x.yml"]


def test_an_unknown_commit_is_refused(store):
    for revision in ("HEAD", "12" * 20, "main"):
        with pytest.raises(RevisionUnknown):
            store.snapshot(revision)


# ------------------------------------------------------------------------------------------------ folders


@pytest.fixture
def folder(tmp_path):
    for path, content in TOWN.items():
        file = tmp_path / "town" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path / "town"


def test_a_folder_gives_the_same_records_as_the_repository(folder, store):
    assert told(open_content(folder).snapshot()) == told(store.snapshot())


def test_a_folder_is_not_written_to(folder):
    with pytest.raises(ReadOnlyContent):
        open_store(folder)
    with pytest.raises(RevisionUnknown):
        open_content(folder).snapshot("12" * 20)


def test_a_folder_with_a_cache_is_not_parsed_again(folder, tmp_path, no_parsing):
    (tmp_path / "cache").mkdir()
    before = told(open_content(folder, tmp_path / "cache").snapshot())
    no_parsing()
    assert told(open_content(folder, tmp_path / "cache").snapshot()) == before


def test_links_large_files_and_awkward_names_in_a_folder_are_told_or_passed_over(folder, tmp_path):
    secret = tmp_path / "secret.yml"
    secret.write_bytes(b"title: secret\n")
    (folder / "pages").mkdir()
    (folder / "pages" / "lien.yml").symlink_to(secret)
    (folder / "pages" / "boucle").symlink_to(folder)
    (folder / "pages" / "grand.yml").write_bytes(b"title: x\n" + b"# " + b"x" * (1 << 20))
    (folder / "pages" / "a\nb.yml").write_bytes(b"title: y\n")
    (folder / "pages" / "a b.yml").write_bytes(b"title: y\n")
    (folder / ".git").mkdir()
    (folder / ".git" / "config.yml").write_bytes(b"x: 1\n")
    (folder / "pages" / os.fsdecode(b"caf\xe9.yml")).write_bytes(b"title: z\n")
    snap = open_content(folder).snapshot()
    assert [record.id for record in snap if record.type_name == "page"] == []
    problems = {problem.file: problem.message for problem in snap.problems}
    assert problems["pages/lien.yml"].startswith("Ce fichier est un lien")
    assert problems["pages/grand.yml"] == "Le fichier dépasse 1\u00a0Mo."
    assert {"pages/a\nb.yml", "pages/a b.yml", "pages/caf\udce9.yml"} <= problems.keys()
    assert not any(path.startswith(".git") for path in snap.entries)


@pytest.mark.parametrize(
    "make", [lambda path: path, lambda path: path.mkdir() or path, lambda path: path.write_text("x") and path]
)
def test_what_is_neither_is_named(tmp_path, make):
    place = make(tmp_path / "rien")
    with pytest.raises(NotAContentRepository, match="rien"):
        open_content(place)


def test_an_empty_repository_says_that_it_is_empty(tmp_path):
    GitRepo.init_bare(tmp_path / "vide.git").close()
    with pytest.raises(NotAContentRepository, match="vide"):
        open_store(tmp_path / "vide.git").head()


def test_the_cache_knows_its_reader(monkeypatch):
    assert cache.version() == cache.version()
    assert len(cache.version()) == 64
