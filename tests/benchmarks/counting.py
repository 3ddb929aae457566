"""A vote of a large city: 340 projects, counted in the order of votes and by equal shares, beside pabutools.

Whole processes, start and reading of the file included; the winners must be the same.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from participation.counting.ballots import Ballot, Box, approval, judge
from participation.counting.model import Candidate, Contest, CountRule
from participation.counting.pabulib_export import write_pabulib
from participation.counting.tally import tally
from tests.benchmarks.measure import Run, run
from tests.benchmarks.report import Line, seconds

PROJECTS = 340
FASTER = 1 / 20
META = {
    "description": "generated",
    "country": "France",
    "unit": "Valmont",
    "instance": "2024",
    "rule": "equalshares",
    "date_begin": "2024",
    "date_end": "2024",
    "currency": "EUR",
}


def vote(ballots: int) -> tuple[Contest, list[Ballot]]:
    """A vote in which some projects are far better known than others; three to ten choices a ballot."""
    chance = random.Random(7)
    ids = [f"2024-P{number:03}" for number in range(PROJECTS)]
    candidates = {id: Candidate(id, chance.randrange(5, 400) * 100_000, id) for id in ids}
    known = [1 / (1 + place) ** 0.6 for place in range(PROJECTS)]
    choices = chance.choices(ids, weights=known, k=ballots * 10)
    made = [approval(set(choices[place * 10 : place * 10 + chance.randrange(3, 11)])) for place in range(ballots)]
    return Contest(sum(one.cost for one in candidates.values()) // 4, candidates), made


def measure(folder: Path, ballots: int) -> Iterator[Line]:
    """The lines of the table."""
    folder.mkdir()
    file, size = written(folder / "vote.pb", ballots)
    greedy = _counted("greedy", file, folder)
    yield Line(f"{size}: counted in the order of votes", seconds(greedy.wall), note=f"{greedy.megabytes:.0f} MB")
    shares, theirs = (_counted(method, file, folder) for method in ("equal_shares", "pabutools"))
    if (folder / "equal_shares").read_text("utf-8") != (folder / "pabutools").read_text("utf-8"):
        raise RuntimeError("equal shares and pabutools have different winners")
    yield Line(
        f"{size}: counted by equal shares",
        seconds(shares.wall),
        f"pabutools: {seconds(theirs.wall)}",
        shares.wall / theirs.wall,
        FASTER,
        note=f"the same winners; {shares.megabytes:.0f} MB, pabutools {theirs.megabytes:.0f} MB",
    )


def written(file: Path, ballots: int) -> tuple[Path, str]:
    """A vote of so many ballots as a Pabulib file, and its size in words."""
    contest, cast = vote(ballots)
    box: dict[Ballot, int] = {}
    for ballot in cast:
        box[ballot] = box.get(ballot, 0) + 1
    rule = CountRule()
    counts = tally(judge(Box(box), rule, contest), rule)
    numbered = ((str(number), ballot) for number, ballot in enumerate(cast))
    file.write_bytes(write_pabulib(META, contest, "approval", numbered, counts))
    return file, f"{ballots:,}".replace(",", " ") + f" ballots, {PROJECTS} projects"


def _counted(method: str, file: Path, folder: Path) -> Run:
    return run([sys.executable, "-m", "tests.benchmarks.count_program", method, file, folder / method])
