"""`laureat serve` as an administrator runs it: real processes, real signals, one loopback port."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from backoffice.cli.demo import copy_town
from backoffice.cli.processes import CannotListenError, Listening, check_free
from site_builder.shipped import TOWN
from tests.serving import free_port

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are found through /proc")


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def served(port, tmp_path):
    """The supervisor, once it has said where it serves."""
    copy_town(TOWN, tmp_path / "content.git", dt.datetime(2026, 5, 4, tzinfo=dt.UTC))
    environment = {**os.environ, "LAUREAT_VAR": str(tmp_path)}
    command = [sys.executable, "-m", "backoffice.cli", "serve", "--port", str(port), "--web", "1"]
    with (tmp_path / "log").open("w") as log:
        started = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=log, start_new_session=True
        )
    try:
        assert started.stdout is not None
        first = started.stdout.readline()
        assert first == f"Public site  http://127.0.0.1:{port}/\n", (tmp_path / "log").read_text()
        yield started
    finally:
        if started.poll() is None:
            started.terminate()
        started.wait(PATIENCE)
        started.stdout.close()


def answer(port: int, path: str) -> int:
    """The status of a page."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as page:
            return page.status
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code


def children(pid: int) -> set[int]:
    """Processes started by that one."""
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def eventually(holds, *arguments) -> bool:
    """True as soon as it holds, False when it never does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if holds(*arguments):
            return True
        time.sleep(0.1)
    return False


def gone(pids: set[int]) -> bool:
    """None of them runs: absent, or ended and not yet waited for by whoever inherited it."""
    return not any(alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def spawned(supervisor: subprocess.Popen[str]) -> list[int]:
    """Web master and worker, in the order in which they were started."""
    return sorted(pid for pid in children(supervisor.pid) if "spawn_main" in name_of(pid))


def test_health_answers_and_a_signal_stops_every_process_in_good_order(served, port):
    assert answer(port, "/gestion/sante") == 200
    family = set(spawned(served))
    assert len(family) == 2
    served.send_signal(signal.SIGTERM)
    assert served.wait(PATIENCE) == 0
    assert eventually(gone, family)


def test_a_fallen_worker_is_started_again_while_pages_are_answered(served, port):
    web, worker = spawned(served)
    os.kill(worker, signal.SIGKILL)
    assert answer(port, "/gestion/sante") == 200
    assert eventually(lambda: len(spawned(served)) == 2 and worker not in spawned(served))
    assert web in spawned(served)


def test_fallen_web_processes_end_the_whole(served):
    web, worker = spawned(served)
    os.kill(web, signal.SIGKILL)
    assert served.wait(PATIENCE) == 1
    assert eventually(gone, {worker})


def test_a_killed_supervisor_leaves_nothing_behind(served):
    family = set(spawned(served))
    served.kill()
    served.wait(PATIENCE)
    assert eventually(gone, family)


def test_a_port_that_is_taken_is_told_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotListenError, match=f"Cannot listen on 127.0.0.1:{port}"):
            check_free(Listening(port=port))
