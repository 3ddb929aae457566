"""When something fails, a sentence says what happened and nothing typed or saved is lost; the worker goes on."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from backoffice import worker
from backoffice.app import create_app
from backoffice.jobs import queue
from backoffice.jobs.kinds import MAINTENANCE, PUBLISH
from backoffice.registry import Registry
from backoffice.services import KEY
from backoffice.settings import SettingError, Settings, secret_keys
from participation.store.errors import StoreBusy, StoreFull
from tests.backoffice.conftest import Browser, fields_of
from tests.backoffice.town import NOW

PROJECT = "/gestion/fiche/2024-P007"


@pytest.mark.parametrize(("failure", "words"), [(StoreFull("d"), "plus de place"), (StoreBusy("d"), "en cours")])
def test_a_disk_that_refuses_is_told_in_words_and_what_was_typed_comes_back(browser_of, monkeypatch, failure, words):
    browser = browser_of("editor")
    pairs = fields_of(browser.get(PROJECT).text)

    def refuse(*_arguments, **_more):
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr("participation.store.saving.commit", refuse)
        answer = browser.post(PROJECT, pairs | {"summary": "Longuement rédigé"})
    assert answer.status_code == 503
    assert words in answer.text
    assert answer.headers["Retry-After"] == "10"
    assert fields_of(browser.get(f"{PROJECT}?reprendre=1").text)["summary"] == "Longuement rédigé"


def test_an_unknown_fault_shows_a_reference_that_is_in_the_log(browser_of, monkeypatch, caplog):
    browser = browser_of("editor")
    pairs = fields_of(browser.get(PROJECT).text)

    def broken(*_arguments, **_more):
        raise RuntimeError("a bug with a secret path /etc/secret")

    with monkeypatch.context() as patch:
        patch.setattr("participation.store.saving.save", broken)
        answer = browser.post(PROJECT, pairs | {"summary": "Longuement rédigé"})
    reference = re.search(r"<code>([0-9a-f]{8})</code>", answer.text)[1]
    assert answer.status_code == 500
    assert reference in caplog.text
    assert "secret" not in answer.text
    assert "Ce que vous aviez saisi est gardé" in answer.text


def test_a_content_that_is_gone_is_a_page_that_says_so(browser_of, settings):
    browser = browser_of("editor")
    shutil.rmtree(settings.content)
    answer = browser.get("/gestion/liste/project")
    assert answer.status_code == 503
    assert "n’est pas un dépôt" in answer.text
    assert browser.get("/gestion/sante").json == {"status": "failing", "registry": True, "content": False}
    assert browser.client.get("/gestion/connexion").status_code == 200


def test_a_request_that_is_too_large_is_refused(browser_of):
    browser = browser_of("editor")
    answer = browser.post(PROJECT, {"note": "x" * 5_000_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path", ["fiche/9999-P001", "fiche/nulle-part", "fiche/1999", "liste/budget", "nouveau/budget", "x"]
)
def test_what_does_not_exist_is_a_page_with_a_way_back(browser_of, path):
    answer = browser_of("editor").get(f"/gestion/{path}")
    assert answer.status_code == 404
    assert 'href="/gestion/"' in answer.text


def test_a_worker_that_is_killed_is_followed_by_one_that_finishes_its_job(settings):
    registry = Registry(settings.registry)
    queue.ask(registry, PUBLISH, {}, NOW)
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from backoffice import worker\n"
        "from backoffice.settings import Settings\n"
        "worker.run(Settings(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], secret_key='0' * 64))\n"
    )
    command = [sys.executable, "-c", code, str(settings.content), str(settings.site), settings.registry]
    process = subprocess.Popen(command)
    until = time.monotonic() + 60
    while time.monotonic() < until and queue.running(registry, NOW, PUBLISH).state != "running":
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    job = queue.running(registry, NOW, PUBLISH)
    assert job.state == "running"
    assert worker.step(settings, registry)
    assert queue.find(registry, job.id).state == "done"
    assert (settings.site / "current" / "index.html").is_file()
    registry.close()


def test_a_worker_that_is_asked_to_stop_ends_well(settings):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from backoffice import worker\n"
        "from backoffice.settings import Settings\n"
        "worker.run(Settings(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], secret_key='0' * 64))\n"
    )
    command = [sys.executable, "-c", code, str(settings.content), str(settings.site), settings.registry]
    process = subprocess.Popen(command)
    registry = Registry(settings.registry)
    until = time.monotonic() + 60
    while time.monotonic() < until and queue.last_finished(registry, MAINTENANCE) is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    registry.close()


def test_a_job_that_meets_a_full_disk_is_tried_again_later(settings, monkeypatch):
    registry = Registry(settings.registry)
    job = queue.ask(registry, PUBLISH, {}, NOW)

    def refuse(*_arguments, **_more):
        raise StoreFull("d")

    monkeypatch.setattr("site_builder.publish.publish", refuse)
    worker.step(settings, registry, lambda: NOW)
    seen = queue.find(registry, job.id)
    assert (seen.state, seen.attempts) == ("waiting", 1)
    assert "plus de place" in seen.error
    registry.close()


def test_four_agents_at_once_lose_nothing(app):
    """Several threads of one process, each with its own record, as one web process has them."""
    import threading

    failures = []

    def agent(role: str, page: str) -> None:
        browser = Browser(app)
        browser.sign_in(role)
        for votes in range(5):
            name = "summary"
            answer = browser.post(page, fields_of(browser.get(page).text) | {name: f"Passage {votes}"})
            if answer.status_code != 303:
                failures.append((role, page, answer.status_code))

    pages = ("2024-P007", "2024-P012", "2026-0050", "2026-0052")
    roles = ("editor", "publisher", "administrator", "editor")
    threads = [
        threading.Thread(target=agent, args=(role, f"/gestion/fiche/{record_id}"))
        for role, record_id in zip(roles, pages, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    store = app.extensions[KEY].content.store
    assert [store.snapshot().get(record_id).data["summary"] for record_id in pages] == ["Passage 4"] * 4
    saved = [version for record_id in pages for version in store.history(record_id) if version.action == "save"]
    assert len(saved) == 20


# ---------------------------------------------------------------------------------------------------- settings


def test_settings_are_read_from_the_environment_and_the_key_is_made_once(tmp_path):
    environ = {"LAUREAT_VAR": str(tmp_path), "LAUREAT_SESSION_HOURS": "3", "LAUREAT_HTTPS": "oui"}
    first, second = Settings.from_environment(environ), Settings.from_environment(environ)
    assert first == second
    assert (first.session_hours, first.https, first.content) == (3, True, tmp_path / "content.git")
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert first.secret_key not in repr(first)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LAUREAT_SESSION_HOURS", "douze"),
        ("LAUREAT_SESSION_HOURS", "0"),
        ("LAUREAT_PROXIES", "-1"),
        ("LAUREAT_HTTPS", "peut-être"),
        ("LAUREAT_BASE_PATH", "/"),
    ],
)
def test_a_setting_that_cannot_be_understood_names_its_variable(tmp_path, name, value):
    with pytest.raises(SettingError, match=name):
        Settings.from_environment({"LAUREAT_VAR": str(tmp_path), name: value})


def test_a_key_that_is_too_short_is_refused(tmp_path):
    (tmp_path / "key").write_text("court", "ascii")
    with pytest.raises(SettingError, match="too short"):
        secret_keys(tmp_path / "key")


def test_behind_a_proxy_the_address_of_the_visitor_counts_and_cookies_are_secure(settings):
    from dataclasses import replace

    app = create_app(replace(settings, proxies=1, https=True), lambda: NOW)
    answer = app.test_client().get(
        "/gestion/connexion",
        headers={"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "ville.example"},
    )
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age")
    app.extensions[KEY].registry.close()
