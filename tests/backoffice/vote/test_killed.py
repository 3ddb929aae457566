"""A process killed in the middle of typing: sums are those of the lines, and no line that was answered is lost."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys

from backoffice.registry import Registry, accounts, tallies
from tests.backoffice.town import NOW

TYPIST = """
import datetime as dt, sys
from backoffice.registry import Registry, tallies
registry, entry = Registry(sys.argv[1]), int(sys.argv[2])
def apply(figures, line, sign):
    figures["valid"] = figures.get("valid", 0) + sign
for number in range(10_000):
    tallies.add(registry, entry, str(number), {"choices": []}, apply, dt.datetime.now(dt.UTC))
    print(number, flush=True)
"""


def test_no_line_that_was_answered_is_lost_by_a_kill(tmp_path):
    url = f"sqlite:///{tmp_path / 'registry.sqlite'}"
    registry = Registry(url)
    made = accounts.create(registry, "a@ville.example", "A", "editor", "une phrase assez longue", NOW)
    entry = tallies.start(registry, "2026-V001", 1, "ballots", made, NOW)
    with subprocess.Popen(
        [sys.executable, "-c", TYPIST, url, str(entry.id)], stdout=subprocess.PIPE, text=True
    ) as typist:
        answered = [int(typist.stdout.readline()) for _line in range(25)]
        typist.send_signal(signal.SIGKILL)
        answered += [int(line) for line in typist.stdout if line.endswith("\n")]
    found = tallies.entry(registry, "2026-V001", 1)
    lines = tallies.everything(registry, entry.id)
    assert {str(number) for number in answered} <= {line.key for line in lines}
    assert found.figures["valid"] == found.lines == len(lines)
    registry.close()


def test_old_entries_are_forgotten_with_their_lines(tmp_path):
    registry = Registry(f"sqlite:///{tmp_path / 'registry.sqlite'}")
    made = accounts.create(registry, "a@ville.example", "A", "editor", "une phrase assez longue", NOW)
    entry = tallies.start(registry, "2026-V001", 1, "ballots", made, NOW)
    tallies.add(registry, entry.id, "1", {"choices": []}, _nothing, NOW)
    tallies.forget_old(registry, NOW + dt.timedelta(days=400))
    assert tallies.entry(registry, "2026-V001", 1) is None
    assert tallies.everything(registry, entry.id) == []
    registry.close()


def _nothing(_figures, _line, _sign) -> None:
    """A line that changes no sum."""
