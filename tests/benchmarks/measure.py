"""Measuring whole processes: wall time, processor time, peak memory of the largest process, load of the machine."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

# A process inherits the peak memory of the one that starts it, so a small one starts the one that is measured.
STARTER = """
import json, os, sys, time
began = time.perf_counter()
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_pid, status, used = os.wait4(pid, 0)
wall = time.perf_counter() - began
found = {"code": os.waitstatus_to_exitcode(status), "wall": wall,
         "cpu": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024}
with open(sys.argv[1], "w") as file:
    json.dump(found, file)
"""
LIMIT = 1_200  # seconds: something is wrong with a run that lasts longer


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds on the wall, of processor (children included), megabytes of the largest process."""

    wall: float
    cpu: float
    megabytes: float


class Load:
    """The load averages seen while measuring: what else the machine did."""

    def __init__(self) -> None:
        self.seen: list[float] = []

    def note(self) -> None:
        """Look now."""
        self.seen.append(os.getloadavg()[0])

    def __str__(self) -> str:
        low, middle, high = min(self.seen), statistics.median(self.seen), max(self.seen)
        return f"{low:.1f} at least, {middle:.1f} in the middle, {high:.1f} at most"


LOAD = Load()


def run(command: Sequence[str | Path]) -> Run:
    """Run a command to its end and measure it; what it prints is shown only when it fails."""
    program = shutil.which(str(command[0]))
    if program is None:
        raise FileNotFoundError(command[0])
    LOAD.note()
    # An installation keeps compiled modules; without them each start would compile the whole program.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.NamedTemporaryFile("r", suffix=".json") as result:
        arguments = [sys.executable, "-I", "-S", "-c", STARTER, result.name, program, *map(str, command[1:])]
        done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=LIMIT, check=True)
        found = json.load(result)
    if found.pop("code"):
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout[-3_000:]}\n{done.stderr[-3_000:]}")
    return Run(**found)


def median(values: Iterable[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def paired(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of runs that stood side by side: steadier than a ratio of medians on a busy machine."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def workplace() -> str | None:
    """Where to measure: memory where there is some, so that no disk is measured; None for the usual place."""
    shared = Path("/dev/shm")
    return str(shared) if os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 4e9 else None
