"""The doctor: what is found, what is mended, and that looking changes nothing."""

from __future__ import annotations

import datetime as dt
import os

import pytest

from participation.store.doctor import RESCUED, examine
from participation.store.errors import NotAContentRepository
from participation.store.git import MAIN, GitRepo

LONG_AGO = (1_700_000_000, 1_700_000_000)
NOW = dt.datetime.now(dt.UTC)


def checks(findings):
    return [(finding.check, finding.mended) for finding in findings]


def test_a_sound_repository_has_no_findings(store, save):
    save("2021-P001", title="Le jardin")
    store.snapshot().get("2021-P001")
    assert examine(store.path, NOW) == []
    assert examine(store.path, NOW, repair=True) == []


def test_old_locks_and_half_written_files_are_found_and_mended(store):
    left = [store.path / name for name in ("index.lock", "refs/heads/main.lock", "objects/tmp_obj_x1")]
    for file in left:
        file.touch()
        os.utime(file, LONG_AGO)
    young = store.path / "packed-refs.lock"
    young.touch()
    assert checks(examine(store.path, NOW)) == [("locks", False), ("locks", False), ("pieces", False)]
    assert all(file.exists() for file in left)
    assert checks(examine(store.path, NOW, repair=True)) == [("locks", True), ("locks", True), ("pieces", True)]
    assert not any(file.exists() for file in left)
    assert young.exists()
    young.unlink()
    assert examine(store.path, NOW) == []


def test_a_save_that_somebody_pushed_away_is_found_and_kept_from_being_forgotten(store, save):
    first = store.head()
    lost = save("2021-P001", title="Le jardin").commit
    with store.repo() as repo:
        repo.compare_and_swap(MAIN, first, lost)
    (finding,) = examine(store.path, NOW)
    assert (finding.check, finding.detail, finding.harmless) == ("saves", lost, False)
    assert checks(examine(store.path, NOW, repair=True)) == [("saves", True)]
    assert examine(store.path, NOW) == []
    with store.repo() as repo:
        assert repo.references()[f"{RESCUED}{lost}"] == lost


def test_damaged_data_is_found_and_left_to_an_expert(store):
    blob = store.snapshot().get("2021-P001").blob
    file = next(iter(store.path.glob(f"objects/{blob[:2]}/{blob[2:]}")))
    file.chmod(0o600)
    file.write_bytes(b"rubbish")
    for repair in (False, True):
        findings = examine(store.path, NOW, repair=repair)
        assert checks(findings) == [("objects", False)]
        assert blob in findings[0].detail


def test_a_damaged_cache_is_thrown_away(store):
    list(store.snapshot())
    store.cache.path.write_bytes(b"rubbish" * 1000)
    assert checks(examine(store.path, NOW)) == [("cache", False)]
    assert checks(examine(store.path, NOW, repair=True)) == [("cache", True)]
    assert examine(store.path, NOW) == []
    assert len(list(store.snapshot())) > 3


def test_an_empty_repository_and_one_without_instance_are_said(tmp_path, store):
    GitRepo.init_bare(tmp_path / "vide.git").close()
    assert checks(examine(tmp_path / "vide.git", NOW)) == [("branch", False)]
    with store.repo() as repo:
        head = store.head()
        tree, new = repo.build(repo.commit(head).tree, {"instance.yml": None})
        commit = repo.write_commit(tree, new, [head], "x", "agent-1", repo.commit(head).when)
        repo.compare_and_swap(MAIN, commit, head)
    assert [finding.message for finding in examine(store.path, NOW)] == ["Le fichier instance.yml manque."]


def test_what_is_no_repository_is_refused(tmp_path):
    with pytest.raises(NotAContentRepository):
        examine(tmp_path, NOW)
