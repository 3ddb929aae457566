"""Ten agents at once on `laureat serve`: lists, forms, saves and histories, as people who read what they see.

Each agent waits a second between two pages; the agents run on the same two cores as what they ask. Every acknowledged
save is looked for at the end. Then pages are asked as fast as they come, to see whether memory stays flat.
"""

from __future__ import annotations

import random
import re
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from backoffice.registry import Registry, accounts
from participation.records import Project
from participation.store import open_store
from tests.backoffice.agents import Agent, served
from tests.backoffice.conftest import PASSWORD, fields_of
from tests.benchmarks import repository
from tests.benchmarks.measure import LOAD
from tests.benchmarks.office import LISTS, NOW
from tests.benchmarks.report import Line, seconds

AGENTS = 10
THINKING = (0.5, 1.5)  # seconds between two pages of one agent
LIMITS = {"list": 200, "form": 200, "save": 300, "history": 200}  # ms, 95th percentile
FLAT = 1.1  # times the memory after the first tenth of the requests


class BusyAgent(threading.Thread):
    """An agent at work on records of their own until a moment; `times` in seconds, by kind of page."""

    def __init__(self, port: int, number: int, ids: list[str]) -> None:
        super().__init__(daemon=True)
        self.agent = Agent(port, login(number))
        self.ids = ids
        self.until = 0.0
        self.times: dict[str, list[float]] = {kind: [] for kind in LIMITS}
        self.acknowledged: dict[str, str] = {}
        self.saves = 0
        self.faults: list[str] = []
        self._chance = random.Random(number)

    def run(self) -> None:
        try:
            while time.monotonic() < self.until:
                self._round()
        except Exception as fault:  # noqa: BLE001  # told at the end: a thread that fell would only look slow
            self.faults.append(repr(fault))

    def _round(self) -> None:
        agent, record_id = self.agent, self._chance.choice(self.ids)
        listed = self._chance.choice(LISTS)
        self._timed("list", 200, lambda: agent.ask(listed))
        page = self._timed("form", 200, lambda: agent.ask(f"fiche/{record_id}"))
        words = f"Relue {self.saves} fois."
        form = fields_of(page) | {"note": words}
        self._timed("save", 303, lambda: agent.send(f"fiche/{record_id}", page, form))
        self.acknowledged[record_id] = words
        self.saves += 1
        self._timed("history", 200, lambda: agent.ask(f"fiche/{record_id}/historique"))

    def _timed(self, kind: str, expected: int, ask: Callable[[], tuple[int, str]]) -> str:
        time.sleep(self._chance.uniform(*THINKING))
        began = time.perf_counter()
        status, answer = ask()
        self.times[kind].append(time.perf_counter() - began)
        if status != expected:
            self.faults.append(f"{kind}: {status}")
        return answer


def login(number: int) -> str:
    """The account of an agent."""
    return f"agent{number}@ville.example"


def measure(folder: Path, files: int, commits: int, lasting: float, requests: int) -> Iterator[Line]:
    """The lines of the table: each kind of page, then what was lost, then memory and processes."""
    folder.mkdir()
    content = folder / "content.git"
    repository.make_with_history(content, files, [turn % files for turn in range(commits)])
    registry = Registry(f"sqlite:///{folder / 'registry.sqlite'}")
    for number in range(AGENTS):
        accounts.create(registry, login(number), f"Agent {number}", "editor", PASSWORD, NOW)
    registry.close()
    store = open_store(content)
    ids = sorted(record.id for record in store.snapshot().of_type(Project))[: AGENTS * 20]
    before = commit_count(content)
    with served(folder) as server:
        agents = [BusyAgent(server.port, number, ids[number::AGENTS]) for number in range(AGENTS)]
        for agent in agents:
            agent.agent.sign_in()
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
        yield from _memory(agents, server.supervisor, requests)


def _nothing_lost(agents: list[BusyAgent], content: Path, before: int) -> Line:
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


def _memory(agents: list[BusyAgent], supervisor: subprocess.Popen[str], requests: int) -> Iterator[Line]:
    """Memory of the web processes after a tenth of the requests and after all of them."""
    family = processes_below(supervisor.pid)
    _pages(agents, requests // 10)
    first = _megabytes(supervisor.pid)
    _pages(agents, requests - requests // 10)
    last = _megabytes(supervisor.pid)
    words = f"{first:.0f} MB, then {last:.0f} MB"
    yield Line(f"Memory of all processes over {requests} requests", words, "", last / first, FLAT)
    yield Line("Processes left over", "", "", len(processes_below(supervisor.pid) - family), 0, unit="")


def _pages(agents: list[BusyAgent], count: int) -> None:
    def ask(busy: BusyAgent) -> None:
        for turn in range(count // len(agents)):
            busy.agent.ask(LISTS[turn % len(LISTS)] if turn % 2 else f"fiche/{busy.ids[turn % len(busy.ids)]}")

    threads = [threading.Thread(target=ask, args=(agent,)) for agent in agents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


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
