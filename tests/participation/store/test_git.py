"""The door to git, on real repositories."""

from __future__ import annotations

import datetime as dt
import os
import subprocess

import pytest

from participation.store import process
from participation.store.errors import NotAContentRepository, ReferenceMoved, RevisionUnknown, StoreBusy, StoreDamaged
from participation.store.git import MAIN, Changed, GitRepo, TreeEntry, signature
from participation.store.objects import EMPTY_TREE, hash_of

WHEN = dt.datetime(2024, 5, 12, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))


@pytest.fixture
def bare(tmp_path):
    with GitRepo.init_bare(tmp_path / "town.git") as repo:
        yield repo


def add(repo, changes, parent=None, message="Essai", author="agent-1", move=True):
    tree = repo.commit(parent).tree if parent else EMPTY_TREE
    tree, new = repo.build(tree, changes)
    commit = repo.write_commit(tree, new, [parent] if parent else [], message, author, WHEN)
    if move:
        repo.compare_and_swap(MAIN, commit, parent)
    return commit


def test_a_commit_is_read_back_as_it_was_written(bare):
    first = add(bare, {"a/b.yml": b"un\n"}, message="Première\n\nAction: create")
    second = add(bare, {"a/c.yml": b"deux\n", "d.yml": b"trois\n"}, first)
    commit = bare.commit(second)
    assert commit.parents == (first,)
    assert (commit.author, commit.committer, commit.when) == ("agent-1", "Lauréat", WHEN)
    assert bare.commit(first).message == "Première\n\nAction: create\n"
    assert [entry.path for entry in bare.tree(second)] == ["a/b.yml", "a/c.yml", "d.yml"]
    assert bare.tree(first) == [TreeEntry("a/b.yml", 0o100644, hash_of("blob", b"un\n"))]
    assert bare.resolve(MAIN) == second
    assert bare.fsck() == ""


def test_git_itself_agrees_with_trees_of_awkward_names(bare):
    files = {"a.yml": b"1", "a/b": b"2", "a0": b"3", 'é\n"x': b"4", "caf\udce9": b"5", "-n": b"6"}
    commit = add(bare, files)
    assert bare.fsck() == ""
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "-z", "--name-only", commit], cwd=bare.path, capture_output=True, check=True
    ).stdout
    names = [name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name]
    assert names == [entry.path for entry in bare.tree(commit)]
    bodies = [body for _name, body in bare.blobs(entry.blob for entry in bare.tree(commit))]
    assert dict(zip(names, bodies, strict=True)) == files


def test_removing_the_last_file_of_a_folder_removes_the_folder(bare):
    first = add(bare, {"a/b/c": b"1", "a/d": b"2"})
    second = add(bare, {"a/b/c": None}, first)
    assert [entry.path for entry in bare.tree(second)] == ["a/d"]
    third = add(bare, {"a/d": None}, second)
    assert bare.tree(third) == []
    assert bare.commit(third).tree == EMPTY_TREE


def test_a_file_may_become_a_folder_and_a_folder_a_file(bare):
    first = add(bare, {"a": b"1"})
    second = add(bare, {"a/b": b"2"}, first)
    assert [entry.path for entry in bare.tree(second)] == ["a/b"]
    third = add(bare, {"a": b"3"}, second)
    assert [entry.path for entry in bare.tree(third)] == ["a"]
    assert bare.fsck() == ""


def test_the_difference_of_two_trees_names_each_file_with_both_sides(bare):
    first = add(bare, {"a/b": b"1", "a/c": b"2", "x/y": b"9"})
    second = add(bare, {"a/b": b"3", "a/c": None, "d": b"4"}, first)
    old, new = bare.commit(first).tree, bare.commit(second).tree
    assert list(bare.diff(old, new)) == [
        Changed("a/b", hash_of("blob", b"1"), hash_of("blob", b"3")),
        Changed("a/c", hash_of("blob", b"2"), None),
        Changed("d", None, hash_of("blob", b"4")),
    ]
    assert [(change.new, change.old) for change in bare.diff(old, new)] == [
        (change.old, change.new) for change in bare.diff(new, old)
    ]


def test_looking_up_a_path_reads_only_the_folders_on_the_way(bare):
    commit = add(bare, {"a/b/c": b"1", "d/e": b"2"})
    tree = bare.commit(commit).tree
    node = bare.lookup(tree, "a/b/c")
    assert node is not None
    assert node.hash == hash_of("blob", b"1")
    assert bare.lookup(tree, "a/x/c") is None
    assert bare.lookup(tree, "a/b/c/d") is None


def test_many_objects_go_into_one_pack_and_few_stay_single_files(bare):
    commit = add(bare, {f"d{number % 7}/{number}": b"%d" % number for number in range(1000)})
    assert len(list(bare.path.glob("objects/pack/*.pack"))) == 1
    assert len(bare.tree(commit)) == 1000
    assert sum(1 for _ in bare.blobs(entry.blob for entry in bare.tree(commit))) == 1000
    assert bare.fsck() == ""


def test_leaving_a_stream_half_way_leaves_the_next_answer_right(bare):
    commit = add(bare, {f"{number}": b"%d" % number for number in range(50)})
    hashes = [entry.blob for entry in bare.tree(commit)]
    stream = bare.blobs(hashes)
    next(stream)
    stream.close()
    assert bare.blob(hashes[7]) == next(iter([body for name, body in bare.blobs([hashes[7]])]))


def test_a_reference_moves_only_from_where_it_was_said_to_be(bare):
    first = add(bare, {"a": b"1"})
    second = add(bare, {"a": b"2"}, first, move=False)
    with pytest.raises(ReferenceMoved):
        bare.compare_and_swap(MAIN, second, None)
    with pytest.raises(ReferenceMoved):
        bare.compare_and_swap(MAIN, second, second)
    assert bare.resolve(MAIN) == first
    bare.compare_and_swap(MAIN, second, first)
    assert bare.reflog(MAIN) == [second, first]


@pytest.mark.parametrize(
    "revision", ["HEAD", "main", "", "-h", "--all", "abc123", "A" * 40, "0" * 39, "main:a", "@{u}"]
)
def test_a_revision_is_a_full_hash_or_it_is_unknown(bare, revision):
    add(bare, {"a": b"1"})
    for attempt in (bare.commit, bare.blob, bare.log, bare.folder):
        with pytest.raises(RevisionUnknown):
            attempt(revision)


def test_a_full_hash_of_nothing_is_unknown_too(bare):
    add(bare, {"a": b"1"})
    for attempt in (bare.commit, bare.blob, bare.log):
        with pytest.raises(RevisionUnknown):
            attempt("12" * 20)


@pytest.mark.parametrize("author", ["Jean Dupont", "a@b.fr", "", "x\ny", "<x>", "-x"])
def test_only_pseudonyms_are_authors(author):
    with pytest.raises(ValueError, match="not a pseudonym"):
        signature(author)


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", ".git/config", "a//b", "a/", "./a"])
def test_paths_that_lead_elsewhere_are_not_written(bare, path):
    with pytest.raises(ValueError, match=r".*"):
        bare.build(EMPTY_TREE, {path: b"1"})


def test_a_log_follows_one_path_and_tells_what_changed(bare):
    first = add(bare, {"a": b"1", "b": b"1"})
    second = add(bare, {"b": b"2"}, first)
    third = add(bare, {"a": None}, second, message="Supprimé\n\nAction: trash")
    assert [entry.commit for entry in bare.log(third, "a")] == [third, first]
    assert bare.log(third, "a")[0].changes == (Changed("a", hash_of("blob", b"1"), None),)
    assert [entry.commit for entry in bare.log(third)] == [third, second, first]
    assert [entry.commit for entry in bare.log(third, grep="^Action: trash$", removed=True)] == [third]
    assert [entry.commit for entry in bare.log(third, limit=1, skip=1)] == [second]
    assert bare.log(third, "*") == []


def test_hooks_never_run_and_other_settings_do_not_reach_us(bare, monkeypatch, tmp_path):
    hook = bare.path / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "elsewhere"))
    commit = add(bare, {"a": b"1"})
    assert bare.resolve(MAIN) == commit


def test_tidying_loses_nothing_and_leaves_the_changed_paths(bare):
    head = None
    for number in range(12):
        head = add(bare, {f"d/{number}": b"%d" % number}, head)
    bare.tidy()
    assert bare.fsck() == ""
    assert len(bare.reachable(head)) == 12
    assert list(bare.path.glob("objects/info/commit-graphs/*.graph"))
    assert not list(bare.path.glob("objects/[0-9a-f][0-9a-f]/*"))


def test_a_damaged_object_is_said_and_no_process_is_left(bare):
    commit = add(bare, {"a": b"1"})
    name = hash_of("blob", b"1")
    path = bare.path / "objects" / name[:2] / name[2:]
    path.chmod(0o600)
    path.write_bytes(b"rubbish")
    with pytest.raises(StoreDamaged):
        list(bare.blobs([name]))
    assert name in bare.fsck()
    assert bare.commit(commit).hash == commit


def test_a_folder_that_is_no_repository_is_named(tmp_path):
    with pytest.raises(NotAContentRepository), GitRepo(tmp_path) as repo:
        repo.resolve(MAIN)


def test_a_repository_that_names_its_objects_otherwise_is_named(tmp_path):
    path = tmp_path / "sha256.git"
    subprocess.run(["git", "init", "-q", "--bare", "--object-format=sha256", str(path)], check=True)
    identity = ["-c", "user.name=x", "-c", "user.email=x@x.invalid"]
    tree = (
        subprocess.run(["git", "mktree"], cwd=path, input=b"", capture_output=True, check=True).stdout.decode().strip()
    )
    made = subprocess.run(["git", *identity, "commit-tree", "-m", "x", tree], cwd=path, capture_output=True, check=True)
    subprocess.run(["git", "update-ref", MAIN, made.stdout.decode().strip()], cwd=path, check=True)
    with pytest.raises(NotAContentRepository, match="SHA-256"), GitRepo(path) as repo:
        repo.resolve(MAIN)


def test_a_reference_is_found_however_git_keeps_it(bare):
    commit = add(bare, {"a": b"1"})
    found = [bare.resolve(MAIN)]
    for command in (
        ["pack-refs", "--all"],
        ["symbolic-ref", "refs/heads/other", MAIN],
        ["update-ref", "-d", MAIN],
    ):
        subprocess.run(["git", *command], cwd=bare.path, check=True)
        found += [bare.resolve(MAIN), bare.resolve("refs/heads/other")]
    assert found == [commit, commit, None, commit, commit, None, None]


def test_closing_ends_the_reading_process(bare):
    bare.commit(add(bare, {"a": b"1"}))
    number = bare._reader._process.pid
    bare.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_git_that_does_not_answer_is_not_waited_for_for_ever(bare, monkeypatch, tmp_path):
    commit = add(bare, {"a": b"1"})
    bare.close()
    sleeper = tmp_path / "git"
    sleeper.write_text("#!/bin/sh\nexec sleep 30\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr(process, "program", lambda: str(sleeper))
    monkeypatch.setattr(process, "READ_TIMEOUT", 0.2)
    with pytest.raises(StoreBusy):
        process.run(bare.path, ["fsck"], timeout=0.2)
    with pytest.raises(StoreBusy):
        bare._git("fsck", timeout=0.2)
    monkeypatch.setattr(process.ObjectReader, "close", lambda reader: reader._process.kill() or reader._process.wait())
    with pytest.raises(StoreBusy):
        bare.commit(commit)
