"""`laureat backup` and `laureat restore`: the whole way and back, while people work, and everything that goes wrong."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest

from backoffice.backup import making, registry_dump
from backoffice.backup.making import BackupRefused, make
from backoffice.backup.registry_dump import RegistryNotEmpty
from backoffice.backup.restoring import restore
from backoffice.cli.main import main
from backoffice.jobs import queue
from backoffice.registry import Registry, accounts, facts, kept
from backoffice.registry.schema import Person, Table
from participation.records import Project
from participation.store import open_store
from participation.store.doctor import examine
from participation.store.errors import StoreFull
from participation.store.git import MAIN, GitRepo
from participation.store.starting import PlaceTaken
from tests.backoffice.conftest import PASSWORD
from tests.backoffice.town import NOW

KEY = "0" * 64


@pytest.fixture
def office(tmp_path, settings, registry_url):
    """An office with accounts, a person, a job and a publication; its settings and open registry."""
    from dataclasses import replace

    settings = replace(settings, registry=registry_url)
    registry = filled(registry_url)
    open_store(settings.content).publish(author="agent-1", when=NOW)
    yield settings, registry
    registry.close()


def filled(url):
    registry = Registry(url)
    nadia = accounts.create(registry, "nadia@ville.example", "Nadia K.", "editor", PASSWORD, NOW)
    kept.keep(registry, nadia.id, "/gestion/fiche/x", "Titre « à garder »", [("a", "é\n")], "refused", NOW)
    queue.ask(registry, "publish", {"n": 1, "labels": {"p": "Amina"}}, NOW, nadia.id)
    with registry.begin() as transaction:
        day = dt.date(2028, 2, 29)
        transaction.add(Person(id="p-abcdefghjk", name="Amina B.", retain_until=day, created=NOW, updated=NOW))
    return registry


def in_sqlite(settings):
    """The same office, in SQLite."""
    return settings, filled(settings.registry)


def rows_of(registry):
    """Every row of every table but what is noted of the last backup."""
    from sqlalchemy import select

    with registry.read() as transaction:
        return {
            table.name: [
                tuple(row)
                for row in transaction.execute(select(table))
                if table.name != "meta" or row[0] != facts.BACKUP
            ]
            for table in Table.metadata.sorted_tables
        }


def references(path):
    with GitRepo(path) as repo:
        return repo.references()


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_what_was_saved_comes_back_whole_into_either_database(office, tmp_path, request, target):
    from tests import postgres

    settings, registry = office
    made = make(settings, registry, tmp_path / "b.laureat", NOW)
    assert facts.read(registry, facts.BACKUP) == {"at": NOW.isoformat(), "file": str(made.file), "size": made.size}

    def come_back(url):
        restore(made.file, tmp_path / "again", url)
        back = Registry(url or f"sqlite:///{tmp_path / 'again' / 'registry.sqlite'}")
        try:
            assert rows_of(back) == rows_of(registry)
            after = accounts.create(back, "bruno@ville.example", "Bruno", "reader", PASSWORD, NOW)
            assert after.pseudonym == "agent-2"
            assert accounts.verify(back, "nadia@ville.example", PASSWORD) is not None
        finally:
            back.close()

    if target == "sqlite":
        come_back("")
    else:
        with postgres.database(request.getfixturevalue("postgres_server")) as url:
            come_back(url)
    content = tmp_path / "again" / "content.git"
    assert references(content) == references(settings.content)
    assert examine(content, NOW) == []
    assert open_store(content).published().commit == open_store(settings.content).published().commit
    assert (tmp_path / "again" / "secret.key").read_text().strip() == KEY
    assert oct((tmp_path / "again" / "secret.key").stat().st_mode)[-3:] == "600"


def test_the_file_is_for_its_owner_and_nothing_else_is_left(settings, tmp_path):
    settings, registry = in_sqlite(settings)
    made = make(settings, registry, tmp_path / "out" / "b.laureat", NOW)
    registry.close()
    assert oct(made.file.stat().st_mode)[-3:] == "600"
    assert [file.name for file in made.file.parent.iterdir()] == ["b.laureat"]


def test_people_save_while_it_is_made_and_every_record_names_who_is_known(settings, tmp_path):
    settings, registry = in_sqlite(settings)
    store = open_store(settings.content)
    stop, saved = threading.Event(), []

    def work():
        while not stop.is_set():
            number = len(saved)
            with registry.begin() as transaction:
                person = f"p-person{number:04}"
                day = dt.date(2028, 1, 1)
                transaction.add(Person(id=person, name="A", retain_until=day, created=NOW, updated=NOW))
            data = {"title": "x", "owner": {"person": person}}
            saved.append(store.create(Project, f"2024-P5{number:02}", data, author="agent-1", when=NOW).commit)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        files = [make(settings, registry, tmp_path / f"b{number}.laureat", NOW).file for number in range(2)]
    finally:
        stop.set()
        worker.join()
        registry.close()
    for number, file in enumerate(files):
        restore(file, tmp_path / f"again{number}")
        back = Registry(f"sqlite:///{tmp_path / f'again{number}' / 'registry.sqlite'}")
        with back.read() as transaction:
            from sqlalchemy import select

            people = set(transaction.scalars(select(Person.id)))
        back.close()
        records = open_store(tmp_path / f"again{number}" / "content.git").snapshot().of_type(Project)
        named = {record.data["owner"]["person"] for record in records if "owner" in record.data}
        assert named <= people


def test_a_backup_never_takes_the_place_of_another_file(settings, tmp_path):
    settings, registry = in_sqlite(settings)
    (tmp_path / "b.laureat").write_text("precious")
    with pytest.raises(BackupRefused, match="existe déjà"):
        make(settings, registry, tmp_path / "b.laureat", NOW)
    registry.close()
    assert (tmp_path / "b.laureat").read_text() == "precious"


@pytest.fixture
def backup(settings, tmp_path):
    settings, registry = in_sqlite(settings)
    made = make(settings, registry, tmp_path / "b.laureat", NOW)
    registry.close()
    return made.file


def test_nothing_that_is_there_is_overwritten(backup, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("precious")
    with pytest.raises(PlaceTaken):
        restore(backup, tmp_path / "full")
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    filled(other).close()
    with pytest.raises(RegistryNotEmpty, match="pas vide"):
        restore(backup, tmp_path / "again", other)
    assert not (tmp_path / "again").exists()
    assert [path.name for path in tmp_path.glob(".again*")] == []


@pytest.mark.parametrize("part", [making.SEAL, making.MANIFEST, making.CONTENT, making.REGISTRY, making.KEY])
def test_one_changed_byte_of_any_part_is_refused(backup, tmp_path, part):
    with tarfile.open(backup) as packed:
        at = packed.getmember(part).offset_data + packed.getmember(part).size // 2
    data = bytearray(backup.read_bytes())
    data[at] ^= 1
    backup.write_bytes(data)
    with pytest.raises(BackupRefused, match="n’est pas une sauvegarde entière"):
        restore(backup, tmp_path / "again")
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6])
def test_a_file_that_was_cut_off_is_refused(backup, tmp_path, share):
    data = backup.read_bytes()
    backup.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(BackupRefused):
        restore(backup, tmp_path / "again")


def test_names_in_a_file_lead_nowhere(tmp_path):
    evil = tmp_path / "evil.laureat"
    (tmp_path / "x").write_text("x")
    for name in ("../escaped", "/tmp/escaped", "content.git/hooks/post-update"):
        with tarfile.open(evil, "w") as packed:
            packed.add(tmp_path / "x", arcname=name)
        with pytest.raises(BackupRefused):
            restore(evil, tmp_path / "again")
    assert not (tmp_path / "escaped").exists()


def test_a_backup_of_another_version_says_which(backup, tmp_path, monkeypatch):
    monkeypatch.setattr("backoffice.backup.restoring.VERSION", 999)
    with pytest.raises(BackupRefused, match="autre version de Lauréat"):
        restore(backup, tmp_path / "again")


def test_a_full_disk_is_told_and_leaves_nothing(settings, tmp_path):
    """In a process of its own, which may write 140 kB to a file."""
    settings, registry = in_sqlite(settings)
    registry.close()
    with GitRepo(settings.content) as repo:
        head = repo.resolve(MAIN)
        tree, new = repo.build(repo.commit(head).tree, {"media/x.bin": random.Random(1).randbytes(300_000)})
        repo.compare_and_swap(MAIN, repo.write_commit(tree, new, [head], "x", "agent-1", NOW), head)
    script = f"""
import resource, sys
from pathlib import Path
from backoffice.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (140_000, 140_000))
sys.exit(main(["backup", {str(tmp_path / "b.laureat")!r}]))
"""
    done = run(script, settings)
    assert done.returncode == 1
    assert "plus de place sur le disque" in done.stderr
    assert [path.name for path in tmp_path.iterdir() if "b.laureat" in path.name] == []


def run(script, settings):
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env=environment(settings),
    )


def environment(settings):
    key = settings.content.parent / "secret.key"
    if not key.exists():
        key.write_text(KEY)
    return {
        **os.environ,
        "LAUREAT_CONTENT": str(settings.content),
        "LAUREAT_REGISTRY": settings.registry,
        "LAUREAT_SECRET_FILE": str(key),
        "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
    }


# Killed at the moment when a function of ours begins: exact, where a delay would be a guess.
KILLED = """
import os, signal, sys
from backoffice.backup import making, restoring
from backoffice.cli.main import main
def die(*_arguments, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
setattr({module}, {function!r}, die)
main({arguments!r})
"""


@pytest.mark.parametrize("function", ["bundle", "_seal", "_pack", "_read_back"])
def test_a_backup_that_is_killed_leaves_no_file_and_the_next_one_works(settings, tmp_path, function):
    settings, registry = in_sqlite(settings)
    registry.close()
    file = tmp_path / "b.laureat"
    killed = run(KILLED.format(module="making", function=function, arguments=["backup", str(file)]), settings)
    assert (killed.returncode, file.exists()) == (-signal.SIGKILL, False)
    again = Registry(settings.registry)
    make(settings, again, file, NOW)
    again.close()
    assert [path.name for path in tmp_path.iterdir() if "b.laureat" in path.name] == ["b.laureat"]


@pytest.mark.parametrize("function", ["_checked", "unbundle", "_fill"])
def test_a_restore_that_is_killed_leaves_no_folder_and_the_next_one_works(backup, settings, tmp_path, function):
    arguments = ["restore", str(backup), str(tmp_path / "again")]
    killed = run(KILLED.format(module="restoring", function=function, arguments=arguments), settings)
    assert (killed.returncode, (tmp_path / "again").exists()) == (-signal.SIGKILL, False)
    assert restore(backup, tmp_path / "again").rows > 0
    assert [path.name for path in tmp_path.glob(".again*")] == []


def test_both_commands_say_what_they_did(settings, tmp_path, monkeypatch, capsys):
    settings, registry = in_sqlite(settings)
    registry.close()
    for name, value in environment(settings).items():
        if name.startswith("LAUREAT"):
            monkeypatch.setenv(name, value)
    assert main(["backup", str(tmp_path / "b.laureat")]) == 0
    assert main(["restore", str(tmp_path / "b.laureat"), str(tmp_path / "again")]) == 0
    told = capsys.readouterr().out
    assert "rows of the registry" in told
    assert "publish once" in told
    assert main(["restore", str(tmp_path / "b.laureat"), str(tmp_path / "again")]) == 1
    assert "existe déjà et n’est pas vide" in capsys.readouterr().err


def test_the_lines_of_a_registry_are_json_and_say_their_columns(settings, tmp_path):
    _settings, registry = in_sqlite(settings)
    with (tmp_path / "dump").open("w", encoding="utf-8") as out:
        registry_dump.write(registry, out)
    registry.close()
    lines = [json.loads(line) for line in (tmp_path / "dump").read_text(encoding="utf-8").splitlines()]
    tables = [line["table"] for line in lines if isinstance(line, dict)]
    assert set(tables) == set(Table.metadata.tables)


def test_a_content_that_is_missing_is_told(settings, tmp_path):
    from participation.store.errors import NotAContentRepository

    settings, registry = in_sqlite(settings)
    shutil.rmtree(settings.content)
    with pytest.raises(NotAContentRepository):
        make(settings, registry, tmp_path / "b.laureat", NOW)
    registry.close()
    assert not issubclass(NotAContentRepository, StoreFull)
    assert not list(tmp_path.glob(".b*"))
