"""Publishing as a whole: the chain of publications and the live site always say the same, whatever happens."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest

from participation.problems import ContentError
from participation.store.errors import ReferenceMoved
from participation.store.git import GitRepo
from participation.store.publications import confirm
from participation.store.store import open_store
from site_builder import publish as publishing_module
from site_builder.publish import NothingPublished, index_search, publish, take_back
from site_builder.releases import Site
from tests.site_builder import publishing
from tests.site_builder.small_town import project

NOW = publishing.NOW
KILLS = int(os.environ.get("LAUREAT_KILLS", "12"))
PAGE = "projets/2026-P001/index.html"


def go(town, place, **more):
    return publish(town.path, place, author="agent-7", when=NOW, processes=1, **more)


def live(place, address=PAGE):
    return (place / "current" / address).read_text()


def test_what_is_saved_is_public_only_when_published(town, place):
    town.commit()
    go(town, place)
    publishing.save(town.path, "Un verger")
    assert "Un verger" not in live(place)
    done = go(town, place)
    assert done.new
    assert "<h1>Un verger</h1>" in live(place)
    assert "Un verger" in live(place, "projets/index.html")


def test_publishing_again_changes_nothing(town, place):
    town.commit()
    first = go(town, place)
    again = go(town, place)
    assert (again.new, again.changed, again.commit) == (False, 0, first.commit)


def test_a_faulty_record_stays_as_published_and_is_named(town, place):
    town.commit()
    go(town, place)
    town.files["editions/2026/projects/2026-P001.yml"] = b"title: Un verger\nbudget_voted: beaucoup\n"
    town.put("project", "2026-P002", project("Un banc"))
    town.commit()
    done = go(town, place)
    assert done.faulty == ("2026-P001",)
    assert [problem.field for problem in done.problems if problem.severity == "error"] == ["budget_voted"]
    assert "<h1>Un jardin</h1>" in live(place)
    assert "<h1>Un banc</h1>" in live(place, "projets/2026-P002/index.html")


def test_a_new_record_that_leads_nowhere_waits(town, place):
    town.commit()
    go(town, place)
    town.put("project", "2026-P002", project("Un banc", zone="nulle-part"))
    town.commit()
    done = go(town, place)
    assert done.faulty == ("2026-P002",)
    assert not (place / "current/projets/2026-P002").exists()


def test_a_record_that_is_held_back_stays_as_published(town, place):
    town.commit()
    go(town, place)
    publishing.save(town.path, "Un verger")
    done = go(town, place, hold_back=["2026-P001"])
    assert (done.new, "Un verger" in live(place)) == (False, False)


def test_a_fault_of_the_instance_leaves_site_and_chain_as_they_were(town, place):
    town.commit()
    first = go(town, place)
    town.files["instance.yml"] = b"schema: 1\ntitle: [\n"
    town.commit()
    before = live(place)
    with pytest.raises(ContentError) as refused:
        go(town, place)
    assert [problem.file for problem in refused.value.problems] == ["instance.yml"]
    assert open_store(town.path).published().commit == first.commit
    assert live(place) == before


def test_an_earlier_publication_comes_back_and_main_keeps_its_work(town, place):
    town.commit()
    go(town, place)
    saved = publishing.save(town.path, "Un verger")
    go(town, place)
    done = take_back(town.path, place, None, author="agent-9", when=NOW)
    assert "<h1>Un jardin</h1>" in live(place)
    assert open_store(town.path).head() == saved
    assert open_store(town.path).published().commit == done.commit
    assert [one.title for one in open_store(town.path).pending(NOW)] == ["Un verger"]
    go(town, place)
    assert "<h1>Un verger</h1>" in live(place)


def test_there_is_nothing_to_take_back_before_the_second_publication(town, place):
    town.commit()
    go(town, place)
    with pytest.raises(NothingPublished):
        take_back(town.path, place, None, author="agent-9", when=NOW)


def test_a_publication_interrupted_before_its_pages_went_live_is_finished_by_the_next(town, place, monkeypatch):
    town.commit()
    go(town, place)
    publishing.save(town.path, "Un verger")

    def confirm_and_die(store, prepared):
        confirm(store, prepared)
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing_module, "confirm", confirm_and_die)
    with pytest.raises(KeyboardInterrupt):
        go(town, place)
    monkeypatch.undo()
    assert "Un verger" not in live(place)
    done = go(town, place)
    assert (done.new, "<h1>Un verger</h1>" in live(place)) == (False, True)


def test_search_finds_what_is_live(town, place):
    town.commit()
    go(town, place)
    assert index_search(place) == ["fr-2026"]
    assert index_search(place) == []
    assert (place / "current/recherche/index/groupes.json").is_file()


def test_killed_at_any_moment_of_saving_and_publishing_nothing_is_lost_or_torn(town, place):
    town.commit()
    go(town, place)
    moments = random.Random(2026)
    version = 1
    for _kill in range(KILLS):
        command = [sys.executable, publishing.__file__, str(town.path), str(place), str(version)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(moments.uniform(0, 0.35))
            process.kill()
            told = [version, *(int(line) for line in process.stdout.read().split())]
        assert "</html>" in live(place)
        # A git command begun before the kill may end after it: what is public is asked of the chain.
        try:
            go(town, place)
        except ReferenceMoved:
            go(town, place)
        store = open_store(town.path)
        title = store.snapshot(store.published().commit).get("2026-P001").data["title"]
        saved = int(title.rpartition(" ")[2])
        assert saved >= max(told)
        with Site.open(place) as site:
            assert site.current().source_commit == store.published().commit
        assert f"<h1>{title}</h1>" in live(place)
        assert list((place / "staging").iterdir()) == []
        version = saved + 1
    with GitRepo(town.path) as repo:
        assert repo.fsck() == ""
