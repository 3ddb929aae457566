"""Two stores with one remote: what is saved on either arrives on both, is merged by field, and is never forced."""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
import sys
import threading

import pytest

from participation.problems import LaureatError
from participation.records import Idea, Project
from participation.store import open_store
from participation.store.git import MAIN, PUBLISHED
from participation.store.remote import (
    Remote,
    RemoteDenied,
    RemoteFaulty,
    RemoteRefused,
    RemoteTooLarge,
    RemoteUnreachable,
)
from participation.store.remote_exchange import exchange, waiting
from tests.githost import GitHost, git
from tests.participation.store.conftest import TOWN, WHEN, later, make_town

PATH = "editions/2021/projects/2021-P001.yml"


@pytest.fixture
def host(tmp_path):
    (tmp_path / "host").mkdir()
    with GitHost(tmp_path / "host").serving() as serving:
        serving.make()
        yield serving


class Office:
    """A store with its remote."""

    def __init__(self, path, host, series=0):
        self.store = open_store(path)
        self.remote = Remote(host.address(), timeout=30)
        self.clashes = []
        self.series = series

    def exchange(self, **more):
        def keep(commit, clashes):
            self.clashes = [one for one in self.clashes if one[0] != commit] + [(commit, one) for one in clashes]

        return exchange(self.store, more.pop("remote", self.remote), lambda: WHEN, keep)

    def save(self, minutes=0, record_id="2021-P001", **fields):
        blob = self.store.snapshot().get(record_id).blob
        author = f"agent-{self.series}"
        return self.store.save(Project, record_id, fields, base_blob=blob, author=author, when=later(minutes))

    def data(self, record_id="2021-P001"):
        return self.store.snapshot().get(record_id).data

    def at(self, reference=MAIN):
        with self.store.repo() as repo:
            return repo.resolve(reference)


@pytest.fixture
def offices(tmp_path, host):
    """Two offices that start from the same content, which the remote has too."""
    one = make_town(tmp_path / "one.git")
    two = shutil.copytree(one, tmp_path / "two.git")
    first, second = Office(one, host, 1), Office(two, host, 2)
    first.exchange()
    second.exchange()
    return first, second


def test_what_one_office_saves_appears_in_the_other(offices):
    one, two = offices
    one.save(title="Un verger")
    assert waiting(one.store) == 1
    sent, received = one.exchange(), two.exchange()
    assert (sent.sent, received.received, waiting(one.store)) == (1, 1, 0)
    assert two.data()["title"] == "Un verger"
    assert one.at() == two.at()


def test_an_exchange_with_nothing_to_say_asks_once_and_writes_nothing(offices, host):
    one, _two = offices
    before = one.at()
    host.requests.clear()
    done = one.exchange()
    assert (done.sent, done.received, one.at()) == (0, 0, before)
    assert all("receive-pack" not in line for line in host.requests)


def test_different_fields_of_one_record_are_merged_without_a_question(offices):
    one, two = offices
    mine = one.save(1, title="Un verger")
    other = two.save(2, budget_voted="52000")
    one.exchange()
    two.exchange()
    one.exchange()
    assert one.at() == two.at()
    assert (one.data()["title"], one.data()["budget_voted"]) == ("Un verger", "52000")
    assert one.clashes == two.clashes == []
    with two.store.repo() as repo:
        assert {mine.commit, other.commit} <= set(repo.reachable(two.at()))


def test_a_field_changed_on_both_sides_keeps_the_first_value_and_both_are_asked_about(offices):
    one, two = offices
    one.save(1, title="Un verger")
    two.save(2, title="Une mare", budget_voted="52000")
    one.exchange()
    two.exchange()
    [(commit, clash)] = two.clashes
    assert (clash.kind, clash.record_id, clash.fields) == ("fields", "2021-P001", ("title",))
    assert two.data()["title"] == "Un verger"
    assert two.data()["budget_voted"] == "52000"
    assert commit == two.at()
    with two.store.repo() as repo:
        assert b"Une mare" in repo.blob(clash.ours)
        assert b"Un verger" in repo.blob(clash.theirs)


def test_the_history_of_a_merged_record_tells_both_sides_and_who_they_were(offices):
    one, two = offices
    start = one.at()
    base = one.store.snapshot().entries[PATH]
    one.save(1, title="Un verger")
    two.save(2, budget_voted="52000")
    one.exchange()
    two.exchange()
    versions = two.store.history("2021-P001")
    assert [version.action for version in versions][:3] == ["merge", "save", "save"]
    told = two.store.sentences(versions)
    assert told[0] == ["Réunion de ce que deux machines avaient enregistré en même temps."]
    last = two.store.last_changes("2021-P001", ["title", "budget_voted"])
    assert {name: version.author for name, version in last.items()} == {"title": "agent-1", "budget_voted": "agent-2"}
    authors = two.store.authors_since(two.at(), {PATH: base})
    assert set(authors[PATH]) == {"laureat", "agent-1", "agent-2"}
    assert start != two.at()


def test_the_version_that_gave_way_is_in_the_history_of_the_record(offices):
    one, two = offices
    one.save(1, title="Un verger")
    other = two.save(2, title="Une mare")
    one.exchange()
    two.exchange()
    versions = two.store.history("2021-P001")
    assert [version.author for version in versions][:2] == ["agent-2", "agent-1"]
    assert other.commit in [version.commit for version in versions]
    assert two.store.sentences(versions)[0] == ["Le titre passe de «\u00a0Un jardin\u00a0» à «\u00a0Une mare\u00a0»."]
    assert two.store.last_changes("2021-P001", ["title"])["title"].author == "agent-1"


def test_a_record_removed_here_and_changed_there_stays_and_is_asked_about(offices):
    one, two = offices
    one.save(title="Un verger")
    two.store.trash("2021-P001", author="agent-2", when=WHEN, force=True)
    one.exchange()
    two.exchange()
    assert two.data()["title"] == "Un verger"
    assert [one.kind for _commit, one in two.clashes] == ["removed_here"]
    one.store.trash("2021-P002", author="agent-1", when=WHEN, force=True)
    two.save(record_id="2021-P002", title="Des bancs verts")
    one.exchange()
    two.exchange()
    assert two.data("2021-P002")["title"] == "Des bancs verts"
    assert [one.kind for _commit, one in two.clashes][1:] == ["removed_there"]


def test_two_new_records_of_one_number_are_not_mixed(offices):
    one, two = offices
    one.store.create(Idea, "2021-0009", {"title": "Une mare", "summary": "ici"}, author="agent-1", when=WHEN)
    two.store.create(Idea, "2021-0009", {"title": "Un mur", "need": "là"}, author="agent-2", when=WHEN)
    one.exchange()
    two.exchange()
    assert two.data("2021-0009") == {"title": "Une mare", "summary": "ici"}
    assert [(one.kind, one.record_id) for _commit, one in two.clashes] == [("created", "2021-0009")]


def test_services_are_merged_one_by_one(offices):
    from participation.records import Service

    one, two = offices
    for office, name in ((one, "eau"), (two, "parcs")):
        office.store.create(Service, name, {"title": name.title()}, author=f"agent-{office.series}", when=WHEN)
    one.exchange()
    two.exchange()
    assert [service.id for service in two.store.snapshot().of_type(Service)] == ["voirie", "eau", "parcs"]
    assert two.clashes == []


def test_saves_on_both_sides_at_once_are_all_there_in_the_end(offices):
    one, two = offices
    saved, faults = [], []

    def work(office):
        try:
            for number in range(4):
                name = f"2021-P{office.series}{number:02}"
                done = office.store.create(Project, name, {"title": name}, author=f"agent-{office.series}", when=WHEN)
                saved.append(done.commit)
                saved.append(office.save(number, votes=str(100 * office.series + number)).commit)
                office.exchange()
        except LaureatError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    one.exchange()
    two.exchange()
    one.exchange()
    assert one.at() == two.at()
    with one.store.repo() as repo:
        assert set(saved) <= set(repo.reachable(one.at()))
    assert len(saved) == 16
    assert all(one.store.snapshot().get(f"2021-P{series}{number:02}") for series in (1, 2) for number in range(4))


# ------------------------------------------------------------------------------------------------ publications


def test_what_one_office_publishes_is_public_in_the_other(offices):
    one, two = offices
    made = one.store.publish(author="agent-1", when=WHEN)
    one.exchange()
    assert two.exchange().public_moved
    assert two.store.published().commit == made.commit


def test_what_both_published_is_one_chain(offices):
    one, two = offices
    first = one.store.publish(author="agent-1", when=WHEN)
    one.exchange()
    two.exchange()
    one.save(1, title="Un verger")
    two.save(2, record_id="2021-P002", title="Des bancs verts")
    mine = one.store.publish(author="agent-1", when=later(3), reviewed_by=["agent-7"])
    other = two.store.publish(author="agent-2", when=later(4), reviewed_by=["agent-8"])
    one.exchange()
    two.exchange()
    one.exchange()
    assert one.at(PUBLISHED) == two.at(PUBLISHED)
    chain = two.store.publications()
    assert [link.commit for link in chain][1:] == [mine.commit, first.commit]
    assert chain[0].reviewed_by == ("agent-7", "agent-8")
    public = two.store.snapshot(chain[0].commit)
    assert (public.get("2021-P001").data["title"], public.get("2021-P002").data["title"]) == (
        "Un verger",
        "Des bancs verts",
    )
    with two.store.repo() as repo:
        assert other.commit in repo.reachable(two.at(PUBLISHED))
    assert two.store.pending(later(5)) == []


def test_what_was_taken_back_on_one_side_stays_taken_back(offices):
    one, two = offices
    one.store.publish(author="agent-1", when=WHEN)
    one.save(1, title="Un nom à ne pas dire")
    one.store.publish(author="agent-1", when=later(1))
    one.exchange()
    two.exchange()
    one.save(2, title="Un nom à ne pas dire, corrigé")
    one.store.publish(author="agent-1", when=later(3))
    two.store.rollback(author="agent-2", when=later(4))
    one.exchange()
    two.exchange()
    latest = two.store.published()
    assert two.store.snapshot(latest.commit).get("2021-P001").data["title"] == "Un jardin"


# ------------------------------------------------------------------------------------------------ difficult remotes


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
