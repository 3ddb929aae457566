"""`laureat publish` where a second person is asked for: the same approvals as in the office, or a clear refusal."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from backoffice.cli import main
from backoffice.registry import Registry, accounts, audit, people
from participation.records import Instance, Project
from participation.store.store import open_store
from tests.backoffice.town import NOW, make_repository
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """A town that is published, and from then on asks for a second person."""
    folder = tmp_path_factory.mktemp("asking")
    repository = make_repository(folder / "content.git")
    main(["publish", str(repository), "--site", str(folder / "site")])
    change(repository, Instance, "instance", "instance.yml", {"second_person": True})
    change(repository, Project, "2024-P007", "editions/2024/projects/2024-P007.yml", {"title": "Pas relu"})
    return folder


def change(repository, kind, record_id, path, data):
    store = open_store(repository)
    store.save(kind, record_id, data, base_blob=store.snapshot().entries[path], author="agent-7", when=NOW)


@pytest.fixture
def town(asking, tmp_path, monkeypatch):
    """A copy with an office of its own, whose registry the settings name."""
    shutil.copytree(asking, tmp_path / "var", symlinks=True)
    monkeypatch.setenv("LAUREAT_VAR", str(tmp_path / "elsewhere"))
    return tmp_path / "var"


@pytest.fixture
def registry(town):
    opened = Registry(f"sqlite:///{town / 'registry.sqlite'}")
    accounts.invite(opened, "boss@ville.example", "Ada", "administrator", NOW)
    accounts.invite(opened, "editor@ville.example", "Rachel", "editor", NOW)
    yield opened
    opened.close()


def publish(town, *more) -> int:
    return main(["publish", str(town / "content.git"), "--site", str(town / "site"), *more])


def live(town) -> str:
    return (town / "site/current/projets/2024-P007/index.html").read_text()


def test_without_the_registry_nothing_is_published_and_the_reason_is_told(town, capsys):
    assert publish(town) == 1
    assert "deuxième personne" in capsys.readouterr().err
    assert "Pas relu" not in live(town)
    assert publish(town, "--without-review", "boss@ville.example") == 1


def test_a_town_without_an_office_waits_for_no_database_to_load(town):
    change(town / "content.git", Instance, "instance", "instance.yml", {"second_person": False})
    program = "import sys; from backoffice.cli import main; main(sys.argv[1:]); print('sqlalchemy' in sys.modules)"
    command = [sys.executable, "-c", program, "publish", town / "content.git", "--site", town / "site"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split()[-1] == "False"
    assert "Pas relu" in live(town)


def test_with_the_registry_what_nobody_approved_stays(town, registry, capsys):
    assert publish(town, "--registry", registry.url) == 1
    assert "approuvée" in capsys.readouterr().err
    assert "Pas relu" not in live(town)


def test_an_administrator_may_go_without_and_the_log_says_so(town, registry, capsys):
    for nobody in ("editor@ville.example", "inconnu@ville.example"):
        assert publish(town, "--registry", registry.url, "--without-review", nobody) == 1
        assert "administration" in capsys.readouterr().err
    assert publish(town, "--registry", registry.url, "--without-review", "boss@ville.example") == 0
    assert "Pas relu" in live(town)
    [event] = audit.latest(registry, 5)
    assert (event.kind, event.account_id) == ("published_unreviewed", 1)
    shown = open_store(town / "content.git").published()
    assert (shown.author, shown.commit[:12]) == ("agent-1", event.subject)


def test_the_registry_of_the_settings_is_found_for_its_own_content(town, registry, monkeypatch):
    monkeypatch.setenv("LAUREAT_VAR", str(town))
    person = dict.fromkeys(people.FIELDS, "") | {"name": "Amina Benkacem", "public_label": "Amina B."}
    person |= {"consent_on": NOW.date(), "retain_until": NOW.date(), "minor": False}
    amina = people.add(registry, person, NOW)
    path = "editions/2024/projects/2024-P007.yml"
    change(town / "content.git", Project, "2024-P007", path, {"owner": {"person": amina.id}})
    assert publish(town, "--without-review", "boss@ville.example") == 0
    assert "Amina B." in live(town)
    assert subprocess.run(["git", "-C", town / "content.git", "grep", "Amina", "main"], check=False).returncode == 1
