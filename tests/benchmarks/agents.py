"""Ten agents at once on `laureat serve`: lists, forms, saves and histories, as people who read what they see.

Each agent waits a second between two pages; the agents run on the same two cores as what they ask. Every acknowledged
save is looked for at the end. Then pages are asked as fast as they come, to see whether memory stays flat.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from backoffice.registry import Registry, accounts
from participation.records import Project
from participation.store import open_store
from tests.backoffice.conftest import PASSWORD, fields_of
from tests.benchmarks import repository
from tests.benchmarks.measure import LOAD
from tests.benchmarks.office import LISTS, NOW
from tests.benchmarks.report import Line, seconds

AGENTS = 10
THINKING = (0.5, 1.5)  # seconds between two pages of one agent
LIMITS = {"list": 200, "form": 200, "save": 300, "history": 200}  # ms, 95th percentile
FLAT = 1.1  # times the memory after the first tenth of the requests


class Agent(threading.Thread):
    """One person with an account and records of their own; `times` in seconds, by kind of page."""

    def __init__(self, port: int, number: int, ids: list[str], until: float) -> None:
        super().__init__(daemon=True)
        self.number = number
        self.ids = ids
        self.until = until
        self.times: dict[str, list[float]] = {kind: [] for kind in LIMITS}
        self.acknowledged: dict[str, str] = {}
        self.saves = 0
        self.faults: list[str] = []
        self._chance = random.Random(number)
        self._port = port
        self._cookies: dict[str, str] = {}

    def sign_in(self) -> None:
        """Open the session."""
        token = fields_token(self.ask("connexion")[1])
        login = {"login": f"agent{self.number}@ville.example", "password": PASSWORD, "csrf_token": token}
        status, _page = self.ask("connexion", login)
        if status != 303:
            raise AssertionError(f"sign-in answered {status}")

    def run(self) -> None:
        try:
            while time.monotonic() < self.until:
                self._round()
        except Exception as fault:  # noqa: BLE001  # told at the end: a thread that fell would only look slow
            self.faults.append(repr(fault))

    def _round(self) -> None:
        record_id = self._chance.choice(self.ids)
        self._timed("list", self._chance.choice(LISTS))
        page = self._timed("form", f"fiche/{record_id}")
        words = f"Relue par l’agent {self.number}, {self.saves} fois."
        self._timed("save", f"fiche/{record_id}", fields_of(page) | {"note": words, "csrf_token": fields_token(page)})
        self.acknowledged[record_id] = words
        self.saves += 1
        self._timed("history", f"fiche/{record_id}/historique")

    def _timed(self, kind: str, page: str, form: dict[str, str] | None = None) -> str:
        time.sleep(self._chance.uniform(*THINKING))
        began = time.perf_counter()
        status, answer = self.ask(page, form)
        self.times[kind].append(time.perf_counter() - began)
        if status != (200 if form is None else 303):
            self.faults.append(f"{page}: {status}")
        return answer

    def ask(self, page: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of a page of the office."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self._port}"}
            body = urlencode(form)
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)) as connection:
            connection.request("GET" if form is None else "POST", f"/gestion/{page}", body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _sign, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, text


def fields_token(page: str) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    return found[1] if found else ""


def measure(folder: Path, files: int, commits: int, lasting: float, requests: int) -> Iterator[Line]:
    """The lines of the table: each kind of page, then what was lost, then memory and processes."""
    folder.mkdir()
    content = folder / "content.git"
    repository.make_with_history(content, files, [turn % files for turn in range(commits)])
    registry = Registry(f"sqlite:///{folder / 'registry.sqlite'}")
    for number in range(AGENTS):
        accounts.create(registry, f"agent{number}@ville.example", f"Agent {number}", "editor", PASSWORD, NOW)
    registry.close()
    store = open_store(content)
    ids = sorted(record.id for record in store.snapshot().of_type(Project))[: AGENTS * 20]
    before = commit_count(content)
    with served(folder) as (port, supervisor):
        agents = [Agent(port, number, ids[number::AGENTS], 0.0) for number in range(AGENTS)]
        for agent in agents:
            agent.sign_in()
        until = time.monotonic() + lasting
        for agent in agents:
            agent.until = until
            agent.start()
        for agent in agents:
            agent.join()
        LOAD.note()
        size = f"{files:,} records, {AGENTS} agents at once".replace(",", " ")
        for kind, limit in LIMITS.items():
            times = [one for agent in agents for one in agent.times[kind]]
            worst = statistics.quantiles(times, n=20)[-1] * 1000
            words = f"median {seconds(statistics.median(times))}, {len(times)} asked"
            yield Line(f"{size}: {kind}", words, "95th percentile", worst, limit, unit="ms")
        yield _nothing_lost(agents, content, before)
        yield from _memory(agents, supervisor, requests)


def _nothing_lost(agents: list[Agent], content: Path, before: int) -> Line:
    snapshot = open_store(content).snapshot()
    lost = [
        id for agent in agents for id, words in agent.acknowledged.items() if snapshot.get(id).data["note"] != words
    ]
    saves = sum(agent.saves for agent in agents)
    faults = [fault for agent in agents for fault in agent.faults]
    missing = saves - (commit_count(content) - before)
    wrong = len(lost) + len(faults) + abs(missing)
    note = "; ".join([*faults, *lost][:3])
    return Line("Ten agents: saves lost, answers failed", f"of {saves} saves", "", wrong, 0, unit="", note=note)


def _memory(agents: list[Agent], supervisor: subprocess.Popen[str], requests: int) -> Iterator[Line]:
    """Memory of the web processes after a tenth of the requests and after all of them."""
    family = processes_below(supervisor.pid)
    _pages(agents, requests // 10)
    first = _megabytes(supervisor.pid)
    _pages(agents, requests - requests // 10)
    last = _megabytes(supervisor.pid)
    words = f"{first:.0f} MB, then {last:.0f} MB"
    yield Line(f"Memory of all processes over {requests} requests", words, "", last / first, FLAT)
    yield Line("Processes left over", "", "", len(processes_below(supervisor.pid) - family), 0, unit="")


def _pages(agents: list[Agent], count: int) -> None:
    def ask(agent: Agent) -> None:
        for turn in range(count // len(agents)):
            agent.ask(LISTS[turn % len(LISTS)] if turn % 2 else f"fiche/{agent.ids[turn % len(agent.ids)]}")

    threads = [threading.Thread(target=ask, args=(agent,)) for agent in agents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """`laureat serve` on what lies in `folder`: its port and its supervisor."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "backoffice.cli", "serve", "--port", str(port), "--web", "2"]
    environ = {**os.environ, "LAUREAT_VAR": str(folder)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as supervisor:
        try:
            supervisor.stdout.readline()  # type: ignore[union-attr]  # it is a pipe
            yield port, supervisor
        finally:
            supervisor.terminate()


def commit_count(content: Path) -> int:
    """How many commits of `main` changed a note; others only bring a file into our style before its first save."""
    command = ["git", "-C", str(content), "rev-list", "--count", "--grep=Note de suivi", "refs/heads/main"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def processes_below(pid: int) -> set[int]:
    """The numbers of a process's children, theirs included."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child, *processes_below(child)}
    return found


def _megabytes(pid: int) -> float:
    total = 0
    for one in {pid, *processes_below(pid)}:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{one}/status").read_text())
        total += int(found[1]) if found else 0
    return total / 1024
