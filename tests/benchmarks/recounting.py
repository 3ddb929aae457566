"""A vote counted again by the program of the results page: 100,000 ballots over 340 projects, by both methods.

Node.js runs it, whose engine is that of Chromium; reading the package, hashes and comparison are in it.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from participation.counting.ballot_files import random_ids, write_ballots
from participation.counting.ballots import Ballot, Box
from participation.counting.count import count
from participation.counting.model import CountRule
from participation.counting.package import write_package
from tests.benchmarks.counting import PROJECTS, vote
from tests.benchmarks.measure import run
from tests.benchmarks.report import Line, seconds

BALLOTS = 100_000
LIMIT = 5.0  # seconds
PROGRAM = Path(__file__).with_name("recount_program.mjs")
RULES = {
    "in the order of votes": CountRule(ties=("draw",), seed="4 17 23"),
    "by equal shares": CountRule(method="equal_shares", completion="utilitarian", ties=("draw",), seed="4 17 23"),
}


def measure(folder: Path, ballots: int = BALLOTS) -> Iterator[Line]:
    """The lines of the table; none on a machine without Node.js."""
    node = shutil.which("node")
    if node is None:
        return
    folder.mkdir()
    contest, cast = vote(ballots)
    chance = random.Random(7)
    files = write_ballots(cast, random_ids(len(cast), chance.randbytes), "2024")
    votes = {f"editions/2024/votes/ballots-{number}.csv": data for number, data in enumerate(files)}
    found: dict[Ballot, int] = {}
    for ballot in cast:
        found[ballot] = found.get(ballot, 0) + 1
    box = Box(found)
    size = f"{ballots:,}".replace(",", " ") + f" ballots, {PROJECTS} projects"
    for number, (words, rule) in enumerate(RULES.items()):
        package = folder / f"{number}.zip"
        result = count(rule, contest, box).plain()
        package.write_bytes(write_package("Valmont", "2024", {}, rule, contest, votes, box, result))
        taken = run([node, PROGRAM, package])
        yield Line(
            f"{size}: counted again in JavaScript, {words}",
            seconds(taken.wall),
            "",
            taken.wall,
            LIMIT,
            unit="s",
            note=f"the same result, step by step; {taken.megabytes:.0f} MB",
        )
