"""The table of jobs: one worker each, again after a kill, later and later, not for ever."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from backoffice.expert.views import WORK
from backoffice.jobs import kinds, queue
from backoffice.jobs.queue import LeaseLost
from backoffice.registry import Registry

NOW = dt.datetime(2025, 11, 24, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def registry(registry_url):
    opened = Registry(registry_url)
    yield opened
    opened.close()


def test_jobs_are_taken_in_the_order_they_were_asked_for(registry):
    first = queue.ask(registry, "publish", {"n": 1}, NOW)
    second = queue.ask(registry, "publish", {"n": 2}, NOW)
    assert [queue.lease(registry, NOW).id, queue.lease(registry, NOW).id] == [first.id, second.id]
    assert queue.lease(registry, NOW) is None


def test_a_job_is_not_taken_before_it_is_due(registry):
    queue.ask(registry, "publish", {}, NOW, due=NOW + MINUTE)
    assert queue.lease(registry, NOW) is None
    assert queue.lease(registry, NOW + MINUTE) is not None


def test_a_job_whose_moment_is_to_come_is_planned_and_not_under_way(registry):
    later = queue.ask(registry, "publish", {}, NOW, due=NOW + 2 * MINUTE)
    sooner = queue.ask(registry, "publish", {}, NOW, due=NOW + MINUTE)
    assert queue.running(registry, NOW, "publish") is None
    assert [job.id for job in queue.planned(registry, NOW, "publish")] == [sooner.id, later.id]
    assert queue.running(registry, NOW + MINUTE, "publish").id == sooner.id
    assert [job.id for job in queue.planned(registry, NOW + MINUTE, "publish")] == [later.id]


def test_a_job_asked_for_now_is_taken_though_the_clock_was_set_back_since(registry):
    queue.ask(registry, "publish", {}, NOW)
    planned = queue.ask(registry, "publish", {}, NOW, due=NOW + MINUTE)
    before = NOW - dt.timedelta(days=30)
    assert queue.due(registry, before, "publish")
    assert queue.lease(registry, before) is not None
    assert queue.lease(registry, before) is None
    assert [job.id for job in queue.planned(registry, before, "publish")] == [planned.id]


def test_a_job_that_is_tried_again_later_is_still_under_way(registry):
    queue.ask(registry, "publish", {}, NOW)
    queue.try_again(registry, queue.lease(registry, NOW), NOW, "disque plein")
    assert queue.running(registry, NOW, "publish") is not None
    assert queue.planned(registry, NOW, "publish") == []


def test_a_job_is_cancelled_as_long_as_it_has_not_begun(registry):
    job = queue.ask(registry, "publish", {}, NOW, due=NOW + MINUTE)
    assert queue.cancel(registry, job.id, NOW)
    assert queue.find(registry, job.id).state == "cancelled"
    assert queue.lease(registry, NOW + MINUTE) is None
    assert not queue.cancel(registry, job.id, NOW)
    begun = queue.ask(registry, "publish", {}, NOW)
    queue.lease(registry, NOW)
    assert not queue.cancel(registry, begun.id, NOW)


def test_a_job_that_still_waits_is_not_asked_for_twice(registry):
    assert queue.ask_once(registry, "search", {}, NOW).id == queue.ask_once(registry, "search", {}, NOW).id


def test_progress_and_result_are_read_by_number(registry):
    job = queue.lease(registry, asked(registry))
    queue.tell(registry, job, NOW, 3, 10, "Construction : 3 pages sur 10")
    seen = queue.find(registry, job.id)
    assert (seen.done, seen.total, seen.words) == (3, 10, "Construction : 3 pages sur 10")
    queue.finish(registry, job, NOW, {"pages": 10})
    seen = queue.find(registry, job.id)
    assert (seen.state, seen.result) == ("done", {"pages": 10})


def test_a_job_whose_lease_has_ended_goes_to_another_worker_and_the_first_one_notices(registry):
    first = queue.lease(registry, asked(registry))
    second = queue.lease(registry, NOW + 6 * MINUTE)
    assert second.id == first.id
    with pytest.raises(LeaseLost):
        queue.tell(registry, first, NOW, 1, 2, "")
    with pytest.raises(LeaseLost):
        queue.finish(registry, first, NOW, {})
    queue.finish(registry, second, NOW, {})


def test_a_job_whose_worker_was_killed_is_taken_again_at_once(registry):
    asked(registry)
    code = (
        "import datetime as dt, os, signal, sys\n"
        "from backoffice.jobs import queue\n"
        "from backoffice.registry import Registry\n"
        "queue.lease(Registry(sys.argv[1]), dt.datetime.fromisoformat(sys.argv[2]))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, registry.url, NOW.isoformat()], check=False)
    assert killed.returncode == -9
    again = queue.lease(registry, NOW)
    assert (again.state, again.attempts) == ("running", 2)


def test_a_job_of_a_worker_that_lives_is_left_alone(registry):
    queue.lease(registry, asked(registry))
    assert queue.lease(registry, NOW + dt.timedelta(seconds=30)) is None


def test_a_job_that_fails_is_tried_later_and_later_then_given_up(registry):
    now, delays = asked(registry), []
    for _ in range(queue.MOST_ATTEMPTS):
        job = queue.lease(registry, now)
        queue.try_again(registry, job, now, "le disque est plein")
        seen = queue.find(registry, job.id)
        delays.append((seen.due - now).total_seconds() if seen.state == "waiting" else seen.state)
        now = seen.due
    assert delays == [5, 10, 20, 40, "failed"]
    assert queue.find(registry, job.id).error == "le disque est plein"


def asked(registry) -> dt.datetime:
    """Ask for one job; give the time at which it can be taken."""
    queue.ask(registry, "publish", {}, NOW)
    return NOW


def test_every_kind_of_work_has_words_for_the_expert():
    codes = {value for name, value in vars(kinds).items() if name.isupper() and isinstance(value, str)}
    assert set(WORK) == codes
