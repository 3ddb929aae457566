"""The table: one line for each thing measured, its limit beside it, and the conditions above it."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import LOAD


@dataclass(frozen=True, slots=True)
class Line:
    """One thing measured. `value` is compared with `limit` (at most); without one it is only told."""

    what: str
    ours: str
    against: str = ""
    value: float | None = None
    limit: float | None = None
    goal: float | None = None
    unit: str = "×"
    note: str = ""

    @property
    def verdict(self) -> str:
        """`goal`, `ok` or `MISSED`."""
        if self.value is None or self.limit is None:
            return ""
        if self.value > self.limit:
            return "MISSED"
        return "ok, goal met" if self.goal is not None and self.value <= self.goal else "ok"

    def cells(self) -> list[str]:
        """As a row of the table."""
        value = "" if self.value is None else _figure(self.value, self.unit)
        limit = "" if self.limit is None else _figure(self.limit, self.unit)
        if self.goal is not None:
            limit += f" (goal {_figure(self.goal, self.unit)})"
        return [self.what, self.ours, self.against, value, limit, self.verdict, self.note]


def _figure(value: float, unit: str) -> str:
    if unit == "×":
        return f"{value:.3f} ×" if value < 0.1 else f"{value:.2f} ×"
    return f"{value:,.0f} {unit}".replace(",", " ")


HEADINGS = ["What", "Lauréat", "Measured against", "Result", "At most", "Verdict", "Note"]


def seconds(value: float) -> str:
    """`2.71 s`, `24 ms`."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def conditions(hugo: str, place: str | None, rounds: str) -> list[str]:
    """What somebody needs to know who compares these figures with others."""
    git = subprocess.run(["git", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    model = next(
        (line.partition(":")[2].strip() for line in _cpuinfo().splitlines() if line.startswith("model name")),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    today = dt.datetime.now(dt.UTC).date().isoformat()
    machine = (
        f"- {today}; {os.cpu_count()} cores ({model}), {memory:.0f} GiB; {platform.system()}, "
        f"Python {platform.python_version()}, {git}, {hugo}."
    )
    return [
        machine,
        f"- Files in {'memory (' + place + ')' if place else 'the folder for temporary files'}; {rounds}",
        f"- Load of the machine while measuring (1 would be one busy core, our own work included): {LOAD}.",
    ]


def _cpuinfo() -> str:
    path = Path("/proc/cpuinfo")
    return path.read_text("utf-8") if path.is_file() else ""


def markdown(title: str, above: Sequence[str], lines: Sequence[Line]) -> str:
    """The whole report."""
    table = [f"| {' | '.join(HEADINGS)} |", f"|{' --- |' * len(HEADINGS)}"]
    table += [f"| {' | '.join(line.cells())} |" for line in lines]
    return "\n".join([f"# {title}", "", *above, "", *table, ""])


def show(line: Line) -> None:
    """Print a line as soon as it is known."""
    what, ours, against, value, limit, verdict, note = line.cells()
    print(f"{what:58} {ours:>10} {against:>22} {value:>10}  {limit:24} {verdict} {note}".rstrip(), flush=True)
