"""A town far from Paris: what is typed, what is shown and what day it is are its own."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest

from backoffice import town_time, worker
from backoffice.jobs import queue
from backoffice.services import KEY
from participation.records import Article, Idea
from participation.values import in_zone, town_zone, zone_info
from participation.yamltext.reader import read_file
from tests.backoffice.conftest import fields_of
from tests.backoffice.town import FILES, NOW, make_repository

LATE = dt.datetime(2025, 11, 24, 21, 30, tzinfo=dt.UTC)  # the 25th at 1:30 in La Réunion, still the 24th in Paris


@pytest.fixture(scope="session")
def far_repository(tmp_path_factory):
    """The small town, in the Indian Ocean."""
    files = FILES | {"instance.yml": FILES["instance.yml"] + "timezone: Indian/Reunion\n"}
    return make_repository(tmp_path_factory.mktemp("far") / "content.git", files)


@pytest.fixture
def settings(settings, far_repository):
    shutil.rmtree(settings.content)
    shutil.copytree(far_repository, settings.content)
    return settings


@pytest.fixture
def store(app):
    return app.extensions[KEY].content.store


def test_the_day_is_the_day_of_the_town(browser_of, clock):
    clock.now = LATE
    editor = browser_of("editor")
    assert "mardi 25\u00a0novembre 2025" in editor.get("/gestion/").text
    form = fields_of(editor.get("/gestion/fiche/2026-0050").text)
    assert form["etat.date"] == "25/11/2025"


def test_a_step_is_late_once_its_last_day_is_over_in_the_town(browser_of, clock, store):
    clock.now = dt.datetime(2025, 12, 31, 21, 30, tzinfo=dt.UTC)
    assert "1 jour de retard" in browser_of("editor").get("/gestion/").text


def test_a_moment_typed_in_a_form_is_kept_and_shown_by_the_clocks_of_the_town(browser_of, store):
    editor = browser_of("editor")
    page = editor.get("/gestion/nouveau/article").text
    sent = fields_of(page) | {"title": "Le vote ouvre", "date": "24/11/2025", "visible_from": "01/12/2025 08:00"}
    saved = editor.post("/gestion/nouveau/article", sent)
    key = saved.location.rpartition("/")[2]
    assert store.snapshot().get(key).data["visible_from"] == "2025-12-01T08:00:00+04:00"
    assert fields_of(editor.get(f"/gestion/fiche/{key}").text)["visible_from"] == "01/12/2025 08:00"
    assert [one.title for one in store.snapshot().of_type(Article)] == ["Le vote ouvre"]


def test_history_and_embargoes_are_told_by_the_clocks_of_the_town(browser_of, store):
    idea = store.snapshot().get("2026-0050")
    rows = [*idea.data["status"], {"state": "admissible", "date": "2025-11-24", "visible_from": "2025-12-01T05:00:00Z"}]
    store.save(Idea, idea.id, {"status": rows}, base_blob=idea.blob, author="agent-1", when=NOW)
    editor = browser_of("editor")
    told = editor.get("/gestion/fiche/2026-0050/historique").text
    assert ">13\u00a0h</time>" in told
    assert "1er\u00a0décembre 2025, 9\u00a0h" in editor.get("/gestion/fiche/2026-0050").text


def test_what_a_save_brings_along_has_the_day_of_the_town(browser_of, store, clock):
    clock.now = LATE
    idea = store.snapshot().get("2026-0050")
    rows = [{"state": state, "date": "2025-11-20"} for state in ("submitted", "admissible", "in_study", "feasible")]
    store.save(Idea, idea.id, {"status": rows}, base_blob=idea.blob, author="agent-1", when=NOW)
    editor = browser_of("editor")
    page = editor.get("/gestion/nouveau/project?depuis=2026-0050").text
    editor.post("/gestion/nouveau/project", fields_of(page))
    last = store.snapshot().get("2026-0050").data["status"][-1]
    assert last == {"state": "on_ballot", "date": "2025-11-25", "role": "agent"}


def test_a_file_without_an_offset_means_the_same_for_everybody():
    article = b'title: Le vote ouvre\nvisible_from: "2025-12-01 08:00"\n'
    with in_zone(zone_info("Indian/Reunion")):
        found = read_file(article, "articles/2025-A001.yml").records
    assert [one.data["visible_from"] for one in found] == ["2025-12-01T08:00:00+01:00"]


def test_one_request_leaves_nothing_of_its_town_to_the_next(browser_of):
    browser_of("editor").get("/gestion/")
    assert town_zone().key == "Europe/Paris"


def test_a_job_knows_the_day_of_the_town(app, settings, monkeypatch):
    registry = app.extensions[KEY].registry
    seen = []

    def look(work):
        seen.append(town_time.day_of(work.clock()).isoformat())
        return {}

    monkeypatch.setitem(worker.KINDS, "look", look)
    queue.ask(registry, "look", {}, LATE)
    worker.step(settings, registry, lambda: LATE)
    assert seen == ["2025-11-25"]
    assert town_zone().key == "Europe/Paris"


def test_a_town_whose_content_cannot_be_read_still_has_an_hour(app, settings, browser_of):
    editor = browser_of("editor")
    shutil.rmtree(settings.content)
    assert editor.get("/gestion/").status_code in (500, 503)
    assert town_zone().key == "Europe/Paris"
