"""A vote counted again by the program of the results page: 100,000 ballots over 340 projects, by both methods.

Chromium runs it in a worker as the page does; reading the package, hashes and comparison are in it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from participation.counting.ballot_files import random_ids, write_ballots
from participation.counting.ballots import Ballot, Box
from participation.counting.count import count
from participation.counting.model import CountRule
from participation.counting.package import write_package
from tests.benchmarks.counting import PROJECTS, vote
from tests.benchmarks.measure import LOAD
from tests.benchmarks.report import Line, seconds
from tests.browser import chromium
from tests.conftest import ROOT
from tests.serving import served_folder

BALLOTS = 100_000
LIMIT = 5.0  # seconds
BUNDLE = ROOT / "themes" / "default" / "bundled" / "recompte.js"
WORKED = """address => new Promise((found, failed) => {
    const worker = new Worker('recompte.js', {type: 'module'});
    worker.onerror = failed;
    worker.onmessage = ({data}) => { if (!data.stage) found(data); };
    worker.postMessage({address});
})"""
RULES = {
    "in the order of votes": CountRule(ties=("draw",), seed="4 17 23"),
    "by equal shares": CountRule(method="equal_shares", completion="utilitarian", ties=("draw",), seed="4 17 23"),
}


def measure(folder: Path, ballots: int = BALLOTS) -> Iterator[Line]:
    """The lines of the table; the browser is started before, and reads the package from loopback."""
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>x</title>", "utf-8")
    (folder / "recompte.js").write_bytes(BUNDLE.read_bytes())
    contest, cast = vote(ballots)
    chance = random.Random(7)
    files = write_ballots(cast, random_ids(len(cast), chance.randbytes), "2024")
    votes = {f"editions/2024/votes/ballots-{number}.csv": data for number, data in enumerate(files)}
    found: dict[Ballot, int] = {}
    for ballot in cast:
        found[ballot] = found.get(ballot, 0) + 1
    box = Box(found)
    size = f"{ballots:,}".replace(",", " ") + f" ballots, {PROJECTS} projects"
    with sync_playwright() as playwright, served_folder(folder) as address:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        for number, (words, rule) in enumerate(RULES.items()):
            result = count(rule, contest, box).plain()
            package = write_package("Valmont", "2024", {}, rule, contest, votes, box, result)
            (folder / f"{number}.zip").write_bytes(package)
            taken = recounted(browser, address, f"{number}.zip")
            yield Line(
                f"{size}: counted again in a browser, {words}",
                seconds(taken),
                "",
                taken,
                LIMIT,
                unit="s",
                note="the same result, step by step",
            )
        browser.close()


def recounted(browser: Browser, address: str, package: str) -> float:
    """Seconds of the worker for one package; RuntimeError when its result is not the one announced."""
    LOAD.note()
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/index.html")
        answer = page.evaluate(WORKED, f"{address}/{package}")
    if answer.get("failed") or answer["found"]["changed"] or answer["found"]["difference"]:
        raise RuntimeError(f"not the same result: {answer}"[:500])
    return float(answer["seconds"])
