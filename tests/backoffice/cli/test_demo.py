"""The demonstration: its repository, its accounts, and what `--fresh` may throw away."""

from __future__ import annotations

import datetime as dt
import subprocess

import pytest

from backoffice.cli.demo import MARK, PEOPLE, NotADemonstrationError, copy_town, make_accounts, throw_away
from backoffice.cli.demo_people import CITIZENS, make_people
from backoffice.registry import Registry, accounts, people
from site_builder.shipped import TOWN

NOW = dt.datetime(2026, 5, 4, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def registry(tmp_path):
    opened = Registry(f"sqlite:///{tmp_path / 'registry.sqlite'}")
    yield opened
    opened.close()


def test_the_town_becomes_the_first_commit_of_a_bare_repository(tmp_path):
    town = tmp_path / "town"
    (town / "editions" / "2026").mkdir(parents=True)
    (town / "instance.yml").write_text("name: Belleville\n", encoding="utf-8")
    (town / "editions" / "2026" / "edition.yml").write_text("title: 2026\n", encoding="utf-8")
    (town / ".cache").mkdir()
    (town / ".cache" / "x.yml").write_text("no", encoding="utf-8")
    copy_town(town, tmp_path / "content.git", NOW)
    listed = subprocess.run(
        ["git", "--git-dir", str(tmp_path / "content.git"), "ls-tree", "-r", "--name-only", "main"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert listed.stdout.split() == ["editions/2026/edition.yml", "instance.yml"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content.git", "town"]


def test_each_role_has_an_account_that_the_printed_password_opens(registry, tmp_path):
    printed = make_accounts(registry, tmp_path / MARK, NOW)
    for person in PEOPLE:
        line = next(line for line in printed.splitlines() if person.login in line)
        opened = accounts.verify(registry, person.login, line.split()[1])
        assert opened is not None
        assert opened.role == person.role
    assert (tmp_path / MARK).stat().st_mode & 0o777 == 0o600


def test_a_later_run_prints_the_same_accounts(registry, tmp_path):
    first = make_accounts(registry, tmp_path / MARK, NOW)
    assert make_accounts(registry, tmp_path / MARK, NOW) == first


def test_lost_passwords_are_made_again(registry, tmp_path):
    make_accounts(registry, tmp_path / MARK, NOW)
    (tmp_path / MARK).unlink()
    printed = make_accounts(registry, tmp_path / MARK, NOW)
    password = next(line.split()[1] for line in printed.splitlines() if PEOPLE[0].login in line)
    assert accounts.verify(registry, PEOPLE[0].login, password) is not None


def test_fresh_throws_a_demonstration_away_and_nothing_else(tmp_path):
    mine, demonstration = tmp_path / "mine", tmp_path / "demo"
    for folder in (mine, demonstration):
        folder.mkdir()
        (folder / "content.git").mkdir()
    (demonstration / MARK).touch()
    with pytest.raises(NotADemonstrationError):
        throw_away(mine)
    throw_away(demonstration)
    throw_away(tmp_path / "absent")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_people_of_the_town_are_those_whom_its_records_name_and_stay_erased(registry):
    make_people(registry, NOW)
    named = "".join(path.read_text() for path in (TOWN / "editions").rglob("*.yml"))
    assert [one.id for one in CITIZENS if f"person: {one.id}" not in named] == []
    assert sorted(people.labels(registry).values()) == ["Joël M.", "Suzanne D."]
    people.erase(registry, "p-d09v5r2t", NOW)
    make_people(registry, NOW)
    assert sorted(people.labels(registry).values()) == ["Joël M."]
