"""What only PostgreSQL can get wrong: opening by URL, several at once, values that it refuses and SQLite takes."""

from __future__ import annotations

import threading

import pytest

from backoffice.jobs import queue
from backoffice.registry import Registry, accounts, attempts, facts, kept
from backoffice.registry.database import RegistryError
from backoffice.registry.schema import VERSION, Meta
from tests import postgres
from tests.backoffice.test_registry import NOW, PASSWORD


@pytest.fixture
def url(postgres_server):
    with postgres.database(postgres_server) as made:
        yield made


def in_threads(count, work):
    """What `work(number)` gave or raised, all begun together."""
    start, results = threading.Barrier(count), [None] * count

    def run(number):
        start.wait()
        try:
            results[number] = work(number)
        except Exception as fault:  # noqa: BLE001 -- compared by the test
            results[number] = fault

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_processes_that_start_together_make_the_tables_once(url):
    opened = in_threads(4, lambda _number: Registry(url))
    try:
        assert [type(one) for one in opened] == [Registry] * 4
        with opened[0].read() as transaction:
            assert transaction.get_one(Meta, "version").value == str(VERSION)
    finally:
        for one in opened:
            one.close()


@pytest.fixture
def registry(url):
    opened = Registry(url)
    yield opened
    opened.close()


def test_a_job_is_taken_by_one_of_many_workers(registry):
    for _number in range(5):
        queue.ask(registry, "publish", {}, NOW)
    taken = in_threads(8, lambda _number: queue.lease(registry, NOW))
    assert sorted(job.id for job in taken if job is not None) == [1, 2, 3, 4, 5]


def test_accounts_made_at_the_same_moment_all_get_a_pseudonym(registry):
    made = in_threads(
        6, lambda number: accounts.invite(registry, f"a{number}@ville.example", "A", "editor", NOW).pseudonym
    )
    assert sorted(made) == [f"agent-{number}" for number in range(1, 7)]


def test_one_form_kept_by_two_requests_at_once_is_kept_once(registry):
    person = accounts.create(registry, "nadia@ville.example", "Nadia", "editor", PASSWORD, NOW)
    in_threads(4, lambda number: kept.keep(registry, person.id, "/x", "T", [("a", str(number))], "refused", NOW))
    assert len(kept.mine(registry, person.id)) == 1


def test_failures_at_the_same_moment_are_all_counted(registry):
    in_threads(6, lambda _number: attempts.failed(registry, "a@b", "10.0.0.1", NOW))
    assert attempts.wait(registry, "a@b", "10.0.0.2", NOW) > 0


def test_characters_that_no_text_of_postgresql_may_hold_open_nothing(registry):
    assert accounts.verify(registry, "a\x00b@ville.example", "x\x00") is None
    assert attempts.wait(registry, "a\x00b", "10.0.0.1", NOW) == 0


def test_facts_are_written_over(registry):
    facts.write(registry, facts.REMOTE, {"failures": 1})
    facts.write(registry, facts.REMOTE, {"failures": 2})
    assert facts.read(registry, facts.REMOTE) == {"failures": 2}


def test_a_server_that_does_not_answer_is_told_without_the_password(tmp_path):
    with pytest.raises(RegistryError, match="ne s’ouvre pas") as refused:
        Registry(f"postgresql://laureat:geheim@/x?host={tmp_path}")
    assert "geheim" not in str(refused.value)
