"""A remote that is down, refuses, lies or floods; an exchange that is killed: nothing is lost, nothing is forced."""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
import sys
import threading

import pytest

from participation.store.remote import (
    Remote,
    RemoteDenied,
    RemoteFaulty,
    RemoteRefused,
    RemoteTooLarge,
    RemoteUnreachable,
)
from participation.store.remote_exchange import waiting
from tests.githost import git
from tests.participation.store.conftest import TOWN, make_town

PATH = "editions/2021/projects/2021-P001.yml"


def test_a_remote_that_is_down_keeps_everything_waiting_and_gets_it_later(offices, host):
    one, two = offices
    host.down = True
    one.save(1, title="Un verger")
    one.save(2, title="Un grand verger")
    with pytest.raises(RemoteUnreachable, match="n’a pas pu être joint"):
        one.exchange()
    assert waiting(one.store) == 2
    host.down = False
    one.exchange()
    two.exchange()
    assert two.data()["title"] == "Un grand verger"


def test_a_remote_that_does_not_answer_in_time_is_left(offices, host):
    one, _two = offices
    host.hanging = threading.Event()
    try:
        with pytest.raises(RemoteUnreachable) as late:
            one.exchange(remote=Remote(host.address(), timeout=0.5))
    finally:
        host.hanging.set()
    assert "no end after" in late.value.detail


def test_a_remote_that_refuses_by_its_own_rule_says_so_and_the_saves_wait(offices, host):
    one, _two = offices
    hook = host.folder / "shared.git" / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'Fermé pour travaux' >&2\nexit 1\n")
    hook.chmod(0o755)
    one.save(title="Un verger")
    with pytest.raises(RemoteRefused) as refused:
        one.exchange()
    assert "Fermé pour travaux" in refused.value.detail
    assert waiting(one.store) == 1
    hook.unlink()
    assert one.exchange().sent == 1


def test_a_secret_is_asked_for_given_and_never_an_argument(offices, host):
    one, _two = offices
    host.secret = "office:très secret"
    with pytest.raises(RemoteDenied, match="refuse l’accès"):
        one.exchange()
    one.save(title="Un verger")
    known = Remote(host.address(), secret=host.secret)
    assert one.exchange(remote=known).sent == 1
    assert host.secret not in repr(known)


@pytest.mark.parametrize(
    "address",
    [
        "file:///srv/content.git",
        "/srv/content.git",
        "ext::sh -c touch% /tmp/x",
        "http://example.org/content.git",
        "git://example.org/content.git",
        "https://someone:secret@example.org/content.git",
        "https://-oProxyCommand=x/content.git",
        "ssh://-oProxyCommand=x/content.git",
        "-oProxyCommand=x@host:content.git",
        "--upload-pack=touch /tmp/x",
        "https://example.org/a b.git",
    ],
)
def test_an_address_that_is_no_remote_is_refused(address):
    with pytest.raises(ValueError, match=r"address|password|spaces"):
        Remote(address)


@pytest.mark.parametrize(
    "address",
    ["https://git.example.org/town/content.git", "ssh://git@example.org:2222/content.git", "git@example.org:c/x.git"],
)
def test_addresses_of_git_hosts_are_taken(address):
    assert Remote(address).shown == address


def refused_and_untouched(office, host, error, words="."):
    """The exchange raises `error`; neither side has moved, and nothing of what came lies about."""
    here, there = office.at(), git(host.folder / "shared.git", "rev-parse", "main")
    with pytest.raises(error, match=words) as told:
        office.exchange()
    assert office.at() == here
    assert git(host.folder / "shared.git", "rev-parse", "main") == there
    assert not (office.store.path / "laureat-incoming").exists()
    assert office.data()["title"] == "Un jardin"
    return told.value


def overwrite(host, tmp_path, files):
    """Another content in place of the remote's, by force, as only its owner can."""
    shutil.rmtree(host.folder / "shared.git")
    shared = host.make()
    git(make_town(tmp_path / "other.git", files), "push", "--quiet", str(shared), "main")
    return shared


def commit_in(host, path, content):
    """A commit made by hand on top of the remote's main."""
    shared = host.folder / "shared.git"
    blob = git(shared, "hash-object", "-w", "--stdin", data=content).strip()
    git(shared, "read-tree", "main")
    git(shared, "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    tree = git(shared, "write-tree").strip()
    made = git(shared, "commit-tree", tree, "-p", "main", "-m", "by hand").strip()
    git(shared, "update-ref", "refs/heads/main", made)


def test_another_history_is_refused(offices, host, tmp_path):
    overwrite(host, tmp_path, {**TOWN, "services.yml": b"- id: autre\n  title: Autre\n"})
    refused_and_untouched(offices[0], host, RemoteFaulty, "autre histoire")


def test_a_broken_instance_is_refused(offices, host):
    commit_in(host, "instance.yml", b"title: [")
    refused_and_untouched(offices[0], host, RemoteFaulty, "instance.yml")


def test_a_single_broken_record_is_taken_and_told_like_any_other(offices, host):
    one, _two = offices
    commit_in(host, "editions/2021/projects/2021-P002.yml", b"title: [")
    assert one.exchange().received == 1
    assert [problem.file for problem in one.store.snapshot().problems] == ["editions/2021/projects/2021-P002.yml"]


def test_a_broken_record_that_was_changed_here_too_keeps_ours(offices, host):
    one, _two = offices
    one.save(title="Un verger")
    commit_in(host, PATH, b"title: [")
    one.exchange()
    assert one.data()["title"] == "Un verger"
    assert [clash.kind for _commit, clash in one.clashes] == ["file"]


def test_a_remote_that_went_back_gets_everything_again(offices, host):
    one, two = offices
    start = one.at()
    one.save(title="Un verger")
    one.exchange()
    git(host.folder / "shared.git", "update-ref", "refs/heads/main", start)
    assert two.exchange().received == 0
    one.exchange()
    two.exchange()
    assert two.data()["title"] == "Un verger"


def test_a_remote_that_was_emptied_gets_everything_again(offices, host):
    one, _two = offices
    shutil.rmtree(host.folder / "shared.git")
    shared = host.make()
    one.exchange()
    assert git(shared, "rev-parse", "main").strip() == one.at()


def test_a_remote_that_sends_too_much_is_refused(offices, host):
    import random

    one, _two = offices
    commit_in(host, "media/big.bin", random.Random(1).randbytes(3 << 20))
    one.remote = Remote(host.address(), largest=1 << 20)
    refused_and_untouched(one, host, RemoteTooLarge, "plus de données")


def test_a_file_that_unpacks_to_more_than_can_be_read_is_refused(offices, host):
    commit_in(host, "editions/2021/projects/2021-P009.yml", b"#" * (17 << 20))
    told = refused_and_untouched(offices[0], host, RemoteTooLarge)
    assert "2021-P009.yml" in told.detail


def test_publications_that_are_no_chain_are_refused(offices, host):
    shared = host.folder / "shared.git"
    git(shared, "update-ref", "refs/laureat/published", "main")
    refused_and_untouched(offices[0], host, RemoteFaulty, "chaîne")


def test_a_commit_of_an_impossible_date_is_refused(offices, host):
    shared = host.folder / "shared.git"
    tree = git(shared, "rev-parse", "main^{tree}").strip()
    parent = git(shared, "rev-parse", "main").strip()
    body = (
        f"tree {tree}\nparent {parent}\nauthor x <x@x> 999999999999 +0000\ncommitter x <x@x> 999999999999 +0000\n\nx\n"
    )
    made = git(shared, "hash-object", "-t", "commit", "-w", "--stdin", data=body.encode()).strip()
    git(shared, "update-ref", "refs/heads/main", made)
    refused_and_untouched(offices[0], host, RemoteFaulty, "date impossible")


def test_ssh_asks_nobody_knows_its_host_and_reads_nobodys_settings(tmp_path):
    from participation.store.remote import _environment

    remote = Remote("git@example.org:town.git", key=tmp_path / "my key", known_hosts=tmp_path / "hosts")
    command = shlex.split(_environment(remote)["GIT_SSH_COMMAND"])
    assert command[:3] == ["ssh", "-F", "/dev/null"]
    assert {"-oBatchMode=yes", "-oStrictHostKeyChecking=yes", "-oIdentitiesOnly=yes"} <= set(command)
    assert f"-oUserKnownHostsFile={tmp_path / 'hosts'}" in command
    assert command[command.index("-i") + 1] == str(tmp_path / "my key")


KILLED = """
import os, signal, sys, datetime as dt
from pathlib import Path
from participation.store import open_store, remote_exchange
from participation.store.remote import Remote
def die(*_arguments, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
remote_exchange.{function} = die
remote_exchange.exchange(open_store(Path({path!r})), Remote({address!r}), lambda: dt.datetime.now(dt.UTC))
"""


@pytest.mark.parametrize("function", ["common_ground", "accept", "move", "push", "note"])
def test_an_exchange_that_is_killed_anywhere_is_finished_by_the_next_one(offices, function):
    one, two = offices
    one.save(1, title="Un verger")
    mine = two.save(2, budget_voted="52000")
    one.exchange()
    script = KILLED.format(function=function, path=str(two.store.path), address=two.remote.address)
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGKILL
    two.exchange()
    one.exchange()
    assert one.at() == two.at()
    assert (one.data()["title"], one.data()["budget_voted"]) == ("Un verger", "52000")
    with one.store.repo() as repo:
        assert mine.commit in repo.reachable(one.at())
        assert repo.fsck() == ""
    assert not (two.store.path / "laureat-incoming").exists()
