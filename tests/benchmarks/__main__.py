"""`make bench`: everything that the README says about speed, measured in one session, in a table with its limits.

QUICK=1 takes some three minutes instead of fifteen: fewer rounds, no 50,000 records, no search. A ratio is only ever
between runs of one session.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import agents, building, counting, hugo_program, measure, office, report, storing
from tests.benchmarks.building import EVENT, PROJECT, Town
from tests.benchmarks.measure import median
from tests.benchmarks.report import Line, seconds
from tests.browser import chromium

ROOT = Path(__file__).parent.parent.parent
SIZES, LARGEST = (1_500, 10_000), 50_000
MOST_TIMES = 6  # 50,000 records may take that many times the 10,000
TITLE = "Benchmarks"
MIX = (
    "- Generated content: 80 % projects, 15 % ideas (half of them linked with a project), 5 % events (most of them "
    "linked with a project) in ten editions, 20 zones and 8 themes; some 20 fields and 200 words a record; a bare Git "
    "repository for Lauréat, Markdown files with YAML front matter for Hugo.\n"
    "- Hugo makes the same kinds of pages from the same fields: records, lists of 50 by theme, zone, edition and state,"
    " months, calendars, site map; the shell through `partialCached`, no minifying. A comment makes its pages as heavy "
    "as ours.\n"
    "- Whole processes, start included, one after the other in each round (Hugo, cold, nothing changed, warm, one "
    "change); times are medians, ratios are medians of the ratios within a round. Processor time counts both processes "
    "of a build; memory is that of the largest one. Search and what "
    "else is made after the pages are timed apart.\n"
    "- Cold: no cache of records or pages; shells (by MkDocs) and compiled templates, made once per installation, are "
    "there. Warm: a new folder, with the cache by blob."
)


def main() -> int:
    """Measure, print, write the report; exit code 1 when a limit was missed."""
    quick = os.environ.get("QUICK", "") not in {"", "0"}
    os.chdir(ROOT)
    began = time.monotonic()
    hugo = hugo_program.program()
    place = measure.workplace()
    lines = []
    with tempfile.TemporaryDirectory(prefix="laureat-bench-", dir=place) as work:
        for line in everything(Path(work), hugo, quick=quick):
            report.show(line)
            lines.append(line)
    rounds = "one or two counted rounds" if quick else "three counted rounds and more"
    above = [*report.conditions(hugo_program.version(hugo), place, f"{rounds}, after one that is not counted."), MIX]
    target = ROOT / "var" / "bench" / "quick.md" if quick else ROOT / "docs" / "benchmarks.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(report.markdown(TITLE, above, lines), "utf-8")
    minutes = (time.monotonic() - began) / 60
    print(f"\n{minutes:.1f} minutes; load of the machine: {measure.LOAD}. Written to {target.relative_to(ROOT)}.")
    return 1 if any(line.verdict == "MISSED" for line in lines) else 0


def everything(work: Path, hugo: Path, *, quick: bool) -> Iterator[Line]:
    """All lines, each as soon as it is known."""
    towns = {}
    padding = -1
    for count, rounds in zip(SIZES, (2, 1) if quick else (5, 3), strict=True):
        town = towns[count] = Town(work / str(count), count, hugo)
        town.make()
        if padding < 0:
            padding = building.calibrate(town)
            building.take_padding(town, padding)
            first = town.cold(installed=False).wall
            yield Line("1 500 records: the first build of an installation, shells and templates too", seconds(first))
        else:
            town.cold()
            building.take_padding(town, padding)
            town.with_hugo()
        town.publish()
        for _round in range(rounds):
            town.round(changes=True)
        yield from building.lines(town)
        yield from building.derived(town, pictures=count == SIZES[0])
    if not quick:
        yield from largest(work, hugo, towns[10_000])
    commits = 2_000 if quick else 10_000
    yield from storing.measure(work / "store", 10_000, commits, 3 if quick else 9)
    yield from office.measure(work / "office", 10_000, 2 if quick else 8)
    lasting, requests = (15, 1_000) if quick else (60, 10_000)
    yield from agents.measure(work / "agents", 10_000, commits, lasting, requests)
    yield from counting.measure(work / "count", 20_000 if quick else 200_000)
    if quick:
        return
    if chromium.find() is None:
        yield Line("Recount, search and paint: not measured, there is no Chromium here", "")
    else:
        from tests.benchmarks import painting, recounting, searching

        yield from recounting.measure(work / "recount", 100_000)
        yield from painting.measure(work / "paint", 5)
        yield from searching.measure(work / "search", 10_000)


def largest(work: Path, hugo: Path, town: Town) -> Iterator[Line]:
    """50,000 records against 10,000, of the same session; and a change that goes live among them."""
    large = Town(work / str(LARGEST), LARGEST, hugo)
    large.make(with_hugo=False)
    before = town.cold().wall
    cold = large.cold()
    after = town.cold().wall
    yield Line(
        "50 000 records: full build, no cache",
        seconds(cold.wall),
        f"10 000: {seconds(median((before, after)))}",
        cold.wall / median((before, after)),
        MOST_TIMES,
        note=f"{cold.megabytes:.0f} MB",
    )
    large.publish()
    for _round in range(3):
        large.one_change()
        town.one_change()
    for name in (PROJECT, EVENT):
        mine, its = (median(one.walls(name)[-3:]) for one in (large, town))
        words = f"50 000 records: {'a project' if name == PROJECT else 'an event'}’s change goes live"
        yield Line(words, seconds(mine), f"10 000: {seconds(its)}", mine / its)


if __name__ == "__main__":
    sys.exit(main())
